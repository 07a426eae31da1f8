"""Announcements and who asked for them, invitations, questions to the coordinators, and what was asked in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

# In SQLite only INTEGER makes a primary key the row's own number, without a second index.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables of announcing and of hearing back."""
    _announcements()
    _newsletter()
    _roles()
    _hearing_back()


def _index(name: str, table: str, columns: list[str], condition: str) -> None:
    """An index over the rows that fulfil a condition only."""
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _announcements() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text, unique=True),  # of one that Lotse makes by itself, so that it is made once
        sa.Column("author", sa.BigInteger),  # Telegram's id; NULL for Lotse itself and for who is gone
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),  # JSON: texts by language, picture or document, card
        sa.Column("audience", sa.Text, nullable=False),  # JSON
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),  # grows when it is corrected
        sa.Column("reached", sa.BigInteger, nullable=False, server_default="0"),  # queued for people up to this one
        sa.Column("corrected", sa.BigInteger),  # corrections are queued for people down to this one; NULL: for all
        sa.Column("repeated", sa.BigInteger),  # failed ones wait again for people up to this one; NULL: for all
        sa.Column("round", sa.Integer, nullable=False, server_default="1"),  # grows when failed ones are repeated
        sa.Column("progress", sa.BigInteger),  # the message in the author's chat that shows how far it is
        sa.Column("told", sa.BigInteger, nullable=False, server_default="0"),  # when that message was written last
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),  # when the last message about it had ended
        sa.CheckConstraint("state IN ('queueing', 'sending', 'finished', 'cancelled')", name="announcements_state"),
        sqlite_autoincrement=True,
    )
    _index("announcements_open", "announcements", ["id"], "ended IS NULL OR corrected IS NOT NULL")
    _index("announcements_shown", "announcements", ["told"], "progress IS NOT NULL")
    op.add_column("outbox", sa.Column("announcement", sa.BigInteger))
    _index("outbox_announcement", "outbox", ["announcement", "state", "person"], "kind = 'announcement'")
    _index(
        "outbox_ended",
        "outbox",
        ["due"],
        "COALESCE(session, 0) = 0 AND kind <> 'announcement' "
        "AND state IN ('sent', 'failed', 'blocked', 'unconfirmed', 'dropped')",
    )
    op.create_table(  # groups and channels that somebody with the role has linked
        "chats",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),  # Telegram's, below 0
        sa.Column("kind", sa.Text, nullable=False),  # group or channel
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("language", sa.Text),  # what is posted there is written in; NULL for the default
        sa.Column("linked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("added_by", sa.BigInteger),  # Telegram's id of who may link it; NULL for who is gone
        sa.Column("reported", sa.BigInteger, nullable=False),  # when Telegram last said that Lotse may post there
    )


def _newsletter() -> None:
    op.create_table(  # a row says that the newsletter is on
        "subscriptions",
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), primary_key=True, autoincrement=False),
        sa.Column("topics", sa.Text, nullable=False, server_default=""),  # ids with spaces between; empty: all
        sa.Column("rhythm", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("digested", sa.BigInteger, nullable=False),  # up to when the last digest told what is new
        sa.CheckConstraint("rhythm IN ('at-once', 'weekly', 'monthly')", name="subscriptions_rhythm"),
    )
    op.create_index("subscriptions_digested", "subscriptions", ["rhythm", "digested", "person"])
    op.create_table(  # since when the knowledge holds an entry
        "novelties",
        sa.Column("entry", sa.Text, primary_key=True),
        sa.Column("since", sa.BigInteger, nullable=False),  # 0: it was there from the beginning
    )
    op.add_column("series", sa.Column("announces", sa.Text, nullable=False, server_default=""))  # new soon changed


def _roles() -> None:
    op.add_column("people", sa.Column("role_since", sa.BigInteger))
    with_role = sa.text("role IS NOT NULL")
    op.create_index("people_role", "people", ["role"], sqlite_where=with_role, postgresql_where=with_role)
    op.create_table(
        "invitations",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("hash", sa.Text, nullable=False, unique=True),  # of the token, which is not kept
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("invited_by", sa.BigInteger),  # NULL for the command line
        sa.Column("used_by", sa.BigInteger),  # NULL while it can be used
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.CheckConstraint("role IN ('coordinator', 'staff')", name="invitations_role"),
        sqlite_autoincrement=True,
    )


def _hearing_back() -> None:
    op.create_table(  # what people have sent to the coordinators
        "inquiries",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("about", sa.Text, nullable=False, server_default=""),  # a topic, an entry, or empty
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, server_default="open"),
        sa.Column("asked", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
        sa.Column("ended", sa.BigInteger),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name="inquiries_state"),
        sqlite_autoincrement=True,
    )
    op.create_table(  # this month's outcomes; a keyed hash tells people apart, its key is thrown away with the month
        "askers",
        sa.Column("month", sa.Text, primary_key=True),  # 2026-12, UTC
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("asker", sa.Text, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    op.create_table(  # the months that have ended
        "asked",
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text, primary_key=True),
        sa.Column("topic", sa.Text, primary_key=True),
        sa.Column("people", sa.BigInteger, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
