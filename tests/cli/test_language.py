"""Every command speaks the language of its reader, in results, faults and help."""

import json
import re
import tomllib

import pytest
import typer

from simcenter.cli import guard
from simcenter.cli.help import help_text
from simcenter.cli.main import _guarded, app
from simcenter.floor.tables import write_contacts
from simcenter.history import replay_scenario
from simcenter.messages.lines import width
from simcenter.report.language import VARIABLE
from tests.history.calibration.centre import Truth, history

CLINIC = "scenarios/clinic/scenario.toml"
COMMANDS = sorted(typer.main.get_command(app).commands)


def said(path):
    """Return a TOML file's comments, and what it says to a program but for its name."""
    text = path.read_text(encoding="utf-8")
    comments = [line.partition("# ")[2] for line in text.splitlines() if "# " in line]
    content = tomllib.loads(text)
    content.pop("name", None)
    return [re.sub("`[^`]*`", "", comment) for comment in comments], content


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setenv(VARIABLE, "zh")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_option(name):
    command = typer.main.get_command(app).commands[name]
    assert "--language" in {option for one in command.params for option in one.opts}


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_chinese_and_fits_eighty_columns(name):
    text = help_text(app, [name, "--help"], "zh")
    names = r"  --[\w-]+ <.*\|.*>"  # of options with many choices, which no line may break
    assert all(width(line) <= 80 or re.fullmatch(names, line) for line in text.splitlines())
    assert text.startswith("用法：simcenter")
    for line in text.splitlines():
        described = re.match(r"  \S.*?\s{2,}(\S.*)", line)
        if described and re.search("[a-z]{4} [a-z]{3}", described[1]):
            assert re.search("[一-鿿]", described[1]), line


@pytest.mark.usefixtures("chinese")
def test_help_comes_in_the_language_of_the_environment(capsys):
    assert _guarded(["run", "--help"]) == 0
    assert "选项：" in capsys.readouterr().out


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "缺少参数“SCENARIO”。（参见：simcenter run --help）"),
        (["rum"], "没有命令“rum”。是否想写 'run'？（参见：simcenter --help）"),
        (["run", CLINIC, "--sed", "1"], "没有选项 --sed"),
        (["erlang", "--formula", "q"], "“--formula”的值无效："),
        (["erlang", "--contacts", "x"], "“--contacts”的值无效：须是数"),
        (["run", "nowhere.toml"], "nowhere.toml：没有这个文件"),
        (["run", CLINIC, "--set", "run.seed=x"], "run.seed：给出：“x”；须是整数"),
        (["run", CLINIC, "--set", "clock.opens=9"], "须是时刻"),
        (["run", CLINIC, "--set", "agent_groups.dsk.absent=1"], "是否想写“desk”？"),
        (["run", CLINIC, "--set", "contact_types.patients.handle={aht=60, wrap=70}"], "不能大于它"),
        (["compare", CLINIC, "--vary", "agent_groups.desk.absnt=1,2"], "--vary agent_groups.desk"),
        (["measure", "nowhere.csv"], "nowhere.csv：没有这个文件"),
        (["measure", CLINIC], "文件名须以 .csv, .parquet 或 .xlsx 结尾"),
    ],
)
def test_faults_are_one_chinese_sentence(capsys, arguments, said):
    assert _guarded(arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


@pytest.mark.usefixtures("chinese")
def test_the_option_comes_before_the_environment(capsys):
    assert _guarded(["run", "nowhere.toml", "--language", "en"]) == 2
    assert "nowhere.toml: no such file" in capsys.readouterr().err


def test_an_unknown_language_is_refused(capsys):
    assert _guarded(["version", "--language", "zg"]) == 2
    assert "unknown language 'zg'; known: en, zh" in capsys.readouterr().err


def printed(capsys, *arguments):
    assert _guarded([*arguments]) in (0, 1)
    return capsys.readouterr().out


SPEAKING = {
    "run": ("run", CLINIC, "--replications", "2"),
    "compare": ("compare", CLINIC, "--set", "agent_groups.desk.absent=1", "--replications", "2"),
    "staff": ("staff", CLINIC),
    "when": ("when", CLINIC, "--count", "1", "--minutes", "30", "--replications", "2"),
    "erlang": ("erlang", "--formula", "c", "--contacts", "90", "--per-minutes", "30",
               "--aht", "200", "--agents", "14"),
    "explain": ("run", CLINIC, "--explain", "30"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPEAKING)
def test_what_is_printed_is_chinese(name, capsys):
    text = printed(capsys, *SPEAKING[name], "--language", "zh")
    assert re.search("[一-鿿]", text)
    left = re.sub(r"Clinic, six agents|[a-z_]+\.[a-z_.]+|[\w-]*erlang-\w|Ruth Adler", "", text)
    assert re.findall(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", left) == []


@pytest.mark.parametrize("name", sorted(set(SPEAKING) - {"explain"}))
def test_json_is_the_same_in_both_languages(name, capsys):
    both = [
        json.loads(printed(capsys, *SPEAKING[name], "--json", "-", "--language", language))
        for language in ("en", "zh")
    ]
    assert both[0] == both[1]


class Screen:
    def __init__(self, terminal):
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "columns", "colour"),
    [
        (False, {}, None, False),
        (True, {}, 66, True),
        (True, {"NO_COLOR": "1"}, 66, False),
        (True, {"TERM": "dumb"}, 66, False),
    ],
)
def test_columns_and_colours_are_those_of_a_terminal(
    monkeypatch, terminal, environment, columns, colour
):
    monkeypatch.setattr("sys.stdout", Screen(terminal))
    monkeypatch.setenv("COLUMNS", "66")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    page = guard.page_of_terminal()
    assert (page.columns, page.colour) == (columns, colour)


def test_a_new_scenario_explains_itself_in_chinese_and_is_the_same(tmp_path):
    for language in ("en", "zh"):
        folder = str(tmp_path / language)
        assert _guarded(["new", folder, "--language", language]) == 0
    (english, one), (chinese, other) = (
        said(tmp_path / language / "scenario.toml") for language in ("en", "zh")
    )
    assert one == other
    assert len(chinese) == len(english) > 15
    assert all(re.search("[一-鿿]|^5、10", comment) for comment in chinese)


def test_what_history_writes_explains_itself_in_chinese_and_is_the_same(tmp_path):
    contacts = history(Truth(days=14, per_interval=20.0, agents=4), 3)
    write_contacts(tmp_path / "contacts.csv", (contacts,))
    records = str(tmp_path / "contacts.csv")
    for language in ("en", "zh"):
        folder = tmp_path / language
        spoken = ["--language", language, "--quiet"]
        replay_scenario(contacts, contacts.first_date, folder / "day", language=language)
        whole = ["-o", str(folder / "whole"), "--no-match"]
        assert _guarded(["calibrate", records, *whole, *spoken]) == 0
        ahead = ["-o", str(folder / "ahead.csv"), "--what-if", str(folder / "ahead.toml")]
        assert _guarded(["forecast", records, "--horizon", "7", *ahead, *spoken]) == 0
    for name in ("day/scenario.toml", "whole/scenario.toml", "ahead.toml"):
        (english, one), (chinese, other) = (
            said(tmp_path / language / name) for language in ("en", "zh")
        )
        assert one == other
        assert english != chinese
        words = [comment for comment in chinese if re.search("[a-z]{4} [a-z]{3}", comment)]
        assert words in ([], ["    simcenter run scenario.toml --against observed.csv"])
    assert "实际：" in (tmp_path / "zh" / "day" / "README.md").read_text(encoding="utf-8")
