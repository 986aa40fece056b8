#!/usr/bin/env python3
"""Attempts that must fail, and do: by people with an account, by pages elsewhere, by programs on the wire.

Usage: attacks.py DUBAN REPOSITORY [PART…]

Parts: rights, forgery, content, wire, doors; all when none is named. Each attempt has a lawful
twin that works, so that no refusal is one of everything. At the end the log holds exactly what was
acknowledged. Needs nothing but Python, git and openssl.
"""
import importlib
import sys
import traceback

import desk
from attack.scene import Scene, city

PARTS = ["rights", "forgery", "content", "wire", "doors"]


def main():
    duban, repository, _, parts = desk.arguments(__doc__)
    told = desk.Told("attacks")
    unknown = set(parts) - set(PARTS)
    if unknown:
        sys.exit(f"no such part: {', '.join(unknown)}")
    for part in parts or PARTS:
        module = importlib.import_module(f"attack.{part}")
        with city(duban, repository) as world, world.open("--upload", "1") as open_:
            scene = Scene(told, world, open_)
            for attempt in module.ALL:
                print(f"— {part}: {attempt.__name__.replace('_', ' ')}", flush=True)
                try:
                    attempt(scene)
                except Exception:
                    told(False, f"{part}: {attempt.__name__} could not be made", traceback.format_exc())
            ended(scene)
    told.end()


def ended(scene):
    """After all of it: the desk is well, the log is whole, nothing secret was written down."""
    told, world = scene.told, scene.world
    if told(scene.desk.alive(), "the desk is still open"):
        metrics = scene.desk.metrics(scene("supervisor-jco"))
        told(metrics["duban_panics_total"] == 0, "no request met a mistake of the program")
    told(scene.desk.stop() == 0, "it stops in order")
    lines = scene.requests()
    own = [x for x in lines if x["status"] == 500]
    told(not own, "no answer is 500", f"{len(lines)} requests" if not own else repr(own[:3]))
    text = (world.top / "access.jsonl").read_text(encoding="utf-8") + "".join(scene.desk.said)
    secrets = [*world.passwords.values(), *(c.csrf for c in scene.known.values()), *(v for c in scene.known.values() for v in c.cookies.values() if len(v) > 20)]
    told(not any(x in text for x in secrets), "no password, token or cookie stands in the logs", f"{len(secrets)} secrets")
    told("supervisor-jco" in text, "control: a post, which may stand there, is found there")
    world.settled(told)


main()
