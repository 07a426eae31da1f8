"""What somebody needs to take part: said by a press, stored only after reading who sees it, deleted by a press."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.chat.asking import ask
from bot.chat.markup import escape
from bot.chat.message import Button, Message, Row
from bot.chat.session_parts import title_of
from bot.chat.sessions import gone, number_of
from bot.chat.talk import Talk
from bot.domain.instants import microseconds
from bot.services.drafts import Draft
from bot.services.needs import Needs, Standing, forget, forget_all, in_own_words, keep, standing, take_over

KIND = "needs"  # of the draft
LIFE = timedelta(days=1)  # for a reply that somebody wants to think about


async def press(talk: Talk, arguments: Sequence[str]) -> None:
    """Answers needs:<session> and needs:<session>:<choice>, for people who are registered there."""
    choice = arguments[1] if len(arguments) > 1 else "show"
    session = number_of(arguments[0])
    found = await _standing(talk, session) if session is not None and choice in CHOICES else None
    if found is None:
        await gone(talk)
    else:
        await CHOICES[choice](talk, found)


async def answer(talk: Talk, draft: Draft) -> None:
    """Takes the reply that says what else is needed."""
    found = await _standing(talk, int(draft.answers["session"]))
    other = in_own_words(talk.arrival.text)
    if found is None:
        await talk.say(
            Message(talk.texts.gettext("Nothing was stored: the session is over, or you are not registered."))
        )
    elif other:
        await _add(talk, found, other=other)
    else:
        await _show(talk, found)


async def _open(talk: Talk, found: Standing) -> None:
    """Beside the confirmation that the button was under, which stays."""
    await talk.say(card(talk, found))


async def _show(talk: Talk, found: Standing) -> None:
    await talk.show(card(talk, found))


async def _sign_language(talk: Talk, found: Standing) -> None:
    await _add(talk, found, sign_language=True)


async def _subtitles(talk: Talk, found: Standing) -> None:
    await _add(talk, found, subtitles=True)


async def _add(talk: Talk, found: Standing, **said: bool | str) -> None:
    now = microseconds(talk.house.now())
    needs = replace(found.needs or Needs(), **said)  # type: ignore[arg-type]  # each has the type of its field
    stored = await talk.house.database.write(keep, found.session.id, talk.arrival.person, needs, now)
    if stored:
        await _show(talk, replace(found, needs=needs))
    else:
        await gone(talk)


async def _other(talk: Talk, found: Standing) -> None:
    _ = talk.texts.gettext
    lines = [
        _("What do you need? {title}").format(title=title_of(found.session, talk.language)),
        _("Reply to this message, with 300 characters at most. No diagnosis is needed."),
        _("With your reply you agree that it is stored until 14 days after the session."),
        _("Optional: if you would rather not, do nothing."),
    ]
    await ask(talk, KIND, "other", {"session": found.session.id}, Message("\n".join(lines)), LIFE)


async def _nothing(talk: Talk, found: Standing) -> None:
    """Nothing needed is nothing stored."""
    if found.needs:
        await _forget(talk, found)
    else:
        await talk.show(Message(talk.texts.gettext("Nothing is stored about what you need.")))


async def _forget(talk: Talk, found: Standing) -> None:
    _ = talk.texts.gettext
    await talk.house.database.write(forget, found.session.id, talk.arrival.person)
    lines: list[str] = [_("What you need is deleted for this session.")]
    rows: list[Row] = []
    if found.said:
        ngettext = talk.texts.ngettext
        lines.append(
            ngettext(
                "It is still stored for {n} other session.", "It is still stored for {n} other sessions.", found.said
            )
        )
        # Translators: button label
        rows.append((Button(_("Delete for all sessions"), f"needs:{found.session.id}:forget_all"),))
    await talk.show(Message("\n".join(lines), tuple(rows)))


async def _forget_all(talk: Talk, _found: Standing) -> None:
    await talk.house.database.write(forget_all, talk.arrival.person)
    await talk.show(Message(talk.texts.gettext("What you need is deleted for all sessions.")))


async def _take_over(talk: Talk, found: Standing) -> None:
    now = microseconds(talk.house.now())
    if found.needs:
        await talk.house.database.write(take_over, found.session.id, talk.arrival.person, now)
    await _show(talk, replace(found, said=found.others if found.needs else found.said))


def card(talk: Talk, found: Standing) -> Message:
    """What is stored, or what saying it would mean, with the choices."""
    _ = talk.texts.gettext
    title = title_of(found.session, talk.language)
    lines = [_("What do you need to take part? {title}").format(title=title)]
    if found.needs:
        lines.append(_("Stored: {needs}").format(needs=_named(talk, found.needs)))
    else:
        lines.append(_("This may say something about your health. It is stored only if you choose something here."))
    if found.needs and found.said and found.said == found.others:
        lines.append(_("The same for all your sessions of the series."))
    lines.append(_("The coordination team reads it to prepare the session. It is deleted 14 days after the session."))
    return Message("\n".join(lines), tuple(_rows(talk, found)))


def _named(talk: Talk, needs: Needs) -> str:
    _ = talk.texts.gettext
    named = [_("sign language")] if needs.sign_language else []
    named += [_("subtitles")] if needs.subtitles else []
    named += [escape(needs.other)] if needs.other else []
    return talk.texts.items(tuple(named))


def _rows(talk: Talk, found: Standing) -> list[Row]:
    """At most five; what is stored is not offered again, but other words may replace the first."""
    _ = talk.texts.gettext
    needs, prefix = found.needs or Needs(), f"needs:{found.session.id}"
    # Translators: button label
    rows = [] if needs.sign_language else [(Button(_("Sign language"), f"{prefix}:sign"),)]
    # Translators: button label
    rows += [] if needs.subtitles else [(Button(_("Subtitles"), f"{prefix}:subtitles"),)]
    # Translators: button label
    rows.append((Button(_("Something else"), f"{prefix}:other"),))
    if not needs:
        # Translators: button label
        return [*rows, (Button(_("I need nothing"), f"{prefix}:none"),)]
    if found.others:
        # Translators: button label
        rows.append((Button(_("For all my sessions"), f"{prefix}:all"),))
    # Translators: button label
    return [*rows, (Button(_("Delete what I need"), f"{prefix}:none"),)]


async def _standing(talk: Talk, session: int) -> Standing | None:
    now = microseconds(talk.house.now())
    return await talk.house.database.read(standing, session, talk.arrival.person, now)


CHOICES: dict[str, Callable[[Talk, Standing], Awaitable[None]]] = {
    "show": _open,
    "sign": _sign_language,
    "subtitles": _subtitles,
    "other": _other,
    "none": _nothing,
    "all": _take_over,
    "forget_all": _forget_all,
}
