#!/usr/bin/env python3
"""The description of the JSON interface: is it one, and does the desk do what it says?

Usage: openapi.py DUBAN REPOSITORY [SECONDS]

openapi-spec-validator reads the description. Schemathesis then asks every address of it with data
that fits and data that does not, signed in as an officer: once as the description stands, once
with ids of the register written into a copy, so that entries are recorded as well; once as nobody.
No answer may be a mistake of the desk, and each must have the status, type and shape that are
described. A description that is wrong on purpose must be found wrong. Bounded by SECONDS (75),
of a fixed seed. The log then holds as many more entries as the desk counted.

schemathesis and openapi-spec-validator come from PyPI.
"""
import collections
import copy
import json
import pathlib
import re
import subprocess
import sys

import desk

desk.venv("openapi.py", "openapi", ["schemathesis", "openapi_spec_validator"], ["schemathesis>=4.32,<5", "openapi-spec-validator>=0.9,<1"])

from openapi_spec_validator import validate  # noqa: E402

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,allow_header_conformance"
POST = "officer-psb"


def schemathesis(world, opened, client, document, seconds, *more):
    """One run; exit code and what it said."""
    path = world.top / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    # The right cookie and token, not made-up ones.
    headers = ["-H", f"Cookie: {client.cookie()}", "-H", f"x-csrf-token: {client.csrf}", "--generation-with-security-parameters", "false"] if client else []
    program = pathlib.Path(sys.executable).with_name("schemathesis")
    args = [program, "run", path, "--url", f"http://127.0.0.1:{opened.port}", *headers, "--checks", CHECKS, "--seed", "20261031", "--max-time", seconds,
            "--continue-on-failure", "--no-shrink", "--generation-database", "none", "--no-color", "--suppress-health-check", "all", "--warnings", "off", "--request-timeout", "20", *more]
    done = subprocess.run(list(map(str, args)), cwd=world.top, capture_output=True, text=True, timeout=seconds * 4 + 120)
    return done.returncode, done.stdout + done.stderr


def guided(document, rows, entries):
    """The description with ids of this register in it."""
    doc = copy.deepcopy(document)
    ids = {"/api/v1/assignments/{id}": [r["assignment"] for r in rows], "/api/v1/obligations/{id}": sorted({r["id"] for r in rows})}
    for path, known in ids.items():
        for parameter in doc["paths"][path]["get"]["parameters"]:
            if parameter["name"] == "id":
                parameter["schema"] = {"type": "string", "enum": known[:40]}
    ours = [r["assignment"] for r in rows if r["dept"] == "CITY-PSB"]
    text = {"type": "string", "minLength": 1, "maxLength": 300}
    plain = {
        "duty": {"type": "string", "enum": ours[:10]}, "event": {"const": "progress"}, "note": text, "percent": {"enum": list(range(0, 101, 5))},
        "key": {"type": "string", "minLength": 8, "maxLength": 40, "pattern": "^[a-z0-9]+$"}}
    odd = {
        **plain, "event": {"type": "string", "enum": ["measure", "inspect", "attest", "block", "void", "apply", "extend", "accept", "start"]}, "issues": text, "reason": text, "until": {"type": "string", "format": "date"},
        "duty": {"type": "string", "enum": [*ours[:10], "OPN-0.31@CITY-NFRA", "OPN-1.01"]}, "agreed": {"type": "string", "enum": ["manager-psb", "approver-gov", POST, "nobody"]},
        "fixes": {"type": "string", "enum": [e["h"] for e in entries if e["by"] == POST][-20:]}}
    of = lambda fields: {"type": "object", "additionalProperties": False, "required": ["duty", "event", "note", "key"], "properties": fields}
    doc["components"]["schemas"]["Proposal"] = {"anyOf": [*(of({**plain, "duty": {"type": "string", "enum": ours[n::3]}}) for n in range(3)), of(odd)]}
    return doc


def told_by(told, what, code, said):
    counts = re.findall(r"^.*\d+ (?:generated|selected)\b.*$", said, re.M)
    told(code == 0, what, " · ".join(c.strip() for c in counts[:4]) if code == 0 else "")
    if code:
        print(said[-6000:])


def main():
    duban, repository, _, more = desk.arguments(__doc__)
    seconds = int(more[0]) if more else 75
    told = desk.Told("openapi")
    with desk.World(duban, repository) as world:
        world.accounts(POST, "manager-psb", "approver-gov")
        with world.open() as opened:
            client = opened.signed(POST)
            got = opened.client().get("/api/v1/openapi.json")
            told(got.status == 200 and got.one("content-type") == "application/json", "the description is given to anybody", f"{len(got.body)} bytes")
            document = got.json()
            try:
                validate(document)
                told(True, "openapi-spec-validator finds it sound", document["openapi"])
            except Exception as e:
                told(False, "openapi-spec-validator finds it sound", str(e)[:500])
            spoilt = copy.deepcopy(document)
            del spoilt["info"]["title"]
            try:
                validate(spoilt)
                told(False, "control: a description without title is not sound")
            except Exception:
                told(True, "control: a description without title is not sound")
            code, said = schemathesis(world, opened, client, document, seconds * 2 // 5)
            told_by(told, "as it stands, by an officer: every answer is as described", code, said)
            code, said = schemathesis(world, opened, client, guided(document, world.rows(), world.entries()), seconds * 2 // 5, "--mode", "positive", "--phases", "fuzzing", "--include-path-regex", r"entries|\{id\}")
            told_by(told, "with ids of the register, by an officer: every answer is as described", code, said)
            code, said = schemathesis(world, opened, None, document, seconds // 5, "--phases", "fuzzing,coverage")
            told_by(told, "by nobody: every answer is as described", code, said)
            wrong = copy.deepcopy(document)
            wrong["components"]["schemas"]["Report"]["required"].append("what there is not")
            code, said = schemathesis(world, opened, client, wrong, 10, "--include-path", "/api/v1/status", "--phases", "fuzzing", "--max-examples", 5, "--mode", "positive")
            told(code != 0 and "what there is not" in said, "control: an answer that is not as described is found")
            metrics = opened.metrics(client)
            told(metrics["duban_panics_total"] == 0, "no request met a mistake of the program")
            recorded, refused = int(metrics["duban_entries_total"]), int(metrics["duban_refused_total"])
            told(recorded > 0 and refused > 0, "entries were recorded and refused", f"{recorded} and {refused}")
            told(opened.alive(), "the desk is still open")
        lines = [json.loads(x) for x in (world.top / "access.jsonl").read_text(encoding="utf-8").splitlines()]
        seen = collections.Counter((x["method"], x["status"]) for x in lines if x["path"] == "/api/v1/entries")
        told(len({status for (method, status) in seen if method == "POST"}) >= 4, "recording was asked for in many ways", f"{len(lines)} requests; POST /api/v1/entries: " + ", ".join(f"{k[1]} {n}×" for k, n in sorted(seen.items()) if k[0] == "POST"))
        told(len(world.entries()) - len(world.before) == recorded, "the log grew by what the desk counted", f"{recorded}")
        told(world.run("verify").strip().endswith("whole"), "verify is clean")
    told.end()


main()
