"""How a session looks to coordinators: counts, never names, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.lists import numbered, way_back
from bot.chat.markup import bold, escape, link
from bot.chat.message import Button, Message, Row
from bot.chat.session_parts import GERMANY
from bot.chat.talk import Talk
from bot.domain.instants import MINUTE, microseconds, moment
from bot.domain.programme import Seats, Series, Session
from bot.services.attendance import correctable
from bot.services.coordination import Standing
from bot.texts import N_, Texts, language_name

LIST = "more:programme:0"
PAGE = 4  # sessions at once, beside the button for a new one

STEPS: dict[str, str] = {
    # Translators: button label
    "move": N_("Change time"),
    # Translators: button label
    "places": N_("Change places"),
    # Translators: button label
    "link": N_("Change join link"),
    # Translators: button label
    "close": N_("Close registration"),
    # Translators: button label
    "open": N_("Open registration"),
    # Translators: button label
    "cancel": N_("Cancel the session"),
    # Translators: button label
    "texts": N_("Change texts"),
    # Translators: button label
    "materials": N_("Change materials"),
    # Translators: button label
    "word": N_("Change code word"),
}
TEXTS: dict[str, str] = {
    # Translators: button label
    "title": N_("Change title"),
    # Translators: button label
    "summary": N_("Change summary"),
    # Translators: button label
    "speakers": N_("Change speakers"),
    # Translators: button label
    "words": N_("Other languages"),
    # Translators: button label
    "announces": N_("Announcements of the series"),
}


def steps(session: Session, claims: int, now: int) -> tuple[str, ...]:
    """What can be done with a session now; `now` in UTC microseconds."""
    if session.state == "cancelled":
        return ()
    if session.ends > now:
        state = "close" if session.state == "open" else "open"
        return ("move", "places", "link", state, "cancel", "texts", "materials", "word")
    decide = ("accept", "refuse") if claims and correctable(session, now) else ()
    return (*decide, "texts", "materials")


def session_list(
    talk: Talk, planned: Sequence[Session], seats: dict[int, Seats], page: int, above: Sequence[str] = ()
) -> Message:
    """A page of the programme: what comes, then what was, with how many are registered."""
    _, t = talk.texts.gettext, talk.texts
    page = page if 0 <= page * PAGE < len(planned) else 0
    shown = planned[page * PAGE : (page + 1) * PAGE]
    lines = [*above, bold(_("Programme")) if planned else _("No sessions are planned.")]
    for number, session in enumerate(shown, 1):
        title = escape(session.worded(talk.language)[0])
        lines += ["", f"{number}. {title}", when(session, t), *taken(seats[session.id], t)]
    last: list[Button] = []
    if (page + 1) * PAGE < len(planned):
        # Translators: button label
        last.append(Button(_("Show more"), f"more:programme:{page + 1}"))
    if page:
        # Translators: button label
        last.append(Button(_("Go back"), f"more:programme:{page - 1}"))
    choices = [(session.worded(talk.language)[0], f"plan:{session.id}") for session in shown]
    # Translators: button label
    new = (Button(_("New session"), "plan:new"),)
    return Message("\n".join(lines), (*numbered(choices), new, tuple(last)))


def card(talk: Talk, standing: Standing, series: Series, place: tuple[int, int], above: Sequence[str] = ()) -> Message:
    """A session with its counts and buttons; `place` is its number in the series and how many there are."""
    _, t, session = talk.texts.gettext, talk.texts, standing.session
    now = microseconds(talk.house.now())
    lines = [
        *above,
        bold(session.worded(talk.language)[0]),
        when(session, t),
        _("Series: {series}, session {number} of {count}").format(
            series=escape(series.worded(talk.language)), number=place[0], count=place[1]
        ),
        *_state(session, now, t),
        *taken(standing.seats, t),
        *_people(standing, t),
        *_needs(standing, t),
        *_after(standing, t),
        join_line(session.join_url, t),
        *([_("Code word: {word}").format(word=escape(session.code_word))] if session.code_word else []),
        *([_("Materials: {materials}").format(materials=escape(session.materials))] if session.materials else []),
    ]
    return Message("\n".join(lines), (*_buttons(standing, now, t), _way_back(t)))


def texts_menu(talk: Talk, session: Session) -> Message:
    """The texts of a session in its own language, the others it has, and which to change."""
    _, t = talk.texts.gettext, talk.texts
    others = t.items(tuple(language_name(code, t) for code in session.wordings))
    lines = [
        bold(session.title),
        _("Language: {language}").format(language=language_name(session.language, t)),
        *([_("Other languages: {languages}").format(languages=others)] if others else []),
        *([_("Speakers: {speakers}").format(speakers=escape(session.speakers))] if session.speakers else []),
        *([escape(session.summary)] if session.summary else []),
        _("Which text should change?"),
    ]
    rows = tuple((Button(_(label), f"plan:{session.id}:{step}"),) for step, label in TEXTS.items())
    return Message("\n".join(lines), (*rows, _way_back(t, f"plan:{session.id}")))


def when(session: Session, t: Texts) -> str:
    """The session's day and hours, with whose clocks they are."""
    return hours(session.starts, session.minutes, session.zone, t)


def hours(starts: int, minutes: int, zone: str, t: Texts) -> str:
    """A day with start and end (UTC microseconds, minutes) and whose clocks they are by."""
    span = t.day_and_hours(moment(starts, zone), moment(starts + minutes * MINUTE, zone))
    if zone == GERMANY:
        return t.gettext("{when} (time in Germany)").format(when=span)
    return t.gettext("{when} (time zone {zone})").format(when=span, zone=zone)


def count_of(sentence: str, number: int) -> list[str]:
    """A line with a count, or none where there is nothing to count."""
    return [sentence.format(n=number)] if number else []


def places(capacity: int | None, t: Texts) -> str:
    """How many places there are, in words."""
    if capacity is None:
        return t.gettext("places without a limit")
    return t.ngettext("{n} place", "{n} places", capacity)


def places_line(capacity: int | None, t: Texts) -> str:
    """How many places there are, as a line."""
    return t.gettext("Places: no limit") if capacity is None else t.gettext("Places: {n}").format(n=capacity)


def join_line(url: str, t: Texts) -> str:
    """The link to join, or that there is none yet."""
    if not url:
        return t.gettext("Join link: missing")
    return t.gettext("Join link: {link}").format(link=link(url, url))


def taken(seats: Seats, t: Texts) -> list[str]:
    """How many places are taken, and how many people wait."""
    if seats.capacity is None:
        line = t.gettext("Confirmed: {n}, no limit").format(n=seats.confirmed)
    else:
        line = t.gettext("Confirmed: {n} of {capacity}").format(n=seats.confirmed, capacity=seats.capacity)
    return [line, *count_of(t.gettext("Waiting list: {n}"), seats.waiting)]


def _people(standing: Standing, t: Texts) -> list[str]:
    _ = t.gettext
    return [
        *count_of(_("Places offered: {n}"), standing.seats.offered),
        *count_of(_("Registered outside Telegram: {n}"), standing.guests),
        *count_of(_("Registrations ended: {n}"), standing.ended),
        *count_of(_("Not reached by a message: {n}"), standing.unreached),
    ]


def _needs(standing: Standing, t: Texts) -> list[str]:
    _ = t.gettext
    counted = (
        (_("sign language {n}"), standing.sign_language),
        (_("subtitles {n}"), standing.subtitles),
        (_("other {n}"), standing.other),
    )
    needs = tuple(sentence.format(n=number) for sentence, number in counted if number)
    return [_("To prepare: {needs}").format(needs=t.items(needs))] if needs else []


def _after(standing: Standing, t: Texts) -> list[str]:
    claims = t.ngettext("{n} person says they were there.", "{n} people say they were there.", standing.claims)
    return [
        *count_of(t.gettext("Attended: {n}"), standing.attended),
        *([claims] if standing.claims else []),
        *count_of(t.gettext("Feedback: {n}"), standing.feedback),
    ]


def _state(session: Session, now: int, t: Texts) -> list[str]:
    if session.state == "cancelled":
        return [t.gettext("This session is cancelled.")]
    if session.ends <= now:
        return [t.gettext("This session is over.")]
    return [t.gettext("Registration is closed.")] if session.state == "closed" else []


def _buttons(standing: Standing, now: int, t: Texts) -> list[Row]:
    session = standing.session
    rows: list[Row] = []
    for step in steps(session, standing.claims, now):
        if step == "accept":
            # Translators: button label
            label = t.gettext("Note attendance of {n}").format(n=standing.claims)
        elif step == "refuse":
            # Translators: button label
            label = t.gettext("Note nobody")
        else:
            label = t.gettext(STEPS[step])
        rows.append((Button(label, f"plan:{session.id}:{step}"),))
    if standing.feedback:
        # Translators: button label
        rows.append((Button(t.gettext("Read feedback"), f"feedback:{session.id}"),))
    return rows


def _way_back(t: Texts, back: str = LIST) -> Row:
    return way_back(back, t)[:1]  # to all topics leads nothing from here
