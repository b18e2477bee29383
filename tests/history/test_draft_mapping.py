"""A guess that is refused: what the file seems to be, and a draft from which to go on."""

from __future__ import annotations

import pytest

from simcenter.errors import RecordError
from simcenter.history import guess_mapping, import_history, read_mapping
from simcenter.history.guess import GuessError

HEAD = "start time,queue,Result,talk time\n"
ROWS = "2026-03-02 08:00:00,a,answered,50\n2026-03-02 08:05:00,a,zonk,0\n"


def draft_of(tmp_path, text):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GuessError) as error:
        guess_mapping([path])
    (tmp_path / "draft.toml").write_text(error.value.draft, encoding="utf-8")
    return str(error.value), error.value.draft


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ticket ID,Subject,Assignee\n1,Hello,Ann\n2,World,Bob\n", "a list of tickets or cases"),
        ("Agent,State,Login time\nAnn,Ready,2026-03-02 08:00\n", "agents' states"),
        ("Name,Mon,Tue,Wed,Thu,Fri\nAnn,E,E,L,L,X\nBob,L,L,E,E,X\n", "a roster"),
        ("工号,姓名,班次\n1,张,早班\n2,李,晚班\n", "a roster"),
        ("Caller ID,Start time,Memo\n555,2026-03-02 08:00,x\n", "single contacts"),
        ("colour,size\nred,big\nblue,small\n", "a table of another kind"),
    ],
)
def test_what_a_file_seems_to_be(tmp_path, text, kind):
    told, _ = draft_of(tmp_path, text)
    assert f"seems to be {kind}; no column" in told
    assert "simcenter import --save-mapping FILE writes a draft mapping" in told


def test_a_draft_says_which_keys_are_to_be_filled_in(tmp_path):
    _, draft = draft_of(tmp_path, HEAD + ROWS)
    assert '#   "Result": text: "answered", "zonk"' in draft
    with pytest.raises(RecordError) as error:
        read_mapping(tmp_path / "draft.toml")
    told = str(error.value)
    assert "still to be filled in: durations.wait_s.column, outcomes[2].outcome" in told


def test_a_draft_that_is_filled_in_reads_the_file(tmp_path):
    text = HEAD.replace("\n", ",q\n") + ROWS.replace("50\n", "50,7\n").replace(",0\n", ",0,9\n")
    _, draft = draft_of(tmp_path, text)
    draft = draft.replace('column = "<fill in>"', 'column = "q"').replace("<fill in>", "abandoned")
    (tmp_path / "draft.toml").write_text(draft, encoding="utf-8")
    found = import_history([tmp_path / "x.csv"], read_mapping(tmp_path / "draft.toml"))
    assert found.contacts.wait_s.tolist() == [7, 9]
    assert found.contacts.outcome.tolist() == [0, 1]
