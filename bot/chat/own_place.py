"""home:…: the place that a person wants remembered, only when they ask for it; shown and deleted here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.asking import ask, put
from bot.chat.browse import out_of_date
from bot.chat.markup import escape
from bot.chat.message import Button, Message, Row
from bot.chat.offices import turn_row
from bot.chat.places import choice_of_places
from bot.chat.talk import Talk
from bot.chat.without_place import places_in
from bot.domain.instants import microseconds
from bot.domain.places import Place
from bot.services.drafts import Draft, take
from bot.services.settings import forget_place, keep_place, place_of

KIND = "home"  # of the draft
LIFE = timedelta(days=1)  # of a question
LONGEST_ID = 10  # digits


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers home:show, home:ask, home:forget and home:<id>, which remembers that municipality."""
    choice, atlas = arguments[0], talk.house.atlas
    if atlas is None:
        await out_of_date(talk)
    elif choice == "show":
        await talk.show(card(talk, await talk.house.database.read(place_of, talk.arrival.person)))
    elif choice == "ask":
        await ask(talk, KIND, "place", {}, _question(talk), LIFE)
    elif choice == "forget":
        await talk.house.database.write(forget_place, talk.arrival.person)
        await talk.show(card(talk, None))
    else:
        known = choice.isascii() and choice.isdecimal() and len(choice) <= LONGEST_ID
        place = atlas.place(int(choice)) if known else None
        await (_keep(talk, place) if place else out_of_date(talk))


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes a town or postcode that was typed; asks back where several go by it, and again for what is none."""
    places = places_in(talk, talk.arrival.text)
    if len(places) == 1:
        await talk.house.database.write(take, draft.id, talk.arrival.person, microseconds(talk.house.now()))
        await _keep(talk, places[0])
    elif places:
        await talk.say(choice_of_places(talk, places, "home:{id}"))
    else:
        await put(talk, draft.id, _question(talk, again=True))


def line(talk: Talk, kept: int | None) -> list[str]:
    """What is remembered, for /settings; nothing where no places are known."""
    atlas = talk.house.atlas
    if atlas is None:
        return []
    place = atlas.place(kept) if kept else None
    if place is None:
        return [talk.texts.gettext("Place: not stored")]
    return [talk.texts.gettext("Place: {place}").format(place=escape(place.name))]


def card(talk: Talk, kept: int | None) -> Message:
    """What is remembered and what for, with the ways to change it and to delete it."""
    _ = talk.texts.gettext
    place = talk.house.atlas.place(kept) if talk.house.atlas and kept else None
    # Translators: button label
    rows: list[Row] = [(Button(_("Choose place"), "home:ask"),)]
    if place:
        # Translators: button label
        rows = [turn_row(place, "", talk.texts), *rows, (Button(_("Delete the place"), "home:forget"),)]
    lines = [
        *line(talk, kept),
        _("If you choose a place, answers and /contacts show where to turn there. Nothing but the place is stored."),
    ]
    return Message("\n".join(lines), tuple(rows))


async def _keep(talk: Talk, place: Place) -> None:
    now, arrival = microseconds(talk.house.now()), talk.arrival
    await talk.house.database.write(keep_place, arrival.person, place.id, arrival.code, now)
    await talk.show(card(talk, place.id))


def _question(talk: Talk, *, again: bool = False) -> Message:
    _ = talk.texts.gettext
    lines = [_("That was not understood.")] if again else []
    lines += [
        _("Which place is it? Reply to this message with the town or its postcode."),
        _("Lotse keeps it until you delete it, or until six months without a message."),
    ]
    return Message("\n".join(lines))
