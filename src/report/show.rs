//! `show`: one obligation whole. `history`: its entries. `impact`: who waits for it.

use super::frame::Frame;
use super::rows::{DutyRow, due_text, duty_row, light_cell};
use crate::graph::Edge;
use crate::log::Verdict;
use crate::model::entry::instant;
use crate::model::*;
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::snapshot::{Snapshot, query::Query};
use serde::Serialize;
use serde_json::{Value, json};

/// One obligation with its assignments.
#[derive(Debug, Clone, Serialize)]
pub struct ShowReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Words,
    /// Its requirement.
    pub requirement: Words,
    /// What else the catalogue says of it, and its effective owner.
    pub obligation: Value,
    /// Roll-up state.
    pub status: &'static str,
    /// Roll-up light.
    pub light: &'static str,
    /// What it needs: id, kind.
    pub needs: Vec<(String, &'static str)>,
    /// Who needs it: id, kind.
    pub needed_by: Vec<(String, &'static str)>,
    /// Longest chain of unfinished prerequisites, nearest first.
    pub unfinished_chain: Vec<String>,
    /// Articles: `AFL:6`, relation.
    pub articles: Vec<(String, &'static str)>,
    /// Fingerprint of the present wording.
    pub fp: Fingerprint,
    /// Its assignments.
    pub rows: Vec<DutyRow>,
}

/// Everything about one obligation.
pub fn show(s: &Snapshot, ob: usize, lang: Lang) -> ShowReport {
    let r = &s.register;
    let o = &r.obligations[ob];
    let selected: Vec<usize> = s.roster.of(ob).collect();
    let mut query = Query::default();
    query.shown = o.id.to_string();
    let unfinished = |i: u32| !s.folded.obligations[i as usize].0.finished();
    let needed_by =
        r.obligations.iter().flat_map(|x| x.needs.iter().filter(|n| n.on == o.id).map(|n| (x.id.to_string(), n.kind.code()))).collect();
    ShowReport {
        frame: Frame::new(s, "show", &query, &selected),
        id: o.id.to_string(),
        title: o.title.clone(),
        requirement: o.requirement.clone(),
        obligation: whole(s, ob),
        status: s.folded.obligations[ob].0.code(),
        light: s.folded.obligations[ob].1.code(),
        needs: o.needs.iter().map(|n| (n.on.to_string(), n.kind.code())).collect(),
        needed_by,
        unfinished_chain: s.graph.longest_chain(&o.id, &unfinished).into_iter().map(|i| r.obligations[i as usize].id.to_string()).collect(),
        articles: r
            .crosswalk
            .iter()
            .filter(|c| c.duty == o.id)
            .flat_map(|c| {
                c.links.iter().map(|l| (format!("{}:{}", l.law, l.article.as_ref().map_or("-", |a| a.as_str())), l.relation.code()))
            })
            .collect(),
        fp: crate::log::fp::of(o, &s.roster.owners[ob]),
        rows: selected.iter().map(|i| duty_row(s, *i, lang)).collect(),
    }
}

/// The obligation as a page.
pub fn show_page(s: &Snapshot, report: &ShowReport, ob: usize, lang: Lang) -> Page {
    let r = &s.register;
    let o = &r.obligations[ob];
    let mut page = report.frame.page(s, Term("", ""), lang);
    page.title = format!("{} {}", o.id, o.title.say(lang));
    let mut facts: Vec<(String, Cell)> = Vec::new();
    let mut put = |term: Term, text: String| {
        if !text.is_empty() {
            facts.push((term.say(lang).into_owned(), Cell::Text(text)));
        }
    };
    let names = |ids: &[UnitId]| ids.iter().map(|d| r.name(d, s.day(), lang)).collect::<Vec<_>>().join(comma(lang));
    let owner = &s.roster.owners[ob];
    put(t::REQUIREMENT, o.requirement.say(lang).into_owned());
    put(t::PRACTICE, o.practice.as_ref().map_or(String::new(), |w| w.say(lang).into_owned()));
    put(t::PART, part_name(r, &o.id, lang));
    put(t::KIND, format!("{} · {} · {}", o.kind.term().say(lang), o.modality.term().say(lang), o.recurrence.term().say(lang)));
    put(t::REVIEW, o.review.map_or(String::new(), |c| review_name(c, lang).into()));
    put(
        t::LEAD,
        if owner.lead.is_empty() {
            t::NO_LEAD.say(lang).into_owned()
        } else {
            format!("{} ({})", names(&owner.lead), owner.mode.map_or_else(Default::default, |m| m.term().say(lang)))
        },
    );
    put(t::SUPPORT, names(&owner.support));
    put(
        t::FORMER_LEAD,
        owner.former.iter().map(|f| format!("{} → {}", r.name(&f.dept, f.to.0, lang), f.to.0)).collect::<Vec<_>>().join(comma(lang)),
    );
    put(t::SECTOR, o.reaches.iter().map(|c| r.name(c, s.day(), lang)).collect::<Vec<_>>().join(comma(lang)));
    put(t::TIER, o.tier.bearer.0.iter().map(|x| x.term().say(lang)).collect::<Vec<_>>().join(comma(lang)));
    put(
        t::BEARER,
        o.bearer.as_ref().map_or(String::new(), |b| {
            b.text.0.iter().map(|x| x.to_string()).collect::<Vec<_>>().join(comma(lang))
                + &b.context.as_ref().map_or(String::new(), |c| format!("（{}）", c.as_str()))
        }),
    );
    put(t::SOURCE, o.source.as_ref().map_or(String::new(), |x| format!("{} · 「{}」", x.at.as_str(), x.anchor.as_str())));
    let evidence = |e: &EvidenceWanted| {
        format!(
            "{}{}",
            r.evidence_type(e.kind.as_str()).map_or_else(|| e.kind.to_string(), |x| x.name.say(lang).into_owned()),
            if e.required { " *" } else { "" }
        )
    };
    put(t::EVIDENCE, o.evidence.iter().map(evidence).collect::<Vec<_>>().join(comma(lang)));
    put(
        t::INDICATOR,
        o.indicators.iter().map(|k| format!("{} {}", k.id.as_str(), k.name.say(lang))).collect::<Vec<_>>().join(semicolon(lang)),
    );
    let link = |(id, kind): &(String, &'static str)| {
        let name = r.obligation(id).map_or(String::new(), |x| x.title.say(lang).into_owned());
        format!("{id} {name} ({})", NeedKind::from_code(kind).map_or_else(|| (*kind).into(), |k| k.term().say(lang)))
    };
    put(t::NEEDS, report.needs.iter().map(link).collect::<Vec<_>>().join(semicolon(lang)));
    put(t::NEEDED_BY, report.needed_by.iter().map(link).collect::<Vec<_>>().join(semicolon(lang)));
    put(
        t::BASIS,
        report
            .articles
            .iter()
            .map(|(a, rel)| format!("{a} ({})", Relation::from_code(rel).map_or_else(|| (*rel).into(), |x| x.term().say(lang))))
            .collect::<Vec<_>>()
            .join(comma(lang)),
    );
    put(t::NOTE, o.note.as_ref().map_or(String::new(), |n| n.to_string()));
    let (status, light) = s.folded.obligations[ob];
    facts.push((t::STATUS.say(lang).into_owned(), Cell::Text(status.term().say(lang).into_owned())));
    facts.push((t::LIGHT.say(lang).into_owned(), light_cell(light, &[], lang)));
    page.blocks.push(Block::Facts(facts));
    for i in s.roster.of(ob) {
        page.blocks.push(Block::heading(format!("{} {}", s.roster.full_id(r, i), super::rows::lead_name(s, i, lang))));
        page.blocks.push(Block::Facts(duty_facts(s, i, lang)));
    }
    page.notes.push(t::LEGEND.say(lang).into_owned());
    page
}

/// Where one assignment stands, as label and value pairs.
pub fn duty_facts(s: &Snapshot, i: usize, lang: Lang) -> Vec<(String, Cell)> {
    let state = &s.folded.states[i];
    let plan = s.roster.duties[i].plan.map(|p| &s.register.plan[p as usize]);
    let mut facts = vec![
        (t::STATUS.say(lang).into_owned(), Cell::Text(state.status.term().say(lang).into_owned())),
        (t::LIGHT.say(lang).into_owned(), light_cell(state.light, state.reasons, lang)),
        (t::PERSON.say(lang).into_owned(), Cell::Text(plan.and_then(|p| p.person.as_ref()).map_or("—".into(), |p| p.to_string()))),
        (t::DUE.say(lang).into_owned(), Cell::Text(due_text(state.due, lang))),
    ];
    let mut put = |term: Term, text: Option<String>| {
        if let Some(text) = text {
            facts.push((term.say(lang).into_owned(), Cell::Text(text)));
        }
    };
    if state.due != state.original {
        put(t::DUE_ORIGINAL, Some(due_text(state.original, lang)));
    }
    put(t::EXTENSIONS, (state.extensions > 0).then(|| state.extensions.to_string()));
    put(t::START, plan.and_then(|p| p.start).map(|d| d.0.to_string()));
    put(t::NEXT_REVIEW, state.next_review.map(|d| d.to_string()));
    let words = state.words.get().map(|w| &s.log.records[w as usize].entry);
    let percent = state.percent.map(|p| format!("{p}%"));
    let note = words.and_then(|e| e.note.as_ref()).map(|n| n.to_string());
    put(
        t::PROGRESS,
        match (percent, note) {
            (Some(p), Some(n)) => Some(format!("{p} {n}")),
            (p, n) => p.or(n),
        },
    );
    put(t::ISSUES, words.and_then(|e| e.issues.as_ref()).map(|n| n.to_string()));
    put(t::NEXT, words.and_then(|e| e.next.as_ref()).map(|n| n.to_string()));
    let evidence: Vec<String> = state
        .evidence
        .counts()
        .iter()
        .map(|(k, n)| format!("{} ×{n}", s.register.evidence_type(k).map_or((*k).into(), |e| e.name.say(lang))))
        .collect();
    put(t::EVIDENCE, (!evidence.is_empty()).then(|| evidence.join(comma(lang))));
    put(t::ACCEPTED_BY, state.accepted.as_ref().map(|a| format!("{} {}", a.by, a.day)));
    let signed = state.signed.get().map(|r| &s.log.records[r as usize]);
    put(t::SIGNED, signed.map(|r| format!("{} {} ({})", r.entry.by, r.day, r.entry.event.term().say(lang))));
    put(t::OUTDATED, s.outdated_at(i).map(|o| o.gap.say()));
    put(t::REMARK, plan.and_then(|p| p.remark.as_ref()).map(|w| w.say(lang).into_owned()));
    put(t::UNLAWFUL, (state.unlawful > 0).then(|| state.unlawful.to_string()));
    facts
}

fn part_name(r: &Register, id: &ObligationId, lang: Lang) -> String {
    let part = r.policies.iter().flat_map(|p| &p.policy.parts).find(|p| p.id.as_str() == id.part());
    part.map_or(id.part().to_string(), |p| format!("{} {}", p.id, p.title.say(lang)))
}

fn review_name(c: Cycle, lang: Lang) -> &'static str {
    let (zh, en) = match c {
        Cycle::Monthly => ("每月", "monthly"),
        Cycle::Quarterly => ("每季", "quarterly"),
        Cycle::HalfYearly => ("每半年", "half-yearly"),
        Cycle::Annual => ("每年", "annual"),
    };
    if lang == Lang::En { en } else { zh }
}

/// Entries of a selection, in recording order.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// The entries.
    pub rows: Vec<HistoryRow>,
}

/// One entry.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryRow {
    /// Obligation.
    pub id: String,
    /// When recorded.
    pub at: String,
    /// Who.
    pub by: String,
    /// Department, under its id of then.
    pub dept: String,
    /// What.
    pub event: &'static str,
    /// Chain value, the entry's name.
    pub h: String,
    /// counts, corrected, withdrawn, correction, unlawful, stray, later.
    pub mark: &'static str,
    /// Why unlawful or stray.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Words>,
    /// The entry's own words and dates.
    pub what: String,
    /// The same as data, whatever the language.
    pub fields: Value,
    /// File and line.
    pub place: String,
}

/// The catalogue's node as data, with the owner that is in force.
/// What the catalogue says of an obligation, with its owner here.
pub fn whole(s: &Snapshot, ob: usize) -> Value {
    let o = &s.register.obligations[ob];
    let owner = &s.roster.owners[ob];
    let ids = |all: &[UnitId]| all.iter().map(|i| i.to_string()).collect::<Vec<_>>();
    json!({
        "practice": o.practice, "kind": o.kind.code(), "modality": o.modality.code(),
        "source": o.source.as_ref().map(|x| json!({
            "layer": x.layer.as_str(), "at": x.at.as_str(), "anchor": x.anchor.as_str(), "nth": x.nth,
            "also": x.also.iter().map(|a| a.as_str()).collect::<Vec<_>>(),
        })),
        "owner": {"mode": owner.mode.map(LeadMode::code), "lead": ids(&owner.lead), "support": ids(&owner.support)},
        "sector": o.sector.as_ref().map(|x| x.to_string()), "reaches": ids(&o.reaches),
        "enterprises": ids(&o.enterprises), "users": ids(&o.users),
        "tier": {
            "bearer": o.tier.bearer.0.iter().map(|t| t.code()).collect::<Vec<_>>(),
            "addressed": o.tier.addressed.0.iter().map(|t| t.code()).collect::<Vec<_>>(),
        },
        "recurrence": o.recurrence.code(), "review": o.review,
        "evidence": o.evidence.iter().map(|e| json!({"type": e.kind.as_str(), "required": e.required})).collect::<Vec<_>>(),
        "indicators": o.indicators.iter().map(|i| json!({
            "id": i.id.as_str(), "name": i.name, "unit": i.unit, "direction": i.direction.map(Direction::code), "cycle": i.cycle,
        })).collect::<Vec<_>>(),
        "note": o.note.as_ref().map(|n| n.as_str()),
    })
}

/// An entry's fields as data; evidence above 内部 shows its class and nothing else.
fn fields(e: &Entry) -> Value {
    let mut all = serde_json::to_value(e).expect("an entry is plain data");
    if let Some(map) = all.as_object_mut() {
        for gone in ["seq", "at", "by", "dept", "duty", "event", "saw", "h"] {
            map.shift_remove(gone);
        }
        if let Some(Value::Array(evidence)) = map.get_mut("evidence") {
            for (item, e) in evidence.iter_mut().zip(&e.evidence) {
                if let Some(class) = e.class.filter(|c| !c.printable()) {
                    *item = json!({"type": e.kind, "class": class.code()});
                }
            }
        }
    }
    all
}

/// Every entry of the assignments selected, also those after the as-of day, marked so.
pub fn history(s: &Snapshot, query: &Query, lang: Lang) -> HistoryReport {
    let selected = query.select(s);
    let wanted: std::collections::HashSet<u32> = selected.iter().map(|i| *i as u32).collect();
    let ids: std::collections::HashSet<&str> =
        selected.iter().map(|i| s.register.obligations[s.roster.duties[*i].obligation as usize].id.as_str()).collect();
    let rows = s
        .log
        .records
        .iter()
        .enumerate()
        .filter(|(i, r)| match s.folded.duty_of[*i] {
            Some(duty) => wanted.contains(&duty),
            None => query.is_empty() || ids.contains(&*r.entry.duty),
        })
        .map(|(i, r)| {
            let (mark, why) = match &s.folded.verdicts[i] {
                Verdict::Later => ("later", None),
                Verdict::Counts => ("counts", None),
                Verdict::CorrectedBy(_) => ("corrected", None),
                Verdict::WithdrawnBy(_) => ("withdrawn", None),
                Verdict::Fixes(_) => ("correction", None),
                Verdict::Unlawful(w) => ("unlawful", Some(w.clone())),
                Verdict::Stray(w) => ("stray", Some(w.clone())),
            };
            let file = &s.log.files[r.file as usize];
            let e = &r.entry;
            HistoryRow {
                id: e.duty.to_string(),
                at: instant::show(&e.at),
                by: e.by.to_string(),
                dept: e.dept.to_string(),
                event: e.event.code(),
                h: e.h.to_string(),
                mark,
                why,
                what: what(&s.register, e, lang),
                fields: fields(e),
                place: format!("{}:{}", file.shown, r.line),
            }
        })
        .collect();
    HistoryReport { frame: Frame::new(s, "history", query, &selected), rows }
}

/// An entry in words; evidence above 内部 shows its class and not its name.
fn what(r: &Register, e: &Entry, lang: Lang) -> String {
    let mut out: Vec<String> = Vec::new();
    let say = |zh: &str, en: &str| if lang == Lang::En { en.to_string() } else { zh.to_string() };
    out.extend(e.percent.map(|p| format!("{p}%")));
    if e.nil == Some(true) {
        out.push(say("零报告", "nil report"));
    }
    out.extend(e.note.iter().map(|x| x.to_string()));
    for (label, value) in [(t::ISSUES, &e.issues), (t::NEXT, &e.next)] {
        out.extend(value.iter().map(|x| format!("{}：{x}", label.say(lang))));
    }
    out.extend(e.reason.iter().map(|x| format!("{}{x}", say("理由：", "reason: "))));
    out.extend(e.release.iter().map(|x| format!("{}{x}", say("放行：", "release: "))));
    out.extend(e.until.map(|d| format!("→ {}", due_text(Some(d), lang))));
    if let (Some(k), Some(v)) = (&e.indicator, &e.value) {
        out.push(format!("{k} = {v}"));
    }
    out.extend(e.agreed.iter().map(|x| format!("{}{x}", say("同意：", "agreed: "))));
    out.extend(e.via.iter().map(|x| format!("{}{x}", say("经由：", "via: "))));
    out.extend(e.evidence.iter().map(|x| {
        format!(
            "[{}] {}{}",
            r.evidence_type(&x.kind).map_or_else(|| x.kind.to_string(), |t| t.name.say(lang).into_owned()),
            x.shown(),
            x.number.as_ref().filter(|_| x.class.is_none_or(Class::printable)).map_or(String::new(), |n| format!(" {n}"))
        )
    }));
    out.extend(e.fixes.iter().map(|h| format!("{}{h}", say("更正 ", "fixes "))));
    out.join(semicolon(lang))
}

/// History as a page.
pub fn history_page(s: &Snapshot, report: &HistoryReport, lang: Lang) -> Page {
    let mut page = report.frame.page(s, t::HISTORY_TITLE, lang);
    page.meta.push(format!("{} {}", t::ROWS.say(lang), report.rows.len()));
    let columns = vec![
        Column::id(t::TIME.say(lang)),
        Column::id(t::ID.say(lang)),
        Column::text(t::EVENT.say(lang)),
        Column::text(t::BY.say(lang)),
        Column::text(t::WHAT.say(lang)),
        Column::text(t::MARK.say(lang)),
        Column::id("h"),
    ];
    let rows = report
        .rows
        .iter()
        .map(|r| {
            let mark = match r.mark {
                "counts" => String::new(),
                "later" => t::LATER.say(lang).into_owned(),
                "corrected" => t::CORRECTED.say(lang).into_owned(),
                "withdrawn" => t::DELETED.say(lang).into_owned(),
                "correction" => t::CORRECTION.say(lang).into_owned(),
                "unlawful" => format!("{}：{}", t::UNLAWFUL.say(lang), r.why.as_ref().map_or_else(Default::default, |w| w.say(lang))),
                _ => format!("{}：{}", t::STRAY.say(lang), r.why.as_ref().map_or_else(Default::default, |w| w.say(lang))),
            };
            let event = Event::from_code(r.event).map_or_else(|| r.event.into(), |e| e.term().say(lang));
            let dept = if s.roster.find(&s.register, &r.id).is_some() { String::new() } else { format!("@{}", r.dept) };
            let cells = [
                r.at[..16].replace('T', " "),
                format!("{}{dept}", r.id),
                event.into_owned(),
                r.by.clone(),
                r.what.clone(),
                mark,
                r.h.clone(),
            ];
            Row::of(cells.into_iter().map(Cell::Text).collect())
        })
        .collect();
    page.blocks.push(Block::Table(Table::of(columns, rows, t::NOTHING.say(lang).into_owned())));
    page
}

/// Who waits for an obligation.
#[derive(Debug, Clone, Serialize)]
pub struct ImpactReport {
    /// Origin and counts.
    #[serde(flatten)]
    pub frame: Frame,
    /// The obligation.
    pub id: String,
    /// Longest chain of unfinished prerequisites behind it, nearest first.
    pub unfinished_chain: Vec<String>,
    /// What waits for it.
    pub rows: Vec<ImpactRow>,
}

/// One that waits.
#[derive(Debug, Clone, Serialize)]
pub struct ImpactRow {
    /// Its id.
    pub id: String,
    /// Links between the two.
    pub distance: u32,
    /// Kind of the link nearest to the obligation asked for.
    pub link: &'static str,
    /// Roll-up state.
    pub status: &'static str,
    /// Roll-up light.
    pub light: &'static str,
    /// Leads.
    pub leads: Vec<String>,
}

/// What waits for an obligation, directly or through others.
pub fn impact(s: &Snapshot, ob: usize, lang: Lang) -> ImpactReport {
    let r = &s.register;
    let id = &r.obligations[ob].id;
    let found = s.graph.waiting_for(id, &[Edge::Requires, Edge::Feeds, Edge::SupportsWork]);
    let unfinished = |i: u32| !s.folded.obligations[i as usize].0.finished();
    let mut rows: Vec<ImpactRow> = found
        .into_iter()
        .map(|(i, (distance, link))| {
            let (status, light) = s.folded.obligations[i as usize];
            let leads = s.roster.owners[i as usize].lead.iter().map(|d| r.name(d, s.day(), lang)).collect();
            ImpactRow {
                id: r.obligations[i as usize].id.to_string(),
                distance,
                link: link.name(),
                status: status.code(),
                light: light.code(),
                leads,
            }
        })
        .collect();
    rows.sort_by(|a, b| (a.distance, &a.id).cmp(&(b.distance, &b.id)));
    let mut query = Query::default();
    query.shown = id.to_string();
    let selected: Vec<usize> = s.roster.of(ob).collect();
    ImpactReport {
        frame: Frame::new(s, "impact", &query, &selected),
        id: id.to_string(),
        unfinished_chain: s.graph.longest_chain(id, &unfinished).into_iter().map(|i| r.obligations[i as usize].id.to_string()).collect(),
        rows,
    }
}

/// Impact as a page.
pub fn impact_page(s: &Snapshot, report: &ImpactReport, lang: Lang) -> Page {
    let mut page = report.frame.page(s, t::IMPACT_TITLE, lang);
    let title = s.register.obligation(&report.id).map_or(String::new(), |o| o.title.say(lang).into_owned());
    page.blocks.push(Block::Prose(match lang {
        Lang::En => format!(
            "Waiting for {} {title}: {}. Unfinished prerequisites in a row: {}.",
            report.id,
            report.rows.len(),
            chain(&report.unfinished_chain)
        ),
        _ => format!("等待 {} {title} 的事项：{} 项。未完成的前置链：{}。", report.id, report.rows.len(), chain(&report.unfinished_chain)),
    }));
    let columns = vec![
        Column::number(if lang == Lang::En { "Steps" } else { "层" }, if lang == Lang::En { "Steps" } else { "层" }),
        Column::id(t::ID.say(lang)),
        Column::text(t::TITLE.say(lang)),
        Column::text(t::RELATION.say(lang)),
        Column::text(t::LEAD.say(lang)),
        Column::text(t::STATUS.say(lang)),
        Column::text(t::LIGHT.say(lang)),
    ];
    let rows = report
        .rows
        .iter()
        .map(|r| {
            let o = s.register.obligation(&r.id);
            let light = Light::from_code(r.light).unwrap_or_default();
            let cells = vec![
                Cell::Count(r.distance as usize),
                Cell::Text(r.id.clone()),
                Cell::Text(o.map_or(String::new(), |o| o.title.say(lang).into_owned())),
                Cell::Text(link_name(r.link, lang)),
                Cell::Text(r.leads.join(comma(lang))),
                Cell::Text(Status::from_code(r.status).map_or_else(Default::default, |x| x.term().say(lang)).into_owned()),
                light_cell(light, &[], lang),
            ];
            Row::of(cells)
        })
        .collect();
    page.blocks.push(Block::Table(Table::of(columns, rows, t::NOTHING.say(lang).into_owned())));
    page
}

/// The link's word in the language: the graph calls `supports` supports-work, apart from
/// what departments do.
fn link_name(link: &str, lang: Lang) -> String {
    let code = if link == "supports-work" { "supports" } else { link };
    NeedKind::from_code(code).map_or_else(|| link.to_string(), |k| k.term().say(lang).into_owned())
}

fn comma(lang: Lang) -> &'static str {
    if lang == Lang::En { ", " } else { "、" }
}

fn semicolon(lang: Lang) -> &'static str {
    if lang == Lang::En { "; " } else { "；" }
}

fn chain(ids: &[String]) -> String {
    if ids.is_empty() { "—".into() } else { ids.join(" ← ") }
}

use crate::model::terms as t;
