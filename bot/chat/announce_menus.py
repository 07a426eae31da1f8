"""The menus of an announcement's preview: which version, which language, picture or file, what time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.announce_draft import Plan, Step
from bot.chat.announce_flow import adjust, ask, go_on
from bot.chat.announce_list import gone
from bot.chat.announce_preview import morning_label, next_morning, time_line
from bot.chat.cards import shortened
from bot.chat.markup import bold
from bot.chat.message import Button, Message
from bot.chat.talk import Talk
from bot.domain.languages import in_order
from bot.services.drafts import Draft
from bot.texts import OWN_NAMES, Texts, language_name

Choice = tuple[str, str]  # label and step


def menu(talk: Talk, draft: Draft, lines: Sequence[str], choices: Sequence[Choice], back: str = "back") -> Message:
    """A menu in the place of the control message; the way back, by the step `back`, comes last."""
    # Translators: button label
    last = (talk.texts.gettext("Go back"), back)
    rows = tuple((Button(shortened(label), f"announce:{draft.id}:{step}"),) for label, step in (*choices, last))
    return Message("\n".join(lines), rows)


async def _text(talk: Talk, draft: Draft, plan: Plan, code: str) -> None:
    """Asks for the text of a version; without a code of which, where there are several."""
    texts = plan.content.texts
    if code in OWN_NAMES or len(texts) < 2:  # noqa: PLR2004 - of several one is to be chosen
        code = code if code in OWN_NAMES else next(iter(texts), talk.language)
        await ask(talk, draft, plan, f"text-{code}")
        return
    choices = [(language_name(one, talk.texts), f"text-{one}") for one in in_order(texts)]
    await talk.show(menu(talk, draft, [bold(talk.texts.gettext("Which text should change?"))], choices))


async def _languages(talk: Talk, draft: Draft, plan: Plan, _value: str) -> None:
    """All languages at once, with what there is already, and the way to say that the text is in another one."""
    _, t, texts = talk.texts.gettext, talk.texts, plan.content.texts
    lines = [
        _("Who has no version in their language gets the German one, else the English one, and is told so."),
        *_versions(t, plan),
        _("In which language do you want to add or change a version?"),
    ]
    choices = [(name, f"text-{code}") for code, name in OWN_NAMES.items()]
    if len(texts) == 1:
        # Translators: button label
        choices.append((_("The text is in another one"), "language"))
    await talk.show(menu(talk, draft, lines, choices))


async def _language(talk: Talk, draft: Draft, plan: Plan, code: str) -> None:
    """Says which language the only text is in."""
    texts = list(plan.content.texts.values())
    if len(texts) != 1:
        await gone(talk)
    elif code in OWN_NAMES:
        await go_on(talk, draft, replace(plan, content=replace(plan.content, texts={code: texts[0]})))
    else:
        choices = [(name, f"language-{own}") for own, name in OWN_NAMES.items()]
        await talk.show(menu(talk, draft, [bold(talk.texts.gettext("Which language is the text in?"))], choices))


async def _file(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    """Asks for a picture or file; where there is one, it can be left out instead."""
    _, content = talk.texts.gettext, plan.content
    if not (content.photo or content.document) or value == "new":
        await ask(talk, draft, plan, "file")
    elif value == "off":
        texts = {code: replace(one, alt="") for code, one in content.texts.items() if one.html}
        await go_on(talk, draft, replace(plan, content=replace(content, texts=texts, photo="", document="")))
    else:
        # Translators: button label
        another = (_("Send another picture or file"), "file-new")
        # Translators: button label
        choices = [another, (_("Leave it out"), "file-off")]
        await talk.show(menu(talk, draft, [bold(_("Picture or file"))], choices))


async def _time(talk: Talk, draft: Draft, plan: Plan, value: str) -> None:
    _, house = talk.texts.gettext, talk.house
    if value == "typed":
        await ask(talk, draft, plan, "time")
    elif value in {"now", "morning"}:
        await adjust(talk, draft, replace(plan, due=next_morning(house) if value == "morning" else None))
    else:
        choices = [
            # Translators: button label
            (_("Send at once"), "time-now"),
            (morning_label(house, talk.texts), "time-morning"),
            # Translators: button label
            (_("Another time"), "time-typed"),
        ]
        await talk.show(menu(talk, draft, [time_line(house, talk.texts, plan.due)], choices))


def _versions(t: Texts, plan: Plan) -> list[str]:
    names = t.items(tuple(language_name(code, t) for code in in_order(plan.content.texts)))
    return [t.gettext("There is a version in: {languages}").format(languages=names)] if names else []


STEPS: dict[str, Step] = {
    "text": _text,
    "languages": _languages,
    "language": _language,
    "file": _file,
    "time": _time,
}
