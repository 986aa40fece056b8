"""The city that is attacked: posts with more than one role, a folder for files, and what all attempts ask."""
import json

from desk import World

# Officer and reviewer in one, manager and reviewer in one: the city itself has no such posts.
PEOPLE = """- {post: both-psb, department: CITY-PSB, roles: [officer, reviewer]}
- {post: lead-psb, department: CITY-PSB, roles: [manager, reviewer]}
- {post: leaver-psb, department: CITY-PSB, roles: [officer]}
- {post: changer-psb, department: CITY-PSB, roles: [officer]}
"""
STORE = "\nevidence_store: ../../../store\n"
POSTS = ["officer-psb", "officer-afc", "manager-psb", "both-psb", "lead-psb", "leaver-psb", "changer-psb", "officer-pbc", "officer-cac",
         "manager-cac", "reviewer-jco", "supervisor-jco", "approver-gov"]
# Under way, led by CITY-PSB; evidence that an application for it needs.
DUTY, PROOF = "OPN-1.12@CITY-PSB", "stat-report"
# Another department's, which CITY-PSB supports; and one that it has nothing to do with.
OTHERS, FOREIGN = "OPN-0.31@CITY-NFRA", "OPN-3.19@CITY-CAC"
# In a title, in a name, in a note.
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"


def city(duban, repository, settings=STORE):
    world = World(duban, repository, PEOPLE, settings)
    (world.top / "store").mkdir()
    world.accounts(*POSTS)
    return world


class Scene:
    """One desk, and posts that are signed in there when first asked for."""

    def __init__(self, told, world, desk):
        self.told, self.world, self.desk, self.known = told, world, desk, {}

    def __call__(self, post):
        if post not in self.known:
            self.known[post] = self.desk.signed(post)
        return self.known[post]

    def refused(self, what, answer, *statuses):
        """An answer that refuses, and nothing else: never a mistake of the desk's own."""
        return self.told(answer.status in statuses and answer.h is None, what, f"{answer.status}")

    def works(self, what, answer, *statuses):
        return self.told(answer.status in (statuses or (200, 201)), f"twin: {what}", f"{answer.status}" if answer.status < 400 else repr(answer))

    def last(self, h):
        return next(e for e in self.world.entries() if e["h"] == h)

    def requests(self):
        """What the access log says so far."""
        text = (self.world.top / "access.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]
