#!/usr/bin/env python3
"""The language server, held against the protocol's types as others have them.

Usage: lsp.py DUBAN OBLIGATIONS

Everything that `duban lsp` says in a session over a copy of the shipped registers is read with
lsprotocol (PyPI; the types behind pygls, made from the protocol's official model) and written out
again: a field that is missing, misspelt, of another type or unknown there shows as a difference.
A control spoils each kind of message and must be seen.
"""
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    from lsprotocol import converters, types
except ImportError:
    if os.environ.get("DUBAN_VENV"):
        sys.exit("lsp.py: lsprotocol is not there and could not be installed")
    home = pathlib.Path(tempfile.gettempdir()) / "duban-lsp-venv"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "lsprotocol>=2025"], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

CONVERTER = converters.get_converter()
SEEN = {}


def read_as(kind, message):
    """The message as the type has it, written out again; what differs is a mistake."""
    value = CONVERTER.structure(message, kind)
    back = json.loads(json.dumps(CONVERTER.unstructure(value, unstructure_as=kind)))
    if bare(back) != bare(message):
        raise ValueError(f"{json.dumps(message, ensure_ascii=False)[:600]}\n  reads as\n{json.dumps(back, ensure_ascii=False)[:600]}")


def bare(value):
    """`null` and absent are told apart nowhere but in a result."""
    if isinstance(value, dict):
        return {k: bare(v) for k, v in value.items() if v is not None}
    return [bare(v) for v in value] if isinstance(value, list) else value


def hold(method, message):
    """One message of the server: an answer, a notification or a request of its own."""
    if "error" in message:
        kind = types.ResponseErrorMessage
    elif "method" in message:
        kind = types.METHOD_TO_TYPES[message["method"]][0]
    else:
        kind = types.METHOD_TO_TYPES[method][1]
    read_as(kind, message)
    SEEN.setdefault(f"{method or ''} {kind.__name__}".strip(), (kind, message))


class Session:
    """A client that only sends what it is told to."""

    def __init__(self, duban, root):
        self.root, self.id, self.told = root, 0, {}
        self.proc = subprocess.Popen([duban, "--lang", "both", "--as-of", "2026-10-31", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)

    def uri(self, path):
        return (self.root / path).as_uri()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.proc.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.proc.stdin.flush()

    def hear(self, method=None):
        size = 0
        while (line := self.proc.stdout.readline().strip()) or not size:
            if not line:
                sys.exit("lsp.py: the server is gone")
            size = int(line.split(b":")[1])
        message = json.loads(self.proc.stdout.read(size))
        hold(None if "method" in message else method, message)
        if message.get("method") == "textDocument/publishDiagnostics":
            self.told[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def ask(self, method, params):
        self.id += 1
        self.send({"id": self.id, "method": method, "params": params})
        while True:
            message = self.hear(method)
            if message.get("id") == self.id and "method" not in message:
                return message

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def open(self, path, text=None):
        text = (self.root / path).read_text() if text is None else text
        self.tell("textDocument/didOpen", {"textDocument": {"uri": self.uri(path), "languageId": "yaml", "version": 1, "text": text}})
        return text

    def at(self, path, text, needle, on=1):
        byte = text.index(needle) + on
        line = text.count("\n", 0, byte)
        column = len(text[text.rfind("\n", 0, byte) + 1 : byte].encode("utf-16-le")) // 2
        return {"textDocument": {"uri": self.uri(path)}, "position": {"line": line, "character": column}}


def talk(s):
    """Every request there is, over whole and broken texts."""
    capabilities = {
        "textDocument": {"publishDiagnostics": {"relatedInformation": True}},
        "workspace": {"workspaceEdit": {"documentChanges": True}, "didChangeWatchedFiles": {"dynamicRegistration": True}},
    }
    s.ask("initialize", {"processId": None, "rootUri": s.uri(""), "capabilities": capabilities})
    s.tell("initialized", {})
    part = "opinions-2022/3-industry.yaml"
    text = s.open(part)
    broken = text.replace("lead: [DEP-NDRC]", "lead: [DEP-", 1).replace("- id: OPN-3.03", "- id: OPN-3.02", 1).replace("[FIN, TEL, NET]", "[FIM, TEL, NET]", 1)
    plan = s.open("sample-city/plan.yaml")
    cross = s.open("law/crosswalk.yaml")
    waivers = s.open("waivers.yaml")
    departments = s.open("departments.yaml")
    for place in [
        s.at(part, text, "- id: OPN-3.18", 8), s.at(part, text, "DEP-MIIT"), s.at(part, text, "type: policy-doc", 8), s.at(part, text, "kind: build", 8),
        s.at("sample-city/plan.yaml", plan, "@CITY", 3), s.at("law/crosswalk.yaml", cross, '"6"'), s.at("waivers.yaml", waivers, "O002\n", 2), s.at(part, text, "#"),
    ]:
        for method in ["hover", "definition", "completion", "prepareRename"]:
            s.ask(f"textDocument/{method}", place)
        s.ask("textDocument/references", {**place, "context": {"includeDeclaration": True}})
        s.ask("textDocument/rename", {**place, "newName": "DEP-NEW"})
    s.ask("textDocument/rename", {**s.at("departments.yaml", departments, "DEP-MIIT"), "newName": "DEP-IND"})
    for path in [part, "sample-city/plan.yaml", "departments.yaml"]:
        s.ask("textDocument/documentSymbol", {"textDocument": {"uri": s.uri(path)}})
    s.tell("textDocument/didChange", {"textDocument": {"uri": s.uri(part), "version": 2}, "contentChanges": [{"text": broken}]})
    s.ask("textDocument/completion", s.at(part, broken, "lead: [DEP-\n", 11) if "lead: [DEP-\n" in broken else s.at(part, broken, "lead: [DEP-", 11))
    while not any(d.get("code") == "E008" for d in s.told.get(s.uri(part), [])):
        s.hear()
    full = {"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}}
    s.ask("textDocument/codeAction", {"textDocument": {"uri": s.uri(part)}, "range": full, "context": {"diagnostics": []}})
    s.ask("textDocument/unheardOf", {})
    s.ask("shutdown", None)
    s.tell("exit", None)
    return s.proc.wait(10)


def spoilt(message):
    """The message with its first number turned into a word, or a key misspelt."""
    message = copy.deepcopy(message)
    body = "params" if "params" in message else "result" if "result" in message else "error"
    part = message[body]
    while isinstance(part, list) and part:
        part = part[0]
    if isinstance(part, dict) and part:
        part["zzz"] = part.pop(next(iter(part)))
        return message
    return None


def main():
    duban, obligations = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve() / "w"
        shutil.copytree(obligations, root)
        code = talk(Session(str(duban), root))
    if code:
        sys.exit(f"lsp.py: exit code {code}")
    blind = []
    for name, (kind, message) in SEEN.items():
        bad = spoilt(message)
        if bad is None:
            continue
        try:
            read_as(kind, bad)
            blind.append(name)
        except Exception:
            pass
    if blind:
        sys.exit(f"lsp.py: spoilt messages were taken: {blind}")
    print(f"lsp.py: {len(SEEN)} kinds of messages read by lsprotocol as they were written")
    for name in SEEN:
        print("  ", name)


main()
