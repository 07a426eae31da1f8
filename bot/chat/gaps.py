"""What people asked in vain, for coordinators: lines of a report, and a message at the beginning of a month."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.markup import escape
from bot.chat.message import Button, Message
from bot.chat.talk import House
from bot.domain.knowledge import Knowledge
from bot.services.asked import Asked
from bot.services.notices import Facts
from bot.store.outbox import Claimed
from bot.texts import Texts, language_name


def notice(house: House, claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """The gaps of a month for a coordinator, with the rights of now."""
    if not facts.coordinates or not facts.gaps:
        return None
    heading = t.gettext("What people did not find, {month}")
    month = t.month(str(claimed.parameters["month"]))
    lines = [heading.format(month=month), *lines_of(facts.gaps, house.knowledge, t), rule(t)]
    # Translators: button label
    return Message("\n".join(lines), ((Button(t.gettext("Show the report"), "report:show"),),))


def lines_of(gaps: Sequence[Asked], knowledge: Knowledge, t: Texts) -> list[str]:
    """One line for each gap: topic, language, and how often."""
    return [_line(gap, knowledge, t) for gap in gaps]


def rule(t: Texts) -> str:
    """What is left out, so that nobody takes a short list for the whole; the number is bot.services.asked.LEAST."""
    return t.gettext("Only what at least five people asked in a month is shown. Questions are not kept.")


def _line(gap: Asked, knowledge: Knowledge, t: Texts) -> str:
    if gap.outcome == "none":
        line = t.gettext("{topic}, {language}. Not found: {n}")
    else:
        line = t.gettext("{topic}, {language}. Not helpful: {n}")
    topic = escape(_topic(gap.topic, knowledge, t))
    return line.format(topic=topic, language=language_name(gap.language, t), n=gap.count)


def _topic(id_: str, knowledge: Knowledge, t: Texts) -> str:
    """The name of a topic; its id where it is gone since."""
    if not id_:
        return t.gettext("Topic not known")
    topic = knowledge.topics.get(id_)
    return topic.named(t.language) if topic else id_
