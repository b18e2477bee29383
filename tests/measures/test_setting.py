"""The setting of a scenario."""

import numpy as np

from simcenter.files.scenario import resolve
from simcenter.measures import setting_for_scenario

TABLE = {
    "name": "Two days",
    "clock": {
        **{"opens": "08:00", "closes": "10:00", "interval_minutes": 15, "days": 2},
        "warm_up_minutes": 30,
    },
    "contact_types": [
        {
            **{"name": "service", "channel": "voice", "arrivals": {"rate_per_hour": 60}},
            "handle": {"aht": 240, "wrap": 40},
            "target": {"answer_within_seconds": 15, "service_level": 0.8},
        },
        {
            **{"name": "mail", "channel": "letter", "arrivals": {"rate_per_hour": 6}},
            "handle": {"aht": 240, "wrap": 40},
        },
    ],
    "agent_groups": [
        {"name": "all", "skills": {"service": 1, "mail": 2}, "staffing": 3, "cost_per_hour": 20.0},
        {"name": "voice", "skills": {"service": 1}, "staffing": 2},
    ],
    "report": {"service_level": "net_of_short", "short_abandon_seconds": 5, "booking": "end"},
    "run": {"confidence": 0.9},
}


def test_all_that_a_scenario_says_is_taken_over(tmp_path):
    found = setting_for_scenario(resolve(TABLE, str(tmp_path)))
    assert found.types == ("service", "mail")
    assert found.channels == ("voice", "letter")
    assert found.groups == ("all", "voice")
    assert found.group_types == ((0, 1), (0,))
    assert len(found.agents) == len(found.agent_group) == len(found.cost_per_hour)
    assert set(np.array(found.cost_per_hour)[found.agent_group == 0]) == {20.0}
    assert found.answer_within == (15.0, 20.0)
    assert found.opening.tolist() == [[28800.0, 36000.0], [115200.0, 122400.0]]
    assert found.interval == 900.0
    assert found.warm_up_until == 28800.0 + 1800.0
    assert found.definitions.service_level == "net_of_short"
    assert found.definitions.short_abandon_seconds == 5
    assert found.definitions.booking == "end"
    assert found.unpaid == ("lunch",)
    assert found.confidence == 0.9
