//! `check`, `rules`, `explain`.

use super::args::{Check, Format};
use super::baseline::baseline;
use super::context::{Context, Said, Stop, near as closest};
use super::gate;
use super::prove::prove;
use super::recall::recall;
use crate::finding::{Finding, Outcome, RuleInfo, Spot};
use crate::git::tree;
use crate::log::append;
use crate::model::time::When;
use crate::model::{Lang, Level, Term, terms as t};
use crate::page::{Block, Cell, Column, Page, Row, Table};
use crate::rules::{self, Overrides};
use crate::snapshot::Snapshot;
use crate::text::{Place, did_you_mean};
use serde_json::json;
use std::collections::HashSet;

fn known(id: &str) -> Result<(), Stop> {
    if rules::find(id).is_some() {
        return Ok(());
    }
    let near = did_you_mean(id, rules::TABLE.iter().map(|e| e.info.id));
    Err(Stop::new(
        (format!("没有规则 {id}"), format!("there is no rule {id}")),
        "",
        closest(near, "`duban rules` 列出全部", "`duban rules` lists them"),
    ))
}

/// The gate.
pub fn check(context: &Context, args: &Check) -> Result<u8, Stop> {
    let mut overrides = Overrides { strict: args.strict, ..Overrides::default() };
    for (list, level) in [(&args.allow, Level::Allow), (&args.warn, Level::Warn), (&args.deny, Level::Deny)] {
        for id in list {
            known(id)?;
            let info = rules::find(id).expect("just looked up");
            if level < Level::Deny && !info.waivable && info.level == Level::Deny {
                return Err(Stop::new(
                    (format!("{} 的级别不能调低", info.id), format!("{} cannot be lowered", info.id)),
                    (
                        "它说的是没有责任主体或无法读取；跳过它的检查，绿灯没有意义",
                        "it says that something has no owner or could not be read; a check that skips it would be green for nothing",
                    ),
                    ("请改正它所指出的问题", "mend what it finds"),
                ));
            }
            overrides.levels.push((id.clone(), level));
        }
    }
    let mut s = match context.try_open() {
        Ok(s) => s,
        Err(e) => return gate::unusable(context, args, e),
    };
    prepare(context, &mut s);
    if args.prove {
        return prove(context, args, &s, &overrides);
    }
    let mut outcome = rules::run(&s, &overrides);
    if args.accept_as_baseline {
        return baseline(context, args, &s, &overrides, outcome);
    }
    if let Some(revision) = &args.new_since {
        already_there(context, &s, &overrides, revision, &mut outcome)?;
    }
    gate::tell(context, args, &s, outcome)
}

/// What only this machine can tell: its spool, and the words that git remembers.
pub fn prepare(context: &Context, s: &mut Snapshot) {
    spooled(context, s);
    recall(context, s);
}

/// Sets apart what a revision had already, by the same rules on the same day. What takes no
/// waiver stays where it is: an obligation without owner is no less so for being old.
fn already_there(context: &Context, s: &Snapshot, overrides: &Overrides, revision: &str, outcome: &mut Outcome) -> Result<(), Stop> {
    let stop = |why: Said| {
        let hint = (
            "请指明登记册当时可以打开的版本，如 origin/main",
            "name a revision in which the register could be opened, such as origin/main",
        );
        Stop::new((format!("无法与 {revision} 比较"), format!("cannot compare with {revision}")), why, hint)
    };
    let tree = tree::materialise(&context.root, revision).map_err(|e| stop(super::diff::why(&e)))?;
    let earlier = context.open_at(&tree.root, Some(When::Day(s.as_of)))?;
    let then = rules::run(&earlier, overrides);
    let had: HashSet<String> = then.findings.into_iter().chain(then.waived).map(|j| j.fingerprint).collect();
    let fixed = |rule: &str| rules::find(rule).is_none_or(|i| !i.waivable && i.level == Level::Deny);
    let (old, new) =
        std::mem::take(&mut outcome.findings).into_iter().partition(|j| had.contains(&j.fingerprint) && !fixed(j.finding.rule));
    (outcome.old, outcome.findings, outcome.since) = (old, new, Some(revision.into()));
    Ok(())
}

/// Acknowledged lines of this clone that the log has lost: L010, as if a colleague had
/// seen them. On a machine that never wrote there is nothing to ask.
fn spooled(context: &Context, s: &mut Snapshot) {
    let state = match context.state() {
        Ok(state) => state,
        Err(stop) => return eprint!("{}", stop.render(context.early_lang())),
    };
    for (file, lines) in append::lost(&s.root, &state.spool(), state.branch.as_deref(), &|_| true) {
        let shown = if s.shown.is_empty() { file.clone() } else { format!("{}/{file}", s.shown) };
        let n = lines.lines().count();
        s.findings.push(
            Finding::new(
                "L010",
                file,
                Spot::Exact(Place::file(&shown)),
                format!("本机确认过的 {n} 行已不在日志里"),
                format!("{n} lines that this machine acknowledged are no longer in the log"),
            )
            .remedy(
                "用 duban repair --apply 取回；下一次记录时也会自动放回",
                "`duban repair --apply` puts them back; so does the next entry",
            ),
        );
    }
}

/// The table of rules; with the levels that the register at hand sets, where there is one.
pub fn rules(context: &Context, format: Format) -> Result<u8, Stop> {
    let s = context.try_open().ok();
    let lang = s.as_ref().map_or_else(|| context.bare_lang(), |s| context.lang(s));
    let set = |info: &RuleInfo| {
        let fixed = !info.waivable && info.level == Level::Deny;
        let own = s.as_ref().and_then(|s| s.register.settings.rules.get(info.id).copied());
        own.filter(|_| !fixed).unwrap_or(info.level)
    };
    let row = |i: &RuleInfo| json!({"id": i.id, "title": {"zh": i.title.0, "en": i.title.1}, "level": i.level, "set": set(i), "waivable": i.waivable, "page": i.page});
    let rows: Vec<_> = rules::TABLE.iter().map(|e| row(&e.info)).collect();
    let data = json!({"schema": "duban/rules/1", "rows": rows});
    context.print(format, &data, || table(lang, &set))
}

fn table(lang: Lang, set: &dyn Fn(&RuleInfo) -> Level) -> Page {
    let say = |zh: &'static str, en: &'static str| Term(zh, en).say(lang).into_owned();
    let columns = vec![
        Column::id(t::ID.say(lang)),
        Column::text(say("规则", "Rule")),
        Column::text(say("级别", "Level")),
        Column::text(say("可豁免", "Waivable")),
    ];
    let level = |l: Level| match l {
        Level::Deny => say("拒绝", "deny"),
        Level::Warn => say("提醒", "warn"),
        Level::Allow => say("忽略", "allow"),
    };
    let row = |i: &RuleInfo| {
        let now = set(i);
        let told = if now == i.level { level(now) } else { format!("{} ({} {})", level(now), say("原为", "usually"), level(i.level)) };
        let waivable = if i.waivable { say("可", "yes") } else { say("否", "no") };
        let cells = [i.id.to_string(), i.title.say(lang).into_owned(), told, waivable];
        Row::of(cells.into_iter().map(Cell::Text).collect())
    };
    let rows = rules::TABLE.iter().map(|e| row(&e.info)).collect();
    let blocks = vec![Block::Table(Table::of(columns, rows, ""))];
    Page { title: say("规则一览", "Rules"), blocks, ..Page::default() }
}

/// The page of a rule.
pub fn explain(context: &Context, id: &str) -> Result<u8, Stop> {
    known(id)?;
    let info = rules::find(id).expect("just looked up");
    context.write(&rules::page(info, context.early_lang()))
}
