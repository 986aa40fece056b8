#!/usr/bin/env python3
"""A second verifier of duban's log, so that the format does not rest on one program's word.

It was written from the page src/log/FORMAT.md alone, without a look at the program, and needs
nothing but the standard library. It covers what the page says save Git, and of a checkpoint's
signature only that it stands where it should. It follows no link and opens regular files only.

    verify.py REGISTER_DIR [--spool FILE] [--format text|json]

Order: shapes; one line; one file by itself (the numbers are the page's); checkpoints; the walk;
`verify`, which sets files, witnesses and checkpoints against each other; the command line.
"""
import argparse, base64, hashlib, json, os, re, stat, sys
from collections import defaultdict, namedtuple
from datetime import datetime, timedelta
from fractions import Fraction

WRITER = r"[^./\s]+-[A-Za-z0-9]{4}"
LOG = re.compile(rf"([A-Z0-9-]+)/([0-9]{{4}}-(?:0[1-9]|1[0-2]))\.({WRITER})(?:\.([2-9]|[1-9][0-9]+))?\.jsonl")
CHECKPOINT = re.compile(rf"checkpoints/([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\.{WRITER}\.([0-9a-f]{{8}})\.txt")
SHAPE = re.compile(rb'(\{"seq":(0|[1-9][0-9]{0,17}),.*),"h":"([A-Za-z0-9_-]{22})"\}', re.S)
SEEN = re.compile(r"(0|[1-9][0-9]{0,17}):([A-Za-z0-9_-]{22})")
TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}):([0-5][0-9]|60)(\.[0-9]+)?"
                  r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))")
CHECK = re.compile(rb"duban checkpoint 1\nunit [^\n]+\nat ([^\n]+)\nby [^\n]+\nentries ([0-9]{1,18})\nfiles ([0-9]{1,18})\n"
                   rb"root ([0-9a-f]{64})\nsigned (no|SHA256:[^\n]+)\n((?:previous [^ \n]+ [0-9a-f]{64}\n)*)"
                   rb"((?:file [0-9]{1,18} [0-9a-f]{64} [^\n]+\n)*)end\n(.*)", re.S)
SIGNATURE = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+\n-----END SSH SIGNATURE-----\n")
QUIET = {"crlf", "bom", "torn", "conflict", "fork", "repeated"}  # no line is lost or changed by what these name
Line = namedtuple("Line", "no raw seq h body")  # seq, h and body are None where the line is unreadable
# troubles of its own; claims (file, seq, h) on others; lines by seq -> [(no, h)]; count of lines; prefixes count -> sha256
Report = namedtuple("Report", "own claims seqs count prefixes header entries")


def sha(data): return hashlib.sha256(data).hexdigest()


def chain(previous, body):
    return base64.urlsafe_b64encode(hashlib.sha256(previous + b"\n" + body).digest())[:22]


def follows(line, previous): return line.h == chain(previous, line.body)


def parse(raw):
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=lambda word: int("no JSON: " + word))
        return value if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        return None


def instant(text):
    """The instant of an RFC 3339 time as a number that compares; ValueError or OverflowError where it is none."""
    m = TIME.fullmatch(text)
    if not m: raise ValueError(text)
    away = timedelta(hours=int(m[6] or 0), minutes=int(m[7] or 0)) * (-1 if m[5] == "-" else 1)
    whole = datetime.strptime(f"{m[1]} {m[2]}", "%Y-%m-%d %H:%M") - away - datetime(1, 1, 1)
    return whole.days * 86400 + whole.seconds + int(m[3]) + Fraction("0" + (m[4] or ""))


def fields(line, dept):
    """(object, instant or None, claims on other lines) of a header or an entry; None where a field fails."""
    obj, at, claims = parse(line.raw), None, []
    text = ("log", "dept", "month", "writer") if line.seq == 0 else ("at", "by", "dept", "duty", "event")
    try:
        if obj is None or obj["seq"] != line.seq or not all(isinstance(obj[key], str) for key in text): return None
        if line.seq == 0:
            if obj["log"] != "duban/1": return None
            after = obj["after"]
            seen = [] if after is None else [(after["file"], f"{json.dumps(after['seq'])}:{after['h']}")]
        else:
            at, seen = instant(obj["at"]), obj.get("saw", {}).items()
        for file, mark in seen:
            file, m = file if "/" in file else f"{dept}/{file}", SEEN.fullmatch(mark)
            if not m or not LOG.fullmatch(file): return None
            claims.append((file, int(m[1]), m[2].encode()))
        return obj, at, claims
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError):
        return None


def examine(data, dept, month, writer, wanted=()):
    """One file by itself, from rule 3 on; `wanted`: the counts of lines whose SHA-256 a checkpoint asks for."""
    told = [] if data else [("missing", 1, None)]
    *parts, rest = data.split(b"\n")
    prefixes = {n: sha(b"".join(part + b"\n" for part in parts[:n])) for n in wanted if n <= len(parts)}
    if data.startswith(b"\xef\xbb\xbf"):
        told.append(("bom", 1, None))
        if parts: parts[0] = parts[0][3:]
        else: rest = rest[3:]
    if rest: told.append(("torn", len(parts) + 1, None))
    lines, once = [], {}
    for no, raw in enumerate(parts, 1):
        if raw.endswith(b"\r"):
            once.setdefault("crlf", no)
            raw = raw[:-1]
        if raw == b"=======" or raw.startswith((b"<<<<<<< ", b">>>>>>> ", b"||||||| ")):
            once.setdefault("conflict", no)
            continue
        try: m = len(raw) <= 65536 and raw.decode("utf-8") is not None and SHAPE.fullmatch(raw)
        except UnicodeDecodeError: m = None
        if not m: told.append(("unreadable", no, None))
        lines.append(Line(no, raw, int(m[2]), m[3], m[1]) if m else Line(no, raw, None, None, None))
    told += [(word, no, None) for word, no in once.items()]
    # 9: the chain
    places, words, good, seen, taken = defaultdict(list), {}, {}, set(), set()
    for i, line in enumerate(lines): places[line.seq].append(i)
    for i, line in enumerate(lines):
        if line.seq is None: continue
        above, below = lines[i - 1] if i else Line(0, b"", -1, b"", b""), lines[i + 1] if i + 1 < len(lines) else None
        near = set(places.get(line.seq - 1, ())) | ({i - 1} if i and above.seq is not None else set())
        before = [j for j in near if follows(line, lines[j].h)]
        first = line.seq == 0 and follows(line, b"")
        if line.raw in seen: words[i] = "repeated"
        elif first or before:
            if line.seq in taken: words[i] = "fork"
            elif not first and min(before) > i: words[i] = "reordered"
            else: good[i] = True
        elif above.seq is None: pass
        elif words.get(i - 1) == "altered" and (i == 1 or lines[i - 2].seq is not None) and follows(
                line, chain(lines[i - 2].h if i > 1 else b"", above.body)): good[i] = False
        elif below and below.seq == above.seq + 2 and follows(below, line.h): words[i] = "altered"
        else:
            obj = parse(line.raw) or {}
            strays = [obj[k] for k, own in (("dept", dept), ("by", writer[:-5])) if isinstance(obj.get(k), str) and obj[k] != own]
            strays += [obj["at"]] if isinstance(obj.get("at"), str) and not obj["at"].startswith(month) else []
            renumbered = line._replace(body=b'{"seq":%d' % (above.seq + 1) + line.body[line.body.index(b","):])
            gap = line.seq > 0 and not places.get(line.seq - 1) and not follows(renumbered, above.h)
            words[i] = "moved" if strays else "missing" if gap else "altered"
        seen.add(line.raw)
        if first or before: taken.add(line.seq)
    # 10: what the good lines say; a header that disagrees with the path is the measure of its entries
    claims, last, measure = [], None, (dept, writer[:-5])
    for i, genuine in good.items():
        line, found = lines[i], fields(lines[i], measure[0])
        if not found:
            if genuine: words[i] = "unreadable"
            continue
        obj, at, more = found
        if line.seq == 0 and genuine:
            if (obj["dept"], obj["month"], obj["writer"]) != (dept, month, writer): words[i] = "moved"
            measure = (obj["dept"], obj["writer"][:-5])
            more = fields(line, measure[0])[2]
        elif genuine and (obj["dept"], obj["by"]) != measure: words[i] = "moved"
        elif genuine and last is not None and at <= last: words[i] = "reordered"
        claims += more
        last = last if at is None else at
    told += [(word, lines[i].no, lines[i].seq) for i, word in words.items()]
    seqs = {seq: [(lines[i].no, lines[i].h) for i in at] for seq, at in places.items() if seq is not None}
    header = lines[0].raw if lines and lines[0].seq == 0 else None
    return Report(told, claims, seqs, len(parts), prefixes, header, {sha(line.raw) for line in lines if line.seq})


def checkpoint(data, date, root8):
    """(its name fits, previous NAME -> SHA-256, [(DEPT/NAME, LINES, SHA-256)]) of a checkpoint; None where altered."""
    m = CHECK.fullmatch(data)
    if not m: return None
    rows = [row.split(b" ", 3)[1:] for row in m[7].split(b"\n")[:-1]]
    root = sha(b"".join(b"%d:%s\n64:%s\n" % (len(name), name, digest) for _, digest, name in rows))
    signed = m[5] == b"no" and not m[8] or m[5] != b"no" and SIGNATURE.fullmatch(m[8])
    most = sum(max(int(row[0]) - 1, 0) for row in rows)
    try:
        names = [row[2].decode("utf-8") for row in rows]
        instant(m[1].decode("utf-8"))
    except (ValueError, OverflowError): return None
    ends = any(found and found[4] for found in map(LOG.fullmatch, names))
    if not (int(m[2]) == most or ends and int(m[2]) < most): return None
    if m[4].decode() != root or int(m[3]) != len(rows) or not signed or not all(map(LOG.fullmatch, names)): return None
    fits = root[:8] == root8 and m[1][:10].decode() == date
    olds = [row.decode("utf-8", "surrogateescape").split(" ") for row in m[6].split(b"\n")[:-1]]
    return fits, {old[1]: old[2] for old in olds}, [(name, int(row[0]), row[1].decode()) for name, row in zip(names, rows)]


def read(path):
    """The bytes of a regular file; never through a link and never waiting at a FIFO."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode): raise OSError(f"{path}: not a regular file")
        return file.read()


def walk(top, tell):
    """Paths below log/ of the regular files that may stand there; whatever else is found there is told."""
    folders = [""]
    while folders:
        folder, names = folders.pop(), []
        try: names = [n for n in os.listdir(os.path.join(top, folder)) if not n.startswith(".") or n.endswith(".jsonl")]
        except OSError: tell("unreadable", folder, 0)
        else:
            if not names and folder and not re.fullmatch("[A-Z0-9-]+|checkpoints", folder): tell("moved", folder, 0)
        for path in (os.path.join(folder, name) for name in sorted(names)):
            try: state = os.lstat(os.path.join(top, path))
            except OSError: tell("unreadable", path, 0); continue
            if stat.S_ISDIR(state.st_mode) and not path.endswith(".jsonl"): folders += [path] if path != "drafts" else []
            elif stat.S_ISDIR(state.st_mode): tell("moved", path, 0)
            elif not stat.S_ISREG(state.st_mode) or state.st_nlink != 1: tell("link", path, 0)
            elif any("\ud800" <= c <= "\udfff" for c in path): tell("moved", path, 0)
            elif LOG.fullmatch(path) or CHECKPOINT.fullmatch(path): yield path
            elif path in ("checkpoints/allowed_signers", "checkpoints/revoked_keys"): pass
            else: tell("moved", path, 0)


def spooled(data):
    """The claims of a spool; what does not read is passed over."""
    for row in map(parse, data.split(b"\n")):
        file, lines = (row or {}).get("file"), (row or {}).get("line")
        if not isinstance(file, str) or not isinstance(lines, str) or not LOG.fullmatch(file.removeprefix("log/")): continue
        for m in map(SHAPE.fullmatch, lines.encode("utf-8", "replace").split(b"\n")[:-1] if file.startswith("log/") else ()):
            if m: yield file[4:], int(m[2]), m[3]


def examined(root, spool=None):
    """(troubles, files, entries) of the register at `root`; OSError where `root` or the spool cannot be read."""
    top, troubles, own, reports = os.path.join(os.fspath(root), "log"), set(), defaultdict(list), {}

    def tell(word, path, no, seq=None):
        troubles.add((word, f"log/{path}" if path else "log", no, seq))
        if word not in QUIET: own[path].append(no)

    def witness(word, path, no, seq=None):  # a word of the file's own, or its folder's, at or before that line says enough
        if not any(n <= no for n in named.get(path, [])) and path.split("/")[0] not in named:
            troubles.add((word, f"log/{path}", no, seq))

    if not stat.S_ISDIR(os.stat(root).st_mode): raise OSError(f"{root}: not a folder")
    claims = list(spooled(read(spool))) if spool else []
    state = os.lstat(top) if os.path.lexists(top) else None
    if state and not stat.S_ISDIR(state.st_mode): tell("moved" if stat.S_ISREG(state.st_mode) else "link", "", 0)
    found = sorted(walk(top, tell)) if state and stat.S_ISDIR(state.st_mode) else []
    checks, digests, wanted = {}, {}, defaultdict(set)
    for path in filter(CHECKPOINT.fullmatch, found):
        try: data = read(os.path.join(top, path))
        except OSError: tell("unreadable", path, 0); continue
        digests[path], checks[path] = sha(data), checkpoint(data, *CHECKPOINT.fullmatch(path).groups())
        if checks[path] is None: tell("altered", path, 1)
        else:
            if not checks[path][0]: tell("moved", path, 0)
            for name, count, _ in checks[path][2]: wanted[LOG.fullmatch(name).group(1, 2, 3)].add(count)
    groups, logs = defaultdict(list), [(LOG.fullmatch(path), path) for path in found if LOG.fullmatch(path)]
    for m, path in sorted(logs, key=lambda log: (log[0].group(1, 2, 3), int(log[0][4] or 1))):
        try: report = reports[path] = examine(read(os.path.join(top, path)), *m.group(1, 2, 3), wanted[m.group(1, 2, 3)])
        except OSError: tell("unreadable", path, 0); continue
        for trouble in report.own: tell(trouble[0], path, *trouble[1:])
        claims += report.claims
        group = groups[m.group(1, 2, 3), report.header or path]
        if any(report.entries <= reports[earlier].entries for earlier in group): tell("repeated", path, 0)
        group.append(path)
    ends = {path: [reports[other] for other in group] for group in groups.values() for path in group}
    named = {path: list(lines) for path, lines in own.items()}
    for path, seq, h in set(claims):
        if path not in reports: witness("gone", path, 0); continue
        mine = reports[path]
        if any(h == other for end in ends[path] for _, other in end.seqs.get(seq, ())): continue
        if all(s < seq for s in mine.seqs): witness("dropped", path, mine.count + 1, max(mine.seqs, default=-1) + 1)
        else:
            there = min(s for s in mine.seqs if s >= seq)
            witness("witness", path, mine.seqs[there][0][0], there)
    for _, previous, rows in filter(None, checks.values()):
        for name, digest in previous.items():
            path = f"checkpoints/{name}"
            if path not in digests: witness("gone", path, 0)
            elif digests[path] != digest: witness("rewritten", path, 0)
        for path, count, digest in rows:
            if path not in reports: witness("gone", path, 0); continue
            mine = reports[path]
            if any(end.prefixes.get(count) == digest for end in ends[path]): continue
            if mine.count < count: witness("dropped", path, mine.count + 1, max(mine.seqs, default=-1) + 1)
            else: witness("rewritten", path, 0)
    entries = sum(len(set().union(*(reports[path].entries for path in group))) for group in groups.values())
    order = sorted(troubles, key=lambda t: (t[1], t[2], t[0], -1 if t[3] is None else t[3]))
    return order, len(logs), entries


def verify(root, spool=None):
    """Every trouble of the register at `root` as (word, file, line, seq), sorted by file, line, word."""
    return examined(root, spool)[0]


def main():
    parser = argparse.ArgumentParser(description="Says whether a log is whole.")
    parser.add_argument("register")
    parser.add_argument("--spool")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    asked = parser.parse_args()
    try: troubles, files, entries = examined(asked.register, asked.spool)
    except OSError as error: sys.exit(f"verify.py: {error}")
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    if asked.format == "json":
        rows = [dict(zip(("word", "file", "line", "seq"), trouble)) for trouble in troubles]
        print(json.dumps({"troubles": rows, "files": files, "entries": entries}))
    else:
        for word, file, no, seq in troubles:
            shown = re.sub(r"[\x00-\x1f\x7f]", lambda m: f"\\x{ord(m[0]):02x}", file)
            print(f"{word} {shown}:{no} {'-' if seq is None else seq}")
        print(f"NOT whole: {len(troubles)} troubles" if troubles else f"whole: {files} files, {entries} entries")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
