"""Why a contact of the page waited as it did, in both languages."""

from __future__ import annotations

import numpy as np

from simcenter.classroom.day import Day
from simcenter.classroom.refusal import refused
from simcenter.floor.explain import explain
from simcenter.messages import worded

__all__ = ["explained"]


def explained(day: Day, contact: object) -> dict[str, str]:
    """Return the sentences by language.

    Parameters
    ----------
    day
        As it was played.
    contact
        Its place in the scene's contacts, from 1.

    Raises
    ------
    RefusedError
        When the scene has no such contact.
    """
    rows = np.flatnonzero(day.contacts.day == day.number)
    known = isinstance(contact, int) and not isinstance(contact, bool)
    if not known or not 1 <= contact <= len(rows):  # type: ignore[operator]
        raise refused("contact", most=len(rows))
    number = int(day.contacts.contact_id[rows[int(contact) - 1]])  # type: ignore[call-overload]
    tables = day.scenario, day.contacts, day.activities, number
    return {language: worded(explain(*tables), language) for language in ("en", "zh")}
