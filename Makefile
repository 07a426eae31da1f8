# The way in: `make run` starts the whole bot, `make test` runs every test, `make check` every other gate.
PORT ?= 8080
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

.PHONY: install run test faults check texts lock clean

install: .venv/installed

run: install
	$(BIN)/lotse demo --port $(PORT)

.venv/installed: requirements/run.txt requirements/build.txt pyproject.toml hatch_build.py $(wildcard locales/*/LC_MESSAGES/*.po)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements/build.txt -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

.venv/tested: .venv/installed requirements/test.txt
	$(PIP) install --require-hashes -r requirements/test.txt
	touch $@

test: .venv/tested
	$(BIN)/python tests/run.py

faults: .venv/tested
	LOTSE_TESTS_KILLS=200 LOTSE_TESTS_MESSAGES=10000 $(BIN)/python -m pytest -q -s tests/faults

check: .venv/tested
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/lotse check
	$(BIN)/python tests/gates.py

texts: .venv/tested
	$(BIN)/pybabel -q extract --no-location --sort-output --add-comments=Translators --keywords=N_ --project=lotse --version= -o locales/lotse.pot bot
	for folder in locales/*/; do \
		name=$$(basename $$folder); \
		$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap -l $${name%@*} -i locales/lotse.pot -o $$folder/LC_MESSAGES/lotse.po; \
	done

lock:
	$(COMPILE) requirements/build.in -o requirements/build.txt
	$(COMPILE) pyproject.toml -c requirements/build.txt -o requirements/run.txt
	$(COMPILE) pyproject.toml --extra test -c requirements/run.txt -c requirements/build.txt -o requirements/test.txt

clean:
	rm -rf .venv build dist
