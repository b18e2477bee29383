"""Whether the texts of a figure can be read: all of them inside it, none over another."""

from __future__ import annotations

import itertools

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

__all__ = ["faults"]

SLACK = 1.0
"""Pixels by which texts may touch."""


def faults(figure: Figure) -> list[str]:
    """Return what cannot be read, one sentence each."""
    figure.canvas.draw()
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown(figure)]
    found = [f"outside: {text!r}" for text, box in boxes if not _inside(box, figure.bbox)]
    for (one, box), (other, beside) in itertools.combinations(boxes, 2):
        if _overlap(box, beside):
            found.append(f"overlap: {one!r} and {other!r}")
    return found


def shown(figure: Figure) -> list[Text]:
    """Return the texts that are drawn: marks of an axis beyond its ends are not."""
    hidden = {
        id(label)
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in _not_drawn(axis, axes.axison)
    }
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    return [t for t in texts if t.get_visible() and t.get_text().strip() and id(t) not in hidden]


def _not_drawn(axis: Axis, on: bool) -> list[Text]:
    low, high = sorted(axis.get_view_interval())
    edge = 1e-9 * (high - low)
    live = axis.majorTicks[: len(axis.get_majorticklocs())]  # those behind are left over
    inside = [tick for tick in live if low - edge <= tick.get_loc() <= high + edge]
    off = [t for t in (*axis.majorTicks, *axis.minorTicks) if not on or t not in inside]
    labels = [label for tick in off for label in (tick.label1, tick.label2)]
    return labels if on else [*labels, axis.label, axis.offsetText]


def _inside(box: Bbox, frame: Bbox) -> bool:
    return (
        box.x0 >= frame.x0 - SLACK
        and box.y0 >= frame.y0 - SLACK
        and box.x1 <= frame.x1 + SLACK
        and box.y1 <= frame.y1 + SLACK
    )


def _overlap(one: Bbox, other: Bbox) -> bool:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide > SLACK and high > SLACK
