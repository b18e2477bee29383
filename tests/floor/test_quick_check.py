"""The quick check of a compiled run on days at the edge of its rules."""

from __future__ import annotations

from simcenter.files.scenario import resolve
from simcenter.floor.lean import run_lean


def test_a_contact_without_handling_where_overtime_meets_the_next_shift(tmp_path):
    """Ann's contact of 8:09 lasts until 8:18, when her second shift has begun at 8:15.

    The one who waits then is answered, and done, at 8:18: where her overtime ends and her
    second shift begins for the floor.
    """
    (tmp_path / "roster.csv").write_text(
        "agent,group,day,activity,start,end\n"
        "Ann,desk,1,work,08:00,08:10\n"
        "Ann,desk,1,work,08:15,09:00\n",
        encoding="utf-8",
    )
    for name, at in (("long", "08:09:00"), ("none", "08:10:00")):
        (tmp_path / f"{name}.csv").write_text(f"arrival\n{at}\n", encoding="utf-8")
    table = {
        "clock": {"opens": "08:00", "closes": "09:00", "interval_minutes": 30},
        "contact_types": [
            {
                "name": name,
                "arrivals": {"times": {"file": str(tmp_path / f"{name}.csv"), "column": "arrival"}},
                "handle": {"talk": {"distribution": "constant", "value": talk}},
            }
            for name, talk in (("long", 540), ("none", 0))
        ],
        "agent_groups": [
            {
                "name": "desk",
                "skills": {"long": 1, "none": 1},
                "roster": str(tmp_path / "roster.csv"),
            }
        ],
    }
    callers = run_lean(resolve(table, "edge.toml"), 1).played.callers
    assert sorted(callers["answer"].tolist()) == [
        8 * 3600 + 9 * 60.0,
        8 * 3600 + 18 * 60.0,
    ]
