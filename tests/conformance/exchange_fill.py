#!/usr/bin/env python3
"""Fill-in workbooks, edited by programs that are not ours and brought back.

    exchange_fill.py DUBAN OBLIGATIONS

A workbook is exported, filled in by openpyxl (ten rows, three of them wrong in different ways), and
saved once more by LibreOffice; brought in, seven entries are recorded and three rows come back with
why. Then what only a workbook can hold: error values, formulas without values, dates as dates, lists,
locks. Every check has a case in which it must refuse; nothing passes because nothing was looked at.
"""
import datetime, json, pathlib, re, shutil, subprocess, sys, tempfile, venv

DUBAN = str(pathlib.Path(sys.argv[1]).resolve())
OBLIGATIONS = pathlib.Path(sys.argv[2]).resolve()
WORK = pathlib.Path(tempfile.mkdtemp(prefix="fill-"))
said = 0


def ready():
    try:
        import openpyxl
    except ImportError:
        home = WORK / "venv"
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin/pip", "-q", "install", "openpyxl"], check=True)
        sys.path[:0] = [str(p) for p in home.glob("lib/python*/site-packages")]
    if not shutil.which("soffice"):
        subprocess.run("apt-get update -qq && apt-get install -y -qq libreoffice-calc", shell=True, check=True)


ready()
import openpyxl  # noqa: E402


def ok(what, holds, told=""):
    global said
    if not holds:
        sys.exit(f"FAILED {what}\n{told}")
    said += 1
    print(f"ok {what}")


def city(name):
    root = WORK / name
    shutil.copytree(OBLIGATIONS, root / "obligations")
    return root / "obligations" / "sample-city"


def run(register, *words, code=0, lang="en"):
    done = subprocess.run([DUBAN, "--register", str(register), "--lang", lang, *map(str, words)], capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"{words}: exit {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout


def exported(register, dept, to):
    run(register, "export", "xlsx", "--out", to, lang="zh")
    return to / f"fill-{dept}.xlsx"


class Book:
    def __init__(self, path):
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book[self.book.sheetnames[0]]
        head = next(r for r in range(1, 21) if any(str(c.value or "").startswith("编号") for c in self.sheet[r]))
        self.head = head
        self.column = {str(c.value).split("\n")[0]: c.column for c in self.sheet[head] if c.value}
        self.row = {str(self.sheet.cell(r, self.column["编号"]).value).split("@")[0]: r for r in range(head + 1, self.sheet.max_row + 1)}

    def cell(self, id, name):
        return self.sheet.cell(self.row[id], self.column[name])

    def put(self, id, **values):
        for name, value in values.items():
            self.cell(id, name).value = value

    def save(self, path):
        self.book.save(path)
        return path


def ten(book):
    book.put("OPN-0.03", 进度="８０％", 进展情况="  接入 18 家单位 ")
    book.put("OPN-0.21", 进度=0.45, 发生日期="2026年3月1日")
    book.put("OPN-0.22", 进展情况="完成抽查", 佐证类型="会议纪要或部署文件", 佐证名称="第三次会商", 文号="市公安〔2026〕8号", 佐证日期=datetime.date(2026, 10, 9))
    book.put("OPN-0.23", 零报告="是")
    book.put("OPN-1.02", 存在问题="人手不足")
    book.put("OPN-1.03", 下一步措施="十一月底前补齐", 发生日期=datetime.date(2026, 10, 8))
    book.put("OPN-1.05", 办理动作="进展", 进度=90)
    book.put("OPN-1.06", 拟转状态="已销号")
    book.put("OPN-1.07", 发生日期="03/04/2026", 进展情况="x")
    book.put("OPN-1.08", 编号="OPN-1.99", 进展情况="y")


def office(path, folder):
    """Opened and saved by LibreOffice."""
    folder.mkdir()
    profile = f"-env:UserInstallation=file://{WORK}/office"
    subprocess.run(["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder, path], check=True, capture_output=True, timeout=180)
    return folder / path.name


def bring(name, save):
    register = city(name)
    book = Book(exported(register, "CITY-PSB", WORK / f"{name}-out"))
    ten(book)
    file = save(book)
    dry = run(register, "import", "xlsx", file, "--by", "officer-psb", code=1)
    ok(f"{name}: a dry run says seven, three, and writes nothing", "25 rows: 7 to record, 15 unchanged, 3 not" in dry, dry)
    log = lambda: json.loads(run(register, "status", "--format", "json"))["log_entries"]
    before = log()
    told = run(register, "import", "xlsx", file, "--by", "officer-psb", "--apply", code=1)
    ok(f"{name}: seven entries are recorded", log() == before + 7 and "7 recorded, 15 unchanged, 3 not" in told, told)
    for part in ("OPN-1.06@CITY-PSB: operating cannot become closed", "`03/04/2026` is no date", "there is no obligation OPN-1.99"):
        ok(f"{name}: {part}", part in told, told)
    ok(f"{name}: places are those of the sheet", re.search(r"✗ 填报!H\d+ OPN-1.06", told) and re.search(r"✗ 填报!M\d+ OPN-1.07", told), told)
    left = file.with_name(file.stem + "-conflicts.xlsx")
    back = Book(left)
    rows = [i for i in back.row if i != "None"]
    ok(f"{name}: a workbook of the three", sorted(rows) == ["OPN-1.06", "OPN-1.07", "OPN-1.99"], rows)
    ok(f"{name}: as typed, with why", back.cell("OPN-1.07", "发生日期").value == "03/04/2026" and "no date" in back.cell("OPN-1.07", "未记录原因").value)
    again = run(register, "import", "xlsx", file, "--by", "officer-psb", "--apply", code=1)
    ok(f"{name}: nothing is recorded twice", log() == before + 7 and "7 recorded before" in again, again)
    ok(f"{name}: the conflicts of the first run are still there", left.exists() and left.with_name(file.stem + "-conflicts-2.xlsx").exists())
    run(register, "verify")
    entry = next(json.loads(l) for f in (register / "log/CITY-PSB").glob("*officer-psb*.jsonl") for l in f.read_text().splitlines() if "第三次会商" in l)
    ok(f"{name}: evidence and its day", entry["evidence"] == [{"type": "minutes", "name": "第三次会商", "number": "市公安〔2026〕8号", "date": "2026-10-09"}], entry)
    return told


first = bring("openpyxl", lambda b: b.save(WORK / "ten.xlsx"))
second = bring("libreoffice", lambda b: office(b.save(WORK / "ten2.xlsx"), WORK / "saved"))
strip = lambda t: [l.strip() for l in t.splitlines() if l.startswith("  +") or l.startswith("  ✗")]
ok("both programs' files are understood alike", strip(first) == strip(second) and len(strip(first)) == 10, second)

# What only a workbook can hold.
register = city("odd")
path = exported(register, "CITY-PSB", WORK / "odd-out")


def told(change, code=1):
    book = Book(path)
    change(book)
    return run(register, "import", "xlsx", book.save(WORK / "odd.xlsx"), "--by", "officer-psb", code=code)


out = told(lambda b: b.put("OPN-1.02", 进度="=1/0"))
ok("a formula without value is told", "the formula =1/0 has no value" in out, out)
out = told(lambda b: setattr(b.cell("OPN-1.02", "进度"), "value", "#DIV/0!") or setattr(b.cell("OPN-1.02", "进度"), "data_type", "e"))
ok("an error value is told", "the cell is an error" in out, out)
back = run(register, "import", "xlsx", WORK / "odd.xlsx", "--by", "officer-psb", "--apply", code=1)
out = run(register, "import", "xlsx", WORK / "odd-conflicts.xlsx", "--by", "officer-psb", "--apply", code=1)
ok("an error that is given back and not mended is not taken for unchanged", "0 recorded, 0 unchanged, 1 not" in out, out)
out = told(lambda b: (b.put("OPN-1.02", 进展情况="x"), b.sheet.merge_cells(start_row=b.row["OPN-1.02"], end_row=b.row["OPN-1.02"] + 2, start_column=b.column["进展情况"], end_column=b.column["进展情况"])))
ok("merged cells are told", "has merged cells" in out and "1 to record" in out, out)
out = told(lambda b: b.put("OPN-1.02", 发生日期=datetime.datetime(2026, 10, 8), 进展情况="x"), code=0)
ok("a date that is a date goes in", "1 to record" in out, out)
out = told(lambda b: b.put("OPN-1.02", 进度=1.5))
ok("1.5 is no per cent", "no whole per cent" in out, out)
out = told(lambda b: b.put("OPN-1.02", 发生日期=datetime.date(2999, 1, 1), 进展情况="x"))
ok("a day to come is refused", "future" in out, out)


def far(b):
    b.sheet["XFD1048576"] = "x"


out = subprocess.run([DUBAN, "--register", register, "--lang", "en", "import", "xlsx", (far(b := Book(path)), b.save(WORK / "far.xlsx"))[1]], capture_output=True, text=True)
ok("a cell at the far end is told, not made a table of", out.returncode == 2 and "XFD1048576" in out.stderr, out.stderr)
(WORK / "no.xlsx").write_bytes(b"PK\x03\x04 no")
out = subprocess.run([DUBAN, "--register", register, "import", "xlsx", WORK / "no.xlsx"], capture_output=True, text=True)
ok("what is no workbook is told", out.returncode == 2 and ("读不了" in out.stderr or "cannot be read" in out.stderr), out.stderr)

# What is offered.
book = Book(path)
sheet = book.sheet
lists = book.book["_lists"]


def offered(id, name):
    cell = book.cell(id, name).coordinate
    for check in sheet.data_validations.dataValidation:
        if cell in check.sqref:
            letters, last = re.match(r"_lists!\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)", check.formula1).groups()
            return [lists[f"{letters}{r}"].value for r in range(1, int(last) + 1)]
    return None


ok("events offered are those lawful from 常态运行", offered("OPN-1.02", "办理动作") == ["进展", "定期复核", "成效测量", "核查", "反弹整改", "认定不适用", "确认文本"], offered("OPN-1.02", "办理动作"))
ok("events offered are those lawful from 推进中", "申请销号" in offered("OPN-0.23", "办理动作") and "启动" not in offered("OPN-0.23", "办理动作"))
ok("states offered", offered("OPN-0.23", "拟转状态") == ["待验收", "暂缓", "不适用"], offered("OPN-0.23", "拟转状态"))
ok("the list of lists is hidden, as is the fingerprint", lists.sheet_state == "hidden" and sheet.column_dimensions[book.cell("OPN-1.02", "校验（勿改）").column_letter].hidden)
ok("the sheet is locked, what is to be filled in is not", sheet.protection.sheet and book.cell("OPN-1.02", "编号").protection.locked and not book.cell("OPN-1.02", "进度").protection.locked)
ok("the head is frozen", sheet.freeze_panes == f"C{book.head + 1}", sheet.freeze_panes)
light = {i: book.cell(i, "亮灯") for i in book.row}
colours = {str(c.value)[0]: c.fill.start_color.rgb[-6:] for c in light.values()}
ok("a light has its word and its colour", len(set(colours.values())) == len(colours) >= 3, colours)
rows = json.loads(run(register, "list", "dept:CITY-PSB", "--format", "json"))["rows"]
ok("a row for every assignment that the department leads", len(rows) == len(book.row) == 25)
percents = {r["id"]: r["percent"] for r in rows}
ok("progress as the register has it", all(round((book.cell(i, "进度").value or 0) * 100) == (p or 0) for i, p in percents.items()))
# The control: a workbook with one value changed is not equal.
book.put("OPN-0.03", 进度=0.99)
ok("control: another value is seen", not all(round((book.cell(i, "进度").value or 0) * 100) == (p or 0) for i, p in percents.items()))
again = exported(register, "CITY-PSB", WORK / "again")
ok("equal register, equal bytes", again.read_bytes() == path.read_bytes())
shutil.rmtree(WORK)
print(f"all well: {said} checks")
