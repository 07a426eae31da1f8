"""What is counted of a question: its language, what became of it, and what it was about, never the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.chat.talk import Talk
from bot.domain.knowledge import Knowledge
from bot.domain.search import Found, Hit
from bot.domain.search import Outcome as Reply
from bot.store.inbox import Tally

MOST_OF_IT = 2 / 3  # of the probability of all hits, for the shelf at the top that a question without an answer is on


def asked(talk: Talk, found: Found, outcome: Reply, subject: str = "") -> Tally:
    """A question that was answered so; `subject` is the entry or contact that was the answer.

    Help in danger is counted without saying which: few ask for it, and that somebody did is nobody's business.
    """
    person, knowledge = talk.arrival.person, talk.house.knowledge
    if found.urgent:
        return Tally(talk.language, "urgent", person=person)
    topic = topic_of(knowledge, subject) if subject else shelf_of(knowledge, found.hits)
    return Tally(talk.language, outcome, subject, topic, person)


def voted(talk: Talk, entry: str, *, helpful: bool) -> Tally:
    """What somebody said of an answer."""
    topic = topic_of(talk.house.knowledge, entry)
    return Tally(talk.language, "helpful" if helpful else "not_helpful", entry, topic, talk.arrival.person)


def topic_of(knowledge: Knowledge, subject: str) -> str:
    """The topic of an entry or contact, its first; none of help in danger."""
    entry, contact = knowledge.entries.get(subject), knowledge.contacts.get(subject)
    topics = contact.topics if contact else () if entry is None or entry.urgent else entry.topics
    return topics[0] if topics else ""


def shelf_of(knowledge: Knowledge, hits: Sequence[Hit]) -> str:
    """The topic at the top that most of what was nearly found stands below; nothing where that is not clear.

    A finer topic cannot be told: asked about an entry that is missing, the first hit has its topic one time in six,
    however high its score, and the shelf has it 19 times in 20 where it is clear, which it is four times in five.
    """
    weights: defaultdict[str, float] = defaultdict(float)
    for hit in hits:
        if topic := topic_of(knowledge, hit.id):
            weights[_top(knowledge, topic)] += hit.score
    best = max(weights, key=weights.__getitem__, default="")
    return best if best and weights[best] >= MOST_OF_IT * sum(weights.values()) > 0 else ""


def _top(knowledge: Knowledge, topic: str) -> str:
    """The topic at the top of the shelves that this one is on; parents that lead in a circle are left at once."""
    seen = {topic}
    while (found := knowledge.topics.get(topic)) and found.parent and found.parent not in seen:
        topic = found.parent
        seen.add(topic)
    return topic
