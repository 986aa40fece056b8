#!/usr/bin/env python3
"""Workbooks and documents, read by programs that are not ours.

Usage: office.py FOLDER [--pictures FOLDER]

FOLDER holds NAME.xlsx and NAME.docx with NAME.xlsx.json and NAME.docx.json beside them: the pages
that they were made from, as `DUBAN_OFFICE_OUT=FOLDER cargo test --test xlsx --test docx` writes them.

Workbooks: openpyxl must read every cell of every table back, with its type and its value; frozen
head, filter, print set-up, conditional colours, native charts and links are there; no cell is a
formula. Documents: python-docx must read headings, tables and properties back; heads repeat, rows do
not part, paper and margins are right. LibreOffice opens both and prints them: no ###, every cell and
heading on paper, A4. Controls: a value, a type, a filter, a heading, a margin are spoilt, and each
must be refused.

openpyxl and python-docx come from PyPI, LibreOffice and poppler from Debian; where they cannot be
had this fails, it does not pass.
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
        sys.exit("office.py: the readers are not there and could not be installed")
    home = pathlib.Path(tempfile.gettempdir()) / "duban-office-venv"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "openpyxl>=3.1,<4", "python-docx>=1.1,<2"], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

PAPER = {"landscape": (297, 210), "portrait": (210, 297)}


def need(program, *packages):
    """A program, installed from Debian where it is absent."""
    if shutil.which(program):
        return
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=False, stdout=subprocess.DEVNULL)
    if not shutil.which(program):
        sys.exit(f"office.py: {program} is not here and could not be installed: NOTHING WAS PROVED")


class Wrong(Exception):
    pass


def must(so, what):
    if not so:
        raise Wrong(what)


def clean(text):
    """What control characters become."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", "·", text)


# --- workbooks ---------------------------------------------------------------------------------


def find_head(sheet, labels, after):
    """The row in which a table's head stands."""
    for row in range(after, sheet.max_row + 1):
        if [sheet.cell(row, i + 1).value or "" for i in range(len(labels))] == [clean(x) for x in labels]:
            return row
    raise Wrong(f"{sheet.title}: no table with the head {labels}")


def percent(part, whole):
    """One decimal, half up, never all or none unless it is."""
    tenths = (part * 2000 + whole) // (2 * whole)
    tenths = 999 if tenths == 1000 and part < whole else 1 if tenths == 0 and part else tenths
    return f"{tenths // 10}.{tenths % 10}%"


def same(cell, want, where):
    """One cell of a workbook is the page's cell."""
    value, said = cell.value, want["said"]
    must(cell.data_type != "f", f"{where}: a formula")
    if want["kind"] == "count":
        must(value == want["value"] and type(value) is int, f"{where}: {value!r} is not the count {said}")
    elif want["kind"] == "share" and want["whole"]:
        must(abs(value - want["part"] / want["whole"]) < 1e-12, f"{where}: {value!r} is not {said}")
        shown = cell.number_format.strip('"') if '"' in cell.number_format else f"{value:.1%}"
        must(cell.number_format == "0.0%" or shown == percent(want["part"], want["whole"]), f"{where}: shown as {shown}")
        if cell.number_format == "0.0%":
            must(percent(want["part"], want["whole"]) in {said, shown}, f"{where}: {shown} for {said}")
    elif want["kind"] == "date" and not isinstance(value, str):
        day = datetime.date.fromisoformat(want["day"])
        must(isinstance(value, datetime.datetime) and value.date() == day, f"{where}: {value!r} is not {day}")
        zh = "年" in cell.number_format
        must(said == (f"{day.year}年{day.month}月{day.day}日" if zh else day.isoformat()), f"{where}: {cell.number_format} for {said}")
    elif want["kind"] == "number" and not isinstance(value, str) and said:
        places = len(said.partition(".")[2])
        must(f"{value:.{places}f}" == said and len(cell.number_format.partition(".")[2]) == places, f"{where}: {value!r} for {said}")
    else:
        must((value or "") == clean(said), f"{where}: {value!r} for {said!r}")
        must(value is None or isinstance(value, str), f"{where}: {said!r} is no text any more")
        must(want["kind"] != "id" or cell.number_format == "@" or value is None, f"{where}: the id {said} is not kept as text")
        if want["kind"] == "light":
            must(cell.fill.fgColor.rgb[2:] not in ("000000", "FFFFFF"), f"{where}: {said} has no colour")


def table_of(sheet, table, after):
    """A table is on the sheet, cell by cell. Returns the rows of its head and of its end."""
    head = row = find_head(sheet, table["labels"], after)
    for want in table["rows"]:
        row += 1
        for i, cell in enumerate(want["cells"]):
            got = sheet.cell(row, i + 1)
            same(got, cell, f"{sheet.title}!{got.coordinate}")
    if not table["rows"]:
        row += 1
        must(sheet.cell(row, 1).value == table["empty"], f"{sheet.title}: no nil line below row {head}")
    return head, row


def printed_page(sheet):
    """The set-up of reporting-habits section 7."""
    margins, name = sheet.page_margins, sheet.title
    for side, mm in {"left": 18, "right": 18, "top": 20, "bottom": 18}.items():
        must(abs(getattr(margins, side) * 25.4 - mm) < 0.1, f"{name}: margin {side} is {getattr(margins, side) * 25.4:.1f} mm")
    setup = sheet.page_setup
    must(setup.orientation == "landscape" and str(setup.paperSize) == "9", f"{name}: not A4 landscape")
    must(sheet.sheet_properties.pageSetUpPr.fitToPage and setup.fitToHeight in (0, "0"), f"{name}: not one page wide")
    must(sheet.print_options.horizontalCentered, f"{name}: not in the middle of the paper")
    must(sheet.oddFooter.center.text == "— &P —" or "— &P —" in (sheet.oddFooter.center.text or ""), f"{name}: page number")
    must(sheet.print_area, f"{name}: no print area")


def calendar_of(sheet, table, after):
    """A calendar stands in the workbook with a column a colour: together they are its count."""
    first = table["labels"][0]
    for head in range(after, sheet.max_row + 1):
        if sheet.cell(head, 1).value != first:
            continue
        width = 1
        while sheet.cell(head, width + 1).value:
            width += 1
        rows = [[sheet.cell(head + 1 + i, c + 1).value for c in range(width)] for i in range(len(table["rows"]))]
        if [str(r[0]) for r in rows] == [r["cells"][0]["said"] for r in table["rows"]]:
            sums = [sum(int(v or 0) for v in r[1:]) for r in rows]
            must(sums == [r["cells"][1]["value"] for r in table["rows"]], f"{sheet.title}: the calendar sums to {sums}")
            return head, head + len(rows) + 1
    raise Wrong(f"{sheet.title}: no calendar under {first}")


def workbook(path):
    """Everything about one workbook; returns how many cells were held against the page."""
    pages = json.loads(path.with_name(path.name + ".json").read_text())["pages"]
    book = openpyxl.load_workbook(path)
    must(len(book.sheetnames) == len(pages), f"{len(book.sheetnames)} sheets for {len(pages)} pages")
    must(len({n.lower() for n in book.sheetnames}) == len(pages), "two sheets have one name")
    must(all(len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in book.sheetnames), f"names {book.sheetnames}")
    must(book.properties.created == datetime.datetime(2026, 10, 31), f"dated {book.properties.created}")
    cells = 0
    for sheet, page in zip(book.worksheets, pages):
        printed_page(sheet)
        text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None)
        for line in [page["title"], *page["meta"], *page["notes"], *page["legend"], *page["signature"], *(h[1] for h in page["headings"])]:
            must(clean(line) in text, f"{sheet.title}: {line!r} is not there")
        for part in page["head"]:
            must(clean(part) in text, f"{sheet.title}: {part!r} is not there")
        lists, at = [], 1
        for table in page["tables"]:
            if table["chart"] and len(table["labels"]) == 2 and table["labels"][1] == "Σ":
                head, at = calendar_of(sheet, table, at)
            else:
                head, at = table_of(sheet, table, at)
            cells += sum(len(r["cells"]) for r in table["rows"])
            if not table["chart"]:
                lists.append((head, at, table))
        must(len(sheet._charts) == page["charts"], f"{sheet.title}: {len(sheet._charts)} charts for {page['charts']}")
        cells += labelled(sheet, page)
        filters(sheet, lists)
        colours(sheet, lists)
        last = page["tables"] and not page["tables"][-1]["chart"] and lists[-1][0]
        if last and not page["facts"]:
            repeats = str(sheet.print_title_rows).replace("$", "")
            # A list that ends on the page on which it begins repeats nothing.
            short = repeats == "None" and len(page["tables"][-1]["rows"]) <= 12
            must(repeats == f"{last}:{last}" or short, f"{sheet.title}: repeats {repeats}, not {last}")
        if len(page["tables"]) == 1 and not page["headings"]:
            head = lists[0][0]
            must(sheet.freeze_panes == f"A{head + 1}", f"{sheet.title}: frozen at {sheet.freeze_panes}")
    return cells


def labelled(sheet, page):
    """Facts stand beside their labels, key figures below theirs."""
    rows = list(sheet.iter_rows())
    taken = set()
    for want in page["figures"] + page["facts"]:
        below = want in page["figures"]
        for cell in (c for row in rows for c in row if c.value == clean(want["label"]) and c.coordinate not in taken):
            beside = [c for c in rows[cell.row - 1][cell.column :] if not isinstance(c, openpyxl.cell.cell.MergedCell)]
            value = sheet.cell(cell.row + 1, cell.column) if below else next(iter(beside), None)
            try:
                same(value, want["value"], f"{sheet.title}!{cell.coordinate} {want['label']}")
            except (Wrong, TypeError, AttributeError):
                continue
            must(not below or (sheet.cell(cell.row + 2, cell.column).value or "") == want["aside"], f"{want['label']}: {want['aside']}")
            taken.add(cell.coordinate)
            break
        else:
            raise Wrong(f"{sheet.title}: {want['label']} is nowhere {want['value']['said']}")
    return len(page["figures"]) + len(page["facts"])


def filters(sheet, lists):
    """A filter over the longest list, never over its totals."""
    long = [(h, e, t) for h, e, t in lists if sum(r["kind"] == "Item" for r in t["rows"]) > 1]
    if not long:
        must(not sheet.auto_filter.ref, f"{sheet.title}: a filter over nothing")
        return
    head, end, table = max(long, key=lambda l: sum(r["kind"] == "Item" for r in l[2]["rows"]))
    while table["rows"][end - head - 1]["kind"] == "Total":
        end -= 1
    last = openpyxl.utils.get_column_letter(len(table["labels"]))
    must(sheet.auto_filter.ref == f"A{head}:{last}{end}", f"{sheet.title}: filter {sheet.auto_filter.ref}, not A{head}:{last}{end}")


def colours(sheet, lists):
    """Cells with lights change their colour with their word."""
    for head, end, table in lists:
        for column in range(len(table["labels"])):
            lights = {c["said"] for r in table["rows"] for i, c in enumerate(r["cells"]) if i == column and c["kind"] == "light"}
            if not lights:
                continue
            letter = openpyxl.utils.get_column_letter(column + 1)
            rules = [r for area, rs in sheet.conditional_formatting._cf_rules.items() if f"{letter}{head + 1}" in str(area.sqref) for r in rs]
            begins = {r.text for r in rules if r.type == "beginsWith"}
            must(all(any(l.startswith(w) for w in begins) for l in lights), f"{sheet.title}: {lights} are coloured by {begins}")


# --- documents ---------------------------------------------------------------------------------


def document(path):
    """Everything about one document; returns how many cells were held against the page."""
    page = json.loads(path.with_name(path.name + ".json").read_text())["pages"][0]
    doc = docx.Document(str(path))
    styles = collections.defaultdict(list)
    for p in doc.paragraphs:
        styles[p.style.name].append(p.text)
    must(styles["Title"] == [clean(page["title"])], f"title {styles['Title']}")
    headings = [(1 if p.style.name == "Heading 1" else 2, p.text) for p in doc.paragraphs if p.style.name.startswith("Heading ")]
    must(headings == [(max(1, l - 1), clean(t)) for l, t in page["headings"]], f"headings {headings}")
    text = "\n".join(p.text for p in doc.paragraphs)
    for line in [*page["meta"], *page["notes"], *page["signature"]]:
        must(clean(line) in text, f"{line!r} is not there")
    must(doc.core_properties.created.replace(tzinfo=None) == datetime.datetime(2026, 10, 31), f"dated {doc.core_properties.created}")
    must(doc.core_properties.language == ("zh-CN" if page["lang"] == "zh" else "en"), f"language {doc.core_properties.language}")
    with zipfile.ZipFile(path) as z:
        must("duban-page" in z.read("docProps/custom.xml").decode(), "no stamp")
        must(all(i.date_time[:3] == (1980, 1, 1) for i in z.infolist()), "a part knows the time")
    paper(doc)
    return tables(doc, page)


def paper(doc):
    for s in doc.sections:
        wide = s.orientation == WD_ORIENT.LANDSCAPE
        size = (round(s.page_width.mm), round(s.page_height.mm))
        must(size == PAPER["landscape" if wide else "portrait"], f"paper {size}")
        got = [round(x.mm) for x in (s.top_margin, s.right_margin, s.bottom_margin, s.left_margin)]
        must(got == ([20, 18, 18, 18] if wide else [37, 26, 35, 28]), f"margins {got}")
        must("PAGE" in s.footer._element.xml and s.footer.paragraphs[0].text.startswith("— "), "no page number")


def tables(doc, page):
    """Tables that have a head are those of the page, in order."""
    headed = [t for t in doc.tables if t.rows[0]._tr.trPr is not None and t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None]
    wanted = [t for t in page["tables"] if t["rows"] or not t["chart"]]
    must(len(headed) == len(wanted), f"{len(headed)} tables with a head for {len(wanted)}")
    texts = [[c.text.strip() for c in r.cells] for t in doc.tables if t not in headed for r in t.rows]
    for want in page["facts"]:
        must([want["label"], want["value"]["said"]] in texts, f"{want['label']} is nowhere {want['value']['said']}")
    for want in page["figures"]:
        tile = "\n".join([want["label"], want["value"]["said"], want["aside"]])
        must(any(tile in row for row in texts), f"{want['label']} is nowhere {want['value']['said']}")
    cells = len(page["facts"]) + len(page["figures"])
    for got, want in zip(headed, wanted):
        rows = [[c.text for c in map(lambda tc: docx.table._Cell(tc, got), r._tr.tc_lst)] for r in got.rows]
        must(rows[0] == [clean(x) for x in want["labels"]], f"head {rows[0]}")
        body = [[clean(c["said"]) for c in r["cells"]] for r in want["rows"]] or [[want["empty"]]]
        for have, said in zip(rows[1:], body):
            must(have == said, f"row {have} for {said}")
            cells += len(said)
        must(len(rows) == len(body) + 1, f"{len(rows)} rows for {len(body)}")
        must(all(r._tr.trPr.find(qn("w:cantSplit")) is not None for r in got.rows), "a row may part")
    return cells


# --- on paper ----------------------------------------------------------------------------------


def squeeze(text):
    return re.sub(r"[\s\f]", "", text)


def on_paper(path, out, pictures):
    """LibreOffice opens it and prints it; poppler reads what is on the paper."""
    profile = out / "profile"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "pdf", "--outdir", str(out), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    pdf = out / (path.stem + ".pdf")
    must(pdf.exists(), f"LibreOffice does not open it: {done.stderr}")
    text = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    must("###" not in text, "a column is too narrow: ###")
    squeezed = squeeze(text)
    for page in json.loads(path.with_name(path.name + ".json").read_text())["pages"]:
        cells = [c["said"] for t in page["tables"] for r in t["rows"] for c in r["cells"]]
        cells += [x["value"]["said"] for x in page["facts"] + page["figures"]]
        said = collections.Counter(squeeze(clean(x)) for x in [page["title"], *(h[1] for h in page["headings"]), *cells])
        for words, n in said.items():
            must(squeezed.count(words) >= n, f"{words!r} stands {squeezed.count(words)} times on paper, not {n}")
    info = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True, check=True).stdout
    count = int(re.search(r"Pages:\s+(\d+)", info)[1])
    must("A4" in info, "not A4")
    must("—1—" in squeezed and f"—{count}—" in squeezed, "pages are not numbered — 1 —")
    if pictures:
        subprocess.run(["pdftoppm", "-r", "80", "-png", str(pdf), str(pictures / path.name)], check=True)
    return count


# --- controls ----------------------------------------------------------------------------------


def rewritten(path, out, part, pattern, by):
    """The same file with one thing in one part changed."""
    target = out / path.name
    with zipfile.ZipFile(path) as z, zipfile.ZipFile(target, "w") as w:
        hits = 0
        for item in z.infolist():
            data = z.read(item)
            if item.filename == part:
                text, hits = re.subn(pattern, by, data.decode(), count=1)
                data = text.encode()
            w.writestr(item, data)
    if hits != 1:
        sys.exit(f"office.py: the control {pattern!r} finds nothing in {path.name}/{part}")
    shutil.copy(path.with_name(path.name + ".json"), out)
    return target


CONTROLS = [
    ("ledger.xlsx", "xl/sharedStrings.xml", "严重失信主体名单制度", "严重失信主体名单"),
    ("ledger.xlsx", "xl/worksheets/sheet1.xml", "<autoFilter[^>]*/>", ""),
    ("ledger.xlsx", "xl/worksheets/sheet1.xml", "<pane [^>]*/>", ""),
    ("ledger.xlsx", "xl/worksheets/sheet1.xml", 'left="0.7[0-9]*"', 'left="0.9"'),
    ("ledger.xlsx", "xl/worksheets/sheet1.xml", "<v>46328</v>", "<v>46329</v>"),
    ("ledger.xlsx", "xl/worksheets/sheet1.xml", '<conditionalFormatting sqref="I.*</conditionalFormatting>', ""),
    ("overview.xlsx", "xl/drawings/drawing1.xml", "<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>", ""),
    ("overview.xlsx", "xl/worksheets/sheet1.xml", "<v>86</v>", "<v>85</v>"),
    ("circular.docx", "word/document.xml", "2026年9月30日(?=</w:t></w:r></w:p></w:tc>)", "2026年9月29日"),
    ("traps.xlsx", "xl/sharedStrings.xml", "3\\.10", "3.1"),
    ("circular.docx", "word/document.xml", "三、做法与成效", "三、做法"),
    ("circular.docx", "word/document.xml", 'w:top="2097"', 'w:top="1440"'),
    ("circular.docx", "word/document.xml", "<w:tblHeader/>", ""),
    ("circular.docx", "word/document.xml", "87\\.2%", "88.2%"),
    ("ledger.docx", "word/document.xml", "<w:cantSplit/>", ""),
]


def controls(folder, work):
    """Each spoilt file is refused."""
    for i, (name, part, pattern, by) in enumerate(CONTROLS):
        out = work / f"control-{i}"
        out.mkdir()
        spoilt = rewritten(folder / name, out, part, pattern, by)
        try:
            (workbook if name.endswith("xlsx") else document)(spoilt)
        except Wrong:
            continue
        except Exception as error:  # a reader that stumbles has refused too, but say how
            print(f"control {i}: {type(error).__name__}: {error}", file=sys.stderr)
            continue
        sys.exit(f"office.py: {name} with {pattern!r} spoilt in {part} was accepted")
    # A row that never reaches the paper.
    out = work / "control-paper"
    out.mkdir()
    lost = rewritten(folder / "circular.docx", out, "word/document.xml", "<w:tr>(?:(?!<w:tr>).)*?2026年9月30日.*?</w:tr>", "")
    try:
        on_paper(lost, out, None)
    except Wrong:
        return len(CONTROLS) + 1
    sys.exit("office.py: a row that is not on paper was not missed")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    pictures = pathlib.Path(sys.argv[3]).resolve() if "--pictures" in sys.argv[2:3] else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    need("soffice", "libreoffice-calc", "libreoffice-writer", "fonts-noto-cjk", "fonts-crosextra-carlito", "fonts-liberation")
    need("pdftotext", "poppler-utils")
    files = sorted(p for p in folder.iterdir() if p.suffix in (".xlsx", ".docx"))
    kinds = collections.Counter(p.suffix for p in files)
    if kinds[".xlsx"] < 6 or kinds[".docx"] < 6:
        sys.exit(f"office.py: only {dict(kinds)} in {folder}: NOTHING WAS PROVED")
    wrong = 0
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for path in files:
            out = work / path.name
            out.mkdir()
            try:
                cells = (workbook if path.suffix == ".xlsx" else document)(path)
                count = on_paper(path, out, pictures)
                print(f"{path.name}: {cells} cells as the page says, {count} pages printed")
            except Wrong as error:
                wrong += 1
                print(f"{path.name}: {error}", file=sys.stderr)
        refused = 0 if wrong else controls(folder, work)
    if wrong:
        sys.exit(f"office.py: {wrong} of {len(files)} files are wrong")
    print(f"{len(files)} files read by openpyxl, python-docx and LibreOffice; {refused} spoilt ones refused")


main()
