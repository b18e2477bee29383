"""Hand-worked days hold for every engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simcenter.floor.run import ENGINES
from tests.floor import stage

BOTH = {"test_ties", "test_rules", "test_load_effects"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in BOTH:
        metafunc.fixturenames.append("engine_name")
        metafunc.parametrize("engine_name", sorted(ENGINES))


@pytest.fixture(autouse=True)
def _on_an_engine(request: pytest.FixtureRequest) -> Iterator[None]:
    callspec = getattr(request.node, "callspec", None)
    stage.engine.name = callspec.params.get("engine_name", "simpy") if callspec else "simpy"
    yield
    stage.engine.name = "simpy"
