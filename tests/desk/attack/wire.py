"""Programs on the wire: slow ones, many of them, requests with two ends, and guesses by the thousand."""
import concurrent.futures
import contextlib
import json
import socket
import threading
import time

from attack.rights import at
from attack.scene import DUTY

# How long the desk waits, with room for a busy machine.
HEAD, BODY, UNREAD, ROOM = 15, 30, 90, 12


def answers(s, within=2.0):
    """How long the desk takes for somebody else meanwhile."""
    began = time.monotonic()
    got = s("officer-pbc").get("/mine").status
    took = time.monotonic() - began
    return got == 200 and took < within, took


def lasts(s, sends, wait, every=1.0):
    """A client that sends a byte at a time: what it was told, and after how long it was let go."""
    began = time.monotonic()
    with contextlib.closing(socket.create_connection(s.desk.address, timeout=every)) as out:
        for piece in sends:
            if time.monotonic() - began > wait:
                return b"", None
            try:
                out.sendall(piece)
                got = out.recv(4096)
                return got, time.monotonic() - began
            except TimeoutError:
                continue
            except OSError:
                return b"", time.monotonic() - began
    return b"", None


def slow_clients_begin(s):
    """All slow ones at once; they are waited for at the end."""
    client = s("officer-psb")
    s("officer-pbc")
    form = f"POST {at(DUTY, 'progress')} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {client.cookie()}\r\n"
    plain = form + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ncsrf=" + client.csrf + "&note="
    parts = form + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n"
    drip = lambda first: (b"%c" % c for c in first)

    def after(start):
        yield start.encode()
        while True:
            yield b"x"

    # A large answer that nobody fetches: what the two ends hold of it themselves is a few hundred KiB.
    def unread():
        with contextlib.closing(socket.socket()) as out:
            out.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            out.connect(s.desk.address)
            ask = f"GET /history HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {client.cookie()}\r\n\r\n".encode()
            began = time.monotonic()
            out.setblocking(False)
            # Asked again and again, so that the answers fill whatever holds them.
            while time.monotonic() - began < UNREAD:
                try:
                    out.send(ask)
                except BlockingIOError:
                    pass
                except OSError:
                    return time.monotonic() - began
                time.sleep(0.2)
        return None

    pool = concurrent.futures.ThreadPoolExecutor(50)
    plain_head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200
    s.slow = [
        ("a head, a byte a second", [pool.submit(lasts, s, drip(plain_head), HEAD + ROOM) for _ in range(8)], HEAD, b""),
        ("nothing at all", [pool.submit(lasts, s, iter([b""] * 200), HEAD + ROOM) for _ in range(8)], HEAD, b""),
        ("a form, a byte a second", [pool.submit(lasts, s, after(plain), BODY + ROOM) for _ in range(8)], BODY, b" 408"),
        ("a form with files, a byte a second", [pool.submit(lasts, s, after(parts), BODY + ROOM) for _ in range(8)], BODY, b" 408"),
    ]
    s.unread = [pool.submit(unread) for _ in range(4)]
    worst = max(answers(s)[1] for _ in range(20))
    s.told(worst < 2, "slow clients hold up nobody else", f"at most {worst * 1000:.0f} ms")


def slow_clients_end(s):
    """They were let go, each in its time."""
    for what, all_, most, status in s.slow:
        got = [f.result() for f in all_]
        times = [t for _, t in got if t is not None]
        s.told(len(times) == len(got) and max(times) < most + ROOM and all(status in g for g, _ in got), f"{what}: let go", f"after {max(times, default=0):.0f} s, {got[0][0][:12].decode()}")
    gone = [f.result() for f in s.unread]
    s.told(all(t is not None for t in gone), "an answer that nobody fetches does not keep its place for ever",
           f"let go after {max(gone):.0f} s" if all(gone) else f"still there after {UNREAD} s")
    good, took = answers(s)
    s.told(good, "twin: others are served", f"{took * 1000:.0f} ms")


def idle_connections(s):
    """Two thousand that say nothing: the desk answers still, and lets them go."""
    for addresses, most in ((1, 3), (4, 2 * HEAD)):
        idle = []
        s("officer-pbc").close()
        s("officer-pbc").source, s("officer-pbc").timeout = "127.0.0.77", 60
        try:
            for i in range(2000):
                out = socket.socket()
                out.setblocking(False)
                out.bind((f"127.0.0.{1 + i % addresses}", 0))
                idle.append(out)
                out.connect_ex(s.desk.address)
            began = time.monotonic()
            got = s("officer-pbc").get("/mine").status
            first = time.monotonic() - began
            s.told(got == 200 and first < most, f"2,000 idle connections from {addresses} address(es): somebody else is answered", f"after {first:.1f} s")
            rest = [answers(s)[1] for _ in range(20)]
            s.told(max(rest) < 2, "… and whoever is connected is served at once", f"at most {max(rest) * 1000:.0f} ms")
        finally:
            for out in idle:
                out.close()


def smuggled(s):
    """Requests whose end two readers would see in two places: one request at most is read out of each."""
    inner = "GET /smuggled-{n} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    cases = [
        ("both lengths", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {all}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{inner}"),
        ("both lengths, the other way round", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: {all}\r\n\r\n0\r\n\r\n{inner}"),
        ("two lengths", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nContent-Length: {some}\r\n\r\n{inner}"),
        ("a list of lengths", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0, {some}\r\n\r\n{inner}"),
        ("a length with a sign", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: +0\r\n\r\n{inner}"),
        ("a length below nothing", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n{inner}"),
        ("a length in another base", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0x0\r\n\r\n{inner}"),
        ("chunked that is not", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{inner}"),
        ("chunked and something after it", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{inner}"),
        ("a blank before the colon", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding : chunked\r\nContent-Length: {all}\r\n\r\n0\r\n\r\n{inner}"),
        ("a folded header", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: {all}\r\n\r\n0\r\n\r\n{inner}"),
        ("a carriage return alone", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\rTransfer-Encoding: chunked\r\nContent-Length: {all}\r\n\r\n0\r\n\r\n{inner}"),
        ("a zero in a header", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n{inner}"),
        ("a chunk size that overflows", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n{inner}"),
        ("a chunk with a bare line feed", "POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n0\n\n{inner}"),
        ("an old version with chunks", "POST /sign-in HTTP/1.0\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: {all}\r\n\r\n0\r\n\r\n{inner}"),
        ("two hosts, on a page", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n"),
        ("no host", "GET / HTTP/1.1\r\n\r\n"),
        ("a version of its own", "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n"),
        ("another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("no request at all", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    ]
    with concurrent.futures.ThreadPoolExecutor(len(cases)) as pool:
        def one(n):
            text = inner.format(n=n)
            filled = cases[n][1].replace("{all}", str(len(text) + 5)).replace("{some}", str(len(text))).replace("{inner}", text)
            return s.desk.client().raw(filled.encode("latin-1"), wait=3)
        got = list(pool.map(one, range(len(cases))))
    time.sleep(0.3)
    read = " ".join(x["path"] for x in s.requests())
    for n, (what, _) in enumerate(cases):
        status = got[n][9:12].decode() or "closed"
        told = f"/smuggled-{n} " not in read + " " and got[n].count(b"HTTP/1.1 ") <= 1 and not got[n].startswith(b"HTTP/1.1 5") and b"HTTP/1.1 200" not in got[n] and not ("two hosts" in what and got[n][9:10] != b"4")
        s.told(told, f"a request with {what}", status)
    two = s.desk.client().raw(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /control-1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    s.told(two.count(b"HTTP/1.1 ") == 2 and any(x["path"] == "/control-1" for x in s.requests()), "twin: two requests one after the other are two, and the log shows the second")
    got = s.desk.client().raw(b"GET http://evil.example/healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    s.told(got.startswith((b"HTTP/1.1 421", b"HTTP/1.1 400")), "a whole address of another host", got[:12].decode())


def guesses(s):
    """Ten thousand wrong passwords: the hash is asked at most twenty times, and nobody else waits."""
    with s.world.open() as desk:
        watcher = desk.signed("supervisor-jco")
        start = desk.metrics(watcher)["duban_password_hashes_total"]
        posts = ["officer-psb", "officer-pbc", "approver-gov", "nobody-here", "officer-cac"]
        statuses, lock, worst = {}, threading.Lock(), [0.0]

        def guess(worker):
            client = desk.client(source=f"127.0.0.{1 + worker}", headers={"X-Forwarded-For": f"10.0.{worker}.1", "X-Real-IP": "10.1.1.1", "Forwarded": "for=10.2.2.2"})
            for n in range(1250):
                client.headers["X-Forwarded-For"] = f"10.{worker}.{n // 250}.{n % 250}"
                body = {"post": posts[n % len(posts)], "password": f"wrong password {worker} {n}"}
                if n % 2:
                    got = client.form("/sign-in", body, token=False)
                else:
                    got = client.ask("POST", "/api/v1/session", json.dumps(body), {"Content-Type": "application/json"})
                with lock:
                    statuses[got.status] = statuses.get(got.status, 0) + 1

        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            all_ = [pool.submit(guess, n) for n in range(8)]
            while not all(f.done() for f in all_):
                at_ = time.monotonic()
                watcher.get("/mine")
                worst[0] = max(worst[0], time.monotonic() - at_)
                time.sleep(0.2)
            for f in all_:
                f.result()
        took = time.monotonic() - began
        asked = desk.metrics(watcher)["duban_password_hashes_total"] - start
        s.told(sum(statuses.values()) == 10_000 and set(statuses) <= {401, 429}, "10,000 wrong passwords are refused", f"{statuses}, {took:.0f} s")
        s.told(0 < asked <= 20, "… and at most twenty reach the hash, from whatever addresses of this machine", f"{asked:.0f}")
        s.told(worst[0] < 3, "… while others are served", f"at most {worst[0] * 1000:.0f} ms")
        got = desk.client().ask("POST", "/api/v1/session", json.dumps({"post": "officer-psb", "password": s.world.passwords["officer-psb"]}), {"Content-Type": "application/json"})
        s.told(got.status == 429, "even the right one waits now", f"{got.status}")
        s.told(watcher.get("/mine").status == 200, "twin: who is signed in goes on")
    with s.world.open() as desk:
        for n in range(3):
            got = desk.client().ask("POST", "/api/v1/session", json.dumps({"post": "officer-psb", "password": "wrong password"}), {"Content-Type": "application/json"})
            s.refused("a slip", got, 401)
        s.works("after three slips the right one opens", desk.client().sign_in("officer-psb"), 201)
    with s.world.open("--proxy", "127.0.0.2") as desk:
        watcher = desk.signed("supervisor-jco")
        start = desk.metrics(watcher)["duban_password_hashes_total"]
        for what, header in (("an address that does not parse, behind one that it made up", "10.9.{n}.1, 192.0.2.1:4711"), ("nonsense behind one that it made up", "10.8.{n}.1, unknown")):
            client = desk.client(source="127.0.0.2")
            before = desk.metrics(watcher)["duban_password_hashes_total"]
            for n in range(60):
                client.ask("POST", "/api/v1/session", json.dumps({"post": posts[n % 5], "password": "wrong password"}), {"Content-Type": "application/json", "X-Forwarded-For": header.format(n=n)})
            asked = desk.metrics(watcher)["duban_password_hashes_total"] - before
            s.told(asked <= 20, f"a proxy that hands on {what}", f"{asked:.0f} of 60 reach the hash")


def heavy(s):
    """Readers who ask for much at once: others are served still."""
    client, posts = s("officer-psb"), ["officer-psb", "officer-afc", "manager-psb", "officer-cac"]
    shelf = [x for x in client.get("/reports").page.links if x.split("?")[0].endswith(("/pdf", "/docx", "/xlsx"))]
    s.told(len(shelf) > 10, "there are reports to ask for", f"{len(shelf)}")
    s("officer-pbc")
    clients = [s(p) for p in posts]

    def ask(n):
        one = s.desk.client(headers={"Cookie": clients[n % 4].cookie()}, timeout=300)
        return one.get(shelf[n % len(shelf)]).status

    with concurrent.futures.ThreadPoolExecutor(90) as pool:
        all_ = [pool.submit(ask, n) for n in range(90)]
        worst, n = 0, 0
        while not all(f.done() for f in all_):
            worst, n = max(worst, answers(s)[1]), n + 1
            time.sleep(0.1)
        got = [f.result() for f in all_]
    s.told(set(got) <= {200, 429, 503} and 200 in got, "90 reports are asked for at once", str({x: got.count(x) for x in set(got)}))
    s.told(worst < 5, "… while others are served", f"at most {worst * 1000:.0f} ms in {n} looks")
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        def days(k):
            one = s.desk.client(headers={"Cookie": clients[k % 4].cookie()}, timeout=300)
            return [one.get(f"/list?as_of=20{23 + k % 3}-{1 + n % 12:02}-{1 + k:02}").status for n in range(12)]
        all_ = [pool.submit(days, k) for k in range(8)]
        worst = 0
        while not all(f.done() for f in all_):
            worst = max(worst, answers(s)[1])
            time.sleep(0.1)
        got = [x for f in all_ for x in f.result()]
    s.told(set(got) == {200} and worst < 5, "96 days are asked for, each another one, while others are served", f"at most {worst * 1000:.0f} ms, {time.monotonic() - began:.0f} s")


def listeners(s):
    """Whoever listens for news takes nobody's place."""
    client = s("officer-psb")
    open_ = []
    try:
        for n in range(600):
            out = socket.create_connection(s.desk.address, timeout=5, source_address=(f"127.0.1.{1 + n % 10}", 0))
            out.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {client.cookie()}\r\n\r\n".encode())
            open_.append(out)
        time.sleep(1)
        first = []
        for out in open_:
            try:
                first.append(out.recv(20)[9:12])
            except OSError:
                first.append(b"")
        s.told(first.count(b"200") < 600, "one post does not listen six hundred times", f"{first.count(b'200')} are heard, {600 - first.count(b'200')} not")
        good, took = answers(s)
        s.told(good, "… and others are served", f"{took * 1000:.0f} ms")
        other = s.desk.client(headers={"Cookie": s("officer-pbc").cookie()})
        got = other.raw(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {s('officer-pbc').cookie()}\r\n\r\n".encode(), wait=3)
        s.told(got.startswith(b"HTTP/1.1 200"), "… and another post still hears", got[:12].decode())
    finally:
        for out in open_:
            out.close()


ALL = [slow_clients_begin, smuggled, guesses, listeners, heavy, slow_clients_end, idle_connections]
