"""Who one says one is: forms of other pages, sessions that ended, passwords that are guessed."""
import concurrent.futures
import json
import time
import urllib.parse

from attack.rights import at
from attack.scene import DUTY

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def forged_forms(s):
    psb, other = s("officer-psb"), s("officer-pbc")
    second = s.desk.signed("officer-psb")
    host, to = f"127.0.0.1:{s.desk.port}", at(DUTY, "progress")
    before = len(s.world.entries())
    s.refused("a form without token", psb.form(to, {"note": "x"}, token=False), 403)
    s.refused("a form with an empty token", psb.form(to, {"note": "x"}, token=""), 403)
    s.refused("a form with another post's token", psb.form(to, {"note": "x"}, token=other.csrf), 403)
    s.refused("a form with the token of another session of the same post", psb.form(to, {"note": "x"}, token=second.csrf), 403)
    s.refused("a form with files without token", psb.upload(to, {"note": "x"}, [("ev0_file", "a.pdf", b"a")], token=False), 403)
    s.refused("a token in the address is none", psb.form(to + "?csrf=" + psb.csrf, {"note": "x"}, token=False), 403)
    s.refused("a token in a cookie is none", psb.form(to, {"note": "x"}, token=False, Cookie=f"{psb.cookie()}; csrf={psb.csrf}"), 403)
    s.refused("JSON without token", psb.api("POST", "/api/v1/entries", {"duty": DUTY, "event": "progress", "note": "x", "key": "f"}, **{"x-csrf-token": ""}), 403)
    body = json.dumps({"duty": DUTY, "event": "progress", "note": "x", "key": "f"})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        got = psb.ask("POST", "/api/v1/entries", body, {"Content-Type": kind, "x-csrf-token": psb.csrf})
        s.refused(f"JSON that says it is `{kind}`", got, 400, 415)
        got = psb.ask("POST", "/api/v1/entries", body, {"Content-Type": kind})
        s.refused(f"the same as a page elsewhere could send it, `{kind}`", got, 400, 403, 415)
    for name, value in (("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", f"http://{host}.evil.example"), ("Origin", "http://127.0.0.1:1"),
                        ("Origin", ""), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site")):
        s.refused(f"a form from {name}: {value}", psb.form(to, {"note": "x"}, **{name: value}), 403)
        got = psb.api("POST", "/api/v1/entries", json.loads(body), **{name: value})
        s.refused(f"JSON from {name}: {value}", got, 403)
        sign = s.desk.client().form("/sign-in", {"post": "officer-psb", "password": "x" * 12}, token=False, **{name: value})
        s.refused(f"a sign-in from {name}: {value}", sign, 403)
    for name in ("evil.example", f"evil.example:{s.desk.port}", "127.0.0.1.evil.example", "localhost.evil.example", "", "0.0.0.0", "10.0.0.1", "[2001:db8::1]"):
        s.refused(f"a form to the host `{name}`", psb.form(to, {"note": "x"}, Host=name), 421, 400)
        s.refused(f"the same from a page of that name `{name}`", psb.form(to, {"note": "x"}, Host=name, Origin=f"http://{name}"), 421, 400, 403)
        s.refused(f"a page of the host `{name}`", psb.get("/", Host=name), 421, 400)
        s.refused(f"news of the host `{name}`", psb.get("/live", Host=name), 403, 421, 400)
    s.told(len(s.world.entries()) == before, "nothing of all that was recorded")
    s.works("our own page's form", psb.form(to, {"note": "own", "key": "g1"}, Origin=f"http://{host}", **{"Sec-Fetch-Site": "same-origin"}), 303)
    s.works("a program's form without Origin", psb.form(to, {"note": "own", "key": "g2"}), 303)
    s.works("by the other name of this machine", psb.form(to, {"note": "own", "key": "g3"}, Host=f"localhost:{s.desk.port}", Origin=f"http://localhost:{s.desk.port}"), 303)


def methods(s):
    """A look changes nothing, whatever it is called."""
    psb = s("officer-psb")
    before = len(s.world.entries())
    query = urllib.parse.urlencode({"csrf": psb.csrf, "note": "x", "key": "m", "action": "record"})
    s.told(psb.get(at(DUTY, "progress") + "?" + query).status == 200, "a form's address with its fields shows the form")
    s.told(psb.get("/sign-out?csrf=" + psb.csrf).status == 405, "a link signs nobody out")
    s.told(psb.get("/mine").status == 200, "twin: still signed in")
    doc = psb.get("/api/v1/openapi.json").json()
    ways = ["/", "/sign-out", "/sign-in", at(DUTY), at(DUTY, "progress"), "/draft/a/b/drop", "/consent/a/b", *(p.replace("{id}", "x") for p in doc["paths"])]
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "PROPFIND", "get", "BREW"):
        got = [psb.ask(method, way, headers={"X-Csrf-Token": psb.csrf, "X-Secret": "echo-me"}) for way in ways]
        s.told(all(a.status in (400, 404, 405, 501) for a in got), f"{method} is taken nowhere", str(sorted({a.status for a in got})))
        s.told(not any("echo-me" in a.text for a in got), f"{method} echoes nothing")
    for way in ("/", at(DUTY), "/list", "/healthz"):
        a, b = psb.ask("HEAD", way), psb.get(way)
        s.told((a.status, a.body, a.one("content-type")) == (b.status, b"", b.one("content-type")), f"HEAD {way} is GET without the body", f"{a.status}")
    for way in ("/sign-out", "/draft/a/b/drop", "/api/v1/entries"):
        s.told(psb.ask("HEAD", way).status == 405, f"HEAD {way} is taken for no form")
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        got = psb.get("/sign-out", **{name: "POST"})
        s.told(got.status == 405, f"{name} changes nothing")
    s.told(psb.form("/?_method=DELETE", {"_method": "DELETE"}).status == 405, "a page that takes no form takes none")
    s.told(len(s.world.entries()) == before, "nothing of all that was recorded")


def signed_out(s):
    client = s.desk.signed("officer-afc")
    kept, token = client.cookie(), client.csrf
    s.refused("nobody is signed out by a form without token", client.form("/sign-out", token=False), 403)
    s.works("signed in", client.get("/mine"), 200)
    out = client.form("/sign-out")
    s.works("signed out", out, 303)
    s.told("max-age=0" in " ".join(out.all("set-cookie")).lower(), "the cookie is taken back")
    late = s.desk.client(headers={"Cookie": kept})
    late.csrf = token
    for what, answer, want in (
            ("a page", late.get("/mine"), 303), ("a form", late.form(at(DUTY, "progress"), {"note": "x"}), 401),
            ("JSON", late.record(duty=DUTY, event="progress", note="x"), 401), ("news", late.get("/live"), 403),
            ("an upload", late.upload(at(DUTY, "progress"), {"note": "x"}, [("ev0_file", "a", b"a")]), 401)):
        s.refused(f"after signing out the cookie and token are nobody's: {what}", answer, want)
    mixed = s.desk.client(headers={"Cookie": s("officer-psb").cookie()})
    s.refused("the ended session's token with another session's cookie", mixed.form(at(DUTY, "progress"), {"note": "x"}, token=token), 403)
    for value in ("", "0" * 64, kept.split("=")[1][:-1], kept.split("=")[1] + "0", "../../accounts", "%00", "a" * 20_000):
        got = s.desk.client(headers={"Cookie": f"duban={value}"}).get("/mine")
        s.refused(f"a made-up cookie, {value[:12]!r}…", got, 303)
    store = next(s.world.repo.rglob("sessions.json"))
    key = next(iter(json.loads(store.read_text())))
    s.refused("what stands in the store of sessions is no cookie", s.desk.client(headers={"Cookie": f"duban={key}"}).get("/mine"), 303)
    for path in (store, store.with_name("accounts.json")):
        s.told(path.stat().st_mode & 0o077 == 0, f"{path.name} is its owner's alone")
        s.told(not any(w in path.read_text() for w in [*s.world.passwords.values(), kept.split("=")[1]]), f"{path.name} holds no password and no cookie")


def password_changed(s):
    post = "changer-psb"
    a, b = s.desk.signed(post), s.desk.signed(post)
    old, new = s.world.passwords[post], "a new one, rather long"
    stolen = s.desk.client(headers={"Cookie": a.cookie()})
    stolen.csrf = a.csrf
    s.works("before: both sessions", b.get("/mine"), 200)
    s.refused("no change without the present password", a.form("/account", {"password": "wrong wrong wrong", "new": new, "again": new}), 401)
    s.refused("no change without token", a.form("/account", {"password": old, "new": new, "again": new}, token=False), 403)
    s.refused("no short password", a.form("/account", {"password": old, "new": "short", "again": "short"}), 422)
    s.refused("no two different ones", a.form("/account", {"password": old, "new": new, "again": new + "x"}), 422)
    s.works("the password is changed", a.form("/account", {"password": old, "new": new, "again": new}), 200, 303)
    s.refused("the other session has ended", b.get("/mine"), 303)
    s.refused("its token with it", b.record(duty=DUTY, event="progress", note="x"), 401)
    s.works("whoever changed it goes on", a.get("/mine"), 200)
    s.refused("a copy of the cookie from before the change has ended", stolen.get("/mine"), 303)
    got = s.desk.client().ask("POST", "/api/v1/session", json.dumps({"post": post, "password": old}), {"Content-Type": "application/json"})
    s.refused("the old password is none any more", got, 401)
    s.world.passwords[post] = new
    s.works("the new one is", s.desk.client().sign_in(post), 201)


def changed_at_once(s):
    """Four posts change their passwords in the same moment: none of them is lost."""
    posts = ["officer-afc", "manager-cac", "officer-cac", "both-psb"]
    clients = {p: s.desk.signed(p) for p in posts}

    def change(post):
        new = f"quite another one of {post}"
        got = clients[post].form("/account", {"password": s.world.passwords[post], "new": new, "again": new})
        s.world.passwords[post] = new
        return got.status

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        got = list(pool.map(change, posts))
    s.told(got == [200] * 4, "four passwords are changed at once", str(got))
    good = [s.desk.client().sign_in(p).status for p in posts]
    s.told(good == [201] * 4, "and all four are so afterwards")


def account_taken(s):
    post = "leaver-psb"
    a = s.desk.signed(post)
    s.works("before: signed in", a.get("/mine"), 200)
    s.world.accounts(post)
    s.refused("a new password from the command line ends the session", a.get("/mine"), 303)
    b = s.desk.signed(post)
    s.works("signed in anew", b.get("/mine"), 200)
    s.world.run("account", "remove", post)
    s.refused("an account that is taken away ends the session", b.get("/mine"), 303)
    s.refused("and its entries", b.record(duty=DUTY, event="progress", note="x"), 401)
    s.works("others go on", s("officer-psb").get("/mine"), 200)


def people_changed(s):
    """Whoever is no longer among the posts is nobody; a role that is gone is gone."""
    path = s.world.city / "people.yaml"
    text = path.read_text(encoding="utf-8")
    client = s.desk.signed("officer-afc")
    s.works("before: an officer", client.get("/mine"), 200)
    line = next(x for x in text.splitlines() if "officer-afc" in x)
    path.write_text(text.replace(line, line.replace("[officer]", "[reviewer]")), encoding="utf-8")
    time.sleep(0.5)
    s.refused("an officer that was made reviewer records no progress", client.record(duty=DUTY, event="progress", note="x"), 422)
    path.write_text(text.replace(line + "\n", ""), encoding="utf-8")
    time.sleep(0.5)
    s.refused("a post that is gone is nobody", client.get("/mine"), 303)
    got = s.desk.client().ask("POST", "/api/v1/session", json.dumps({"post": "officer-afc", "password": s.world.passwords["officer-afc"]}), {"Content-Type": "application/json"})
    s.refused("nor can it sign in with the right password", got, 401)
    path.write_text(text, encoding="utf-8")
    time.sleep(0.5)
    s.works("put back, it is itself again", client.get("/mine"), 200)


def redirects(s):
    """After signing in one stays here."""
    post = "manager-psb"
    word = s.world.passwords[post]
    bad = ["//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\\/evil.example", "https://evil.example", "http:evil.example",
           "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/%0a/evil.example", "evil.example",
           "@evil.example", "/x\r\nSet-Cookie: evil=1", "/x\r\n\r\n<script>", "//evil.example/%2e%2e", "/\u2028/evil.example", "/\x00/evil.example"]
    for to in bad:
        for where in ("form", "query")[: 2 if bad.index(to) < 6 else 1]:
            path = "/sign-in" + ("?" + urllib.parse.urlencode({"next": to}) if where == "query" else "")
            fields = {"post": post, "password": word, **({"next": to} if where == "form" else {})}
            got = s.desk.client().form(path, fields, token=False)
            landed = urllib.parse.urljoin(f"http://127.0.0.1:{s.desk.port}/sign-in", got.one("location"))
            here = urllib.parse.urlsplit(landed).netloc == f"127.0.0.1:{s.desk.port}" and not got.one("location").startswith(("//", "/\\"))
            s.told(got.status == 303 and here and not any(k.lower() == "evil" or "evil=1" in v for k, v in got.headers), f"next={to!r} in the {where} leads here", got.one("location"))
    got = s.desk.client().form("/sign-in", {"post": post, "password": word, "next": "/list?q=dept%3ACITY-PSB"}, token=False)
    s.told(got.one("location") == "/list?q=dept%3ACITY-PSB", "twin: a page of ours is gone to")
    page = s.desk.client().get("/sign-in?" + urllib.parse.urlencode({"next": '"><script>alert(1)</script>'})).page
    s.told(not page.runs, "what `next` says is text on the page")
    client = s("officer-psb")
    for q in ("//evil.example", "/\\evil.example", "https://evil.example", "dept:x//evil.example", "OPN-1.12@//evil.example"):
        to = client.get("/search?" + urllib.parse.urlencode({"q": q})).one("location")
        s.told(not to or (to.startswith("/") and not to.startswith(("//", "/\\"))), f"a search for {q} leads nowhere else", to)


def ended_in_the_middle(s):
    """A form whose session had ended comes back whole, but for what is secret."""
    client = s.desk.client()
    got = client.form(at(DUTY, "progress"), {"note": "typed for an hour", "key": "r1"}, token="0" * 64)
    s.told(got.status == 401 and "typed for an hour" in got.text, "what was typed is kept through the sign-in", f"{got.status}")
    fields = got.page.forms["/sign-in"]
    s.told("0" * 64 not in got.text, "the old token is not")
    post = "officer-psb"
    back = s.desk.client().form("/sign-in", {**fields, "post": post, "password": s.world.passwords[post]}, token=False)
    s.told(back.status == 200 and "typed for an hour" in back.text, "and stands in the form again")
    got = client.form("/account", {"password": "my secret word", "new": "my next word", "again": "my next word"}, token=False)
    s.told("my secret word" not in got.text and "my next word" not in got.text, "passwords do not come back in a page", f"{got.status}")
    for resume in ("//evil.example/a/b", "/assignment/../../x", "/assignment/%2e%2e%2f/progress", "/sign-out", "/account", "/assignment/" + DUTY + "/void"):
        back = s.desk.client().form("/sign-in", {"post": post, "password": s.world.passwords[post], "resume": resume, "f_note": "<script>alert(1)</script>"}, token=False)
        s.told(back.status < 500 and not back.page.runs and "evil" not in back.one("location"), f"resume={resume}", f"{back.status}")


ALL = [forged_forms, methods, signed_out, password_changed, changed_at_once, account_taken, people_changed, redirects, ended_in_the_middle]
