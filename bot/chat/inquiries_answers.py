"""Answering what is in the inbox: once, as previewed, in the language of whoever asked; or closing it plainly."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.chat.asking import ask, put
from bot.chat.browse import out_of_date_sentence
from bot.chat.inquiries import card, show_list
from bot.chat.inquiries_letters import reply
from bot.chat.markup import directed_message
from bot.chat.message import LONGEST, Button, Message, length
from bot.chat.rights import refuse, refused
from bot.chat.sessions import number_of
from bot.chat.talk import Talk
from bot.chat.typed import as_html
from bot.domain.instants import microseconds
from bot.domain.languages import reply_language
from bot.services import inquiries as service
from bot.services.drafts import Draft, note_question
from bot.services.inquiries import Standing
from bot.services.inquiry_drafts import PREVIEW, drop, put_to_preview
from bot.store.people import Person
from bot.texts import language_name, texts

KIND = service.ANSWER  # of the draft


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers inquiry:<id> with the question, inquiry:<id>:answer and inquiry:<id>:close with the step."""
    if await refused(talk):
        return
    step = arguments[1] if len(arguments) > 1 else "show"
    id_ = number_of(arguments[0])
    found = None if id_ is None or step not in STEPS else await talk.house.database.read(service.standing, id_)
    if found is None:
        await show_list(talk, 0, [out_of_date_sentence(talk), ""])
    elif found.inquiry.state != "open" and step != "show":
        await talk.show(card(talk, found))
    else:
        await STEPS[step](talk, found)


async def _show(talk: Talk, found: Standing) -> None:
    await talk.show(card(talk, found))


async def _ask(talk: Talk, found: Standing) -> None:
    """Asks for the answer; it goes out as it is written, so its language is named."""
    _ = talk.texts.gettext
    if found.asker.blocked:
        await talk.show(card(talk, found))
        return
    name = language_name(_language(talk, found.asker), talk.texts)
    lines = [
        _("Reply to this message with the answer."),
        _("It is sent as you write it, not translated. The person reads Lotse in: {language}").format(language=name),
        _("You will see it once more before it is sent."),
    ]
    await ask(talk, KIND, "text", {"inquiry": found.inquiry.id}, Message("\n".join(lines)))


async def _close(talk: Talk, found: Standing) -> None:
    draft = Draft(-found.inquiry.id, KIND, "close", {"inquiry": found.inquiry.id})  # nothing was asked
    await _preview(talk, draft, found, "")


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the reply, and shows the message as it will arrive; another reply to either message replaces it."""
    if await refused(talk):
        return
    found = await talk.house.database.read(service.standing, int(draft.answers["inquiry"]))
    if found is None:
        await talk.say(_told(talk, "deleted"))
    elif found.inquiry.state != "open":
        await talk.say(card(talk, found))
    else:
        await _take(talk, draft, found)


async def _take(talk: Talk, draft: Draft, found: Standing) -> None:
    _, html = talk.texts.gettext, as_html(talk.arrival.text, talk.arrival.spans)
    message = _as_it_arrives(talk, found, html)
    excess = length(message.html) - LONGEST
    if not talk.arrival.text:
        await put(talk, draft.id, Message(_("Reply to this message with the answer.")))
    elif excess > 0:
        sentence = talk.texts.ngettext(
            "The answer is {n} character too long. Reply to this message with a shorter one.",
            "The answer is {n} characters too long. Reply to this message with a shorter one.",
            excess,
        )
        await put(talk, draft.id, Message(sentence))
    else:
        await _preview(talk, draft, found, html)


async def _preview(talk: Talk, draft: Draft, found: Standing, html: str) -> None:
    """Shows first the message exactly as it arrives, then the choice."""
    _, house = talk.texts.gettext, talk.house
    now = microseconds(house.now())
    message = _as_it_arrives(talk, found, html)
    await house.api.send(talk.arrival.chat, message)
    answers = {"inquiry": found.inquiry.id, "html": html}
    preview = await house.database.write(put_to_preview, draft, talk.arrival.person, answers, now)
    lines = [_("Preview above. Nothing has been sent yet.")]
    if html:
        lines.append(_("To change it, reply to this message."))
    row = (
        # Translators: button label
        Button(_("Send"), f"confirm:{preview}"),
        # Translators: button label
        Button(_("Do not send"), f"cancel:{preview}"),
    )
    sent = await talk.say(Message("\n".join(lines), (row,)))
    if html:
        await house.database.write(note_question, preview, sent)


def _as_it_arrives(talk: Talk, found: Standing, html: str) -> Message:
    language = _language(talk, found.asker)
    return directed_message(reply(talk.house, replace(found.inquiry, answer=html), texts(language)), language)


def _language(talk: Talk, asker: Person) -> str:
    """In which the person will read the reply, as every message that Lotse sends by itself."""
    return reply_language(asker.language, asker.code, talk.house.default_language)


async def confirm(talk: Talk, draft: Draft) -> None:
    """Sends the answer, or closes the question, once, whoever else does so at the same time."""
    house, now = talk.house, microseconds(talk.house.now())
    ended = await house.database.write(service.end, draft.id, talk.arrival.person, house.coordinators, now)
    if ended == "role":
        await refuse(talk)
    elif ended == "gone":
        await show_list(talk, 0, [out_of_date_sentence(talk), ""])
    elif ended == "ended":
        found = await house.database.read(service.standing, int(draft.answers["inquiry"]))
        await talk.show(_told(talk, "deleted") if found is None else _overtaken(talk, found))
    else:
        await talk.show(_told(talk, ended, int(draft.answers["inquiry"])))


async def cancel(talk: Talk, draft: Draft) -> None:
    """Drops the answer; the question stays open."""
    if draft.step != PREVIEW:  # it was sent before
        await confirm(talk, draft)
        return
    now = microseconds(talk.house.now())
    await talk.house.database.write(drop, draft, talk.arrival.person, now)
    _ = talk.texts.gettext
    # Translators: button label
    back = Button(_("Show the question"), f"inquiry:{draft.answers['inquiry']}")
    await talk.show(Message(_("Nothing was sent. The question stays open."), ((back,),)))


def _overtaken(talk: Talk, found: Standing) -> Message:
    now = card(talk, found)
    first = talk.texts.gettext("Somebody else was first; your text was not sent.")
    return replace(now, html=f"{first}\n\n{now.html}")


def _told(talk: Talk, ended: str, id_: int = 0) -> Message:
    """What a coordinator hears at the end, with the ways to how it stands with it, if it is there, and the others."""
    _ = talk.texts.gettext
    sentence = {
        "answered": _("The answer is on its way."),
        "closed": _("The question is closed. The person hears that there will be no answer."),
        "deleted": _("The question is gone: it was withdrawn, or the person has deleted their data. Nothing was sent."),
        "blocked": _("This person has stopped Lotse: an answer would not arrive. Nothing was sent."),
    }[ended]
    # Translators: button label
    own = (Button(_("Show the question"), f"inquiry:{id_}"),) if id_ and ended != "deleted" else ()
    # Translators: button label
    return Message(sentence, (own, (Button(_("Show questions"), "more:inbox:0"),)))


STEPS: dict[str, Callable[[Talk, Standing], Awaitable[None]]] = {
    "show": _show,
    "answer": _ask,
    "close": _close,
}
