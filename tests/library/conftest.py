"""A knowledge folder that a test fills with files, and the files that are right."""

import socket
from pathlib import Path

import pytest

# A gazetteer of two towns.
PLACES = {
    "towns.csv": "id,name,state,lat,lon,population,names\n1,Musterstadt,BY,48.0,11.0,30000,\n2,Wald,BY,49.0,11.5,9,\n",
    "postcodes.csv": "postcode,lat,lon\n80001,48.01,11.0\n90001,49.0,11.5\n",
    "municipality_postcodes.csv": "municipality,postcodes\nMusterstadt,80001\nWald,90001\n",
    "elsewhere.csv": "name\nMusterland\n",
    "ordinary_words.txt": "Wald\n",
}
PAGE = '+++\ntitle = "{title}"\n+++\n{body}\n'


def asked(word: str) -> str:
    """Six ways of asking, as a page lists them."""
    return ", ".join(f'"{word} geht es Nummer {n}?"' for n in range(6))


class Folder:
    """A knowledge folder under the test's own hands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def add_places(self) -> None:
        for name, content in PLACES.items():
            self.write(f"places/{name}", content)

    def page(self, name: str, title: str, body: str = "Gehen Sie zum Amt.") -> Path:
        return self.write(name, PAGE.format(title=title, body=body))


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "knowledge")


@pytest.fixture
def whole(folder):
    """A small folder with everything that the format knows, and no problem in it."""
    folder.write(
        "topics.toml",
        '[work]\nnames = {de = "Arbeit"}\n[recognition]\nparent = "work"\nnames.de = "Anerkennung"\n',
    )
    folder.write("glossary.toml", '[permit]\nde = ["Aufenthaltstitel", "Erlaubnis"]\nar = ["إقامة"]\n')
    folder.write("operator.toml", 'controller = "Stadt Musterstadt"\nimprint = "https://musterstadt.example"\n')
    folder.write(
        "answers/diploma/entry.toml",
        """topics = ["recognition", "work"]
audience = ["migrants", "staff"]
for = ["landkreis"]
area = ["DE"]
contacts = ["advice", "hotline"]
reviewed_on = 2026-08-19
reviewed_by = "K. Beispiel"
valid_until = "2027-01-31"
urgent = true
sources = [
  {title = "Gesetz", url = "https://gesetz.example/1", date = "2023-11", accessed = 2026-08-01, licence = "CC0"},
  {title = "Faltblatt", date = 2021},
]
""",
    )
    questions = asked("Wie")
    folder.write(
        "answers/diploma/de.md",
        f'+++\ntitle = "Abschluss anerkennen"\nquestions = [{questions}]\nkeywords = ["Zeugnis"]\n'
        'say = "Ich möchte meinen Abschluss anerkennen lassen."\n+++\n\n'
        "Gehen Sie zur *Beratung*.\n\nDort hilft man Ihnen.\n",
    )
    folder.write(
        "answers/diploma/fa.md",
        f'+++\ntitle = "می‌خواهم"\nquestions = [{questions}]\nsay_meaning = "م"\nreviewed_by = "B"\n+++\nمتن\n',
    )
    folder.write(
        "practices/open-house/de.md", f'+++\ntitle = "Offenes Haus"\nquestions = [{asked("Wo")}]\n+++\nBericht.'
    )
    folder.write("actions/hello/de.md", f'+++\ntitle = "Guten Tag"\nquestions = [{asked("Wer")}]\n+++\n')
    folder.write(
        "contacts/advice.toml",
        """name = "Beratung Musterstadt"
kind = "advice"
topics = ["recognition"]
area = ["Musterstadt"]
languages = ["de", "de-simple", "ar"]
phone = "+49 (0)89 1234-0"
email = "rat@musterstadt.example"
website = "https://musterstadt.example/rat"
address = {street = "Hauptstraße 1", postcode = "01234", city = "Musterstadt"}
location = [48, 11.5]
hours = "Mo-Fr 08:00-12:00; PH off"
by_appointment = true
status = "verified"
sources = [{title = "Eigene Seite"}]
reviewed_on = "2026-08-18"
notes = {de = "Mit Termin.", en = "By appointment."}
""",
    )
    folder.write(
        "contacts/hotline.toml",
        'name = "Telefon"\nphone = "116 000"\nstatus = "verified"\nconfidential_address = true\n',
    )
    return folder


@pytest.fixture
def unused_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]
