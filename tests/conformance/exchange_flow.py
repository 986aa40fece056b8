#!/usr/bin/env python3
"""Calendars, ReqIF, tables, GraphML and mails, read by other people's readers.

Usage: exchange_flow.py DUBAN OBLIGATIONS

OBLIGATIONS is the folder with the shipped registers. What `duban export` writes of both is read with icalendar,
reqif (with the schema of ReqIF), networkx, Python's csv and email, and held against `duban list --format json` and
`duban export json`: as many things, the same ids, days, words and links. A ReqIF file that the foreign library has
written anew must come in again without loss. Controls spoil each file and must be noticed. The packages come from
PyPI into a folder of their own; without them the script fails.
"""
import atexit
import csv
import datetime
import email
import email.policy
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import icalendar
    import networkx
    import reqif.parser
except ImportError as missing:
    if os.environ.get("DUBAN_VENV"):
        sys.exit(f"exchange_flow.py: {missing}, and it could not be installed")
    home = pathlib.Path(tempfile.gettempdir()) / "duban-exchange-flow-venv"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "icalendar>=6,<8", "reqif==0.1.0", "networkx>=3,<4"], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

duban, shipped = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
DAY = "2026-10-31"
NEAR = {"obligations": 14, "sample-city": 14}
work = pathlib.Path(tempfile.mkdtemp(prefix="duban-flow-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)
bad = []


def run(register, *args, code=0):
    done = subprocess.run([duban, "--register", str(register), "--as-of", DAY, *args], capture_output=True)
    if done.returncode != code:
        sys.exit(f"exchange_flow.py: duban {' '.join(args)}: exit {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def hold(what, got, want):
    if got != want:
        extra = f": {sorted(set(got) ^ set(want))[:4]}" if isinstance(got, (set, dict)) else f": {got} against {want}"
        bad.append(f"{what}{extra}")


def control(what, noticed):
    """A spoilt file must be noticed."""
    if not noticed:
        bad.append(f"CONTROL: {what} was not noticed")


# Calendars.

def dates(rows, table):
    """Obligation, department, day and sort of each date that somebody has to keep."""
    out = set()
    for row in rows:
        extra = table[row["assignment"]]
        if row["status"] in ("not-started", "in-progress"):
            day, sort = row["due"], "due"
        elif row["status"] == "operating":
            day, sort = row["next_review"], "review"
        elif row["status"] == "suspended":
            day, sort = extra["resume"], "resume"
        elif row["status"] == "not-applicable":
            day, sort = extra["recheck"], "recheck"
        else:
            continue
        if day and day != "standing":
            out.add((row["id"], row["dept"] or "no-lead", day, sort, row["light"]))
    return out


WORDS = {"Due": "due", "Review": "review", "Resume": "resume", "Re-check": "recheck"}


def events(name, raw, near):
    """The same of a calendar, as icalendar reads it."""
    if b"\n" in raw.replace(b"\r\n", b""):
        raise ValueError("a line that does not end in CRLF")
    for line in raw.split(b"\r\n"):
        line.decode("utf-8")
        if len(line) > 75:
            raise ValueError(f"a line of {len(line)} octets")
    calendar = icalendar.Calendar.from_ical(raw)
    if [c for c in calendar.walk() if getattr(c, "errors", None)]:
        raise ValueError(f"errors: {[c.errors for c in calendar.walk() if c.errors]}")
    out, uids = set(), []
    for event in calendar.walk("VEVENT"):
        uids.append(str(event["UID"]))
        sort, rest = str(event["SUMMARY"]).split(": ", 1)
        day = event["DTSTART"].dt
        if not isinstance(day, datetime.date) or isinstance(day, datetime.datetime):
            raise ValueError("an event that is not all day")
        light = [str(c) for c in event["CATEGORIES"].cats][0].lower()
        alarms = event.walk("VALARM")
        if len(alarms) != 1 or alarms[0]["TRIGGER"].dt != -datetime.timedelta(days=near):
            raise ValueError(f"{rest}: alarm {alarms}")
        if event["DTSTAMP"].dt.date().isoformat() != DAY or int(event["SEQUENCE"]) < 0:
            raise ValueError(f"{rest}: stamp")
        out.add((rest.split(" ", 1)[0], name, day.isoformat(), WORDS[sort], light))
    if len(set(uids)) != len(uids):
        raise ValueError("one UID twice")
    if not uids and not calendar.walk("VJOURNAL"):
        raise ValueError("an empty calendar")
    return out, set(uids)


def calendars(name, register, rows, table):
    folder = work / name / "ical"
    run(register, "--lang", "en", "export", "ical", "--out", str(folder))
    want, got, uids = dates(rows, table), set(), set()
    for file in sorted(folder.glob("*.ics")):
        found, own = events(file.stem, file.read_bytes(), NEAR[name])
        hold(f"{name}: a UID in two calendars", bool(uids & own), False)
        got, uids = got | found, uids | own
    hold(f"{name}: dates", got, want)
    hold(f"{name}: calendars", {f.stem for f in folder.glob("*.ics")}, {r["dept"] or "no-lead" for r in rows})
    whole = run(register, "--lang", "en", "export", "ical-all")
    found, own = events("*", whole, NEAR[name])
    hold(f"{name}: dates of the one calendar", {(a, *rest) for a, _, *rest in found}, {(a, *rest) for a, _, *rest in want})
    hold(f"{name}: UIDs of the one calendar", own, uids)
    # Chinese text is folded, too, and is the same things.
    chinese = run(register, "--lang", "zh", "export", "ical-all")
    hold(f"{name}: UIDs in Chinese", {str(e["UID"]) for e in icalendar.Calendar.from_ical(chinese).walk("VEVENT")}, uids)

    def refuses(spoilt):
        try:
            return events("*", spoilt, NEAR[name])[0] != found
        except (ValueError, KeyError):
            return True

    if b"BEGIN:VEVENT" in whole:
        control(f"{name}: an event less", refuses(re.sub(rb"BEGIN:VEVENT.*?END:VEVENT\r\n", b"", whole, count=1, flags=re.S)))
        control(f"{name}: another day", refuses(re.sub(rb"(VALUE=DATE:20)\d\d", rb"\g<1>99", whole, count=1)))
        control(f"{name}: an unfolded line", refuses(whole.replace(b"\r\n ", b"")))
        control(f"{name}: no alarm", refuses(re.sub(rb"BEGIN:VALARM.*?END:VALARM\r\n", b"", whole, count=1, flags=re.S)))
    control(f"{name}: a calendar cut short", refuses(whole[: len(whole) // 2]))
    return len(want)


# ReqIF.

def reqif_content(path):
    """Ids, words and links as the foreign library reads them."""
    bundle = reqif.parser.ReqIFParser.parse(str(path))
    content = bundle.core_content.req_if_content
    names, choices = {}, {}
    for kind in content.spec_types:
        for a in getattr(kind, "attribute_definitions", None) or []:
            names[a.identifier] = a.long_name
    for kind in content.data_types:
        for value in getattr(kind, "values", None) or []:
            choices[value.identifier] = value.long_name
    objects = {}
    for o in content.spec_objects:
        values = {}
        for a in o.attributes:
            value = a.value
            if isinstance(value, list):
                value = "; ".join(choices[v] for v in value)
            values[names[a.definition_ref]] = re.sub(r"<[^>]*>", "", value).strip() if "XHTML" in str(a.attribute_type) else value
        objects[o.identifier] = values
    kinds = {k.identifier: k.long_name for k in content.spec_types}
    links = sorted((objects[r.source]["ReqIF.ForeignID"], objects[r.target]["ReqIF.ForeignID"], kinds[r.relation_type_ref]) for r in content.spec_relations)
    order = []

    def walk(children, depth):
        for child in children or []:
            order.append((depth, objects[child.spec_object]["ReqIF.ForeignID"]))
            walk(child.children, depth + 1)

    for s in content.specifications:
        walk(s.children, 0)
    return objects, links, order


def valid(path):
    done = subprocess.run([sys.executable, "-m", "reqif.cli.main", "validate", "--use-reqif-schema", str(path)], capture_output=True, text=True)
    said = done.stdout + done.stderr
    if "0 errors, 0 schema issues found, 0 semantic issues found" in said:
        return True
    if "Validation complete with" not in said and "error" not in said.lower():
        sys.exit(f"exchange_flow.py: the validator of ReqIF says nothing: {said[-400:]}")
    return False


def requirements(name, register, data):
    path = work / name / "register.reqif"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(run(register, "--lang", "en", "export", "reqif"))
    if not valid(path):
        bad.append(f"{name}: the schema of ReqIF refuses the file")
    objects, links, order = reqif_content(path)
    obligations = {o["id"]: o for o in data["obligations"]}
    got = {v["ReqIF.ForeignID"]: v for v in objects.values() if "ReqIF.ChapterName" not in v}
    hold(f"{name}: ReqIF obligations", set(got), set(obligations))
    headings = {v["ReqIF.ForeignID"] for v in objects.values() if "ReqIF.ChapterName" in v}
    hold(f"{name}: ReqIF headings", headings, {i.rsplit(".", 1)[0] for i in obligations})
    for i, o in obligations.items():
        v = got.get(i, {})
        for key, want in [
            ("title.zh", o["title"].get("zh")), ("title.en", o["title"].get("en")),
            ("requirement.zh", o["requirement"].get("zh")), ("requirement.en", o["requirement"].get("en")),
            ("kind", o["kind"]), ("modality", o["modality"]), ("recurrence", o["recurrence"]),
            ("status", o["status"]), ("light", o["light"]),
            ("lead", "; ".join(o["owner"]["lead"]) or None),
        ]:
            hold(f"{name}: {i} {key}", v.get(key), want)
    hold(f"{name}: ReqIF links", links, sorted((x["from"], x["to"], x["kind"]) for x in data["links"]))
    hold(f"{name}: ReqIF hierarchy", {i for d, i in order if d == 1}, set(obligations))
    for depth, i in order:
        hold(f"{name}: place of {i}", depth, 1 if i in obligations else 0)
    # The foreign library writes it anew; nothing may be lost on the way back.
    again = work / name / "again.reqif"
    subprocess.run([sys.executable, "-m", "reqif.cli.main", "passthrough", str(path), str(again)], check=True, capture_output=True)
    for file in (path, again):
        said = run(register, "--lang", "en", "import", "reqif", str(file), "--id", "OPN").decode()
        count = re.search(r"(\d+) objects = (\d+) draft obligations \+ (\d+) headings \+ 0 lost; (\d+) relations, 0 lost; (\d+) needs", said)
        if not count:
            bad.append(f"{name}: {file.name} came in with loss: {said[-300:]}")
            continue
        hold(f"{name}: {file.name} came in", [int(n) for n in count.groups()], [len(objects), len(obligations), len(headings), len(links), len(links)])
    text = path.read_text()
    spoilt = work / name / "spoilt.reqif"
    for what, new in [
        ("a dangling relation", re.sub(r"(<TARGET>\s*<SPEC-OBJECT-REF>)[^<]*", r"\1_nowhere", text, count=1)),
        ("an element that ReqIF does not have", text.replace("<SPEC-RELATIONS>", "<SPEC-RELATIONS><SPEC-RELATIN/>", 1)),
        ("an object without identifier", re.sub(r"<SPEC-OBJECT IDENTIFIER=\"[^\"]*\"", "<SPEC-OBJECT", text, count=1)),
    ]:
        spoilt.write_text(new)
        try:
            control(f"{name}: {what}", new != text and not valid(spoilt))
        except Exception:  # The library may also break on it: that is noticing.
            pass
    return len(obligations), len(links)


# Tables and graph.

def tables(name, register, rows, data):
    folder = work / name / "tables"
    run(register, "--lang", "zh", "export", "tables", "--out", str(folder))
    run(register, "--lang", "zh", "export", "tables-bom", "--out", str(folder.with_name("bom")))
    read = {}
    for file in sorted(folder.glob("*.csv")):
        text = file.read_bytes()
        hold(f"{name}: {file.name} with a mark", (folder.with_name("bom") / file.name).read_bytes(), b"\xef\xbb\xbf" + text)
        read[file.stem] = list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")))
        for row in read[file.stem]:
            hold(f"{name}: {file.name}, a row of another length", None in row or None in row.values(), False)
            hold(f"{name}: {file.name}, a formula", any(v[:1] in "=+@" and v for v in row.values()), False)
    by = {r["assignment"]: r for r in read["assignments"]}
    hold(f"{name}: assignments", set(by), {r["assignment"] for r in rows})
    for r in rows:
        want = [r["dept"], r["status"], r["light"], r["due"] or "", r["person"] or "", ";".join(r["reasons"]), "" if r["percent"] is None else str(r["percent"])]
        got = [by[r["assignment"]][k] for k in ("dept", "status", "light", "due", "person", "reasons", "percent")]
        hold(f"{name}: row {r['assignment']}", got, want)
    hold(f"{name}: obligations", {r["id"] for r in read["obligations"] if r["valid"] == "yes"}, {o["id"] for o in data["obligations"]})
    hold(f"{name}: links", sorted((r["from"], r["to"], r["kind"]) for r in read["links"]), sorted((x["from"], x["to"], x["kind"]) for x in data["links"]))
    hold(f"{name}: articles", len(read["articles"]), len(data["articles"]))
    return by


def graph(name, register, rows, data):
    raw = run(register, "--lang", "en", "export", "graphml")
    hold(f"{name}: graph and export", run(register, "--lang", "en", "graph", "--format", "graphml"), raw)
    g = networkx.parse_graphml(raw.decode(), force_multigraph=True)
    hold(f"{name}: graph directed", g.is_directed(), True)
    obligations = {n: d for n, d in g.nodes(data=True) if d["kind"] == "obligation"}
    hold(f"{name}: nodes", set(obligations), {o["id"] for o in data["obligations"]})
    for o in data["obligations"]:
        hold(f"{name}: node {o['id']}", [obligations[o["id"]].get(k) for k in ("status", "light", "name")], [o["status"], o["light"], o["title"].get("en") or o["title"].get("zh")])
    needs = {"requires": "requires", "feeds": "feeds", "supports-work": "supports"}
    links = sorted((a, b, needs[d["link"]]) for a, b, d in g.edges(data=True) if d["link"] in needs)
    hold(f"{name}: edges", links, sorted((x["from"], x["to"], x["kind"]) for x in data["links"]))
    leads = {(b, a) for a, b, d in g.edges(data=True) if d["link"] == "leads"}
    hold(f"{name}: leads", leads, {(r["id"], r["dept"]) for r in rows if r["dept"]})
    try:
        networkx.parse_graphml(raw[: len(raw) // 2].decode("utf-8", "ignore"))
        control(f"{name}: a graph cut short", False)
    except Exception:
        pass
    less = networkx.parse_graphml(re.sub(rb"<edge .*?</edge>", b"", raw, count=1, flags=re.S).decode(), force_multigraph=True)
    control(f"{name}: an edge less", less.number_of_edges() == g.number_of_edges() - 1)
    return g.number_of_nodes(), g.number_of_edges()


# Mails.

def mails(name, register, rows):
    n = 0
    for dept in sorted({r["dept"] for r in rows if r["dept"]}):
        raw = run(register, "--lang", "zh", "digest", "--dept", dept, "--format", "eml")
        data = json.loads(run(register, "--lang", "zh", "digest", "--dept", dept, "--format", "json"))
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        hold(f"{name}: mail to {dept}, defects", [str(d) for p in mail.walk() for d in p.defects], [])
        hold(f"{name}: mail to {dept}, subject", str(mail["subject"]), data["subject"])
        hold(f"{name}: mail to {dept}, parts", [p.get_content_type() for p in mail.iter_parts()], ["text/plain", "text/html"])
        text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
        for row in data["rows"]:
            hold(f"{name}: mail to {dept}, {row['id']}", row["id"] in text and row["id"] in html, True)
        late = {r["id"] for r in rows if r["dept"] == dept and {"R1", "R4", "A10", "R7"} & set(r["reasons"])}
        hold(f"{name}: mail to {dept}, late", late <= {r["id"] for r in data["rows"] if r["list"] == "late"}, True)
        n += 1
    letters = json.loads(run(register, "--lang", "zh", "escalate", "--format", "json"))
    hold(f"{name}: letters", {r["assignment"] for r in rows if {"R1", "R2", "R3", "R4", "R5", "R6", "R7", "A10"} & set(r["reasons"])}, {r["assignment"] for r in letters["rows"]})
    return n, len(letters["rows"])


for name, register in [("obligations", shipped), ("sample-city", shipped / "sample-city")]:
    rows = json.loads(run(register, "--lang", "en", "list", "--format", "json"))["rows"]
    data = json.loads(run(register, "--lang", "en", "export", "json"))
    table = tables(name, register, rows, data)
    n_dates = calendars(name, register, rows, table)
    n_objects, n_links = requirements(name, register, data)
    nodes, edges = graph(name, register, rows, data)
    n_mails, n_letters = mails(name, register, rows)
    print(
        f"{name}: {len(rows)} assignments, {n_dates} dates in calendars, {n_objects} obligations and {n_links} links in ReqIF, "
        f"{nodes} nodes and {edges} edges, {n_mails} mails, {n_letters} letters"
    )

if bad:
    print("\n".join(bad[:30]))
    sys.exit(f"exchange_flow.py: {len(bad)} complaints")
print(f"icalendar {icalendar.__version__}, reqif, networkx {networkx.__version__}: all agree; every control was noticed")
