from simcenter.cli import beats
from simcenter.cli.beats import Beats


def test_a_line_is_said_only_after_half_a_minute(monkeypatch, capsys):
    clock = [100.0]
    monkeypatch.setattr(beats, "EVERY", 30.0)
    monkeypatch.setattr(beats.time, "monotonic", lambda: clock[0])
    Beats.begin()
    for seconds in (0, 29, 31, 45, 62):
        clock[0] = 100.0 + seconds
        Beats.say("cause", "en")
    assert capsys.readouterr().err.splitlines() == [
        "simcenter: 31 s: cause",
        "simcenter: 1 min 2 s: cause",
    ]


def test_a_command_counts_from_its_own_beginning(monkeypatch, capsys):
    clock = [0.0]
    monkeypatch.setattr(beats, "EVERY", 30.0)
    monkeypatch.setattr(beats.time, "monotonic", lambda: clock[0])
    clock[0] = 1000.0
    Beats.begin()
    Beats.say("cause", "en")
    assert capsys.readouterr().err == ""
