"""What is sent: words that could run, names that could be paths, bodies that are too large, links in the way."""
import base64
import hashlib
import io
import json
import os
import pathlib
import re
import secrets
import socket
import time
import urllib.parse
import xml.etree.ElementTree
import zipfile

from attack.rights import at, waiting
from attack.scene import DUTY, PROOF, SCRIPT
from desk import multipart


def files(top):
    """Every file and link below a folder, but for git's own, with its digest or where it leads."""
    found = {}
    for dir_, dirs, names in os.walk(top):
        dirs[:] = [d for d in dirs if d != ".git"]
        for path in (pathlib.Path(dir_) / n for n in [*names, *(d for d in dirs if (pathlib.Path(dir_) / d).is_symlink())]):
            found[str(path.relative_to(top))] = os.readlink(path) if path.is_symlink() else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def digest(script):
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() + "'"


def upload(s, name, data, key=None, who="officer-psb", to=DUTY):
    fields = {"note": "with a file", "key": key or secrets.token_hex(6), "ev0_type": PROOF}
    return s(who).upload(at(to, "progress"), fields, [("ev0_file", name, data)])


def upload_names(s):
    """Whatever a file is called, it lies in the folder of its department, and nowhere else."""
    names = ["../../evil", "../../../../../../tmp/evil", "..\\..\\evil", "/etc/cron.d/evil", "C:\\Windows\\evil", "..", ".", "...", "/", "\\", "....//....//evil",
             "%2e%2e%2fevil", "..%2f..%2fevil", "a/../../evil", ".hidden", "-rf", "~/evil", "evil\x00.pdf", b"evil\xff\xfe.pdf", "a" * 300 + ".pdf", "长" * 200 + ".pdf",
             "CON", "nul.txt", "evil%0d%0aX: y", "evil;rm -rf.pdf", "$(touch evil)", "`touch evil`", "evil|x", "<script>.pdf", "a.jsonl", ".waiting", "‮fdp.exe"]
    before = files(s.world.top)
    good = 0
    for name in names:
        data = secrets.token_bytes(16)
        answer = upload(s, name, data)
        good += answer.status == 303
        new = {p: h for p, h in files(s.world.top).items() if before.get(p) != h}
        stray = [p for p in new if not p.startswith(("store/CITY-PSB/", "repository/obligations/sample-city/log/CITY-PSB/2", "access.jsonl"))]
        kept = [p for p in new if p.startswith("store/")]
        s.told(answer.status in (303, 400, 422) and not stray, f"a file called {name[:40]!r}", f"{answer.status} {kept[0][15:55] if kept else 'not kept'}" if not stray else repr(stray))
        if answer.h:
            piece = s.last(answer.h)["evidence"][0]
            sound = piece["sha256"] == hashlib.sha256(data).hexdigest() and piece["size"] == 16 and ".." not in piece["place"].split("/") and "\x00" not in piece["name"]
            s.told(sound and kept and hashlib.sha256((s.world.top / "store" / piece["place"]).read_bytes()).hexdigest() == piece["sha256"],
                   "… stands in the log with its digest, and where it says", piece["place"][:60])
        before = files(s.world.top)
    s.told(good > len(names) // 2, "most of them are taken under a tame name", f"{good} of {len(names)}")
    one = upload(s, "report.pdf", b"the same bytes")
    two = upload(s, "report.pdf", b"other bytes")
    three = upload(s, "report.pdf", b"the same bytes")
    places = [s.last(x.h)["evidence"][0]["place"] for x in (one, two, three)]
    s.told(places[0] == places[2] != places[1], "twin: nothing is written over, the same is kept once", str(places[:2]))
    s.told((s.world.top / "store" / places[0]).read_bytes() == b"the same bytes", "the first is as it was")
    refused = s("officer-psb").upload(at(DUTY, "progress"), {"percent": "900", "ev0_type": PROOF}, [("ev0_file", "never.pdf", b"never")])
    s.refused("an entry that is refused", refused, 422)
    s.told(not any("never" in p for p in files(s.world.top)) and not list((s.world.top / "store/.waiting").iterdir()), "… leaves no file behind")


def paths(s):
    """No address leads out of what the desk has."""
    client = s("officer-psb")
    climbs = ["..%2f..%2fregister.yaml", "%2e%2e/%2e%2e/register.yaml", "../../register.yaml", "..%5c..%5cregister.yaml", "%2fetc%2fpasswd", "....//etc/passwd", "..%252fregister.yaml",
              "%00", "%0d%0aX-Evil:%201", "a" * 3000, "%ff%fe", "%c0%ae%c0%ae%2f", "。。%ef%bc%8fregister.yaml"]
    roots = ["/static/{}", "/reports/{}/html", "/reports/ledger/{}", "/assignment/{}", "/assignment/{}/progress", "/obligation/{}", "/api/v1/assignments/{}", "/api/v1/obligations/{}", "/{}", "/consent/{}/x",
             "/draft/{}/x/drop"]
    for root in roots:
        got = [client.get(root.format(urllib.parse.quote(c, safe="%/.") )) for c in climbs]
        leak = [a for a in got if "root:" in a.text or "evidence_store" in a.text or a.one("x-evil")]
        s.told(not leak and all(a.status in (303, 400, 404, 405, 414) for a in got), f"no path climbs out of {root.format('…')}", str(sorted({a.status for a in got})))
        bare = [a for a in got if not a.one("content-security-policy") or not a.one("x-content-type-options")]
        s.told(not bare, "… and every answer wears its headers", "" if not bare else repr((bare[0], bare[0].headers)))
        if root.startswith("/api/"):
            odd = [a for a in got if a.one("content-type") != "application/json"]
            s.told(not odd, "… and is JSON", "" if not odd else repr(odd[0]))
    fixed = [link for link in client.get("/").page.links if link.startswith("/static/")]
    fixed += re.findall(r"/static/[\w.-]+", client.get("/").text)
    s.told(fixed and client.get(fixed[0]).status == 200, "twin: the desk's own files are given out", fixed[0] if fixed else "")
    text = (s.world.top / "access.jsonl").read_text(encoding="utf-8")
    s.told("%ff%fe" in text.lower(), "an address that is no text has its line in the access log")


def local_files(s):
    """A name of a file of the server's is a name, and nothing is read for it."""
    client = s("officer-psb")
    for name in ("/etc/passwd", "register.yaml", "../register.yaml", "plan.yaml", str(s.world.city / "register.yaml"), "file:///etc/passwd", "/proc/self/environ", "/dev/zero"):
        for cited in ({"type": PROOF, "name": name}, f"{PROOF}={name}", {"type": PROOF, "name": name, "place": name}):
            got = client.record(duty=DUTY, event="progress", note="x", evidence=[cited])
            if s.told(got.status == 201, f"evidence called {name}", f"{got.status}"):
                piece = s.last(got.json()["h"])["evidence"][0]
                s.told("sha256" not in piece and "size" not in piece and piece["name"] == name, "… is a name without digest")
        s.refused(f"`file` {name}", client.record(duty=DUTY, event="progress", note="x", evidence=[{"type": PROOF, "name": "n", "file": name}]), 422)
        form = client.form(at(DUTY, "progress"), {"note": "x", "ev0_type": PROOF, "ev0_name": name, "ev0_file": name, "file": name, "key": secrets.token_hex(4)})
        if s.told(form.status == 303, f"a form that names {name}", f"{form.status}"):
            piece = s.last(form.h)["evidence"][0]
            s.told("sha256" not in piece, "… is a name without digest")


def scripts(s):
    """Words are words, on every page and in every report."""
    client, mark = s("officer-psb"), "mark" + secrets.token_hex(4)
    words = f"{mark} {SCRIPT} javascript:alert(4) https://evil.example/\"onmouseover=alert(5) {{{{7*7}}}} </script></style></textarea></title>"
    piece = {"type": PROOF, "name": words, "number": words, "place": "javascript:alert(6)"}
    for event, more in (("progress", {"percent": 41}), ("block", {})):
        got = client.record(duty=DUTY, event=event, note=words, issues=words, next=words, evidence=[piece], **more)
        s.works(f"words that could run are recorded, {event}", got, 201)
    # In the words of the register itself: a title, a person, a department's name.
    for path, old in ((s.world.repo / "obligations/opinions-2022/1-crackdown.yaml", "打击买卖公民个人信息, en: Strike trade in citizens’ personal information"),):
        text = path.read_text(encoding="utf-8")
        quoted = json.dumps(f"{mark} {SCRIPT}", ensure_ascii=False)
        s.told(old in text, "the title is where it was")
        path.write_text(text.replace(old, f"{quoted}, en: {quoted}"), encoding="utf-8")
    time.sleep(0.5)
    client.form(at(DUTY, "progress"), {"note": words, "action": "draft", "key": "x1"})
    s("manager-psb")
    q = urllib.parse.quote
    pages = ["/", "/mine", "/queue", "/list", "/list?q=dept:CITY-PSB", "/obligation/OPN-1.12", at(DUTY), at(DUTY, "progress"), "/history", "/history?q=" + q(DUTY), "/charts", "/calendar", "/reports",
             "/account", "/search?q=" + q(SCRIPT), "/list?q=" + q(SCRIPT), "/list?as_of=" + q(SCRIPT), "/?on=" + q(SCRIPT), "/reports?q=" + q(SCRIPT) + "&period=" + q(SCRIPT), "/list?q=" + q('"><script>'), "/search?q=" + mark,
             "/sign-in?next=" + q(SCRIPT), at(DUTY) + "?done=" + q(SCRIPT), at(DUTY) + "?asked=" + q(SCRIPT) + "&key=" + q(SCRIPT), at(DUTY) + "?unsettled=" + q(SCRIPT), at(DUTY, "progress") + "?draft=" + q(SCRIPT),
             at(SCRIPT.replace("/", "")), "/nowhere" + q(SCRIPT), "/reports/" + q(SCRIPT, safe="") + "/html", "/reports/ledger/" + q(SCRIPT, safe=""), "/list?page=" + q(SCRIPT), "/list?x=" + q(SCRIPT)]
    shelf = client.get("/reports").page.links
    pages += sorted({link for link in shelf if link.startswith("/reports/") and link.split("?")[0].endswith("/html")})[:20]
    seen = 0
    for path in pages:
        for lang in ("en", "zh") if path in ("/", at(DUTY)) else ("en",):
            got = client.get(path, Cookie=f"{client.cookie()}; lang={lang}")
            page = got.page
            seen += mark in got.text
            policy = got.one("content-security-policy")
            sound = "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy and "evil" not in policy
            # A report has a script of its own, by its digest.
            page.runs = [r for r in page.runs if r != "script"] + [r for r in page.scripts if digest(r) not in policy]
            foreign = [x for x in page.links if x.startswith(("http", "//")) and "evil.example" not in x]
            s.told(got.status < 500 and not page.runs and sound and not foreign, f"nothing runs on {path[:70]}", f"{got.status}" if not page.runs and sound and not foreign else f"{page.runs[:3]} {foreign[:3]} {policy}")
            s.told(got.one("x-content-type-options") == "nosniff" and (got.one("content-type").startswith("text/html") or got.status == 303), "… and it says what it is")
    s.told(seen > 5, "control: the words stand on many of the pages", f"{seen}")
    for path in ("/reports/ledger/json", "/api/v1/history?q=" + q(DUTY), f"/api/v1/assignments/{q(DUTY)}", "/api/v1/obligations/OPN-1.12", "/api/v1/assignments"):
        got = client.get(path)
        if got.status == 200:
            s.told(got.one("content-type").startswith("application/json") and got.one("x-content-type-options") == "nosniff" and json.loads(got.body) is not None, f"JSON is JSON: {path[:50]}")
    odd = "".join(map(chr, [0, 1, 8, 11, 12, 27, 31, 127, 133, 0x2028, 0xFFFE, 0xFFFF])) + "]]>&amp;<"
    s.works("signs that XML cannot hold are recorded", client.record(duty=DUTY, event="progress", note=f"{mark} {odd}", issues=odd, next=odd), 201)
    for form in ("xlsx", "docx"):
        for name in ("history", "ledger"):
            got = client.get(f"/reports/{name}/{form}?q=" + q(DUTY))
            try:
                with zipfile.ZipFile(io.BytesIO(got.body)) as book:
                    parts = [xml.etree.ElementTree.fromstring(book.read(n)) for n in book.namelist() if n.endswith((".xml", ".rels"))]
                s.told(len(parts) > 3, f"… and {name}.{form} is whole", f"{len(parts)} parts")
            except Exception as e:
                s.told(False, f"… and {name}.{form} is whole", f"{got.status} {e!r}")
    control = type(client.get("/").page)('<p onclick="x"><script>1</script><a href="javascript:x">')
    s.told(len(control.runs) == 3, "control: what runs would be seen")
    client.record(duty=DUTY, event="unblock", note="over")


def headers(s):
    """No word becomes a header."""
    client = s("officer-psb")
    evil = "x\r\nX-Evil: 1\r\nSet-Cookie: evil=1"
    q = urllib.parse.quote
    for path in (f"/?lang={q(evil)}", f"/list?as_of={q(evil)}", f"/reports/pack/html?dept={q(evil)}", f"/reports/circular/html?period={q(evil)}", f"/reports/{q(evil)}/html", f"/search?q={q(evil)}", f"/search?q=dept:{q(evil)}",
                 f"/static/{q(evil)}", f"/sign-in?next={q(evil)}", f"{at(DUTY)}?lang=en&key={q(evil)}", f"/{q(evil)}"):
        got = client.get(path)
        s.told(got.status < 500 and not got.one("x-evil") and not any("evil" in v for v in got.all("set-cookie")), f"GET {path[:60]}", f"{got.status}")
    got = client.form(at(DUTY, "progress"), {"note": evil, "key": evil[:20]})
    s.told(got.status == 303 and not got.one("x-evil"), "a key with line breaks", got.one("location")[-40:])
    kept = client.form(at(DUTY, "progress"), {"note": "x", "key": evil, "action": "draft"})
    s.told(kept.status in (303, 422) and not kept.one("x-evil"), "a draft's key with line breaks", f"{kept.status}")
    got = client.get("/?lang=en")
    s.told(any("lang=en" in v for v in got.all("set-cookie")), "twin: a language is remembered")
    for lang in ("en; Domain=evil", "EN", "fr", "zh,en", "both"):
        s.told(not client.get(f"/?lang={q(lang)}").all("set-cookie"), f"lang={lang} is not")


def sizes(s):
    """Too large, too many, cut off: refused, and nothing is recorded or kept."""
    client, to = s("officer-psb"), at(DUTY, "progress")
    before, room = len(s.world.entries()), s.world.top / "store/.waiting"
    base = len(urllib.parse.urlencode({"csrf": client.csrf, "key": "z", "note": ""}))
    s.refused("a form of more than 256 KiB", client.form(to, {"key": "z", "note": "x" * ((256 << 10) - base + 1)}), 413)
    s.refused("a form of just 256 KiB is read, and its words are too many for an entry", client.form(to, {"key": "z", "note": "x" * ((256 << 10) - base)}), 422)
    s.refused("JSON of more than 256 KiB", client.record(duty=DUTY, event="progress", note="x" * (256 << 10)), 413)
    s.refused("JSON as deep as a well", client.ask("POST", "/api/v1/entries", "[" * 100_000, {"Content-Type": "application/json", "x-csrf-token": client.csrf}), 400, 422)
    s.refused("a form of 100,000 fields", client.form(to, {f"f{i}": "" for i in range(25_000)}), 413, 422)
    s.refused("a sign-in of a megabyte", s.desk.client().form("/sign-in", {"post": "x", "password": "x" * (1 << 20)}, token=False), 413)
    kind, body = multipart({"csrf": client.csrf, "note": "x", "key": "z1", "ev0_type": PROOF}, [("ev0_file", "a.bin", bytes((1 << 20) + 1))])
    s.refused("an upload of more than --upload", client.ask("POST", to, body, {"Content-Type": kind}), 413)
    many = [(f"ev{i}_file", f"{i}.bin", bytes(200_000)) for i in range(6)]
    s.refused("six files that are too large together", client.upload(to, {"note": "x", "ev0_type": PROOF}, many), 413)
    head = f"POST {to} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {client.cookie()}\r\nContent-Type: {kind}\r\n"
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in (body[i:i + 60_000] for i in range(0, len(body), 60_000))) + b"0\r\n\r\n"
    got = client.raw(head.encode() + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + pieces)
    s.told(got.startswith(b"HTTP/1.1 413"), "the same without saying how large", got[:12].decode())
    kind, body = multipart({"csrf": client.csrf, **{f"p{i}": "" for i in range(10_000)}}, [])
    began = time.monotonic()
    s.refused("10,000 parts", client.ask("POST", to, body, {"Content-Type": kind}), 413)
    s.told(time.monotonic() - began < 5, "… are refused soon", f"{time.monotonic() - began:.2f} s")
    kind, body = multipart({"csrf": client.csrf, "note": "x", "ev0_type": PROOF}, [("ev0_file", "cut.bin", bytes(100_000))])
    got = client.raw(head.replace("Content-Type", "X").encode() + f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body[:50_000], half=True)
    s.told(not got or got.startswith(b"HTTP/1.1 400"), "an upload that breaks off", got[:12].decode())
    for what, odd in (("no end", body[:-8]), ("no head", body.replace(b"\r\n\r\n", b"\r\n")), ("no edge", b"x" * 1000), ("nothing", b""), ("an edge alone", body[:40])):
        s.refused(f"a form with files with {what}", client.ask("POST", to, odd, {"Content-Type": kind}), 400, 403, 422)
    for odd in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 500, "multipart/mixed; boundary=x", "application/xml", "text/html"):
        s.refused(f"a form that says it is `{odd[:40]}`", client.ask("POST", to, body, {"Content-Type": odd}), 400, 403, 415, 422)
    s.refused("files where none belong", client.upload("/account", {"password": "x"}, [("a", "a", b"a")]), 415)
    s.refused("files of somebody unknown", s.desk.client().upload(to, {"note": "x"}, [("ev0_file", "a", bytes(500_000))], token=False), 303, 401)
    s.refused("an address of 20 KiB", client.get("/list?q=" + "x" * 20_000), 200, 400, 414)
    s.refused("an address of 100 KiB", client.get("/list?q=" + "x" * 100_000), 414, 431)
    s.refused("a path of 5 KiB", client.get("/assignment/" + "x" * 5000), 404, 414)
    got = client.raw(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(1000)) + b"Connection: close\r\n\r\n")
    s.told(got.startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")), "1,000 headers", got[:12].decode())
    kind, body = multipart({"csrf": client.csrf, "note": "x", "ev0_type": PROOF}, [("ev0_file", "a.bin", bytes(8 << 20))])
    heard = 0
    for _ in range(10):
        try:
            client.close()
            heard += client.ask("POST", to, body, {"Content-Type": kind}, again=False).status == 413
        except OSError:
            client.close()
    s.told(heard == 10, "whoever sends eight times too much is told so, and not just cut off", f"{heard} of 10")
    time.sleep(0.3)
    s.told(len(s.world.entries()) == before and not list(room.iterdir()), "nothing of all that was recorded, and no file waits")
    kind, body = multipart({"csrf": client.csrf, "note": "just right", "key": "z9", "ev0_type": PROOF}, [("ev0_file", "right.bin", bytes(1 << 20))])
    s.works("an upload of just --upload", client.taken(client.ask("POST", to, body, {"Content-Type": kind})), 303)


def large(s):
    """What is allowed is taken, however fast it comes."""
    with s.world.open("--upload", "64") as desk:
        client, data = desk.signed("officer-psb"), secrets.token_bytes(1 << 20) * 60
        memory, began = desk.memory(), time.monotonic()
        got = client.upload(at(DUTY, "progress"), {"note": "large", "key": "large", "ev0_type": PROOF}, [("ev0_file", "large.bin", data)])
        s.works("sixty MiB, with --upload 64", got, 303)
        s.told(desk.memory() - memory < 32, "… and never held in memory", f"{desk.memory() - memory:.0f} MiB more, {time.monotonic() - began:.1f} s")
        if got.h:
            piece = s.last(got.h)["evidence"][0]
            s.told(hashlib.sha256((s.world.top / "store" / piece["place"]).read_bytes()).hexdigest() == piece["sha256"] == hashlib.sha256(data).hexdigest(), "… whole, with its digest")


def part_heads(s):
    """The head of a part is no place for a gigabyte."""
    client, to = s("officer-psb"), at(DUTY, "progress")
    memory = s.desk.memory()
    lines = (f"POST {to} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {client.cookie()}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
             f"Content-Length: {400 << 20}\r\nConnection: close\r\n\r\n")
    for what, start in (("the head of a part", b"--x\r\nContent-Disposition: form-data; name=\"a\r\nX: "), ("what stands before the first part", b"")):
        sent, ended, began = 0, "", time.monotonic()
        with socket.create_connection(s.desk.address, timeout=5) as out:
            out.sendall(lines.encode() + start)
            try:
                for _ in range(64):
                    out.sendall(b"a" * (1 << 20))
                    sent += 1
                ended = "taken"
            except TimeoutError:
                ended = "kept, ever more slowly"
            except OSError:
                ended = "refused"
        # What the two ends of a connection hold is a few MiB.
        s.told(ended == "refused" and sent < 16, f"{what} is not read without end", f"{ended}: {sent} MiB sent in {time.monotonic() - began:.1f} s, {s.desk.memory() - memory:.0f} MiB more in memory")
    s.works("the desk goes on", client.get("/mine"), 200)


def links(s):
    """Nothing is written through a link."""
    client, store, outside = s("officer-psb"), s.world.top / "store", s.world.top / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("precious")
    precious = files(outside)

    def swapped(path, to, what, attempt, *statuses):
        aside = path.with_name(path.name + ".aside")
        there = path.exists()
        if there:
            path.rename(aside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(to)
        time.sleep(0.5)
        s.refused(what, attempt(), *statuses)
        s.told(path.is_symlink() and files(outside) == precious, "… and nothing was written through it")
        path.unlink()
        if there:
            aside.rename(path)
        time.sleep(0.5)

    send = lambda: upload(s, "linked.pdf", b"linked")
    s.works("before: a file is kept", send(), 303)
    swapped(store / "CITY-PSB", outside, "the department's folder of the store is a link", send, 507, 503)
    swapped(store / ".waiting", outside, "the waiting room of the store is a link", send, 507, 503)
    swapped(store, s.world.city, "the store is a link into the repository", send, 507, 503)
    swapped(store, s.world.repo, "the store is a link to the repository", send, 507, 503)
    swapped(store, s.world.top, "the store is a link to where the repository lies", send, 507, 503)
    swapped(store, s.world.top / "nowhere", "the store is a link to nowhere", send, 507, 503)
    (store / "CITY-PSB" / "target.pdf").symlink_to(outside / "precious.txt")
    got = upload(s, "target.pdf", b"overwritten?")
    s.told(got.status == 303 and files(outside) == precious and s.last(got.h)["evidence"][0]["place"] != "CITY-PSB/target.pdf", "a link under the file's name is left alone, and the file has another")
    (store / "CITY-PSB" / "dangling.pdf").symlink_to(outside / "new.txt")
    got = upload(s, "dangling.pdf", b"made?")
    s.told(got.status == 303 and files(outside) == precious, "a link to nowhere under the file's name as well")
    log = s.world.city / "log"
    draft = lambda: client.form(at("OPN-0.23@CITY-PSB", "progress"), {"note": "x", "key": "l1", "action": "draft"})
    swapped(log / "drafts" / "CITY-PSB", outside, "the drafts' folder is a link", draft, 507, 503)
    swapped(log / "drafts", outside, "the folder of all drafts is a link", draft, 507, 503)
    write = lambda: client.record(duty=DUTY, event="progress", note="linked")
    s.works("before: an entry", write(), 201)
    ours = max((log / "CITY-PSB").glob("*.officer-psb-*.jsonl"), key=lambda p: p.stat().st_mtime)
    (outside / "copy.jsonl").write_bytes(ours.read_bytes())
    precious.update(files(outside))
    swapped(ours, outside / "copy.jsonl", "the log's file is a link", write, 503)
    swapped(log / "CITY-PSB", outside, "the department's folder of the log is a link", write, 503)
    swapped(log, outside, "the log is a link", write, 503, 422, 404)
    os.link(ours, outside / "second.jsonl")
    time.sleep(0.5)
    s.refused("the log's file has a second name", write(), 503)
    (outside / "second.jsonl").unlink()
    time.sleep(0.5)
    s.works("all is put back: an entry", write(), 201)
    s.works("a draft", draft(), 303)
    s.works("a file", send(), 303)


def odd_words(s):
    """Odd questions get an answer, never a mistake."""
    client = s("officer-psb")
    q = urllib.parse.quote
    odd = ["", "0", "-1", "9" * 40, "0000-00-00", "0001-01-01", "0000-01-01", "9999-12-31", "2026-02-30", "2026-10-31T00:00", "\x00", "\ud7ff", "💥" * 50, "'", "\"", "(", "*", "not:", "dept:", "due:<0", "due:>9999-12-31", "text:\\",
           "light:red light:", "%", "𝟚𝟘𝟚𝟞", "２０２６－１０－３１", "2026Q9", "2026-13", "0000", "9999-12", "0000Q1", "2026-W99"]
    bad = []
    for name, ways in (("q", ["/", "/list", "/history", "/calendar", "/charts", "/search", "/reports", "/api/v1/status", "/api/v1/assignments", "/api/v1/history"]),
                       ("as_of", ["/", "/list", "/calendar", "/charts", "/history", "/obligation/OPN-1.12", at(DUTY), "/api/v1/status", "/api/v1/obligations/OPN-1.12"]), ("on", ["/", "/charts", "/api/v1/assignments"]),
                       ("by", ["/api/v1/status"]), ("page", ["/list", "/history"]), ("period", ["/reports/circular/json", "/reports/ledger/json", "/reports/by-department/json", "/reports"]), ("dept", ["/reports/pack/json"])):
        for way in ways:
            for value in odd:
                got = client.get(f"{way}?{name}={q(value)}")
                if got.status not in (200, 303, 400, 404):
                    bad.append((way, name, value, got.status))
    s.told(not bad, "odd words in the address are answered", f"{len(odd)} of them" if not bad else repr(bad[:8]))
    refused = []
    for field, values in (("percent", ["101", "-1", "1e9", "NaN", "50.5", "٥"]), ("day", ["2999-01-01", "0000-01-01", "x"]), ("until", ["0000-00-00", "x", "standing?"]), ("fixes", ["x", "0" * 16, "../x"]), ("ev0_size", ["-1", "x", str(1 << 70)]),
                          ("ev0_type", ["x", "../x", ""]), ("ev0_class", ["x"]), ("via", ["x"]), ("nil", ["x"]), ("value", ["1e5", "0x10", "1,5"])):
        for value in values:
            got = client.form(at(DUTY, "progress"), {"note": "odd", "key": secrets.token_hex(4), field: value, "ev0_name": "n"})
            refused.append((field, value, got.status))
    s.told(all(x[2] in (303, 404, 422) for x in refused), "odd words in a form are answered", repr([x for x in refused if x[2] not in (303, 404, 422)]) or "")
    psb, approver = s("officer-psb"), s("approver-gov")
    far = psb.record(duty="OPN-5.04@CITY-PSB", event="extend", agreed="approver-gov", until="9999-12-31", reason="far", evidence=[{"type": "approval", "name": "a"}])
    if s.told(far.status in (202, 422), "a due date at the end of time is taken or refused", f"{far.status}") and far.status == 202:
        to, fields = waiting(s, approver, "far")
        s.works("it is agreed to", approver.form(to or "/consent/x/y", {**fields, "action": "agree"}), 303)
    began = time.monotonic()
    slow = [w for w in ("/", "/calendar", "/charts", "/list", "/reports/calendar/html", "/mine") if client.get(w).status >= 500]
    s.told(not slow and time.monotonic() - began < 20, "… and all pages are still made", f"{time.monotonic() - began:.1f} s {slow}")


ALL = [upload_names, paths, local_files, scripts, headers, sizes, large, part_heads, links, odd_words]
