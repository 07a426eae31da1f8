"""A programme file: what its rows say, and everything that is wrong with them at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.instants import microseconds, moment
from bot.domain.plan import Wording
from bot.domain.tables import Problem, Row, Table
from bot.domain.terms import Terms
from bot.services.programme_file import COLUMNS, Programme, check
from bot.services.programme_rows import Planned

TERMS = Terms()
TOPICS = ["integration", "work", "work-permit"]
GOOD = {"series": "Ankommen", "title": "Recht", "starts": "2026-12-03 10:00"}


def table(*rows, more=(), columns=COLUMNS, problems=()):
    """A table of these rows, the first one in row 2; `more` are further columns."""
    return Table([*columns, *more], [Row(number, row) for number, row in enumerate(rows, 2)], problems, 1, [])


def checked(*rows, more=(), topics=TOPICS):
    return check(table(*rows, more=more), TERMS, topics)


def problems(*rows, more=()):
    return [str(problem) for problem in checked(*rows, more=more).problems]


def test_a_row_with_nothing_but_the_needful():
    (planned,) = checked(GOOD).rows
    assert planned == Planned(2, None, "Ankommen", {}, Wording("Recht", "de"), planned.starts, 150, None, "")
    assert f"{moment(planned.starts):%Y-%m-%d %H:%M}" == "2026-12-03 09:00"  # ten o'clock in Berlin, in winter


def test_a_row_with_everything():
    row = {
        "session": "7.0",
        "series": "Ankommen  in Bayern",
        "title": "Recht\nund Rat",
        "starts": "3.7.2026 18:30",
        "minutes": "90",
        "capacity": "50.0",
        "join_url": "https://meet.example.org/a",
        "language": "DE",
        "topics": "Work; integration",
        "speakers": "Dr. Änne Muster",
        "summary": "Line one\nline two",
        "for": "landkreis, Kreisfreie-Stadt",
        "title_uk": "Право",
        "summary_uk": "Коротко",
        "title_de": "Recht und Rat",
        "series_uk": "Прибуття",
        "#notes": "ours",
    }
    programme = checked(row, more=[name for name in row if name not in COLUMNS])
    wording = Wording(
        "Recht und Rat",
        "de",
        "Line one\nline two",
        "Dr. Änne Muster",
        ("work", "integration"),
        ("landkreis", "kreisfreie-stadt"),
        {"uk": ("Право", "Коротко")},
    )
    starts = programme.rows[0].starts
    expected = Planned(
        2, 7, "Ankommen in Bayern", {"uk": "Прибуття"}, wording, starts, 90, 50, "https://meet.example.org/a"
    )
    assert programme == Programme([expected], [], {"de", "uk"}, {"uk"})
    assert f"{moment(starts):%H:%M}" == "16:30"  # in Berlin, in summer


@pytest.mark.parametrize(("text", "utc"), [("2026-03-29 02:30", "01:30"), ("2026-10-25 02:30", "01:30")])
def test_the_nights_when_clocks_change(text, utc):
    (planned,) = checked(GOOD | {"starts": text}).rows
    assert f"{moment(planned.starts):%H:%M}" == utc


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"series": ""}, "row 2, column series: is missing"),
        ({"title": " "}, "row 2, column title: is missing"),
        ({"title": "x" * 201}, "row 2, column title: has 201 characters; 200 are allowed"),
        ({"summary": "x" * 2001}, "row 2, column summary: has 2001 characters; 2000 are allowed"),
        ({"starts": ""}, "row 2, column starts: is missing"),
        (
            {"starts": "2026-13-03 10:00"},
            'row 2, column starts: "2026-13-03 10:00" is not a date with a time such as 2026-12-03 10:00',
        ),
        ({"minutes": "0"}, 'row 2, column minutes: "0" is not a whole number from 1 to 1440'),
        ({"minutes": "1441"}, 'row 2, column minutes: "1441" is not a whole number from 1 to 1440'),
        ({"minutes": "2:30"}, 'row 2, column minutes: "2:30" is not a whole number from 1 to 1440'),
        ({"capacity": "0"}, 'row 2, column capacity: "0" is not a whole number from 1 to 100000'),
        ({"capacity": "-5"}, 'row 2, column capacity: "-5" is not a whole number from 1 to 100000'),
        ({"capacity": "100001"}, 'row 2, column capacity: "100001" is not a whole number from 1 to 100000'),
        (
            {"join_url": "meet.example.org"},
            'row 2, column join_url: "meet.example.org" is not a web address such as https://meet.example.org/room',
        ),
        ({"language": "eng"}, 'row 2, column language: "eng" is not a language of Lotse; did you mean "en"?'),
        (
            {"topics": "integraton, work"},
            'row 2, column topics: "integraton" is not known; did you mean "integration"?',
        ),
        (
            {"for": "kreisstadt"},
            'row 2, column for: "kreisstadt" is not known; did you mean "kreisfreie-stadt"?',
        ),
        ({"session": "no. 3"}, 'row 2, column session: "no. 3" is not the number of a session'),
        ({"session": "-1"}, 'row 2, column session: "-1" is not the number of a session'),
        ({"session": "999999999999"}, 'row 2, column session: "999999999999" is not the number of a session'),
        ({"summary_uk": "Коротко"}, "row 2, column title_uk: is missing; there is a summary in uk"),
        (
            {"title_de": "Anders"},
            "row 2, column title_de: is another text than in the column title, which is in de",
        ),
    ],
)
def test_what_can_be_wrong_in_a_cell(cells, problem):
    found = problems(GOOD | cells, more=[name for name in cells if name not in COLUMNS])
    assert found == [problem]


def test_every_error_of_every_row_at_once():
    bad = {"series": "Ankommen", "starts": "soon", "minutes": "-1", "capacity": "many", "topics": "x"}
    assert problems(bad, GOOD, bad | {"title": "Recht"}) == [
        'row 2, column capacity: "many" is not a whole number from 1 to 100000',
        'row 2, column minutes: "-1" is not a whole number from 1 to 1440',
        'row 2, column starts: "soon" is not a date with a time such as 2026-12-03 10:00',
        "row 2, column title: is missing",
        'row 2, column topics: "x" is not known; known here: integration, work, work-permit',
        'row 4, column capacity: "many" is not a whole number from 1 to 100000',
        'row 4, column minutes: "-1" is not a whole number from 1 to 1440',
        'row 4, column starts: "soon" is not a date with a time such as 2026-12-03 10:00',
        'row 4, column topics: "x" is not known; known here: integration, work, work-permit',
    ]


def test_where_the_knowledge_cannot_be_read_any_topic_will_do():
    assert checked(GOOD | {"topics": "x"}, topics=None).rows[0].wording.topics == ("x",)


def test_the_same_session_twice():
    again = GOOD | {"title": " Recht ", "starts": "2026-12-04 10:00"}
    numbered = GOOD | {"title": "Wohnen", "session": "3"}
    renamed = GOOD | {"title": "Arbeit", "session": "3"}
    assert problems(GOOD, again, numbered, renamed, more=["session"]) == [
        'row 3, column title: "Recht" stands in row 2 already',
        "row 5, column session: the session 3 stands in row 4 already",
    ]


def test_a_series_has_one_title_in_a_language():
    rows = [GOOD | {"title": title, "series_uk": uk} for title, uk in [("A", "Перше"), ("B", ""), ("C", "Друге")]]
    assert problems(*rows, more=["series_uk"]) == [
        "row 4, column series_uk: differs from row 2, where the series is the same"
    ]


def test_missing_and_unknown_columns_are_named():
    columns = [name for name in COLUMNS if name not in {"starts", "for"}]
    found = check(table(GOOD, columns=[*columns, "titel", "title_xx", "#ours", ""]), TERMS, TOPICS)
    assert [str(problem) for problem in found.problems] == [
        "row 1: the columns are missing: starts, for",
        'row 1, column titel: there is no such column; did you mean "title"?',
        (
            "row 1, column title_xx: there is no such column; known here: de, de-simple, en, uk, ru, ar, tr, fa, fr, "
            "ro, pl, es"
        ),
    ]
    assert found.rows == []


def test_where_a_column_is_missing_the_others_are_checked_all_the_same():
    columns = [name for name in COLUMNS if name != "title"]
    found = check(table(GOOD | {"minutes": "0"}, columns=columns), TERMS, TOPICS)
    assert [str(problem) for problem in found.problems] == [
        "row 1: the column is missing: title",
        'row 2, column minutes: "0" is not a whole number from 1 to 1440',
    ]
    assert found.rows == []


def test_one_missing_column_is_named():
    columns = [name for name in COLUMNS if name != "capacity"]
    (problem,) = check(table(GOOD, columns=columns), TERMS, TOPICS).problems
    assert problem == Problem(1, "", "the column is missing: capacity")


def test_a_cell_that_could_not_be_read_is_told_once():
    formula = Problem(2, "starts", "is a formula")
    programme = check(table({name: GOOD[name] for name in ("series", "title")}, problems=[formula]), TERMS, TOPICS)
    assert (programme.rows, programme.problems) == ([], [formula])


def test_instants_are_exact():
    (planned,) = checked(GOOD | {"starts": "2026-12-03 10:00:01"}).rows
    assert planned.starts == microseconds(moment(planned.starts)) == 1_796_288_401_000_000


anything = st.one_of(
    st.text(), st.sampled_from(["2026-12-03 10:00", "de", "1", "-1", "1e400", "https://x", "work", ""])
)


@given(
    st.lists(st.dictionaries(st.sampled_from([*COLUMNS, "session", "title_uk", "summary_uk"]), anything), max_size=4)
)
def test_whatever_stands_in_the_cells_a_row_is_planned_or_has_problems(rows):
    programme = checked(*rows, more=["session", "title_uk", "summary_uk"])
    planned = {one.row for one in programme.rows}
    wrong = {problem.row for problem in programme.problems}
    assert planned | wrong == set(range(2, 2 + len(rows)))
    assert all("\n" not in str(problem) for problem in programme.problems)
    for one in programme.rows:
        assert one.minutes > 0
        assert one.capacity is None or one.capacity > 0
        assert "\n" not in one.series + one.wording.title
