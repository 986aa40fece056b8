#!/usr/bin/env python3
"""What `duban export oscal` and `duban export ciso` write, by readers that are not ours.

Usage: exchange_oscal.py DUBAN OBLIGATIONS [SCHEMAS]

DUBAN is the program, OBLIGATIONS the national register with its sample below, SCHEMAS a folder with
the public OSCAL JSON Schemas (`DUBAN_SCHEMAS`, else ../shared/schemas beside the checkout; not kept in this repository). A missing
folder or schema is said loudly, SKIPPED, and the rest is done: trestle, references, counts.

1. Every file twice, byte for byte, in each language.
2. OSCAL files by the JSON Schemas, with the patterns' \\p{L} read by the package `regex`.
3. OSCAL files by compliance-trestle: init --local, import, validate -a. Its release must read the
   version that we write.
4. What neither sees: control ids twice, references that lead nowhere, counts against `list`.
5. The CISO Assistant library by PyYAML and the rules of its loader.
6. The same of a register full of hostile words, double ids and dangling names.
7. Catalogue → policy → catalogue: as many obligations, the same ids and titles.

Each check has controls: files broken on purpose that it must refuse. Exit 1 if anything is wrong.
"""

import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

PACKAGES = ["compliance-trestle>=5.2,<6", "jsonschema[format-nongpl]>=4,<5", "PyYAML>=6,<7", "regex"]
AS_OF = "2026-10-31"
SCHEMA = {
    "catalog": "oscal_catalog_schema.json",
    "component-definition": "oscal_component_schema.json",
    "assessment-results": "oscal_assessment-results_schema.json",
    "plan-of-action-and-milestones": "oscal_poam_schema.json",
    "mapping-collection": "oscal_mapping_schema.json",
}

try:
    import regex
    import yaml
    from jsonschema import Draft7Validator, FormatChecker, ValidationError, validators
    from trestle.oscal import OSCAL_VERSION
except ImportError:
    if os.environ.get("DUBAN_VENV"):
        sys.exit(f"exchange_oscal.py: {', '.join(PACKAGES)} are not there and could not be installed")
    home = pathlib.Path(os.environ.get("VENV") or pathlib.Path(tempfile.gettempdir()) / "duban-oscal-venv")
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])

wrong = []


def say(text):
    print(text, flush=True)


def fail(text):
    wrong.append(text)
    say(f"WRONG {text}")


def run(*args, ok=(0,), **more):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True, **more)
    if done.returncode not in ok:
        raise RuntimeError(f"{' '.join(map(str, args))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


# ---- JSON Schema -------------------------------------------------------------------------------


def pattern(_, pattern, instance, __):
    if isinstance(instance, str) and not regex.search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


class Schemas:
    def __init__(self, folder):
        kind = validators.extend(Draft7Validator, {"pattern": pattern})
        self.all = {}
        for key, name in SCHEMA.items():
            path = folder / name
            if not path.exists():
                print(f"SKIPPED: {name} is not in {folder}; OSCAL was NOT held against its public schemas", file=sys.stderr)
                self.all = None
                return
            self.all[key] = kind(json.loads(path.read_text(encoding="utf-8")), format_checker=FormatChecker())

    def errors(self, doc):
        if self.all is None:
            return []
        keys = [k for k in doc if k != "$schema"]
        if len(keys) != 1 or keys[0] not in self.all:
            return [f"no OSCAL document that we know: {keys}"]
        found = self.all[keys[0]].iter_errors(doc)
        return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in found]


# ---- what neither schema nor trestle sees ------------------------------------------------------


def walk(value, path=()):
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from walk(one, (*path, key))


def controls_of(doc):
    """Ids of every control, and of every part, in order."""
    ids, parts = [], []
    for path, value in walk(doc.get("catalog", {})):
        if isinstance(value, dict) and len(path) > 1 and path[-2] == "controls":
            ids.append(value.get("id"))
        if isinstance(value, dict) and len(path) > 1 and path[-2] == "parts":
            parts.append(value.get("id"))
    return ids, parts


UUID_REFS = {"party-uuids", "subject-uuid", "observation-uuid", "risk-uuid", "finding-uuid", "actor-uuid"}


def references(docs):
    """Everything wrong between the files of one export; `docs` by file name."""
    found = []
    known = {name: controls_of(doc) for name, doc in docs.items() if "catalog" in doc}
    main, statements = known.get("catalog.json", ([], []))
    for name, (ids, parts) in known.items():
        groups = [v["id"] for p, v in walk(docs[name]) if isinstance(v, dict) and len(p) > 1 and p[-2] == "groups"]
        for what, all_ in (("control id", ids), ("part id", parts), ("group id", groups)):
            for one in sorted({str(i) for i in all_ if all_.count(i) > 1}):
                found.append(f"{name}: {what} twice: {one}")
        overlap = set(ids) & set(groups)
        if overlap:
            found.append(f"{name}: an id of group and control: {sorted(overlap)}")
    for name, doc in docs.items():
        uuids = {}
        for path, value in walk(doc):
            if path and path[-1] == "uuid":
                if value in uuids:
                    found.append(f"{name}: uuid twice: {value} at {path} and {uuids[value]}")
                uuids[value] = path
        own = set(known.get(name, ([], []))[0])
        for path, value in walk(doc):
            if not path or not isinstance(value, str):
                continue
            at = f"{name}:{'/'.join(map(str, path))}"
            key = path[-1] if isinstance(path[-1], str) else path[-2]
            if key in UUID_REFS and value not in uuids:
                found.append(f"{at}: leads nowhere: {value}")
            if key == "control-id" and value not in main:
                found.append(f"{at}: no such control: {value}")
            if key == "with-ids" or key == "id-ref":
                side = mapping_side(doc, path)
                if value not in known.get(side, ([], []))[0]:
                    found.append(f"{at}: {side} has no control {value}")
            if key == "target-id" and value not in statements:
                found.append(f"{at}: no such statement: {value}")
            if key in ("href", "source"):
                file, _, fragment = value.partition("#")
                if file and file not in docs:
                    found.append(f"{at}: no such file: {file}")
                elif fragment and fragment not in (set(known.get(file, ([], []))[0]) if file else own | set(uuids)):
                    found.append(f"{at}: leads nowhere: {value}")
    return found


def mapping_side(doc, path):
    """The file that an id of a mapping points into."""
    mapping = doc["mapping-collection"]["mappings"][path[2]]
    source = "sources" in path or "source-gap-summary" in path
    return mapping["source-resource" if source else "target-resource"]["href"]


def counts(docs, listed, register):
    found = []
    rows = listed["rows"]
    obligations = {r["id"] for r in rows}
    ids, _ = controls_of(docs["catalog.json"])
    results = docs["assessment-results.json"]["assessment-results"]["results"][0]
    leads = 0
    for c in docs["component-definition.json"]["component-definition"]["components"]:
        for i in c["control-implementations"]:
            role = next(p["value"] for p in i["props"] if p["name"] == "role")
            leads += len(i["implemented-requirements"]) if role == "lead" else 0
    for what, have, want in (
        ("controls", len(ids), len(obligations)),
        ("findings", len(results["findings"]), len(rows)),
        ("lead requirements", leads, len(rows)),
    ):
        if have != want:
            found.append(f"{register}: {have} {what}, `list` has {want}")
    light = {f"{r['assignment']}": (r["status"], r["light"]) for r in rows}
    for f in results["findings"]:
        props = {p["name"]: p["value"] for p in f["props"]}
        if light.get(props["assignment"]) != (props["status"], props["light"]):
            found.append(f"{register}: {props['assignment']} is {props['status']} {props['light']}, `list` says otherwise")
        state = f["target"]["status"]["state"]
        if state == "satisfied" and (props["status"] not in ("closed", "operating") or props["light"] == "red"):
            found.append(f"{register}: {props['assignment']} is satisfied and {props['status']} {props['light']}")
    return found


# ---- trestle -----------------------------------------------------------------------------------


class Trestle:
    """A workspace of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.program = pathlib.Path(sys.executable).parent / "trestle"
        folder.mkdir(parents=True)
        run(self.program, "init", "--local", cwd=folder)

    def brings(self, path, name):
        done = subprocess.run([str(self.program), "import", "-f", str(path), "-o", name], cwd=self.folder, capture_output=True, text=True)
        return done.returncode == 0, done.stdout + done.stderr

    def validates(self):
        done = subprocess.run([str(self.program), "validate", "-a"], cwd=self.folder, capture_output=True, text=True)
        return done.returncode == 0, done.stdout + done.stderr


# ---- CISO Assistant ----------------------------------------------------------------------------

URN = re.compile(r"^urn:([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+):([a-zA-Z0-9_-]+)(?::([a-zA-Z0-9_-]+))?:([0-9A-Za-z\[\]()\-._:]+)$")
LIMITS = {"urn": 255, "ref_id": 100, "name": 200, "provider": 200, "packager": 100, "copyright": 4096}
RELATIONS = {"subset", "intersect", "equal", "superset", "not_related"}


def ciso(text):
    """What the loader of CISO Assistant would object to, or silently get wrong."""
    found = []
    library = yaml.safe_load(text)
    if not isinstance(library, dict):
        return ["not a mapping"]
    missing = {"urn", "name", "version", "objects", "ref_id", "locale"} - set(library)
    if missing:
        return [f"missing: {sorted(missing)}"]
    if type(library["version"]) is not int or not 0 < library["version"] < 2**31:
        found.append(f"version is no integer: {library['version']!r}")
    urns = {}

    def one(node, what):
        urn = node.get("urn")
        if not isinstance(urn, str) or not URN.match(urn) or urn != urn.lower() or not urn.isascii():
            found.append(f"{what}: bad urn {urn!r}")
        elif urn.lower() in urns:
            found.append(f"{what}: urn twice {urn}")
        urns[str(urn).lower()] = what
        for key, most in LIMITS.items():
            value = node.get(key)
            if value is not None and (not isinstance(value, str) or not 0 < len(value) <= most):
                found.append(f"{what}: {key} is {value!r:.80}")

    one(library, "library")
    objects = library["objects"]
    frameworks = objects.get("frameworks") or ([objects["framework"]] if "framework" in objects else [])
    if not frameworks:
        found.append("no framework")
    nodes = {}
    for f in frameworks:
        if missing := {"ref_id", "urn"} - set(f):
            found.append(f"framework: missing {sorted(missing)}")
        one(f, "framework")
        if not f.get("requirement_nodes"):
            found.append(f"{f.get('urn')}: no requirement nodes")
        before = {}
        for n in f.get("requirement_nodes", []):
            one(n, "node")
            if type(n.get("assessable")) is not bool or type(n.get("depth")) is not int:
                found.append(f"{n['urn']}: assessable and depth are {n.get('assessable')!r}, {n.get('depth')!r}")
            parent = n.get("parent_urn")
            if parent is None and n["depth"] != 1:
                found.append(f"{n['urn']}: depth {n['depth']} without parent")
            if parent is not None and before.get(parent.lower()) != n["depth"] - 1:
                found.append(f"{n['urn']}: parent {parent} is not there before it, one level up")
            before[n["urn"].lower()] = n["depth"]
        nodes[f["urn"].lower()] = set(before)
    for m in objects.get("requirement_mapping_sets", []):
        if missing := {"urn", "name", "source_framework_urn", "target_framework_urn"} - set(m):
            found.append(f"mapping set: missing {sorted(missing)}")
            continue
        one(m, "mapping set")
        if not m.get("requirement_mappings"):
            found.append(f"{m['urn']}: no mappings")
        if m["source_framework_urn"] == m["target_framework_urn"]:
            found.append(f"{m['urn']}: source and target are the same")
        pairs = set()
        for r in m.get("requirement_mappings", []):
            for side in ("source", "target"):
                if str(r.get(f"{side}_requirement_urn")).lower() not in nodes.get(m[f"{side}_framework_urn"].lower(), set()):
                    found.append(f"{m['urn']}: {side} {r.get(f'{side}_requirement_urn')} is no node of its framework")
            if r.get("relationship") not in RELATIONS:
                found.append(f"{m['urn']}: relationship {r.get('relationship')!r}")
            if not 0 <= r.get("strength_of_relationship", 0) <= 10:
                found.append(f"{m['urn']}: strength {r['strength_of_relationship']}")
            pair = (r.get("source_requirement_urn"), r.get("target_requirement_urn"))
            if pair in pairs:
                found.append(f"{m['urn']}: pair twice {pair}")
            pairs.add(pair)
    return found


# ---- controls ----------------------------------------------------------------------------------


def refused(what, checks):
    """A control: at least one check must object."""
    said = [one for one in checks if one]
    if said:
        say(f"ok    control {what}: {said[0][0][:110]}")
    else:
        fail(f"control {what}: nobody objected")


def first(doc, key):
    """The first mapping under a list of that name, and its list."""
    for path, value in walk(doc):
        if path and path[-1] == key and isinstance(value, list):
            return value
    raise KeyError(key)


def controls(schemas, docs):
    def broken(name, change):
        changed = copy.deepcopy(docs)
        change(changed[name])
        return changed

    def schema(what, name, change):
        refused(f"schema: {what}", [schemas.errors(broken(name, change)[name])])

    if schemas.all is None:
        schema = lambda *_: None  # noqa: E731
    schema("a field that OSCAL has not", "catalog.json", lambda d: d["catalog"].update({"extra": 1}))
    schema("no title", "catalog.json", lambda d: first(d, "controls")[0].pop("title"))
    schema("a control id with a blank", "catalog.json", lambda d: first(d, "controls")[0].update({"id": "OPN 1"}))
    schema("a day without time", "poam.json", lambda d: first(d, "risks")[0].update({"deadline": "2026-01-01"}))
    schema("a uuid that is none", "mapping.json", lambda d: first(d, "maps")[0].update({"uuid": "x"}))
    schema("a state of our own", "assessment-results.json", lambda d: first(d, "findings")[0]["target"]["status"].update({"state": "operating"}))
    schema("nothing implemented", "component-definition.json", lambda d: first(d, "control-implementations")[0].pop("implemented-requirements"))

    def ours(what, name, change):
        refused(f"references: {what}", [references(broken(name, change))])

    ours("a control id twice", "catalog.json", lambda d: first(d, "controls").append(copy.deepcopy(first(d, "controls")[0])))
    ours("a link to no control", "catalog.json", lambda d: first(d, "links")[0].update({"href": "#OPN-9.99"}))
    ours("an implemented control that is not there", "component-definition.json", lambda d: first(d, "implemented-requirements")[0].update({"control-id": "OPN-9.99"}))
    ours("a source that is not there", "component-definition.json", lambda d: first(d, "control-implementations")[0].update({"source": "other.json"}))
    ours("a party that is not there", "component-definition.json", lambda d: first(d, "responsible-roles")[0].update({"party-uuids": ["0" * 8]}))
    ours("a finding about no statement", "assessment-results.json", lambda d: first(d, "findings")[0]["target"].update({"target-id": "OPN-9.99_smt"}))
    ours("an assessment plan that is not there", "assessment-results.json", lambda d: d["assessment-results"]["import-ap"].update({"href": "#x"}))
    ours("a risk that is not there", "poam.json", lambda d: first(d, "related-risks")[0].update({"risk-uuid": "x"}))
    ours("a uuid twice", "poam.json", lambda d: first(d, "risks")[1].update({"uuid": first(d, "risks")[0]["uuid"]}))
    ours("an article that is not there", "mapping.json", lambda d: first(d, "targets")[0].update({"id-ref": "AFL-999"}))
    ours("a gap that is no control", "mapping.json", lambda d: first(d, "with-ids").append("OPN-9.99"))


def ciso_controls(text):
    library = yaml.safe_load(text)

    def broken(what, change):
        changed = copy.deepcopy(library)
        change(changed)
        refused(f"ciso: {what}", [ciso(json.dumps(changed))])

    nodes = lambda d: d["objects"]["frameworks"][0]["requirement_nodes"]
    broken("no objects", lambda d: d.pop("objects"))
    broken("a version that is a text", lambda d: d.update({"version": "1"}))
    broken("a urn with Chinese", lambda d: nodes(d)[3].update({"urn": nodes(d)[3]["urn"] + "之一"}))
    broken("a urn twice but for its case", lambda d: nodes(d)[3].update({"urn": nodes(d)[2]["urn"].upper()}))
    broken("a urn twice", lambda d: nodes(d)[3].update({"urn": nodes(d)[2]["urn"]}))
    broken("a parent that is not there", lambda d: nodes(d)[3].update({"parent_urn": "urn:duban:risk:req_node:x:y"}))
    broken("no node", lambda d: d["objects"]["frameworks"][0].update({"requirement_nodes": []}))
    broken("a relationship of our own", lambda d: d["objects"]["requirement_mapping_sets"][0]["requirement_mappings"][0].update({"relationship": "implements"}))
    broken("a mapping to no node", lambda d: d["objects"]["requirement_mapping_sets"][0]["requirement_mappings"][0].update({"target_requirement_urn": "urn:duban:risk:req_node:x:y"}))


# ---- the whole ---------------------------------------------------------------------------------


def exported(duban, register, lang, kind, folder):
    run(duban, "--register", register, "--as-of", AS_OF, "--lang", lang, "export", kind, "--out", folder)
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir())}


def trestle_all(work, name, folder):
    space = Trestle(work / f"trestle-{name}")
    for path in sorted(folder.glob("*.json")):
        good, told = space.brings(path, path.stem)
        if not good:
            fail(f"trestle import {name} {path.name}: {told[-500:]}")
    good, told = space.validates()
    valid = told.count("VALID") - told.count("INVALID")
    if not good or "INVALID" in told or valid < len(list(folder.glob("*.json"))):
        fail(f"trestle validate {name}: {told[-800:]}")
    else:
        say(f"ok    trestle {name}: {valid} documents imported and valid")


def trestle_controls(work, docs):
    """Broken files that trestle must refuse at import."""
    space = Trestle(work / "trestle-control")

    def broken(what, name, change):
        changed = copy.deepcopy(docs[name])
        change(changed)
        path = work / f"control-{name}"
        path.write_text(json.dumps(changed), encoding="utf-8")
        good, told = space.brings(path, re.sub("[^a-z]", "-", what))
        refused(f"trestle: {what}", [[] if good else [told.strip().splitlines()[-1] if told.strip() else "refused"]])

    broken("a control without title", "catalog.json", lambda d: first(d, "controls")[0].pop("title"))
    broken("a uuid twice", "poam.json", lambda d: first(d, "risks")[1].update({"uuid": first(d, "risks")[0]["uuid"]}))
    broken("a mapping without sources", "mapping.json", lambda d: first(d, "maps")[0].pop("sources"))


HOSTILE = {
    "register.yaml": 'format: duban/1\nunit: {code: 示例, name: {zh: "示例\\u0007市"}}\nlanguages: [zh]\ntime_zone: "+08:07"\npolicies: [tny]\nlaws: [law/l.yaml]\n',
    "departments.yaml": 'bodies:\n  - {id: D-A, name: {zh: "甲\\n局\\u2028"}, role: "a\\u0085b"}\n',
    "plan.yaml": "- {duty: TNY-1.01@D-A, person: x, due: 3050-01-01}\n",
    "law/l.yaml": 'id: OBLIGATIONS\nname: "法<b>"\narticles:\n  - {no: "1 之 一", topic: "\\u200bx"}\n  - {no: "=", topic: "12:30"}\n',
    "law/crosswalk.yaml": '- duty: TNY-1.01\n  links:\n    - {law: OBLIGATIONS, article: "1 之 一", relation: implements, confidence: high}\n'
    '    - {law: OBLIGATIONS, article: "9", relation: refines}\n    - {law: NONE, article: "1", relation: related}\n',
    "tny/policy.yaml": "code: TNY\ntitle: {zh: 小政策}\nlisted: 2026-01-01\nparts:\n  - {id: TNY-1, file: 1-part.yaml, title: {zh: 正文}}\n",
    "tny/1-part.yaml": '''- id: TNY-1.01
  title: {zh: "引号“\\"'`与\\u0007控制\\u2028符 * _ <b> %s", en: "{{ insert: param, x }}"}
  requirement: {zh: "第一行\\n第二行\\u0000", en: "on"}
  kind: action
  modality: must
  owner: {mode: by-remit, lead: [D-A, D-GONE], support: [D-A, D-OTHER]}
  needs: [{on: TNY-1.02, kind: requires, why: {zh: "因为\\t如此"}}, {on: TNY-1.01, kind: feeds}]
  indicators: [{id: "指 标", name: x}]
  foreign_id: " a\\nb "
  recurrence: one-off
- id: TNY-1.01
  title: {zh: 编号重复}
  requirement: {zh: 编号重复}
  kind: action
  modality: must
  recurrence: one-off
- id: TNY-1.02
  title: {zh: 读不出来}
  kind: action
''' % ("长" * 3000),
}


def hostile(duban, work, schemas):
    """A register full of what no form likes, with an obligation that cannot be read: told, and still valid."""
    register = work / "hostile"
    for name, text in HOSTILE.items():
        path = register / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for kind in ("oscal", "ciso"):
        folder = work / f"hostile-{kind}"
        run(duban, "--register", register, "--as-of", AS_OF, "--lang", "both", "export", kind, "--out", folder, ok=(1,))
        found = []
        if kind == "oscal":
            docs = {p.name: json.loads(p.read_text(encoding="utf-8")) for p in folder.iterdir()}
            found = [f"{n}: {e}" for n, d in docs.items() for e in schemas.errors(d)] + references(docs)
            trestle_all(work, "hostile", folder)
            lost = [d[next(iter(d))]["metadata"].get("remarks", "") for d in docs.values()]
            if "OBLIGATIONS:9" not in json.dumps(docs.get("mapping.json", {})):
                found.append("a link to no article is not told")
        else:
            library = (folder / "ciso-assistant.yaml").read_text(encoding="utf-8")
            found = ciso(library)
            lost = [yaml.safe_load(library)["description"]]
        found += [f"{kind}: the unreadable obligation is not told" for text in lost if "TNY-1.02" not in text]
        for one in found[:10]:
            fail(f"hostile {kind}: {one}")
        if not found:
            say(f"ok    hostile {kind}: valid, and what is missing is told")


def titles(doc):
    return {v["id"]: v["title"] for p, v in walk(doc) if isinstance(v, dict) and len(p) > 1 and p[-2] == "controls"}


def round_trip(duban, work, register, docs):
    """Every control of the catalogue comes back under its id and title."""
    for lang in ("zh", "both"):
        folder = work / f"trip-{lang}"
        exported(duban, register, lang, "oscal", folder / "out")
        run(duban, "import", "oscal", folder / "out" / "catalog.json", "--out", folder / "in")
        settings = 'format: duban/1\nunit: {code: CN, name: 全国}\nlanguages: [zh, en]\npolicies: ['
        (folder / "in" / "register.yaml").write_text(settings + ", ".join(sorted(p.name for p in (folder / "in").iterdir() if p.is_dir())) + "]\n", encoding="utf-8")
        run(duban, "--register", folder / "in", "--as-of", AS_OF, "--lang", lang, "export", "oscal", "--out", folder / "again")
        want = titles(json.loads((folder / "out" / "catalog.json").read_text(encoding="utf-8")))
        have = titles(json.loads((folder / "again" / "catalog.json").read_text(encoding="utf-8")))
        if want != have:
            fail(f"round trip {lang}: {len(want)} out, {len(have)} back, {sorted(set(want.items()) ^ set(have.items()))[:4]}")
        else:
            say(f"ok    round trip {lang}: {len(want)} controls out and back, ids and titles equal")
        told = subprocess.run([str(duban), "--register", str(folder / "in"), "check", "--format", "json"], capture_output=True, text=True)
        rules = [f["rule"] for f in json.loads(told.stdout)["rows"]]
        if told.returncode != 1 or rules.count("O001") != len(want):
            fail(f"round trip {lang}: check says exit {told.returncode}, {rules.count('O001')} without owner of {len(want)}")
        elif set(rules) - {"O001"} and any(r.startswith("E") for r in rules):
            fail(f"round trip {lang}: check says {sorted(set(rules))}")


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    duban, obligations = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    schemas = Schemas(pathlib.Path(sys.argv[3] if len(sys.argv) == 4 else os.environ.get("DUBAN_SCHEMAS", pathlib.Path(__file__).resolve().parents[3] / "shared/schemas")))
    work = pathlib.Path(tempfile.mkdtemp(prefix="duban-oscal-"))
    try:
        registers = {"national": obligations, "sample-city": obligations / "sample-city"}
        kept = {}
        for name, register in registers.items():
            listed = json.loads(run(duban, "--register", register, "--as-of", AS_OF, "list", "--format", "json"))
            for lang in ("zh", "en", "both"):
                folder = work / f"{name}-{lang}"
                files = exported(duban, register, lang, "oscal", folder)
                if files != exported(duban, register, lang, "oscal", work / "again" / f"{name}-{lang}"):
                    fail(f"{name} {lang}: two runs differ")
                docs = {n: json.loads(b) for n, b in files.items()}
                found = [f"{n}: {e}" for n, d in docs.items() for e in schemas.errors(d)]
                found += references(docs) + counts(docs, listed, name)
                for one in found[:10]:
                    fail(f"{name} {lang}: {one}")
                versions = {d[next(iter(d))]["metadata"]["oscal-version"] for d in docs.values()}
                if versions != {OSCAL_VERSION}:
                    fail(f"{name}: we write OSCAL {versions}, this trestle reads {OSCAL_VERSION}")
                if not found:
                    say(f"ok    {name} {lang}: {len(docs)} files by {'schema, ' if schemas.all else ''}references and counts")
                kept[name, lang] = docs
                text = exported(duban, register, lang, "ciso", work / f"{name}-{lang}-ciso")
                for file, data in text.items():
                    found = ciso(data.decode())
                    for one in found[:10]:
                        fail(f"{name} {lang} {file}: {one}")
                    if not found:
                        say(f"ok    {name} {lang} {file}: loads")
                    library = data.decode()
            trestle_all(work, name, work / f"{name}-both")
        hostile(duban, work, schemas)
        controls(schemas, kept["sample-city", "both"])
        trestle_controls(work, kept["sample-city", "both"])
        ciso_controls(library)
        round_trip(duban, work, obligations, kept)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if wrong:
        sys.exit(f"{len(wrong)} wrong")
    say(f"all right; trestle reads OSCAL {OSCAL_VERSION}, the version written")


if __name__ == "__main__":
    main()
