"""Messages: English as text, other languages later, and nothing lost on the way."""

import itertools
import pickle

import pytest

from simcenter.errors import InputError, ScenarioError, unknown
from simcenter.messages import Message, changed, joined, worded
from simcenter.messages.lines import broken, padded, width


def test_a_message_is_its_english_sentence():
    told = Message("{path}: line {line}", path="day.csv", line=7)
    assert told == "day.csv: line 7"
    assert isinstance(told, str)
    assert worded(told, "en") == "day.csv: line 7"


def test_braces_stand_where_there_are_no_values():
    assert Message("{ file = … }") == "{ file = … }"


def test_an_error_is_its_message_and_carries_it():
    fault = InputError("{path}: is empty", path="day.csv")
    assert str(fault) == "day.csv: is empty"
    assert worded(fault, "zh") == "day.csv：为空"


def test_messages_and_errors_inside_are_said_in_the_same_language():
    inner = ScenarioError(unknown("contact type", "billling", ["billing", "sales"]))
    told = Message("{option} {setting}: {fault}", option="--set", setting="a=1", fault=inner)
    assert worded(told, "zh") == (
        "--set a=1：未知的业务类型“billling”；是否想写“billing”？已知的有：billing、sales"
    )


def test_a_plain_exception_is_looked_up_by_its_sentence():
    assert worded(ValueError("must be a date such as 2026-03-02"), "zh").startswith("须是日期")
    assert worded(ValueError("of another library"), "zh") == "of another library"


def test_what_no_catalogue_has_stays_english():
    assert worded(Message("nobody says {this}", this="so"), "zh") == "nobody says so"


def test_names_of_users_are_never_translated():
    told = Message("{place}: agent '{name}' stands twice", place="a.csv", name="agent")
    assert worded(told, "zh") == "a.csv：坐席“agent”出现两次"


def test_parts_are_joined_as_the_language_does():
    names = joined(", ", ["billing", Message("agent")])
    assert (names, worded(names, "zh")) == ("billing, agent", "billing、坐席")


def test_a_value_can_be_changed_at_any_depth():
    inner = InputError("{option} {key}: is void", option="--set", key="seed")
    told = changed(Message("{path}: {fault}", path="a", fault=inner), option="--vary")
    assert told == "a: --vary seed: is void"


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_messages_reach_another_process(protocol):
    told = Message("{path}: {what}", path="a.csv", what=Message("a table"))
    again = pickle.loads(pickle.dumps(InputError(told), protocol))
    assert str(again) == "a.csv: a table"
    assert worded(again, "zh") == "a.csv：表"


def test_width_counts_columns_and_no_colours():
    assert width("ASA 平均") == 8
    assert width("\x1b[31m不达标\x1b[0m") == 6
    assert padded("平均", 6, right=True) == "  平均"


LONG = (
    "对各时段的全部结论以 95% 的置信度同时成立（模拟天数 1,000，种子 1，引擎 compiled）；"
    "全部 24 个时段中有 9 个不达标，缺 3.5 人，差 0.4 个百分点，最长 120 秒。"
)


@pytest.mark.parametrize("columns", range(16, 80))
def test_chinese_lines_break_where_they_may(columns):
    lines = broken(LONG, "zh", columns, "  ").splitlines()
    assert "".join(line.strip() for line in lines).replace(" ", "") == LONG.replace(" ", "")
    for line, following in itertools.pairwise(lines):
        assert width(line) <= columns
        assert following.strip()[0] not in "，。；：、？！）》”%"
        assert line[-1] not in "（《“"
        assert not (line[-1].isdigit() and following.strip()[0] in "个人秒%")


def test_english_lines_break_between_words():
    assert broken("one two three", "en", 8, "  ") == "one two\n  three"


def test_english_numbers_keep_their_units():
    assert broken("it gave 66.4 % of them", "en", 12) == "it gave\n66.4 % of\nthem"
