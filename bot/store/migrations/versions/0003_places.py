"""The official register of municipalities, and the place that a person wants remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the register, empty, and add the place to people."""
    op.create_table(
        "municipalities",
        sa.Column("key", sa.Text, primary_key=True),  # the official municipality key
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("district", sa.Text, nullable=False),
        sa.Column("rural", sa.Boolean, nullable=False),
        sa.Column("lat", sa.Float),
        sa.Column("lon", sa.Float),
    )
    op.add_column("people", sa.Column("place", sa.BigInteger))  # its number in the gazetteer, kept on request
