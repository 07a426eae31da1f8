"""What authors write becomes records; what they get wrong is all said at once, with file and line."""

import json
import os
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.knowledge import Address, Contact, Entry, Knowledge, Operator, Source, Text, Topic
from bot.library.problems import MissingKnowledge, Problem
from bot.library.read import read

LONG = "a" * 41


def said(problems):
    return [str(problem) for problem in problems]


def test_a_whole_folder_becomes_records(whole):
    knowledge, problems = read(whole.path)
    asked = tuple(f"Wie geht es Nummer {n}?" for n in range(6))
    assert problems == []
    assert knowledge.topics == {
        "work": Topic("work", {"de": "Arbeit"}),
        "recognition": Topic("recognition", {"de": "Anerkennung"}, parent="work"),
    }
    assert knowledge.glossary == {"permit": {"de": ("Aufenthaltstitel", "Erlaubnis"), "ar": ("إقامة",)}}
    assert knowledge.operator == Operator("Stadt Musterstadt", imprint="https://musterstadt.example")
    assert list(knowledge.entries) == ["diploma", "open-house", "hello"]
    assert knowledge.entries["diploma"] == Entry(
        id="diploma",
        kind="answer",
        texts={
            "de": Text(
                "de",
                "Abschluss anerkennen",
                "Gehen Sie zur *Beratung*.\n\nDort hilft man Ihnen.",
                asked,
                ("Zeugnis",),
                say="Ich möchte meinen Abschluss anerkennen lassen.",
            ),
            "fa": Text("fa", "می‌خواهم", "متن", asked, say_meaning="م", reviewed_by="B"),
        },
        topics=("recognition", "work"),
        audience=("migrants", "staff"),
        municipalities=("landkreis",),
        area=("DE",),
        contacts=("advice", "hotline"),
        sources=(
            Source("Gesetz", "https://gesetz.example/1", "2023-11", "2026-08-01", "CC0"),
            Source("Faltblatt", date="2021"),
        ),
        reviewed_on=date(2026, 8, 19),
        reviewed_by="K. Beispiel",
        valid_until=date(2027, 1, 31),
        urgent=True,
    )
    assert (knowledge.entries["open-house"].kind, knowledge.entries["hello"].kind) == ("practice", "action")
    assert knowledge.contacts["advice"] == Contact(
        id="advice",
        name="Beratung Musterstadt",
        kind="advice",
        topics=("recognition",),
        area=("Musterstadt",),
        languages=("de", "de-simple", "ar"),
        phone="+49 (0)89 1234-0",
        email="rat@musterstadt.example",
        website="https://musterstadt.example/rat",
        address=Address("Hauptstraße 1", "01234", "Musterstadt"),
        location=(48.0, 11.5),
        hours="Mo-Fr 08:00-12:00; PH off",
        by_appointment=True,
        status="verified",
        sources=(Source("Eigene Seite"),),
        reviewed_on=date(2026, 8, 18),
        notes={"de": "Mit Termin.", "en": "By appointment."},
    )
    assert knowledge.contacts["hotline"] == Contact(
        "hotline", "Telefon", phone="116 000", status="verified", confidential_address=True
    )


def test_plain_pages_are_a_knowledge_base(folder):
    folder.page("answers/bins/de.md", "Müll trennen", "Papier kommt in die blaue Tonne.")
    folder.page("answers/bins/en.md", "Sort your waste", "Paper goes into the blue bin.")
    texts = {
        "de": Text("de", "Müll trennen", "Papier kommt in die blaue Tonne."),
        "en": Text("en", "Sort your waste", "Paper goes into the blue bin."),
    }
    assert read(folder.path) == (Knowledge({"bins": Entry("bins", "answer", texts)}), [])


def test_byte_order_mark_and_windows_line_ends_are_no_error(folder):
    folder.write("answers/bins/de.md", b'\xef\xbb\xbf+++\r\ntitle = "M\xc3\xbcll"\r\n+++ \r\nEins.\r\n\r\nZwei.\r\n')
    folder.write("contacts/office.toml", b'\xef\xbb\xbfname = "Amt"\r\nphone = "089 12"\r\n')
    knowledge, problems = read(folder.path)
    assert problems == []
    assert knowledge.entries["bins"].texts["de"] == Text("de", "Müll", "Eins.\n\nZwei.")
    assert knowledge.contacts["office"].phone == "089 12"


def test_what_desktops_and_editors_leave_is_passed_over(folder):
    folder.page("answers/bins/de.md", "Müll")
    for name in ("answers/.DS_Store", "answers/bins/.de.md.swp", "answers/bins/de.md~", "answers/bins/#de.md#"):
        folder.write(name, b"\xff\x00")
    folder.write("answers/bins/Thumbs.db", b"\xff\x00")
    folder.write("places/places.csv", b"\xff")
    folder.write("README.md", "Für alle, die hier schreiben.")
    knowledge, problems = read(folder.path)
    assert (list(knowledge.entries), problems) == (["bins"], [])


def test_a_missing_folder_is_not_the_authors_doing(tmp_path):
    with pytest.raises(MissingKnowledge, match=r"no knowledge folder at .*nowhere"):
        read(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(MissingKnowledge):
        read(tmp_path / "file")


def test_problems_print_as_file_line_message():
    assert str(Problem("answers/broken/de.md", 2, "a message")) == "answers/broken/de.md:2: a message"
    assert str(Problem("a/b/de.md", 1, "a message", "warning")) == "a/b/de.md:1: warning: a message"
    one, two, three = Problem("a", 9, "y"), Problem("a", 10, "x"), Problem("b", 1, "x")
    assert sorted([three, two, one]) == [one, two, three]


def break_everything(folder):
    """Every mistake of form that an author can make, each once, in one folder."""
    folder.write(
        "topics.toml",
        '[work]\nnames = {de = "Arbeit", DE = "x"}\nparnet = "x"\n[Bad_Id]\nnames = {de = "x"}\n[none]\n',
    )
    folder.write("glossary.toml", 'loose = "x"\n[permit]\ngerman = ["Titel"]\nde = ["", 3]\n')
    folder.write("operator.toml", 'controler = "x"\nimprint = 3\n')
    folder.write("answers/Bad_Id/de.md", '+++\ntitle = "x"\n+++\nText.')
    folder.write("answers/binary/de.md", b'+++\ntitle = "x"\n+++\nf\xfcr')
    folder.write("answers/broken/de.md", '+++\ntitle = "x\n+++\nText.')
    folder.write("answers/broken/en.md", "+++\nkeywords = [\n+++\nText.")
    folder.write("answers/empty/.keep", "")
    (folder.path / "answers/empty").mkdir(exist_ok=True)
    folder.write("answers/fences/de.md", "Nur Text.")
    folder.write("answers/fences/en.md", '+++\ntitle = "x"\nText.')
    folder.write("answers/fences/fr.md", "")
    folder.write("answers/huge/de.md", b"x" * (1024 * 1024 + 1))
    folder.write(
        "answers/keys/entry.toml",
        """topic = ["work"]
topics = [
  "work",
  "wrok",
]
audience = ["migrant"]
contacts = ["office", "ofice", "hurt"]
area = "DE"
urgent = "yes"
reviewed_on = "19.08.2026"
valid_until = 2026-08-19T10:00:00
reviewed_by = true
sources = [
  {title = "Gut", date = "2026-02-30"},
  {url = "https://x.example", acessed = "2021"},
  "text",
  {title = "", date = 10:00:00},
]
""",
    )
    folder.write(
        "answers/keys/de.md",
        '+++\ntitel = "x"\nquestions = "Wie?"\nkeywords = [["x"], " "]\nsay = 3.5\nsource_hash = [1]\n+++\nText.',
    )
    folder.write("answers/keys/en.md", '+++\ntitle = "x"\n+++\n \n')
    folder.write("answers/keys/tr.md", '+++\ntitle = " "\n+++\nText.')
    folder.write("answers/keys/german.md", "x")
    folder.write("answers/keys/picture.png", b"\x89")
    folder.page("answers/keys/deep/de.md", "x")
    folder.write("answers/measure/entry.toml", f"urgent = {'[' * 5000}\n")
    folder.write("answers/measure/de.md", f"+++\ntitle = {'9' * 5000}\n+++\nText.")
    folder.write("answers/loose.md", "x")
    folder.page("answers/twice/de.md", "x")
    folder.page("practices/twice/de.md", "y")
    folder.page(f"actions/{LONG}/de.md", "x")
    folder.write(
        "contacts/office.toml",
        'name = "Amt"\nlocation = [48.1]\nadress = {}\naddress = {street = 1, town = "x"}\n',
    )
    folder.write("contacts/hurt.toml", 'name = "Amt"\nphone = 089 12\n')
    folder.write(
        "contacts/other.toml",
        'kind = "x"\nstatus = "verifed"\nlanguages = ["Deutsch"]\n'
        f'location = [{"9" * 400}, 1]\nnotes = {{Deutsch = "x", de = 1}}\n',
    )
    folder.write("contacts/page.md", "x")
    folder.page("contacts/sub/de.md", "x")
    folder.write("topic.toml", "")
    folder.write("answer/x/de.md", "")
    (folder.path / "answers/loops").mkdir()
    (folder.path / "answers/loops/de.md").symlink_to("en.md")
    (folder.path / "answers/loops/en.md").symlink_to("de.md")
    (folder.path / "answers/loops/fr.md").symlink_to("nowhere.md")
    (folder.path / "answers/round").symlink_to("..")
    os.mkfifo(folder.path / "answers/loops/pl.md")


def test_every_error_at_once_with_file_and_line(folder):
    break_everything(folder)
    _, problems = read(folder.path)
    expected = Path(__file__).with_name("every_error.txt").read_text("utf-8")
    assert said(problems) == expected.splitlines()


def test_one_error_is_enough_where_the_topics_cannot_be_read(folder):
    folder.write("topics.toml", "[work\n")
    folder.page("answers/bins/de.md", "Müll")
    folder.write("answers/bins/entry.toml", 'topics = ["work"]\n')
    knowledge, problems = read(folder.path)
    assert said(problems) == [
        "topics.toml:1: not valid TOML: Expected ']' at the end of a table declaration (column 6)"
    ]
    assert knowledge.entries["bins"].topics == ("work",)


def test_what_is_right_stays_beside_what_is_broken(folder):
    folder.page("answers/bins/de.md", "Müll")
    folder.write("answers/bins/en.md", "half")
    folder.write("answers/gone/de.md", "half")
    knowledge, problems = read(folder.path)
    assert len(problems) == 2
    assert {name: list(entry.texts) for name, entry in knowledge.entries.items()} == {"bins": ["de"]}


def test_a_flood_of_problems_in_one_file_is_cut(folder):
    folder.write("operator.toml", "".join(f"key{n} = 1\n" for n in range(5_000)))
    _, problems = read(folder.path)
    assert len(problems) == 100
    assert "operator.toml:1: more problems than are listed here" in said(problems)


def test_a_name_that_cannot_be_printed_is_spelt_out(folder):
    os.close(os.open(os.fsencode(folder.path) + b"/b\xe4d\n.toml", os.O_CREAT))
    places = "answers, practices, actions, contacts, places, topics.toml, glossary.toml, operator.toml"
    assert said(read(folder.path)[1]) == [rf"b\\xe4d\n.toml:1: does not belong here; known here: {places}"]


NAMES = ["topics.toml", "glossary.toml", "operator.toml", "answers/a/entry.toml", "answers/a/de.md", "contacts/c.toml"]
FRAGMENTS = st.sampled_from(
    [
        "+++\n",
        "title",
        "names",
        "sources",
        "topics",
        " = ",
        "[",
        "]",
        "{",
        "}",
        '"',
        "\n",
        ",",
        "a.",
        "1",
        "2026-01-01",
        "é",
    ]
)
CONTENT = st.binary(max_size=300) | st.lists(FRAGMENTS, max_size=25).map(lambda parts: "".join(parts).encode())


@given(st.dictionaries(st.sampled_from(NAMES), CONTENT, min_size=1))
def test_whatever_the_bytes_nothing_is_raised(files):
    with tempfile.TemporaryDirectory() as place:
        for name, content in files.items():
            (Path(place) / name).parent.mkdir(parents=True, exist_ok=True)
            (Path(place) / name).write_bytes(content)
        _, problems = read(Path(place))
        assert {problem.path for problem in problems} <= {*files, "answers/a"}
        assert all(problem.line >= 1 and "\n" not in problem.message for problem in problems)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(
    lambda word: word == word.strip()
)


def toml(value):
    """A text or list as TOML; JSON's strings are TOML's, as long as there is no DEL."""
    return json.dumps(value, ensure_ascii=False)


@given(title=WORDS, body=WORDS, questions=st.lists(WORDS), say=st.none() | WORDS)
def test_what_is_written_is_what_is_read(title, body, questions, say):
    front = f"title = {toml(title)}\nquestions = {toml(questions)}\n" + (f"say = {toml(say)}\n" if say else "")
    with tempfile.TemporaryDirectory() as place:
        page = Path(place) / "answers/a/de.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"+++\n{front}+++\n{body}", "utf-8")
        knowledge, problems = read(Path(place))
    assert problems == []
    assert knowledge.entries["a"].texts["de"] == Text("de", title, body, tuple(questions), say=say or "")
