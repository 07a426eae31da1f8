"""What can be wrong with a database, in sentences that its operator can act on."""

from __future__ import annotations


class MalformedUrl(ValueError):  # noqa: N818 - the plain name is the public one
    """The database URL is neither `sqlite:///…` nor `postgresql://…`. The message never repeats a password."""


class DatabaseUnavailable(Exception):  # noqa: N818 - it describes a state of the world
    """The database cannot be reached, read or written now; the message is one sentence and names it.

    Whether a write that ended like this was stored is unknown when the connection broke during its COMMIT:
    repeat it only if it may happen twice.
    """


class NewerSchema(Exception):  # noqa: N818 - it describes a state of the world
    """The database was written by a newer version of this program; using it could damage it."""
