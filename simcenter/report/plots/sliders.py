"""Plots with sliders, in a notebook: move one, and the plot is drawn anew.

The picture is an image of its own, not the output of a cell. So a notebook that is executed
without anybody at it (by ``jupyter execute``, in CI) needs nothing of the other side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from simcenter.errors import InputError
from simcenter.report.plots.style import figure_bytes

__all__ = ["explore"]


def explore(plot: Callable[..., Figure], **controls: Any) -> Any:
    """Return controls with a plot below that follows them.

    Parameters
    ----------
    plot
        Called with the controls' values by name; returns a figure.
    **controls
        Widgets with a value, such as ``ipywidgets.IntSlider(15, 10, 20)``.

    Returns
    -------
    ipywidgets.VBox
        The controls, and last the picture.

    Raises
    ------
    InputError
        When there is no control, or one is no widget with a value.

    Examples
    --------
    >>> from ipywidgets import IntSlider
    >>> from simcenter.report.plots.style import Canvas
    >>> def dots(count):
    ...     with Canvas("en") as canvas:
    ...         (axes,) = canvas.panels()
    ...         axes.plot(range(count), "o")
    ...     return canvas.figure
    >>> shown = explore(dots, count=IntSlider(3, 1, 9))
    >>> bytes(shown.children[-1].value[1:4])
    b'PNG'
    """
    from ipywidgets import Image, Layout, VBox

    if not controls:
        raise InputError("explore: needs at least one control, such as IntSlider(15, 10, 20)")
    for name, control in controls.items():
        if not (hasattr(control, "observe") and hasattr(control, "value")):
            raise InputError(
                "explore: {name} is no widget with a value, got {control!r}",
                name=name,
                control=control,
            )
    image = Image(format="png", layout=Layout(max_width="100%"))

    def draw(_: object = None) -> None:
        figure = plot(**{name: control.value for name, control in controls.items()})
        image.value = figure_bytes(figure, "png")

    for control in controls.values():
        control.observe(draw, names="value")
    draw()
    return VBox([*controls.values(), image])
