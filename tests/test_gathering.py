"""The commands that bring in offices and municipalities, as operators meet them."""

import asyncio

import pytest

from bot.domain.register import Municipality
from bot.sandbox.server import Sandbox, serve
from bot.services.register import register
from bot.store.database import run

TOKEN = "77:invented-token-for-tests"
HEADER = "ags,name,district,district_type,type,lat,lon"
MARKET = "09999111,Mustermarkt,Musterland,Landkreis,Markt,48.5,11.25"
TOWN = '09998000,Musterstadt,"Musterstadt, Stadt",Kreisfreie Stadt,Kreisfreie Stadt,,'
OFFICE = "name,phone,area\nBeratung Musterstadt,+49 30 23125 111,Musterstadt\n"


@pytest.fixture
def write(lotse):
    """Writes a list of municipalities of these rows; its name."""

    def writing(*rows, header=HEADER, name="list.csv"):
        (lotse.folder / name).write_text("\n".join([header, *rows, ""]), "utf-8")
        return name

    return writing


def known(lotse):
    return run(f"sqlite:///{lotse.folder}/lotse.db", register)


def test_the_register_is_loaded_and_twice_changes_nothing(lotse, write):
    file = write(MARKET, TOWN)
    first, second = (lotse.runs("places", "import", file) for _ in range(2))
    assert (first.code, first.out, first.err) == (0, "2 new, 0 changed, 0 unchanged\n", "")
    assert (second.code, second.out, second.err) == (0, "0 new, 0 changed, 2 unchanged\n", "")
    assert known(lotse) == [
        Municipality("09998000", "Musterstadt", "Kreisfreie Stadt", "Musterstadt", rural=False, where=None),
        Municipality("09999111", "Mustermarkt", "Markt", "Musterland", rural=True, where=(48.5, 11.25)),
    ]


def test_municipalities_that_are_gone_are_told(lotse, write):
    lotse.runs("places", "import", write(MARKET, TOWN))
    done = lotse.runs("places", "import", write(MARKET.replace("Markt", "Stadt")))
    assert (done.code, done.out) == (0, "0 new, 1 changed, 0 unchanged\n")
    assert done.complaint == "lotse: 1 municipality is not in this list, and no longer in the register"


def test_a_list_with_errors_changes_nothing(lotse, write):
    lotse.runs("places", "import", write(MARKET))
    done = lotse.runs("places", "import", write(TOWN, "1,,Musterland,Landkreis"))
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        "list.csv: row 3, column ags: is not an official municipality key of eight digits",
        "list.csv: row 3, column name: is missing",
        "lotse: nothing was imported: 2 errors",
    ]
    assert [one.name for one in known(lotse)] == ["Mustermarkt"]


def test_a_list_with_errors_makes_no_database(lotse, write):
    done = lotse.runs("places", "import", write("x"))
    assert done.code == 1
    assert [path.name for path in lotse.folder.iterdir()] == ["list.csv"]


@pytest.mark.parametrize("command", ["places", "contacts"])
def test_files_that_cannot_be_read(lotse, command):
    (lotse.folder / "empty.csv").write_text("", "utf-8")
    missing, empty = (lotse.runs(command, "import", name) for name in ("missing.csv", "empty.csv"))
    assert (missing.code, missing.out) == (2, "")
    assert missing.complaint == "lotse: missing.csv: cannot be read (No such file or directory)"
    assert (empty.code, empty.complaint) == (1, "lotse: empty.csv: there is no table in it")


def test_a_database_that_cannot_be_reached(lotse, write):
    done = lotse.runs("places", "import", write(MARKET), LOTSE_DATABASE_URL="sqlite:////proc/none/lotse.db")
    assert (done.code, done.out) == (1, "")
    assert "/proc/none" in done.complaint


async def test_a_running_bot_takes_the_register_up(lotse, knowledge, write):
    async with serve(Sandbox(TOKEN), 0) as root:
        given = {"LOTSE_TOKEN": TOKEN, "LOTSE_API_URL": root, "LOTSE_KNOWLEDGE": knowledge.folder}
        process = lotse.starts("run", **given)
        await asyncio.to_thread(process.says, "ready")
        assert not any("register" in line for line in process.lines)
        file = write("09999111,Gersthofen,Musterland,Landkreis,Stadt,48.42,10.87", TOWN)
        assert (await asyncio.to_thread(lotse.runs, "places", "import", file)).code == 0
        await asyncio.to_thread(process.says, "the official register was taken up: 1 of 2 places found")
        assert await asyncio.to_thread(process.stops) == 0


@pytest.fixture
def folder(tmp_path):
    """A sound knowledge folder of one contact."""
    (tmp_path / "knowledge/contacts").mkdir(parents=True)
    (tmp_path / "knowledge/contacts/network.toml").write_text('name = "Netzwerk"\n', "utf-8")
    return tmp_path / "knowledge"


def test_offices_become_files_and_twice_changes_nothing(lotse, folder):
    (lotse.folder / "offices.csv").write_text(OFFICE, "utf-8")
    first = lotse.runs("contacts", "import", "offices.csv", "--knowledge", folder)
    second = lotse.runs("contacts", "import", "offices.csv", LOTSE_KNOWLEDGE=folder)
    path = "contacts/beratung-musterstadt.toml"
    assert (first.code, first.out, first.err) == (0, f"{path}\n1 new, 0 changed, 0 unchanged\n", "")
    assert (second.code, second.out, second.err) == (0, "0 new, 0 changed, 1 unchanged\n", "")
    assert (folder / path).read_text("utf-8") == (
        'name = "Beratung Musterstadt"\narea = ["Musterstadt"]\nphone = "+49 30 23125 111"\n'
    )
    assert lotse.runs("check", "--knowledge", folder).code == 0


def test_offices_with_errors_change_nothing(lotse, folder):
    (lotse.folder / "offices.csv").write_text(f"Offices,,\n{OFFICE}Amt,call us,Musterstadt\n,0,Musterstadt\n", "utf-8")
    done = lotse.runs("contacts", "import", "offices.csv", "--knowledge", folder)
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        "lotse: offices.csv: row 1 is left out: only one cell is filled",
        'offices.csv: row 4, column phone: a phone number is made of digits, spaces, +, -, / and (): "call us"',
        'offices.csv: row 5, column name: "name" is missing',
        "lotse: nothing was imported: 2 errors",
    ]
    assert [path.name for path in (folder / "contacts").iterdir()] == ["network.toml"]


def test_a_knowledge_folder_that_is_missing(lotse, tmp_path):
    (lotse.folder / "offices.csv").write_text(OFFICE, "utf-8")
    done = lotse.runs("contacts", "import", "offices.csv", "--knowledge", tmp_path / "nowhere")
    assert (done.code, done.complaint) == (2, f"lotse: no knowledge folder at {tmp_path / 'nowhere'}")


def test_a_folder_that_cannot_be_written(lotse, folder):
    (lotse.folder / "offices.csv").write_text(OFFICE, "utf-8")
    (folder / "contacts/.beratung-musterstadt.toml.part").mkdir()
    done = lotse.runs("contacts", "import", "offices.csv", "--knowledge", folder)
    assert (done.code, done.out) == (1, "")
    assert "cannot be written" in done.complaint
    assert [path.name for path in (folder / "contacts").glob("*.toml")] == ["network.toml"]
