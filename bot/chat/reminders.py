"""How long before a session a person is reminded: a few usual choices, or typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import timedelta

from bot.chat.asking import ask, put
from bot.chat.browse import out_of_date
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.domain.reminders import normalise, rules
from bot.services.drafts import Draft
from bot.services.settings import choose_reminders, chosen
from bot.texts import Texts

KIND = "remind"  # of the draft
LIFE = timedelta(days=1)  # of a question
USUAL = ("1d", "7d,1d", "")  # to press, beside the operator's own
NONE, DEFAULT = "none", "default"  # how buttons name no reminders and the operator's


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers remind:show, remind:other, and remind:<rules> with a comma between them, none or default."""
    choice = arguments[0]
    if choice == "show":
        own = await talk.house.database.read(chosen, talk.arrival.person)
        await talk.show(menu(talk, own.reminders))
    elif choice == "other":
        await ask(talk, KIND, "rules", {}, _question(talk), LIFE)
    elif choice == DEFAULT:
        await _choose(talk, None)
    else:
        picked = _read(choice) if choice != NONE else ""
        await (out_of_date(talk) if picked is None or choice == "" else _choose(talk, picked))


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes rules that were typed; asks again for what is none."""
    picked = _read(talk.arrival.text)
    if picked:
        await _choose(talk, picked)
    else:
        await put(talk, draft.id, _question(talk, again=True))


def menu(talk: Talk, own: str | None) -> Message:
    """What holds, and the choices."""
    _, t = talk.texts.gettext, talk.texts
    # Translators: button label
    none = _("No reminders")
    usual = [(in_words(t, kept) or none, kept or NONE) for kept in USUAL]
    choices = [
        # Translators: button label
        (_("As usual"), DEFAULT),
        *usual,
        # Translators: button label
        (_("Other times"), "other"),
    ]
    rows = tuple((Button(label, f"remind:{choice}"),) for label, choice in choices)
    lines = [
        line(t, talk.house.terms.reminders if own is None else own),
        _("As usual is: {times}").format(times=in_words(t, talk.house.terms.reminders) or none),
    ]
    return Message("\n".join(lines), rows)


def line(t: Texts, kept: str) -> str:
    """These rules in a line: "Reminders: 7 days, 1 day and 1 hour before"."""
    words = in_words(t, kept)
    return t.gettext("Reminders: {times}").format(times=words) if words else t.gettext("Reminders: none")


def in_words(t: Texts, kept: str) -> str:
    """Rules such as "7d,1d,1h" in words, "7 days, 1 day and 1 hour before"; nothing for none."""
    spans = tuple(t.span(int(rule[:-1]), rule[-1]) for rule in rules(kept))
    return t.gettext("{spans} before").format(spans=t.items(spans)) if spans else ""


async def _choose(talk: Talk, picked: str | None) -> None:
    now, arrival = microseconds(talk.house.now()), talk.arrival
    await talk.house.database.write(choose_reminders, arrival.person, picked, arrival.code, now)
    await talk.show(menu(talk, picked))


def _question(talk: Talk, *, again: bool = False) -> Message:
    _ = talk.texts.gettext
    lines = [_("That was not understood.")] if again else []
    lines += [
        _("How long before a session do you want a reminder?"),
        _("Reply to this message, for example: 3d, 2h (3 days and 2 hours before)"),
        _("d is for days, h for hours, m for minutes. Ten reminders at most."),
    ]
    return Message("\n".join(lines))


def _read(typed: str) -> str | None:
    """The rules in what was typed, with commas and digits of any script; None where it is something else."""
    plain = unicodedata.normalize("NFKC", typed).casefold()
    plain = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in plain if not c.isspace() or c == "\n")
    for separator in ("\n", ";", "\u060c", "\u061b"):
        plain = plain.replace(separator, ",")
    try:
        return normalise(plain)
    except ValueError:
        return None
