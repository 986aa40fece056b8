#!/usr/bin/env python3
"""CPU seconds and peak memory of our roll-up beside DuckDB's, in one run on one dataset.

    measure.py DUBAN DATASET [RUNS]

Both are whole processes, as the kernel accounts for them. Of DuckDB's the cost of starting Python
with the module is taken off the CPU (that of memory is told beside it). The best of RUNS counts.
"""
import os, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))


def cost(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1), command
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(command, runs):
    all_of = [cost(command) for _ in range(runs)]
    return min(c for c, _ in all_of), min(m for _, m in all_of)


def duckdb(data, text):
    code = f"import sys; sys.path.insert(0, {HERE!r}); from engines import DuckDB; d = DuckDB({data!r}); d.ask({text!r}) if {text!r} else None"
    return [sys.executable, "-c", code]


def main(duban, data, runs="3"):
    data, runs = os.path.abspath(data), int(runs)
    text = lambda *more: subprocess.run([duban, "rollup", "sql", data, *more], capture_output=True, text=True, check=True).stdout
    base = best(duckdb(data, ""), runs)
    ok = True
    print(f"duckdb, nothing asked: {base[0]:.2f} s CPU, {base[1]:.0f} MB")
    costs = {}
    for by in ("province", "obligation"):
        for form, flag, sql in (("full", ["--full"], []), ("snapshot", [], ["--snapshot"])):
            our = best([duban, "rollup", "status", data, "--by", by, "--format", "json", *flag], runs)
            duck = best(duckdb(data, text("--by", by, *sql)), runs)
            net = duck[0] - base[0]
            costs[by, form] = our[0]
            print(f"{by}, {form}: ours {our[0]:.2f} s CPU, {our[1]:.0f} MB; duckdb {net:.2f} s CPU (whole process {duck[0]:.2f}), {duck[1]:.0f} MB;"
                  f" CPU × {our[0] / net:.2f}, memory × {our[1] / duck[1]:.2f}")
            if form == "full":
                ok &= our[0] <= 1.5 * net and our[1] <= duck[1] / 3
        ratio = costs[by, "full"] / costs[by, "snapshot"]
        print(f"{by}: the snapshot form is {ratio:.1f} × cheaper than full history")
        ok &= ratio >= 5
    print("within the musts" if ok else "NOT within the musts (CPU ≤ 1.5 × DuckDB, memory ≤ 1/3, snapshot ≥ 5 ×)")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
