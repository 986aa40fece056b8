#!/usr/bin/env python3
"""The forms that `check` speaks, held against public schemas and read by readers that are not ours.

Usage: forms.py DUBAN OBLIGATIONS [SCHEMAS]

OBLIGATIONS is the folder with the shipped registers; SCHEMAS holds sarif-schema-2.1.0.json and
JUnit.xsd (`DUBAN_SCHEMAS`, else ../shared/schemas beside the checkout). They are not part of this
repository: where they are absent that part is SKIPPED, loudly, and the rest is done.

Each register, whole and broken, goes through every form. The JUnit is also read by junitparser, the
SARIF by sarif-tools (PyPI; the latter with `READERS=all`), and every form must tell the same counts as the JSON, and the same
exit code. A control spoils each document and must be refused.
"""
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import xmlschema
    from junitparser import JUnitXml
except ImportError:
    if os.environ.get("DUBAN_VENV"):
        sys.exit("forms.py: the readers are not there and could not be installed")
    home = pathlib.Path(tempfile.gettempdir()) / "duban-forms-venv"
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    wanted = ["jsonschema>=4,<5", "xmlschema>=3,<5", "junitparser>=3,<5"]
    # It draws charts and brings what charts need: by hand only.
    wanted += ["sarif-tools>=2,<4"] if os.environ.get("READERS") == "all" else []
    subprocess.run([str(python), "-m", "pip", "install", "-q", *wanted], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

try:
    from sarif.loader import load_sarif_file
except ImportError:
    load_sarif_file = None
    print("SKIPPED: sarif-tools is not here (READERS=all installs it)", file=sys.stderr)

duban, shipped = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
beside = pathlib.Path(__file__).resolve().parents[3] / "shared/schemas"
schemas = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("DUBAN_SCHEMAS", beside))
own = json.loads((pathlib.Path(__file__).resolve().parents[2] / "src/emit/check.schema.json").read_text())


def public(name):
    path = schemas / name
    if path.is_file():
        return path
    print(f"SKIPPED: {name} is not in {schemas}; that form was NOT held against its public schema", file=sys.stderr)
    return None


sarif_schema, junit_schema = public("sarif-schema-2.1.0.json"), public("JUnit.xsd")
sarif_schema = sarif_schema and jsonschema.validators.validator_for(json.loads(sarif_schema.read_text()))(
    json.loads(sarif_schema.read_text())
)
junit_schema = junit_schema and xmlschema.XMLSchema(str(junit_schema))
own_schema = jsonschema.Draft202012Validator(own)


def broken(edit):
    """A copy of the shipped folder, and what was done to it."""
    top = pathlib.Path(tempfile.mkdtemp(prefix="duban-forms-"))
    shutil.copytree(shipped, top / "obligations", ignore=shutil.ignore_patterns(".duban"))
    edit(top / "obligations")
    return top / "obligations"


def replace(file, old, new):
    def edit(root):
        text = (root / file).read_text(encoding="utf-8")
        assert old in text, f"{old} in {file}"
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def both(*edits):
    return lambda root: [edit(root) for edit in edits]


def alter(root):
    file = sorted((root / "sample-city/log").rglob("*.jsonl"))[100]
    file.write_text(file.read_text(encoding="utf-8").replace('"duty":"OPN', '"duty":"OPM', 1), encoding="utf-8")


law = "opinions-2022/3-industry.yaml"
cases = [
    ("the national register", shipped, "."),
    ("the sample city", shipped, "sample-city"),
    ("no owner and a dangling link", broken(both(replace(law, "  owner:", "  ownre:"), replace(law, "- {on: OPN", "- {on: OPX"))), "."),
    ("broken YAML", broken(replace(law, "- id:", "- id: [")), "."),
    ("no usable register.yaml", broken(replace("register.yaml", "format:", "fromat:")), "."),
    ("an altered log", broken(alter), "sample-city"),
]


wrong = []


def check(ok, what):
    if not ok:
        wrong.append(what)


def told(root, register, form):
    out = subprocess.run(
        [duban, "--register", str(root / register), "check", "--lang", "en", "--format", form], capture_output=True, cwd=root.parent
    )
    return out.returncode, out.stdout.decode("utf-8")


def refused(validate, document):
    """True when a validator refuses a spoilt document."""
    try:
        validate(document)
    except Exception:
        return True
    return False


for name, root, register in cases:
    code, text = told(root, register, "json")
    document = json.loads(text)
    for error in own_schema.iter_errors(document):
        wrong.append(f"{name}: json: {error.json_path}: {error.message[:200]}")
    check(refused(own_schema.validate, {**document, "verdict": 7}), f"{name}: json: the control passed")
    levels = collections.Counter(row["level"] for row in document["rows"])
    waived = document["waived_count"]

    again, text = told(root, register, "sarif")
    check(again == code, f"{name}: sarif exits {again}, json {code}")
    document = json.loads(text)
    if sarif_schema:
        for error in sarif_schema.iter_errors(document):
            wrong.append(f"{name}: sarif: {error.json_path}: {error.message[:200]}")
        check(refused(sarif_schema.validate, {**document, "runs": 7}), f"{name}: sarif: the control passed")
    suppressed = sum(1 for run in document["runs"] for r in run["results"] if r.get("suppressions"))
    total = levels["deny"] + levels["warn"] + waived
    if load_sarif_file:
        with tempfile.NamedTemporaryFile("w", suffix=".sarif", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            read = len(load_sarif_file(file.name).get_results())
        check(read in (total, total - suppressed), f"{name}: sarif-tools counts {read}, json {dict(levels)} and {waived} waived")
    check(suppressed == waived, f"{name}: sarif suppresses {suppressed}, json waives {waived}")

    again, text = told(root, register, "junit")
    check(again == code, f"{name}: junit exits {again}, json {code}")
    if junit_schema:
        for error in junit_schema.iter_errors(text):
            wrong.append(f"{name}: junit: {error.path}: {error.reason}")
        check(refused(junit_schema.validate, text.replace("<testcase", "<testcsae", 1).replace("</testcase", "</testcsae", 1)), f"{name}: junit: the control passed")
    suites = JUnitXml.fromstring(text.encode("utf-8"))
    found = [case for suite in suites for case in suite]
    failed = sum(any(type(r).__name__ in ("Failure", "Error") for r in case.result) for case in found)
    check((failed > 0) == (code != 0), f"{name}: junitparser counts {failed} failed, exit {code}")
    check(sum(s.failures + s.errors for s in suites) == failed, f"{name}: the suites' own totals disagree with their cases")

    again, text = told(root, register, "gitlab")
    check(again == code, f"{name}: gitlab exits {again}, json {code}")
    issues = json.loads(text)
    # The form's page asks for these; severities are a closed list; fingerprints must differ.
    severities = {"info", "minor", "major", "critical", "blocker"}
    for issue in issues:
        fine = issue["description"] and issue["check_name"] and issue["severity"] in severities and issue["location"]["path"]
        check(fine and not os.path.isabs(issue["location"]["path"]) and issue["location"]["lines"]["begin"] >= 1, f"{name}: gitlab: {issue}")
    check(len({i["fingerprint"] for i in issues}) == len(issues), f"{name}: gitlab: fingerprints twice")
    check(len(issues) == total, f"{name}: gitlab tells {len(issues)}, json {dict(levels)}")

    again, text = told(root, register, "github")
    check(again == code, f"{name}: github exits {again}, json {code}")
    lines = [line for line in text.splitlines() if line.startswith(("::error", "::warning"))]
    check(bool(lines) == bool(levels["deny"] + levels["warn"]), f"{name}: github has {len(lines)} annotations")
    print(f"{name}: exit {code}, {dict(levels)}, {waived} waived, {len(found)} test cases, the same in every form")
    if root != shipped:
        shutil.rmtree(root.parent)

for line in wrong[:30]:
    print(line, file=sys.stderr)
sys.exit(1 if wrong else 0)
