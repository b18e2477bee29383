"""Finished replications in a folder: what is there need not be run again.

Each tally is one ``.npz`` file, written whole or not at all, with a checksum of its own; a
manifest names scenario, seed, engine, version and definitions, and a store of anything else is
refused. A file that was changed, or comes from another store, is made again. Nothing that is
read can run code.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

import simcenter
from simcenter.errors import InputError, OutputError, reason_of
from simcenter.files.text import replacing
from simcenter.files.together import settle
from simcenter.measures import Setting, Tally
from simcenter.measures.contact_tally import Waits
from simcenter.messages import Message, joined
from simcenter.model.rules import written_in_python
from simcenter.model.scenario import Scenario
from simcenter.model.words import one_line

__all__ = ["Store"]

FORMAT = 2
MANIFEST = "manifest.json"
NAME = re.compile(r"replication-([0-9]{8})\.npz")
CHECKSUM = "checksum"
PLAIN = ("replication", "cells", "known")
OPTIONAL = ("time", "agent_time")


class Store:
    """A folder of finished replications of one run.

    Parameters
    ----------
    folder
        Made where it does not exist.
    scenario, setting, engine
        What the run is of.

    Raises
    ------
    InputError
        When the folder holds another run, or something else, or the scenario has a rule
        written in Python; `OutputError` when it cannot be made.
    """

    def __init__(
        self, folder: str | Path, scenario: Scenario, setting: Setting, engine: str
    ) -> None:
        self.folder = Path(folder)
        own = written_in_python(scenario.routing)
        if own:
            raise InputError(
                "store: the rule '{own}' is written in Python, and no store can tell whether "
                "what it holds was made with it; run without a store",
                own=own[0],
            )
        self.types, self.groups = len(setting.types), len(setting.groups)
        self.wanted = wanted = _manifest(scenario, setting, engine)
        try:
            self.folder.mkdir(exist_ok=True)
            settle(self.folder / MANIFEST)
            names = [entry.name for entry in self.folder.iterdir()]
        except OSError as fault:
            raise OutputError(
                "{folder}: cannot be used as a store ({reason})",
                folder=one_line(self.folder, 200),
                reason=reason_of(fault),
            ) from None
        if MANIFEST in names:
            self._check(wanted)
        elif any(not name.startswith(".") for name in names):
            raise InputError(
                "{folder}: is no store (it has files but no {manifest}); name an empty or a new "
                "folder",
                folder=self.folder,
                manifest=MANIFEST,
            )
        else:
            self._write(MANIFEST, json.dumps(wanted, ensure_ascii=False, indent=1).encode())

    def _check(self, wanted: dict[str, Any]) -> None:
        path = self.folder / MANIFEST
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            held = None
        if not isinstance(held, dict):
            raise InputError("{path}: cannot be read; name another folder as the store", path=path)
        differing = [key for key in wanted if held.get(key) != wanted[key]]
        if "definitions" in differing and held.get("scenario") == wanted["scenario"]:
            differing.remove("scenario_hash")  # it covers the definitions
        if differing:
            told = joined(
                "; ",
                (
                    Message(
                        "it is of {what} {held}, this run of {wanted}",
                        what=Message(key.replace("_", " ")),
                        held=_told(held.get(key)),
                        wanted=_told(wanted[key]),
                    )
                    for key in differing
                ),
            )
            raise InputError(
                "{folder}: this store is of another run: {told}", folder=self.folder, told=told
            )

    def held(self) -> frozenset[int]:
        """Return the numbers of the replications that are there."""
        found = (NAME.fullmatch(entry.name) for entry in self.folder.iterdir())
        return frozenset(int(match[1]) for match in found if match)

    def read(self, number: int) -> Tally | None:
        """Return a tally; None where it is absent, cut short or damaged."""
        try:
            path = self.folder / _name(number)
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                tally = _tally(file)
                whole = str(file[CHECKSUM]) == self._checksum(tally)
        except Exception:  # a damaged archive can fail in more ways than can be listed
            return None
        fits = tally.counts.shape[1:] == (self.types, tally.cells) and (
            tally.group_counts.shape[1:] == (self.groups, tally.cells)
        )
        return tally if whole and fits and tally.replication == number else None

    def write(self, tally: Tally) -> None:
        """Keep a tally.

        Raises
        ------
        OutputError
            When it cannot be written.
        """
        content = io.BytesIO()
        parts: dict[str, Any] = {**_arrays(tally), CHECKSUM: self._checksum(tally)}
        np.savez(content, **parts)
        self._write(_name(tally.replication), content.getvalue())

    def _checksum(self, tally: Tally) -> str:
        """Return a digest of a tally and of the run that it belongs to."""
        digest = sha256(json.dumps(self.wanted, sort_keys=True).encode())
        for name, value in sorted(_arrays(tally).items()):
            array = np.asarray(value)
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def _write(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all."""
        with replacing(self.folder / name, force=True, at_once=True) as part:
            part.write_bytes(content)


def _manifest(scenario: Scenario, setting: Setting, engine: str) -> dict[str, Any]:
    chosen = setting.definitions
    return {
        "format": FORMAT,
        "version": simcenter.__version__,
        "scenario": scenario.name,
        "definitions": {field.name: getattr(chosen, field.name) for field in fields(chosen)},
        "scenario_hash": scenario.hash,
        "seed": scenario.run.seed,
        "engine": engine,
    }


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {one_line(item, 40)}" for key, item in value.items())
    return one_line(str(value)[:12] if isinstance(value, str) and len(value) == 64 else value, 60)


def _name(number: int) -> str:
    return f"replication-{number:08d}.npz"


def _arrays(tally: Tally) -> dict[str, Any]:
    """Return the parts of a tally as arrays by name."""
    arrays: dict[str, Any] = {
        "replication": tally.replication,
        "cells": tally.cells,
        "known": np.array(sorted(tally.known), dtype=np.str_),
    }
    for field in fields(tally):
        value = getattr(tally, field.name)
        if field.name == "waits":
            arrays |= {f"waits_{part.name}": getattr(value, part.name) for part in fields(value)}
        elif field.name not in PLAIN and value is not None:
            arrays[field.name] = value
    return arrays


def _tally(file: Any) -> Tally:
    parts: dict[str, Any] = {
        field.name: None
        if field.name in OPTIONAL and field.name not in file.files
        else file[field.name]
        for field in fields(Tally)
        if field.name not in (*PLAIN, "waits")
    }
    return Tally(
        replication=int(file["replication"]),
        cells=int(file["cells"]),
        known=frozenset(str(name) for name in file["known"]),
        waits=Waits(**{part.name: file[f"waits_{part.name}"] for part in fields(Waits)}),
        **parts,
    )
