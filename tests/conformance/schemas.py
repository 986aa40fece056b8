#!/usr/bin/env python3
"""Every YAML file of a register against the published schema its first line names, by a validator
that is not ours (the Python package jsonschema).

Usage: schemas.py FOLDER...        every *.yaml below, hidden folders left out
       schemas.py --control FOLDER...  breaks each file in memory in several ways instead:
                                   exit 0 only if every broken one is refused.

Prints "ok FILE" or "FILE: PATH: what is wrong"; exit 1 if anything is wrong.
"""

import copy
import json
import pathlib
import re
import sys

try:
    import yaml
    from jsonschema import Draft7Validator
except ImportError:
    import os
    import subprocess
    import tempfile

    if os.environ.get("DUBAN_VENV"):
        sys.exit("schemas.py: jsonschema and PyYAML are not there and could not be installed")
    home = pathlib.Path(os.environ.get("VENV") or pathlib.Path(tempfile.gettempdir()) / "duban-schemas-venv")
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "jsonschema>=4,<5", "PyYAML>=6,<7"], check=True)
    os.environ["DUBAN_VENV"] = str(home)
    os.execv(str(python), [str(python), *sys.argv])


class Loader(yaml.SafeLoader):
    """YAML 1.2 as registers use it: dates are words, and only true and false are truth values
    (the library's 1.1 reads the key `on` as one)."""

    yaml_implicit_resolvers = {
        c: [(tag, rx) for tag, rx in all_ if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
        for c, all_ in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(k) for k, _ in node.value]
        twice = {k for k in keys if keys.count(k) > 1}
        if twice:
            raise yaml.YAMLError(f"key twice: {sorted(map(str, twice))}")
        return super().construct_mapping(node, deep=deep)


Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))

MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$")


def files(folders):
    for folder in folders:
        root = pathlib.Path(folder)
        for path in sorted(root.rglob("*.yaml")):
            if not any(part.startswith(".") for part in path.relative_to(root).parts):
                yield path


def schema_of(path, text):
    match = MODELINE.match(text.split("\n", 1)[0])
    if not match:
        return None
    return json.loads((path.parent / match.group(1)).read_text(encoding="utf-8"))


def mappings(data):
    if isinstance(data, dict):
        yield data
        for value in data.values():
            yield from mappings(value)
    elif isinstance(data, list):
        for value in data:
            yield from mappings(value)


def broken(data):
    """Copies of the data with one thing wrong in each. The mapping is the last and the first one
    that is an item, so that a validator which looks at the beginning alone is found out."""
    yield "a list in place of a mapping or the other way round", {} if isinstance(data, list) else []
    for which in (0, -1):
        one = copy.deepcopy(data)
        item = list(mappings(one))
        if not item:
            continue
        item[which]["no_such_key"] = "x"
        yield f"an unknown key in mapping {which}", one
    for key, bad in [("id", "not an id"), ("until", "2030-2-3"), ("listed", "soon"), ("kind", "nonsense"), ("due", "soon"),
                     ("post", "Big Boss"), ("order", -1), ("required", "yes"), ("on", "OPN"), ("law", "a b")]:
        holders = [m for m in mappings(data) if key in m]
        if holders and not (key == "kind" and "unit" in data):
            one = copy.deepcopy(data)
            [m for m in mappings(one) if key in m][-1][key] = bad
            # Some words are free in one file and closed in another: only what differs in form counts.
            yield f"{key}: {bad}", one
    for key in ("title", "requirement", "name", "why", "format", "duty", "at", "code", "rule", "links"):
        holders = [m for m in mappings(data) if key in m]
        if holders:
            one = copy.deepcopy(data)
            [m for m in mappings(one) if key in m][-1][key] = None
            yield f"{key} is empty", one




def main():
    args = sys.argv[1:]
    control = args[:1] == ["--control"]
    folders = args[1:] if control else args
    count = bad = tried = 0
    for path in files(folders):
        count += 1
        text = path.read_text(encoding="utf-8")
        schema = schema_of(path, text)
        if schema is None:
            print(f"{path}: no schema is named on the first line")
            bad += 1
            continue
        Draft7Validator.check_schema(schema)
        validator = Draft7Validator(schema)
        try:
            data = yaml.load(text, Loader)
        except yaml.YAMLError as e:
            print(f"{path}: {e}")
            bad += 1
            continue
        if control:
            name = schema["title"].split()[1].rsplit("/", 1)[-1]
            for what, one in broken(data):
                if name == "departments.yaml:" and what.startswith("kind"):
                    continue
                if what.startswith("id: ") and name in ("PART.yaml:", "clauses.yaml:") and not closed_id(data):
                    continue
                tried += 1
                if not list(validator.iter_errors(one)):
                    print(f"{path}: passed although broken: {what}")
                    bad += 1
            continue
        errors = sorted(validator.iter_errors(data), key=lambda e: list(map(str, e.absolute_path)))
        for e in errors:
            print(f"{path}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}")
        bad += bool(errors)
        if not errors:
            print(f"ok {path}")
    if count == 0 or control and tried < 2 * count:
        sys.exit("schemas.py: nothing was looked at")
    print(f"{count} files, {tried} broken copies, {bad} wrong" if control else f"{count} files, {bad} wrong")
    sys.exit(1 if bad else 0)


def closed_id(data):
    """Is the last `id` of the file one of a closed form? An indicator's is free."""
    last = [m for m in mappings(data) if "id" in m][-1]
    return "name" not in last


main()
