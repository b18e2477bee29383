"""What is compiled beside the loop is all that a replication needs but the loop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLINIC = ROOT / "scenarios" / "clinic" / "scenario.toml"

SIMULATE = f"""
import simcenter
simcenter.simulate(simcenter.load({str(CLINIC)!r}), 2, workers=1)
"""

REHEARSE = """
from simcenter.experiment.rehearsal import rehearse
rehearse()
"""

TELL = """
import json, sys
found = {}
for name, module in sorted(sys.modules.items()):
    if name.startswith("simcenter."):
        for what, value in vars(module).items():
            if getattr(value, "__module__", "") == name and hasattr(value, "signatures"):
                if value.targetoptions.get("nogil"):  # made by `kept`
                    found[f"{name}.{what}"] = sorted(map(str, value.signatures))
print(json.dumps(found))
"""

LOOP = "simcenter.floor.compiled.loop.play"


def compiled_by(lines: str) -> dict[str, list[str]]:
    """Return for which arguments a new process compiles each function that is kept."""
    done = subprocess.run(
        [sys.executable, "-c", lines + TELL],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_a_rehearsal_compiles_what_a_run_does_but_for_the_loop():
    wanted, rehearsed = compiled_by(SIMULATE), compiled_by(REHEARSE)
    assert len(wanted.pop(LOOP)) == 1
    assert LOOP not in rehearsed
    assert sum(map(len, wanted.values())) >= 10
    assert rehearsed == wanted
