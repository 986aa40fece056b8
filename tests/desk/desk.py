"""What the scripts beside this one share: a register of one's own, a desk over it, and a client.

`World` is a temporary repository with a copy of the shipped registers; `World.open` starts the
desk on a free port of this machine and `Desk.stop` or `Desk.kill` ends it; `Client` is a browser
as far as a desk needs one: cookies, forms, files, JSON, and bytes as one likes. `Told` prints one
line a finding and remembers whether any was bad.

Every entry that a desk acknowledged is kept in `World.taken`; `World.settled` holds the log
against it at the end.
"""
import collections
import contextlib
import html.parser
import http.client
import json
import pathlib
import re
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

CITY = "obligations/sample-city"


class Told:
    """Says what was found, a line each; at the end how much was bad."""

    def __init__(self, name):
        self.name, self.good, self.bad, self.began = name, 0, [], time.monotonic()
        self.lock = threading.Lock()

    def __call__(self, ok, what, more=""):
        with self.lock:
            print(f"{'ok  ' if ok else 'FAIL'} {what}" + (f" [{more}]" if more != "" else ""), flush=True)
            if ok:
                self.good += 1
            else:
                self.bad.append(what)
        return ok

    def end(self):
        took = time.monotonic() - self.began
        print(f"{self.name}: {self.good} ok, {len(self.bad)} bad, {took:.0f} s", flush=True)
        for what in self.bad:
            print(f"FAIL {what}", flush=True)
        # A run that found nothing out is no good run.
        sys.exit(1 if self.bad or not self.good else 0)


class World:
    """A repository with the shipped registers, gone at the end."""

    def __init__(self, duban, repository, people="", settings=""):
        self.duban = pathlib.Path(duban).resolve()
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="duban-desk-")).resolve()
        self.repo = self.top / "repository"
        self.repo.mkdir()
        shutil.copytree(pathlib.Path(repository) / "obligations", self.repo / "obligations")
        self.city = self.repo / CITY
        for name, text in (("people.yaml", people), ("register.yaml", settings)):
            if text:
                with open(self.city / name, "a", encoding="utf-8") as file:
                    file.write(text)
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        for args in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-q", "-m", "register"]):
            subprocess.run(["git", *args], cwd=self.repo, check=True)
        self.passwords, self.desks = {}, []
        self.before = self.entries()
        # What was acknowledged, by `h`.
        self.taken, self.lock = [], threading.Lock()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for desk in self.desks:
            desk.kill()
        shutil.rmtree(self.top, ignore_errors=True)

    def run(self, *args, given=None, code=0):
        """Runs the program on the city; its standard output."""
        done = subprocess.run(
            [self.duban, "-C", CITY, *args], cwd=self.repo, input=given, capture_output=True, text=True, timeout=300)
        if code is not None and done.returncode != code:
            raise AssertionError(f"duban {' '.join(args)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout if code == 0 else done.stdout + done.stderr

    def people(self, *roles):
        """Posts with one of these roles, by department."""
        text = (self.city / "people.yaml").read_text(encoding="utf-8")
        found = re.findall(r"- \{post: ([\w-]+), department: ([\w-]+), roles: \[([^\]]+)\]\}", text)
        return {post: dept for post, dept, own in found if set(roles) & {r.strip() for r in own.split(",")}}

    def accounts(self, *posts):
        """Gives posts a password each."""
        new = {p: secrets.token_urlsafe(12) for p in posts}
        self.run("account", "add", *posts, "--stdin", given="".join(w + "\n" for w in new.values()))
        self.passwords.update(new)

    def rows(self, *query):
        return json.loads(self.run("list", *query, "--format", "json"))["rows"]

    def open(self, *args, address="127.0.0.1:0", log=None, raw=False):
        desk = Desk(self, ["serve", "--listen", address, "--access-log", log or self.top / "access.jsonl", "--lang", "en", *args], raw)
        self.desks.append(desk)
        return desk

    def entries(self):
        """Every entry of the log as its file has it, with the torn lines left out."""
        all_ = []
        for path in sorted((self.city / "log").glob("*/*.jsonl")):
            for line in path.read_bytes().split(b"\n")[:-1]:
                entry = json.loads(line)
                if entry["seq"]:
                    all_.append(entry)
        return all_

    def acknowledged(self, h):
        with self.lock:
            self.taken.append(h)

    def missing(self, taken):
        """Of what was acknowledged, what is not in the log exactly once."""
        count = collections.Counter(e["h"] for e in self.entries())
        return [h for h in taken if count[h] != 1]

    def settled(self, told):
        """The log holds what it held, every acknowledged entry once, and nothing else."""
        verify = subprocess.run([self.duban, "-C", CITY, "verify"], cwd=self.repo, capture_output=True, text=True)
        told(verify.returncode == 0, "verify is clean", verify.stdout.strip().splitlines()[-1] if verify.stdout else verify.stderr)
        now = self.entries()
        missing = self.missing(self.taken)
        told(not missing, "every acknowledged entry stands in the log once", f"{len(self.taken)} acknowledged")
        told(len(set(self.taken)) == len(self.taken), "no entry was acknowledged as new twice")
        more = len(now) - len(self.before)
        told(more == len(self.taken), "the log grew by what was acknowledged and by nothing else", f"{more} more, {len(self.taken)} acknowledged")
        keys = collections.Counter((e["by"], e["key"]) for e in now if e.get("key"))
        twice = [k for k, n in keys.items() if n > 1]
        told(not twice, "no key stands there twice", f"{len(keys)} keys")
        # The same question of an entry that there is not.
        told(self.missing([*self.taken, "0" * 16]) == ["0" * 16], "control: an acknowledged entry that is not there would be missed")

    def counts(self, report):
        """What a status report counts, without what it says of itself."""
        data = json.loads(report) if isinstance(report, (str, bytes)) else report
        return {k: data[k] for k in ("assignments", "rows", "log_entries", "log_root", "read", "valid", "invalid")}


class Desk:
    """A desk that is open."""

    def __init__(self, world, args, raw=False):
        self.world, self.said, self.address = world, [], None
        self.process = subprocess.Popen(
            [world.duban, "-C", CITY, *map(str, args)], cwd=world.repo, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            line = self.process.stderr.readline()
            if not line:
                break
            self.said.append(line)
            found = re.search(r"(https?)://(\[?[0-9a-f.:]+\]?):(\d+)/", line)
            if found:
                self.scheme, self.host, self.port = found[1], found[2].strip("[]"), int(found[3])
                self.address = (self.host, self.port)
                threading.Thread(target=self.drain, daemon=True).start()
                return
        if not raw:
            raise AssertionError("the desk did not open:\n" + "".join(self.said))
        self.process.wait(10)

    def drain(self):
        for line in self.process.stderr:
            self.said.append(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def alive(self):
        return self.process.poll() is None

    def stop(self, wait=40):
        """The end that finishes what was begun; its exit code."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(wait)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the desk did not end within {wait} s") from None

    def kill(self):
        """The end that finishes nothing."""
        if self.alive():
            self.process.kill()
        self.process.wait()

    def memory(self):
        """Resident megabytes."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def client(self, **more):
        return Client(self, **more)

    def signed(self, post, **more):
        """A client that signed in as a post."""
        client = Client(self, **more)
        client.sign_in(post)
        return client

    def metrics(self, client):
        text = client.get("/metrics").text
        return {m[1]: float(m[2]) for m in re.finditer(r"^(\w+(?:\{[^}]*\})?) (\S+)$", text, re.M)}


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)

    def all(self, name):
        return [v for k, v in self.headers if k.lower() == name]

    def one(self, name):
        return next(iter(self.all(name)), "")

    @property
    def page(self):
        return Page(self.text)

    @property
    def h(self):
        """The entry that a form's answer leads to; none where it was recorded before, or not at all."""
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.one("location")).query)
        return query["done"][0] if self.status == 303 and "done" in query and "known" not in query else None

    def __repr__(self):
        return f"{self.status} {self.text[:200]!r}"


class Client:
    """A browser as far as the desk needs one. Nothing is followed by itself."""

    def __init__(self, desk, source=None, headers=None, tls=None, timeout=120):
        self.desk, self.source, self.timeout, self.tls = desk, source, timeout, tls
        self.cookies, self.csrf, self.post = {}, "", None
        self.headers = dict(headers or {})
        self.connection = None

    def connect(self):
        bound = (self.source, 0) if self.source else None
        if self.desk.scheme == "https":
            context = self.tls or ssl._create_unverified_context()
            return http.client.HTTPSConnection(*self.desk.address, source_address=bound, timeout=self.timeout, context=context)
        return http.client.HTTPConnection(*self.desk.address, source_address=bound, timeout=self.timeout)

    def ask(self, method, path, body=None, headers=None, again=True):
        """One request. A connection that the other side had closed meanwhile is opened once more."""
        given = {**self.headers, **(headers or {})}
        if self.cookies and "cookie" not in {k.lower() for k in given}:
            given["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        fresh = self.connection is None
        self.connection = self.connection or self.connect()
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # Whoever is refused in the middle may be told so before everything is sent.
                self.connection.request(method, path, body=body, headers=given)
            got = self.connection.getresponse()
            answer = Answer(got.status, got.getheaders(), got.read())
        except (http.client.HTTPException, OSError):
            self.close()
            if fresh or not again:
                raise
            return self.ask(method, path, body, headers, again=False)
        if got.will_close:
            self.close()
        for line in answer.all("set-cookie"):
            name, _, value = line.split(";")[0].partition("=")
            if "max-age=0" in line.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def form(self, path, fields=None, token=True, **headers):
        """A form as a page sends it; `token` False for none, a text for another one."""
        fields = dict(fields or {})
        if token:
            fields = {"csrf": self.csrf if token is True else token, **fields}
        body = urllib.parse.urlencode(fields)
        return self.taken(self.ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers}))

    def upload(self, path, fields, files, token=True, **headers):
        """A form with files: `(field, name, bytes)`; a name of bytes goes as it is."""
        fields = {"csrf": self.csrf if token is True else token, **fields} if token else fields
        kind, body = multipart(fields, files)
        return self.taken(self.ask("POST", path, body, {"Content-Type": kind, **headers}))

    def api(self, method, path, value=None, **headers):
        given = {"x-csrf-token": self.csrf, **headers} if self.csrf else dict(headers)
        if value is None:
            return self.ask(method, path, headers=given)
        return self.ask(method, path, json.dumps(value), {"Content-Type": "application/json", **given})

    def record(self, **fields):
        """One entry by the JSON interface; what is acknowledged as new is kept."""
        fields.setdefault("key", secrets.token_hex(8))
        answer = self.api("POST", "/api/v1/entries", fields)
        if answer.status == 201:
            self.desk.world.acknowledged(answer.json()["h"])
        return answer

    def taken(self, answer):
        if answer.h:
            self.desk.world.acknowledged(answer.h)
        return answer

    def sign_in(self, post, password=None):
        """Signs in by the JSON interface; the token is kept."""
        answer = self.ask("POST", "/api/v1/session", json.dumps({"post": post, "password": password or self.desk.world.passwords[post]}),
                          {"Content-Type": "application/json"})
        if answer.status != 201:
            raise AssertionError(f"{post} cannot sign in: {answer}")
        self.csrf, self.post = answer.json()["csrf"], post
        return answer

    def raw(self, data, wait=10, read=True, half=False):
        """Bytes as they are on a connection of their own; everything that comes back until it is closed or `wait` is over."""
        out = b""
        with contextlib.closing(socket.create_connection(self.desk.address, timeout=wait)) as s:
            s.sendall(data)
            if half:
                s.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while read:
                    piece = s.recv(1 << 16)
                    if not piece:
                        break
                    out += piece
        return out

    def cookie(self):
        return "; ".join(f"{k}={v}" for k, v in self.cookies.items())


class Page(html.parser.HTMLParser):
    """What a browser would make of a page: forms with their hidden fields, links, and whatever could run."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.links, self.runs, self.words, self.scripts, self.inside, self.inline = {}, [], [], "", [], None, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.inside = self.forms.setdefault(given.get("action"), {})
        if tag == "input" and self.inside is not None and given.get("type") == "hidden":
            self.inside[given.get("name")] = given.get("value") or ""
        for name in ("href", "action", "formaction", "src", "xlink:href", "data"):
            if name in given:
                self.links.append(given[name] or "")
        own = tag == "script" and (given.get("src") or "").startswith("/static/")
        if tag == "script" and not own:
            self.inline = True
            self.scripts.append("")
        if tag in ("script", "iframe", "object", "embed", "base") and not own:
            self.runs.append(tag)
        self.runs += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.runs += [f"{tag} {link}" for link in (given.get("href"), given.get("src"), given.get("action")) if re.match(r"\s*(javascript|data|vbscript):", link or "", re.I)]
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh":
            self.runs.append("refresh")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None
        self.inline = self.inline and tag != "script"

    def handle_data(self, data):
        if self.inline:
            self.scripts[-1] += data
        self.words += data


def multipart(fields, files):
    """Type and body of a form with files."""
    edge = "edge" + secrets.token_hex(12)
    body = b""
    for name, value in fields.items():
        body += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for field, name, data in files:
        name = name if isinstance(name, bytes) else name.encode()
        body += f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="'.encode() + name
        body += b'"\r\nContent-Type: application/octet-stream\r\n\r\n' + data + b"\r\n"
    return f"multipart/form-data; boundary={edge}", body + f"--{edge}--\r\n".encode()


def quantile(times, q):
    """The time below which a share of all lies, in milliseconds."""
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * q))] * 1000 if times else float("nan")


def venv(script, name, modules, packages):
    """Runs the script in an environment of its own with packages of PyPI; says so and ends where they cannot be had."""
    import importlib
    import os
    try:
        for module in modules:
            importlib.import_module(module)
        return
    except ImportError as e:
        if os.environ.get("DUBAN_VENV") == name:
            sys.exit(f"{script}: {e}: {', '.join(packages)} could not be installed: NOTHING WAS TESTED")
    home = pathlib.Path(tempfile.gettempdir()) / f"duban-{name}-venv"
    python = home / "bin" / "python"
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *packages], check=True)
    except (OSError, subprocess.CalledProcessError) as e:
        sys.exit(f"{script}: {', '.join(packages)} could not be installed ({e}): NOTHING WAS TESTED")
    os.environ["DUBAN_VENV"] = name
    os.execv(str(python), [str(python), *sys.argv])


def arguments(usage, *known):
    """Program, repository, the flags that are known, and what else was given."""
    words = [a for a in sys.argv[1:] if not a.startswith("--")]
    flags = {a for a in sys.argv[1:] if a.startswith("--")}
    if len(words) < 2 or flags - set(known):
        sys.exit(usage)
    return pathlib.Path(words[0]).resolve(), pathlib.Path(words[1]).resolve(), flags, words[2:]
