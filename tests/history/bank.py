"""Generated records in the layout of the bank's files, with the quirks that these have."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

HEADER = [
    "vru+line",
    "call_id",
    "customer_id",
    "priority",
    "type",
    "date",
    "vru_entry",
    "vru_exit",
    "vru_time",
    "q_start",
    "q_exit",
    "q_time",
    "outcome",
    "ser_start",
    "ser_exit",
    "ser_time",
    "server",
]


def clock(seconds: int) -> str:
    """Return h:mm:ss; the clocks of the bank wrap at midnight."""
    seconds %= 86400
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def call(
    entry: int,
    *,
    vru: int = 6,
    wait: int | None = None,
    talk: int | None = None,
    date: str = "990104",
    kind: str = "PS",
    server: str = "DORIT",
    customer: str = "0",
    priority: str = "0",
    outcome: str | None = None,
    gap: int = 1,
    number: int = [0],
) -> list[str]:
    """Return one row; ``wait`` None: not queued, ``talk`` None: not served.

    ``gap`` is by how much the clock of the switch is behind that of the VRU.
    """
    number[0] += 1
    leave = entry + vru
    answer = leave + (wait or 0)
    served = talk is not None
    queue = ("0:00:00", "0:00:00", "0")
    if wait is not None:
        queue = (clock(leave), clock(answer), str(wait))
    service = ("0:00:00", "0:00:00", "0")
    if served:
        service = (clock(answer - gap), clock(answer - gap + talk), str(talk))
    ended = outcome or ("AGENT" if served else "HANG")
    who = server if served else "NO_SERVER"
    caller = (f"AA0101 {number[0]} {customer} {priority}").split()
    vru_cells = (clock(entry), clock(leave), str(vru))
    return [*caller, kind, date, *vru_cells, *queue, ended, *service, who]


def write(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    """Write rows as the bank does; a name that ends in .gz is gzipped."""
    text = "\n".join("\t".join(row) for row in [header, *rows]) + "\n"
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def busy_day(seed: int = 1, calls: int = 600, date: str = "990104") -> list[list[str]]:
    """Return a day of calls between 8:00 and 16:00, served by six people and two others.

    Type IN is served by the two others alone. Patience is exponential with mean 120 s.
    """
    rng = random.Random(seed)
    rows = []
    for _ in range(calls):
        kind = rng.choices(["PS", "NW", "IN"], [6, 3, 1])[0]
        server = rng.choice(["Z2A", "Z2B"] if kind == "IN" else ["A", "B", "C", "D", "E", "F"])
        entry = rng.randrange(8 * 3600, 16 * 3600)
        if rng.random() < 0.05:
            rows.append(call(entry, kind=kind, date=date))
            continue
        needed = rng.choice([None, rng.randrange(1, 200)])
        patience = int(rng.expovariate(1 / 120)) + 1
        if needed is not None and patience < needed:
            rows.append(call(entry, wait=patience, kind=kind, date=date, priority="2"))
            continue
        talk = int(rng.expovariate(1 / 150)) + 1
        row = call(entry, wait=needed, talk=talk, kind=kind, date=date, server=server)
        rows.append(row)
    return rows
