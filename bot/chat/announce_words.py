"""Audiences and numbers in words, as previews, progress and summaries say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.announce_draft import Outlook
from bot.chat.markup import escape
from bot.chat.practices import TYPES
from bot.chat.talk import Talk
from bot.domain.announcements import Audience
from bot.domain.chats import Chat
from bot.domain.languages import in_order
from bot.domain.programme import Series, Session
from bot.texts import Texts, language_name


def by_language(t: Texts, counts: Mapping[str, int]) -> str:
    """How many of each language: "180 German, 22 Ukrainian and 12 Arabic"."""
    each = t.gettext("{n} {language}")
    return t.items(tuple(each.format(n=counts[code], language=language_name(code, t)) for code in in_order(counts)))


def recipients(t: Texts, outlook: Outlook) -> list[str]:
    """How many people it goes to, and the languages they read; no line where it goes to groups and channels only."""
    many = outlook.reach.people
    if not many:
        return [] if outlook.chats else [t.gettext("There is nobody yet to whom this would go.")]
    kind = outlook.plan.audience.source.partition(":")[0]
    if kind == "newsletter":
        whom = t.ngettext("Goes to {n} person with the newsletter", "Goes to {n} people with the newsletter", many)
    elif kind == "coordinators":
        whom = t.ngettext("Goes to {n} coordinator", "Goes to {n} coordinators", many)
    else:
        whom = t.ngettext("Goes to {n} registered person", "Goes to {n} registered people", many)
    languages = by_language(t, outlook.reach.languages)
    return [t.gettext("{recipients}: {languages}").format(recipients=whom, languages=languages)]


def recipient_chats(t: Texts, chats: Sequence[Chat], people: int) -> list[str]:
    """The groups and channels that get it besides so many people; no line where there are none."""
    if not chats:
        return []
    many = len(chats)
    if people:
        line = t.ngettext("And to {n} group or channel", "And to {n} groups or channels", many)
    else:
        line = t.ngettext("Goes only to {n} group or channel", "Goes only to {n} groups or channels", many)
    titles = t.items(tuple(escape(chat.title) for chat in chats))
    return [t.gettext("{recipients}: {titles}").format(recipients=line, titles=titles)]


def audience_lines(talk: Talk, audience: Audience, source: Session | Series | None) -> list[str]:
    """What narrows an audience down, one line each; none where all with the newsletter get it."""
    _, t = talk.texts.gettext, talk.texts
    lines = []
    if isinstance(source, Session):
        title = source.worded(t.language)[0]
        lines.append(_("Registered for the session: {title}").format(title=escape(title)))
    elif source:
        lines.append(_("Registered for the series: {title}").format(title=escape(source.worded(t.language))))
    if audience.role:
        lines.append(_("Only staff") if audience.role == "staff" else _("Only the coordination team"))
    if audience.topic:
        lines.append(_("Only with this topic, or all topics: {topic}").format(topic=topic_name(talk, audience.topic)))
    if audience.language:
        lines.append(_("Only readers of: {language}").format(language=language_name(audience.language, t)))
    if audience.type:
        kind = TYPES.get(audience.type, audience.type)
        lines.append(_("Only from: {municipalities}").format(municipalities=_(kind)))
    return lines


def topic_name(talk: Talk, topic: str) -> str:
    """A topic by its name in the reader's language, escaped."""
    found = talk.house.knowledge.topics.get(topic)
    return escape(found.named(talk.language) if found else topic)
