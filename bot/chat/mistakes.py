"""mistake:<contact or entry>: somebody says that a detail is wrong; the coordinators read it, without a name."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.browse import out_of_date
from bot.chat.markup import bold, escape, foreign_link
from bot.chat.message import Button, Message, Row
from bot.chat.talk import House, Talk
from bot.domain.instants import microseconds
from bot.domain.knowledge import Knowledge, Source, in_language
from bot.domain.terms import Terms
from bot.services import mistakes as service
from bot.services.drafts import Draft, change, note_question, start, take
from bot.services.notices import Facts
from bot.services.privacy import erase_if_unneeded
from bot.services.roles import readers
from bot.store.outbox import Claimed
from bot.store.tx import Tx
from bot.texts import Texts

KIND = service.KIND  # of drafts and notices


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers mistake:<contact or entry>: who would read it, and how to add words; nothing is sent yet."""
    _, about, house = talk.texts.gettext, arguments[0], talk.house
    now = microseconds(house.now())
    if not _title(house.knowledge, about, talk.language):
        await out_of_date(talk)
    elif not await house.database.read(readers, house.coordinators):
        await talk.say(_nobody(talk, about))
    elif await house.database.read(service.reported, talk.arrival.person, about, now):
        await talk.say(Message(_("You have reported this today already. The coordination team has it.")))
    else:
        draft = await house.database.write(start, talk.arrival.person, KIND, {"about": about}, now)
        lines = [
            _("Report a mistake: {name}").format(name=escape(_title(house.knowledge, about, talk.language))),
            _("The coordination team of the network reads it. Your name is not sent."),
            _("Do you want to say what is wrong? Reply to this message. Optional."),
            _("Nothing has been sent yet."),
        ]
        await _put(talk, draft, lines)


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the words that somebody adds; a later reply replaces them."""
    _ = talk.texts.gettext
    words = talk.arrival.text
    now = microseconds(talk.house.now())
    answers = {**draft.answers, "words": words[: service.LONGEST]}
    if not await talk.house.database.write(change, draft.id, talk.arrival.person, "preview", answers, now):
        await out_of_date(talk)
        return
    lines = [_("Your text is added. Reply to this message to replace it.")]
    if len(words) > service.LONGEST:
        lines.append(_("The first {n} characters were kept.").format(n=service.LONGEST))
    await _put(talk, draft.id, [*lines, _("Your name is not sent."), _("Nothing has been sent yet.")])


async def confirm(talk: Talk, draft: Draft) -> None:
    """Sends it."""
    _, house = talk.texts.gettext, talk.house
    now = microseconds(house.now())
    if await house.database.write(service.send, draft.id, talk.arrival.person, house.coordinators, now):
        await talk.show(Message(_("Thank you. The coordination team gets it, without your name.")))
    else:
        await out_of_date(talk)


async def cancel(talk: Talk, draft: Draft) -> None:
    """Drops it, and forgets whom only the draft made known."""
    now = microseconds(talk.house.now())
    await talk.house.database.write(_drop, draft.id, talk.arrival.person, now, talk.house.terms)
    await talk.show(Message(talk.texts.gettext("Nothing was sent.")))


def notice(house: House, claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """The report for a coordinator, with the rights of now; None where the entry is gone."""
    about = str(claimed.parameters.get("about", ""))
    title = _title(house.knowledge, about, t.language)
    if not title or not facts.coordinates:
        return None
    lines = [t.gettext("Somebody reports a mistake"), bold(title)]
    if words := str(claimed.parameters.get("words", "")):
        lines.append(t.gettext("They write: “{text}”").format(text=escape(words)))
    else:
        lines.append(t.gettext("They did not write what is wrong."))
    verb, kept = ("contact", "contacts") if about in house.knowledge.contacts else ("entry", "answers")
    if verb == "entry" and house.knowledge.entries[about].kind == "practice":
        kept = "practices"
    lines.append(t.gettext("In the knowledge files: {path}").format(path=f"{kept}/{about}"))
    lines.append(t.gettext("Lotse does not know who wrote it, so there can be no reply."))
    # Translators: button label
    return Message("\n".join(lines), ((Button(t.gettext("Show it"), f"{verb}:{about}"),),))


async def _put(talk: Talk, draft: int, lines: Sequence[str]) -> None:
    """Shows how things stand, with the choice; a reply to this message belongs to the draft."""
    _ = talk.texts.gettext
    rows: tuple[Row, ...] = (
        (
            # Translators: button label
            Button(_("Send"), f"confirm:{draft}"),
            # Translators: button label
            Button(_("Do not send"), f"cancel:{draft}"),
        ),
    )
    sent = await talk.say(Message("\n".join(lines), rows))
    await talk.house.database.write(note_question, draft, sent)


def _nobody(talk: Talk, about: str) -> Message:
    """For a Lotse that has no coordinators: says so, and who keeps the details."""
    _, t = talk.texts.gettext, talk.texts
    lines = [_("Nobody reads reports here yet, so nothing is sent.")]
    sources = tuple(foreign_link(source.title, source.url, talk.language) for source in _sources(talk, about))
    if sources:
        lines.append(_("The details come from: {sources}").format(sources=t.items(sources)))
    return Message("\n".join(lines))


def _sources(talk: Talk, about: str) -> Sequence[Source]:
    knowledge = talk.house.knowledge
    return knowledge.contacts[about].sources if about in knowledge.contacts else knowledge.entries[about].sources


def _title(knowledge: Knowledge, about: str, language: str) -> str:
    """The name of a contact point or the title of an entry; empty for what does not exist."""
    if about in knowledge.contacts:
        return knowledge.contacts[about].name
    entry = knowledge.entries.get(about)
    text = in_language(entry.texts, language) if entry and entry.kind != "action" else None
    return text.title if text else ""


def _drop(tx: Tx, draft: int, person: int, now: int, terms: Terms) -> None:
    take(tx, draft, person, now)
    erase_if_unneeded(tx, person, now, terms)
