"""`lotse inbox export`: what it writes, leaves alone, and notes."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

DUMP = Path(__file__).parent / "store/dumps/0.1.sql"

INQUIRIES = [  # about, language, text, state, answer
    ("recognition", "uk", "Скільки це триває?\nПишу вдруге.", "answered", "<b>Чотири</b> місяці &amp; не більше."),
    ("", "de", "Wo trifft sich der Verein?", "answered", "Jeden Montag."),
    ("", "de", "Wartet noch.", "open", ""),
    ("", "de", "Ohne Antwort.", "closed", ""),
]


@pytest.fixture
def answered(lotse):
    """A database with two answered questions and two others."""
    lotse.runs("migrate")
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        database.execute("INSERT INTO people (id, blocked, created, seen) VALUES (1, FALSE, 0, 0)")
        database.executemany(
            "INSERT INTO inquiries (person, about, language, text, state, answer, asked, ended) "
            "VALUES (1, ?, ?, ?, ?, ?, 0, 1)",
            INQUIRIES,
        )
        database.commit()
    return lotse


def acts(lotse):
    with closing(sqlite3.connect(lotse.folder / "lotse.db")) as database:
        return database.execute("SELECT role, person, action, subject FROM audit").fetchall()


def test_each_answered_question_becomes_a_draft_for_its_owner_only(answered):
    done = answered.runs("inbox", "export", "drafts")
    assert (done.code, done.out) == (0, "2 new, 0 already there\n")
    assert "answered questions were exported: 2" in done.err
    assert "Verein" not in done.err
    drafts = answered.folder / "drafts"
    assert sorted(str(path.relative_to(drafts)) for path in drafts.rglob("*")) == [
        "answers",
        "answers/inquiry-1",
        "answers/inquiry-1/entry.toml",
        "answers/inquiry-1/uk.md",
        "answers/inquiry-2",
        "answers/inquiry-2/de.md",
        "answers/inquiry-2/entry.toml",
    ]
    for path in (drafts, *drafts.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    page = (drafts / "answers/inquiry-1/uk.md").read_text("utf-8")
    assert 'questions = ["Скільки це триває? Пишу вдруге."]' in page
    assert page.endswith("+++\n**Чотири** місяці \\& не більше.\n")
    assert '# topics = ["work"]' in (drafts / "answers/inquiry-1/entry.toml").read_text("utf-8")
    assert acts(answered) == [("operator", None, "inquiries exported", "2 answered")]


def test_the_drafts_are_sound_knowledge(answered):
    answered.runs("inbox", "export", "drafts")
    done = answered.runs("check", "--knowledge", "drafts")
    assert done.code == 0, done.out
    assert "0 errors" in done.out


def test_with_a_list_of_topics_the_draft_names_its_own(answered):
    (answered.folder / "drafts").mkdir()
    (answered.folder / "drafts/topics.toml").write_text('[work]\nnames = {de = "Arbeit"}\n', "utf-8")
    answered.runs("inbox", "export", "drafts")
    assert '\ntopics = ["work"]' in (answered.folder / "drafts/answers/inquiry-1/entry.toml").read_text("utf-8")
    assert answered.runs("check", "--knowledge", "drafts").code == 0


def test_what_is_there_stays_as_it_is(answered):
    answered.runs("inbox", "export", "drafts")
    page = answered.folder / "drafts/answers/inquiry-2/de.md"
    page.write_text("edited", "utf-8")
    (answered.folder / "drafts/answers/inquiry-1/uk.md").unlink()
    with closing(sqlite3.connect(answered.folder / "lotse.db")) as database:
        database.execute("UPDATE inquiries SET state = 'answered', answer = 'Jetzt.' WHERE id = 3")
        database.commit()
    assert answered.runs("inbox", "export", "drafts").out == "1 new, 2 already there\n"
    assert page.read_text("utf-8") == "edited"
    assert sorted(path.name for path in (answered.folder / "drafts/answers/inquiry-1").iterdir()) == ["entry.toml"]


def test_the_knowledge_in_use_gets_no_drafts(answered, knowledge):
    used = knowledge.folder
    for folder in (used, used / "new"):
        done = answered.runs("inbox", "export", folder, LOTSE_KNOWLEDGE=used)
        assert (done.code, done.out) == (2, "")
        assert done.complaint.endswith("Lotse answers from this folder; drafts need a folder of their own")
    assert acts(answered) == []
    assert not list(used.rglob("*inquiry*"))


def test_of_what_cannot_be_written_no_part_stays(answered):
    with closing(sqlite3.connect(answered.folder / "lotse.db")) as database:
        database.execute("UPDATE inquiries SET language = 'no/such/folder' WHERE id = 1")
        database.commit()
    done = answered.runs("inbox", "export", "drafts")
    assert (done.code, done.out) == (1, "")
    assert "cannot be written (No such file or directory)" in done.err
    assert list((answered.folder / "drafts").rglob("*")) == [answered.folder / "drafts/answers"]


def test_a_folder_that_cannot_be(answered):
    (answered.folder / "file").write_text("x")
    assert answered.runs("inbox", "export", "file").complaint == "lotse: file: is not a folder"
    done = answered.runs("inbox", "export", "file/below")
    assert (done.code, done.out) == (1, "")
    assert "cannot be written (Not a directory)" in done.err


def test_without_a_database_it_says_so_and_makes_none(lotse):
    done = lotse.runs("inbox", "export", "drafts")
    assert (done.code, done.out) == (1, "")
    assert done.complaint == "lotse: there is no database yet, and so nothing to export; lotse migrate makes one"
    assert list(lotse.folder.iterdir()) == []


def test_with_nothing_answered_nothing_is_written(lotse):
    lotse.runs("migrate")
    done = lotse.runs("inbox", "export", "drafts")
    assert (done.code, done.out) == (0, "0 new, 0 already there\n")
    assert not (lotse.folder / "drafts").exists()


def test_an_older_database_stays_as_it_is(lotse):
    path = lotse.folder / "lotse.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(DUMP.read_text("utf-8"))
    before = path.read_bytes()
    done = lotse.runs("inbox", "export", "drafts")
    assert (done.code, done.out) == (1, "")
    assert done.complaint == (
        "lotse: the database is of an older version, and an export changes nothing; run lotse migrate first"
    )
    assert path.read_bytes() == before
