"""Runs every test under coverage, in two processes at once: `make test`. With arguments, runs pytest with those.

pytest itself prints what was skipped and why (`-ra`). Fails when a test fails, when rules and use cases of the field
are covered too little, and, where LOTSE_TESTS_STRICT is set, when anything was skipped. Only these processes are
measured: tracing the processes that tests start would slow them down, and they reach hardly a line that the tests do
not.
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).resolve().parent.parent
CORE = ["bot/domain/*", "bot/services/*", "bot/search/*"]
CORE_PERCENT = 95.0
# Two halves that take about as long as each other on two cores; what is new goes into the second by itself.
FIRST = [f"tests/{part}" for part in ("chat", "documents", "domain", "library", "sandbox", "search", "store", "web")]
PART = "--part-of-the-tests"


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
    if arguments[:1] == [PART]:
        return run_pytest(arguments[2:], arguments[1])
    if arguments:  # a part of the tests says nothing about the whole
        return run_pytest(arguments, None)
    with tempfile.TemporaryDirectory() as folder:
        codes = run_halves(Path(folder))
        if any(codes):
            return max(codes)
        measured = coverage.Coverage(data_file=f"{folder}/coverage")
        measured.combine([folder])
        problems = list(uncovered(measured))
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def run_pytest(arguments, data_file):
    """Runs pytest in this process, under coverage that is kept in a file, if one is named."""
    skips = Skips()
    measured = coverage.Coverage(data_file=data_file)
    with measured.collect():
        code = int(pytest.main([*arguments], plugins=[skips]))
    if data_file:
        measured.save()
    if not code and skips.count and os.environ.get("LOTSE_TESTS_STRICT"):
        sys.stderr.write(f"{skips.count} skipped, and LOTSE_TESTS_STRICT allows none\n")
        return 1
    return code


def run_halves(folder):
    """Runs both halves at once; what the second says is printed when the first has ended."""
    rest = ["tests", *(f"--ignore={part}" for part in FIRST)]
    command = [sys.executable, __file__, PART]
    with (folder / "second.txt").open("w+", encoding="utf-8") as said:
        second = subprocess.Popen([*command, f"{folder}/coverage.2", *rest], stdout=said, stderr=subprocess.STDOUT)
        first = subprocess.run([*command, f"{folder}/coverage.1", *FIRST], check=False)
        codes = [first.returncode, second.wait()]
        said.seek(0)
        sys.stdout.write(said.read())
        sys.stdout.flush()
    return codes


def uncovered(measured):
    """Prints the coverage; a failure where that of the core is too low."""
    whole = measured.report(skip_covered=True, skip_empty=True)
    core = measured.report(include=CORE, file=io.StringIO())
    sys.stdout.write(f"coverage: {core:.1f} % of domain, services and search, {whole:.1f} % of the whole\n")
    if core < CORE_PERCENT:
        yield f"domain, services and search are covered by {core:.1f} %, and {CORE_PERCENT:.0f} % are needed"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
