"""The draft of an announcement: what it holds, its steps as rows, and how it would look now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.chat.announcement_cards import practice_of
from bot.chat.announcements import letter, too_long
from bot.chat.message import Message
from bot.chat.talk import House, Talk
from bot.domain.announcements import Announcement, Audience, Content, Reach, as_json, audience_of, content_of
from bot.domain.chats import Chat
from bot.domain.instants import microseconds
from bot.domain.languages import LANGUAGES, in_order
from bot.domain.programme import Series, Session
from bot.services import announcements as service
from bot.services.announcement_cards import Card, cards
from bot.services.chats import linked
from bot.services.drafts import Draft, change, start
from bot.services.drafts import renew as start_over
from bot.services.notices import Facts
from bot.services.sessions import one_series, session
from bot.store.tx import Tx
from bot.texts import texts

KIND = service.KIND  # of the drafts
LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be announced, to whom, and when; `due` in UTC microseconds, None for now."""

    content: Content = field(default_factory=lambda: Content({}))
    audience: Audience = field(default_factory=Audience)
    due: int | None = None

    def answers(self) -> dict[str, Any]:
        """As the draft holds it."""
        return {"content": as_json(self.content), "audience": asdict(self.audience), "due": self.due}

    @property
    def announced(self) -> Announcement:
        """The announcement that it would be."""
        return Announcement(0, None, "queueing", self.content, self.audience, self.due or 0)


Step = Callable[[Talk, Draft, Plan, str], Awaitable[None]]  # answers announce:<draft>:<name>-<value>


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a plan looks at `facts.now`: whom it would reach, and what its card shows.

    `source` is the session or series whose registered people are the audience, if they are; `chats` are the
    chosen groups and channels that are linked.
    """

    plan: Plan
    reach: Reach
    facts: Facts
    source: Session | Series | None = None
    chats: Sequence[Chat] = ()

    def languages(self) -> list[str]:
        """The languages of the people in the audience; where that is nobody at all, those of the versions."""
        if self.chats and not self.reach.people:
            return []
        codes: Collection[str] = self.reach.languages or self.plan.content.texts or LANGUAGES[:1]
        return in_order(codes)

    def letter(self, house: House, code: str) -> Message | None:
        """What readers of this language get."""
        return letter(house, self.plan.announced, self.facts, texts(code))

    def letter_to(self, house: House, chat: Chat) -> Message | None:
        """What a group or channel gets."""
        t = texts(chat.language or house.default_language)
        return letter(house, self.plan.announced, replace(self.facts, chat=chat), t)

    def too_long(self, house: House) -> tuple[str, int, int] | None:
        """As `announcements.too_long`."""
        return too_long(house, self.plan.announced, self.facts)

    def missing(self, house: House, language: str) -> str | None:
        """The step that asks for what is missing before it can be shown; None for nothing.

        `language` is that of a version to be made where there is none yet.
        """
        content = self.plan.content
        if content.photo:
            without = [code for code in content.texts or (language,) if not _alt(content, code)]
            if without:
                return f"alt-{without[0]}"
        card = self.facts.card or practice_of(house.knowledge, content.card)
        if any(wording.html for wording in content.texts.values()) or content.photo or content.document or card:
            return None
        return "text"


def _alt(content: Content, code: str) -> str:
    return content.texts[code].alt if code in content.texts else ""


def plan_of(draft: Draft) -> Plan:
    """What a draft holds."""
    answers = draft.answers
    return Plan(content_of(answers["content"]), audience_of(answers["audience"]), answers["due"])


async def look_ahead(talk: Talk, plan: Plan) -> Outlook:
    """How a plan looks now."""
    house, now = talk.house, microseconds(talk.house.now())
    return await house.database.read(_look, plan, house.coordinators, house.default_language, now)


async def begin(talk: Talk, plan: Plan, step: str = "preview") -> int:
    """A new draft of this plan; its id."""
    now = microseconds(talk.house.now())
    return await talk.house.database.write(start, talk.arrival.person, KIND, plan.answers(), now, step, LIFE)


async def renew(talk: Talk, draft: Draft, plan: Plan) -> int | None:
    """A new draft in the place of one that was answered, so that its old preview has no say any more.

    None where it is too late for that.
    """
    now = microseconds(talk.house.now())
    return await talk.house.database.write(start_over, draft, talk.arrival.person, plan.answers(), now, LIFE)


async def keep(talk: Talk, draft: int, plan: Plan, step: str = "preview") -> bool:
    """Brings a draft to its next step; false where it is too late for that."""
    now = microseconds(talk.house.now())
    return await talk.house.database.write(change, draft, talk.arrival.person, step, plan.answers(), now)


def _look(tx: Tx, plan: Plan, coordinators: Collection[int], default_language: str, now: int) -> Outlook:
    reached = service.reach(tx, plan.audience, coordinators, default_language)
    card: Card | None = cards(tx, [plan.content.card], now).get(plan.content.card)
    return Outlook(plan, reached, Facts(now, card=card), source(tx, plan.audience), chosen(tx, plan.audience))


def chosen(tx: Tx, audience: Audience) -> list[Chat]:
    """The groups and channels of an audience that are linked now."""
    return [chat for chat in linked(tx) if chat.id in audience.chats] if audience.chats else []


def source(tx: Tx, audience: Audience) -> Session | Series | None:
    """The session or series whose registered people are the audience, if they are."""
    kind, _, number = audience.source.partition(":")
    if kind == "session":
        return session(tx, int(number))
    return one_series(tx, int(number)) if kind == "series" else None
