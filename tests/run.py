"""Runs every test under coverage: `make test`. Arguments are handed to pytest.

pytest itself prints what was skipped and why (`-ra`). Fails when a test fails, when rules and use cases of the field
are covered too little, and, where LOTSE_TESTS_STRICT is set, when anything was skipped. Only this process is measured:
tracing the processes that tests start would slow them down, and they reach hardly a line that the tests do not.
"""

import io
import os
import sys
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = ["bot/domain/*", "bot/services/*", "bot/search/*"]
CORE_PERCENT = 95.0


class Skips:
    """A pytest plugin that counts every test and every module that was skipped."""

    def __init__(self):
        self.count = 0

    def pytest_runtest_logreport(self, report):
        self.count += report.skipped and not hasattr(report, "wasxfail")

    def pytest_collectreport(self, report):
        self.count += report.skipped


def main(arguments):
    """The exit code: 0 only when everything that was asked for holds."""
    os.chdir(ROOT)
    skips = Skips()
    measured = coverage.Coverage(data_file=None)
    with measured.collect():
        code = int(pytest.main([*arguments], plugins=[skips]))
    if code:
        return code
    problems = []
    if skips.count and os.environ.get("LOTSE_TESTS_STRICT"):
        problems.append(f"{skips.count} skipped, and LOTSE_TESTS_STRICT allows none")
    if not arguments:  # a part of the tests says nothing about the whole
        problems += uncovered(measured)
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def uncovered(measured):
    """Prints the coverage; a failure where that of the core is too low."""
    whole = measured.report(skip_covered=True, skip_empty=True)
    core = measured.report(include=CORE, file=io.StringIO())
    sys.stdout.write(f"coverage: {core:.1f} % of domain, services and search, {whole:.1f} % of the whole\n")
    if core < CORE_PERCENT:
        yield f"domain, services and search are covered by {core:.1f} %, and {CORE_PERCENT:.0f} % are needed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
