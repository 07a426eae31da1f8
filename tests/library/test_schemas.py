"""The schemas for editors agree with what the reader takes."""

import datetime as dt
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "docs/schema").glob("*.json")}
FOLDERS = [ROOT / "knowledge", ROOT / "tests/folders/small"]


def as_json(value):
    """TOML as a JSON validator sees it: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def files(folder):
    """Each file with the schema that it must follow."""
    for name in ("topics", "glossary", "operator"):
        path = folder / f"{name}.toml"
        if path.exists():
            yield name, path, path.read_text("utf-8")
    yield from (("entry", path, path.read_text("utf-8")) for path in folder.glob("*/*/entry.toml"))
    yield from (("contact", path, path.read_text("utf-8")) for path in folder.glob("contacts/*.toml"))
    yield from (("page", path, path.read_text("utf-8").split("+++\n", 2)[1]) for path in folder.glob("*/*/*.md"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_file_follows_its_schema(folder):
    wrong = []
    validators = {name: jsonschema.Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
    for name, path, toml in files(folder):
        wrong += [f"{path}: {e.message}" for e in validators[name].iter_errors(as_json(tomllib.loads(toml)))]
    assert wrong == []


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("entry", {"topic": ["a"]}),
        ("entry", {"reviewed_on": "2026"}),
        ("entry", {"sources": [{"url": "https://example.org"}]}),
        ("contact", {"phone": "089 1"}),
        ("contact", {"name": "A", "phone": "acht"}),
        ("page", {"questions": ["a"]}),
        ("topics", {"Work": {"names": {"de": "Arbeit"}}}),
        ("glossary", {"permit": {"de": "Titel"}}),
        ("operator", {"name": "Stadt"}),
    ],
)
def test_a_mistake_is_seen(schema, value):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(value, SCHEMAS[schema])
