"""Words around places, in the languages that people write in, folded: what tells a place, and what tells against it."""

from __future__ import annotations

import re

from bot.search.fold import words

# What stands before a place.
_BEFORE = {
    "de": "in aus nach bei um von nahe raum ort stadt gemeinde kreis landkreis landratsamt wohne lebe plz umgebung",
    "en": "near at from around city town",
    "uk": "в у із зі з до під біля коло поблизу місто місті міста",
    "ru": "в во из с со до под около возле город городе города",
    "ar": "في من إلى قرب بمدينة مدينة",
    "tr": "şehri şehir yakınında",
    "fa": "در از به شهر نزدیک",
    "fr": "en dans près ville vers",
    "ro": "din în lângă orașul oraș",
    "pl": "w z ze koło miasto mieście",
    "es": "cerca ciudad desde",
}
# What stands before a person's name.
_TITLES = {
    "de": "herr herrn frau dr prof heiße heißt name namens familienname nachname vorname",
    "en": "mr mrs ms miss named surname",
    "uk": "пан пані пана",
    "ru": "господин госпожа господина",
    "ar": "السيد السيدة اسمي",
    "tr": "sayın adım soyadım",
    "fa": "آقای خانم نامم",
    "fr": "monsieur madame mme appelle",
    "ro": "domnul doamna numesc",
    "pl": "pan pani pana nazywam",
    "es": "señor señora sr sra llamo",
}
# What stands before a number that is no postcode.
_NUMBERED = {
    "de": "nr az aktenzeichen nummer telefon tel fax konto iban rechnung bg vorgang",
    "en": "no number phone account invoice reference file",
    "uk": "номер тел телефон рахунок справа",
    "ru": "номер тел телефон счет дело",
    "ar": "رقم هاتف حساب",
    "tr": "numara numarası no telefon hesap dosya",
    "fa": "شماره تلفن حساب",
    "fr": "numéro téléphone compte dossier facture",
    "ro": "număr numărul telefon cont dosar",
    "pl": "numer nr telefon konto sprawa",
    "es": "número teléfono cuenta expediente",
}
# What is counted by the number before it.
_COUNTED = {
    "de": "euro eur cent einwohner menschen personen kilometer km mal stück",
    "en": "euros dollars people inhabitants times",
    "uk": "євро гривень",
    "ru": "евро рублей",
    "ar": "يورو",
    "tr": "avro lira kişi",
    "fa": "یورو",
    "fr": "personnes habitants",
    "ro": "lei persoane",
    "pl": "złotych zł osób",
    "es": "personas habitantes",
}


def _all(lists: dict[str, str]) -> frozenset[str]:
    return frozenset(word for line in lists.values() for word in words(line))


BEFORE, TITLES, NUMBERED, COUNTED = map(_all, (_BEFORE, _TITLES, _NUMBERED, _COUNTED))
STREETS = frozenset(words("straße str platz allee weg ring ufer gasse damm"))  # after "Augsburger"
NAMING = ("nummer", "zeichen", "number")  # how words end that go before a number of something else

# Endings that a name gets in a sentence.
_ENDINGS = {
    "de": "s",
    "uk": "і у ом ем ою",
    "ru": "е у а ом ем",
    "tr": "da de ta te dan den tan ten daki deki taki teki ya ye",
    "ro": "ului ul",
    "pl": "u ie em a i",
}
# Those behind which another stands: "у Нюрнберзі", "из Йены", "w Norymberdze", "z Ratyzbony".
_CHANGED = {"зи": "г", "ци": "к", "е": "а", "ы": "а", "и": "а", "dze": "ga", "gi": "ga", "ie": "a", "y": "a"}
ENDINGS = dict.fromkeys(_all(_ENDINGS), ("",))
ENDINGS |= {ending: (*ENDINGS.get(ending, ()), stem) for ending, stem in _CHANGED.items()}
LONGEST = max(map(len, ENDINGS))
BEGINNINGS = ("بال", "لل", "ال", "ب", "ل", "و", "ف")  # joined to a name in Arabic
SHORTEST = 5  # letters that are left of a name without its ending
CASELESS = re.compile("[\u0600-\u06ff]")  # scripts without capitals
FOREIGN = re.compile("[\u0400-\u06ff]")  # scripts in which no town writes its name itself


def uninflected(folded: str) -> list[str]:
    """A word without an ending or beginning that a name may have got in a sentence."""
    cut = [
        folded[:-length] + stem
        for length in range(1, min(LONGEST, len(folded) - SHORTEST) + 1)
        for stem in ENDINGS.get(folded[-length:], ())
    ]
    if folded.startswith(BEGINNINGS):
        cut += [folded[len(head) :] for head in BEGINNINGS if folded.startswith(head) and len(folded) > len(head) + 2]
    return cut


def towns_of(folded: str) -> list[str]:
    """What town a German adjective may be of: "Augsburger", "Münchner", "Erlanger"."""
    if not folded.endswith("er") or len(folded) < SHORTEST + 1:
        return []
    town = folded[:-2]
    return [town, f"{town}en", *([f"{town[:-1]}en"] if town.endswith("n") else [])]
