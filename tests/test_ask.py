"""`lotse ask` as a process: text, JSON, JSON lines, and whatever may come on stdin."""

import json
import subprocess

import pytest
from program import COMMAND

SMALL_ANSWER = """\
Abschluss anerkennen
Lassen Sie sich zuerst beraten. Die Beratung ist kostenlos.
Jede Person mit einer Berufsqualifikation aus dem Ausland darf den Antrag stellen.
Das entscheidet die Stelle, die für Ihren Beruf zuständig ist.
Quelle: BQFG § 6 (https://example.org/bqfg)
Geprüft am 1. Oktober 2026
Beratung Anerkennung Musterstadt: 0911 99998-45
Bürgerbüro Musterstadt: 089 99998-123, buergerbuero@example.org, https://example.org/buergerbuero
Hilfetelefon Muster: 0800 9999 016
"""
QUESTION = "Wo finde ich Hilfe bei der Anerkennung meines Abschlusses?"
FIELDS = ["id", "outcome", "language", "place", "hits", "ms"]


@pytest.fixture
def asked(lotse):
    """Gives JSON lines to one process, and its answers back."""

    def ask(*lines, options=()):
        given = b"".join(line if isinstance(line, bytes) else f"{json.dumps(line)}\n".encode() for line in lines)
        done = lotse.runs("ask", *options, given=given)
        assert (done.code, done.err) == (0, "")
        return [json.loads(line) for line in done.out.splitlines()]

    return ask


def test_an_answer_as_text_has_source_date_and_contact_points(lotse):
    done = lotse.runs("ask", QUESTION)
    assert (done.code, done.out, done.err) == (0, SMALL_ANSWER, "")


def test_the_terminals_encoding_does_not_matter(lotse):
    assert lotse.runs("ask", QUESTION, PYTHONIOENCODING="ascii", LC_ALL="C").out == SMALL_ANSWER


def test_explain_adds_the_hits_with_their_scores(lotse):
    lines = lotse.runs("ask", "--explain", QUESTION).out.removeprefix(SMALL_ANSWER).splitlines()
    assert lines[0] == ""
    scores = [float(line.split()[0]) for line in lines[1:]]
    assert lines[1].split()[1:] == ["answer", "recognition"]
    assert scores == sorted(scores, reverse=True)
    assert 2 <= len(scores) <= 10


@pytest.mark.parametrize(
    ("language", "first", "says_so"),
    [
        ("en", "Recognise a qualification", False),
        ("uk", "Abschluss anerkennen", True),
        ("de-simple", "Abschluss anerkennen", False),
        ("xx", "Recognise a qualification", False),
    ],
)
def test_the_language_asked_for_else_german_which_is_said_and_an_unknown_one_is_english(
    lotse, language, first, says_so
):
    lines = lotse.runs("ask", "--language", language, QUESTION).out.splitlines()
    assert lines[0] == first
    assert any("німецька" in line for line in lines) is says_so


def test_what_is_not_known_is_said_to_be_so(lotse):
    done = lotse.runs("ask", "--language", "de", "🎉🎉🎉")
    assert done.out == ("Dazu gibt es hier noch keine geprüfte Antwort.\nEine Beratungsstelle kann weiterhelfen.\n")


def test_one_question_as_json(lotse):
    found = json.loads(lotse.runs("ask", "--json", QUESTION).out)
    assert list(found) == FIELDS
    assert (found["id"], found["outcome"], found["language"], found["place"]) == (None, "answer", "de", None)
    assert found["hits"][0].keys() == {"id", "kind", "score"}
    assert (found["hits"][0]["id"], found["hits"][0]["kind"]) == ("recognition", "answer")
    assert all(0 <= hit["score"] <= 1 for hit in found["hits"])
    assert found["ms"] > 0


def test_the_place_that_is_named_is_the_last_line(lotse):
    lines = lotse.runs("ask", "Wo finde ich Hilfe bei der Anerkennung meines Abschlusses in Ausgburg?").out.splitlines()
    assert lines[0] == "Abschluss anerkennen"
    assert lines[-1].endswith(": Augsburg")
    lines = lotse.runs("ask", "--explain", "--language", "en", "юрист Мюнхен").out.splitlines()
    assert [line for line in lines if line.endswith(": München")]


def test_the_first_place_that_is_clear_is_given(asked):
    texts = [QUESTION, "Anerkennung in Augsburg", "80336", "میونخ", "Kaufbeuren oder Memmingen", "in Taufkirchen"]
    texts += ["in Taufkirchen oder Freising", "0", "99999", "Ich komme aus Wien"]
    assert [answer["place"] for answer in asked(*({"q": text} for text in texts))] == [
        None, "Augsburg", "München", "München", "Kaufbeuren", None, "Freising", None, None, None,
    ]  # fmt: skip


def test_a_postcode_alone_is_in_no_language(asked):
    lines = [{"q": "80336"}, {"q": "80336", "lang": "tr"}, {"q": "٨٠٣٣٦"}]
    answers = asked(*lines, options=("--language", "pl"))
    assert [(answer["language"], answer["place"]) for answer in answers] == [
        ("pl", "München"), ("tr", "München"), ("pl", "München"),
    ]  # fmt: skip
    assert asked({"q": "80336"})[0]["language"] == "de"


def test_lines_are_answered_in_order_and_ids_of_any_type_come_back(asked):
    ids = [
        "any",
        "",
        "ü 🎉 \u202e \x00 \ud800",
        0,
        -1,
        1.5,
        2**80,
        True,
        False,
        None,
        [],
        [1, [None]],
        {"a": {"b": "c"}},
    ]
    answers = asked(*({"q": QUESTION, "id": each} for each in ids), {"q": QUESTION})
    assert [answer["id"] for answer in answers] == [*ids, None]
    assert {answer["outcome"] for answer in answers} == {"answer"}
    assert [list(answer) for answer in answers] == [FIELDS] * len(answers)


def test_texts_of_any_kind_get_an_answer(asked):
    texts = [
        "",
        "   ",
        "🎉🎉",
        "\x00",
        "Anerkennung\x00",
        "\ud800 Anerkennung",
        "<b>\u202eAnerkennung</b>",
        "؟",
        "ا" * 50,
    ]
    answers = asked(*({"q": text, "id": n} for n, text in enumerate(texts)))
    assert [answer["id"] for answer in answers] == list(range(len(texts)))
    assert [answer["outcome"] for answer in answers[:4]] == ["none"] * 4
    assert all(answer["outcome"] in {"answer", "suggest", "none"} for answer in answers)


def test_a_question_of_100_000_characters(asked):
    long = ("Anerkennung meines Abschlusses " * 4000)[:100_000]
    first, second = asked({"q": long, "id": 1}, {"q": "x" * 100_000, "id": 2})
    assert (first["id"], first["hits"][0]["id"]) == (1, "recognition")
    assert (second["id"], second["outcome"]) == (2, "none")


@pytest.mark.parametrize(
    "line",
    [
        b"no JSON\n",
        b'{"q": "cut\n',
        b'{"q": "\xff\xfe", "id": 1}\n',
        b"\xff\n",
        b"null\n",
        b"[]\n",
        b'"text"\n',
        b"7\n",
        b"[" * 100_000 + b"\n",
        b'{"q": "x", "id": NaN}\n',
        b'{"q": "x", "id": 1e999}\n',
        b'{"q": "x", "id": ' + b"9" * 5000 + b"}\n",
        b'{"q": "x", "id": ' + b"[" * 995 + b"]" * 995 + b"}\n",
    ],
)
def test_lines_that_are_no_questions_get_an_error_and_the_next_one_its_answer(asked, line):
    broken, answered = asked(line, {"q": QUESTION, "id": "next"})
    assert broken == {"id": None, "error": 'a line must be an object like {"q": "…", "lang": "de"}'}
    assert (answered["id"], answered["outcome"]) == ("next", "answer")


@pytest.mark.parametrize("fields", [{}, {"q": None}, {"q": 5}, {"q": ["x"]}, {"q": "x", "lang": 5}, {"Q": "x"}])
def test_an_object_without_a_question_keeps_its_id(asked, fields):
    (answer,) = asked({**fields, "id": "kept"})
    assert answer == {"id": "kept", "error": 'a line must be an object like {"q": "…", "lang": "de"}'}


def test_a_line_names_its_language_else_the_option_else_the_question_does(asked):
    lines = [{"q": QUESTION}, {"q": QUESTION, "lang": None}, {"q": QUESTION, "lang": "tr"}]
    lines += [{"q": QUESTION, "lang": "prs"}, {"q": QUESTION, "lang": "en-GB"}, {"q": QUESTION, "lang": "xx"}]
    assert [one["language"] for one in asked(*lines)] == ["de", "de", "tr", "fa", "en", "en"]
    assert [one["language"] for one in asked(*lines[:3], options=("--language", "pl"))] == ["pl", "pl", "tr"]


def test_a_last_line_without_its_break_is_answered_and_empty_lines_are_not_questions(asked):
    answers = asked(b"\n  \n", {"q": QUESTION, "id": 1}, b"\r\n", b'{"q": "Anerkennung", "id": 2}')
    assert [answer["id"] for answer in answers] == [1, 2]
    assert asked() == []


@pytest.mark.parametrize("arguments", [["ask"], ["ask", QUESTION]])
def test_a_reader_that_is_gone_ends_it_quietly(lotse, arguments):
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=lotse.folder,
        env=lotse.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    process.stdout = None
    _, errors = process.communicate(json.dumps({"q": QUESTION}).encode() if len(arguments) == 1 else b"", timeout=60)
    assert (process.returncode, errors) == (1, b"")


def test_broken_knowledge_of_before_answers_and_says_so(lotse, knowledge):
    assert lotse.runs("ask", "--knowledge", knowledge.folder, QUESTION).out == SMALL_ANSWER
    knowledge.break_it()
    done = lotse.runs("ask", "--knowledge", knowledge.folder, QUESTION)
    assert (done.code, done.out) == (0, SMALL_ANSWER)
    assert done.complaint.startswith("lotse: answers/broken/de.md:2: ")
