"""What the guide for authors shows is what Lotse takes."""

import re
import textwrap
from datetime import date
from pathlib import Path

from bot.library.check import check
from bot.library.read import read

GUIDE = Path(__file__).parents[2] / "docs/knowledge.md"
EXAMPLE = re.compile(r"^( *)````toml (\S+)\n(.*?)^ *````$", re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_guide_are_a_good_knowledge_folder(folder):
    for indent, name, content in EXAMPLE.findall(GUIDE.read_text("utf-8")):
        folder.write(name, textwrap.dedent(indent + content.removeprefix(indent)))
    assert check(folder.path, date(2026, 8, 20)) == []
    knowledge, _ = read(folder.path)
    assert knowledge.entries["dog-licence"].contacts == ("tax-office",)
    assert list(knowledge.topics) == ["living", "pets"]
    assert (list(knowledge.glossary), knowledge.operator.controller) == (["dog-tax"], "Stadt Musterstadt")


def test_every_key_that_is_read_is_in_the_guide():
    read_files = Path(__file__).parents[2].glob("bot/library/*.py")
    asked = re.compile(r"(?:table|inner|each)\.(?:texts?|day|period|flag|choices?|languages|pair|tables?)\(\"(\w+)\"")
    keys = {key for path in read_files for key in asked.findall(path.read_text("utf-8"))}
    guide = GUIDE.read_text("utf-8")
    assert len(keys) > 30
    assert [key for key in sorted(keys) if not re.search(rf"\b{key}\b", guide)] == []
