"""Whom to ask: the office in charge first; where there are coordinators, they can be sent a text, after a preview."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.asking import ask, put
from bot.chat.browse import out_of_date
from bot.chat.cards import contact_button
from bot.chat.inquiries_letters import answer_line
from bot.chat.markup import bold, own_words
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.domain.inquiries import LONGEST, MOST_OPEN
from bot.domain.instants import microseconds
from bot.domain.knowledge import Contact
from bot.domain.terms import Terms
from bot.services import inquiries as service
from bot.services.drafts import Draft, note_question
from bot.services.inquiry_drafts import PREVIEW, drop, put_to_preview
from bot.services.privacy import erase_if_unneeded
from bot.services.roles import readers
from bot.store.tx import Tx

FALLBACK = "migration-counselling"  # whose contact points know the way for every other question
SHOWN = 3
KIND = service.KIND  # of the draft


async def person(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers person:<topic or entry>, person:general."""
    about = arguments[0]
    knowledge = talk.house.knowledge
    if about != "general" and about not in knowledge.entries and about not in knowledge.topics:
        await out_of_date(talk)
        return
    await talk.say(whom_to_ask(talk, about))
    if talk.arrival.private:  # others would read what is typed in a group
        await _offer(talk, "" if about == "general" else about)


def whom_to_ask(talk: Talk, about: str) -> Message:
    """The contact points in charge, with what Lotse and the network do not do."""
    contacts = _in_charge(talk, about)[:SHOWN]
    lines = [*_limits(talk, contacts), talk.texts.gettext("Nothing was sent to anyone.")]
    return Message("\n".join(lines), tuple((contact_button(contact),) for contact in contacts))


def _limits(talk: Talk, contacts: Sequence[Contact]) -> list[str]:
    """Who decides, and what the network does not do."""
    _ = talk.texts.gettext
    if contacts:
        first = _("The office in charge: {office}").format(office=bold(contacts[0].name))
    else:
        first = _("An advice centre in your town can help. Ask for “Migrationsberatung”.")
    return [first, _("The network gives no legal advice.")]


def _in_charge(talk: Talk, about: str) -> list[Contact]:
    knowledge = talk.house.knowledge
    if about in knowledge.topics:
        return [c for c in knowledge.contacts.values() if about in c.topics]
    for entry_id in (about, FALLBACK):
        entry = knowledge.entries.get(entry_id)
        found = [c for key in (entry.contacts if entry else ()) if (c := knowledge.contacts.get(key))]
        if found:
            return found
    return []


async def _offer(talk: Talk, about: str) -> None:
    """Offers to write to the coordination team, where there is somebody to read it."""
    _ = talk.texts.gettext
    reading, waiting = await talk.house.database.read(_standing, talk.arrival.person, talk.house.coordinators)
    if not reading:
        return
    if waiting >= MOST_OPEN:
        await talk.say(_full(talk))
        return
    lines = [
        _("You can also write to the coordination team of the network."),
        _promise(talk, reading),
        _("Your name is not sent. Leave out names, addresses and file numbers."),
        _("Reply to this message. Optional: if you would rather not, do nothing."),
        _("Nothing has been sent yet."),
    ]
    await ask(talk, KIND, "text", {"about": about}, Message("\n".join(lines)))


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the reply, and shows what would be sent; another reply to either message replaces it."""
    _, house, sender = talk.texts.gettext, talk.house, talk.arrival.person
    words = talk.arrival.text
    if not any(character.isalnum() for character in words):
        await put(talk, draft.id, Message(_("Write your question in a few words, as a reply to this message.")))
        return
    reading, waiting = await house.database.read(_standing, sender, house.coordinators)
    if not reading:
        await talk.say(_nobody(talk))
        return
    about, kept = draft.answers["about"], words[:LONGEST]
    now = microseconds(house.now())
    preview = await house.database.write(put_to_preview, draft, sender, {"about": about, "text": kept}, now)
    lines = [
        *_limits(talk, _in_charge(talk, about)),
        _("You can send this text to the coordination team: “{text}”").format(text=own_words(kept, talk.language)),
        *([_("The first {n} characters were kept.").format(n=LONGEST)] if len(words) > LONGEST else []),
        _promise(talk, reading),
        _("The text may become a general answer for everyone, without your name."),
        _("To change it, reply to this message."),
        _("Nothing has been sent yet."),
    ]
    row = (
        # Translators: button label
        Button(_("Send"), f"confirm:{preview}"),
        # Translators: button label
        Button(_("Do not send"), f"cancel:{preview}"),
    )
    sent = await talk.say(Message("\n".join(lines), (row,)))
    await house.database.write(note_question, preview, sent)
    if waiting >= MOST_OPEN:
        await talk.say(_full(talk))


async def confirm(talk: Talk, draft: Draft) -> None:
    """Sends the text, once, and says what happens next."""
    _, house, sender = talk.texts.gettext, talk.house, talk.arrival.person
    now, code = microseconds(house.now()), talk.arrival.code
    sent = await house.database.write(service.send, draft.id, sender, code, talk.language, house.coordinators, now)
    if sent == "gone":
        await out_of_date(talk)
    elif sent == "full":
        await talk.say(_full(talk))
    elif sent == "nobody":
        await talk.show(_nobody(talk))
    else:
        reading, _waiting = await house.database.read(_standing, sender, house.coordinators)
        lines = [
            _("Your text was sent to the coordination team."),
            _promise(talk, reading),
            _("The answer comes into this chat. Until then you can withdraw your text."),
            _("Stored: your text and your Telegram id, until 90 days after the answer."),
        ]
        # Translators: button label
        await talk.show(Message("\n".join(lines), ((Button(_("Withdraw my text"), f"withdraw:{sent}"),),)))


async def cancel(talk: Talk, draft: Draft) -> None:
    """Drops the text, and forgets whom only the draft made known."""
    if draft.step != PREVIEW:  # it was sent before
        await confirm(talk, draft)
        return
    now = microseconds(talk.house.now())
    await talk.house.database.write(_drop, draft, talk.arrival.person, now, talk.house.terms)
    await talk.show(Message(talk.texts.gettext("Nothing was sent.")))


async def withdraw(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers withdraw:<inquiry>: deletes the text where it was not answered yet."""
    _, house = talk.texts.gettext, talk.house
    now = microseconds(house.now())
    gone = await house.database.write(_withdraw, int(arguments[0]), talk.arrival.person, now, house.terms)
    if gone:
        await talk.show(Message(_("Your text was withdrawn and deleted.")))
    else:
        await talk.say(Message(_("There is nothing to withdraw: your text was answered, closed or withdrawn before.")))


def _promise(talk: Talk, reading: int) -> str:
    """How many read it, and by when there is an answer to what is sent now."""
    t = talk.texts
    many = t.ngettext("{n} person will read it.", "{n} people will read it.", reading)
    return f"{many} {answer_line(talk.house, microseconds(talk.house.now()), t)}"


def _full(talk: Talk) -> Message:
    _ = talk.texts.gettext
    sentence = _("{n} of your texts wait for an answer already. You can write again after the next answer.")
    return Message(sentence.format(n=MOST_OPEN))


def _nobody(talk: Talk) -> Message:
    return Message(talk.texts.gettext("Nobody reads texts here any more, so nothing was sent."))


def _standing(tx: Tx, sender: int, coordinators: frozenset[int]) -> tuple[int, int]:
    """How many people read what is sent, and how many texts of this person wait."""
    return len(readers(tx, coordinators)), service.open_ones(tx, sender)


def _drop(tx: Tx, draft: Draft, sender: int, now: int, terms: Terms) -> None:
    drop(tx, draft, sender, now)
    erase_if_unneeded(tx, sender, now, terms)


def _withdraw(tx: Tx, id_: int, sender: int, now: int, terms: Terms) -> bool:
    gone = service.withdraw(tx, id_, sender)
    if gone:
        erase_if_unneeded(tx, sender, now, terms)
    return gone
