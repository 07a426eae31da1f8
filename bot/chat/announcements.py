"""How an announcement looks to one reader: the preview and the message that arrives come from here alike."""

from __future__ import annotations

from bot.chat.announcement_cards import card_lines, card_rows, open_payload
from bot.chat.links import start_link
from bot.chat.markup import directed_message, escape
from bot.chat.message import LONGEST, LONGEST_CAPTION, Button, Message, Row, length
from bot.chat.series import leave_all_row
from bot.chat.session_parts import leave_row
from bot.chat.talk import House
from bot.domain.announcements import Announcement, Audience, Wording
from bot.domain.languages import LANGUAGES
from bot.services.notices import Facts
from bot.store.outbox import Claimed
from bot.texts import N_, Texts, no_version, texts

REASONS: dict[str, str] = {  # the first line of a card that Lotse announces by itself
    "new": N_("New series: {title} 📅"),
    "soon": N_("Places left: {title} 📅"),
    "moved": N_("New time: {title}"),
    "cancelled": N_("Cancelled: {title}"),
}


def letter(house: House, announcement: Announcement, facts: Facts, t: Texts) -> Message | None:
    """The message for a reader of this language, before text direction is put in.

    None where there is nothing to say: the session of a mere card has begun or was cancelled.
    """
    content = announcement.content
    code, wording = content.wording(t.language)
    below = card_lines(house.knowledge, content.card, facts.card, t, alone=wording is None and not content.reason)
    if content.reason and below:
        below[0] = t.gettext(REASONS[content.reason]).format(title=below[0])
    above = _words(code, wording, t) if wording else []
    lines = [*above, *([""] if above and below else []), *below]
    if not lines and not (content.photo or content.document):
        return None
    rows = tuple(_rows(house, announcement, facts, t))
    return Message("\n".join(lines), rows, photo=content.photo, document=content.document)


def notice(house: House, claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """Writes an announcement, or a correction of it, from the announcement as it stands now.

    None for a group or channel that is not linked any more.
    """
    unlinked = claimed.person < 0 and not (facts.chat and facts.chat.linked)
    return letter(house, facts.announcement, facts, t) if facts.announcement and not unlinked else None


def too_long(house: House, announcement: Announcement, facts: Facts) -> tuple[str, int, int] | None:
    """The language in which the message is longest, its length, and what is possible; None where it always fits.

    All languages count, since readers may choose another before it is sent. Lengths are in UTF-16 units.
    """
    content = announcement.content
    most = LONGEST_CAPTION if content.photo or content.document else LONGEST
    lengths = {code: _length(house, announcement, facts, code) for code in LANGUAGES}
    longest = max(lengths, key=lambda code: lengths[code])
    return (longest, lengths[longest], most) if lengths[longest] > most else None


def _length(house: House, announcement: Announcement, facts: Facts, code: str) -> int:
    message = letter(house, announcement, facts, texts(code))
    return length(directed_message(message, code).html) if message else 0


def _words(code: str, wording: Wording, t: Texts) -> list[str]:
    """The text, what the picture shows, and that there is no version in the reader's language where that is so."""
    lines = [wording.html] if wording.html else []
    if wording.alt:
        lines.append(t.gettext("Picture: {alt}").format(alt=escape(wording.alt)))
    return [*lines, *(no_version(code, t) if lines else [])]


def _rows(house: House, announcement: Announcement, facts: Facts, t: Texts) -> list[Row]:
    """What the reader can do; in a group or channel only what leads into their own chat."""
    card, audience = announcement.content.card, announcement.audience
    if facts.chat:
        payload = open_payload(house.knowledge, card, facts.card)
        # Translators: button label
        return [(Button(t.gettext("Open in Lotse"), url=start_link(house.api.name, payload)),)] if payload else []
    own = [] if card == audience.source else card_rows(house.knowledge, card, facts.card, t)  # who is registered there
    return [*own, *_leaving(audience, t)]


def _leaving(audience: Audience, t: Texts) -> list[Row]:
    """The button that ends what has put the reader into the audience."""
    kind, _, number = audience.source.partition(":")
    if kind == "newsletter":
        # Translators: button label
        return [(Button(t.gettext("Stop the newsletter"), "newsletter:off"),)]
    if kind == "session":
        return [leave_row(int(number), t)]
    if kind == "series":
        return [leave_all_row(int(number), t)]
    return []
