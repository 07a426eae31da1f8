"""Previews of what a coordinator wants: what will happen, how many hear of it; and doing it, once it is confirmed."""

from __future__ import annotations

from typing import Any

from bot.chat.attendance import refresh
from bot.chat.markup import bold
from bot.chat.message import Button, Message
from bot.chat.programme_effects import EFFECTS, TELLING, hearers, told_line
from bot.chat.programme_new import new_preview
from bot.chat.programme_views import gone, look_at, show_card, show_list
from bot.chat.rights import refuse, refused
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.domain.plan import Done, Impossible
from bot.services.coordination import KIND, Outdated, carry_out
from bot.services.drafts import Draft, take
from bot.services.drafts import renew as start_over
from bot.services.drafts import start as start_draft
from bot.texts import N_, Texts

Answers = dict[str, Any]

# By act: the first line of the preview, the button that confirms it, and what is said when it is done.
HEADINGS: dict[str, str] = {
    "move": N_("New time: {title}"),
    "places": N_("Change places: {title}"),
    "link": N_("Change join link: {title}"),
    "close": N_("Close registration: {title}"),
    "open": N_("Open registration: {title}"),
    "cancel": N_("Cancel the session: {title}"),
    "title": N_("Change title: {title}"),
    "summary": N_("Change summary: {title}"),
    "speakers": N_("Change speakers: {title}"),
    "words": N_("Other languages: {title}"),
    "materials": N_("Change materials: {title}"),
    "word": N_("Change code word: {title}"),
    "accept": N_("Note attendance: {title}"),
    "refuse": N_("Note nobody: {title}"),
}
CONFIRMING: dict[str, str] = {
    # Translators: button label
    "move": N_("Set the new time"),
    # Translators: button label
    "places": N_("Set the places"),
    # Translators: button label
    "link": N_("Set the link"),
    # Translators: button label
    "close": N_("Close registration"),
    # Translators: button label
    "open": N_("Open registration"),
    # Translators: button label
    "cancel": N_("Cancel the session"),
    # Translators: button label
    "title": N_("Save the text"),
    # Translators: button label
    "summary": N_("Save the text"),
    # Translators: button label
    "speakers": N_("Save the text"),
    # Translators: button label
    "words": N_("Save the text"),
    # Translators: button label
    "materials": N_("Save the materials"),
    # Translators: button label
    "word": N_("Save the code word"),
    # Translators: button label
    "accept": N_("Note attendance"),
    # Translators: button label
    "refuse": N_("Note nobody"),
}
DONE: dict[str, str] = {
    "move": N_("The new time is set."),
    "places": N_("The number of places is set."),
    "link": N_("The join link is set."),
    "close": N_("Registration is closed."),
    "open": N_("Registration is open."),
    "cancel": N_("The session is cancelled."),
    "title": N_("The text is saved."),
    "summary": N_("The text is saved."),
    "speakers": N_("The text is saved."),
    "words": N_("The text is saved."),
    "materials": N_("The materials are saved."),
    "word": N_("The code word is saved."),
    "accept": N_("Attendance is noted."),
    "refuse": N_("Nobody was noted."),
}
WHY = {
    "past": N_("This start has passed. Nothing was changed."),
    "over": N_("This session is over. Nothing was changed."),
    "cancelled": N_("This session is cancelled. Nothing was changed."),
    "taken": N_("Another session of this series has this title. Nothing was changed."),
}


async def preview(talk: Talk, draft: int, answers: Answers) -> None:
    """Says what a change would do, and asks to confirm it; `answers` is what the draft holds."""
    found = await talk.house.database.read(look_at, answers["session"])
    if found is None:
        await gone(talk)
        return
    _, act, standing = talk.texts.gettext, answers["act"], found.standing
    title = bold(standing.session.worded(talk.language)[0])
    lines = [
        _(HEADINGS[act]).format(title=title),
        *EFFECTS[act](talk.texts, standing, answers["to"]),
        *hearers(talk.texts, standing, act, answers["to"]),
        _("Nothing has been changed yet."),
    ]
    rows = (
        (Button(_(CONFIRMING[act]), f"confirm:{draft}"),),
        # Translators: button label
        (Button(_("Change nothing"), f"cancel:{draft}"),),
    )
    await talk.say(Message("\n".join(lines), rows))


async def confirm(talk: Talk, draft: Draft) -> None:
    """Does what a draft says, and shows the session as it stands then."""
    if await refused(talk):
        return
    house, now = talk.house, microseconds(talk.house.now())
    came = await house.database.write(carry_out, draft, talk.arrival.person, house.coordinators, now, house.terms)
    _ = talk.texts.gettext
    if isinstance(came, Done):
        if draft.answers["act"] == "word":
            await refresh(house)
        await show_card(talk, came.session.id, _done(talk.texts, draft.answers["act"], came.told))
    elif came == "rights":
        await refuse(talk)
    elif isinstance(came, Outdated):
        sentence = _("This session was changed in the meantime. Nothing was done. Here is how it stands now:")
        await show_card(talk, came.session.id, [sentence, ""])
    elif isinstance(came, Impossible) and draft.answers["act"] == "new":
        again = await house.database.write(start_draft, talk.arrival.person, KIND, draft.answers, now)
        await new_preview(talk, again, draft.answers, _(WHY[came.why]))
    elif isinstance(came, Impossible) and came.why in WHY:
        await show_card(talk, draft.answers["session"], [_(WHY[came.why]), ""])
    else:
        await gone(talk)


async def cancel(talk: Talk, draft: Draft) -> None:
    """Drops a draft, and shows how things stand."""
    if await refused(talk):
        return
    await talk.house.database.write(take, draft.id, talk.arrival.person, microseconds(talk.house.now()))
    above = [talk.texts.gettext("Nothing was changed."), ""]
    if "session" in draft.answers:
        await show_card(talk, draft.answers["session"], above)
    else:
        await show_list(talk, above=above)


async def renew(talk: Talk, draft: Draft, answers: Answers) -> int | None:
    """A new draft in the place of one that was answered; None where it is too late for that."""
    now = microseconds(talk.house.now())
    return await talk.house.database.write(start_over, draft, talk.arrival.person, answers, now)


def _done(t: Texts, act: str, told: int) -> list[str]:
    _ = t.gettext
    if act == "new":
        announced = t.ngettext(
            "Announced to {n} person who took the whole series.",
            "Announced to {n} people who took the whole series.",
            told,
        )
        return [_("The session is created."), announced if told else told_line(t, 0), ""]
    lines = [_(DONE[act])]
    if act in TELLING:
        lines.append(told_line(t, told))
    return [*lines, ""]
