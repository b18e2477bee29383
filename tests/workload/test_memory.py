"""Runs that need more memory than is free are refused before anything is taken."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from simcenter.errors import InputError
from simcenter.experiment.replications import simulate
from simcenter.files.scenario import loads
from simcenter.measures.lattice import Lattice
from simcenter.workload import memory
from simcenter.workload.draws import draw

DAY = """
name = "a day"
[clock]
opens = "08:00"
closes = "10:00"
interval_minutes = 30
days = {days}
at_close = "{at_close}"
[[contact_types]]
name = "calls"
arrivals = {{ expected = [{calls}, {calls}, {calls}, {calls}] }}
handle = {{ aht = {aht} }}
{patience}
[[agent_groups]]
name = "desk"
skills = {{ calls = 1 }}
staffing = [5, 5, 5, 5]
[run]
replications = 2
"""


def day(days=1, calls=10, aht="100", at_close="serve", patience=""):
    return loads(DAY.format(**locals()))


PATIENT = ""
IMPATIENT = 'patience = { distribution = "exponential", mean = 60 }'


@pytest.fixture
def gigabytes(monkeypatch):
    """Let so much memory be free."""
    return lambda free: monkeypatch.setattr(memory, "free_memory", lambda: free * 1e9)


@pytest.mark.parametrize(
    ("given", "free", "said"),
    [
        ({"calls": 2_000_000}, 1.0, r"8,000,000 contacts in one replication need about 1\.4 GB"),
        ({"calls": 20_000, "days": 100}, 1.0, r"8,000,000 contacts in one .* and 1\.0 GB are free"),
        ({"aht": "1e9"}, 1.0, r"92,\d{3} days of handling after the last one closes need about"),
        ({"aht": "1e9", "days": 3660}, 1.0, "days of handling after the last"),
        ({"aht": "1e9", "patience": IMPATIENT}, 0.5, r"11,574 days of handling after"),
        ({"aht": "1e9", "at_close": "drop"}, 0.5, r"11,574 days of handling after"),
    ],
)
def test_what_needs_too_much_is_refused_before_it_is_drawn(gigabytes, given, free, said):
    gigabytes(free)
    scenario = day(**given)
    with pytest.raises(InputError, match=said):
        simulate(scenario)
    with pytest.raises(InputError, match=said):
        draw(scenario, 1)


@pytest.mark.parametrize("given", [{}, {"aht": "1e6"}, {"calls": 1000, "days": 30}])
def test_what_needs_little_is_not_looked_at(gigabytes, given):
    gigabytes(0.0)
    scenario = day(**given)
    memory.refuse_excess(scenario)


def test_nobody_there_or_a_day_without_contacts_is_no_fault(gigabytes):
    gigabytes(0.0)
    memory.refuse_excess(day(calls=0, aht="1e9"))


def test_tables_that_are_kept_count_by_replication(gigabytes):
    gigabytes(0.5)
    scenario = day(calls=1000)
    memory.refuse_excess(scenario, kept=100)
    said = r"the tables of 4,000 contacts in 1,000 replications need about 1\.0 GB"
    with pytest.raises(InputError, match=said):
        simulate(scenario, 1000, keep=True)
    gigabytes(1.1)
    memory.refuse_excess(scenario, kept=1000)


def test_what_the_estimate_lets_through_is_refused_when_it_comes(gigabytes):
    lattice = Lattice(*(None,) * 7)
    gigabytes(1.0)
    object.__setattr__(lattice, "edges", [0.0])
    object.__setattr__(lattice, "interval", 1800.0)
    with pytest.raises(InputError, match=r"57,870 days of handling .* 10\.0 GB"):
        lattice.until(5e9)


class TestWhatIsFree:
    def test_it_is_some_of_this_computer(self):
        assert 1e6 < memory.free_memory() < math.inf

    @pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
    def test_a_limit_of_the_process_counts(self, monkeypatch):
        most = {memory.resource.RLIMIT_AS: 1 << 40}
        monkeypatch.setattr(memory.resource, "getrlimit", lambda what: (most[what], -1))
        before = list(memory._limits())
        most[memory.resource.RLIMIT_AS] = 1 << 20
        assert memory.free_memory() == 0.0
        assert max(before) > 1e9

    @pytest.mark.parametrize(
        ("line", "folder", "limit", "used", "stat"),
        [
            ("0::/job", "job", "memory.max", "memory.current", "inactive_file 300\n"),
            (
                "4:memory:/job",
                "memory/job",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "inactive_file 1\ntotal_inactive_file 300\n",
            ),
        ],
    )
    def test_a_container_counts(self, tmp_path, monkeypatch, line, folder, limit, used, stat):
        place = tmp_path / folder
        place.mkdir(parents=True)
        (place / limit).write_text("5000\n")
        (place / used).write_text("1000\n")
        (place / "memory.stat").write_text(stat)
        text = memory._text
        told = {Path("/proc/self/cgroup"): f"9:cpu:/\n{line}\n"}
        monkeypatch.setattr(memory, "_text", lambda path: told.get(path) or text(path))
        assert list(memory._of_the_container(tmp_path)) == [4300.0]
        (place / limit).write_text("max\n" if "max" in limit else f"{2**63}\n")
        assert list(memory._of_the_container(tmp_path)) == []
