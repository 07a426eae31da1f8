"""Contact points out of a spreadsheet: each row becomes the file of one contact, if the whole folder stays sound."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.cells import quoted
from bot.domain.tables import Problem, Row, Table
from bot.library import contact_file
from bot.library.contact_file import ADDRESS, FLAGS, LISTS, NO, NOTE, NUMBER, POSITION, SOURCE, TEXTS, YES, Line
from bot.library.files import MOST_BYTES, File, collect
from bot.library.problems import Problem as Finding
from bot.library.read import examine
from bot.library.rules import apply_rules
from bot.library.table import ID, LANGUAGE

COLUMNS = ("id", *TEXTS, *LISTS, *FLAGS, *ADDRESS, *POSITION, *SOURCE)
OWN = "#"  # begins the names of columns that are the author's own
LONGEST_ID = 40
MISSING = {'"name" is missing': "name", '"title" is missing': "source"}  # what stands in no line
SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Plan:
    """The files that an import writes, by path; how many contacts are new, changed, and as they were."""

    files: Mapping[str, str]
    new: int
    changed: int
    unchanged: int


@dataclass(slots=True)
class _Drafts:
    """The contacts of a table by the paths of their files: their rows, the lines to be written, and the problems."""

    problems: list[Problem]
    rows: dict[str, Row] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)


def plan(folder: Path, table: Table) -> Plan | list[Problem]:
    """What importing a table would write, or every error in it by row and column.

    A contact is known again by its `id`, which is made of the name where the cell is empty. Of a contact that is known
    everything stays that the table has no column for. What `lotse check` would say of the folder afterwards counts as
    an error.

    Raises:
        MissingKnowledge: There is no such folder.
    """
    before = {file.path: file for file in collect(folder)}
    drafts = _Drafts([*table.problems, *_columns(table)])
    for row in table.rows:
        _draft(row, table, before, drafts)
    drafts.problems += _findings(before, drafts, table)
    if drafts.problems:
        return sorted(set(drafts.problems))
    written = {path: contact_file.as_text(lines) for path, lines in drafts.lines.items()}
    new = sum(path not in before for path in written)
    return Plan(written, new, len(written) - new, len(drafts.unchanged))


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Writes the files of a plan; none of them if one cannot be written.

    Raises:
        OSError: A file cannot be written.
    """
    (folder / "contacts").mkdir(exist_ok=True)
    targets = {path: folder / path for path in files}
    parts = {path: target.with_name(f".{target.name}.part") for path, target in targets.items()}  # hidden: not read
    try:
        for path, text in files.items():
            parts[path].write_text(text, "utf-8", newline="\n")
        for path, part in parts.items():
            part.replace(targets[path])
    finally:
        for part in parts.values():
            with suppress(OSError):
                part.unlink()


def _columns(table: Table) -> Iterator[Problem]:
    for name in table.columns:
        note = name.startswith(NOTE) and LANGUAGE.fullmatch(name.removeprefix(NOTE))
        if name and name not in COLUMNS and not note and not name.startswith(OWN):
            known = f"{', '.join(COLUMNS)}, {NOTE}de, {NOTE}en, …"
            yield Problem(table.header, name, f"there is no such column; there are {known}")
    for name in ("name", *POSITION):
        if name not in table.columns and (name == "name" or any(other in table.columns for other in POSITION)):
            yield Problem(table.header, name, "the column is missing")


def _draft(row: Row, table: Table, before: Mapping[str, File], drafts: _Drafts) -> None:
    """Adds the contact of a row, and what is wrong with its cells."""
    id_, wrong = _id(row)
    path = f"contacts/{id_}.toml"
    old = contact_file.parsed(before[path].content) if path in before else {}
    if not wrong and path in drafts.rows:
        wrong = f"{quoted(id_)} is the id of row {drafts.rows[path].number} already; give each an id of its own"
    elif not wrong and not row.cells.get("id") and path in before and old.get("name") != row.cells.get("name"):
        wrong = f"{quoted(id_)} is the id of another contact; give this one an id of its own"
    if wrong:
        drafts.problems.append(Problem(row.number, "id", wrong))
    if wrong or not id_:
        path, old = f"contacts/row-{row.number}.toml", {}  # so that the rest of the row is checked, too
    drafts.problems += _cells(row)
    drafts.rows[path] = row
    values = contact_file.merged(old, row.cells, table.columns)
    if old and values == old:
        drafts.unchanged.add(path)
    else:
        drafts.lines[path] = contact_file.as_lines(values)


def _id(row: Row) -> tuple[str, str]:
    """The id as given, else the name in small plain letters; and what is wrong with it."""
    if given := row.cells.get("id"):
        fits = ID.fullmatch(given)
        return given, "" if fits else "is not made of small letters a to z, digits and hyphens, 40 at most"
    name = row.cells.get("name", "").casefold().translate(SPELT)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_ID].strip("-")
    return made, "" if made or not name else "is needed here, for the name has no Latin letters"


def _cells(row: Row) -> Iterator[Problem]:
    for name in FLAGS:
        if (given := row.cells.get(name, "").casefold()) and given not in YES | NO:
            yield Problem(row.number, name, "is neither yes nor no")
    for name in POSITION:
        if name not in row.cells and any(other in row.cells for other in POSITION):
            yield Problem(row.number, name, "is missing; a position has both")
        elif name in row.cells and not NUMBER.fullmatch(row.cells[name]):
            yield Problem(row.number, name, "is not a number of degrees such as 48.137")


def _findings(before: Mapping[str, File], drafts: _Drafts, table: Table) -> Iterator[Problem]:
    """What is wrong with the folder as it would be."""
    after = dict(before)
    for path, lines in drafts.lines.items():
        content = contact_file.as_text(lines).encode("utf-8", "replace")
        after[path] = File(path, content) if len(content) <= MOST_BYTES else File(path, trouble="larger than 1 MiB")
    reading = examine(tuple(after[path] for path in sorted(after)))
    apply_rules(reading)
    for finding in reading.problems:
        row = drafts.rows.get(finding.path)
        if row is None:
            yield Problem(table.header, "", f"{finding.path}:{finding.line}: {finding.message}")
        else:
            yield Problem(row.number, _column(finding, drafts.lines.get(finding.path, ()), table), finding.message)


def _column(finding: Finding, lines: Sequence[Line], table: Table) -> str:
    """The column that a finding in a drafted file is about; empty where it is about the row."""
    if finding.message in MISSING:
        return MISSING[finding.message]
    columns = lines[finding.line - 1].columns if 0 < finding.line <= len(lines) else ()
    named = [name for name in columns if f'"{name}"' in finding.message]
    return next((name for name in (*named, *columns) if name in table.columns), "")
