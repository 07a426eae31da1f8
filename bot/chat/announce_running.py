"""An announcement on its way: confirming it, how far it is, stopping it, sending again what has failed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat import announce_correct
from bot.chat.announce_draft import look_ahead, plan_of
from bot.chat.announce_flow import ask, lacking
from bot.chat.announce_list import gone
from bot.chat.announce_numbers import progress_message
from bot.chat.announce_preview import control
from bot.chat.markup import directed_message
from bot.chat.message import Message
from bot.chat.rights import refuse, refused
from bot.chat.sessions import number_of
from bot.chat.talk import House, Talk
from bot.domain.announcements import Announcement
from bot.domain.instants import microseconds
from bot.domain.languages import reply_language
from bot.domain.programme import Series, Session
from bot.services import announcements as service
from bot.services.announcement_cards import subject
from bot.services.announcements import Confirmed, Progress, Refused, Shown
from bot.services.drafts import Draft, take
from bot.services.roles import coordinates
from bot.store.people import known
from bot.store.tx import Tx
from bot.texts import texts

log = logging.getLogger(__name__)

PIECES = 5  # of a thousand people or messages each
Look = tuple[Announcement, Progress, Session | Series | None]


async def confirm(talk: Talk, draft: Draft) -> None:
    """Answers confirm:<draft>: what the preview showed is on its way from now on."""
    if await refused(talk):
        return
    house, plan = talk.house, plan_of(draft)
    outlook = await look_ahead(talk, plan)
    step, why = lacking(talk, outlook)
    if step:  # what its card shows has changed since, or the text was never given
        await ask(talk, draft, plan, step, why)
        return
    now = microseconds(house.now())
    came = await house.database.write(service.confirm, draft.id, talk.arrival.person, house.coordinators, now)
    if isinstance(came, Confirmed):
        await _advance(house)
        await show(talk, came.id)
    elif came.why in {"past", "nobody"}:
        await talk.show(control(talk, draft.id, outlook, [_refusal(talk, came.why), ""]))
    else:
        await unable(talk, came)


async def cancel(talk: Talk, draft: Draft) -> None:
    """Answers cancel:<draft>: drops it."""
    if await refused(talk):
        return
    await talk.house.database.write(take, draft.id, talk.arrival.person, microseconds(talk.house.now()))
    await talk.show(Message(talk.texts.gettext("Nothing was sent.")))


async def show(talk: Talk, number: int, above: Sequence[str] = ()) -> None:
    """Shows how far an announcement is; its author's message is kept up to date from then on."""
    house, now = talk.house, microseconds(talk.house.now())
    found = await house.database.read(_look, number, house.default_language)
    if found is None:
        await gone(talk)
        return
    message = progress_message(house, *found, talk.texts, now, above)
    shown = await _put(talk, message)
    if found[0].author == talk.arrival.person:
        await house.database.write(service.show_progress, number, shown, now)


async def _put(talk: Talk, message: Message) -> int:
    """Shows the message in the place of the preview that was pressed, else as a new one; its id."""
    pressed = talk.arrival.message_id if talk.arrival.kind == "press" else 0
    controls = any(data.startswith(("confirm:", "announce:")) for _, data in talk.arrival.buttons)
    if not pressed or not controls:
        return await talk.say(message)
    await talk.show(message)
    return pressed


async def _show(talk: Talk, number: int, _value: str) -> None:
    await show(talk, number)


async def _stop(talk: Talk, number: int, _value: str) -> None:
    """Stops it, and says how many have got it already."""
    house, now = talk.house, microseconds(talk.house.now())
    came = await house.database.write(service.cancel, number, talk.arrival.person, house.coordinators, now)
    if isinstance(came, Refused):
        await unable(talk, came, number)
        return
    await _advance(house)
    await show(talk, number)


async def _repeat(talk: Talk, number: int, value: str) -> None:
    """Sends it again to those of whom it is known that they did not get it."""
    round_ = number_of(value)
    if round_ is None:
        await gone(talk)
        return
    house, now = talk.house, microseconds(talk.house.now())
    person = talk.arrival.person
    came = await house.database.write(service.repeat, number, round_, person, house.coordinators, now)
    if isinstance(came, Refused):
        await unable(talk, came, number)
        return
    await _advance(house)
    await show(talk, number)


async def unable(talk: Talk, why: Refused, number: int | None = None) -> None:
    """Says why nothing was done, and how things stand with the announcement, if there is one."""
    _ = talk.texts.gettext
    sentences = {
        "over": _("Everybody has got it already. Nothing was stopped."),
        "outdated": _("This was done already, or the announcement was changed in the meantime. Nothing was done."),
        "nobody": _("No message has failed. Nothing was sent."),
    }
    if why.why == "role":
        await refuse(talk)
    elif why.why in sentences and number is not None:
        await show(talk, number, [sentences[why.why], ""])
    else:
        await gone(talk)


def _refusal(talk: Talk, why: str) -> str:
    _ = talk.texts.gettext
    if why == "past":
        return _("This time has passed. Choose a later one.")
    return _("There is nobody to send this to. Nothing was sent.")


async def _advance(house: House) -> None:
    """Does the first pieces of the work at once, so that what is shown next has its numbers; the tick does the rest.

    The first are those of announcements before it that are not through yet.
    """
    now = microseconds(house.now())
    for _ in range(PIECES):
        if not await house.database.write(service.advance, now, house.coordinators, house.default_language):
            return


async def tell(house: House) -> None:
    """Writes again how far announcements are, for their authors; one who cannot be reached stops nothing.

    Who is no coordinator any more reads no further numbers.
    """
    now = microseconds(house.now())
    if not await house.database.read(service.is_to_tell, now):
        return
    for shown in await house.database.write(service.due_to_tell, now):
        try:
            await _tell(house, shown, now)
        except (BadRequest, Forbidden):
            log.debug("the progress of an announcement could not be shown")
        except TelegramError as error:
            log.warning("the progress of an announcement was not shown: %s", type(error).__name__)


async def _tell(house: House, shown: Shown, now: int) -> None:
    found = await house.database.read(_look, shown.announcement, house.default_language)
    if found is None or not await house.database.read(coordinates, shown.author, house.coordinators):
        return
    code = await house.database.read(_language_of, shown.author, house.default_language)
    message = directed_message(progress_message(house, *found, texts(code), now), code)
    await house.api.redeliver(shown.author, shown.message, message)


def _look(tx: Tx, number: int, default_language: str) -> Look | None:
    found = service.announcement(tx, number)
    if found is None:
        return None
    return found, service.progress(tx, number, default_language), subject(tx, found.content.card)


def _language_of(tx: Tx, person: int, default_language: str) -> str:
    own = known(tx, [person]).get(person)
    return reply_language(own.language if own else None, own.code if own else None, default_language)


STEPS: dict[str, Callable[[Talk, int, str], Awaitable[None]]] = {
    "show": _show,
    "stop": _stop,
    "repeat": _repeat,
    "correct": announce_correct.begin,
}
