"""``simcenter erlang``: one formula at the prompt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcenter.cli.options import Force, JsonFile, Language, Quiet
from simcenter.errors import InputError
from simcenter.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcenter.erlang import Promise, Targets

__all__ = ["erlang_command"]


class FormulaName(StrEnum):
    """Formulas at the prompt."""

    b = "b"
    c = "c"
    a = "a"
    linear = "linear"


def _number(name: str, metavar: str, text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=text)


Optional = float | None


def erlang_command(
    formula: Annotated[FormulaName, typer.Option("--formula", help="Erlang B, C, A, or linear.")],
    contacts: Annotated[float, _number("--contacts", "N", "Contacts offered.")],
    per_minutes: Annotated[float, _number("--per-minutes", "M", "In so many minutes.")],
    aht: Annotated[float, _number("--aht", "S", "Average handle time in seconds.")],
    agents: Annotated[Optional, _number("--agents", "N", "What do so many agents give?")] = None,
    service_level: Annotated[
        Optional, _number("--service-level", "F", "Agents for this share answered in time.")
    ] = None,
    within: Annotated[float, _number("--within", "S", "Seconds of the service level.")] = 20.0,
    asa: Annotated[Optional, _number("--asa", "S", "Agents for this speed of answer.")] = None,
    abandonment: Annotated[
        Optional, _number("--abandonment", "F", "Agents for this abandonment rate.")
    ] = None,
    answer_rate: Annotated[
        Optional, _number("--answer-rate", "F", "Agents for this answer rate.")
    ] = None,
    blocking: Annotated[
        Optional, _number("--blocking", "F", "Agents (for B) for this blocking rate.")
    ] = None,
    patience: Annotated[
        Optional, _number("--patience", "S", "Mean patience in seconds, for Erlang A.")
    ] = None,
    lines: Annotated[Optional, _number("--lines", "K", "Lines, for Erlang C and A.")] = None,
    occupancy_cap: Annotated[
        Optional, _number("--occupancy-cap", "F", "Occupancy that may not be exceeded.")
    ] = None,
    occupancy: Annotated[
        Optional, _number("--occupancy", "F", "What the linear formula plans with (0.85).")
    ] = None,
    shrinkage: Annotated[
        float, _number("--shrinkage", "F", "Share of paid time not there for contacts.")
    ] = 0.0,
    language: Language = None,
    json_file: JsonFile = None,
    quiet: Quiet = False,
    force: Force = False,
) -> None:
    """Ask one formula: what agents give, or how many agents a target needs."""
    from simcenter.cli.output import check_outputs, emit
    from simcenter.erlang import Targets, gross
    from simcenter.report.erlang_text import erlang_document, erlang_text
    from simcenter.report.language import language_of

    spoken = language_of(language)
    given = {"--agents": agents, "--contacts": contacts, "--within": within, "--asa": asa,
             "--lines": lines, "--patience": patience}  # fmt: skip
    for name, value in given.items():
        _judge(name, value, Message("0 or more"), lambda v: v >= 0)
    for name, value in {"--per-minutes": per_minutes, "--aht": aht}.items():
        _judge(name, value, Message("above 0"), lambda v: v > 0)
    for name, value in {"--service-level": service_level, "--abandonment": abandonment,
                        "--answer-rate": answer_rate, "--blocking": blocking,
                        "--occupancy-cap": occupancy_cap}.items():  # fmt: skip
        _judge(name, value, Message("a share from 0 to 1"), lambda v: 0 <= v <= 1)
    _judge("--occupancy", occupancy, Message("a share above 0, at most 1"), lambda v: 0 < v <= 1)
    _judge("--shrinkage", shrinkage, Message("a share from 0 to below 1"), lambda v: 0 <= v < 1)
    check_outputs(json_file, force=force)
    question = Question(
        formula.value, contacts / (60 * per_minutes), aht, within, patience, lines, occupancy
    )
    targets = Targets(
        service_level=service_level,
        answer_rate=answer_rate,
        asa=asa,
        abandonment_rate=abandonment,
        occupancy=occupancy_cap,
        blocking_rate=blocking,
    )
    question.refuse_misfits(targets.given(), agents)
    net = question.agents(targets) if agents is None else agents
    content = erlang_document(
        question.promise(net), float(gross(net, shrinkage)), anything=contacts > 0
    )
    emit(erlang_text(content, within, spoken), content, json_file, quiet=quiet, force=force)


def _judge(name: str, value: float | None, allowed: str, fine: Callable[[float], bool]) -> None:
    if value is not None and not (math.isfinite(value) and fine(value)):
        raise InputError(
            "{name}: got {value:g}; must be {allowed}", name=name, value=value, allowed=allowed
        )


@dataclass(frozen=True)
class Question:
    """A formula and what it is asked about; ``rate`` in contacts a second, times in seconds."""

    formula: str
    rate: float
    aht: float
    within: float
    patience: float | None
    lines: float | None
    occupancy: float | None

    @property
    def name(self) -> str:
        """What the formula is called."""
        linear = self.formula == "linear"
        return "the linear formula" if linear else f"Erlang {self.formula.upper()}"

    def refuse_misfits(self, targets: dict[str, float], agents: float | None) -> None:
        """Refuse options that the formula has no use for, and calls that ask nothing."""
        waits, linear = self.formula in ("a", "c"), self.formula == "linear"
        if agents is not None and targets:
            raise InputError("erlang: give either --agents or targets, not both")
        if self.formula == "a" and self.patience is None:
            raise InputError(
                "erlang: Erlang A needs --patience; without abandonment take --formula c"
            )
        if self.formula != "a" and self.patience is not None:
            raise InputError(
                "--patience: {name} knows no patience; take --formula a", name=self.name
            )
        if not waits and self.lines is not None:
            raise InputError(
                "--lines: {name} knows no waiting; take --formula c or a", name=self.name
            )
        if not linear and self.occupancy is not None:
            raise InputError("--occupancy: is for the linear formula; a limit is --occupancy-cap")
        known = {"b": {"blocking_rate"}, "linear": {"answer_rate"}}.get(
            self.formula, {"service_level", "asa", "abandonment_rate", "answer_rate"}
        ) | {"occupancy"}
        if self.lines is not None:
            known.add("blocking_rate")
        for target in targets:
            if target not in known:
                raise InputError(
                    "erlang: {name} knows no {target} to staff for",
                    name=self.name,
                    target=Message(target.replace("_", " ")),
                )
        if agents is None and not targets and not linear:
            raise InputError("erlang: give --agents, or a target such as --service-level 0.8")

    def promise(self, agents: Any) -> Promise:
        """Return what so many agents give."""
        from simcenter import erlang

        asked = (self.rate, self.aht, agents)
        if self.formula == "linear":
            planned = self._planned()
            return erlang.linear_promise(*asked, occupancy=planned, within=self.within)
        if self.formula == "b":
            return erlang.erlang_b(*asked, within=self.within)
        patience = math.inf if self.patience is None else self.patience
        if self.lines is not None:
            return erlang.finite_lines(*asked, self.lines, patience, within=self.within)
        return erlang.erlang_a(*asked, patience, within=self.within)

    def agents(self, targets: Targets) -> float:
        """Return the agents that targets need; the linear formula does not round them."""
        from simcenter import erlang

        if self.rate == 0:
            return 0.0
        if self.formula != "linear":
            return float(erlang.required_agents(self.promise, targets))
        cap = 1.0 if targets.occupancy is None else targets.occupancy
        if cap == 0:
            raise InputError("--occupancy-cap: got 0; must be above 0")
        share = 1.0 if targets.answer_rate is None else targets.answer_rate
        return float(erlang.linear_agents(self.rate, self.aht, share, min(self._planned(), cap)))

    def _planned(self) -> float:
        from simcenter.erlang.staffing import OCCUPANCY

        return OCCUPANCY if self.occupancy is None else self.occupancy
