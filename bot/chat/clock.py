"""Instants as the database keeps them."""

from __future__ import annotations

from datetime import datetime


def microseconds(instant: datetime) -> int:
    """UTC microseconds since 1970 of an aware datetime, exact."""
    whole = int(instant.timestamp())
    return whole * 1_000_000 + instant.microsecond
