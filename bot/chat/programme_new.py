"""Creating a session: series, title and start are asked for, the rest has defaults that the preview lets change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.chat.asking import ask
from bot.chat.lists import numbered
from bot.chat.markup import bold, escape
from bot.chat.message import Button, Message
from bot.chat.programme_cards import LIST, hours, join_line, places_line
from bot.chat.programme_questions import question
from bot.chat.programme_views import gone
from bot.chat.sessions import number_of
from bot.chat.talk import Talk
from bot.domain.programme import MINUTES
from bot.services.coordination import KIND, series_titled, takers
from bot.services.sessions import all_series, one_series
from bot.store.tx import Tx
from bot.texts import N_, language_name

CAPACITY = 50  # by the network's practice
LATEST = 4  # series to choose from; an older one is chosen by typing its name
NEEDED = (("series", "series"), ("title", "title"), ("starts", "move"))  # what is asked for, by which step

CHANGES: dict[str, str] = {
    # Translators: button label
    "move": N_("Change time"),
    # Translators: button label
    "places": N_("Change places"),
    # Translators: button label
    "link": N_("Change join link"),
    # Translators: button label
    "language": N_("Change language"),
    # Translators: button label
    "topics": N_("Choose topics"),
    # Translators: button label
    "texts": N_("Change texts"),
}
TEXTS: dict[str, str] = {
    # Translators: button label
    "title": N_("Change title"),
    # Translators: button label
    "summary": N_("Change summary"),
    # Translators: button label
    "speakers": N_("Change speakers"),
}


async def begin(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers plan:new, and plan:new:<series> or plan:new:other."""
    if not arguments:
        await _choose_series(talk)
        return
    wished: dict[str, Any] = {
        "minutes": MINUTES, "capacity": CAPACITY, "language": talk.house.terms.language, "join_url": "", "topics": [],
        "speakers": "", "summary": "",
    }  # fmt: skip
    if arguments[0] != "other":
        chosen = number_of(arguments[0])
        series = None if chosen is None else await talk.house.database.read(one_series, chosen)
        if series is None:
            await gone(talk)
            return
        wished["series"] = series.title
    step = missing(wished)
    assert step is not None, "the title is"
    await ask(talk, KIND, step, {"act": "new", "to": wished}, question(talk, step, "", new=True))


def missing(wished: dict[str, Any]) -> str | None:
    """The step that asks for what a new session lacks, if it lacks something."""
    return next((step for name, step in NEEDED if name not in wished), None)


async def _choose_series(talk: Talk) -> None:
    found = await talk.house.database.read(all_series)
    latest = list(found.values())[: -LATEST - 1 : -1]
    _ = talk.texts.gettext
    choices = [(one.worded(talk.language), f"plan:new:{one.id}") for one in latest]
    rows = (
        *numbered(choices),
        # Translators: button label
        (Button(_("New series"), "plan:new:other"),),
        # Translators: button label
        (Button(_("Go back"), LIST),),
    )
    await talk.show(Message("\n".join([bold(_("New session")), _("In which series?")]), rows))


async def new_preview(talk: Talk, draft: int, answers: dict[str, Any], above: str = "") -> None:
    """Shows the session as it would be, how many would hear of it, and what can still be changed."""
    _, t, to = talk.texts.gettext, talk.texts, answers["to"]
    series, hearing = await talk.house.database.read(_series_of, to["series"])
    lines = [
        *([above, ""] if above else []),
        _("New session: {title}").format(title=bold(to["title"])),
        hours(to["starts"], to["minutes"], talk.house.terms.zone, t),
        _("Series: {series}").format(series=escape(to["series"])) if series else _new_series(talk, to["series"]),
        _("Language: {language}").format(language=language_name(to["language"], t)),
        places_line(to["capacity"], t),
        join_line(to["join_url"], t),
        *_texts_of(talk, to),
        _hearing(talk, hearing),
        _("Nothing has been changed yet."),
    ]
    changes = [(Button(_(label), f"change:{draft}:{step}"),) for step, label in CHANGES.items()]
    rows = (
        *changes,
        # Translators: button label
        (Button(_("Create the session"), f"confirm:{draft}"),),
        # Translators: button label
        (Button(_("Create nothing"), f"cancel:{draft}"),),
    )
    await talk.say(Message("\n".join(lines), rows))


def texts_menu(talk: Talk, draft: int) -> Message:
    """Which text of the new session to change; the preview stays above."""
    _ = talk.texts.gettext
    rows = tuple((Button(_(label), f"change:{draft}:{step}"),) for step, label in TEXTS.items())
    return Message(_("Which text should change?"), rows)


def _texts_of(talk: Talk, to: dict[str, Any]) -> list[str]:
    _ = talk.texts.gettext
    topics = (talk.house.knowledge.topics.get(one) for one in to["topics"])
    names = tuple(one.named(talk.language) for one in topics if one)
    return [
        *([_("Topics: {topics}").format(topics=escape(talk.texts.items(names)))] if names else []),
        *([_("Speakers: {speakers}").format(speakers=escape(to["speakers"]))] if to["speakers"] else []),
        *([escape(to["summary"])] if to["summary"] else []),
    ]


def _new_series(talk: Talk, title: str) -> str:
    return talk.texts.gettext("New series: {series}").format(series=escape(title))


def _hearing(talk: Talk, hearing: int) -> str:
    if not hearing:
        return talk.texts.gettext("Nobody gets a message.")
    return talk.texts.ngettext(
        "{n} person who took the whole series gets a message.",
        "{n} people who took the whole series get a message.",
        hearing,
    )


def _series_of(tx: Tx, title: str) -> tuple[int | None, int]:
    """The series of this title, if there is one, and how many took all of it."""
    series = series_titled(tx, title)
    return series, takers(tx, series) if series is not None else 0
