from bot.bench.search import measure
from bot.domain.knowledge import Knowledge


def test_the_measurement_names_its_figures(town):
    figures = measure(town)
    assert set(figures) == {
        "phrases", "build", "restore", "find_p50", "find_p99", "wratio_p50", "wratio_p99", "ratio",
    }  # fmt: skip
    assert figures["phrases"] == sum(
        1 + len(text.questions) for entry in town.entries.values() for text in entry.texts.values()
    )
    assert min(figures.values()) > 0


def test_nothing_to_ask_nothing_to_measure():
    assert measure(Knowledge(entries={})) == {}
