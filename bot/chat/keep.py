"""The answer to a session that was moved: who keeps their place hears that it is kept, and nothing changes by it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date_sentence
from bot.chat.message import Message
from bot.chat.session_parts import calendar_row, hours, kept_until, leave_row, offer_rows, title_of
from bot.chat.sessions import find, gone, stands
from bot.chat.talk import Talk


async def keep(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers keep:<session>; for who has no place there it shows how the session stands."""
    _, t = talk.texts.gettext, talk.texts
    view = await find(talk, arguments[0])
    if view is None:
        await gone(talk)
        return
    found, own, title = view.session, view.own, title_of(view.session, t.language)
    if own is None or not view.ahead or view.state not in {"confirmed", "waitlisted", "offered"}:
        await stands(talk, out_of_date_sentence(talk), found.id)
    elif own.state == "confirmed":
        lines = [_("Your place is kept: {title}").format(title=title), hours(found, t)]
        await talk.say(Message("\n".join(lines), (calendar_row(found.id, t), leave_row(found.id, t))))
    elif own.state == "waitlisted":
        line = _("You stay on the waiting list, as number {n}: {title}").format(n=own.place, title=title)
        await talk.say(Message(f"{line}\n{hours(found, t)}", (leave_row(found.id, t),)))
    else:
        lines = [_("A place is free: {title}").format(title=title), hours(found, t)]
        lines.append(kept_until(own.offered_until or 0, found, t))
        await talk.say(Message("\n".join(lines), tuple(offer_rows(found.id, t))))
