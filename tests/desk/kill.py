#!/usr/bin/env python3
"""The desk is killed in the middle of its work, again and again, and nothing acknowledged is lost.

Usage: kill.py DUBAN REPOSITORY [TIMES] [--quick]

Officers record without pause; after a moment of chance the server gets `kill -9`, and is opened
again at the same address. TIMES is 100, with --quick 15. Whatever was not acknowledged is sent
again under the same key, with the same session. At the end everything that was begun is
acknowledged and stands in the log once; nothing else does; `verify` is clean; the desk counts what
the command line counts. Files too: what is cited with a digest lies in the store with that digest.
"""
import hashlib
import http.client
import json
import random
import secrets
import sys
import threading
import time
import urllib.parse

import desk

POSTS = ["officer-psb", "officer-cac", "officer-cam", "officer-court", "officer-bank-reg", "officer-jco"]


class Officer(threading.Thread):
    """Records one entry after the other until told to stop; never gives one up."""

    def __init__(self, number, client, duties, over, files):
        super().__init__(daemon=True)
        self.number, self.client, self.duties, self.over, self.files = number, client, duties, over, files
        self.taken, self.again, self.known, self.wrong = {}, 0, 0, []

    def run(self):
        chance = random.Random(self.number)
        n = 0
        while not self.over.is_set() or n == 0:
            key, duty, data = f"kill-{self.number}-{n}-{secrets.token_hex(4)}", chance.choice(self.duties), secrets.token_bytes(4000)
            n += 1
            began = time.monotonic()
            while True:
                try:
                    h, known = self.file(key, duty, data) if self.files else self.json(key, duty)
                except (OSError, http.client.HTTPException):
                    # The desk is gone: the same again, until it is back.
                    self.client.close()
                    self.again += 1
                    if time.monotonic() - began > 120:
                        self.wrong.append(f"{key} was never answered")
                        return
                    time.sleep(0.05)
                    continue
                if h:
                    self.taken[key] = h
                    self.known += known
                break

    def json(self, key, duty):
        answer = self.client.api("POST", "/api/v1/entries", {"duty": duty, "event": "progress", "note": f"kill {key}", "key": key})
        if answer.status in (200, 201):
            return answer.json()["h"], answer.status == 200
        self.wrong.append(f"{self.client.post} {answer}")
        return None, False

    def file(self, key, duty, data):
        kind, body = desk.multipart({"csrf": self.client.csrf, "note": f"kill {key}", "key": key, "ev0_type": "stat-report"}, [("ev0_file", f"{key}.bin", data)])
        answer = self.client.ask("POST", "/assignment/" + urllib.parse.quote(duty) + "/progress", body, {"Content-Type": kind})
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.one("location")).query)
        if answer.status == 303 and "done" in query:
            return query["done"][0], "known" in query
        self.wrong.append(f"{self.client.post} {answer}")
        return None, False


def written(world, chance):
    """Waits until something is being written: between the first byte on disk and the answer there is little time."""
    spool = next((world.repo / ".git").rglob("spool.jsonl"))
    size, began = spool.stat().st_size, time.monotonic()
    while spool.stat().st_size == size and time.monotonic() - began < 5:
        time.sleep(0.0005)
    time.sleep(chance.choice([0, 0, 0.001, 0.003, 0.01]))


def main():
    duban, repository, flags, more = desk.arguments(__doc__, "--quick")
    times = int(more[0]) if more else 15 if "--quick" in flags else 100
    told, chance = desk.Told("kill"), random.Random(20261031)
    with desk.World(duban, repository, settings="\nevidence_store: ../../../store\n") as world:
        (world.top / "store").mkdir()
        world.accounts(*POSTS)
        dept = world.people("officer")
        rows = world.rows()
        opened = world.open()
        address = f"127.0.0.1:{opened.port}"
        over, officers = threading.Event(), []
        for n, post in enumerate(POSTS):
            duties = [r["assignment"] for r in rows if r["dept"] == dept[post] and r["status"] in ("in-progress", "operating")]
            officers.append(Officer(n, opened.signed(post, timeout=30), duties, over, files=n % 3 == 2))
        for officer in officers:
            officer.start()
        back = []
        for n in range(times):
            # Not before the work has gone on; now and then that of one who sends files, which takes longer.
            ones = [o for o in officers if o.files][n // 5 % 2:][:1] if n % 5 == 4 else officers
            had, began = sum(len(o.taken) for o in ones), time.monotonic()
            while sum(len(o.taken) for o in ones) == had and not any(o.wrong for o in ones) and time.monotonic() - began < 30:
                time.sleep(0.002)
            if n % 2:
                time.sleep(chance.uniform(0, 0.3))
            else:
                written(world, chance)
            opened.kill()
            world.desks.remove(opened)
            began = time.monotonic()
            opened = world.open(address=address)
            for officer in officers:
                officer.client.desk = opened
            back.append(time.monotonic() - began)
        time.sleep(1)
        over.set()
        for officer in officers:
            officer.join(60)
        told(not any(o.is_alive() for o in officers), "every officer was answered in the end")
        wrong = [w for o in officers for w in o.wrong]
        told(not wrong, f"killed {times} times, and no session and no form was lost", wrong[:3] if wrong else f"{sum(o.again for o in officers)} tries without answer, {sum(o.known for o in officers)} were already there; open again after {desk.quantile(back, 0.5):.0f} ms, at most {max(back) * 1000:.0f} ms")
        for officer in officers:
            for h in officer.taken.values():
                world.acknowledged(h)
        keys = {(o.client.post, k): h for o in officers for k, h in o.taken.items()}
        stand = {(e["by"], e["key"]): e["h"] for e in world.entries() if e.get("key", "").startswith("kill-")}
        told(stand == keys, "what was begun and what stands is the same", f"{len(keys)} entries")
        told(any(o.known for o in officers) or times < 50, "some were written and not acknowledged before the kill, so the key was needed", f"{sum(o.known for o in officers)}")
        cited = [e for e in world.entries() if e["h"] in set(keys.values()) and e.get("evidence")]
        lying = [e for e in cited if hashlib.sha256((world.top / "store" / e["evidence"][0]["place"]).read_bytes()).hexdigest() != e["evidence"][0]["sha256"]]
        told(cited and not lying, "every file that is cited lies in the store with its digest", f"{len(cited)} files")
        api = officers[0].client.api("GET", "/api/v1/status").body
        told(world.counts(api) == world.counts(world.run("status", "--format", "json", "--lang", "en")), "the desk counts what the command line counts", f"{json.loads(api)['log_entries']} entries")
        told(opened.stop() == 0, "it stops in order")
        left = list((world.top / "store/.waiting").iterdir())
        print(f"     {len(left)} files were left waiting by the kills", flush=True)
        with world.open() as last:
            last.signed(POSTS[0])
        world.settled(told)
        # One line fewer in a file: what then?
        path = next(p for p in sorted((world.city / "log").glob("*/*.jsonl"), reverse=True) if b"kill-" in p.read_bytes())
        whole = path.read_bytes()
        path.write_bytes(whole[:whole[:-1].rindex(b"\n") + 1])
        told(world.missing(world.taken) != [], "control: an entry that is taken out of the log is missed")
        path.write_bytes(whole)
    told.end()


if __name__ == "__main__":
    sys.exit(main())
