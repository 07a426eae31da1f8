"""The gates fail where they should; that they pass on this repository is what `make check` shows."""

import subprocess
from pathlib import Path

import gates
import polib
import pytest

SOURCE = """
# Translators: button
LABEL = N_("Back")
GREETING = _("Good morning, {name}. <b>Welcome.</b>")
HOURS = ngettext("in one hour", "in {count} hours", count)
"""

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Back"
msgstr "Zurück"

msgid "Good morning, {name}. <b>Welcome.</b>"
msgstr "Guten Morgen, {name}. <b>Willkommen.</b>"

msgid "in one hour"
msgid_plural "in {count} hours"
msgstr[0] "in einer Stunde"
msgstr[1] "in {count} Stunden"
"""

LOCK = "babel==2.18.0 \\\n    --hash=sha256:b80b\n"


@pytest.fixture
def house(tmp_path):
    """A small repository that passes; every test breaks one thing in it."""
    write(tmp_path, "bot/chat/cards.py", SOURCE)
    for language in ("de", "de@simple", "en"):
        write(tmp_path, f"locales/{language}/LC_MESSAGES/lotse.po", CATALOGUE)
    write(tmp_path, "requirements/run.txt", LOCK)
    write(tmp_path, "README.md", "See [the source](bot/chat/cards.py#L1) and [a site](https://example.org/).\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def found(gate, root):
    return list(gate(root))


@pytest.mark.parametrize(
    "gate",
    [
        gates.catalogues,
        gates.buttons,
        gates.no_compiled_catalogues,
        gates.requirements,
        gates.links,
        gates.unwanted_words,
        gates.sizes,
    ],
)
def test_a_sound_house_passes(house, gate):
    assert found(gate, house) == []


@pytest.mark.parametrize(
    ("sound", "broken", "line", "message"),
    [
        (
            "Guten Morgen, {name}.",
            "Guten Morgen.",
            10,
            "placeholders or tags differ: 'Guten Morgen. <b>Willkommen.</b>'",
        ),
        ("Willkommen.</b>", "Willkommen.", 10, "placeholders or tags differ: 'Guten Morgen, {name}. <b>Willkommen.'"),
        ("in {count} Stunden", "in Stunden", 13, "placeholders or tags differ: 'in Stunden'"),
        ('msgstr[1] "in {count} Stunden"', "", 13, "1 plural forms, and the header says 2: 'in one hour'"),
        ('msgid "Back"', '#, fuzzy\nmsgid "Back"', 7, "fuzzy: 'Back'"),
        ('"Zurück"', '""', 7, "not translated: 'Back'"),
        ("Plural-Forms", "Plurals", 1, "the header has no Plural-Forms"),
    ],
)
def test_a_broken_catalogue_fails_at_its_line(house, sound, broken, line, message):
    write(house, "locales/de/LC_MESSAGES/lotse.po", CATALOGUE.replace(sound, broken))
    assert found(gates.catalogues, house) == [f"locales/de/LC_MESSAGES/lotse.po:{line}: {message}"]


def test_catalogue_and_source_hold_the_same_texts(house):
    write(house, "bot/chat/cards.py", SOURCE.replace("Back", "Home"))
    failures = found(gates.catalogues, house)
    assert "bot/chat/cards.py:3: not in locales/en/LC_MESSAGES/lotse.po: 'Home'" in failures
    assert "locales/en/LC_MESSAGES/lotse.po:7: not in the source: 'Back'" in failures
    assert len(failures) == 6


def test_a_missing_language_fails(house):
    Path(house, "locales/en/LC_MESSAGES/lotse.po").unlink()
    assert found(gates.catalogues, house) == ["locales/en/LC_MESSAGES/lotse.po:1: missing"]


def test_a_plural_form_for_many_numbers_needs_the_number(house):
    """In Russian the first form is also used for 21, so that "one hour" in words would be wrong."""
    russian = CATALOGUE.replace(
        "nplurals=2; plural=(n != 1);",
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    )
    write(house, "locales/ru/LC_MESSAGES/lotse.po", russian + 'msgstr[2] "in {count} Stunden"\n')
    assert found(gates.catalogues, house) == [
        "locales/ru/LC_MESSAGES/lotse.po:13: placeholders or tags differ: 'in einer Stunde'",
    ]


def test_a_plural_form_for_one_number_may_say_it_in_words():
    """In Arabic there are forms for none, one and two; those for more need the number."""
    counted = """
msgid "{n} place of {all}"
msgid_plural "{n} places of {all}"
msgstr[0] "لا مقعد من {all}"
msgstr[1] "مقعد واحد من {all}"
msgstr[2] "مقعدان"
msgstr[3] "مقاعد من {all}"
msgstr[4] "{n} مقعدًا من {all}"
msgstr[5] "{n} مقعد من {all}"
"""
    rule = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"
    entry = polib.pofile(f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n{counted}')[0]
    forms = gates.numbers_of_forms(6, rule)
    assert list(gates.plural_failures("ar", entry, forms)) == [
        "ar: placeholders or tags differ: 'مقعدان'",
        "ar: placeholders or tags differ: 'مقاعد من {all}'",
    ]


def test_a_long_button_fails(house):
    label = "Zurück zur Übersicht aller Themen"
    write(house, "locales/de/LC_MESSAGES/lotse.po", CATALOGUE.replace("Zurück", label))
    assert found(gates.buttons, house) == [f"locales/de/LC_MESSAGES/lotse.po:7: a button of 33 characters: '{label}'"]


def test_compiled_catalogues_stay_out(house):
    write(house, "locales/de/LC_MESSAGES/lotse.mo", "")
    assert found(gates.no_compiled_catalogues, house) == ["locales/de/LC_MESSAGES/lotse.mo:1: a compiled catalogue"]


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        ("babel==2.18.0\n", "a pin without a version or a hash: babel==2.18.0"),
        ("babel \\\n    --hash=sha256:b80b\n", "a pin without a version or a hash: babel \\"),
        ("# from http://127.0.0.1/\n", "an address in a lock"),
    ],
)
def test_a_loose_pin_fails(house, lock, message):
    write(house, "requirements/run.txt", lock)
    assert found(gates.requirements, house) == [f"requirements/run.txt:1: {message}"]


def test_a_link_to_nothing_fails(house):
    write(house, "docs/operating.md", "\nSee [settings](settings.md).\n")
    assert found(gates.links, house) == ["docs/operating.md:2: a link to nothing: settings.md"]


@pytest.mark.parametrize(
    "word", ["/home/" + "anna/lotse", "--extra-index-" + "url", "issue " + "7", ".." + "/shared/x"]
)
def test_unwanted_words_fail(house, word):
    write(house, "bot/notes.txt", f"first line\nsee {word}\n")
    assert [failure.rpartition(": ")[0] for failure in gates.unwanted_words(house)] == [
        "bot/notes.txt:2: not to be mentioned here",
    ]


def test_long_functions_and_files_fail(house):
    write(house, "bot/long.py", "def long():\n" + "    x = 1\n" * 60 + "\n" * 240)
    assert found(gates.sizes, house) == [
        "bot/long.py:1: 301 lines, and 300 are allowed",
        "bot/long.py:1: long has 61 lines, over 60",
    ]


@pytest.mark.parametrize(
    ("gate", "name", "text", "message"),
    [
        (gates.container_image, "Dockerfile", "FROM python\n", "DL3006"),
        (gates.compose, "compose.yaml", "services:\n  lotse:\n    restart: [often]\n", "restart"),
        (gates.shell_scripts, "start", "#!/bin/sh\necho $1\n", "SC2086"),
    ],
)
def test_linters_are_heard(house, gate, name, text, message):
    write(house, name, text)
    assert any(message in failure for failure in gate(house))
