"""A plot that follows its sliders."""

from __future__ import annotations

import pytest
from ipywidgets import IntSlider

from simcenter.errors import InputError
from simcenter.report.plots.sliders import explore
from simcenter.report.plots.style import Canvas, Plot

pytestmark = pytest.mark.filterwarnings("default:::ipywidgets")


def dots(count: int) -> Plot:
    with Canvas("en", (3, 2)) as canvas:
        (axes,) = canvas.panels()
        axes.plot(range(count), "o")
    return canvas.figure


def test_the_picture_is_that_of_the_sliders_value():
    shown = explore(dots, count=IntSlider(3, 1, 9))
    slider, image = shown.children
    first = image.value
    assert first == dots(3)._repr_png_()
    slider.value = 7
    assert image.value == dots(7)._repr_png_() != first
    slider.value = 3
    assert image.value == first


def test_what_is_no_control_is_refused_by_name():
    with pytest.raises(InputError, match="explore: count is no widget with a value, got 7"):
        explore(dots, count=7)
    with pytest.raises(InputError, match="needs at least one control"):
        explore(dots)
