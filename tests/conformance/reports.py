#!/usr/bin/env python3
"""The data forms of `report`, held against their published schema and read by readers that are not ours.

Usage: reports.py DUBAN OBLIGATIONS

OBLIGATIONS is the folder with the shipped registers. Every layout of each, whole, filtered and with
an obligation that cannot be read, is written as JSON and CSV. The JSON must meet src/render/report.schema.json
(jsonschema, from PyPI), keep its counts in step, and open the totals that it says it opens: `duban list` with the
words of `opens` must give as many rows, or with unit:obligation as many obligations. The CSV is read by Python's
csv, with and without byte-order mark, and no field of it may begin like a formula. Controls spoil a document and
must be refused.
"""
import copy
import csv
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    if os.environ.get("DUBAN_VENV"):
        sys.exit("reports.py: jsonschema is not there and could not be installed")
    home = pathlib.Path(tempfile.gettempdir()) / "duban-reports-venv"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "jsonschema>=4,<5"], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

duban, shipped = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
schema = json.loads((pathlib.Path(__file__).resolve().parents[2] / "src/render/report.schema.json").read_text())
validator = jsonschema.Draft7Validator(schema)
validator.check_schema(schema)
DAY = "2026-10-31"
RISKY = re.compile(r"^[=+\-@＝＋－＠\t\r]")
NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?%?$")


def run(register, *args):
    done = subprocess.run([duban, "--register", str(register), "--as-of", DAY, "--lang", "en", *args], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        sys.exit(f"reports.py: duban {' '.join(args)}: {done.stderr}")
    return done.stdout


def refused(doc):
    return next(iter(validator.iter_errors(doc)), None) is not None


def items(doc):
    return sum(1 for b in doc["blocks"] if b["block"] == "table" for r in b["rows"] if r["kind"] == "item")


def figure(cell):
    """The count in a cell that opens; a light with a word and no figure has none."""
    if isinstance(cell, int):
        return cell
    text = cell["text"] if isinstance(cell, dict) and "text" in cell else ""
    return int(text) if text.isdigit() else None


def opens(register, doc, dice, most):
    """Some of the totals that say how they are opened."""
    all_ = [(b["key"], key, row["cells"][key], words, row["kind"]) for b in doc["blocks"] if b["block"] == "table"
            for row in b["rows"] for key, words in row.get("opens", {}).items() if figure(row["cells"][key]) is not None]
    n = 0
    for table, key, cell, words, kind in dice.sample(all_, min(most, len(all_))):
        rows = json.loads(run(register, "list", "--format", "json", "--", words))["rows"]
        have = len({r["id"] for r in rows}) if "unit:obligation" in words else len(rows)
        have += doc["invalid"] if kind == "total" and key == "total" else 0
        if have != figure(cell):
            sys.exit(f"reports.py: {doc['report']}, {table}, {key}: says {figure(cell)}, `{words}` lists {have}")
        n += 1
    return n


def sheets(folder, bom):
    """Every CSV file: as wide in each row as in its head, and harmless."""
    n = 0
    for path in sorted(folder.rglob("*.csv")):
        raw = path.read_bytes()
        if raw.startswith(b"\xef\xbb\xbf") != bom:
            sys.exit(f"reports.py: {path.name}: byte-order mark {'missing' if bom else 'not asked for'}")
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        wide = {len(r) for r in rows[1:]} or {len(rows[0])}
        if wide != {len(rows[0])} and len(rows) != 2:
            sys.exit(f"reports.py: {path.name}: rows of {wide} fields under a head of {len(rows[0])}")
        for field in (f for r in rows for f in r):
            if RISKY.match(field) and not NUMBER.match(field):
                sys.exit(f"reports.py: {path.name}: `{field}` is a formula to a spreadsheet")
        n += 1
    return n


def broken(work):
    """A copy of the registers in which one obligation cannot be read."""
    shutil.copytree(shipped, work / "obligations")
    part = work / "obligations/opinions-2022/1-crackdown.yaml"
    part.write_text(part.read_text().replace("  kind: ", "  kimd: ", 1))
    return work / "obligations/sample-city"


def main():
    dice = random.Random(20220418)
    documents = opened = files = 0
    last = None
    with tempfile.TemporaryDirectory() as tmp:
        work = pathlib.Path(tmp)
        registers = [("national", shipped, 3), ("sample city", shipped / "sample-city", 8), ("unreadable", broken(work), 5)]
        for name, register, most in registers:
            out = work / name.replace(" ", "-")
            run(register, "report", "--all", "--format", "json,csv", "--out", str(out))
            run(register, "report", "--all", "--format", "csv-bom", "--out", str(out) + "-bom")
            files += sheets(out, False) + sheets(pathlib.Path(str(out) + "-bom"), True)
            for path in sorted(out.rglob("*.json")):
                doc = json.loads(path.read_text())
                errors = sorted(validator.iter_errors(doc), key=str)
                if errors:
                    sys.exit(f"reports.py: {name}, {path.name}: {errors[0].message[:400]} at {list(errors[0].absolute_path)}")
                if doc["read"] != doc["valid"] + doc["invalid"] or doc["row_count"] != items(doc):
                    sys.exit(f"reports.py: {name}, {path.name}: the counts are not in step")
                opened += opens(register, doc, dice, most if path.parent == out else 1)
                documents += 1
                last = doc if any(b["block"] == "table" and b["rows"] for b in doc["blocks"]) else last
    # Controls: each spoils one thing.
    def spoil(change):
        doc = copy.deepcopy(last)
        change(doc)
        return doc
    table = lambda d: next(b for b in d["blocks"] if b["block"] == "table" and b["rows"])
    controls = [
        lambda d: d.pop("as_of"),
        lambda d: d.update(schema="duban/report/2"),
        lambda d: d.update(read=-1),
        lambda d: table(d)["rows"][0].update(kind="heading"),
        lambda d: table(d)["columns"][0].pop("key"),
        lambda d: d["legend"][0].update(light="blue"),
        lambda d: d["blocks"].append({"block": "picture"}),
    ]
    for n, change in enumerate(controls):
        if not refused(spoil(change)):
            sys.exit(f"reports.py: control {n} was not refused")
    print(f"{documents} documents meet the schema, {opened} totals opened into their rows, {files} CSV files read; {len(controls)} controls refused")


main()
