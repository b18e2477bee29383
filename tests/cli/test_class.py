"""``simcenter class``, ``lesson`` and ``replay`` as a trainer meets them."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from simcenter.classroom import grid
from simcenter.classroom.lessons import LESSONS
from simcenter.classroom.serve import address_of, free_socket
from simcenter.cli.main import _guarded
from simcenter.errors import InputError
from tests.classroom.rooms import POWER
from tests.cli.test_commands import refused

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]):
    """Run the command line and return (exit code, standard output, standard error)."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = _guarded(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def short(monkeypatch):
    """Let files be made of little, where it is not looked at what is in them."""
    monkeypatch.setattr(grid.Grid, "to_json_dict", lambda *_: {"scenes": {}})


class TestLesson:
    def test_the_list_names_all_in_either_language(self, command):
        for language, word in (("en", "The power of one"), ("zh", "一个人的力量")):
            code, out, _ = command("lesson", "--list", "--language", language)
            assert code == 0
            assert [line.split()[0] for line in out.splitlines()] == list(LESSONS)
            assert word in out

    @pytest.mark.usefixtures("short")
    def test_a_lesson_is_one_file_and_its_size_is_told(self, command, tmp_path):
        path = tmp_path / "lesson.html"
        code, out, _ = command("lesson", "pooling", "-o", str(path))
        assert code == 0
        assert re.search(r"lesson\.html: \d\.\d MB", out)
        assert path.read_text(encoding="utf-8").lower().startswith("<!doctype html>")

    @pytest.mark.usefixtures("short")
    def test_it_is_not_written_over_another_file(self, command, tmp_path):
        path = tmp_path / "lesson.html"
        path.write_text("mine")
        refused(command("lesson", "pooling", "-o", str(path)), "lesson.html", "--force")
        assert path.read_text() == "mine"
        assert command("lesson", "pooling", "-o", str(path), "--force", "--quiet")[:2] == (0, "")
        assert path.read_text() != "mine"

    def test_what_is_missing_or_unknown(self, command, tmp_path):
        path = str(tmp_path / "x.html")
        refused(command("lesson"), "power-of-one")
        refused(command("lesson", "poling", "-o", path), "did you mean 'pooling'")
        refused(command("lesson", "../pooling", "-o", path), "unknown lesson")
        refused(command("lesson", "pooling"), "--output", "simcenter lesson pooling -o")
        refused(command("lesson", "pooling", "-o", str(tmp_path / "no" / "x.html")), "no")
        refused(command("lesson", "pooling", "-o", path, "--language", "fr"), "language")
        assert list(tmp_path.iterdir()) == []


class TestReplay:
    @pytest.mark.usefixtures("short")
    def test_any_scenario_with_what_ifs(self, command, tmp_path):
        path = tmp_path / "day.html"
        options = ["--set", "agent_groups.agents.staffing=9", "--seed", "4", "--language", "zh"]
        code, out, _ = command("replay", POWER, "-o", str(path), *options)
        assert code == 0
        assert "MB" in out
        text = path.read_text(encoding="utf-8")
        data = json.loads(re.search(r'id="simcenter">(.*?)</script>', text)[1])
        assert data["start"]["seed"] == 4
        assert data["language"] == "zh"
        agents = next(slider for slider in data["sliders"] if slider["key"] == "agents")
        assert agents["default"] == 9

    def test_it_is_not_written_over_what_it_reads(self, command, tmp_path):
        path = tmp_path / "scenario.toml"
        path.write_text(Path(POWER).read_text())
        refused(command("replay", str(path), "-o", str(path), "--force"), "cannot be its output")

    def test_what_cannot_be_shown(self, command, tmp_path):
        out = str(tmp_path / "x.html")
        refused(command("replay", str(tmp_path / "none.toml"), "-o", out), "none.toml")
        refused(command("replay", POWER, "-o", out, "--day", "2"), "days are 1 to 1")
        many = "contact_types.calls.arrivals.rate_per_hour=1e6"
        refused(command("replay", POWER, "-o", out, "--set", many), "9000000", "12000", POWER)
        classic = str(ROOT / "scenarios" / "classic" / "scenario.toml")
        refused(command("replay", classic, "-o", out), "69120")


class TestClass:
    def test_without_the_server_a_sentence_says_how_to_get_it(self, command, monkeypatch):
        monkeypatch.setitem(sys.modules, "uvicorn", None)
        refused(command("class", "--no-browser"), "simcenter[class]")

    def test_options_of_a_scenario_need_one(self, command):
        refused(command("class", "--no-browser", "--set", "run.seed=3"), "name one")

    @pytest.mark.parametrize("host", ["no.such.host.invalid", "8.8.8.8", "a\0b", "…" * 80])
    def test_a_host_that_is_not_ours(self, command, host):
        refused(command("class", "--no-browser", "--host", host), "--host")

    def test_a_port_that_is_none(self, command):
        refused(command("class", "--no-browser", "--port", "65536"), "--port")

    def test_the_next_port_is_taken_where_one_is_in_use(self):
        with free_socket("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            with free_socket("127.0.0.1", port) as other:
                assert port < other.getsockname()[1] <= port + 20

    def test_no_free_port_is_a_sentence(self, monkeypatch):
        monkeypatch.setattr("simcenter.classroom.serve.NEXT_PORTS", 0)
        with free_socket("127.0.0.1", 0) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(InputError, match=f"{port} to {port} are all taken"):
                free_socket("127.0.0.1", port)

    def test_the_address_is_one_that_a_browser_can_open(self):
        with free_socket("127.0.0.1", 0) as listening:
            port = listening.getsockname()[1]
            for host, shown in (
                ("127.0.0.1", "127.0.0.1"),
                ("0.0.0.0", "127.0.0.1"),
                ("::", "[::1]"),
                ("::1", "[::1]"),
                ("localhost", "localhost"),
            ):
                assert address_of(listening, host) == f"http://{shown}:{port}/"

    def test_it_serves_refuses_and_stops_at_once(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            line = "from simcenter.cli.main import main; main()"
            asked = ["class", POWER, "--no-browser", "--port", str(port), "--language", "en"]
            server = subprocess.Popen(
                [sys.executable, "-c", line, *asked],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            )
            try:
                said = server.stdout.readline()
                used = int(re.search(r"http://127\.0\.0\.1:(\d+)/", said)[1])
                assert used != port
                status, text = raw(used, "GET", "/")
                assert status == 200
                assert "simcenter" in text
                for path in ("/../../../etc/passwd", "/page/../../../etc/passwd", "/%2e%2e/x"):
                    assert raw(used, "GET", path)[0] == 404
                assert raw(used, "GET", "/", host="evil.example")[0] == 421
                body = json.dumps({"base": "scenario", "changes": {"agents": 8}, "seed": 7})
                status, text = raw(used, "POST", "/api/scene", body)
                assert status == 200
                assert json.loads(text)["seed"] == 7
                server.send_signal(signal.SIGINT)
                _, err = server.communicate(timeout=30)
            finally:
                server.kill()
        assert server.returncode == 0
        assert "Traceback" not in err
        assert f"port {port} is taken" in err


def raw(port: int, method: str, path: str, body: str | None = None, host: str | None = None):
    """Send a request whose path nothing has tidied up; return status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{port}")
    if body is not None:
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(None if body is None else body.encode())
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def test_the_commands_have_help(capsys):
    for name in ("class", "lesson", "replay"):
        assert _guarded([name, "--help"]) == 0
        assert name in capsys.readouterr().out
