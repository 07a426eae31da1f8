"""The wheel holds all that Lotse needs, and answers where nothing of the repository is near."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = {
    "de": "Wo finde ich Hilfe bei der Anerkennung meines Abschlusses?",
    "en": "Where do I get help with the recognition of my degree?",
}
SLOW_TO_IMPORT = {"telegram", "sqlalchemy", "alembic", "aiohttp"}

pytestmark = pytest.mark.timeout(300)


def run(*command, cwd, **environment):
    """What a command printed; our own settings and the caller's import path do not reach it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LOTSE_", "PYTHON"))}
    result = subprocess.run(
        command,
        cwd=cwd,
        env=inherited | environment,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == 0, result.stderr
    return result


def pip(*arguments, cwd):
    run(sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT), cwd=folder)
    (built,) = folder.glob("lotse-*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """Runs Python in a folder far from the repository, with the package that was installed from the wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pip("install", "--no-deps", "--target", str(folder / "site"), str(wheel), cwd=folder)

    def call(*arguments):
        command = [sys.executable, *arguments]
        return run(*command, cwd=folder, PYTHONPATH=str(folder / "site"), XDG_CACHE_HOME=str(folder / "cache"))

    return call


def title(language):
    """The title of the answer that both questions are about."""
    page = (ROOT / f"knowledge/answers/recognition/{language}.md").read_text("utf-8")
    return tomllib.loads(page.split("+++")[1])["title"]


def test_the_wheel_holds_the_knowledge_and_the_compiled_catalogues(wheel):
    names = set(ZipFile(wheel).namelist())
    knowledge = {f"bot/_shipped/{path.relative_to(ROOT)}" for path in (ROOT / "knowledge").rglob("*.md")}
    knowledge |= {f"bot/_shipped/knowledge/places/{path.name}" for path in (ROOT / "knowledge/places").glob("*.*")}
    catalogues = {f"bot/_shipped/{path.relative_to(ROOT)}" for path in (ROOT / "locales").rglob("lotse.po")}
    assert "bot/_shipped/knowledge/answers/recognition/de.md" in knowledge <= names
    assert "bot/_shipped/knowledge/places/towns.csv" in knowledge
    assert {"bot/_shipped/locales/de/LC_MESSAGES/lotse.po"} <= catalogues
    assert {re.sub(r"po$", "mo", name) for name in catalogues} <= names


def test_the_wheel_holds_only_the_package(wheel):
    names = ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"bot", "lotse"}
    assert [name for name in names if re.search(r"(^|/)(tests|__pycache__)/|\.db$|\.sqlite$", name)] == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_installed_package_comes_before_the_repository(python):
    printed = python("-c", "import bot; print(bot.__file__)").stdout
    assert printed.endswith("/site/bot/__init__.py\n")
    assert not printed.startswith(str(ROOT))


@pytest.mark.parametrize("language", sorted(QUESTIONS))
def test_it_answers_far_from_the_repository(python, language):
    assert title(language) in python("-m", "bot", "ask", "--language", language, QUESTIONS[language]).stdout


@pytest.mark.parametrize("language", sorted(QUESTIONS))
def test_it_answers_in_json_far_from_the_repository(python, language):
    reply = json.loads(python("-m", "bot", "ask", "--json", "--language", language, QUESTIONS[language]).stdout)
    assert (reply["outcome"], reply["language"], reply["hits"][0]["id"]) == ("answer", language, "recognition")


def test_it_knows_places_far_from_the_repository(python):
    assert json.loads(python("-m", "bot", "ask", "--json", "Beratung in Ausgburg").stdout)["place"] == "Augsburg"


def test_asking_loads_nothing_of_the_chat_and_the_database(python):
    """Importing them all takes two to three seconds, and an answer in the terminal needs none of them."""
    printed = python("-X", "importtime", "-m", "bot", "ask", QUESTIONS["de"]).stderr
    imported = set(re.findall(r"^import time:.*\| +(\w+)", printed, re.MULTILINE))
    assert {"bot", "rapidfuzz"} <= imported
    assert imported & SLOW_TO_IMPORT == set()
