"""People who register outside Telegram: the file, its errors, the same line for all, and whom to e-mail."""

import asyncio

import pytest
from seating import ANNA, BORIS, NOW, STARTS, Network, ended, guest, set_state, states
from sqlalchemy import text

from bot.domain.instants import DAY, MINUTE
from bot.domain.tables import Problem, Row, Table
from bot.services.guest_import import import_guests
from bot.services.guest_rows import COLUMNS, Entered, check
from bot.services.guests import guests_of, to_tell
from bot.services.programme import cancel, move
from bot.services.registrations import leave_guest, register, register_guest

ENDS = STARTS + 150 * MINUTE
GUESTS = text("SELECT email, name, organisation, municipality FROM guests ORDER BY id")


@pytest.fixture
def network(database):
    return Network(database)


def table(*rows, columns=COLUMNS):
    """The rows of a file, the first of them in row 2; cells in the order of the columns."""
    cells = (dict(zip(columns, map(str, row), strict=False)) for row in rows)
    filled = ({name: cell for name, cell in one.items() if cell} for one in cells)
    return Table(columns, [Row(number, one) for number, one in enumerate(filled, 2)], [], 1, [])


def messages(problems):
    return [str(problem) for problem in problems]


async def imports(network, *rows, columns=COLUMNS):
    return await network.does(import_guests, check(table(*rows, columns=columns)))


def counts(imported):
    return imported.new, imported.changed, imported.unchanged


async def stored(network):
    return [tuple(row) for row in await network.reads(lambda tx: tx.execute(GUESTS))]


def test_a_row():
    file = check(
        table((3, " Anna  Muster ", "Amt", "", " Mailto:Anna@Example.ORG ", "JA"), columns=(*COLUMNS, "cancelled"))
    )
    assert file.problems == []
    assert file.rows == [Entered(2, "3", "Anna Muster", "Amt", "", "anna@example.org", cancelled=True)]


def test_every_error_of_a_file_at_once():
    file = check(
        table(
            ("", "", "", "", ""),
            (1, "n" * 201, "", "", "anna@example"),
            (1, "Anna", "", "", "Anna <anna@example.org>", "maybe"),
            columns=(*COLUMNS, "cancelled", "e-mail", "#own"),
        )
    )
    assert messages(file.problems) == [
        'row 1, column e-mail: there is no such column; did you mean "email"?',
        "row 2, column email: is missing",
        "row 2, column name: is missing",
        "row 2, column session: is missing",
        'row 3, column email: "anna@example" is not an e-mail address such as anna@example.org',
        "row 3, column name: has 201 characters; 200 are allowed",
        'row 4, column cancelled: "maybe" is neither yes nor no',
        'row 4, column email: "anna <anna@example.org>" is not an e-mail address such as anna@example.org',
    ]


def test_missing_columns_are_named_once():
    file = check(table((1, "Anna"), (1, "Boris"), columns=("session", "name")))
    assert messages(file.problems) == ["row 1: the columns are missing: organisation, municipality, email"]
    assert file.rows == []


def test_cells_that_could_not_be_read_are_told_once():
    read = table((1, "", "", "", "a@example.org"))
    file = check(Table(read.columns, read.rows, [Problem(2, "name", "is a formula")], 1, []))
    assert messages(file.problems) == ["row 2, column name: is a formula"]


@pytest.mark.parametrize("address", ["a@b.de", "a.b+c@sub.example.org", "ä@müller.example", "o'neil@example.org"])
def test_addresses(address):
    assert check(table((1, "Anna", "", "", address))).problems == []


@pytest.mark.parametrize(
    "address", ["a", "a@b", "@b.de", "a@b.de, c@d.de", "a b@c.de", "a@b..de", "a@\u200bb.de", "a@.de", "<a@b.de>"]
)
def test_what_is_no_address(address):
    assert [problem.column for problem in check(table((1, "Anna", "", "", address))).problems] == ["email"]


def test_one_address_is_one_person():
    file = check(
        table(
            (1, "Anna Muster", "Amt", "", "anna@example.org"),
            (2, "Anna Muster", "", "Musterstadt", "ANNA@example.org"),
            (3, "Boris Muster", "Amt", "", "anna@example.org"),
        )
    )
    assert messages(file.problems) == [
        'row 4, column name: row 2 says "Anna Muster" with the same e-mail address anna@example.org'
    ]
    assert [(row.organisation, row.municipality) for row in file.rows] == [("Amt", "Musterstadt")] * 3


async def test_the_order_of_the_file_is_the_order_of_the_line(network):
    session = await network.plans(2)
    await network.does(register, session, ANNA, None)
    rows = [(session, f"Gast {letter}", "Amt", "Ort", f"{letter}@example.org") for letter in "abc"]
    done = await imports(network, *rows)
    assert counts(done) == (3, 0, 0)
    assert [(row.registration.state, row.registration.place) for row in done.rows] == [
        ("confirmed", 0), ("waitlisted", 1), ("waitlisted", 2)
    ]  # fmt: skip
    assert await network.reads(states, session) == {
        ANNA: "confirmed",
        -1: "confirmed",
        -2: "waitlisted",
        -3: "waitlisted",
    }
    again = await imports(network, *rows)
    assert counts(again) == (0, 0, 3)
    assert len(await stored(network)) == 3


async def test_guests_are_known_again_by_their_address(network):
    one, two = await network.plans(2), await network.plans(2, starts=STARTS + DAY)
    await imports(network, (one, "Anna Muster", "Amt", "Ort", "anna@example.org"))
    done = await imports(network, (one, "Anna Beispiel", "", "", "ANNA@example.org"),
                         (two, "Anna Beispiel", "", "Neuort", "anna@EXAMPLE.org"))  # fmt: skip
    assert counts(done) == (1, 1, 0)
    assert await stored(network) == [("anna@example.org", "Anna Beispiel", "Amt", "Neuort")]


async def test_a_session_by_its_title(network):
    first, second = await network.plans(2), await network.plans(2)
    done = await imports(
        network, ("Session 1", "Anna", "", "", "a@example.org"), (f"{first}.0", "Anna", "", "", "a@example.org")
    )
    assert [row.session.id for row in done.rows] == [second, first]


async def test_every_error_of_the_sessions_at_once_and_nothing_is_imported(network):
    good = await network.plans(2)
    closed, cancelled = await network.plans(state="closed"), await network.plans(state="cancelled")
    begun = await network.plans(starts=NOW)
    twin = await network.plans(series="Wohnen")
    query = text("UPDATE sessions SET title = 'Session 0' WHERE id = :id")
    await network.database.write(lambda tx: tx.execute(query, {"id": twin}))
    meant = [good, closed, cancelled, begun, 99, 99_999_999_999, "Session 0", "Sesion 1", good]
    names = "abcdefgh"
    done = await imports(
        network, *[(one, "Anna", "", "", f"{name}@example.org") for one, name in zip(meant, names + "a", strict=True)]
    )
    assert messages(done) == [
        f"row 3, column session: the session {closed} is closed for registrations",
        f"row 4, column session: the session {cancelled} is cancelled",
        f"row 5, column session: the session {begun} has begun or is over",
        "row 6, column session: there is no session 99",
        "row 7, column session: there is no session 99999999999",
        f"row 8, column session: several sessions have this title; write one of the numbers {good}, {twin}",
        'row 9, column session: there is no session of this title; did you mean "Session 1" or "Session 0"?',
        "row 10, column email: stands in row 2 already, with the same session",
    ]
    assert await stored(network) == []
    assert await network.reads(states, good) == {}


async def test_a_file_may_be_imported_again_when_its_sessions_are_over(network):
    session = await network.plans(2)
    row = (session, "Anna", "", "", "a@example.org")
    await imports(network, row)
    network.now = ENDS + DAY
    assert counts(await imports(network, row)) == (0, 0, 1)
    assert messages(await imports(network, row, (session, "Boris", "", "", "b@example.org"))) == [
        f"row 3, column session: the session {session} has begun or is over"
    ]


async def test_a_guest_who_does_not_come_frees_the_seat(network):
    session = await network.plans(1)
    columns = (*COLUMNS, "cancelled")
    await imports(network, *[(session, name, "", "", f"{name}@example.org") for name in ("anna", "boris", "clara")])
    network.now += DAY
    gone = [(session, "anna", "", "", "anna@example.org", "yes"), (session, "emil", "", "", "emil@example.org", "yes")]
    done = await imports(network, *gone, columns=columns)
    assert counts(done) == (0, 1, 1)
    assert [(name, email, one.id) for name, email, one in done.raised] == [("boris", "boris@example.org", session)]
    assert await network.reads(states, session) == {-1: "cancelled", -2: "confirmed", -3: "waitlisted"}
    assert await network.reads(ended, session) == 1
    assert counts(await imports(network, *gone, columns=columns)) == (0, 0, 2)
    assert [row[0] for row in await stored(network)] == ["anna@example.org", "boris@example.org", "clara@example.org"]
    back = await imports(network, gone[0][:5], columns=columns)  # at the end of the line
    assert (counts(back), back.rows[0].registration.place) == ((1, 0, 0), 2)


async def test_a_free_seat_goes_to_the_queue_before_it_goes_to_the_file(network):
    session = await network.plans(1)
    await imports(network, (session, "anna", "", "", "anna@example.org"))
    await network.does(register, session, BORIS, None)
    rows = [(session, "anna", "", "", "anna@example.org", "yes"), (session, "clara", "", "", "clara@example.org", "")]
    done = await imports(network, *rows, columns=(*COLUMNS, "cancelled"))
    assert counts(done) == (1, 1, 0)
    assert await network.reads(states, session) == {-1: "cancelled", BORIS: "offered", -2: "waitlisted"}


async def test_each_session_is_noted_without_names(network):
    one, two = await network.plans(2), await network.plans(2)
    rows = [(two, "anna", "", "", "anna@example.org"), (one, "anna", "", "", "anna@example.org")]
    for _ in range(2):
        await imports(network, *rows)
    query = text("SELECT role, person, action, subject FROM audit ORDER BY id")
    assert [tuple(row) for row in await network.reads(lambda tx: tx.execute(query))] == [
        ("operator", None, "registrations imported", f"session {id_}") for id_ in (one, two)
    ]


async def test_whom_to_tell_of_a_change(network):
    session = await network.plans(1)
    guests = [await network.database.write(guest, f"{name}@example.org") for name in ("anna", "boris", "clara")]
    for one in guests:
        await network.does(register_guest, session, one)
    await network.does(register, session, ANNA, None)
    everybody = [("Muster", f"{name}@example.org") for name in ("anna", "boris", "clara")]
    assert await network.reads(guests_of, session) == everybody
    assert await network.reads(to_tell, session) == []
    network.now += DAY
    await network.does(leave_guest, session, guests[0])
    assert await network.reads(to_tell, session) == everybody[1:2]
    network.now += DAY
    await network.database.write(move, session, STARTS + DAY, 150, network.now, network.terms)
    assert await network.reads(to_tell, session, network.now) == everybody[1:]
    assert await network.reads(to_tell, session, network.now + 1) == []
    network.now += DAY
    await network.does(cancel, session)
    assert await network.reads(to_tell, session, network.now) == everybody[1:]  # who left before has nothing to hear
    assert await network.reads(guests_of, session) == []


async def test_a_session_closed_later_leaves_its_registrations(network):
    session = await network.plans(2)
    row = (session, "anna", "", "", "anna@example.org")
    await imports(network, row)
    await network.database.write(set_state, session, "closed")
    assert counts(await imports(network, row)) == (0, 0, 1)


async def test_the_same_file_imported_by_several_at_once(network):
    one, two = await network.plans(3), await network.plans(None)
    rows = [(id_, f"Gast {letter}", "", "", f"{letter}@example.org") for id_ in (two, one) for letter in "abcdef"]
    done = await asyncio.gather(*(imports(network, *rows) for _ in range(4)))
    assert sorted(map(counts, done)) == [(0, 0, 12)] * 3 + [(12, 0, 0)]
    assert sorted((await network.reads(states, one)).values()) == ["confirmed"] * 3 + ["waitlisted"] * 3
    assert len(await stored(network)) == 6
