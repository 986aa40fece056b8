//! The commands that print data.

use super::args::{ByArg, Find, Format, GraphFormat, Select};
use super::context::{Context, Stop, near as closest};
use crate::exchange;
use crate::graph::{Edge, export};
use crate::model::Lang;
use crate::report::groups::{By, obligations};
use crate::report::{coverage as cov, list as lists, show as shows, status as stat};
use crate::snapshot::{Snapshot, query::Query};
use crate::text::did_you_mean;

fn by(arg: ByArg) -> By {
    match arg {
        ByArg::Department => By::Department,
        ByArg::Sector => By::Sector,
        ByArg::Part => By::Part,
        ByArg::Policy => By::Policy,
        ByArg::Tier => By::Tier,
        ByArg::Person => By::Person,
    }
}

fn query(context: &Context, s: &Snapshot, input: &[String]) -> Result<Query, Stop> {
    Query::parse(s, input).map_err(|w| Stop::new(w.say(context.lang(s)), "", ""))
}

/// `status`.
pub fn status(context: &Context, select: &Select, arg: ByArg, keep: bool) -> Result<u8, Stop> {
    // Taking a million states apart again costs more than counting them: the program ends here.
    let s = &*Box::leak(Box::new(context.open_lean(keep)?));
    let (lang, q) = (context.lang(s), query(context, s, &select.query)?);
    let report = stat::build(s, &q, by(arg), lang);
    context.print(select.format, &report, || stat::page(s, &report, by(arg), lang))
}

/// `coverage`.
pub fn coverage(context: &Context, select: &Select, arg: ByArg, keep: bool) -> Result<u8, Stop> {
    // Taking a million states apart again costs more than counting them: the program ends here.
    let s = &*Box::leak(Box::new(context.open_lean(keep)?));
    let (lang, q) = (context.lang(s), query(context, s, &select.query)?);
    let report = cov::build(s, &q, by(arg), lang);
    context.print(select.format, &report, || cov::page(s, &report, by(arg), lang))
}

/// `list`.
pub fn list(context: &Context, select: &Select) -> Result<u8, Stop> {
    let s = context.open()?;
    let (lang, q) = (context.lang(&s), query(context, &s, &select.query)?);
    let report = lists::build(&s, &q, lang);
    context.print(select.format, &report, || lists::page(&s, &report, lang))
}

/// `history`.
pub fn history(context: &Context, select: &Select) -> Result<u8, Stop> {
    let s = context.open()?;
    let (lang, q) = (context.lang(&s), query(context, &s, &select.query)?);
    let report = shows::history(&s, &q, lang);
    context.print(select.format, &report, || shows::history_page(&s, &report, lang))
}

/// `due`.
pub fn due(context: &Context, select: &Select, next: &str) -> Result<u8, Stop> {
    let days: u32 = next.trim_end_matches(['d', '天']).parse().map_err(|_| {
        Stop::new(
            (format!("--next {next} 不是天数"), format!("--next {next} is not a number of days")),
            "",
            ("请写作 90d", "write it as 90d"),
        )
    })?;
    let s = context.open()?;
    let (lang, q) = (context.lang(&s), query(context, &s, &select.query)?);
    let report = lists::due(&s, &q, days, lang);
    context.print(select.format, &report, || lists::due_page(&s, &report, lang))
}

/// The obligation meant by an id or an assignment.
fn obligation(s: &Snapshot, id: &str) -> Result<usize, Stop> {
    let bare = id.split('@').next().unwrap_or(id);
    if let Some(i) = s.register.obligation_index.get(bare) {
        return Ok(*i as usize);
    }
    if let Some(bad) = s.register.invalid.iter().find(|i| i.id.as_deref() == Some(bare)) {
        let file = &s.register.files[bad.at.file as usize].shown;
        return Err(Stop::new(
            (format!("{bare} 无法读取"), format!("{bare} cannot be read")),
            (format!("它在 {file} 第 {} 行", bad.line), format!("it stands in {file}, line {}", bad.line)),
            ("`duban check` 会说明问题所在", "`duban check` says what is wrong with it"),
        ));
    }
    let near = did_you_mean(bare, s.register.obligation_index.keys().map(String::as_str));
    Err(Stop::new(
        (format!("没有义务 {bare}"), format!("there is no obligation {bare}")),
        "",
        closest(near, "`duban list` 列出全部", "`duban list` shows them all"),
    ))
}

/// `show`.
pub fn show(context: &Context, id: &str, format: Format) -> Result<u8, Stop> {
    let s = context.open()?;
    let lang = context.lang(&s);
    let ob = obligation(&s, id)?;
    let report = shows::show(&s, ob, lang);
    context.print(format, &report, || shows::show_page(&s, &report, ob, lang))
}

/// `impact`.
pub fn impact(context: &Context, id: &str, format: Format) -> Result<u8, Stop> {
    let s = context.open()?;
    let lang = context.lang(&s);
    let report = shows::impact(&s, obligation(&s, id)?, lang);
    context.print(format, &report, || shows::impact_page(&s, &report, lang))
}

/// `graph`.
pub fn graph(context: &Context, words: &[String], format: GraphFormat, edges: &[String]) -> Result<u8, Stop> {
    let s = context.open()?;
    let (lang, q) = (context.lang(&s), query(context, &s, words)?);
    let mut kinds = Vec::new();
    for name in edges {
        let hit = Edge::ALL.iter().copied().find(|e| e.name() == name);
        let all: Vec<&str> = Edge::ALL.iter().map(|e| e.name()).collect();
        kinds.push(hit.ok_or_else(|| {
            Stop::new(
                (format!("没有关联 {name}"), format!("there is no edge {name}")),
                (format!("可用：{}", all.join(", ")), format!("known: {}", all.join(", "))),
                closest(did_you_mean(name, all.iter().copied()), "", ""),
            )
        })?);
    }
    if kinds.is_empty() {
        kinds = Edge::ALL.to_vec();
    }
    let wanted: Vec<u32> = obligations(&s, &q.select(&s)).into_iter().map(|i| i as u32).collect();
    let view = export::View { register: &s.register, day: s.day(), lang, obligations: &wanted, edges: &kinds };
    let text = match format {
        GraphFormat::Dot => export::dot(&s.graph, &view),
        GraphFormat::Mermaid => export::mermaid(&s.graph, &view),
        // It has a place of its own for filter, counts and sample.
        GraphFormat::Graphml => exchange::graphml::text(&s, &q, &view),
    };
    // Undecodable obligations and the filter are said where they cannot spoil the drawing.
    if !s.register.invalid.is_empty() || !q.is_empty() {
        let (n, all, bad) = (wanted.len(), s.register.total(), s.register.invalid.len());
        let filter = |none| if q.shown.is_empty() { none } else { q.shown.as_str() };
        match lang {
            Lang::En => eprintln!("duban: {n} of {all} obligations drawn, {bad} invalid, filter: {}", filter("none")),
            _ => eprintln!("duban: {all} 项义务中画出 {n} 项，无法读取 {bad} 项，筛选：{}", filter("无")),
        }
    }
    let mark = match format {
        GraphFormat::Dot => "//",
        GraphFormat::Mermaid => "%%",
        GraphFormat::Graphml => "",
    };
    let sample =
        if s.register.settings.sample && !mark.is_empty() { format!("{mark} 示例数据 / sample data\n") } else { String::new() };
    context.write(&format!("{sample}{text}"))
}

/// `graph --find`: one line each, and how many there are.
pub fn find(context: &Context, what: Find) -> Result<u8, Stop> {
    let s = context.open()?;
    let lang = context.lang(&s);
    let r = &s.register;
    let named = |n| {
        let id = s.graph.id(r, n);
        let name = r.obligation(&id).map_or_else(|| r.name(&id, s.day(), lang), |o| o.title.say(lang).into_owned());
        if name == id { id } else { format!("{id} {name}") }
    };
    let mut lines: Vec<String> = match what {
        Find::Orphans => s.graph.orphans().into_iter().map(named).collect(),
        Find::Dangling => s.graph.dangling().into_iter().map(named).collect(),
        Find::Cycles => s
            .graph
            .cycles()
            .into_iter()
            .map(|ring| ring.iter().map(|i| r.obligations[*i as usize].id.as_str()).collect::<Vec<_>>().join(" → "))
            .collect(),
    };
    lines.sort();
    let count = if lines.is_empty() { crate::model::terms::NOTHING.say(lang).into_owned() } else { lines.len().to_string() };
    lines.push(count);
    context.write(&(crate::render::terminal::tame(&lines.join("\n")).into_owned() + "\n"))
}
