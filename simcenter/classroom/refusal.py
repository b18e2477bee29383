"""What a page is told when it asks for what cannot be: one sentence in each language."""

from __future__ import annotations

from simcenter.errors import InputError
from simcenter.messages import worded
from simcenter.report.class_sentences import REFUSALS

__all__ = ["RefusedError", "refused", "told"]


class RefusedError(InputError):
    """What a page asked for is at fault.

    Attributes
    ----------
    sentences
        By language.
    """

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__(sentences["en"])
        self.sentences = sentences


def refused(key: str, /, **found: object) -> RefusedError:
    """Return a refusal in the words of the table."""
    return RefusedError({name: words[key].format(**found) for name, words in REFUSALS.items()})


def told(fault: InputError) -> dict[str, str]:
    """Return the sentences of a fault; also of one that the page did not cause."""
    if isinstance(fault, RefusedError):
        return fault.sentences
    return {
        name: words["scenario"].format(fault=worded(fault, name))
        for name, words in REFUSALS.items()
    }
