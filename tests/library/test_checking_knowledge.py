"""The rules that knowledge must keep, and the advice that never fails."""

from datetime import date

import pytest

from bot.domain.knowledge import Text
from bot.library.check import check, source_hash

TODAY = date(2026, 8, 20)


def said(folder, today=TODAY):
    return [str(problem) for problem in check(folder.path, today)]


def errors(folder):
    return [str(problem) for problem in check(folder.path, TODAY) if problem.severity == "error"]


def warnings(folder, today=TODAY):
    return [str(problem) for problem in check(folder.path, today) if problem.severity == "warning"]


def page(folder, name, front, body="Text."):
    """A page with six ways of asking of its own, so that nothing but the case under test is found."""
    asked = ", ".join(f'"{name} {n}"' for n in range(6))
    if "questions" not in front:
        front += f"\nquestions = [{asked}]"
    folder.write(name, f"+++\n{front}\n+++\n{body}\n")


def test_a_good_folder_has_no_problem(whole):
    assert said(whole) == []


def test_an_empty_folder_answers_nothing(folder):
    assert said(folder) == [".:1: nothing to answer from: there is no entry and no contact"]


def test_help_in_danger_needs_verified_contacts_with_a_phone(folder):
    folder.write("contacts/house.toml", 'name = "Haus"\nphone = "089 1"\nstatus = "partly"\n')
    folder.write("contacts/line.toml", 'name = "Linie"\nstatus = "verified"\n')
    folder.write("contacts/good.toml", 'name = "Gut"\nphone = "110"\nstatus = "verified"\n')
    folder.write("contacts/hurt.toml", "name = ")
    page(folder, "answers/danger/de.md", 'title = "Hilfe"')
    folder.write("answers/danger/entry.toml", 'urgent = true\ncontacts = ["house", "line", "good", "hurt"]\n')
    assert said(folder) == [
        'answers/danger/entry.toml:2: help in danger needs a contact with a phone number, "line" has none',
        'answers/danger/entry.toml:2: help in danger needs a contact with status "verified", "house" has not',
        "contacts/hurt.toml:1: not valid TOML: Invalid value (at the end)",
    ]


def test_a_contact_is_reachable_as_written(folder):
    folder.write(
        "contacts/office.toml",
        """name = "Amt"
phone = "089 1234 ext. 5"
email = "amt@musterstadt"
website = "musterstadt.example"
hours = "Mo-Fr 8-12"
location = [95, 11.5]
sources = [
  {title = "Seite", url = "ftp://x.example"},
  {title = "Netz", url = "https://[::1"},
  {title = "Haus", url = "https://x.example:port/"},
  {title = "Leer", url = "https://"},
]
""",
    )
    assert said(folder) == [
        'contacts/office.toml:2: a phone number is made of digits, spaces, +, -, / and (): "089 1234 ext. 5"',
        'contacts/office.toml:3: not an e-mail address: "amt@musterstadt"',
        'contacts/office.toml:4: not a web address that begins with http:// or https://: "musterstadt.example"',
        'contacts/office.toml:5: not an OpenStreetMap opening_hours expression: "Mo-Fr 8-12"',
        "contacts/office.toml:6: latitude must be from -90 to 90, longitude from -180 to 180",
        'contacts/office.toml:8: not a web address that begins with http:// or https://: "ftp://x.example"',
        'contacts/office.toml:9: not a web address that begins with http:// or https://: "https://[::1"',
        'contacts/office.toml:10: not a web address that begins with http:// or https://: "https://x.example:port/"',
        'contacts/office.toml:11: not a web address that begins with http:// or https://: "https://"',
    ]


@pytest.mark.parametrize("phone", ["110", "116 016", "+49 (0)89 12/34-0"])
@pytest.mark.parametrize("hours", ["24/7", "Mo-Th 08:00-20:00; Fr 08:00-15:00", "Tu 09:00-12:00; PH off"])
def test_phones_and_hours_as_offices_have_them(folder, phone, hours):
    folder.write(
        "contacts/office.toml",
        f'name = "Amt"\nphone = "{phone}"\nhours = "{hours}"\n'
        'email = "a.b-c@amt.musterstadt.example"\nwebsite = "http://x.example:80/ä?b=c#d"\nlocation = [-90, 180]\n',
    )
    assert said(folder) == []


@pytest.mark.parametrize("phone", ["()", "+", "\\u0661\\u0662"])
def test_a_phone_number_has_digits_that_a_phone_has(folder, phone):
    folder.write("contacts/office.toml", f'name = "Amt"\nphone = "{phone}"\n')
    assert len(said(folder)) == 1


def test_a_confidential_address_is_not_even_in_the_file(folder):
    folder.write(
        "contacts/house.toml",
        'name = "Haus"\nconfidential_address = true\naddress = {city = "Musterstadt"}\nlocation = [48.1, 11.5]\n',
    )
    assert said(folder) == [
        'contacts/house.toml:3: a confidential address must not be in the file: remove "address"',
        'contacts/house.toml:4: a confidential address must not be in the file: remove "location"',
    ]


def test_texts_fit_where_they_are_shown(folder):
    page(folder, "answers/a/de.md", f'title = "{"x" * 40}"\nsay = "{"x" * 80}"')
    page(folder, "answers/b/de.md", f'title = "{"y" * 41}"\nsay = "{"y" * 81}"')
    folder.write("topics.toml", f'[a]\nnames = {{de = "{"x" * 40}"}}\n[b]\nnames.de = "{"y" * 41}"\n')
    assert said(folder) == [
        "answers/b/de.md:2: warning: the title has 41 characters, 40 at most fit a button",
        'answers/b/de.md:3: warning: "say" has 81 characters, 80 at most are wanted',
        "topics.toml:4: the name has 41 characters, at most 40 fit a button",
    ]


def test_bodies_are_markdown_without_html(folder):
    body = "Links: <https://x.example> und <rat@x.example>, 3 < 5 > 2.\n\nEin <b>Wort</b>,\nein <br/> und <!-- Rest -->"
    page(folder, "answers/a/de.md", 'title = "A"', body)
    assert said(folder) == [
        'answers/a/de.md:7: warning: the body is Markdown; HTML such as "</b>" is shown as it stands',
        'answers/a/de.md:7: warning: the body is Markdown; HTML such as "<b>" is shown as it stands',
        'answers/a/de.md:8: warning: the body is Markdown; HTML such as "<!--" is shown as it stands',
        'answers/a/de.md:8: warning: the body is Markdown; HTML such as "<br/>" is shown as it stands',
    ]


def test_invisible_characters_are_found_and_joiners_left(folder):
    page(
        folder,
        "answers/a/fa.md",
        'title = "می\u200cخواهم"\nkeywords = [\n"gut",\n"b\u202eöse",\n]',
        "Eins\n\x07\u200fZwei\tx",
    )
    page(folder, "answers/a/de.md", 'title = "Zwei\\nZeilen"\nsay_meaning = "a\\tb"')
    folder.write(
        "contacts/office.toml",
        'name = "A\u2066mt"\naddress = {street = "Am\\nMarkt"}\nnotes = {de = "Erste\\nZweite", en = "x\\u0000"}\n',
    )
    folder.write("topics.toml", '[a]\nnames.de = "\u200bX"\n')
    assert errors(folder) == [
        'answers/a/de.md:2: "title" must be one line',
        'answers/a/de.md:3: "say_meaning" must be one line',
        'answers/a/fa.md:5: an invisible character in "keywords", U+202E',
        "answers/a/fa.md:10: an invisible character, U+0007",
        "answers/a/fa.md:10: an invisible character, U+200F",
        'contacts/office.toml:1: an invisible character in "name", U+2066',
        'contacts/office.toml:2: "street" must be one line',
        'contacts/office.toml:3: an invisible character in "notes", U+0000',
        'topics.toml:2: an invisible character in "de", U+200B',
    ]


def test_topics_have_a_way_up(folder):
    page(folder, "answers/a/de.md", 'title = "A"')
    folder.write(
        "topics.toml",
        '[work]\nnames.de = "A"\nparent = "job"\n[one]\nnames.de = "B"\nparent = "two"\n'
        '[two]\nnames.de = "C"\nparent = "one"\n'
        '[self]\nnames.de = "D"\nparent = "self"\n[below]\nnames.de = "E"\nparent = "one"\n',
    )
    assert said(folder) == [
        'topics.toml:3: the parent "job" is not a topic',
        "topics.toml:6: the topic stands above itself",
        "topics.toml:9: the topic stands above itself",
        "topics.toml:12: the topic stands above itself",
    ]


def test_a_way_of_asking_leads_to_one_entry(folder):
    page(folder, "answers/a/de.md", 'title = "A"\nquestions = ["Wo ist das Amt?", "1", "2", "3", "4", "5"]')
    page(folder, "answers/a/en.md", 'title = "A"\nquestions = ["6", "7", "8", "9", "10", "11"]')
    page(folder, "practices/b/de.md", 'title = "B"\nquestions = [\n"6", "7", "8", "9", "10",\n"wo  ist das AMT ?",\n]')
    assert said(folder) == ['practices/b/de.md:5: warning: "wo  ist das AMT ?" is asked in "a" too']


def test_a_missing_default_language_is_a_warning(folder):
    page(folder, "answers/a/en.md", 'title = "A"')
    assert said(folder) == ["answers/a:1: warning: the text in the default language, de.md, is missing"]


def test_an_entry_expires_on_the_day_after(folder):
    page(folder, "answers/a/de.md", 'title = "A"')
    folder.write("answers/a/entry.toml", "reviewed_on = 2026-01-01\nvalid_until = 2026-08-19\n")
    assert warnings(folder, date(2026, 8, 19)) == []
    assert warnings(folder, date(2026, 8, 20)) == [
        "answers/a/entry.toml:2: warning: expired on 2026-08-19: the entry is shown as no longer valid"
    ]


def test_a_translation_follows_the_german_text(folder):
    german = Text("de", "A", "Text.", say="Ein Satz.")
    page(folder, "answers/a/de.md", 'title = "A"\nsay = "Ein Satz."')
    page(folder, "answers/a/en.md", f'title = "A"\nsource_hash = "{source_hash(german)}"')
    page(folder, "answers/a/fr.md", 'title = "A"')
    assert source_hash(german) == "81240e3e61dc"
    assert warnings(folder) == []
    page(folder, "answers/a/de.md", 'title = "A"\nsay = "Ein Satz."', "Neuer Text.")
    changed = source_hash(Text("de", "A", "Neuer Text.", say="Ein Satz."))
    assert said(folder) == [
        f'answers/a/en.md:3: warning: the German text has changed since this translation; now source_hash = "{changed}"'
    ]


def test_a_title_should_be_unique_in_its_language(folder):
    page(folder, "answers/a/de.md", 'title = "Amt"')
    page(folder, "answers/a/en.md", 'title = "Amt"')
    page(folder, "answers/b/de.md", 'title = "amt"')
    assert said(folder) == ['answers/b/de.md:2: warning: the title is that of "a" too']


def test_bodies_should_fit_one_screen(folder):
    for name, length in (("a", 700), ("b", 701), ("c", 1_200), ("d", 1_201)):
        page(folder, f"answers/{name}/de.md", f'title = "{name}"', "x" * length)
    for name in "ab":
        folder.write(f"answers/{name}/entry.toml", 'audience = ["staff", "migrants"]\n')
    assert said(folder) == [
        "answers/b/de.md:5: warning: the body has 701 characters, 700 at most are wanted",
        "answers/d/de.md:5: warning: the body has 1201 characters, 1200 at most are wanted",
    ]


def test_six_to_twelve_short_ways_of_asking_are_wanted(folder):
    def questions(name, count):
        return f'title = "{name}"\nquestions = {[f"{name} {n}" for n in range(count)]}'

    for name, count in (("a", 5), ("b", 6), ("c", 12), ("d", 13)):
        page(folder, f"answers/{name}/de.md", questions(name, count))
    page(
        folder, "answers/e/de.md", f'title = "e"\nquestions = [\n"1", "2", "3", "4", "5",\n"{"x" * 80}",\n"{"y" * 81}"]'
    )
    assert said(folder) == [
        "answers/a/de.md:3: warning: 5 ways of asking, 6 to 12 are wanted",
        "answers/d/de.md:3: warning: 13 ways of asking, 6 to 12 are wanted",
        "answers/e/de.md:6: warning: a way of asking has 81 characters, 80 at most are wanted",
    ]


def test_help_in_danger_without_a_contact_is_a_warning(folder):
    page(folder, "answers/a/de.md", 'title = "A"')
    folder.write("answers/a/entry.toml", "urgent = true\n")
    assert said(folder) == ["answers/a/entry.toml:1: warning: help in danger names no contact to call"]


def test_an_unreviewed_translation_is_no_warning(folder):
    page(folder, "answers/a/de.md", 'title = "A"')
    page(folder, "answers/a/tr.md", 'title = "A"')
    assert said(folder) == []
