#!/usr/bin/env python3
"""Signed checkpoints against OpenSSH's own ssh-keygen: each way to go wrong has its own word.

    signatures.py DUBAN REGISTER

Signs a checkpoint over a copy of REGISTER with a fresh key, spoils it or its surroundings in
each way that there is, and compares exit, verdict and the second verifier's word. Says loudly
when ssh-keygen is not there, and ends with 1: a check that was not made is no green.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from verify import verify as second  # noqa: E402

duban, register = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
if not shutil.which("ssh-keygen"):
    sys.exit("ssh-keygen is not here; signed checkpoints were NOT checked")
top = tempfile.mkdtemp(prefix="duban-signatures-")
work = os.path.join(top, "register")
shutil.copytree(os.path.dirname(register), os.path.join(top, "all"), symlinks=True, ignore=shutil.ignore_patterns(".duban"))
work = os.path.join(top, "all", os.path.basename(register))


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, **more)


def key(name):
    path = os.path.join(top, name)
    assert run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path).returncode == 0
    with open(path + ".pub", encoding="utf-8") as public:
        return path, " ".join(public.read().split()[:2])


own, public = key("auditor")
stranger, strange = key("stranger")
folder = os.path.join(work, "log/checkpoints")
made = run(duban, "--register", work, "--lang", "en", "checkpoint", "--by", "auditor-jco", "--sign", own)
assert made.returncode == 0, made.stderr
(name,) = [n for n in os.listdir(folder) if n.endswith(".txt")]
path = os.path.join(folder, name)
with open(path, encoding="utf-8") as file:
    good = file.read()
body, signature = good[: good.index("\nend\n") + 5], good[good.index("\nend\n") + 5 :]
signers, revoked = os.path.join(folder, "allowed_signers"), os.path.join(folder, "revoked_keys")


def signed_by(other, namespace):
    text = os.path.join(top, "text")
    with open(text, "w", encoding="utf-8") as out:
        out.write(body)
    if os.path.exists(text + ".sig"):
        os.remove(text + ".sig")
    assert run("ssh-keygen", "-Y", "sign", "-q", "-f", other, "-n", namespace, text).returncode == 0
    with open(text + ".sig", encoding="utf-8") as sig:
        return body + sig.read()


right = f'auditor-jco namespaces="duban-checkpoint" {public}\n'
spoilt = signature[: len(signature) // 2] + ("A" if signature[len(signature) // 2] != "A" else "B") + signature[len(signature) // 2 + 1 :]
# what was done; the checkpoint's text; allowed_signers; revoked_keys; verdict; does the second verifier see it?
cases = [
    ("as it was made", good, right, None, "good", False),
    ("nobody's list of keys", good, None, None, "not-asked", False),
    ("the key of somebody else", signed_by(stranger, "duban-checkpoint"), right, None, "wrong-key", False),
    ("a known key under another post", good, right.replace("auditor-jco", "auditor-two"), None, "wrong-key", False),
    ("a key that was valid until 2020", good, right.replace("namespaces", 'valid-before="20200101",namespaces'), None, "expired", False),
    ("a key that is valid from 2090", good, right.replace("namespaces", 'valid-after="20900101",namespaces'), None, "expired", False),
    ("a key that was revoked", good, right, public + "\n", "revoked", False),
    ("another namespace", signed_by(own, "file"), right, None, "wrong-namespace", False),
    ("the signature taken off", body, right, None, "stripped", True),
    ("the signature taken off and `signed no`", body.replace(f"signed {good.split('signed ')[1].splitlines()[0]}", "signed no"), right, None, "unsigned", False),
    ("the signature spoilt", body + spoilt, right, None, "altered", False),
    ("the time of day changed under it", good.replace("\nat ", "\nat ").replace(":", ";", 0).replace(body, body.replace("+08:00", "+07:00")), right, None, "altered", False),
    ("a digit of the root changed", good.replace("\nroot ", "\nroot 0", 1), right, None, None, True),
]
wrong = 0
for what, text, list_of_keys, list_of_revoked, verdict, seen in cases:
    for target, content in ((path, text), (signers, list_of_keys), (revoked, list_of_revoked)):
        if content is None:
            if os.path.exists(target):
                os.remove(target)
        else:
            with open(target, "w", encoding="utf-8") as out:
                out.write(content)
    out = run(duban, "--register", work, "--lang", "en", "verify", "--no-git", "--format", "json")
    said = json.loads(out.stdout)
    got = [s["verdict"] for s in said["signatures"]]
    other = [t[0] for t in second(work)]
    expected = ([] if verdict is None else [verdict], 0 if verdict in ("good", "unsigned", "not-asked") else 1, ["altered"] if seen else [])
    if (got, out.returncode, other) != expected:
        wrong += 1
        print(f"{what}: wanted {expected}, got {(got, out.returncode, other)}: {said['rows']}", file=sys.stderr)
    if verdict == "not-asked" and "not checked" not in json.dumps(said["heard"]):
        wrong += 1
        print(f"{what}: nothing says that the signature was not checked", file=sys.stderr)
shutil.rmtree(top)
if wrong:
    sys.exit(f"{wrong} of {len(cases)} cases wrong")
print(f"signed checkpoints: {len(cases)} cases, each with its own word")
