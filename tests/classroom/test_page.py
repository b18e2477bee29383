"""The page as a document: names come as data only, the file needs nothing else, and is small."""

from __future__ import annotations

import base64
import hashlib
import html.parser
import json
import re
import zlib

import pytest

from simcenter.classroom.bases import base_of
from simcenter.classroom.day import FIGURES
from simcenter.classroom.grid import (
    MOST_BYTES,
    Grid,
    grid_of_lesson,
    grid_of_scenario,
    lesson_document,
    packed,
    replay_document,
)
from simcenter.classroom.lessons import LESSONS, lesson_named
from simcenter.classroom.page import document, live_document, page_data, page_files
from simcenter.classroom.scene import scene_of
from simcenter.classroom.sliders import canonical, judged
from simcenter.errors import InputError
from simcenter.files.scenario import resolve
from tests.classroom.rooms import BANK, POWER, base

EVIL = "</script><script>alert('x')</script><!-- & \u2028\u2029 ]]> {{x}} <!-- scripts -->"


class Reader(html.parser.HTMLParser):
    """Collects tags, what stands in scripts, and whatever would be fetched or run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": []}
        self.open: str | None = None

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self.inside[tag].append("")
            self.open = tag

    def handle_endtag(self, tag):
        if tag == self.open:
            self.open = None

    def handle_data(self, data):
        if self.open is not None:
            self.inside[self.open][-1] += data


def read(text: str) -> tuple[Reader, dict]:
    """Return the tags of a document, and the data that it holds."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    places = [
        place
        for place, (_, attrs) in enumerate([t for t in reader.tags if t[0] == "script"])
        if attrs.get("id") == "simcenter"
    ]
    assert len(places) == 1
    return reader, json.loads(reader.inside["script"][places[0]])


def unpacked(text: str) -> dict:
    """Return the scene that the file holds, as the page gets it."""
    return json.loads(zlib.decompress(base64.b64decode(text), wbits=-15))


@pytest.fixture(scope="module")
def evil():
    table = json.loads(json.dumps(base(POWER).table).replace("agents", "AGENTS"))
    table = {**base(POWER).table, "name": "<img src=x onerror=alert(1)>"}
    kind = {**table["contact_types"][0], "name": "</script><script>alert(2)</script>"}
    group = {
        **table["agent_groups"][0],
        "name": "<!-- <script> --> & \"quoted\" 'too'",
        "skills": {kind["name"]: 1},
    }
    table = {**table, "contact_types": [kind], "agent_groups": [group]}
    table["clock"] = {**table["clock"], "closes": "10:00"}
    return base_of(resolve(table, "evil"), table, "evil")


@pytest.fixture(scope="module")
def lesson():
    return lesson_named("variability")


@pytest.fixture(scope="module")
def text(lesson):
    return lesson_document(lesson, "zh")


class TestEscaping:
    def test_texts_come_as_data_and_back_as_they_were(self):
        data = page_data("live", "en", lessons=[], sliders=[], start={}, scene={"name": EVIL})
        for text, own in ((live_document(data), len(page_files().scripts)), (document(data), 1)):
            reader, found = read(text)
            assert found["scene"]["name"] == EVIL
            assert len([tag for tag, _ in reader.tags if tag == "script"]) == own + 1
            assert "alert('x')</script>" not in text

    def test_a_file_of_a_scenario_with_evil_names(self, evil, monkeypatch):
        one = Grid(evil, {}, [evil.seed])
        monkeypatch.setattr("simcenter.classroom.grid.grid_of_scenario", lambda _: one)
        text = replay_document(evil, "en")
        reader, found = read(text)
        assert len([tag for tag, _ in reader.tags if tag == "script"]) == 2
        assert not [tag for tag, attrs in reader.tags if tag == "img" and "onerror" in attrs]
        scene = unpacked(found["grid"]["scenes"][f"|{evil.seed}"])
        assert scene["name"] == evil.scenario.name
        assert scene["types"][0]["name"] == evil.scenario.types[0].name
        assert scene["groups"][0]["name"] == evil.scenario.groups[0].name
        assert "alert(2)</script>" not in text


class TestOneFile:
    def test_it_asks_for_nothing(self, text):
        reader, _ = read(text)
        for tag, attrs in reader.tags:
            for name in ("src", "href", "action", "srcset", "data", "poster"):
                value = attrs.get(name) or "data:"
                assert value.startswith(("data:", "#")), (tag, name, value)
            assert not [name for name in attrs if name.startswith("on")]
            assert "style" not in attrs
        policies = [a["content"] for t, a in reader.tags if t == "meta" and "http-equiv" in a]
        assert len(policies) == 1
        assert policies[0].startswith("default-src 'none'")
        assert "unsafe" not in policies[0]
        for kind, parts in reader.inside.items():
            for part in parts:
                if part.startswith("{"):
                    continue
                digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
                assert f"{kind}-src 'sha256-{digest}'" in policies[0]
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:|#)", "".join(reader.inside["style"]))

    def test_the_policy_stands_before_what_it_is_about(self, text):
        assert text.index("Content-Security-Policy") < text.index("<style>") < text.index("<script")

    def test_it_begins_in_the_language_asked_for(self, text):
        _, found = read(text)
        assert found["language"] == "zh"
        assert set(found["words"]) == {"en", "zh"}
        assert set(found["words"]["en"]) == set(found["words"]["zh"])
        assert set(found["measures"]) == set(FIGURES)

    def test_it_holds_the_engines_scenes_for_every_position(self, text, lesson):
        _, found = read(text)
        grid = found["grid"]
        assert len(grid["scenes"]) == 27
        for values in ({}, {"shape": "constant", "volume": 1.05}):
            values = judged(lesson.base.sliders, values)
            for seed in grid["seeds"]:
                scene = unpacked(grid["scenes"][f"{canonical(values)}|{seed}"])
                again = scene_of(lesson.base.with_values(values, seed))
                assert scene == unpacked(packed(again))
            days = grid["days"][canonical(values)]
            assert len(days["days"]) == 20
            assert days["days"][0]["seed"] == grid["seeds"][0]
            first = unpacked(grid["scenes"][f"{canonical(values)}|{grid['seeds'][0]}"])
            assert days["days"][0]["figures"] == first["figures"]

    def test_its_sliders_have_the_positions_that_there_are(self, text, lesson):
        _, found = read(text)
        for sliders in (found["grid"]["sliders"], found["sliders"], found["lessons"][0]["sliders"]):
            positions = {slider["key"]: slider["positions"] for slider in sliders}
            assert positions == {key: list(v) for key, v in lesson.positions.items()}
        assert found["start"]["lesson"] == lesson.key
        assert found["mode"] == "file"

    @pytest.mark.parametrize("key", LESSONS)
    def test_every_lesson_is_small(self, key):
        lesson = lesson_named(key)
        grid = grid_of_lesson(lesson)
        widest = max(
            len(packed(scene_of(lesson.base.with_values(values, lesson.seed))))
            for values in grid.changes()
        )
        assert len(grid) * widest * 1.15 < 4_000_000

    def test_a_file_that_would_be_too_large_is_refused(self, lesson, monkeypatch):
        monkeypatch.setattr("simcenter.classroom.grid.MOST_BYTES", 100_000)
        monkeypatch.setattr(Grid, "to_json_dict", lambda *_: {"scenes": "x" * 200_000})
        with pytest.raises(InputError, match=r"allowed are 0\.1 MB"):
            lesson_document(lesson, "en")


class TestReplay:
    def test_a_larger_day_has_fewer_positions(self, monkeypatch):
        start = base(BANK)
        full = grid_of_scenario(start)
        one = len(packed(scene_of(start.with_values({}, start.seed))))
        assert len(full) * one < MOST_BYTES
        monkeypatch.setattr("simcenter.classroom.grid.MOST_BYTES", 1_000_000)
        small = grid_of_scenario(start)
        assert 1 <= len(small) < len(full)
        monkeypatch.setattr("simcenter.classroom.grid.MOST_BYTES", 650_000)
        with pytest.raises(InputError, match="has no room for it"):
            grid_of_scenario(start)

    def test_positions_stand_around_the_scenario(self):
        for start in (base(BANK), base(POWER)):
            grid = grid_of_scenario(start)
            for key, values in grid.positions.items():
                slider = start.sliders[key]
                assert slider.default in values
                assert [slider.judged(value) for value in values] == list(values)


def test_the_live_page_has_no_scene_yet():
    data = page_data("live", "en", lessons=[], sliders=[], start={"lesson": None})
    reader, found = read(live_document(data))
    assert found["mode"] == "live"
    sources = [a["src"] for t, a in reader.tags if t == "script" and "src" in a]
    assert sources == [f"page/{name}" for name in page_files().scripts]
    assert not [a for _, a in reader.tags if "style" in a or any(n.startswith("on") for n in a)]
