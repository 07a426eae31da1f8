"""What the documentation says is what there is: commands, options, settings, and the examples that it shows."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.main import get_command

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text("utf-8")
SETTINGS = (ROOT / "docs/settings.md").read_text("utf-8")
PREFIX = Settings.model_config["env_prefix"]
LOTSE = get_command(app)


def commands_of(group, words=""):
    """{the words that call a command: the command}, those of groups too."""
    found = {}
    for name, command in group.commands.items():
        whole = f"{words}{name}"
        found |= commands_of(command, f"{whole} ") if hasattr(command, "commands") else {whole: command}
    return found


TREE = commands_of(LOTSE)


def literal(default):
    """A default as the documentation writes it, or "" where there is none."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return str(default) if default else ""


def rows(text, first):
    """The tables of a page as {name: default}: the name is a code span that starts with `first`."""
    lines = re.findall(rf"^\| `({first}[\w-]*)[^`]*` \| ([^|]*?) \|", text, re.MULTILINE)
    assert len({name for name, _ in lines}) == len(lines), "a row stands twice"
    return {name: cell[1:-1] if re.fullmatch(r"`[^`]+`", cell) else "" for name, cell in lines}


def sections(text):
    """{command: what the page says about it}"""
    parts = re.split(r"^## `lotse ([a-z][a-z-]*(?: [a-z][a-z-]*)*)[^`]*`$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def usage(text, command):
    """The heading of a command, which shows how it is called."""
    return re.search(rf"^## `(lotse {command}\b[^`]*)`$", text, re.MULTILINE)[1]


def test_every_command_is_documented_and_no_other():
    assert sorted(sections(COMMANDS)) == sorted(TREE)


def options_of(command):
    """{option: default} as the program has them."""
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    return {option.opts[0]: literal(option.default) for option in options if option.name != "help"}


def test_every_option_of_lotse_itself_is_documented_and_no_other():
    assert rows(COMMANDS.partition("\n## ")[0], "--") == options_of(LOTSE)


@pytest.mark.parametrize("name", sorted(TREE))
def test_every_option_is_documented_with_its_default_and_no_other(name):
    assert rows(sections(COMMANDS)[name], "--") == options_of(TREE[name])


@pytest.mark.parametrize("name", sorted(TREE))
def test_the_heading_of_a_command_shows_its_arguments_and_options(name):
    parameters = [parameter for parameter in TREE[name].params if parameter.name != "help"]
    options = {parameter.opts[0] for parameter in parameters if parameter.param_type_name == "option"}
    arguments = [
        re.sub(r"[^A-Z]", "", parameter.metavar or parameter.name.upper())
        for parameter in parameters
        if parameter.param_type_name == "argument"
    ]
    shown = usage(COMMANDS, name)
    assert set(re.findall(r"--[a-z-]+", shown)) == options
    assert re.findall(r"(?<!-)\b[A-Z]{2,}\b", re.sub(r"--[a-z-]+ [A-Z]+", "", shown)) == arguments


def test_every_setting_is_documented_with_its_default_and_no_other():
    expected = {PREFIX + name.upper(): literal(field.default) for name, field in Settings.model_fields.items()}
    assert rows(SETTINGS, PREFIX) == expected


def test_pages_name_only_settings_that_exist():
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known} | {f"{PREFIX}X", f"{PREFIX}X_FILE"}
    for page in [ROOT / "README.md", *ROOT.glob("docs/**/*.md"), ROOT / "Dockerfile", ROOT / "compose.yaml"]:
        named = set(re.findall(rf"\b{PREFIX}[A-Z_]*[A-Z]\b", page.read_text("utf-8"))) - {"LOTSE_TESTS_STRICT"}
        assert named - known == set(), page.name


def examples():
    """Every command of a console block with the lines that it is said to print."""
    for page in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]:
        for block in re.findall(r"^```console\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield pytest.param(command, output.strip(), id=f"{page.name}: {command}")


def test_the_readme_shows_examples():
    assert "```console\n$ lotse ask " in README


@pytest.mark.parametrize(("command", "output"), list(examples()))
def test_examples_print_what_the_pages_show(command, output, tmp_path):
    """`…` in a page stands for anything; an example that needs a token or does not end belongs into a `sh` block."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, env=environment, check=False, capture_output=True, text=True, timeout=110
    )
    expected = ".*".join(re.escape(part) for part in output.split("…"))
    assert re.fullmatch(expected, result.stdout.strip(), re.DOTALL), result.stdout + result.stderr


def test_targets_of_make_that_pages_name_exist():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
    named = set()
    for page in pages:
        for words in re.findall(r"(?:^|`)make ([a-z ]+)", page.read_text("utf-8"), re.MULTILINE):
            named |= set(words.split())
    assert {"run", "test"} <= named <= targets


def test_the_record_names_every_dependency_and_no_other():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.match(r"[\w-]+(\[\w+\])?", line)[0] for line in project["dependencies"]}
    record = (ROOT / "docs/decisions/dependencies.md").read_text("utf-8").partition("## Not taken")[0]
    named = [name for cell in re.findall(r"^\| ([a-z][^|]*) \|", record, re.MULTILINE) for name in cell.split(", ")]
    assert sorted(named) == sorted(declared | {"package"})


@pytest.mark.parametrize("record", sorted(ROOT.glob("docs/decisions/*.md")), ids=lambda path: path.name)
def test_decisions_have_a_title_and_a_date(record):
    assert re.match(r"# \S.*\n\nDate: 20\d\d-\d\d-\d\d\n", record.read_text("utf-8"))


def test_the_table_of_entries_is_that_of_the_knowledge():
    made = subprocess.run(
        [sys.executable, "docs/entries.py"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert made.stdout == (ROOT / "docs/entries.md").read_text("utf-8"), "run python docs/entries.py > docs/entries.md"
