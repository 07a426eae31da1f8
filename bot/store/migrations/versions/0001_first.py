"""People, the inbox, what was counted, drafts and secrets.

Instants are integer UTC microseconds, Telegram's ids 64-bit integers.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# In SQLite only INTEGER makes a primary key the row's own number, without a second index.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the first tables."""
    _people()
    _inbox()
    _counts()
    op.create_table(
        "secrets", sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", _ID, primary_key=True, autoincrement=False),
        sa.Column("language", sa.Text),  # what the person chose
        sa.Column("code", sa.Text),  # Telegram's language_code, last seen
        sa.Column("role", sa.Text),
        sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("seen", sa.BigInteger, nullable=False),  # the day only
    )
    op.create_table(
        "drafts",
        sa.Column("id", _ID, sa.Identity(), primary_key=True),
        sa.Column("person", sa.BigInteger, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),  # JSON
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("bot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("chat", sa.BigInteger),
        sa.Column("body", sa.Text),  # JSON as Telegram sent it
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),  # the process that handles it
        sa.Column("handed", sa.Boolean, nullable=False, server_default=sa.false()),  # it has been told so
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'done', 'failed')", name="inbox_state"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "inbox_waiting", "inbox", ["bot", "chat", "update_id"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_table(
        "processes",
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("alive_until", sa.BigInteger, nullable=False),
    )


def _counts() -> None:
    op.create_table(
        "tallies",
        sa.Column("month", sa.Text, primary_key=True),  # 2026-12, UTC
        sa.Column("language", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),  # the id of an entry, or empty
        sa.Column("count", sa.BigInteger, nullable=False),
    )
