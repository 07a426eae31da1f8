"""The chat page: files that lie beside this one, sent as they are."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).with_name("page")
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    # Nothing but this server's own files: the page works without any network.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def routes() -> list[web.RouteDef]:
    """The page at `/` and its parts below `/page/`."""
    return [web.get("/", _index), web.get("/page/{name}", _part)]


async def _index(_: web.Request) -> web.Response:
    return _file("index.html")


async def _part(request: web.Request) -> web.Response:
    return _file(request.match_info["name"])


def _file(name: str) -> web.Response:
    parts = {path.name: path for path in _FOLDER.iterdir() if path.suffix in _TYPES}
    if name not in parts:
        raise web.HTTPNotFound
    path = parts[name]
    return web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8", headers=_HEADERS)
