"""What people hear of questions to the coordination team: the answer itself, and that something waits for one."""

from __future__ import annotations

from datetime import date

from bot.chat.message import Button, Message
from bot.chat.talk import House
from bot.domain.inquiries import Inquiry, answer_by
from bot.domain.instants import moment
from bot.services.holidays import is_holiday
from bot.services.notices import Facts
from bot.store.outbox import Claimed
from bot.texts import Texts


def reply(house: House, inquiry: Inquiry, t: Texts) -> Message:
    """What the person who asked gets, answered or closed without an answer; previewed by the same function."""
    _ = t.gettext
    day = t.day(moment(inquiry.asked, house.terms.zone).date())
    if inquiry.answer:
        lines = [
            _("Your question of {day}: here is the answer of the coordination team.").format(day=day),
            "",
            inquiry.answer,
            "",
            _("The network gives no legal advice."),
        ]
    else:
        lines = [
            _("Your question of {day}: the coordination team has closed it without an answer.").format(day=day),
            _("The office in charge can help, or an advice centre."),
        ]
    known = inquiry.about in house.knowledge.entries or inquiry.about in house.knowledge.topics
    # Translators: button label
    ask = Button(_("Ask a person"), f"person:{inquiry.about if known else 'general'}")
    return Message("\n".join(lines), ((ask,),))


def replied(house: House, claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """Writes a notice of kind "reply"; None where the question is gone, or open again."""
    inquiry, kept = facts.inquiry, claimed.parameters
    if inquiry is None and "asked" in kept:  # closed since nobody answered for too long, and deleted
        about, asked = str(kept["about"]), int(kept["asked"])
        inquiry = Inquiry(int(kept["inquiry"]), claimed.person, about, t.language, "", "closed", asked)
    if inquiry is None or inquiry.state == "open":
        return None
    return reply(house, inquiry, t)


def news(house: House, _claimed: Claimed, facts: Facts, t: Texts) -> Message | None:
    """Writes a notice of kind "inquiry" for a coordinator of now; None where nothing waits any more."""
    if facts.inbox is None or not facts.coordinates:
        return None
    _ = t.gettext
    lines = [
        _("There is a question to the coordination team."),
        t.ngettext("{n} question waits for an answer.", "{n} questions wait for an answer.", facts.inbox.count),
        answer_line(house, facts.inbox.oldest, t),
    ]
    # Translators: button label
    return Message("\n".join(lines), ((Button(_("Show questions"), "more:inbox:0"),),))


def answer_line(house: House, asked: int, t: Texts) -> str:
    """Says by when there is an answer to what was sent at `asked`, in UTC microseconds."""
    line = t.gettext("Answer by {date}.").format(date=t.weekday(day_of_answer(house, asked)))
    return line.replace("..", ".")  # some languages end dates with the point of an abbreviation


def day_of_answer(house: House, asked: int) -> date:
    """The day by which there is an answer to what was sent at `asked`, in UTC microseconds."""
    return answer_by(moment(asked, house.terms.zone).date(), is_holiday)
