"""The server as a browser, and as somebody with bad manners, meets it."""

from __future__ import annotations

import json
import threading

import pytest

from simcenter.classroom import room as rooms
from simcenter.classroom.app import HEADERS, class_app
from simcenter.classroom.lessons import lesson_named
from simcenter.classroom.page import PageFiles, live_document, page_data, page_files
from simcenter.classroom.refusal import RefusedError
from simcenter.classroom.room import Room
from simcenter.classroom.scene import scene_of
from tests.classroom.client import Client
from tests.classroom.rooms import POWER, base

HOME = "http://127.0.0.1:8350"
LESSON = "lesson:pooling"


@pytest.fixture(scope="module")
def room():
    lesson = lesson_named("pooling")
    return Room({"scenario": base(POWER), lesson.base.key: lesson.base}, {lesson.key: lesson})


@pytest.fixture(scope="module")
def client(room):
    data = page_data(
        "live",
        "en",
        lessons=[lesson.to_json_dict() for lesson in room.lessons.values()],
        sliders=[],
        start={},
    )
    app = class_app(room, live_document(data), page_files())
    return Client(app, HOME)


def refused(answer, status, *words):
    assert answer.status_code == status, answer.text
    sentences = answer.json()["error"]
    assert set(sentences) == {"en", "zh"}
    for sentence in sentences.values():
        assert sentence
        assert "\n" not in sentence
        assert "Traceback" not in sentence
    for word in words:
        assert word in sentences["en"]
    return sentences


class TestScenes:
    def test_a_scene_is_that_of_the_scenario(self, client):
        asked = {"base": "scenario", "changes": {"agents": 8}, "seed": 7}
        answer = client.post("/api/scene", json=asked)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        expected = scene_of(base(POWER).changed({"agents": 8}, 7))
        assert answer.json() == json.loads(rooms.as_json(expected))

    def test_changes_may_be_left_out(self, client):
        answer = client.post("/api/scene", json={"base": LESSON, "seed": 1})
        assert answer.json()["types"][0]["name"] == "bookings"

    def test_the_same_question_has_the_same_answer(self, client):
        asked = {"base": "scenario", "changes": {"volume": 1.1}, "seed": 2}
        assert (
            client.post("/api/scene", json=asked).text == client.post("/api/scene", json=asked).text
        )

    def test_twenty_days_and_their_mean(self, client):
        asked = {"base": "scenario", "changes": {}, "seed": 3, "days": 5}
        found = client.post("/api/days", json=asked).json()
        assert [day["seed"] for day in found["days"]] == [3, 4, 5, 6, 7]
        scene = client.post("/api/scene", json={"base": "scenario", "seed": 4}).json()
        assert found["days"][1]["figures"] == scene["figures"]
        mean = found["mean"]["service_level"]
        assert mean["low"] < mean["mean"] < mean["high"]
        levels = [day["figures"] for day in found["days"]]
        within = sum(f["service_level"] * f["offered"] for f in levels)
        assert mean["mean"] == pytest.approx(within / sum(f["offered"] for f in levels))

    def test_days_go_on_from_the_last_seed(self, client):
        asked = {"base": "scenario", "seed": 2**31 - 1, "days": 2}
        days = client.post("/api/days", json=asked).json()["days"]
        assert [day["seed"] for day in days] == [2**31 - 1, 0]

    def test_why_one_waited(self, client):
        address = "/api/explain?base=scenario&changes=agents:6,volume:1.1&seed=7&contact=200"
        found = client.get(address).json()
        assert found["en"].startswith("Contact 200 (calls) arrived at ")
        assert found["zh"].startswith("联络 200（calls）")
        assert found == client.get(address.replace("agents:6,", "agents:6.0,")).json()


class TestThePage:
    def test_it_stands_at_the_root_with_its_data(self, client):
        answer = client.get("/")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert '<script type="application/json" id="simcenter">' in answer.text
        for name in page_files().scripts:
            assert f'src="page/{name}"' in answer.text
        assert "http://" not in answer.text.replace("http://www.w3.org/", "")
        assert "https://" not in answer.text

    def test_every_file_of_it_is_served_as_what_it_is(self, client):
        files = page_files()
        for texts, kind in ((files.sheets, "text/css"), (files.scripts, "text/javascript")):
            for name, text in texts.items():
                answer = client.get(f"/page/{name}")
                assert answer.text == text
                assert answer.headers["content-type"] == f"{kind}; charset=utf-8"

    @pytest.mark.parametrize("path", ["/", "/nothing", "/page/page.css", "/api/scene"])
    def test_every_answer_has_the_headers_of_safety(self, client, path):
        answer = client.get(path)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert "http:" not in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "path",
        [
            "/nothing",
            "/index.html",
            "/page/",
            "/page/index.html",
            "/page/../../cli/main.py",
            "/page/%2e%2e/%2e%2e/cli/main.py",
            "/page/..%2f..%2fcli%2fmain.py",
            "/page/..\\..\\cli\\main.py",
            "/page//etc/passwd",
            "/page/page.css%00.js",
            "/page/page.css/",
            "/etc/passwd",
            "/lessons/power-of-one/scenario.toml",
            "//etc/passwd",
            "/api",
            "/api/scene/",
            "/api/compare",
        ],
    )
    def test_no_path_but_the_pages_own(self, client, path):
        refused(client.get(path), 404, "no such page")

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", "/api/scene"), ("PUT", "/api/scene"), ("DELETE", "/"), ("POST", "/page/page.css")],
    )
    def test_no_other_method(self, client, method, path):
        refused(client.request(method, path), 405, method)

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "evil.example:8350",
            "127.0.0.1.evil.example",
            "",
            "localhost.evil:80",
            "[::1",
        ],
    )
    def test_no_other_host(self, client, host):
        refused(client.get("/", headers={"host": host}), 421, "own address")
        asked = {"base": "scenario", "seed": 1}
        refused(client.post("/api/scene", json=asked, headers={"host": host}), 421)

    @pytest.mark.parametrize(
        "host", ["localhost:8350", "127.0.0.1", "[::1]:8350", "192.168.1.7:8350"]
    )
    def test_its_own_names_and_numbers_are_answered(self, client, host):
        assert client.get("/", headers={"host": host}).status_code == 200

    def test_no_other_page(self, client):
        asked = {"base": "scenario", "seed": 1}
        for origin in ("http://evil.example", "null", "https://127.0.0.1:1"):
            answer = client.post("/api/scene", json=asked, headers={"origin": origin})
            refused(answer, 422, "own page")
        assert client.post("/api/scene", json=asked, headers={"origin": HOME}).status_code == 200

    def test_no_other_page_asks_why(self, client):
        address = "/api/explain?base=scenario&seed=1&contact=1"
        for headers in (
            {"origin": "http://evil.example"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ):
            refused(client.get(address, headers=headers), 422, "own page")
        for headers in ({"origin": HOME}, {"sec-fetch-site": "same-origin"}, {}):
            assert client.get(address, headers=headers).status_code == 200

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
    def test_no_form_of_another_page(self, client, kind):
        text = json.dumps({"base": "scenario", "seed": 1})
        answer = client.post("/api/scene", content=text, headers={"content-type": kind})
        refused(answer, 422, "application/json")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "1",
            "null",
            '"text"',
            '{"base": "scenario", "seed": NaN}',
            '{"base": "scenario", "seed": Infinity}',
            '{"base": "scenario", "seed": 1, "seed": 2}',
            '{"base": "scenario", "seed": 1, "changes": {"agents": 7, "agents": 8}}',
            '{"seed": ' + "1" * 4050 + "}",
            "[" * 4000,
            '{"a":' * 700,
            b"\xff\xfe\x00",
            b"\x80",
        ],
    )
    def test_no_json_that_is_none(self, client, text):
        answer = client.post(
            "/api/scene", content=text, headers={"content-type": "application/json"}
        )
        refused(answer, 422)

    def test_no_long_request(self, client):
        text = json.dumps({"base": "scenario", "seed": 1}) + " " * 5000
        answer = client.post(
            "/api/scene", content=text, headers={"content-type": "application/json"}
        )
        refused(answer, 422, "4096 bytes")

    def test_no_endless_request(self, client):
        asked = 0

        def endless():
            nonlocal asked
            while asked < 10_000:
                asked += 1
                yield b" " * 1024

        headers = {"content-type": "application/json"}
        refused(client.post("/api/scene", content=endless(), headers=headers), 422, "4096 bytes")

    @pytest.mark.parametrize(
        ("asked", "word"),
        [
            ({}, "lacks 'base'"),
            ({"base": "scenario"}, "lacks 'seed'"),
            ({"base": "lesson:none", "seed": 1}, "there is no 'lesson:none'"),
            ({"base": "../../etc/passwd", "seed": 1}, "to start from"),
            ({"base": "\n" * 50, "seed": 1}, "to start from"),
            ({"base": 3, "seed": 1}, "to start from"),
            ({"base": "scenario", "seed": -1}, "seed"),
            ({"base": "scenario", "seed": 1.5}, "seed"),
            ({"base": "scenario", "seed": True}, "seed"),
            ({"base": "scenario", "seed": "1"}, "seed"),
            ({"base": "scenario", "seed": 2**63}, "seed"),
            ({"base": "scenario", "seed": 1, "file": "x"}, "unknown key 'file'"),
            ({"base": "scenario", "seed": 1, "days": 3}, "unknown key 'days'"),
            ({"base": "scenario", "seed": 1, "changes": {"agents": 1e9}}, "3 to 11"),
            ({"base": "scenario", "seed": 1, "changes": {"agents": {}}}, "agents"),
            ({"base": "scenario", "seed": 1, "changes": {"roster": "/etc/passwd"}}, "no slider"),
            ({"base": "scenario", "seed": 1, "changes": ["agents"]}, "object"),
        ],
    )
    def test_no_nonsense(self, client, asked, word):
        refused(client.post("/api/scene", json=asked), 422, word)

    @pytest.mark.parametrize("days", [0, 1, 41, -3, 2.5, "20", None, True, 10**30])
    def test_no_other_number_of_days(self, client, days):
        asked = {"base": "scenario", "seed": 1, "days": days}
        refused(client.post("/api/days", json=asked), 422, "from 2 to 40")

    @pytest.mark.parametrize(
        ("query", "word"),
        [
            ("", "lacks 'base'"),
            ("base=scenario&seed=1", "lacks 'contact'"),
            ("base=scenario&seed=1&contact=0", "from 1 to"),
            ("base=scenario&seed=1&contact=99999999", "from 1 to"),
            ("base=scenario&seed=1&contact=x", "from 1 to"),
            ("base=scenario&seed=1&contact=1&contact=2", "JSON"),
            ("base=scenario&seed=x&contact=1", "seed"),
            ("base=scenario&seed=1&contact=1&changes=agents", "agents"),
            ("base=scenario&seed=1&contact=1&changes=agents:7,agents:8", "object"),
            ("base=scenario&seed=1&contact=1&changes=agents:nan", "'nan'"),
            ("base=scenario&seed=1&contact=1&changes=agents:1e400", "'inf'"),
            ("base=scenario&seed=1&contact=" + "9" * 5000, "JSON"),
        ],
    )
    def test_no_nonsense_in_an_address(self, client, query, word):
        refused(client.get(f"/api/explain?{query}"), 422, word)

    def test_a_refused_name_comes_back_as_data_only(self, client):
        name = "</script><script>alert(1)</script>"
        answer = client.post(
            "/api/scene", json={"base": "scenario", "seed": 1, "changes": {name: 1}}
        )
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_fault_of_ours_is_a_sentence_too(room, monkeypatch):
    app = class_app(room, "page", PageFiles("", {}, {}))
    monkeypatch.setattr(rooms, "scene_of", lambda *_: 1 / 0)
    answer = Client(app, HOME).post("/api/scene", json={"base": "scenario", "seed": 987654})
    refused(answer, 500, "fault of its own")
    assert answer.headers["x-content-type-options"] == "nosniff"


class TestARoomFullOfRequests:
    def test_a_warm_room_knows_where_every_base_begins(self, monkeypatch, room):
        warm = Room(room.bases, {})
        warm.warm()
        monkeypatch.setattr(rooms, "scene_of", None)
        for start in room.bases.values():
            assert json.loads(warm.scene(start.key, {}, start.seed))["seed"] == start.seed

    def test_what_is_known_is_kept_and_no_more_than_that(self, monkeypatch):
        monkeypatch.setattr(rooms, "MOST_KEPT", 3)
        played = []
        monkeypatch.setattr(
            rooms, "scene_of", lambda scenario, *_: played.append(scenario.run.seed)
        )
        room = Room({"scenario": base(POWER)}, {})
        for seed in (1, 2, 1, 3, 4, 1, 2):
            room.scene("scenario", {}, seed)
        assert played == [1, 2, 3, 4, 2]

    def test_too_many_are_refused_and_a_closed_room_lets_go(self, monkeypatch):
        monkeypatch.setattr(rooms, "MOST_WAITING", 2)
        begun, over = threading.Event(), threading.Event()

        def slow(*_):
            begun.set()
            over.wait(30)
            return {}

        monkeypatch.setattr(rooms, "scene_of", slow)
        room = Room({"scenario": base(POWER)}, {})
        said = []

        def ask(seed):
            try:
                said.append(room.scene("scenario", {}, seed))
            except RefusedError as fault:
                said.append(str(fault))

        threads = [threading.Thread(target=ask, args=(seed,)) for seed in (1, 2)]
        threads[0].start()
        assert begun.wait(30)
        threads[1].start()
        while room._waiting < 2:
            pass
        with pytest.raises(RefusedError, match="busy"):
            room.scene("scenario", {}, 3)
        room.close()
        threads[1].join(30)
        assert said == ["The engine is busy with too many requests; try again in a moment."]
        over.set()
        threads[0].join(30)
        assert said[1:] == ["{}"]
