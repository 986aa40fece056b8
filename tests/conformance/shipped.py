#!/usr/bin/env python3
"""The committed reports, read by programs that are not ours and held against the JSON of the same report.

Usage: shipped.py [DUBAN] [REPOSITORY-ROOT]

Every workbook, PDF and document below reports/ is read. openpyxl must give back every cell of every
table, chart, key figure and fact with its value, and each count that opens must lead to as many rows; pdftotext must find every id and every title as often
as the JSON lists it, and pdffonts must call every font embedded, and no sheet has the lines to sign on alone below a table; python-docx must give back every cell
of every table. A cell with a light must show the colour of that light, whatever rules
of conditional colour the sheet has, and a light that is a count must be a number. Nothing is rendered
again but JSON: what is looked at are the files as they are committed.
A file without a report, a report without a row and a run that compared nothing end in failure; spoilt
copies of the files must be refused.

openpyxl and python-docx come from PyPI, pdftotext and pdffonts from Debian (poppler-utils).
"""
import collections
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

try:
    import docx
    import openpyxl
except ImportError:
    if os.environ.get("DUBAN_VENV"):
        sys.exit("shipped.py: the readers are not there and could not be installed: NOTHING WAS READ")
    home = pathlib.Path(tempfile.gettempdir()) / "duban-office-venv"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "openpyxl>=3.1,<4", "python-docx>=1.1,<2"], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

HERE = pathlib.Path(__file__).resolve().parents[2]
ID = re.compile(r"\b[A-Z]{2,5}-\d+\.\d+\b")
ISO = re.compile(r"\d{4}-\d\d-\d\d")
REGISTERS = {"national": "obligations", "sample-city": "obligations/sample-city"}
KINDS = (".xlsx", ".pdf", ".docx")
# Title of the sheet that holds the rows behind the counts of the others.
BEHIND = ("合计所含各项", "Rows behind the totals", "合计所含各项 Rows behind the totals")
# The grounds of lights in office files, src/render/office.rs.
GROUNDS = {"red": "F4A9A3", "amber": "FFDC82", "green": "B2DBAE", "grey": "D4D4D4"}


class Wrong(Exception):
    pass


def must(so, what):
    if not so:
        raise Wrong(what)


def tight(text):
    """Without spaces: lines end where the column ends, not where the words do."""
    return re.sub(r"\s+", "", text)


def clean(text):
    """What control characters become in office files."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", "·", text)


def blocks(doc, kind):
    return [b for b in doc["blocks"] if b["block"] == kind]


def percent(share):
    """One decimal, half up; never all or none unless it is; nothing over nothing is a dash."""
    part, whole = share["have"], share["of"]
    if not whole:
        return "—"
    tenths = (part * 2000 + whole) // (2 * whole)
    tenths = 999 if tenths == 1000 and part < whole else 1 if tenths == 0 and part else tenths
    return f"{tenths // 10}.{tenths % 10}%"


# --- what the reports say ----------------------------------------------------------------------


def reports(duban, root, register, names, out):
    """The JSON of the named reports, on the day that the committed ones are of."""
    text = (root / register / "register.yaml").read_text(encoding="utf-8")
    day = re.search(r"^sample_as_of: *(\d{4}-\d\d-\d\d)", text, re.M)
    command = [duban, "-C", str(root / register), "report", *sorted(names), "--format", "json", "--out", str(out)]
    done = subprocess.run([*command, *(["--as-of", day[1]] if day else [])], capture_output=True, text=True, encoding="utf-8")
    if done.returncode not in (0, 1):
        sys.exit(f"shipped.py: {' '.join(command)}: {done.stderr}")
    found = {p.relative_to(out).with_suffix("").as_posix(): json.loads(p.read_text(encoding="utf-8")) for p in out.rglob("*.json")}
    return {name: doc for name, doc in found.items() if "blocks" in doc}


def listed(doc):
    """How often each id and each title stands in the tables, and once each in headings and pictures."""
    ids, titles = collections.Counter(), collections.Counter()
    for row in (r for t in blocks(doc, "table") for r in t["rows"] if r["kind"] == "item"):
        if ID.fullmatch(str(row["cells"].get("id", ""))):
            ids[row["cells"]["id"]] += 1
            if "title" in row["cells"]:
                titles[row["cells"]["title"]] += 1
    for heading in blocks(doc, "heading"):
        number = ID.match(heading["text"])
        if number:
            ids[number[0]] += 1
            titles[heading["text"][number.end() :].strip()] += 1
    for node in (n for c in blocks(doc, "chart") for n in c["data"].get("nodes", [])):
        ids[node["label"]] += 1
        # A picture may cut what its boxes cannot hold.
        titles[node["title"]] += 0
    return ids, +titles


# --- workbooks ---------------------------------------------------------------------------------


def same(cell, want, where):
    """A cell of a workbook has the value that the JSON gives."""
    value = cell.value
    must(cell.data_type != "f", f"{where}: a formula")
    if isinstance(want, bool) or want is None:
        raise Wrong(f"{where}: the JSON has {want!r}")
    if isinstance(want, int):
        must(type(value) is int and value == want, f"{where}: {value!r}, not {want}")
    elif isinstance(want, dict) and "of" in want:
        if want["of"]:
            must(isinstance(value, (int, float)) and abs(value - want["have"] / want["of"]) < 1e-12, f"{where}: {value!r}, not {want}")
        else:
            must(value == "—", f"{where}: {value!r} for nothing over nothing")
    elif isinstance(want, dict):
        text = str(value) if type(value) is int else value
        must((text or "") == clean(want["text"]), f"{where}: {value!r}, not {want['text']!r}")
    elif isinstance(value, datetime.datetime):
        must(value.date().isoformat() == want, f"{where}: {value!r}, not {want}")
    elif isinstance(value, (int, float)):
        must(f"{value:.{len(want.partition('.')[2])}f}" == want, f"{where}: {value!r}, not {want}")
    else:
        must((value or "") == clean(want), f"{where}: {value!r}, not {want!r}")


def shown(sheet, cell):
    """The ground of a cell as a reader sees it: of the rules of its place the first that holds, else its own."""
    text = "" if cell.value is None else str(cell.value)
    rules = [r for area in sheet.conditional_formatting if cell.coordinate in area.sqref for r in area.rules]
    for rule in sorted(rules, key=lambda r: r.priority):
        if rule.type == "beginsWith" and text.startswith(rule.text) or rule.type == "expression" and rule.formula == ["TRUE"]:
            return rule.dxf.fill.bgColor.rgb[-6:]
        if rule.type not in ("beginsWith", "expression"):
            raise Wrong(f"{sheet.title}!{cell.coordinate}: a rule of colour that is not known: {rule.type}")
    return cell.fill.fgColor.rgb[-6:]


def lit(sheet, cell, want):
    """The colour that is seen is that of the light, a count is a number."""
    where = f"{sheet.title}!{cell.coordinate} {cell.value!r}"
    must(shown(sheet, cell) == GROUNDS[want["light"]], f"{where}: is {want['light']} and shown as #{shown(sheet, cell)}")
    must(not want["text"].isdigit() or type(cell.value) is int and want.get("count") == cell.value, f"{where}: a count that is kept as text adds up to nothing")


def line(sheet, row, n):
    return [sheet.cell(row, i + 1).value for i in range(n)]


def below(sheet, labels, after):
    """The row of a head, at or below a row."""
    want = [clean(x) for x in labels]
    for row in range(after, sheet.max_row + 1):
        if [x or "" for x in line(sheet, row, len(want))] == want:
            return row
    raise Wrong(f"{sheet.title}: no head {labels} from row {after} on")


def behind(book):
    """The rows of each section of the sheet behind the counts, by the row of its heading, and its words."""
    sheet = next((s for s in book.worksheets if s["A1"].value in BEHIND), None)
    if sheet is None:
        return None
    out, head = {}, None
    for row in range(1, sheet.max_row + 1):
        first = str(sheet.cell(row, 1).value or "")
        if re.search(r" · \d+$", first) and sheet.cell(row, 2).value is None:
            head = row
            out[head] = (first, [])
        elif head and ID.fullmatch(first):
            must(sheet.cell(row, 2).value, f"{sheet.title}!B{row}: no title")
            out[head][1].append(first)
        else:
            head = None
    return sheet, out


def opened(cell, words, n, sections):
    """A count leads to as many rows as it says, each once where it counts obligations."""
    where = f"{cell.parent.title}!{cell.coordinate}"
    must(cell.hyperlink is not None, f"{where}: {n} does not open")
    sheet, rows = sections
    found = re.fullmatch(r"'(.+)'!A(\d+)", cell.hyperlink.location or "")
    must(found and found[1].replace("''", "'") == sheet.title, f"{where}: leads to {cell.hyperlink.location}")
    head, ids = rows.get(int(found[2]), ("nothing", []))
    must(head == f"{clean(words)} · {n}", f"{where}: {n} of {words!r} leads to {head!r}")
    must(len(ids) == n, f"{where}: {n} leads to {len(ids)} rows")
    must("unit:obligation" not in words or len(set(ids)) == n, f"{where}: an obligation twice")


def table(sheet, block, row):
    """Every row of a table, in order. Returns where it ends and how many values were compared."""
    keys = [c["key"] for c in block["columns"]]
    row = below(sheet, [c["label"] for c in block["columns"]], row)
    n = 0
    for want in block["rows"]:
        row += 1
        if want["kind"] == "group":
            must(sheet.cell(row, 1).value == clean(want["text"]), f"{sheet.title}!A{row}: no group {want['text']!r}")
            n += 1
            continue
        for i, key in enumerate(keys):
            # Totals and rows of fewer cells leave the rest empty.
            cell = sheet.cell(row, i + 1)
            same(cell, want["cells"].get(key, ""), f"{sheet.title}!{cell.coordinate}")
            if isinstance(want["cells"].get(key), dict) and "light" in want["cells"][key]:
                lit(sheet, cell, want["cells"][key])
            if key in want.get("opens", {}) and type(cell.value) is int and cell.value:
                opened(cell, want["opens"][key], cell.value, sheet.parent.sections)
            if key in want.get("below", {}):
                # A day with a story is a day all the same; the story stands behind the table's own columns.
                must(isinstance(cell.value, datetime.datetime), f"{sheet.title}!{cell.coordinate}: {cell.value!r} is no day")
                rest = [sheet.cell(row, c).value for c in range(len(keys) + 1, sheet.max_column + 1)]
                must(clean(want["below"][key]) in rest, f"{sheet.title}!{cell.coordinate}: {want['below'][key]!r} is not in its row: {rest}")
                n += 1
            n += 1
    if not block["rows"]:
        row += 1
        must(sheet.cell(row, 1).value == clean(block["nil"]), f"{sheet.title}!A{row}: no nil line")
        n += 1
    return row, n


def picture(sheet, block, row):
    """The counts that a chart is drawn from stand in a table of their own."""
    data = block["data"].get("bars") or block["data"].get("lines")
    if not data:
        return row, 0
    row = below(sheet, [block["over"], *(s["name"] for s in block["data"]["series"])], row)
    n = 0
    for want in data:
        row += 1
        have = line(sheet, row, 1 + len(want["counts"]))
        # A line that ends earlier than the others has no more counts.
        must(have == [want["at"], *want["counts"]], f"{sheet.title}!A{row}: {have}, not {want}")
        n += len(have)
    return row, n


def labelled(sheet, label, value, under):
    """A key figure stands under its label, a fact beside it."""
    faults = []
    for cell in (c for row in sheet.iter_rows() for c in row if c.value == clean(label)):
        rest = [c for c in sheet[cell.row][cell.column :] if not isinstance(c, openpyxl.cell.cell.MergedCell)]
        other = sheet.cell(cell.row + 1, cell.column) if under else next(iter(rest), None)
        try:
            must(other is not None, "nothing there")
            same(other, value, f"{sheet.title}!{other.coordinate}")
            return 1
        except Wrong as fault:
            faults.append(str(fault))
    raise Wrong(f"{sheet.title}: {label} is nowhere {value}: {faults[:2]}")


def workbook(path, docs):
    """All sheets; how many values were compared."""
    book = openpyxl.load_workbook(path)
    book.sections = behind(book)
    figures = [c for d in docs for b in blocks(d, "table") for r in b["rows"] for k, c in r.get("cells", {}).items() if k in r.get("opens", {})]
    opens = any((c.get("count") if isinstance(c, dict) else c if type(c) is int else 0) for c in figures)
    must((book.sections is not None) == opens, "a sheet of the rows behind the counts, and no count" if not opens else "no sheet of the rows behind the counts")
    must(len(book.worksheets) == len(docs) + opens, f"{len(book.worksheets)} sheets for {len(docs)} reports")
    sheets = {sheet["A1"].value: sheet for sheet in book.worksheets}
    n = 0
    for doc in docs:
        sheet = sheets.get(clean(doc["title"]))
        must(sheet is not None, f"no sheet with the title {doc['title']}")
        text = {c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
        for said in [*doc["head"], *doc["meta"], *doc["signature"]]:
            must(any(clean(said) in x for x in text), f"{sheet.title}: {said!r} is not there")
        row, here = 1, 0
        for block in doc["blocks"]:
            if block["block"] in ("table", "chart"):
                row, compared = (table if block["block"] == "table" else picture)(sheet, block, row)
                here += compared
        here += sum(labelled(sheet, f["label"], f["value"], True) for b in blocks(doc, "figures") for f in b["figures"])
        here += sum(labelled(sheet, f["label"], f["value"], False) for b in blocks(doc, "facts") for f in b["facts"])
        must(here > 0, f"{sheet.title}: nothing was compared")
        n += here
    return n


# --- PDF ---------------------------------------------------------------------------------------


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, encoding="utf-8", errors="replace")
    return done.stdout


def printed(path):
    """The words of all sheets in the order in which they were set, without the numbers at their feet."""
    sheets = run("pdftotext", "-raw", path, "-").split("\f")[:-1]
    must(sheets, "no sheet has words")
    return tight("".join(re.sub(r"— \d+ —\s*$", "", sheet) for sheet in sheets))


def fonts(path):
    rows = run("pdffonts", path).splitlines()[2:]
    must(rows, "no fonts at all")
    for row in rows:
        flags = re.search(r" (yes|no) +(yes|no) +(yes|no) +\d+ +\d+ *$", row)
        must(flags and flags[1] == "yes", f"a font is not embedded: {row}")
        must(flags[3] == "yes", f"a font does not say which characters it shows: {row}")
    return len(rows)


def often(text, words, what):
    for word, n in words.items():
        must(text.count(tight(word)) >= n, f"the {what} {word!r} stands {text.count(tight(word))} times, not {n}")


def signed(path, doc):
    """Where a page ends in a table, names are not signed on a sheet without a row of it."""
    last = doc["blocks"][-1] if doc["blocks"] else {}
    if last.get("block") != "table" or len(last["rows"]) <= 3 or not doc["signature"]:
        return 0
    sheet = tight(run("pdftotext", "-raw", path, "-").split("\f")[-2])
    must(tight(doc["signature"][0]) in sheet, "the lines to sign on are not on the last sheet")
    cells = last["rows"][-1].get("cells", {})
    words = [clean(str(v)) for v in cells.values() if isinstance(v, str) and len(v) > 3]
    must(not words or any(tight(w) in sheet for w in words), f"no row of the table stands where names are signed: {words}")
    return 1 if words else 0


def pdf(path, doc):
    ids, titles = listed(doc)
    signed(path, doc)
    fonts(path)
    text = printed(path)
    must(tight(doc["title"]) in text, f"no title {doc['title']}")
    must(tight(doc["data_version"]) in text, f"not of the data {doc['data_version']}")
    often(text, ids, "id")
    often(text, titles, "title")
    return ids, titles


# --- documents ---------------------------------------------------------------------------------


def said(value, dated, lang):
    """A value as it is printed."""
    if isinstance(value, dict):
        return percent(value) if "of" in value else clean(value["text"])
    if isinstance(value, str) and dated and ISO.fullmatch(value) and lang == "zh":
        day = datetime.date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    return clean(str(value))


def document(path, doc):
    paper = docx.Document(str(path))
    text = tight("".join(p.text for p in paper.paragraphs))
    for words in [doc["title"], *(b["text"] for b in doc["blocks"] if b["block"] in ("heading", "prose")), *doc["signature"]]:
        must(tight(clean(words)) in text, f"{words!r} is not there")
    everything = [[tight(c.text) for c in row.cells] for t in paper.tables for row in t.rows]
    at = n = 0
    for block in blocks(doc, "table"):
        keys = [(c["key"], "date" in c["types"]) for c in block["columns"]]
        rows = [[tight(clean(c["label"])) for c in block["columns"]]]
        for row in block["rows"]:
            one = [row["text"]] if row["kind"] == "group" else [said(row["cells"].get(k, ""), d, doc["lang"]) + row.get("below", {}).get(k, "") for k, d in keys]
            rows.append([tight(x) for x in one])
        rows += [] if block["rows"] else [[tight(clean(block["nil"]))]]
        at = next((i for i in range(at, len(everything)) if everything[i] == rows[0]), None)
        must(at is not None, f"no table with the head {rows[0]}")
        for want in rows:
            have = everything[at] if at < len(everything) else ["nothing"]
            have = have[:1] if len(want) == 1 and len(set(have)) == 1 else have
            must(have == want, f"row {at}: {have}, not {want}")
            at, n = at + 1, n + len(want)
    ids, titles = listed(doc)
    words = "".join(x for row in everything for x in row) + text
    often(words, ids, "id")
    often(words, titles, "title")
    return n, ids, titles


# --- controls ----------------------------------------------------------------------------------

UNEMBEDDED = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
              b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>endobj "
              b"4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj "
              b"5 0 obj<</Length 34>>stream\nBT /F 12 Tf 20 99 Td (OPN-1.01) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n")


def refused(what, check, *args):
    try:
        check(*args)
    except Wrong:
        return 1
    sys.exit(f"shipped.py: the control was accepted and must not be: {what}")


def resaved(path, out, change):
    """A copy of a workbook with one cell changed, all others as they were."""
    book = openpyxl.load_workbook(path)
    change(book)
    target = out / f"spoilt-{path.name}"
    book.save(target)
    return target


def reported(book):
    """The sheets of the reports themselves."""
    return [s for s in book.worksheets if s["A1"].value not in BEHIND]


def row_lost(book):
    """The last row behind a count is gone."""
    sheet = next(s for s in book.worksheets if s["A1"].value in BEHIND)
    sheet.delete_rows(max(c.row for c in sheet["A"] if ID.fullmatch(str(c.value))))


def astray(book):
    """The first count that opens leads one row too far."""
    link = next(c for s in reported(book) for row in s.iter_rows() for c in row if c.hyperlink and type(c.value) is int).hyperlink
    sheet, row = link.location.rsplit("!A", 1)
    link.location = f"{sheet}!A{int(row) + 1}"


def cells_of(book, kind):
    return [c for s in reported(book) for row in s.iter_rows() for c in row if type(c.value) is kind]


def add_one(book):
    """The last count of the last sheet that has one."""
    cells_of(book, int)[-1].value += 1


def other_title(book):
    cells = [s.cell(c.row, c.column + 1) for s in reported(book) for row in s.iter_rows() for c in row[:-1] if ID.fullmatch(str(c.value))]
    cell = next((c for c in cells if isinstance(c.value, str)), None) or book.worksheets[0]["A1"]
    cell.value += "了"


def untold(book):
    """What became of the days is gone."""
    for cell in [c for c in cells_of(book, str) if c.value.startswith(("原定", "originally"))]:
        cell.value = None


def next_day(book):
    cells_of(book, datetime.datetime)[0].value += datetime.timedelta(days=1)


def one_colour(book):
    """A rule before all others that paints every cell of every sheet."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    look = DifferentialStyle(fill=PatternFill(bgColor="FF123456"))
    for sheet in book.worksheets:
        sheet.conditional_formatting.add(sheet.dimensions, Rule(type="expression", dxf=look, formula=["TRUE"]))
        for rules in sheet.conditional_formatting:
            for rule in rules.rules:
                rule.priority = 1 if rule.dxf is look else rule.priority + 1


def words_for_counts(book):
    """Every number is text."""
    for cell in cells_of(book, int):
        cell.value = str(cell.value)


def reworded(path, out, old, new):
    target = out / f"spoilt-{path.name}"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        hits = 0
        for item in source.infolist():
            data = source.read(item)
            if item.filename == "word/document.xml":
                hits = data.decode().count(old)
                data = data.decode().replace(old, new, 1).encode()
            copy.writestr(item, data)
    if not hits:
        sys.exit(f"shipped.py: the control finds no {old!r} in {path.name}")
    return target


def controls(seen, out):
    """Each spoilt copy, each report that a file is not of, must be refused."""
    n, spoilt = 0, collections.Counter()
    for path, docs in seen[".xlsx"]:
        if workbook(resaved(path, out, lambda _: None), docs) == 0:
            sys.exit(f"shipped.py: {path.name}: a copy without a change was not compared")
        n += refused(f"{path.name} with another title", workbook, resaved(path, out, other_title), docs)
        if any("light" in c for d in docs for b in blocks(d, "table") for r in b["rows"] for c in r.get("cells", {}).values() if isinstance(c, dict)):
            n += refused(f"{path.name} in one colour", workbook, resaved(path, out, one_colour), docs)
        book = openpyxl.load_workbook(path)
        if len(reported(book)) < len(book.worksheets):
            n += refused(f"{path.name} without a row behind a count", workbook, resaved(path, out, row_lost), docs)
            n += refused(f"{path.name} with a count that leads elsewhere", workbook, resaved(path, out, astray), docs)
            spoilt["opens"] += 1
        if cells_of(book, int):
            n += refused(f"{path.name} with counts as text", workbook, resaved(path, out, words_for_counts), docs)
        if any("below" in r for d in docs for b in blocks(d, "table") for r in b["rows"]):
            n += refused(f"{path.name} without what became of its days", workbook, resaved(path, out, untold), docs)
        for kind, what, change in ((int, "count one higher", add_one), (datetime.datetime, "date a day later", next_day)):
            # The catalogue's lists have neither counts nor dates.
            if cells_of(book, kind):
                n += refused(f"{path.name} with a {what}", workbook, resaved(path, out, change), docs)
                spoilt[kind] += 1
    if len(spoilt) != 3 or spoilt[int] < len(seen[".xlsx"]) // 2:
        sys.exit(f"shipped.py: controls of counts and dates ran {dict(spoilt)} times")
    for path, docs in seen[".pdf"]:
        lost = {"block": "table", "rows": [{"kind": "item", "cells": {"id": "OPN-9.99", "title": "没有这一事项"}}]}
        unnamed = {"block": "table", "rows": [{"kind": "item", "cells": {"id": sorted(listed(docs[0])[0] or {"OPN-9.99"})[0], "title": "没有这一事项"}}]}
        for block in (lost, unnamed):
            n += refused(f"{path.name} without what is listed", pdf, path, {**docs[0], "blocks": [*docs[0]["blocks"], block]})
    ends = [(path, docs[0]) for path, docs in seen[".pdf"] if signed(path, docs[0])]
    if len(ends) < 5:
        sys.exit(f"shipped.py: only {len(ends)} PDF files end in a table over the lines to sign on")
    for path, doc in ends:
        elsewhere = {**doc["blocks"][-1], "rows": [*doc["blocks"][-1]["rows"], {"kind": "item", "cells": {"id": "不在这一张"}}]}
        n += refused(f"{path.name} signed on a sheet of its own", signed, path, {**doc, "blocks": [*doc["blocks"][:-1], elsewhere]})
    bare = out / "bare.pdf"
    bare.write_bytes(UNEMBEDDED)
    if "Helvetica" not in run("pdffonts", bare):
        sys.exit("shipped.py: pdffonts does not read the control of fonts")
    n += refused("a PDF whose font is not embedded", fonts, bare)
    for path, docs in seen[".docx"]:
        title = next(iter(listed(docs[0])[1]))
        n += refused(f"{path.name} with another title", document, reworded(path, out, title, title + "了"), docs[0])
        n += refused(f"{path.name} with another rate", document, reworded(path, out, "100.0%", "99.9%"), docs[0])
    return n


# --- all of them -------------------------------------------------------------------------------


def looked_at(root, duban, scratch):
    """Every committed file with the reports that it is of."""
    seen = collections.defaultdict(list)
    for name, register in REGISTERS.items():
        folder = root / "reports" / name
        files = sorted(p for p in folder.rglob("*") if p.suffix in KINDS)
        if not files:
            raise Wrong(f"no file below {folder}: NOTHING WAS READ")
        names = {p.relative_to(folder).with_suffix("").parts[0] for p in files}
        docs = reports(duban, root, register, names, scratch / name)
        for path in files:
            stem = path.relative_to(folder).with_suffix("").as_posix()
            of = [docs[stem]] if stem in docs else [d for key, d in sorted(docs.items()) if key.startswith(stem + "/")]
            if not of:
                raise Wrong(f"{path.relative_to(root)} is of no report")
            seen[path.suffix].append((path, of))
    return seen


def main():
    duban = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else str(HERE / "target/release/duban")
    root = pathlib.Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else HERE
    if not os.access(duban, os.X_OK):
        sys.exit(f"shipped.py: {duban} is not there: NOTHING WAS READ")
    if not shutil.which("pdftotext") or not shutil.which("pdffonts"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False)
        if subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", "poppler-utils"], stdout=subprocess.DEVNULL).returncode:
            sys.exit("shipped.py: poppler-utils could not be installed: NOTHING WAS READ")
    wrong, values, words = [], collections.Counter(), {"id": collections.Counter(), "title": collections.Counter()}
    every = set()
    with tempfile.TemporaryDirectory(prefix="duban-shipped-") as scratch:
        scratch = pathlib.Path(scratch)
        try:
            seen = looked_at(root, duban, scratch)
        except Wrong as fault:
            sys.exit(f"shipped.py: {fault}")
        for kind in KINDS:
            if not seen[kind]:
                sys.exit(f"shipped.py: no {kind} among the reports: NOTHING WAS READ of them")
            for path, docs in seen[kind]:
                try:
                    if kind == ".xlsx":
                        values[kind] += workbook(path, docs)
                        continue
                    n, ids, titles = (0, *pdf(path, docs[0])) if kind == ".pdf" else document(path, docs[0])
                    values[kind] += n
                    words["id"][kind] += sum(ids.values())
                    words["title"][kind] += sum(titles.values())
                    every |= set(ids)
                except Wrong as fault:
                    wrong.append(f"{path.relative_to(root)}: {fault}")
        known = {i for p in (root / "obligations").rglob("*.yaml") for i in re.findall(r"^- id: *(\S+)", p.read_text(encoding="utf-8"), re.M) if ID.fullmatch(i)}
        if not wrong and (not known or known - every):
            wrong.append(f"of {len(known)} obligations of the catalogue these are in no PDF: {sorted(known - every)[:9]}")
        if not wrong and not (values[".xlsx"] > 1000 and values[".docx"] > 100 and words["id"][".pdf"] > 1000 and words["title"][".pdf"] > 1000):
            wrong.append(f"too little was compared: {dict(values)} {words}")
        spoilt = 0 if wrong else controls(seen, scratch)
        try:
            looked_at(scratch / "nowhere", duban, scratch)
            wrong.append("a repository without reports was accepted")
        except Wrong:
            spoilt += 1
    for fault in wrong:
        print(fault, file=sys.stderr)
    if wrong:
        sys.exit(f"shipped.py: {len(wrong)} wrong")
    count = {kind: len(seen[kind]) for kind in KINDS}
    print(f"{count['.xlsx']} workbooks: {values['.xlsx']} values as the JSON says; "
          f"{count['.pdf']} PDF files: {words['id']['.pdf']} ids and {words['title']['.pdf']} titles found, all fonts embedded; "
          f"{count['.docx']} documents: {values['.docx']} cells, {words['id']['.docx']} ids, {words['title']['.docx']} titles; "
          f"{len(known)} obligations of the catalogue all seen; {spoilt} spoilt ones refused")


main()
