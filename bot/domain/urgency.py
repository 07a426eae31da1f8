"""What goes out first of all that waits to be sent: the smaller number, by the column `priority` of the outbox."""

from __future__ import annotations

CANCELLED = 1  # who would set out for nothing
SEAT = 2  # given or offered: somebody has to decide or to get ready
AWAITED = 4  # an answer to somebody's question or act
USUAL = 5  # reminders and other notices
TO_MANY = 7  # announcements, digests, gaps
CORRECTION = 8  # of what everybody has already
