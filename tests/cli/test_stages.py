from __future__ import annotations

import pytest

from simcenter.cli.stages import Stages
from simcenter.errors import InputError
from simcenter.experiment.deadline import Deadline, OutOfTime


def test_a_deadline_is_over_or_not():
    with pytest.raises(OutOfTime):
        Deadline(0.0).check()
    Deadline(None).check()
    assert not Deadline(None).limited
    assert Deadline(None).share(0.5).left() == float("inf")
    assert 0 < Deadline(100.0).share(0.5).left() <= 50.0


def test_a_progress_looks_at_the_clock():
    seen = []
    with pytest.raises(OutOfTime):
        Deadline(0.0).watched(lambda done, of: seen.append((done, of)))(1, 2)
    assert seen == [(1, 2)]


def test_what_a_stage_had_no_time_for_is_noted():
    stages = Stages(None, drawn=False)
    with stages.stage("short", 0.5):
        pass
    assert stages.cut == []
    assert stages.seconds(0.5) is None
    short = Stages(1e-9, drawn=True)
    with short.stage("why", 0.5) as deadline:
        deadline.check()
        raise AssertionError
    assert short.cut == ["why"]


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf")])
def test_no_time_is_refused(seconds):
    with pytest.raises(InputError, match="must be above 0"):
        Stages(seconds, drawn=False)
