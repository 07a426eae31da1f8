"""Series, sessions, registrations, the outbox, and what is counted of them.

Instants are integer UTC microseconds, Telegram's ids 64-bit integers, lists JSON arrays.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# In SQLite only INTEGER makes a primary key the row's own number, without a second index.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what sessions need to the first tables, and create their own."""
    op.add_column("people", sa.Column("reminders", sa.Text))  # "7d,1h", "" for none; NULL for the default
    op.add_column("people", sa.Column("mark", sa.Text))  # random; under it counts stay when the person goes
    _index("people_reminders", "people", ["reminders"], "reminders IS NOT NULL")
    op.add_column("drafts", sa.Column("message", sa.BigInteger))  # the question that a reply answers
    _programme()
    _registrations()
    _details()
    _outbox()
    _records()


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    """An index over the rows that fulfil a condition only."""
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _programme() -> None:
    op.create_table(
        "series",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("title", sa.Text, nullable=False, unique=True),
        sa.Column("titles", sa.Text, nullable=False, server_default="{}"),  # JSON: language -> title
        sa.Column("created", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sessions",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("series", sa.BigInteger, sa.ForeignKey("series.id"), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False, server_default=""),
        sa.Column("speakers", sa.Text, nullable=False, server_default=""),
        sa.Column("topics", sa.Text, nullable=False, server_default="[]"),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("wordings", sa.Text, nullable=False, server_default="{}"),  # JSON: language -> [title, summary]
        sa.Column("starts", sa.BigInteger, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("capacity", sa.Integer),  # NULL: unlimited
        sa.Column("join_url", sa.Text, nullable=False, server_default=""),
        sa.Column("municipalities", sa.Text, nullable=False, server_default="[]"),
        sa.Column("materials", sa.Text, nullable=False, server_default=""),
        sa.Column("code_word", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.Text, nullable=False, server_default="open"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),  # grows when it is moved
        sa.Column("sequence", sa.Integer, nullable=False, server_default="0"),  # grows when calendars must know
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sa.Column("moved", sa.BigInteger, nullable=False),  # when the start was set last
        sa.Column("finished", sa.BigInteger),  # when those who attended were written to
        sa.Column("frozen", sa.BigInteger),  # when its registrations were deleted
        sa.Column("ended", sa.Integer, nullable=False, server_default="0"),  # registrations left, declined, lapsed
        sa.UniqueConstraint("series", "title", name="sessions_title"),
        sa.CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="sessions_state"),
        sa.CheckConstraint("minutes > 0", name="sessions_minutes"),
        sa.CheckConstraint("capacity > 0", name="sessions_capacity"),
        sqlite_autoincrement=True,
    )
    op.create_index("sessions_starts", "sessions", ["starts"])


def _registrations() -> None:
    op.create_table(  # people who register outside Telegram
        "guests",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("email", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False, server_default=""),
        sa.Column("municipality", sa.Text, nullable=False, server_default=""),
        sa.Column("mark", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "registrations",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("session", sa.BigInteger, sa.ForeignKey("sessions.id"), nullable=False),
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), index=True),
        sa.Column("guest", sa.BigInteger, sa.ForeignKey("guests.id"), index=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("line", sa.BigInteger, nullable=False),  # the order in the session
        sa.Column("offered_until", sa.BigInteger),
        sa.Column("lapses", sa.Integer, nullable=False, server_default="0"),
        sa.Column("confirmed_at", sa.BigInteger),
        sa.Column("changes", sa.Integer, nullable=False, server_default="0"),  # how often its state changed
        sa.Column("unwanted", sa.Boolean, nullable=False, server_default=sa.false()),  # left by itself, not with all
        sa.Column("claimed", sa.Boolean, nullable=False, server_default=sa.false()),  # says to have been there
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "state IN ('confirmed', 'waitlisted', 'offered', 'cancelled', 'attended', 'no_show')",
            name="registrations_state",
        ),
        sa.CheckConstraint("(person IS NULL) <> (guest IS NULL)", name="registrations_who"),
        sa.UniqueConstraint("session", "person", name="registrations_person"),
        sa.UniqueConstraint("session", "guest", name="registrations_guest"),
        sqlite_autoincrement=True,
    )
    op.create_index("registrations_line", "registrations", ["session", "state", "line"])
    _index("registrations_offers", "registrations", ["offered_until"], "state = 'offered'")
    op.create_table(  # those who took all sessions of a series
        "takes_all",
        sa.Column("series", sa.BigInteger, sa.ForeignKey("series.id"), primary_key=True),
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), primary_key=True, index=True),
        sa.Column("since", sa.BigInteger, nullable=False),
    )


def _details() -> None:
    op.create_table(  # for list and certificate; given freely
        "details",
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("organisation", sa.Text, nullable=False, server_default=""),
        sa.Column("municipality", sa.Text, nullable=False, server_default=""),
        sa.Column("municipality_type", sa.Text, nullable=False, server_default=""),
        sa.Column("asked", sa.BigInteger, nullable=False),  # a row without answers says that the question was put
    )
    op.create_table(  # what somebody needs to take part, with consent, for two weeks after the session
        "needs",
        sa.Column("session", sa.BigInteger, sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), primary_key=True, index=True),
        sa.Column("sign_language", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("subtitles", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("other", sa.Text, nullable=False, server_default=""),
        sa.Column("consented", sa.BigInteger, nullable=False),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("dedup", sa.Text, nullable=False),  # one message of this name to a person, ever
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("session", sa.BigInteger, sa.ForeignKey("sessions.id")),
        sa.Column("parameters", sa.Text, nullable=False, server_default="{}"),  # JSON
        sa.Column("priority", sa.Integer, nullable=False, server_default="5"),  # smaller goes first
        sa.Column("state", sa.Text, nullable=False, server_default="waiting"),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger),  # not sent after it
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("ambiguous", sa.Integer, nullable=False, server_default="0"),  # sendings that ended unknown
        sa.Column("fence", sa.BigInteger),  # the number of the sender that holds it
        sa.Column("message", sa.BigInteger),  # the id of what was sent
        sa.Column("error", sa.Text),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'sending', 'sent', 'failed', 'blocked', 'unconfirmed', 'dropped')",
            name="outbox_state",
        ),
        sa.UniqueConstraint("person", "dedup", name="outbox_once"),
        sqlite_autoincrement=True,
    )
    _index("outbox_ready", "outbox", ["priority", "due", "id"], "state = 'waiting'")
    _index("outbox_expiring", "outbox", ["expires"], "state = 'waiting' AND expires IS NOT NULL")
    _index("outbox_held", "outbox", ["fence"], "state IN ('claimed', 'sending')")
    op.create_index("outbox_session", "outbox", ["session", "state"])
    op.create_table(  # who may send now
        "leases",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("last_send", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(  # up to when a tick has done its work
        "marks", sa.Column("name", sa.Text, primary_key=True), sa.Column("at", sa.BigInteger, nullable=False)
    )


def _records() -> None:
    op.create_table(  # deliveries to people who are gone
        "totals",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(  # registrations of people who are gone, for the figures; a mark leads to nobody
        "participations",
        sa.Column("mark", sa.Text, primary_key=True),
        sa.Column("session", sa.BigInteger, sa.ForeignKey("sessions.id"), primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False, server_default=""),
        sa.Column("municipality", sa.Text, nullable=False, server_default=""),  # a keyed hash
        sa.Column("municipality_type", sa.Text, nullable=False, server_default=""),
    )
    op.create_table(  # what people take from a session; nobody's name is with it
        "feedback",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("session", sa.BigInteger, sa.ForeignKey("sessions.id"), nullable=False, index=True),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(  # what was done with a role's rights
        "audit",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("role", sa.Text, nullable=False),  # coordinator, or operator for the command line
        sa.Column("person", sa.BigInteger, index=True),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False, server_default=""),
        sqlite_autoincrement=True,
    )
