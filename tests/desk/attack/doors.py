"""How the desk is opened: behind a proxy, with TLS, for a screen on a wall, for a while; and what it refuses to be."""
import json
import re
import socket
import ssl
import subprocess
import time

from attack.rights import at
from attack.scene import DUTY


def expired(s):
    """A session ends by itself, and no sooner."""
    with s.world.open("--idle", "2s", "--session", "8s") as desk:
        quiet, busy, kept = desk.signed("officer-psb"), desk.signed("officer-pbc"), desk.signed("manager-psb")
        began = time.monotonic()
        for _ in range(4):
            time.sleep(0.9)
            s.works("who goes on asking stays", busy.get("/mine"), 200)
        s.refused("after --idle a page is nobody's", quiet.get("/mine"), 303)
        s.refused("a form", quiet.form(at(DUTY, "progress"), {"note": "x"}), 401)
        s.refused("JSON", quiet.record(duty=DUTY, event="progress", note="x"), 401)
        s.refused("a sign-out", quiet.form("/sign-out"), 303, 401)
        s.refused("another one's token does not help", quiet.form(at(DUTY, "progress"), {"note": "x"}, token=busy.csrf), 401)
        kept.get("/healthz")
        while time.monotonic() - began < 9.5:
            time.sleep(0.9)
            last = busy.get("/mine").status
        s.told(last == 303, "after --session it ends, however busy", f"{last}")
        quiet.sign_in("officer-psb")
        s.works("signed in anew", quiet.get("/mine"), 200)
        old = quiet.cookie()
        desk.stop()
    with s.world.open("--idle", "2s") as desk:
        again = desk.client(headers={"Cookie": old})
        s.works("a session survives a restart", again.get("/mine"), 200)
        time.sleep(3.2)
        s.refused("and ends after it as before", again.get("/mine"), 303)
    with s.world.open() as desk:
        s.refused("what had ended does not come back with a longer --idle", desk.client(headers={"Cookie": old}).get("/mine"), 303)


def identity(s):
    """Who it is the proxy says; who is not the proxy says nothing."""
    with s.world.open("--identity-header", "X-Remote-User", "--proxy", "127.0.0.2") as desk:
        who = {"X-Remote-User": "officer-psb"}
        direct = desk.client(headers=who)
        s.refused("the header from another address is nobody", direct.get("/mine"), 303, 401, 403, 421)
        s.refused("and records nothing", direct.record(duty=DUTY, event="progress", note="x"), 401, 403, 421)
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "X-Forwarded-Host"):
            s.refused(f"{name} makes nobody a proxy", desk.client(headers={**who, name: "127.0.0.2"}).get("/mine"), 303, 401, 403, 421)
        s.refused("nobody signs in here, by program", desk.client().ask("POST", "/api/v1/session", json.dumps({"post": "officer-psb", "password": s.world.passwords["officer-psb"]}), {"Content-Type": "application/json"}), 403, 421)
        s.refused("nor by form", desk.client(source="127.0.0.2").form("/sign-in", {"post": "officer-psb", "password": s.world.passwords["officer-psb"]}, token=False), 403)
        proxy = desk.client(source="127.0.0.2", headers=who)
        s.works("from the proxy it is the post", proxy.get("/mine"), 200)
        told = proxy.get("/api/v1/session").json()
        s.told(told["post"] == "officer-psb", "twin: the post that the proxy named", told["post"])
        proxy.csrf = told["csrf"]
        s.works("which records", proxy.record(duty=DUTY, event="progress", note="through the proxy"), 201)
        s.refused("not without its token", proxy.api("POST", "/api/v1/entries", {"duty": DUTY, "event": "progress", "note": "x", "key": "i"}, **{"x-csrf-token": "0" * 64}), 403)
        s.refused("not from a page elsewhere", proxy.form(at(DUTY, "progress"), {"note": "x"}, Origin="http://evil.example"), 403)
        s.refused("a post of nobody's", desk.client(source="127.0.0.2", headers={"X-Remote-User": "nobody-here"}).get("/mine"), 303, 401, 403)
        s.refused("no post", desk.client(source="127.0.0.2", headers={"X-Remote-User": ""}).get("/mine"), 303, 401, 403)
        s.refused("the proxy without header", desk.client(source="127.0.0.2").get("/mine"), 303, 401, 403)
        s.refused("the cookie without the header", desk.client(source="127.0.0.2", headers={"Cookie": proxy.cookie()}).get("/mine"), 303, 401, 403)
        s.refused("the cookie from another address", desk.client(headers={"Cookie": proxy.cookie(), **who}).get("/mine"), 303, 401, 403, 421)
        other = desk.client(source="127.0.0.2", headers={"Cookie": proxy.cookie(), "X-Remote-User": "officer-pbc"})
        s.told(other.get("/api/v1/session").json()["post"] == "officer-pbc", "the header outweighs another post's cookie")
        other.csrf = proxy.csrf
        s.refused("and another post's token does not go with it", other.record(duty=DUTY, event="progress", note="x"), 403)
        for first, second in (("officer-psb", "officer-pbc"), ("officer-pbc", "officer-psb")):
            with socket.socket() as out:
                out.bind(("127.0.0.2", 0))
                out.connect(desk.address)
                out.sendall(f"GET /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Remote-User: {first}\r\nX-Remote-User: {second}\r\nConnection: close\r\n\r\n".encode())
                got = b""
                while piece := out.recv(1 << 16):
                    got += piece
            s.told(b"200 OK" not in got[:20], f"two posts at once, {first} and {second}, are nobody", got[:12].decode())
        cookieless = desk.client(source="127.0.0.2", headers=who)
        for _ in range(300):
            cookieless.cookies.clear()
            cookieless.get("/healthz")
        kept = len(json.loads(next(s.world.repo.rglob("sessions.json")).read_text()))
        s.told(kept < 100, "who keeps no cookie and asks how the desk is does not fill the store of sessions", f"{kept} sessions")
        desk.stop()
        last = [x for x in s.requests() if x["from"] == "127.0.0.2"]
        s.told(last, "the access log names the proxy where it names nobody")
    with s.world.open("--identity-header", "X-Remote-User", "--proxy", "127.0.0.2") as desk:
        proxy = desk.client(source="127.0.0.2", headers={"X-Remote-User": "officer-psb", "X-Forwarded-For": "203.0.113.9, 198.51.100.7", "X-Forwarded-Proto": "https"})
        got = proxy.get("/mine")
        s.works("from the proxy, for another address by TLS", got, 200)
        s.told(any(c.startswith("__Host-duban=") and "Secure" in c for c in got.all("set-cookie")) and got.one("strict-transport-security"), "the cookie is for TLS alone, as the proxy's side is", str(got.all("set-cookie"))[:60])
        got = desk.client(headers={"X-Forwarded-Proto": "https"}).get("/sign-in")
        s.told(not got.one("strict-transport-security"), "nobody else says that it is TLS")
        desk.stop()
        s.told(s.requests()[-2]["from"] == "198.51.100.7", "the access log names the last address that the proxy tells", s.requests()[-2]["from"])
    said = s.world.run("serve", "--listen", "127.0.0.1:0", "--identity-header", "X-Remote-User", code=None)
    s.told("--proxy" in said, "an identity header without proxy is refused", said.strip().splitlines()[0][:80])


def listening(s):
    """Other machines reach it only with TLS or through a proxy."""
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
        said = s.world.run("serve", "--listen", address, code=None)
        s.told("unprotected" in said or "没有" in said or "TLS" in said, f"{address} alone is refused", said.strip().splitlines()[0][:80])
    desk = s.world.open(address="0.0.0.0:0", raw=True)
    s.told(desk.address is None and desk.process.returncode not in (0, None), "… and it does not stay open", f"exit {desk.process.returncode}")
    with s.world.open("--proxy", "127.0.0.2", address="0.0.0.0:0") as desk:
        desk.address = ("127.0.0.1", desk.port)
        direct = desk.client(source="127.0.0.3")
        got = direct.ask("POST", "/api/v1/session", json.dumps({"post": "officer-psb", "password": s.world.passwords["officer-psb"]}), {"Content-Type": "application/json"})
        s.refused("with a proxy named, who comes past it signs in nowhere", got, 403, 421)
        s.refused("and sees no page", direct.get("/sign-in"), 403, 421)
        proxy = desk.client(source="127.0.0.2", headers={"X-Forwarded-For": "198.51.100.7", "Host": "desk.example"})
        s.works("the proxy does", proxy.get("/sign-in"), 200)
        s.works("and signs in for others", proxy.sign_in("officer-psb"), 201)
    empty = s.world.top / "none.json"
    said = s.world.run("serve", "--listen", "127.0.0.1:0", "--accounts", empty, code=None)
    s.told("nobody" in said or "没有" in said or "account" in said, "without one account it does not open", said.strip().splitlines()[0][:80])


def read_only(s):
    """A screen on a wall: everybody looks, nobody writes."""
    with s.world.open("--read-only", "--accounts", s.world.top / "none.json") as desk:
        client = desk.client()
        for way in ("/", "/list", "/charts", "/calendar", "/history", at(DUTY), "/obligation/OPN-1.12", "/reports/by-department/html", "/api/v1/status"):
            got = client.get(way)
            s.told(got.status == 200 and "csrf" not in got.text.replace('"csrf": null', "") and "password" not in got.text.lower(), f"twin: {way} is shown, without form or token", f"{got.status}")
        for way in ("/mine", "/queue", "/account", at(DUTY, "progress")):
            s.refused(f"{way} is for posts", client.get(way), 403, 303)
        signed = s("officer-psb")
        ways = ["/sign-in", "/sign-out", "/account", at(DUTY, "progress"), "/draft/a/b/drop", "/consent/a/b"]
        for cookie in ("", signed.cookie()):
            for way in ways:
                one = desk.client(headers={"Cookie": cookie} if cookie else {})
                s.refused(f"POST {way}" + (" with a cookie of another desk's" if cookie else ""), one.form(way, {"note": "x", "post": "officer-psb", "password": s.world.passwords["officer-psb"]}, token=signed.csrf), 403)
            for way in ("/api/v1/entries", "/api/v1/session"):
                got = one.ask("POST", way, json.dumps({"post": "officer-psb", "password": s.world.passwords["officer-psb"], "duty": DUTY, "event": "progress", "note": "x", "key": "k"}), {"Content-Type": "application/json", "x-csrf-token": signed.csrf})
                s.refused(f"POST {way}", got, 403)
        s.refused("files", desk.client().upload(at(DUTY, "progress"), {"note": "x"}, [("ev0_file", "a", b"a")], token=signed.csrf), 403)
    for other in (["--git"], ["--identity-header", "X", "--proxy", "127.0.0.1"]):
        said = s.world.run("serve", "--read-only", *other, code=None)
        s.told("cannot be used with" in said or "不能" in said, f"--read-only with {other[0]} is refused", said.strip().splitlines()[0][:80])


def tls(s):
    """With a certificate of its own."""
    cert, key = s.world.top / "cert.pem", s.world.top / "key.pem"
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], capture_output=True, text=True)
    if not s.told(made.returncode == 0, "openssl made a certificate", made.stderr[-200:] if made.returncode else ""):
        return
    context = ssl.create_default_context(cafile=str(cert))
    context.check_hostname = False
    with s.world.open("--tls-cert", cert, "--tls-key", key, address="0.0.0.0:0") as desk:
        desk.address = ("127.0.0.1", desk.port)
        s.told(desk.scheme == "https", "with TLS it opens to other machines")
        client = desk.client(tls=context)
        got = client.sign_in("officer-psb")
        line = next(iter(got.all("set-cookie")), "")
        s.told(line.startswith("__Host-duban=") and all(x in line for x in ("Secure", "HttpOnly", "SameSite=", "Path=/")) and "Domain" not in line, "the cookie is for TLS alone, and for this host", re.sub("=[0-9a-f]{20,}", "=…", line))
        s.told("max-age=" in got.one("strict-transport-security"), "browsers are told to come by TLS", got.one("strict-transport-security"))
        s.works("an entry by TLS", client.record(duty=DUTY, event="progress", note="by TLS"), 201)
        bare = desk.client(headers={"Cookie": "duban=" + next(iter(client.cookies.values()))})
        s.refused("the cookie under its name without TLS is none", bare.get("/mine"), 303)
        plain = desk.client().raw(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", wait=3)
        s.told(b"HTTP/1.1 2" not in plain and b"duban" not in plain, "without TLS nothing is answered", repr(plain[:20]))
        for name, version in (("TLS 1.2", ssl.TLSVersion.TLSv1_2), ("TLS 1.3", ssl.TLSVersion.TLSv1_3)):
            one = ssl.create_default_context(cafile=str(cert))
            one.check_hostname = False
            one.minimum_version = one.maximum_version = version
            s.told(desk.client(tls=one).get("/healthz").status == 200, f"twin: {name} is spoken")
        old = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{desk.port}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], input="", capture_output=True, text=True)
        s.told(old.returncode != 0 or "Cipher is (NONE)" in old.stdout, "TLS 1.1 is not")
        try:
            strict = ssl.create_default_context()
            desk.client(tls=strict).get("/healthz")
            s.told(False, "control: a certificate that nobody vouches for")
        except ssl.SSLError:
            s.told(True, "control: a certificate that nobody vouches for is refused by a client that asks")
    for pair in ((cert, cert), (key, key), (cert, s.world.city / "register.yaml"), (cert, s.world.top / "nowhere.pem")):
        desk = s.world.open("--tls-cert", pair[0], "--tls-key", pair[1], raw=True)
        s.told(desk.address is None and desk.process.returncode not in (0, None) and "TLS" in "".join(desk.said), f"{pair[0].name} with {pair[1].name} is refused", "".join(desk.said).strip().splitlines()[0][:90])


def stopping(s):
    """A stop finishes what was begun, and leaves nothing half."""
    with s.world.open() as desk:
        client = desk.signed("officer-psb")
        head = f"POST {at(DUTY, 'progress')} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {client.cookie()}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        body = f"csrf={client.csrf}&key=stop1&note=finished".encode()
        with socket.create_connection(desk.address, timeout=30) as out:
            out.sendall(head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:20])
            time.sleep(0.5)
            desk.process.terminate()
            time.sleep(0.5)
            out.sendall(body[20:])
            got = out.recv(4096)
        s.told(got.startswith(b"HTTP/1.1 303"), "a form that was begun before the stop is recorded", got[:12].decode())
        h = re.search(rb"done=([^&\r\n]+)", got)
        if h:
            s.world.acknowledged(h[1].decode())
        s.told(desk.process.wait(30) == 0, "and the stop is in order")


def committed(s):
    """With --git an entry is a commit of its post, and what is not yet an entry is none."""
    def git(*args):
        return subprocess.run(["git", *args], cwd=s.world.repo, capture_output=True, text=True).stdout
    with s.world.open("--git") as desk:
        client, other = desk.signed("officer-psb"), desk.signed("officer-pbc")
        s.works("a draft of another post", other.form(at("OPN-0.31@CITY-PBC", "attest"), {"reason": "half a thought", "key": "g0", "action": "draft"}), 303)
        (s.world.repo / "precious.txt").write_text("of somebody else")
        (s.world.city / "plan.yaml").open("a", encoding="utf-8").write("# half an edit\n")
        s.works("an entry", client.record(duty=DUTY, event="progress", note="--amend\n\nSigned-off-by: evil", key="--exec=evil"), 201)
        time.sleep(1)
        last, changed = git("log", "-1", "--format=%an|%s"), git("show", "--name-only", "--format=", "HEAD").split()
        s.told(last.startswith("officer-psb|") and changed and all("/log/CITY-PSB/" in c for c in changed), "the commit is the post's, and of its entry alone", f"{last.strip()} {changed}")
        s.told("drafts" not in git("ls-files") and "evil" not in git("log", "-1", "--format=%B"), "no draft is committed, and no words of a note are git's")
        s.told("half an edit" not in git("show", "HEAD:" + "obligations/sample-city/plan.yaml"), "nobody else's change is taken along")
    subprocess.run(["git", "checkout", "-q", "--", "obligations/sample-city/plan.yaml"], cwd=s.world.repo, check=True)


ALL = [committed, expired, identity, listening, read_only, tls, stopping]
