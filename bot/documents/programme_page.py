"""The programme as one page for a website or a mail: without scripts, and without links to join."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.domain.instants import moment
from bot.domain.languages import RIGHT_TO_LEFT, reads
from bot.domain.programme import Series, Session
from bot.texts import Texts, texts

GERMANY = "Europe/Berlin"
# Colours with contrast AA in light and dark; sizes in rem, so that zoom and large text hold; black on white in print.
STYLE = """
:root { color-scheme: light dark; --ground: #f7f4ee; --paper: #fffdf9; --ink: #1f2a2a; --faint: #55605f;
  --line: #d8d0c2; --accent: #1c5d57; --link: #0b5a70; --focus: #b3470b; }
@media (prefers-color-scheme: dark) { :root { --ground: #141b1b; --paper: #1b2424; --ink: #ecefe9; --faint: #b3bdb8;
  --line: #37433f; --accent: #8fd3c4; --link: #93cfe6; --focus: #ffb27a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, "Segoe UI", "Noto Sans", "Noto Sans Arabic", sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 2.5rem 0 .75rem; color: var(--accent); }
h3 { font-size: 1.1rem; line-height: 1.35; margin: 0; }
p { margin: .35rem 0; }
ol { list-style: none; margin: 0; padding: 0; }
li { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem;
  margin: 0 0 .9rem; }
.when { font-weight: 600; }
.off { font-weight: 600; }
.faint { color: var(--faint); }
.links { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin-top: .6rem; }
a { color: var(--link); display: inline-block; padding: .25rem 0; text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
@media print { :root { color-scheme: light; --ground: #fff; --paper: #fff; --ink: #000; --faint: #333; --line: #999;
  --accent: #000; --link: #000; } li { break-inside: avoid; } h2, h3 { break-after: avoid; } main { max-width: none; } }
"""


def page(programme: Sequence[tuple[Series, Sequence[Session]]], language: str, bot_name: str = "") -> str:
    """The page in a language, of series with their sessions in the order given.

    It links to the calendar files beside it, `series-<id>.ics` and `session-<id>.ics`, and, with the username of the
    bot, to the sessions in the chat.
    """
    t = texts(language)
    _ = t.gettext
    title = escape(_("Programme"))
    parts = [_series(series, sessions, t, bot_name) for series, sessions in programme]
    body = "\n".join(parts) or f"<p>{escape(_('No sessions are planned.'))}</p>"
    return f"""<!doctype html>
<html lang="{escape(language)}" dir="{_direction(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def _series(series: Series, sessions: Sequence[Session], t: Texts, bot_name: str) -> str:
    title = escape(series.worded(t.language))
    links, heading = [], f"series-{series.id}"
    if any(session.state != "cancelled" for session in sessions):
        links.append(_link(f"{heading}.ics", t.gettext("All sessions of this series as a calendar file"), heading))
    if bot_name:
        address = f"https://t.me/{bot_name}?start=series_{series.id}"
        links.append(_link(address, t.gettext("Open the series in Lotse"), heading))
    listed = "\n".join(f"<li>{_session(session, t, bot_name)}</li>" for session in sessions)
    return f"""<section aria-labelledby="{heading}">
<h2 id="{heading}" dir="auto">{title}</h2>
{_links(links)}
<ol>
{listed}
</ol>
</section>"""


def _session(session: Session, t: Texts, bot_name: str) -> str:
    """A session with its links."""
    _ = t.gettext
    title, summary, code = session.worded(t.language)
    of = f' lang="{escape(code)}" dir="{_direction(code)}"' if not reads(t.language, code) else ""
    heading = f"session-{session.id}"
    lines = [f'<h3 id="{heading}"{of}>{escape(title)}</h3>']
    if session.state == "cancelled":
        lines.append(f'<p class="off">{escape(_("This session has been cancelled."))}</p>')
    lines += [_when(session, t), *(f"<p{of}>{escape(line)}</p>" for line in summary.split("\n") if line.strip())]
    if session.speakers:
        lines.append(f"<p>{escape(_('Speakers: {names}').format(names=session.speakers))}</p>")
    lines.append(f'<p class="faint">{escape(_whom(session, t))}</p>')
    if session.state == "closed":
        lines.append(f"<p>{escape(_('Registration for this session is closed.'))}</p>")
    links = [_link(f"{heading}.ics", _("Calendar file"), heading)]
    if bot_name and session.state != "cancelled":
        address = f"https://t.me/{bot_name}?start=session_{session.id}"
        links.append(_link(address, _("Open in Lotse"), heading))
    return "\n".join([*lines, _links(links)])


def _when(session: Session, t: Texts) -> str:
    """Day and hours, also in the form that programs read."""
    _ = t.gettext
    start, end = moment(session.starts, session.zone), moment(session.ends, session.zone)
    day = t.day_and_hours(start, end)
    where = _("Time in Germany, online") if session.zone == GERMANY else _("Time zone {zone}, online")
    day = f'<p class="when"><time datetime="{start.isoformat()}">{escape(day)}</time></p>'
    return f'{day}\n<p class="faint">{escape(where.format(zone=session.zone))}</p>'


def _whom(session: Session, t: Texts) -> str:
    language = t.names([session.language]) or session.language
    if named := t.municipalities(session.municipalities):
        both = t.gettext("Language: {language}. For: {municipalities}")
        return both.format(language=language, municipalities=named)
    return t.gettext("Language: {language}").format(language=language)


def _link(address: str, text: str, of: str) -> str:
    """A link; with the heading whose id is `of` it has a name of its own for screen readers."""
    own = "to-" + "".join(letter if letter.isalnum() else "-" for letter in address)
    return f'<a href="{escape(address)}" id="{own}" aria-labelledby="{own} {of}">{escape(text)}</a>'


def _links(links: Sequence[str]) -> str:
    return f'<p class="links">{" ".join(links)}</p>' if links else ""


def _direction(code: str) -> str:
    return "rtl" if code in RIGHT_TO_LEFT else "ltr"
