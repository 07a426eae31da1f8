"""/inbox: what people have sent to the coordination team, and answering it, once, in their language."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.inquiries_letters import answer_line, day_of_answer
from bot.chat.lists import page_of
from bot.chat.markup import bold, escape, own_words
from bot.chat.message import Button, Message
from bot.chat.rights import refused
from bot.chat.start import unknown_command
from bot.chat.talk import Talk
from bot.domain.inquiries import Inquiry
from bot.domain.instants import microseconds, moment
from bot.domain.knowledge import in_language
from bot.services import inquiries as service
from bot.services.inquiries import Standing
from bot.texts import language_name


async def inbox(talk: Talk, _arguments: Sequence[str]) -> None:
    """Answers /inbox."""
    if not talk.arrival.private:
        await unknown_command(talk)
    elif not await refused(talk):
        await show_list(talk, 0)


async def turn(talk: Talk, _of: str, page: int) -> None:
    """Answers more:inbox:<page>."""
    if not await refused(talk):
        await show_list(talk, page)


async def show_list(talk: Talk, page: int, above: Sequence[str] = ()) -> None:
    """Shows a page of what waits, with lines above it."""
    _, t = talk.texts.gettext, talk.texts
    found = await talk.house.database.read(service.waiting)
    today = moment(microseconds(talk.house.now()), talk.house.terms.zone).date()
    late = sum(day_of_answer(talk.house, one.asked) < today for one in found)
    lines = [*above, bold(_("Questions to the coordination team"))]
    if found:
        lines.append(t.ngettext("{n} question waits for an answer.", "{n} questions wait for an answer.", len(found)))
    else:
        lines.append(_("No question waits for an answer."))
    if late:
        lines.append(t.ngettext("{n} answer is late.", "{n} answers are late.", late))
    choices = [(_label(talk, one), f"inquiry:{one.id}") for one in found]
    await talk.show(page_of("\n".join(lines), choices, "inbox", page, t))


def _label(talk: Talk, one: Inquiry) -> str:
    """Language, day and topic on one button; the day not first, since it would run into the number of the choice."""
    t, day = talk.texts, moment(one.asked, talk.house.terms.zone).date()
    parts = [t.short_day(day), _about(talk, one)]
    title = language_name(one.language, t)
    return t.gettext("{title}: {when}").format(title=title, when=", ".join(part for part in parts if part))


def _about(talk: Talk, one: Inquiry) -> str:
    """The title of the topic or entry that was asked about; empty where it was none, or is gone."""
    knowledge = talk.house.knowledge
    if one.about in knowledge.topics:
        return knowledge.topics[one.about].named(talk.language)
    entry = knowledge.entries.get(one.about)
    text = in_language(entry.texts, talk.language) if entry else None
    return text.title if text else ""


def card(talk: Talk, found: Standing) -> Message:
    """A question with what can be done about it."""
    _, t = talk.texts.gettext, talk.texts
    one, zone = found.inquiry, talk.house.terms.zone
    lines = [bold(_("Question of {day}").format(day=t.day(moment(one.asked, zone).date())))]
    lines.append(_("Language: {language}").format(language=language_name(one.language, t)))
    if about := _about(talk, one):
        lines.append(_("Asked from: {title}").format(title=escape(about)))
    lines.append(_("In their words: “{text}”").format(text=own_words(one.text, talk.language)))
    # Translators: button label
    back = Button(_("Go back"), "more:inbox:0")
    if one.state != "open":
        lines += _ended(talk, one, found.delivery)
        return Message("\n".join(lines), ((back,),))
    lines.append(answer_line(talk.house, one.asked, t))
    # Translators: button label
    rows = [(Button(_("Answer"), f"inquiry:{one.id}:answer"),)]
    if found.asker.blocked:
        lines.append(_("This person has stopped Lotse: an answer would not arrive."))
        rows = []
    # Translators: button label
    rows += [(Button(_("Close without an answer"), f"inquiry:{one.id}:close"),), (back,)]
    return Message("\n".join(lines), tuple(rows))


def _ended(talk: Talk, one: Inquiry, delivery: str) -> list[str]:
    """How and when it ended, and what became of the message about it."""
    _ = talk.texts.gettext
    day = talk.texts.day(moment(one.ended or 0, talk.house.terms.zone).date())
    if one.state == "answered":
        lines = [_("Answered on {day}").format(day=day)]
    else:
        lines = [_("Closed without an answer on {day}").format(day=day)]
    became = {
        "sent": _("The message was delivered."),
        "blocked": _("The message did not arrive: Lotse blocked or chat deleted."),
        "failed": _("The message did not arrive: Telegram refused it."),
        "unconfirmed": _("The message may have arrived; it is not repeated."),
        "": "",
    }
    return [line for line in [*lines, became.get(delivery, _("The message is on its way."))] if line]
