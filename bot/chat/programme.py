"""/programme: coordinators plan sessions in short steps; every press is authorised afresh, nothing is done unseen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.chat import programme_announcing, programme_new
from bot.chat.asking import ask, put
from bot.chat.browse import out_of_date_sentence
from bot.chat.programme_cards import TEXTS, steps, texts_menu
from bot.chat.programme_previews import preview, renew
from bot.chat.programme_questions import languages_menu, question
from bot.chat.programme_readings import read
from bot.chat.programme_views import gone, show_card, show_list
from bot.chat.rights import refused
from bot.chat.sessions import number_of
from bot.chat.start import unknown_command
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.domain.programme import Session
from bot.services.coordination import KIND, Standing, mark, standing
from bot.services.drafts import Draft, change, look
from bot.services.drafts import start as start_draft
from bot.services.sessions import session as read_session
from bot.texts import OWN_NAMES

UNASKED = frozenset({"close", "open", "cancel", "accept", "refuse"})  # steps that need no reply


async def programme(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /programme."""
    if not talk.arrival.private:
        await unknown_command(talk)
    elif not await refused(talk):
        await show_list(talk)


async def turn(talk: Talk, _of: str, page: int) -> None:
    """Answers more:programme:<page>."""
    if not await refused(talk):
        await show_list(talk, page)


async def plan(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers plan:<session> with its card, plan:<session>:<step> with the step, plan:new with a new session."""
    if await refused(talk):
        return
    if arguments[0] == "new":
        await programme_new.begin(talk, arguments[1:])
        return
    session = number_of(arguments[0])
    found = None if session is None else await talk.house.database.read(standing, session)
    if found is None:
        await gone(talk)
    elif len(arguments) == 1:
        await show_card(talk, found.session.id)
    else:
        await _step(talk, found, arguments[1])


async def _step(talk: Talk, found: Standing, step: str) -> None:
    session, now = found.session, microseconds(talk.house.now())
    base, _, code = step.partition("-")
    title, _summary, _code = session.worded(talk.language)
    if ("texts" if base in TEXTS else base) not in steps(session, found.claims, now):
        await show_card(talk, session.id, [out_of_date_sentence(talk), ""])
    elif base == "texts":
        await talk.show(texts_menu(talk, session))
    elif base == "announces":
        await programme_announcing.show(talk, session, code)
    elif base == "words" and (code not in OWN_NAMES or code == session.language):
        await talk.show(languages_menu(talk, title, f"plan:{session.id}:words", session.language))
    else:
        await _begin(talk, found, step if base == "words" else base, title)


async def _begin(talk: Talk, found: Standing, step: str, title: str) -> None:
    answers: dict[str, Any] = {"act": step.partition("-")[0], "session": found.session.id, "to": {}}
    answers["seen"] = mark(found.session)
    if step not in UNASKED:
        await ask(talk, KIND, step, answers, question(talk, step, title))
        return
    if step in {"accept", "refuse"}:
        answers["claims"] = found.claims
    now = microseconds(talk.house.now())
    draft = await talk.house.database.write(start_draft, talk.arrival.person, KIND, answers, now)
    await preview(talk, draft, answers)


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the reply to a step: asks again where it means nothing, else goes on to the next step or the preview."""
    if await refused(talk):
        return
    wished = draft.answers["to"]
    reading = read(talk, draft.step, wished)
    if isinstance(reading, str):
        new = draft.answers["act"] == "new" and programme_new.missing(wished) is not None
        await put(talk, draft.id, question(talk, draft.step, await _title(talk, draft), reading, new=new))
        return
    answers = {**draft.answers, "to": {**wished, **reading}}
    if draft.answers["act"] == "new":
        await _go_on(talk, draft, answers)
        return
    session = await talk.house.database.read(read_session, answers["session"])
    if session is not None and answers["act"] != "words" and _stands(session, reading):
        above = talk.texts.gettext("That is how it stands already. Nothing was changed.")
        await show_card(talk, session.id, [above, ""])
        return
    answers["seen"] = mark(session) if session else ""  # what the preview shows
    renewed = await renew(talk, draft, answers)
    await (gone(talk) if renewed is None else preview(talk, renewed, answers))


def _stands(session: Session, wished: dict[str, Any]) -> bool:
    """Whether all that is wished is so already."""
    return all(getattr(session, name) == value for name, value in wished.items())


async def _go_on(talk: Talk, draft: Draft, answers: dict[str, Any]) -> None:
    """The next step of a new session, or its preview."""
    step = programme_new.missing(answers["to"])
    if step is None:
        renewed = await renew(talk, draft, answers)
        await (gone(talk) if renewed is None else programme_new.new_preview(talk, renewed, answers))
        return
    now = microseconds(talk.house.now())
    if await talk.house.database.write(change, draft.id, talk.arrival.person, step, answers, now):
        await put(talk, draft.id, question(talk, step, answers["to"].get("title", ""), new=True))
    else:
        await gone(talk)


async def alter(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers change:<draft>:<step>, a button of a new session's preview."""
    if await refused(talk):
        return
    step, _, code = arguments[1].partition("-")
    draft = await _new(talk, number_of(arguments[0]))
    if draft is None:
        await gone(talk)
    elif step == "texts":
        await talk.say(programme_new.texts_menu(talk, draft.id))
    elif step == "language" and code in OWN_NAMES:
        await _go_on(talk, draft, {**draft.answers, "to": {**draft.answers["to"], "language": code}})
    elif step == "language":
        await talk.say(languages_menu(talk, draft.answers["to"]["title"], f"change:{draft.id}:language"))
    elif step in {*programme_new.CHANGES, *programme_new.TEXTS}:
        now = microseconds(talk.house.now())
        await talk.house.database.write(change, draft.id, talk.arrival.person, step, draft.answers, now)
        await put(talk, draft.id, question(talk, step, draft.answers["to"]["title"]))
    else:
        await gone(talk)


async def _new(talk: Talk, id_: int | None) -> Draft | None:
    """The draft of a new session that a preview was shown of, if it is that."""
    now = microseconds(talk.house.now())
    draft = None if id_ is None else await talk.house.database.read(look, id_, talk.arrival.person, now)
    previewed = draft and draft.kind == KIND and draft.answers["act"] == "new"
    return draft if draft and previewed and programme_new.missing(draft.answers["to"]) is None else None


async def _title(talk: Talk, draft: Draft) -> str:
    """The title of what the draft is about, as its questions show it."""
    if draft.answers["act"] == "new":
        return str(draft.answers["to"].get("title", ""))
    found = await talk.house.database.read(standing, draft.answers["session"])
    return found.session.worded(talk.language)[0] if found else ""
