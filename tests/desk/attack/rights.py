"""What is another's: its entries, its consent, its acceptance, its drafts."""
import concurrent.futures
import secrets
import urllib.parse

from attack.scene import DUTY, FOREIGN, OTHERS, PROOF


def at(duty, *more):
    return "/".join(["/assignment", urllib.parse.quote(duty), *more])


def events(s):
    """Every event that there is, as the description of the interface names them."""
    doc = s("officer-psb").api("GET", "/api/v1/openapi.json").json()
    kind = doc["components"]["schemas"]["Event"]
    return kind.get("enum") or [one["const"] for one in kind["oneOf"]]


def full(event):
    """An entry that lacks nothing but the right."""
    more = {"agreed": "approver-gov", "until": "2030-01-31", "reason": "r", "note": "n", "issues": "i", "percent": 50, "indicator": "K1", "value": "1"}
    return {"event": event, "evidence": [{"type": PROOF, "name": "a"}, {"type": "inspection", "name": "b"}, {"type": "minutes", "name": "c"}], **more}


def another_department(s):
    psb, pbc = s("officer-psb"), s("officer-pbc")
    ours = {x["assignment"] for x in s.world.rows("support:CITY-PSB")}
    duty = next(r["assignment"] for r in s.world.rows("dept:CITY-PBC") if r["assignment"] not in ours)
    s.refused("another department's form is not shown", psb.get(at(duty, "progress")), 403)
    s.refused("another department's form is not taken", psb.form(at(duty, "progress"), {"note": "x", "key": "a1"}), 403)
    s.refused("another department's form with files is not taken", psb.upload(at(duty, "progress"), {"note": "x"}, [("ev0_file", "a.pdf", b"a")]), 403)
    refused = [(e, psb.record(duty=duty, **full(e)).status) for e in events(s)]
    s.told(all(x[1] in (403, 422) for x in refused), "another department's record takes no event of ours", f"{len(refused)} events")
    s.refused("nor in its own name (`via`)", psb.record(duty=duty, event="progress", note="x", via="CITY-PSB"), 422)
    s.refused("nor in the other's post (`by`)", psb.record(duty=duty, event="progress", note="x", by="officer-pbc"), 403)
    form = psb.form(at(DUTY, "progress"), {"note": "my own", "by": "officer-pbc", "dept": "CITY-PBC", "duty": duty, "key": "a2"})
    s.works("fields of a form that are none of its are none", form, 303)
    s.told(s.last(form.h)["by"] == "officer-psb" and s.last(form.h)["dept"] == "CITY-PSB", "a form's post and department are the session's and the address's")
    s.works("the lead's own officer records there", pbc.record(duty=duty, event="progress", note="y"), 201)
    s.works("everybody may read it", psb.get(at(duty)), 200)


def supporting(s):
    psb = s("officer-psb")
    evidence = [{"type": PROOF, "name": "from the supporting unit", "number": "1"}]
    done = psb.record(duty=OTHERS, event="progress", note="supporting", via="CITY-PSB", evidence=evidence)
    s.works("a supporting unit adds progress and evidence to the lead's row", done, 201)
    e = s.last(done.json()["h"])
    s.told((e["dept"], e.get("via"), len(e["evidence"])) == ("CITY-NFRA", "CITY-PSB", 1), "it stands in the lead's record, with `via` and its evidence")
    form = psb.form(at(OTHERS, "progress"), {"note": "by form", "via": "CITY-CAC", "key": "s1"})
    s.works("also by form", form, 303)
    s.told(s.last(form.h).get("via") == "CITY-PSB", "whatever `via` the form says, it is the post's own department")
    others = [e for e in events(s) if e != "progress"]
    for via in ("CITY-PSB", None):
        got = [psb.record(duty=OTHERS, **full(e), **({"via": via} if via else {})).status for e in others]
        s.told(all(x in (403, 422) for x in got), f"nothing else, with via={via}", f"{len(got)} events")
    forms = [psb.form(at(OTHERS, e), {"note": "x", "reason": "x", "percent": "5"}).status for e in others]
    s.told(all(x in (403, 404) for x in forms), "nothing else by form", f"{len(forms)} events")
    s.refused("no progress without `via`", psb.record(duty=OTHERS, event="progress", note="x"), 422)
    s.refused("no progress for another supporting unit", psb.record(duty=OTHERS, event="progress", note="x", via="CITY-CAC"), 422)
    s.refused("no progress of a unit that does not support", s("officer-pbc").record(duty=FOREIGN, event="progress", note="x", via="CITY-PBC"), 422)
    lead = next(e for e in s.world.entries() if e["duty"] == "OPN-0.31" and e["dept"] in ("CITY-NFRA", "CITY-CBIRC") and e["event"] == "progress" and not e.get("via"))
    s.refused("the lead's entry is not corrected by a supporting unit",
              psb.record(duty=OTHERS, event="progress", note="x", via="CITY-PSB", fixes=lead["h"]), 403, 422)
    s.refused("nor by form", psb.form(at(OTHERS, "progress"), {"note": "x", "fixes": lead["h"], "key": "s2"}), 403, 422)
    s.refused("a form to withdraw it is not shown", psb.get(at(OTHERS, "void") + f"?fixes={lead['h']}"), 403)
    again = psb.record(duty=OTHERS, event="progress", note="its own, corrected", via="CITY-PSB", fixes=form.h)
    s.works("a supporting unit corrects its own progress", again, 201)
    s.refused("nor withdrawn", psb.record(duty=OTHERS, event="void", reason="x", via="CITY-PSB", fixes=lead["h"]), 403, 422)


def voids(s):
    psb = s("officer-psb")
    h = psb.record(duty=DUTY, event="progress", note="to be withdrawn").json()["h"]
    for what, who in (("another department", s("officer-pbc")), ("a reviewer", s("reviewer-jco"))):
        s.refused(f"{what} sees no form to withdraw it", who.get(at(DUTY, "void") + f"?fixes={h}"), 403)
        s.refused(f"{what} does not withdraw it by form", who.form(at(DUTY, "void"), {"fixes": h, "reason": "x", "key": f"v-{what}"}), 403)
        s.refused(f"{what} does not withdraw it by program", who.record(duty=DUTY, event="void", fixes=h, reason="x"), 403, 422)
        s.refused(f"{what} does not correct it", who.record(duty=DUTY, event="progress", fixes=h, note="x"), 403, 422)
    s.refused("a correction is no way to another event", psb.record(duty=DUTY, event="accept", fixes=h, note="x"), 403, 422)
    s.refused("an entry of another assignment is not withdrawn here", psb.form(at("OPN-0.23@CITY-PSB", "void"), {"fixes": h, "reason": "x", "key": "v2"}), 404)
    s.works("its own post withdraws it", psb.form(at(DUTY, "void"), {"fixes": h, "reason": "a slip", "key": "v3"}), 303)


def asked(s, who, key, agreed, **more):
    fields = {"key": key, "agreed": agreed, "ev0_type": PROOF, "ev0_name": "report", "note": "applied", **more}
    return who.form(at(DUTY, "apply"), fields)


def waiting(s, who, note):
    """The form of consent on the queue of a post, whose request says this."""
    page = who.get("/queue").page
    found = [(a, f) for a, f in page.forms.items() if a and a.startswith("/consent/")]
    return found[-1] if found and note in page.words else (None, {})


def consent(s):
    psb, manager = s("officer-psb"), s("manager-psb")
    s.refused("an officer is no consent", psb.record(duty=DUTY, event="apply", agreed="officer-psb", evidence=[{"type": PROOF, "name": "r"}]), 422)
    s.refused("nor by form", asked(s, psb, "c0", "officer-psb"), 422)
    s.refused("consent is not missing", psb.record(duty=DUTY, event="apply", evidence=[{"type": PROOF, "name": "r"}]), 422)
    s.refused("a post that there is not", psb.record(duty=DUTY, event="apply", agreed="nobody-psb", evidence=[{"type": PROOF, "name": "r"}]), 422)
    before = len(s.world.entries())
    name = secrets.token_hex(4)
    form = asked(s, psb, "c1", "manager-psb", note=name)
    s.told(form.status == 303 and "asked=" in form.one("location"), "twin: consent is asked", f"{form.status}")
    s.told(len(s.world.entries()) == before, "what is asked is no entry")
    to, fields = waiting(s, manager, name)
    if not s.told(to, "whoever is asked sees it on the queue"):
        return
    for who in (psb, s("manager-cac"), s("officer-afc"), s("lead-psb"), s("supervisor-jco")):
        s.refused(f"{who.post} was not asked", who.form(to, {**fields, "csrf": who.csrf, "action": "agree"}), 403)
    s.refused("consent without the token", manager.form(to, {"action": "agree"}, token=False), 403)
    s.refused("a draft of another is not dropped", s("officer-afc").form(to.replace("/consent/", "/draft/") + "/drop"), 403)
    # The page was looked at; the request is changed; the button is pressed.
    asked(s, psb, "c1", "manager-psb", note="something quite different", ev0_name="another report")
    late = manager.form(to, {**fields, "action": "agree"})
    s.refused("a request that was changed since the page was made is not agreed to", late, 409)
    if late.h:
        return
    to, fields = waiting(s, manager, "something quite different")
    if not s.told(to, "the changed request is on the queue"):
        return
    done = manager.form(to, {**fields, "action": "agree"})
    s.works("whoever was asked agrees", done, 303)
    e = s.last(done.h)
    s.told((e["by"], e["agreed"]) == ("officer-psb", "manager-psb"), "both names stand in the entry")
    s.refused("agreed twice is recorded once", manager.form(to, {**fields, "action": "agree"}), 404)
    s.refused("the applicant does not accept", psb.record(duty=DUTY, event="accept", note="x"), 403, 422)
    s.refused("whoever agreed does not accept", manager.record(duty=DUTY, event="accept", note="x"), 403, 422)
    s.works("a reviewer returns it", s("reviewer-jco").record(duty=DUTY, event="return", reason="once more"), 201)


def own_work(s):
    """Posts that have the role, and may not because it is their own."""
    both, lead, duty = s("both-psb"), s("lead-psb"), "OPN-5.04@CITY-PSB"
    proof = [{"type": PROOF, "name": "r"}]
    s.works("an officer who is also reviewer asks", both.record(duty=duty, event="apply", agreed="lead-psb", evidence=proof, note="own"), 202)
    to, fields = waiting(s, lead, "own")
    s.works("a manager who is also reviewer agrees", lead.form(to or "/consent/x/y", {**fields, "action": "agree"}), 303)
    for who, why in ((both, "applied"), (lead, "agreed")):
        s.refused(f"who {why} does not accept, by program", who.record(duty=duty, event="accept", note="x"), 422)
        s.refused(f"who {why} does not accept, by form", who.form(at(duty, "accept"), {"note": "x", "key": f"o-{why}"}), 409, 422)
        page = who.get(at(duty)).page
        s.told(not any("/accept" in link for link in page.links), f"who {why} is offered no acceptance")
    s.refused("an officer does not accept", s("officer-afc").form(at(duty, "accept"), {"note": "x", "key": "o3"}), 403)
    offers = s("reviewer-jco").api("GET", f"/api/v1/assignments/{duty}").json()["offers"]
    wants = next(o for o in offers if o["event"] == "accept")["evidence"]
    cited = [{"type": group[0], "name": "acceptance report"} for group in wants]
    s.works("another reviewer accepts", s("reviewer-jco").record(duty=duty, event="accept", note="good", evidence=cited), 201)


def drafts(s):
    psb, afc = s("officer-psb"), s("officer-afc")
    saved = psb.form(at("OPN-0.23@CITY-PSB", "progress"), {"note": "half a thought", "key": "d1", "action": "draft"})
    s.works("a draft is saved", saved, 303)
    page = psb.get(at("OPN-0.23@CITY-PSB")).page
    drop = next((a for a in page.forms if a and a.startswith("/draft/")), None)
    s.told(drop, "its post sees it")
    s.told("half a thought" not in afc.get(at("OPN-0.23@CITY-PSB")).text, "another post does not see it")
    s.refused("another post does not delete it", afc.form(drop), 403)
    s.told("half a thought" not in afc.get(at("OPN-0.23@CITY-PSB", "progress") + "?draft=" + drop.split("/")[3]).text, "another post does not fill a form with it")
    for dept, name in (("..", "people.yaml"), ("%2e%2e", "people.yaml"), ("..%2f..", "people.yaml"), ("CITY-PSB", "..%2f..%2f..%2fpeople.yaml"), ("%2fetc", "passwd"), ("CITY-PSB%00", "x")):
        for act in ("drop", None):
            to = f"/draft/{dept}/{name}/drop" if act else f"/consent/{dept}/{name}"
            s.refused(f"no path out of the drafts: {to}", psb.form(to, {"action": "agree"}), 400, 404)
    s.told((s.world.city / "people.yaml").is_file(), "people.yaml is still there")
    s.works("its own post deletes it", psb.form(drop), 303)


def at_once(s):
    """The same thing twenty times in the same moment is one thing."""
    clients = [s.desk.client(headers={"Cookie": s("officer-psb").cookie()}) for _ in range(20)]
    for client in clients:
        client.csrf = s("officer-psb").csrf
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        got = list(pool.map(lambda c: c.record(duty=DUTY, event="progress", note="at once", key="once-1"), clients))
        s.told(sorted(a.status for a in got) == [200] * 19 + [201] and len({a.json()["h"] for a in got}) == 1, "one key from twenty connections is one entry", str(sorted({a.status for a in got})))
        got = list(pool.map(lambda c: c.form(at(DUTY, "progress"), {"note": "at once", "key": "once-2"}), clients))
        s.told(sum(a.h is not None for a in got) == 1 and {a.status for a in got} == {303}, "one form from twenty connections as well", str(sorted({a.status for a in got})))
        got = list(pool.map(lambda c: c.record(duty="OPN-0.23@CITY-PSB", event="progress", note=f"at once {c}"), clients))
        s.told([a.status for a in got] == [201] * 20, "twin: twenty keys are twenty entries")
        s("officer-psb").record(duty="OPN-0.23@CITY-PSB", event="extend", agreed="approver-gov", until="2031-01-31", reason="all at once", evidence=[{"type": "approval", "name": "a"}])
        to, fields = waiting(s, s("approver-gov"), "all at once")
        approvers = [s.desk.client(headers={"Cookie": s("approver-gov").cookie()}) for _ in range(10)]
        for client in approvers:
            client.csrf = s("approver-gov").csrf
        got = list(pool.map(lambda c: c.form(to or "/consent/x/y", {**fields, "action": "agree"}), approvers))
        s.told(sum(a.h is not None for a in got) == 1 and all(a.status in (303, 404, 409) for a in got), "consent given ten times at once is one entry", str(sorted({a.status for a in got})))
    s.refused("a key that stands for one thing is no key for another", s("officer-psb").record(duty="OPN-0.23@CITY-PSB", event="progress", note="x", key="once-1"), 422)
    s.works("another post's key of that name is its own", s("officer-afc").record(duty=DUTY, event="progress", note="x", key="once-1"), 201)


ALL = [at_once, another_department, supporting, voids, consent, own_work, drafts]
