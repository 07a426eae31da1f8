"""Help in danger on a phone that someone else may read: sent silently, deleted by one press."""

from __future__ import annotations

from bot.chat.cards import danger_card, version, wipe_row
from bot.chat.message import Message
from bot.chat.talk import Talk
from bot.domain.knowledge import Entry


async def send_danger(talk: Talk, entry: Entry) -> None:
    """Sends help in danger as a reply to the question, so that one press finds both without anything being stored."""
    text = version(entry, talk.language)
    message = danger_card(talk.house.knowledge, entry, text, talk.language, talk.house.now())
    question = 0 if talk.arrival.kind == "press" else talk.arrival.message_id
    sent = await talk.say(message, answers=question)
    rows = (*message.rows[:-1], wipe_row(talk.language, sent))
    await talk.put_buttons(sent, rows)


async def wipe(talk: Talk) -> None:
    """Answers wipe:<message>: deletes the answer and its question, then says so in a toast; in text when it failed.

    The answer is the message that was pressed, whatever the button names: a forged one deletes nothing else.
    """
    _ = talk.texts.gettext
    messages = [number for number in (talk.arrival.message_id, talk.arrival.answers) if number]
    gone = await talk.house.api.delete(talk.arrival.chat, messages)
    await talk.house.api.acknowledge(talk.arrival.callback, _("Done.") if gone else "")
    if not gone:
        await talk.say(
            Message(
                _("The messages could not be deleted. Delete them yourself: press long on each one."),
                silent=True,
            )
        )
