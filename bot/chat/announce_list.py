"""The announcements that are to come or under way, and those of the last weeks."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape

from bot.chat.announcement_cards import practice_of
from bot.chat.browse import out_of_date_sentence
from bot.chat.cards import shortened, version
from bot.chat.markup import bold
from bot.chat.message import TAG, Button, Message
from bot.chat.talk import House, Talk
from bot.domain.announcements import Announcement
from bot.domain.instants import microseconds
from bot.domain.programme import Series, Session
from bot.services.announcement_cards import subjects
from bot.services.announcements import recent
from bot.store.tx import Tx
from bot.texts import Texts

MOST = 8  # buttons of a coordinator's message
NAME = 28  # characters of an announcement's first line on a button


async def show_list(talk: Talk, above: Sequence[str] = ()) -> bool:
    """Shows the announcements that are not ended, then the latest of those that are, if there are any at all."""
    shown, about = await talk.house.database.read(_listed, microseconds(talk.house.now()))
    if not shown and not above:
        return False
    _ = talk.texts.gettext
    heading = _("Announcements under way and of the last 30 days") if shown else _("There are no announcements yet.")
    names = {one.id: name_of(talk.house, one, about.get(one.content.card), talk.texts) for one in shown}
    rows = tuple((Button(name, f"announce:{id_}:show"),) for id_, name in names.items())
    await talk.say(Message("\n".join([*above, heading if above else bold(heading)]), rows))
    return True


async def gone(talk: Talk) -> None:
    """For a coordinator's button that is old or forged: says so, and shows the announcements of now."""
    await show_list(talk, [out_of_date_sentence(talk)])


def _listed(tx: Tx, now: int) -> tuple[list[Announcement], dict[str, Session | Series]]:
    """Those to list, and what their cards are about."""
    found = recent(tx, now)
    under_way = [one for one in found if one.state in {"queueing", "sending"}]
    ended = [one for one in found if one not in under_way]
    shown = [*under_way, *ended][:MOST]
    return shown, subjects(tx, [one.content.card for one in shown])


def name_of(house: House, announcement: Announcement, about: Session | Series | None, t: Texts) -> str:
    """The first words of an announcement, or of its card, to tell it from others; no HTML.

    `about` is the session or series that its card is about, if it is about one.
    """
    _code, wording = announcement.content.wording(t.language)
    plain = unescape(TAG.sub("", wording.html or wording.alt)).strip() if wording else ""
    practice = practice_of(house.knowledge, announcement.content.card)
    if not plain and practice:
        plain = version(practice, t.language).title
    elif not plain and about:
        plain = about.worded(t.language)[0] if isinstance(about, Session) else about.worded(t.language)
    return shortened(plain.partition("\n")[0], NAME) or t.gettext("Announcement {n}").format(n=announcement.id)
