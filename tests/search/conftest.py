"""A small invented town: its answers, a practice, an action, its contacts and glossary."""

import pytest

from bot.domain.knowledge import Contact, Entry, Knowledge, Text
from bot.search.build import build
from bot.search.index import Index

# id: language: title | questions | keywords; a body says a little about each
_ANSWERS = {
    "register-address": {
        "de": "Wohnung anmelden | Wo melde ich meine neue Adresse an? | bin umgezogen was muss ich machen | "
        "Einwohnermeldeamt oder Bürgerbüro | Vermieter gibt mir keine Bestätigung | wie viele Tage nach dem Einzug | "
        "Anmeldung nach Umzug",
        "en": "Register your address | I moved to a new flat, which office do I tell? | do I have to register where "
        "I live | landlord does not sign the form for the town hall | how many days after moving in",
    },
    "german-courses": {
        "de": "Deutschkurs finden | Wo kann ich Deutsch lernen? | Integrationskurs anmelden | Sprachkurs am Abend | "
        "wer bezahlt den Sprachkurs | Deutsch lernen mit Kinderbetreuung | Kurs für Anfänger A1",
        "en": "Find a German course | where can I learn German | integration course for beginners | evening language "
        "class | who pays for the language course | B1 exam preparation",
    },
    "recognition": {
        "de": "Abschluss anerkennen lassen | Anerkennung meines Diploms | Ich bin Krankenschwester aus dem Ausland | "
        "gilt mein Zeugnis hier | ausländischer Beruf in Deutschland | Zeugnis bewerten lassen",
        "en": "Get your degree recognised | is my foreign diploma valid | I was a nurse in my country | recognition of "
        "a profession | have my certificate assessed",
    },
    "residence-permit": {
        "de": "Aufenthaltstitel verlängern | Aufenthaltserlaubnis läuft ab | Termin bei der Ausländerbehörde | "
        "Karte mit Chip beantragen | Visum umwandeln | elektronischer Aufenthaltstitel",
        "en": "Extend your residence permit | my permit runs out | appointment at the immigration office | apply for "
        "the card with the chip | change a visa into a permit",
    },
    "school-enrolment": {
        "de": "Kind in der Schule anmelden | mein Sohn ist sechs Jahre alt | welche Schule für meine Tochter | "
        "Schulanmeldung nach Zuzug | Schulpflicht | Grundschule in der Nähe",
        "en": "Enrol a child at school | my son is six years old | which school for my daughter | compulsory "
        "schooling | primary school near me",
    },
    "find-doctor": {
        "de": "Hausarzt finden | ich brauche einen Arzt der Arabisch spricht | Zahnarzt am Wochenende | Apotheke in "
        "der Nacht | Arzttermin machen | Kinderarzt gesucht",
        "en": "Find a doctor | I need a doctor who speaks Arabic | dentist at the weekend | pharmacy at night | "
        "make an appointment with a specialist",
    },
    "health-insurance": {
        "de": "Krankenversicherung | Versichertenkarte verloren | welche Krankenkasse soll ich nehmen | Familie "
        "mitversichern | Karte für den Arzt | gesetzlich oder privat versichert",
        "en": "Health insurance | lost my insurance card | which insurer should I choose | insure the family too | "
        "public or private insurance",
    },
    "find-work": {
        "de": "Arbeit suchen | Jobcenter oder Agentur für Arbeit | ich suche eine Stelle als Koch | Bewerbung "
        "schreiben | Lebenslauf prüfen lassen | Minijob",
        "en": "Look for work | jobcentre or employment agency | I am looking for a job as a cook | write an "
        "application | have my CV checked",
    },
    "find-housing": {
        "de": "Wohnung suchen | Sozialwohnung beantragen | Wohnberechtigungsschein | Zimmer für Studierende | "
        "Makler und Kaution | Mietvertrag verstehen",
        "en": "Look for a flat | apply for social housing | room for students | deposit and agent | understand the "
        "tenancy agreement",
    },
    "official-letter": {
        "de": "Brief vom Amt verstehen | ich verstehe dieses Schreiben nicht | Frist im Bescheid | Widerspruch "
        "einlegen | wer hilft mir beim Formular | gelber Umschlag im Briefkasten",
        "en": "Understand a letter from an office | I do not understand this letter | deadline in the notice | who "
        "helps me with a form | yellow envelope in the letterbox",
    },
}
_URGENT = {
    "violence": {
        "de": "Hilfe bei Gewalt zu Hause | mein mann schlägt mich | ich habe angst nach hause zu gehen | er hat meinen "
        "pass und mein handy | meine eltern wollen dass ich heirate | Gewalt in der Familie | er droht mir",
        "en": "Help with violence at home | my husband hits me | I'm afraid to go home | he took my passport and my "
        "phone | my parents force me to marry | he threatens me",
        "uk": "Допомога при насильстві вдома | чоловік мене б'є | боюся йти додому | він забрав мої документи | "
        "батьки змушують вийти заміж",
        "ru": "Помощь при насилии дома | муж меня бьёт | боюсь идти домой | он забрал мои документы",
        "ar": "المساعدة عند العنف في البيت | زوجي يضربني | خايفة أرجع على البيت | أخذ جواز سفري | zawji yodrobni",
        "tr": "Evde şiddet için yardım | kocam beni dövüyor | eve gitmeye korkuyorum | pasaportumu aldı",
        "fa": "کمک در برابر خشونت | شوهرم مرا می‌زند | می‌ترسم به خانه بروم",
    },
    "crisis": {
        "de": "Hilfe in seelischer Not | ich kann nicht mehr | ich will nicht mehr leben | meine Freundin ritzt sich | "
        "Suizid | Krise",
        "en": "Help in a mental crisis | I can't go on | I don't want to live anymore | my friend cuts herself | "
        "suicide",
        "uk": "Допомога в душевній кризі | не хочу жити | я більше не можу",
    },
}  # fmt: skip


def text(language: str, phrases: str, keywords: tuple[str, ...] = ()) -> Text:
    title, *questions = (phrase.strip() for phrase in phrases.split("|"))
    return Text(language, title, f"{title}.", tuple(questions), keywords)


def entry(name: str, texts: dict[str, str], *, kind="answer", urgent=False) -> Entry:
    return Entry(name, kind, {code: text(code, phrases) for code, phrases in texts.items()}, urgent=urgent)


@pytest.fixture(scope="session")
def town() -> Knowledge:
    entries = [entry(name, texts) for name, texts in _ANSWERS.items()]
    entries += [entry(name, texts, urgent=True) for name, texts in _URGENT.items()]
    entries.append(
        entry("reading-room", {"de": "Lesecafé im Rathaus | Freiwillige lesen mit Familien"}, kind="practice")
    )
    entries.append(
        entry(
            "newsletter",
            {"de": "Newsletter bestellen | Rundbrief abonnieren", "en": "Get the newsletter | subscribe to the news"},
            kind="action",
        )
    )
    return Knowledge(
        entries={one.id: one for one in entries},
        contacts={
            "lindenhof": Contact("lindenhof", "Beratungsstelle Lindenhof", notes={"de": "Hilft beim Ankommen."}),
            "kompass": Contact("kompass", "Netzwerk Kompassrose", notes={"de": "Hilft Betrieben."}),
            "office": Contact("office", "Ausländerbehörde Musterstadt"),
        },
        glossary={
            "residence-permit": {
                "de": ("Aufenthaltstitel", "Aufenthaltserlaubnis"),
                "en": ("residence permit",),
                "uk": ("дозвіл на проживання", "посвідка на проживання"),
                "pl": ("zezwolenie na pobyt",),
            },
            "health-insurance": {"de": ("Krankenversicherung",), "uk": ("медичне страхування",), "ro": ("asigurare",)},
        },
    )


@pytest.fixture(scope="session")
def index(town: Knowledge) -> Index:
    return build(town)
