"""The worked example of the definitions: 510 offered, 460 answered, 410 within 20 s, …"""

import pytest

from simcenter.errors import InputError
from simcenter.measures import MEASURES, Definitions, find_measure, formula_of, measure
from tests.measures.tables import contact, contact_table, setting


def golden():
    rows = [contact("answered", float(i), wait=20.0) for i in range(410)]
    rows += [contact("answered", float(i), wait=21.0) for i in range(50)]
    rows += [contact("abandoned", float(i), wait=4.0) for i in range(10)]
    rows += [contact("abandoned", float(i), wait=5.0) for i in range(10, 25)]
    rows += [contact("abandoned", float(i), wait=25.0) for i in range(25)]
    return contact_table(rows)


def value(key, **definitions):
    chosen = setting(definitions=Definitions(short_abandon_seconds=5.0, **definitions))
    return measure(golden(), setting=chosen).value(key).mean


@pytest.mark.parametrize(
    ("key", "variant", "expected"),
    [
        ("answer_rate", "offered", 460 / 510),
        ("answer_rate", "net_of_short", 460 / 500),
        ("abandonment_rate", "offered", 50 / 510),
        ("abandonment_rate", "short_excluded", 40 / 510),
        ("abandonment_rate", "net_of_short", 40 / 500),
        ("service_level", "offered", 410 / 510),
        ("service_level", "answered", 410 / 460),
        ("service_level", "with_abandons", (410 + 25) / 510),
        ("service_level", "net_of_quick_abandons", 410 / (510 - 25)),
        ("service_level", "net_of_short", 410 / 500),
    ],
)
def test_every_variant(key, variant, expected):
    assert value(key, **{key: variant}) == expected


def test_printed_figures():
    assert f"{value('answer_rate'):.1%}" == "90.2%"
    assert f"{value('service_level'):.1%}" == "80.4%"
    assert f"{value('abandonment_rate'):.1%}" == "9.8%"
    assert f"{value('abandonment_rate', abandonment_rate='short_excluded'):.1%}" == "7.8%"
    assert f"{value('answer_rate', answer_rate='net_of_short'):.1%}" == "92.0%"
    assert f"{value('service_level', service_level='net_of_short'):.1%}" == "82.0%"
    assert f"{value('abandonment_rate', abandonment_rate='net_of_short'):.1%}" == "8.0%"


def test_counts():
    found = {key: value(key) for key in ("offered", "answered", "abandoned", "short_abandoned")}
    assert found == {"offered": 510, "answered": 460, "abandoned": 50, "short_abandoned": 10}


def test_a_short_threshold_of_zero_excludes_nobody():
    rows = contact_table([contact("abandoned", 1.0, wait=0.0), contact("answered", 2.0)])
    results = measure(rows, setting=setting())
    assert results.value("short_abandoned").mean == 0
    assert results.value("abandoned").mean == 1


def test_unknown_variant_is_refused():
    with pytest.raises(InputError, match=r"definitions.service_level.*did you mean 'offered'"):
        Definitions(service_level="ofered")
    with pytest.raises(InputError, match=r"definitions.booking"):
        Definitions(booking="middle")
    with pytest.raises(InputError, match=r"below zero"):
        Definitions(short_abandon_seconds=-1)


def test_the_list_is_complete_in_both_languages():
    keys = [item.key for item in MEASURES]
    assert len(set(keys)) == len(keys) == 43
    for item in MEASURES:
        assert item.english
        assert any("\u4e00" <= sign <= "\u9fff" for sign in item.chinese)
        for formula in (item.formula, *item.variants.values()):
            assert formula.definition
            assert formula.definition_zh
        assert formula_of(item, Definitions()).definition
    with pytest.raises(InputError, match="did you mean 'offered'"):
        find_measure("ofered")
