"""A made-up year of contacts as a gzipped CSV, and how long its import and profile take.

    python -m tests.benchmarks.bulk_year 20000000 /tmp/year

writes the records in blocks (never all in memory), imports them in bulk, measures the interval
table, calibrates a scenario, and prints seconds and the largest resident memory.
"""

from __future__ import annotations

import gzip
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

BLOCK = 250_000
MAPPING = """\
name = "year"
[clock]
format = "iso"
[[outcomes]]
when = { result = "answered" }
outcome = "answered"
[[outcomes]]
when = { result = "abandoned" }
outcome = "abandoned"
[contact_type]
column = "queue"
[agent]
column = "agent"
[caller_id]
column = "caller"
[instants]
arrival = { column = "start" }
[durations]
wait_s = { column = "wait" }
talk_s = { column = "talk" }
wrap_s = { column = "wrap" }
"""


def write_year(path: Path, contacts: int, seed: int = 1) -> None:
    """Write so many contacts of one year: six queues, 2,000 agents, a day's and a week's shape."""
    rng = np.random.default_rng(seed)
    first = np.datetime64("2025-01-01T00:00:00")
    queues = np.array(["billing", "sales", "service", "cards", "loans", "other"])
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as out:
        out.write("start,queue,result,wait,talk,wrap,agent,caller\n")
        for done in range(0, contacts, BLOCK):
            size = min(BLOCK, contacts - done)
            low, high = 365 * done // contacts, 365 * (done + size) // contacts
            day = rng.integers(low, max(high, low + 1), size)
            second = np.clip(rng.normal(46800, 9000, size), 0, 86399).astype(np.int64)
            start = np.datetime_as_string(first + np.sort(day * 86400 + second))
            wait = np.round(rng.exponential(25, size), 1)
            patience = rng.exponential(200, size)
            gone = patience < wait
            talk = np.where(gone, "", np.round(rng.lognormal(5, 0.9, size)).astype(int).astype(str))
            wrap = np.where(gone, "", np.round(rng.exponential(30, size)).astype(int).astype(str))
            agent = np.where(gone, "", rng.integers(1000, 3000, size).astype(str))
            rows = zip(
                start.tolist(), queues[rng.integers(0, 6, size)].tolist(),
                np.where(gone, "abandoned", "answered").tolist(),
                np.minimum(wait, np.round(patience, 1)).tolist(), talk.tolist(), wrap.tolist(),
                agent.tolist(), rng.integers(10**9, 10**9 + 10**7, size).tolist(), strict=True,
            )  # fmt: skip
            out.writelines(",".join(map(str, row)) + "\n" for row in rows)


def main() -> None:
    """Write, import, profile, and print what it took."""
    contacts, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    records, mapping = folder / "year.csv.gz", folder / "year.toml"
    if not records.exists():
        write_year(records, contacts)
    mapping.write_text(MAPPING, encoding="utf-8")
    table, intervals = folder / "contacts.parquet", folder / "intervals.parquet"
    simcenter = [sys.executable, "-m", "simcenter"]
    bulk = ["--mapping", str(mapping), "--bulk", "-o", str(table), "--intervals", str(intervals)]
    for command in (
        ["import", str(records), *bulk, "--force"],
        ["measure", str(intervals), "--by", "month"],
        ["calibrate", str(table), "-o", str(folder / "scenario"), "--quiet", "--force"],
    ):
        begun = time.perf_counter()
        subprocess.run([*simcenter, *command], check=True)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        print(f"{command[0]}: {time.perf_counter() - begun:.1f} s, largest memory {peak:.2f} GB")


if __name__ == "__main__":
    main()
