"""Every plot draws in both languages, with all of its texts to be read, also without data."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.text import Text

from simcenter.errors import InputError
from simcenter.experiment.sensitivity import _INPUTS
from simcenter.measures import MEASURES
from simcenter.report.language import LANGUAGES
from simcenter.report.layout import width
from simcenter.report.plots import fonts, style
from simcenter.report.plots.comparison import SHOWN, plot_grid, plot_sweep
from simcenter.report.plots.inputs import Curve, Grid, QueueLength, Sweep
from simcenter.report.plots.style import Canvas, brief, figure_bytes, figure_in
from simcenter.report.words import words_of
from tests.report.legibility import faults, shown
from tests.report.plot_examples import EXAMPLES, MISSING, whole_day


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_text_can_be_read(name: str, language: str):
    assert faults(EXAMPLES[name](language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MISSING)
def test_missing_data_are_told_and_not_drawn(name: str, language: str):
    plot = MISSING[name](language)
    assert faults(plot) == []
    words = " ".join(text.get_text() for text in shown(plot))
    assert "nan" not in words.lower()
    assert "inf" not in words.lower()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_axis_has_a_name_and_every_plot_a_finding(name: str):
    plot = EXAMPLES[name]("en")
    assert len(plot.get_suptitle()) > 20
    lowest = [axes for axes in plot.axes if axes.get_xlabel()]
    assert lowest
    assert any(axes.get_ylabel() or axes.get_yticklabels() for axes in plot.axes)


@pytest.mark.parametrize("name", EXAMPLES)
def test_chinese_plots_have_chinese_titles(name: str):
    title = EXAMPLES[name]("zh").get_suptitle()
    assert any("\u4e00" <= sign <= "\u9fff" for sign in title)


def test_overlaps_and_texts_outside_are_seen():
    with Canvas("en") as canvas:
        (axes,) = canvas.panels()
        axes.text(0.5, 0.5, "one over", transform=axes.transAxes)
        axes.text(0.5, 0.5, "the other", transform=axes.transAxes)
        canvas.figure.text(0.99, 0.5, "beyond the right end")
    found = faults(canvas.figure)
    assert "overlap: 'one over' and 'the other'" in found
    assert "outside: 'beyond the right end'" in found


def test_there_are_words_for_every_unit_verdict_and_input():
    for words in (words_of("plots", "en"), words_of("plots", "zh")):
        assert all(f"unit_{measure.unit}" in words for measure in MEASURES)
        assert all(verdict in words for verdict in (*SHOWN, *style.VERDICTS))
        assert all(f"input_{name}" in words for name in _INPUTS)


def test_a_title_says_what_the_numbers_show():
    day = whole_day()
    level = day.service_level.mean
    under = int((level[~np.isnan(level)] < 0.8).sum())
    title = EXAMPLES["day"]("en").get_suptitle()
    assert f"under 80 % in {under} of 23 intervals" in title
    assert EXAMPLES["agents curve"]("en").get_suptitle().startswith("With 27 agents service level")
    assert "spill-over" in EXAMPLES["why"]("en").get_suptitle()
    grid = Grid("", "k", ("1",), "l", ("2", "3"), "asa", np.array([[4.0, 90.0]]))
    assert "from 4 s to 90 s" in plot_grid(grid, "en").get_suptitle()


@pytest.mark.parametrize(("form", "head"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_the_same_plot_gives_the_same_bytes(form: str, head: bytes):
    draw = EXAMPLES["occupancy"]
    one, other = figure_bytes(draw("zh"), form), figure_bytes(draw("zh"), form)
    assert one.startswith(head)
    assert one == other


def test_forms_drawn_together_are_those_drawn_alone_and_the_plot_stays_as_it_was():
    plot = EXAMPLES["occupancy"]("en")
    before = plot.dpi, type(plot.get_layout_engine())
    together = figure_in(plot, "png", "svg")
    assert (plot.dpi, type(plot.get_layout_engine())) == before
    assert together == [figure_bytes(EXAMPLES["occupancy"]("en"), form) for form in ("png", "svg")]
    plot.suptitle("another title\nin three\nlines")
    assert figure_bytes(plot, "png") != together[0]


def test_a_notebook_shows_a_plot_as_a_picture():
    assert EXAMPLES["sweep"]("en")._repr_png_().startswith(b"\x89PNG")


def test_signs_in_names_are_not_taken_for_formulas():
    sweep = Sweep(
        "cost in $ and more $", "key_{x}", ("$1$", "^2"), "asa", Curve(np.array([1.0, 2.0]))
    )
    texts = [text.get_text() for text in shown(plot_sweep(sweep, "en"))]
    assert "cost in $ and more $" in texts
    assert "$1$" in texts


def test_long_names_keep_both_ends():
    assert brief("short") == "short"
    cut = brief("a" * 40 + "接通率" * 9, 20)
    assert width(cut) <= 20
    assert cut.startswith("aaaa")
    assert cut.endswith("接通率")


@pytest.fixture
def _no_chinese_font(monkeypatch: pytest.MonkeyPatch):
    for module in (fonts, style):
        monkeypatch.setattr(module, "chinese_font", lambda: None)
    style._warn_once.cache_clear()
    yield
    style._warn_once.cache_clear()


@pytest.mark.usefixtures("_no_chinese_font")
def test_without_a_chinese_font_plots_are_english_with_one_hint():
    with pytest.warns(UserWarning, match=r"simcenter\[chinese\]") as warned:
        plots = [EXAMPLES["sweep"]("zh") for _ in range(2)]
    assert len(warned) == 1
    assert plots[0].get_suptitle().startswith("Service level: from")


@pytest.mark.usefixtures("_no_chinese_font")
def test_without_a_chinese_font_chinese_names_are_no_boxes():
    sweep = Sweep("零售银行 Monday", "key", ("1", "2"), "asa", Curve(np.array([1.0, 2.0])))
    plot = plot_sweep(sweep, "en")
    figure_bytes(plot, "png")  # a missing sign would warn, and warnings are errors
    assert "???? Monday" in [text.get_text() for text in plot.findobj(Text)]


def test_the_font_found_has_the_signs_of_all_words():
    family = fonts.chinese_font()
    assert family is not None
    path = fonts.font_manager.findfont(family)
    signs = fonts.FT2Font(path).get_charmap()
    words = "".join([*words_of("plots", "zh").values(), *(measure.chinese for measure in MEASURES)])
    assert not {sign for sign in words if sign.strip() and ord(sign) not in signs}


def test_inputs_that_do_not_go_together_are_refused():
    with pytest.raises(InputError, match=r"curve.low: has 1 values where 2 are needed"):
        Curve(np.zeros(2), np.zeros(1), np.zeros(2))
    with pytest.raises(InputError, match=r"queue length.waiting: has 3 values where 2 are needed"):
        QueueLength("", np.zeros(2), np.zeros((5, 3)))
    with pytest.raises(InputError, match=r"grid.mean"):
        Grid("", "a", ("1",), "b", ("1",), "asa", np.zeros((2, 2)))
