"""How answers, practices and help in danger look: records into messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.chat.markup import LRM, body_lines, bold, escape, foreign_link, left
from bot.chat.message import LONGEST, Button, Message, Row, units
from bot.domain.knowledge import Contact, Entry, Knowledge, Source, Text, in_language, newest_date
from bot.domain.languages import RIGHT_TO_LEFT
from bot.domain.phones import copy_number
from bot.services.opening import open_first
from bot.texts import Texts, no_version, texts

CONTACTS_SHOWN = 2  # on an answer card, by the contract; the others by `more:`


def entry_card(knowledge: Knowledge, entry: Entry, language: str, now: datetime, last: Row = ()) -> Message:
    """The card of an answer or a practice with its contact points; help in danger has its own.

    `last` is the row that leads back, if there is one.
    """
    text = version(entry, language)
    if entry.urgent:
        return danger_card(knowledge, entry, text, language, now)
    _ = texts(language).gettext
    contacts = [knowledge.contacts[key] for key in entry.contacts if key in knowledge.contacts]
    shown = CONTACTS_SHOWN if entry.kind == "answer" else 1
    rows: list[Row] = [] if entry.kind == "answer" else [_report_row(entry, text, language)]
    rows += [(contact_button(contact),) for contact in contacts[:shown]]
    rows += german_row(entry, text, language)
    # Translators: button label
    rows.append((Button(_("Ask a person"), f"person:{entry.id}"),))
    rows.append(
        (
            # Translators: button label
            Button(_("Helpful"), f"helpful:{entry.id}:yes"),
            # Translators: button label
            Button(_("Not helpful"), f"helpful:{entry.id}:no"),
        )
    )
    if len(contacts) > shown:
        # Translators: button label
        last = (Button(_("More contact points"), f"more:contacts-{entry.id}:0"), *last)
    return Message("\n".join(entry_lines(entry, text, language, now.date())), (*rows, last) if last else tuple(rows))


def _report_row(entry: Entry, text: Text, language: str) -> Row:
    """A practice to print, and to pass on into another chat."""
    _ = texts(language).gettext
    # Translators: button label
    report = Button(_("Get PDF"), f"pdf:{entry.id}")
    # Translators: button label
    return (report, Button(_("Share"), share=text.title))


def version(entry: Entry, language: str) -> Text:
    """The entry's text for a reader of this language."""
    text = in_language(entry.texts, language)
    assert text is not None, "an entry has at least one text"
    return text


def german_row(entry: Entry, text: Text, language: str) -> list[Row]:
    """The button to the German version where another is shown, and from there back to the reader's own."""
    _ = texts(language).gettext
    if text.language != "de" and "de" in entry.texts:
        # Translators: button label
        return [(Button(_("Show in German"), f"entry:{entry.id}:de"),)]
    return []


def entry_lines(entry: Entry, text: Text, language: str, today: date) -> list[str]:
    """The text of a card: title, what to do, the sentence for the counter, source and date."""
    lines = [bold(text.title), *body_lines(text.body, language)]
    lines += [*_say_lines(text, language), *_last_lines(entry, text, language, today)]
    return lines


def _last_lines(entry: Entry, text: Text, language: str, today: date) -> list[str]:
    """What ends every card: whether it has expired, what there is to know of the version, source and date."""
    t = texts(language)
    lines = []
    if entry.valid_until and entry.valid_until < today:
        expired = t.gettext("This has expired on {day}. Ask whether it still holds.")
        lines.append(bold(expired.format(day=t.day(entry.valid_until))))
    lines += version_lines(text, language)
    lines += source_lines(entry.sources, entry.reviewed_on, t)
    return lines


def _say_lines(text: Text, language: str) -> list[str]:
    """The sentence to show at the counter, which is always German, with its meaning for the reader."""
    if not text.say:
        return []
    _ = texts(language).gettext
    sentence = escape(f"„{text.say}“")
    if not text.say_meaning:
        return [_("At the counter: {sentence}").format(sentence=sentence)]
    meaning = escape(text.say_meaning)
    if language in RIGHT_TO_LEFT:
        return [_("To show at the counter (it means: {meaning}):").format(meaning=meaning), LRM + sentence]
    return [_("To show at the counter: {sentence} ({meaning})").format(sentence=sentence, meaning=meaning)]


def version_lines(text: Text, language: str) -> list[str]:
    """What the reader must know of the version shown: not in their language, or not yet checked."""
    t = texts(language)
    if foreign := no_version(text.language, t):
        return foreign
    if text.language != "de" and not text.reviewed_by:
        return [t.gettext("This version has not been checked by a native speaker yet.")]
    return []


def source_lines(sources: Sequence[Source], reviewed_on: date | None, t: Texts) -> list[str]:
    """Sources as links, and how old the statement is; "checked" only where a person has checked it."""
    lines = []
    if sources:
        links = t.items(tuple(foreign_link(source.title, source.url, t.language) for source in sources))
        lines.append(t.gettext("Source: {sources}").format(sources=links))
    if reviewed_on:
        lines.append(t.gettext("Checked on {day}").format(day=t.day(reviewed_on)))
    elif newest_date(sources):
        lines.append(t.gettext("Source as of {month}").format(month=t.month(newest_date(sources))))
    elif read := max((source.accessed for source in sources), default=""):
        lines.append(t.gettext("Source without a date, read in {month}").format(month=t.month(read)))
    return lines


def danger_card(knowledge: Knowledge, entry: Entry, text: Text, language: str, now: datetime) -> Message:
    """Help in danger: a neutral first line, the numbers with the open ones first, nothing that asks back.

    The lowest button deletes; it names message 0, "the one it is under", until the message has an id.
    """
    t = texts(language)
    _ = t.gettext
    contacts = open_first([c for key in entry.contacts if (c := knowledge.contacts.get(key)) and c.phone], now)
    first = [_("Reply to your question. Details are below, with source and date."), ""]
    for contact in contacts:
        first += [escape(note(contact, language)), left(contact.phone)]
    last = [
        _(
            "Does someone else read this phone? Tap “Delete these messages” (works for 48 hours). "
            "Clear the call list too."
        ),
        *_last_lines(entry, text, language, now.date()),
    ]
    body = list(body_lines(text.body, language))
    while body and units("\n".join([*first, "", *body, *last])) > LONGEST:
        body.pop()  # one press must find the whole of it, so it has to be one message
    lines = [*first, "", *body, *last]
    rows: list[Row] = [(copy_button(contact, t),) for contact in contacts]
    rows += german_row(entry, text, language)
    rows.append(wipe_row(language, 0))
    return Message("\n".join(lines), tuple(rows), silent=True)


def wipe_row(language: str, message_id: int) -> Row:
    """The button that deletes a delicate answer and its question."""
    # Translators: button label
    return (Button(texts(language).gettext("Delete these messages"), f"wipe:{message_id}"),)


def contact_button(contact: Contact) -> Button:
    """A button that shows a contact point, with the name on the door."""
    return Button(shortened(contact.name), f"contact:{contact.id}")


def shortened(label: str, longest: int = 40) -> str:
    """A label that a cheap phone shows whole, cut at a word where it is longer."""
    if len(label) <= longest:
        return label
    cut = label[: longest - 1].rsplit(" ", 1)[0]
    return f"{cut.rstrip(' ,–-')}…"


def copy_button(contact: Contact, t: Texts) -> Button:
    """A button that copies the contact's number."""
    # Translators: button label
    return Button(t.gettext("Copy {number}").format(number=contact.phone), copy=copy_number(contact.phone))


def note(contact: Contact, language: str) -> str:
    """What the contact is for, in the reader's language; its name where that is not written down."""
    return in_language(contact.notes, language) or contact.name
