from bot.bench.places import measure
from bot.library.gazetteer import compile_gazetteer
from bot.library.load import Library
from bot.library.places import Gazetteer
from bot.library.shipped import shipped

FIGURES = {
    "municipalities", "name", "typo", "typo_alone", "postcode", "cyrillic", "arabic", "false", "p50", "p99", "longest",
    "nearest_wrong", "nearest_p99", "memory", "disk",
}  # fmt: skip


def test_the_measurement_names_its_figures_and_reaches_what_it_must(town, index, tmp_path):
    compile_gazetteer(shipped("knowledge") / "places", tmp_path / "places.sqlite")
    figures = measure(Library(town, index, "", Gazetteer(tmp_path / "places.sqlite")))
    assert set(figures) == FIGURES
    assert figures["municipalities"] > 2000
    assert min(figures["name"], figures["postcode"]) > 0.98
    assert min(figures["typo"], figures["typo_alone"], figures["cyrillic"], figures["arabic"]) > 0.95
    assert (figures["nearest_wrong"], figures["false"]) == (0, 0)
    assert figures["memory"] < 40


def test_without_a_gazetteer_nothing_is_measured(town, index):
    assert measure(Library(town, index, "")) == {}
