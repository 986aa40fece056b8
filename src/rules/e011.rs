//! E011: sectors, evidence types, kinds, laws, articles, indicators, parents and rules that are named must be there.

use super::prelude::*;

/// E011.
pub const RULE: RuleInfo = RuleInfo {
    id: "E011",
    title: Term("引用的编码不存在", "a code that names nothing"),
    level: Level::Deny,
    waivable: false,
    page: include_str!("e011.md"),
};

/// Looks at everything once.
pub fn check(s: &Snapshot, out: &mut Vec<Finding>) {
    let r = &s.register;
    let sectors: HashSet<&str> = r.sectors.iter().flat_map(|x| [x.code.as_str(), x.id.as_str()]).collect();
    let kinds = |list: &'static str| -> HashSet<&str> { if list == "users" { &r.users } else { &r.enterprises }.iter().map(|g| g.id.as_str()).collect() };
    let (enterprises, users) = (kinds("enterprises"), kinds("users"));
    let types: HashSet<&str> = r.evidence_types.iter().map(|t| t.code.as_str()).collect();
    let mut look = |what: (&str, &str), id: &str, known: &HashSet<&str>, subject: &str, spot: Spot| {
        let table = match what.1 {
            "evidence type" => Table::EvidenceTypes,
            "law" | "article" => Table::Laws,
            "indicator" => Table::Obligations,
            _ => Table::Departments,
        };
        if known.contains(id) || s.lost.may_hold(table, id) {
            return;
        }
        let (zh, en) = meant_if(few(out, "E011"), id, known.iter().copied());
        out.push(Finding::new("E011", subject, spot, format!("没有{} {id}{zh}", what.0), format!("there is no {} {id}{en}", what.1)));
    };
    for o in &r.obligations {
        let id = o.id.as_str();
        if let Some(x) = &o.sector {
            look(("领域", "sector"), x, &sectors, id, ob_spot(o, &[Step::Key("sector")]));
        }
        for (i, x) in o.reaches.iter().enumerate() {
            look(("领域", "sector"), x, &sectors, id, ob_spot(o, &[Step::Key("reaches"), Step::Item(i)]));
        }
        for (i, e) in o.evidence.iter().enumerate() {
            look(("证据类型", "evidence type"), e.kind.as_str(), &types, id, ob_spot(o, &[Step::Key("evidence"), Step::Item(i), Step::Key("type")]));
        }
        for (i, x) in o.enterprises.iter().enumerate() {
            look(("企业类别", "enterprise kind"), x, &enterprises, id, ob_spot(o, &[Step::Key("enterprises"), Step::Item(i)]));
        }
        for (i, x) in o.users.iter().enumerate() {
            look(("用户类别", "user kind"), x, &users, id, ob_spot(o, &[Step::Key("users"), Step::Item(i)]));
        }
    }
    for b in &r.bodies {
        if let Some(x) = &b.sector {
            look(("领域", "sector"), x, &sectors, &b.id, in_list("bodies", b.at, &[Step::Key("sector")]));
        }
        if let Some(p) = b.parent.as_ref().filter(|p| r.body(p).is_none()) {
            look(("上级单位或企业类别", "parent body or enterprise kind"), p, &enterprises, &b.id, in_list("bodies", b.at, &[Step::Key("parent")]));
        }
    }
    for (list, groups) in [("enterprises", &r.enterprises), ("users", &r.users)] {
        for g in groups {
            let known: HashSet<&str> = sectors.iter().chain(&enterprises).chain(&users).copied().collect();
            look(("上级", "parent"), &g.parent, &known, &g.id, in_list(list, g.at, &[Step::Key("parent")]));
        }
    }
    let laws: HashSet<&str> = r.laws.iter().map(|l| l.id.as_str()).collect();
    let articles: HashSet<String> = r.laws.iter().flat_map(|l| l.articles.iter().map(move |a| format!("{}:{}", l.id, a.no.as_str()))).collect();
    let articles: HashSet<&str> = articles.iter().map(String::as_str).collect();
    for c in &r.crosswalk {
        for (i, l) in c.links.iter().enumerate() {
            let at = |key| in_file(c.at, &[Step::Key("links"), Step::Item(i), Step::Key(key)]);
            look(("法律", "law"), &l.law, &laws, &c.duty, at("law"));
            if let Some(a) = l.article.as_ref().filter(|a| laws.contains(l.law.as_str()) && !s.lost.may_hold(Table::Laws, a.as_str())) {
                look(("条文", "article"), &format!("{}:{}", l.law, a.as_str()), &articles, &c.duty, at("article"));
            }
        }
    }
    for p in &r.plan {
        // An obligation that is unknown or unreadable is told elsewhere.
        let Some(ob) = p.duty.as_str().split('@').next().and_then(|id| r.obligation(id)) else { continue };
        for k in p.indicators.keys() {
            let known: HashSet<&str> = ob.indicators.iter().map(|i| i.id.as_str()).collect();
            look(("指标", "indicator"), k, &known, p.duty.as_str(), in_file(p.at, &[Step::Key("indicators"), Step::Entry(k.as_str().into())]));
        }
    }
}
