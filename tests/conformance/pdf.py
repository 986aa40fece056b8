#!/usr/bin/env python3
"""The printed reports, read by programs that are not ours.

Usage: pdf.py [FOLDER]

Without FOLDER, `cargo test --test pdf` writes the files, twice, and they must be the same bytes.
FOLDER holds such files: NAME.pdf, and NAME.json with what must be found in it.

poppler (`pdfinfo`, `pdftotext`, `pdffonts`) and qpdf come from Debian, pikepdf and pdfua (the part of
PDF/UA-1 that a program can judge) from PyPI; a font with Chinese characters from Debian, if there is
none. What cannot be had ends the run: nothing is passed over in silence. Every check is also given a
file that it must refuse. With PICTURES=1 every page is drawn as a picture, for eyes.
"""
import filecmp
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

NEEDS = {"pdfinfo": "poppler-utils", "pdftotext": "poppler-utils", "pdffonts": "poppler-utils", "pdftoppm": "poppler-utils",
         "qpdf": "qpdf", "fc-list": "fontconfig"}


def install(packages):
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    subprocess.run([*sudo, "apt-get", "update", "-qq"], check=False)
    if subprocess.run([*sudo, "apt-get", "install", "-y", "-qq", *packages]).returncode:
        sys.exit(f"pdf.py: {', '.join(packages)} could not be installed; NOTHING was checked")


lacking = sorted({package for program, package in NEEDS.items() if not shutil.which(program)})
if lacking:
    install(lacking)
try:
    import pikepdf
except ImportError:
    if os.environ.get("DUBAN_VENV"):
        sys.exit("pdf.py: pikepdf is not there and could not be installed; NOTHING was checked")
    home = pathlib.Path(tempfile.gettempdir()) / "duban-pdf-venv"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "pikepdf>=9,<11", "pdfua>=0.1,<0.2"], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

root = pathlib.Path(__file__).resolve().parents[2]
MM = 72 / 25.4


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, encoding="utf-8", errors="replace")
    return done.returncode, done.stdout, done.stderr


def tight(text):
    """Without spaces: lines end where the column ends, not where the words do."""
    return re.sub(r"\s+", "", text)


def pages(pdf):
    return run("pdftotext", "-raw", pdf, "-")[1].split("\f")[:-1]


def words(pdf, want):
    """Every id, every title, every text of the page is found."""
    text = tight("".join(re.sub(r"— \d+ —\s*$", "", page) for page in pages(pdf)))
    # As readers' aids hear it: by tags, without what is repeated on every sheet.
    heard = re.findall(r'^ *"(.*)"$', run("pdfinfo", "-struct-text", pdf)[1], re.M)
    heard = tight("".join(heard))
    bad = [f"not heard: {t[:60]!r}" for t in want["texts"] if tight(t) not in heard and t != want["marking"]]
    # What a row has on two sheets has heads between its halves; it was heard in one piece.
    return bad + [f"not found: {t[:60]!r}" for t in want["texts"] if tight(t) not in text and len(t) < 400]


def paper(pdf, want):
    """A4 landscape, the title, the stamp in the metadata, no trace of a clock."""
    out = run("pdfinfo", pdf)[1]
    info = dict(line.split(":", 1) for line in out.splitlines() if ":" in line)
    info = {k: v.strip() for k, v in info.items()}
    bad = []
    if not re.match(r"841\.\d+ x 595\.\d+ pts \(A4\)", info.get("Page size", "")):
        bad.append(f"page size {info.get('Page size')}")
    if info.get("Title") != want["title"]:
        bad.append(f"title {info.get('Title')}")
    if info.get("Keywords") != f"duban-page-sha256:{want['stamp']}":
        bad.append(f"keywords {info.get('Keywords')}")
    if info.get("Tagged") != "yes":
        bad.append("not tagged")
    dates = {info.get(k, "Fri Oct 30 16:00:00 2026 UTC") for k in ("CreationDate", "ModDate")}
    # The as-of date at midnight in UTC+8; a page without one has no date.
    if dates - {"Fri Oct 30 16:00:00 2026 UTC"} and not all("2026" in d and "00" in d for d in dates):
        bad.append(f"dates {dates}")
    return bad


def sound(pdf, _want):
    code, out, err = run("qpdf", "--check", pdf)
    return [] if code == 0 else [f"qpdf: {(out + err).strip().splitlines()[-1]}"]


def fonts(pdf, _want):
    """Every font embedded, as a subset, with the characters of its glyphs."""
    rows = run("pdffonts", pdf)[1].splitlines()[2:]
    flags = [re.search(r" (yes|no) +(yes|no) +(yes|no) +\d+ +\d+ *$", row) for row in rows]
    bad = [f"font: {row}" for row, f in zip(rows, flags) if not f or f.groups() != ("yes", "yes", "yes")]
    return bad + ([] if rows else ["no fonts at all"])


def numbers(pdf, _want):
    """— 1 —, — 2 —, … as the last line of every page."""
    return [f"page {i} ends with {p.strip().splitlines()[-1:]}" for i, p in enumerate(pages(pdf), 1) if not re.search(rf"— {i} —\s*\Z", p)]


def heads(pdf, want):
    """A table that fills its file has its head on every page that has rows of it."""
    if not want["only"] or len(want["heads"]) != 1:
        return []
    head = tight("".join(want["heads"][0]))
    all_pages = pages(pdf)
    bad = [f"page {i}: no head" for i, p in enumerate(all_pages, 1) if head not in tight(p)]
    # The last page may hold the lines to sign on alone.
    return [b for b in bad if not (b.startswith(f"page {len(all_pages)}:") and len(all_pages) > 1)]


def widths(pdf, want):
    """Columns as wide as they are given in millimetres, from 18 mm on: the upright rules say."""
    if not want["only"] or not all(want["widths"]):
        return []
    wanted = [18.0]
    for width in want["widths"]:
        wanted.append(wanted[-1] + width)
    bad = []
    with pikepdf.open(pdf) as doc:
        for i, page in enumerate(doc.pages, 1):
            strokes = re.findall(r"([\d.]+) [\d.]+ m\s+([\d.]+) [\d.]+ l", page.Contents.read_bytes().decode("latin-1"))
            found = sorted({round(float(a) / MM, 1) for a, b in strokes if a == b})
            last = i == len(doc.pages)
            # The last page has the fields of the legend, too, and may have no rows any more.
            if found != wanted and not (last and (set(wanted) <= set(found) or i > 1 and 279.0 not in found)):
                bad.append(f"page {i}: rules at {found} mm")
    return bad


def whole(pdf, want):
    """Every row on one page: what names it stands there once. A row cut for its height says it again."""
    if not want["only"] or any(len(t) > 600 for t in want["texts"]):
        return []
    text = tight("".join(pages(pdf)))
    return [f"{i} {text.count(i)} times instead of {want['ids'].count(i)}" for i in sorted(set(want["ids"])) if text.count(i) != want["ids"].count(i)]


def links(pdf, want):
    """Ids lead to their cards, on pages that there are."""
    with pikepdf.open(pdf) as doc:
        there = {p.objgen for p in doc.pages}
        found = [a for p in doc.pages for a in p.get("/Annots", []) if a.Subtype == "/Link"]
        lost = [a for a in found if a.Dest[0].objgen not in there]
    return ([f"{len(found)} links instead of {want['links']}"] if len(found) != want["links"] else []) + [f"lost link {a}" for a in lost]


def signed(pdf, want):
    """All lines to sign on, on the last page and on no other."""
    all_pages = [tight(p) for p in pages(pdf)]
    bad = [f"not on the last page: {s}" for s in want["signature"] if tight(s) not in all_pages[-1]]
    return bad + [f"page {i} is signed" for i, p in enumerate(all_pages[:-1], 1) if want["signature"] and tight(want["signature"][-1]) in p]


def edges(pdf, want):
    """No word outside 18 mm left and right, 20 mm top, 18 mm bottom; numbers and markings stand in the margin."""
    out = run("pdftotext", "-bbox", pdf, "-")[1]
    bad = []
    for x0, y0, x1, y1, word in re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', out):
        x0, y0, x1, y1 = map(float, (x0, y0, x1, y1))
        # poppler's boxes are as tall as the font says, not as the ink is.
        middle = (y0 + y1) / 2
        if x0 < 18 * MM - 0.6 or x1 > (297 - 18) * MM + 0.6:
            bad.append(f"{word!r} from {x0 / MM:.1f} to {x1 / MM:.1f} mm")
        if middle > (210 - 18) * MM and not re.fullmatch(r"—|\d+", word):
            bad.append(f"{word!r} at {middle / MM:.1f} mm")
        if middle > 205 * MM or middle < 10 * MM:
            bad.append(f"{word!r} at {middle / MM:.1f} mm")
    return bad


def lines(pdf, want):
    """No line of prose begins with a stop or ends with an opening bracket."""
    if want["heads"]:
        return []
    bad = []
    for line in (line.strip() for page in pages(pdf) for line in page.splitlines()):
        if re.match(r"[、，。；：？！）》」』】〕”’…％%·]", line) or re.search(r"[（《「『【〔“‘]$", line):
            bad.append(f"line: {line[:12]!r} … {line[-12:]!r}")
    return bad


def tags(pdf, want):
    """Language, bookmarks, headings from the title down, tables with heads, rows of equal width, pictures with words."""
    bad = []
    with pikepdf.open(pdf) as doc:
        if want["lang"] and str(doc.Root.get("/Lang", "")) != want["lang"]:
            bad.append(f"language {doc.Root.get('/Lang')}")
        marks = []
        with doc.open_outline() as outline:
            def walk(items):
                for item in items:
                    marks.append(item.title)
                    walk(item.children)
            walk(outline.root)
        if marks != want["marks"]:
            bad.append(f"bookmarks {marks} instead of {want['marks']}")
        counts, levels, figures = {}, [], []

        def kids(node):
            k = node.get("/K", [])
            return [x for x in (k if isinstance(k, pikepdf.Array) else [k]) if isinstance(x, pikepdf.Dictionary) and "/S" in x]

        def visit(node):
            kind = str(node.S)
            counts[kind] = counts.get(kind, 0) + 1
            if re.fullmatch(r"/H\d", kind):
                levels.append(int(kind[2]))
            if kind == "/Figure":
                figures.append(str(node.get("/Alt", "")))
            if kind == "/Table":
                rows = [r for part in kids(node) for r in ([part] if part.S == "/TR" else kids(part)) if r.S == "/TR"]
                wide = {sum(span(c) for c in kids(r)) for r in rows}
                if len(wide) != 1:
                    bad.append(f"rows of a table are {wide} cells wide")
                if not any(c.S == "/TH" for r in rows for c in kids(r)):
                    bad.append("a table without heads")
            for kid in kids(node):
                visit(kid)

        def span(cell):
            a = cell.get("/A", [])
            for one in a if isinstance(a, pikepdf.Array) else [a]:
                if isinstance(one, pikepdf.Dictionary) and "/ColSpan" in one:
                    return int(one.ColSpan)
            return 1

        for top in kids(doc.Root.StructTreeRoot):
            visit(top)
        if levels[:1] != [1] or any(b > a + 1 for a, b in zip(levels, levels[1:])):
            bad.append(f"levels of headings {levels}")
        if len(figures) != want["charts"] or not all(figures):
            bad.append(f"pictures in words: {figures}")
        if want["heads"] and counts.get("/Table", 0) < len(want["heads"]):
            bad.append(f"tables: {counts}")
    return bad


def readers_aids(pdf, _want):
    """PDF/UA-1 as far as a program can judge it, by `pdfua`."""
    try:
        import pdfua
    except ImportError:
        sys.exit("pdf.py: pdfua is not there; NOTHING was said about PDF/UA")
    report = pdfua.validate(str(pdf))
    return [f"{f.rule_id} {f.severity.name}: {f.message}" for f in report.findings]


CHECKS = [words, paper, sound, fonts, numbers, heads, widths, whole, links, signed, edges, lines, tags, readers_aids]


def complaints(pdf, want, checks=CHECKS):
    return [f"{check.__name__}: {bad}" for check in checks for bad in check(pdf, want)]


def write(folder):
    """Has the test write its files."""
    done = subprocess.run(["cargo", "test", "--locked", "-q", "--test", "pdf"], cwd=root, env={**os.environ, "DUBAN_PDF_OUT": str(folder)})
    if done.returncode:
        sys.exit("pdf.py: the files could not be written")


def spoil(source, target, deed):
    with pikepdf.open(source) as doc:
        deed(doc)
        doc.save(target)


def upright(doc):
    for page in doc.pages:
        page.MediaBox = [0, 0, 595.276, 841.89]


def bare_font(doc):
    for number in range(1, len(doc.objects)):
        thing = doc.objects[number]
        if isinstance(thing, pikepdf.Dictionary) and "/FontFile3" in thing:
            del thing["/FontFile3"]
        if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing:
            del thing["/FontFile2"]


def untitled(doc):
    del doc.docinfo["/Title"]


def unmarked(doc):
    del doc.Root["/Outlines"]


def unlinked(doc):
    for page in doc.pages:
        if "/Annots" in page:
            del page.Annots


def wordless(doc):
    for thing in doc.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure" and "/Alt" in thing:
            del thing["/Alt"]


def turned(doc):
    """The pages the other way round: numbers, signature and order are wrong."""
    doc.pages.reverse()


def shifted(doc):
    """Everything 10 mm to the right: over the edge."""
    for page in doc.pages:
        page.contents_add(b"q 1 0 0 1 28.35 0 cm", prepend=True)
        page.contents_add(b"Q")


def main():
    if not run("fc-list", ":lang=zh-cn", "file")[1].strip():
        install(["fonts-noto-cjk"])
    with tempfile.TemporaryDirectory(prefix="duban-pdf-") as scratch:
        scratch = pathlib.Path(scratch)
        if len(sys.argv) > 1:
            folder = pathlib.Path(sys.argv[1])
        else:
            folder, again = scratch / "first", scratch / "again"
            for one in (folder, again):
                one.mkdir()
                write(one)
            different = [p.name for p in folder.iterdir() if not filecmp.cmp(p, again / p.name, shallow=False)]
            if different:
                sys.exit(f"pdf.py: two runs differ in {different}")
            print(f"same bytes twice: {len(list(folder.glob('*.pdf')))} files")
        files = sorted(p for p in folder.glob("*.pdf") if p.with_suffix(".json").exists())
        if len(files) < 6:
            sys.exit(f"pdf.py: only {len(files)} files in {folder}; NOTHING was checked")
        failed = 0
        for pdf in files:
            want = json.loads(pdf.with_suffix(".json").read_text(encoding="utf-8"))
            bad = complaints(pdf, want)
            failed += len(bad)
            print(f"{pdf.name}: {len(pages(pdf))} pages, {len(want['texts'])} texts, {len(CHECKS)} checks, {len(bad)} complaints")
            for line in bad[:20]:
                print(f"  {line}")
            if os.environ.get("PICTURES"):
                run("pdftoppm", "-r", "80", "-png", pdf, folder / pdf.stem)
        failed += controls(folder, scratch)
    sys.exit(1 if failed else 0)


def controls(folder, scratch):
    """Every check must refuse a file that is spoilt in what it looks at."""
    def want(name):
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))

    ledger, every, spoilt = folder / "ledger-60.pdf", folder / "every-block.pdf", scratch / "spoilt.pdf"
    cases = [
        (words, ledger, None, {**want("ledger-60"), "texts": ["OPN-9.99"]}),
        (words, every, None, want("odd")),
        (paper, every, upright, want("every-block")),
        (paper, every, untitled, want("every-block")),
        (paper, every, None, {**want("every-block"), "stamp": want("odd")["stamp"]}),
        (fonts, ledger, bare_font, want("ledger-60")),
        (numbers, ledger, turned, want("ledger-60")),
        (heads, ledger, None, {**want("ledger-60"), "heads": [[*want("ledger-60")["heads"][0], "另一列"]]}),
        (widths, ledger, None, {**want("ledger-60"), "widths": [9, 16, *want("ledger-60")["widths"][2:]]}),
        (whole, folder / "tall-row.pdf", None, {**want("tall-row"), "texts": []}),
        (links, folder / "crowded.pdf", unlinked, want("crowded")),
        (signed, ledger, turned, want("ledger-60")),
        (edges, ledger, shifted, want("ledger-60")),
        (tags, every, unmarked, want("every-block")),
        (tags, every, wordless, want("every-block")),
        (readers_aids, every, wordless, want("every-block")),
    ]
    failed = 0
    for check, source, deed, wanted in cases:
        if deed:
            spoil(source, spoilt, deed)
        if not check(spoilt if deed else source, wanted):
            print(f"CONTROL PASSED AND MUST NOT: {check.__name__} {deed.__name__ if deed else 'with other words'}")
            failed += 1
    cut = scratch / "cut.pdf"
    cut.write_bytes(ledger.read_bytes()[:-2000])
    if not sound(cut, {}):
        print("CONTROL PASSED AND MUST NOT: qpdf took half a file")
        failed += 1
    print(f"{len(cases) + 1} controls, {failed} passed that must not")
    return failed


main()
