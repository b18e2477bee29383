"""Small pages of every kind, with names that would do harm if they were not escaped."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import cache, lru_cache
from html.parser import HTMLParser
from pathlib import Path

import simcenter
from simcenter.history import backtest, calibrate, parse_dates
from simcenter.history.calibration.results import Calibration
from simcenter.model.scenario import Scenario
from simcenter.report.comparison import comparison_document
from simcenter.report.document import document
from simcenter.report.page.backtest import backtest_page
from simcenter.report.page.calibration import calibration_page
from simcenter.report.page.comparison import comparison_page
from simcenter.report.page.drawing import (
    backtest_images,
    calibration_images,
    comparison_images,
    simulation_images,
    validation_images,
)
from simcenter.report.page.simulation import simulation_page
from simcenter.report.page.validation import validation_page
from simcenter.report.validation import validation_document
from simcenter.validation import examined, people_short, validate
from simcenter.validation.repair import repair
from simcenter.validation.why import explain_misses

__all__ = ["EVIL", "KINDS", "Read", "page_of", "read"]

SCENARIOS = Path(__file__).parents[2] / "scenarios"
EVIL = "<script>alert(1)</script>"
QUOTED = "\"><img src=x onerror=alert(2)>'"

KINDS = ("validate", "run", "compare", "calibrate", "backtest")


def _named(scenario: Scenario) -> Scenario:
    """Return a scenario in which every name is an attack."""
    types = tuple(dataclasses.replace(kind, name=f"{kind.name} {EVIL}") for kind in scenario.types)
    groups = tuple(
        dataclasses.replace(group, name=f"{group.name} {QUOTED}") for group in scenario.groups
    )
    agents = tuple(
        dataclasses.replace(agent, name=f"{agent.name} {EVIL}") for agent in scenario.agents
    )
    name = f"{scenario.name} {EVIL} {QUOTED}"
    return dataclasses.replace(scenario, name=name, types=types, groups=groups, agents=agents)


@lru_cache(maxsize=2)
def _scenario(name: str) -> Scenario:
    return _named(simcenter.load(SCENARIOS / name / "scenario.toml"))


@lru_cache(maxsize=1)
def _history() -> simcenter.ContactTable:
    scenario = simcenter.load(SCENARIOS / "four-weeks" / "scenario.toml")
    table = simcenter.run(scenario).contacts
    return dataclasses.replace(table, types=tuple(f"{name} {EVIL}" for name in table.types))


def _validation(language: str) -> str:
    scenario = _scenario("erlang-roster")
    found = validate(scenario, replications=60, workers=1)
    found = dataclasses.replace(found, assumptions=examined(scenario, replications=5))
    found = dataclasses.replace(found, short=people_short(found))
    whys = explain_misses(found, replications=10)
    repairs = repair(scenario, search_replications=40, fresh_replications=60)
    return validation_page(
        validation_document(found),
        whys=whys,
        repairs=repairs,
        images=validation_images(found, whys, repairs, language),
        command=f"{EVIL}.toml",
        language=language,
    )


def _run(language: str) -> str:
    found = simcenter.simulate(_scenario("erlang-roster"), 5, workers=1)
    targets = {
        kind.name: kind.target.model_dump(exclude_none=True) for kind in found.scenario.types
    }
    content = document(found)
    content["observed"] = {key: content[key] for key in ("total", "contact_types")}
    images = simulation_images(found, language)
    return simulation_page(content, targets=targets, images=images, language=language)


def _compare(language: str) -> str:
    base = _scenario("erlang-roster")
    fewer = dataclasses.replace(base, lines=20, hash="other")
    found = simcenter.compare(base, {f"few lines {EVIL}": fewer}, replications=5)
    names = [one.name for one in found.what_ifs]
    images = comparison_images(found, names, (), {}, ("asa",), language)
    return comparison_page(comparison_document(found), images=images, language=language)


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """Return a calibration from a made-up history, a day of it left out."""
    return calibrate(_history(), match=False, source=f"calls {EVIL}.csv")


def _calibrate(language: str) -> str:
    found = calibration()
    images = calibration_images(found, language)
    return calibration_page(found, images=images, written="day.toml", language=language)


def _backtest(language: str) -> str:
    first = dt.date(2026, 3, 2)
    learnt = parse_dates(f"{first}..{first + dt.timedelta(days=12)}", "--calibrate-on")
    held = parse_dates("2026-03-16..2026-03-18", "--hold-out")
    found = backtest(_history(), learnt, [held], replications=20)
    return backtest_page(found, images=backtest_images(found, language), language=language)


MADE = {
    "validate": _validation,
    "run": _run,
    "compare": _compare,
    "calibrate": _calibrate,
    "backtest": _backtest,
}


@cache
def page_of(kind: str, language: str) -> str:
    """Return a page of a kind."""
    return MADE[kind](language)


class Read(HTMLParser):
    """What stands in a page: its tags, its text, and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "action", "data", "srcset"):
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)
            if name in ("alt", "title", "aria-label"):
                self.text.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def read(page: str) -> Read:
    """Return what stands in a page; its tags must close in order."""
    found = Read()
    found.feed(page)
    found.close()
    assert found.open == []
    return found
