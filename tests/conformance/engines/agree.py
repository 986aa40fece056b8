#!/usr/bin/env python3
"""Asks every engine the same questions and compares the answers byte by byte.

    agree.py DUBAN DATASET WORK

Order: the questions; every engine undisturbed; Spark with a worker killed; the spoilt row that
must be noticed. Anything missing or unequal ends with exit code 1 and says where.
"""
import os, sys, time

sys.path.insert(0, os.path.dirname(__file__))
from cluster import Cluster
from engines import ChDB, DataFusion, DuckDB, ours, parts, sql

QUESTIONS = [
    (by, as_of, on, snapshot)
    for by in ("province", "sector", "obligation", "unit-kind")
    for as_of, on in (("2026-10-31", "2026-10-31"), ("2026-08-17", "2026-08-17"), ("2026-10-31", "2026-09-10"), ("2025-06-30", "2025-05-05"))
    for snapshot in (False, True)
]


def unequal(name, question, want, got):
    a, b = want.splitlines(), got.splitlines()
    first = next((f"ours {x!r}, {name} {y!r}" for x, y in zip(a, b) if x != y), f"ours {len(a)} lines, {name} {len(b)}")
    return f"{name} differs for {question}: {first}"


def spoilt(data, work, duckdb, question, text):
    """One state of one row, changed in a copy of its file; the answer must not be ours any more."""
    last = duckdb.db.execute("SELECT duty, MAX(ord) FROM changes GROUP BY duty ORDER BY duty LIMIT 1").fetchone()
    files = parts(data, "log")
    listed = ", ".join(f"'{f}'" for f in files)
    row = f"duty = {last[0]} AND ord = {last[1]}"
    hit = duckdb.db.execute(f"SELECT filename FROM read_parquet([{listed}], filename = true, hive_partitioning = false) WHERE {row}").fetchone()[0]
    copy = f"{work}/spoilt.parquet"
    duckdb.db.execute(f"COPY (SELECT * REPLACE ((CASE WHEN {row} THEN state % 7 + 1 ELSE state END)::INTEGER AS state)"
                      f" FROM read_parquet('{hit}', hive_partitioning = false)) TO '{copy}' (FORMAT parquet)")
    duckdb.view("changes", "[" + ", ".join(f"'{copy if f == hit else f}'" for f in files) + "]")
    return duckdb.ask(text)


def main(duban, data, work):
    data, work = os.path.abspath(data), os.path.abspath(work)
    wants = {q: ours(duban, data, *q[:3], full=not q[3]) for q in QUESTIONS}
    for by, as_of, on, _ in QUESTIONS:
        assert wants[by, as_of, on, False] == wants[by, as_of, on, True], "our two forms differ"
    bad = []
    duckdb = DuckDB(data)
    cluster = Cluster(data, work)
    try:
        for engine in (duckdb, DataFusion(data), ChDB(data, work), cluster):
            begin = time.time()
            for q in QUESTIONS:
                got = engine.ask(sql(duban, data, *q))
                if got != wants[q]:
                    bad.append(unequal(engine.name, q, wants[q], got))
            print(f"{engine.name} {engine.version}: {len(QUESTIONS)} questions, {time.time() - begin:.1f} s", flush=True)
        q = ("obligation", "2026-10-31", "2026-10-31", False)
        got, seen = cluster.ask_and_kill(sql(duban, data, *q))
        if got != wants[q]:
            bad.append(unequal("spark with a killed worker", q, wants[q], got))
        print(f"spark, a worker killed by SIGKILL during the query: {seen}", flush=True)
    finally:
        cluster.close()
    if spoilt(data, work, duckdb, q, sql(duban, data, *q)) == wants[q]:
        bad.append("a spoilt row was not noticed: the comparison is worth nothing")
    else:
        print("a spoilt row: noticed")
    lines = sum(len(w.splitlines()) for w in wants.values())
    print("\n".join(bad) if bad else f"all equal, byte by byte: {len(QUESTIONS)} answers of {lines} lines, 5 engines, Spark with and without a killed worker")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
