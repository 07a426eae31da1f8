# The image of Lotse: everything is installed and compiled in the first stage; the second only runs it.
# Both share one base, so that the virtual environment finds its interpreter; docs/operating.md tells how to pin it.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements/build.txt requirements/run.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/build.txt \
 && python -m venv /opt/lotse \
 && /opt/lotse/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/lotse/bin/pip install --no-cache-dir --no-deps /wheels/*.whl
# The knowledge is checked and compiled once, here, with its gazetteer, into the package, where it is looked for first: a container starts
# at once and needs no writable cache.
WORKDIR /
RUN /opt/lotse/bin/lotse check \
 && /opt/lotse/bin/python -c "from bot.library.current import current; \
    from bot.library.shipped import PACKAGE, shipped; \
    current(shipped('knowledge'), PACKAGE / '_shipped' / 'library')"

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 lotse \
 && useradd --uid 10001 --gid lotse --no-create-home --home-dir /data --shell /usr/sbin/nologin lotse \
 && install --directory --owner=lotse --group=lotse --mode=0700 /data
COPY --from=build /opt/lotse /opt/lotse
ENV PATH=/opt/lotse/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/tmp \
    LOTSE_DATABASE_URL=sqlite:////data/lotse.db \
    LOTSE_LISTEN=0.0.0.0:8443
VOLUME /data
WORKDIR /data
USER 10001:10001
EXPOSE 8443
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8443/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["lotse"]
CMD ["run"]
