//! Cards: what is known of an obligation, a department, an article, a rule…, as Markdown.
//!
//! Facts come from the register as far as it can be understood; of a thing that cannot be
//! decoded at the moment the card says its title and that.

use super::marks::Mark;
use super::table::Sort;
use super::world::World;
use crate::model::{Lang, MaxAge, Term, terms as t};
use crate::report::rows::{due_text, lead_name};
use crate::rules;
use crate::snapshot::Snapshot;
use std::fmt::Write;

/// The card of a mark.
pub fn of(world: &World, mark: &Mark, lang: Lang) -> Option<String> {
    let id = mark.id.as_str();
    if mark.sort == Sort::Rule {
        return rules::find(id).map(|info| rules::page(info, lang));
    }
    let known = world.understood().and_then(|s| {
        let card = Card { s, lang, out: String::new() };
        match mark.sort {
            Sort::Obligation => card.obligation(id),
            Sort::Unit => card.unit(id),
            Sort::Evidence => card.evidence(id),
            Sort::Post => card.post(id),
            Sort::Clause => card.clause(id),
            Sort::Part => card.part(id),
            Sort::Law => card.law(id),
            Sort::Article => card.article(id),
            Sort::Rule => None,
        }
    });
    known.or_else(|| bare(world, mark, lang))
}

/// Of what cannot be decoded: the title that stands there.
fn bare(world: &World, mark: &Mark, lang: Lang) -> Option<String> {
    let given = world.leaves.iter().flat_map(|l| &l.marks).find(|m| m.gives && m.sort == mark.sort && m.id == mark.id)?;
    let note = Term("暂时无法读取；见本文件的错误", "cannot be read at the moment; see the errors of its file").say(lang);
    Some(format!("### {} {}\n\n_{note}_\n", mark.id, line(&given.about.say(lang))))
}

/// One line, with Markdown's own signs made harmless.
fn line(text: &str) -> String {
    text.chars().flat_map(|c| if "|\\`*_<[]".contains(c) { vec!['\\', c] } else { vec![if c == '\n' { ' ' } else { c }] }).collect()
}

struct Card<'a> {
    s: &'a Snapshot,
    lang: Lang,
    out: String,
}

impl Card<'_> {
    fn head(&mut self, id: &str, name: &str) {
        let _ = write!(self.out, "### {id} {}\n\n", line(name));
    }

    fn fact(&mut self, term: Term, value: impl AsRef<str>) {
        if !value.as_ref().is_empty() {
            let _ = writeln!(self.out, "- **{}**: {}", term.say(self.lang), line(value.as_ref()));
        }
    }

    fn prose(&mut self, text: &str) {
        let _ = write!(self.out, "{}\n\n", line(text));
    }

    fn done(self) -> Option<String> {
        Some(self.out)
    }

    fn obligation(mut self, id: &str) -> Option<String> {
        let (s, lang) = (self.s, self.lang);
        let ob = *s.register.obligation_index.get(id)? as usize;
        let o = &s.register.obligations[ob];
        self.head(id, &o.title.say(lang));
        self.prose(&o.requirement.say(lang));
        let names = |ids: &[crate::model::UnitId]| {
            ids.iter().map(|d| format!("{} {d}", s.register.name(d, s.day(), lang))).collect::<Vec<_>>().join(", ")
        };
        let owner = &s.roster.owners[ob];
        let mode = owner.mode.map_or(String::new(), |m| format!(" ({})", m.term().say(lang)));
        let lead = if owner.lead.is_empty() { t::NO_LEAD.say(lang).into_owned() } else { names(&owner.lead) + &mode };
        self.fact(t::LEAD, lead);
        self.fact(t::SUPPORT, names(&owner.support));
        self.fact(t::KIND, format!("{} · {} · {}", o.kind.term().say(lang), o.modality.term().say(lang), o.recurrence.term().say(lang)));
        self.fact(t::SOURCE, o.source.as_ref().map_or(String::new(), |x| format!("{} · 「{}」", x.at.as_str(), x.anchor.as_str())));
        self.fact(t::NEEDS, o.needs.iter().map(|n| format!("{} ({})", n.on, n.kind.term().say(lang))).collect::<Vec<_>>().join(", "));
        for duty in s.roster.of(ob) {
            self.duty(duty);
        }
        self.entries(s.log.records.iter().filter(|r| *r.entry.duty == *id).count());
        self.done()
    }

    /// State, light with its reasons, person and due date of one assignment.
    fn duty(&mut self, duty: usize) {
        let (s, lang) = (self.s, self.lang);
        let state = &s.folded.states[duty];
        let why = |code: &&str| rules::find(code).map_or(code.to_string(), |i| format!("{code} {}", i.title.say(lang)));
        let why = state.reasons.iter().map(why).collect::<Vec<_>>().join(", ");
        let why = if why.is_empty() { why } else { format!(" ({why})") };
        let plan = s.roster.duties[duty].plan.map(|p| &s.register.plan[p as usize]);
        let person = plan.and_then(|p| p.person.as_ref()).map_or("—".to_string(), |p| p.to_string());
        let _ = writeln!(
            self.out,
            "- `{}` {}: {} · {}{why} · {} {} · {} {}",
            s.roster.full_id(&s.register, duty),
            line(&lead_name(s, duty, lang)),
            state.status.term().say(lang),
            state.light.term().say(lang),
            t::DUE.say(lang),
            due_text(state.due, lang),
            t::PERSON.say(lang),
            line(&person),
        );
    }

    /// Sealed lines are no place to go to, since nobody edits them: they are counted.
    fn entries(&mut self, n: usize) {
        self.fact(Term("日志条数", "log entries"), n.to_string());
    }

    fn unit(mut self, id: &str) -> Option<String> {
        let (s, lang) = (self.s, self.lang);
        let r = &s.register;
        let Some(body) = r.body(id) else { return self.kind(id) };
        self.head(&body.id, &body.name.say(lang));
        self.fact(Term("简称", "short"), body.short.as_ref().map_or(String::new(), |w| w.say(lang).into_owned()));
        let was = |w: &crate::model::FormerBody| format!("{} {} (→ {})", w.id, w.name.say(lang), w.to.0);
        self.fact(t::FORMER, body.was.iter().map(was).collect::<Vec<_>>().join(", "));
        self.fact(t::SECTOR, r.sector_of(body).map_or(String::new(), |x| r.name(x, s.day(), lang)));
        let acts: Vec<String> = body.acts_for.0.iter().map(|d| format!("{} {d}", r.name(d, s.day(), lang))).collect();
        self.fact(Term("在本级代行", "acts for"), acts.join(", "));
        self.fact(Term("职责", "role"), body.role.as_ref().map_or(String::new(), |w| w.say(lang).into_owned()));
        self.fact(Term("有效至", "valid to"), body.valid_to.map_or(String::new(), |d| d.0.to_string()));
        let mine = |d: &crate::model::UnitId| r.current(d) == body.id.as_str();
        let leads = s.roster.duties.iter().filter(|d| d.dept.as_ref().is_some_and(mine)).count();
        let supports = s.roster.owners.iter().filter(|o| o.support.iter().any(mine)).count();
        self.fact(Term("牵头事项", "leads"), leads.to_string());
        self.fact(Term("配合事项", "supports"), supports.to_string());
        self.entries(s.log.records.iter().filter(|x| r.current(&x.entry.dept) == body.id.as_str()).count());
        self.done()
    }

    /// A sector, an enterprise or a user kind.
    fn kind(mut self, id: &str) -> Option<String> {
        let (r, lang) = (&self.s.register, self.lang);
        if let Some(x) = r.sectors.iter().find(|x| x.id.as_str() == id || x.code.as_str() == id) {
            let reached = r.obligations.iter().filter(|o| o.reaches.contains(&x.code) || o.reaches.contains(&x.id)).count();
            self.head(&format!("{} {}", x.code, x.id), &x.name.say(lang));
            self.fact(Term("涉及义务", "obligations that reach it"), reached.to_string());
            return self.done();
        }
        let group = r.enterprises.iter().chain(&r.users).find(|g| g.id.as_str() == id)?;
        let concerned = r.obligations.iter().filter(|o| o.enterprises.contains(&group.id) || o.users.contains(&group.id)).count();
        self.head(id, &group.name.say(lang));
        let above = self.s.register.name(&group.parent, self.s.day(), lang);
        self.fact(Term("上级", "parent"), format!("{above} {}", group.parent));
        self.fact(Term("涉及义务", "obligations that concern it"), concerned.to_string());
        self.done()
    }

    fn evidence(mut self, code: &str) -> Option<String> {
        let (r, lang) = (&self.s.register, self.lang);
        let kind = r.evidence_type(code)?;
        let wanted =
            |need: bool| r.obligations.iter().filter(|o| o.evidence.iter().any(|e| e.kind.as_str() == code && e.required == need)).count();
        self.head(code, &kind.name.say(lang));
        self.fact(Term("至少写明", "minimum"), kind.minimum.as_ref().map_or(String::new(), |w| w.say(lang).into_owned()));
        let age = match kind.max_age {
            MaxAge::None => Term("不过期", "does not age").say(lang).into_owned(),
            MaxAge::Cycles(n) => format!("{n} {}", Term("个复核周期", "review cycles").say(lang)),
        };
        self.fact(Term("有效期", "counts for"), age);
        self.fact(Term("必备于", "required by"), wanted(true).to_string());
        self.fact(Term("建议于", "listed by"), wanted(false).to_string());
        self.done()
    }

    fn post(mut self, post: &str) -> Option<String> {
        let (r, lang) = (&self.s.register, self.lang);
        let person = r.people.iter().flatten().find(|p| p.post.as_str() == post)?;
        self.head(post, &person.name.as_ref().map_or(String::new(), |n| n.say(lang).into_owned()));
        let dept = person.department.as_ref().map_or(String::new(), |d| format!("{} {d}", r.name(d, self.s.day(), lang)));
        self.fact(Term("单位", "department"), dept);
        self.fact(Term("角色", "roles"), person.roles.iter().map(|x| x.term().say(lang).into_owned()).collect::<Vec<_>>().join(", "));
        let planned = r.plan.iter().filter(|p| p.person.as_ref().is_some_and(|x| x.as_str() == post)).count();
        self.fact(Term("负责事项", "responsible for"), planned.to_string());
        self.entries(self.s.log.records.iter().filter(|x| *x.entry.by == *post).count());
        self.done()
    }

    fn clause(mut self, at: &str) -> Option<String> {
        let (r, lang) = (&self.s.register, self.lang);
        let sentence =
            r.policies.iter().flat_map(|p| &p.sentences).find(|x| at == x.at.as_str() || at.starts_with(&format!("{}.", x.at.as_str())));
        let clause = r.policies.iter().flat_map(|p| &p.clauses).find(|c| c.node.at.as_str() == at);
        if sentence.is_none() && clause.is_none() {
            return None;
        }
        self.head(at, &sentence.map_or(String::new(), |x| x.gist.say(lang).into_owned()));
        if let Some(c) = clause {
            self.fact(Term("开头", "opening"), c.opening.as_ref().map_or("", |o| o.as_str()));
            self.fact(Term("类别", "class"), c.class.as_str());
            let ids = c.primary.iter().chain(c.secondary.iter().map(|x| &x.id));
            let titled = ids.map(|id| format!("{id} {}", r.obligation(id).map_or(String::new(), |o| o.title.say(lang).into_owned())));
            self.fact(Term("义务", "obligations"), titled.collect::<Vec<_>>().join(", "));
            self.fact(Term("理由", "reason"), c.reason.as_ref().map_or(String::new(), |w| w.say(lang).into_owned()));
        }
        self.done()
    }

    fn part(mut self, id: &str) -> Option<String> {
        let (r, lang) = (&self.s.register, self.lang);
        let (policy, part) = r.policies.iter().find_map(|p| Some((p, p.policy.parts.iter().find(|x| x.id.as_str() == id)?)))?;
        self.head(id, &part.title.say(lang));
        self.fact(t::SOURCE, policy.policy.title.say(lang));
        self.fact(Term("义务", "obligations"), r.obligations.iter().filter(|o| o.id.part() == id).count().to_string());
        self.done()
    }

    fn law(mut self, id: &str) -> Option<String> {
        let (r, lang) = (&self.s.register, self.lang);
        let law = r.laws.iter().find(|l| l.id.as_str() == id)?;
        self.head(id, &law.name.say(lang));
        self.fact(Term("施行", "in force"), law.in_force.map_or(String::new(), |d| d.0.to_string()));
        self.fact(Term("条文", "articles"), law.articles.len().to_string());
        self.done()
    }

    fn article(mut self, id: &str) -> Option<String> {
        let (r, lang) = (&self.s.register, self.lang);
        let (code, no) = id.split_once(':')?;
        let law = r.laws.iter().find(|l| l.id.as_str() == code)?;
        let article = law.articles.iter().find(|a| a.no.as_str() == no)?;
        self.head(id, &format!("{} {}", law.name.say(lang), article.topic.say(lang)));
        let chapter = article.chapter.and_then(|n| law.chapters.iter().find(|c| c.no == n));
        self.fact(Term("章", "chapter"), chapter.map_or(String::new(), |c| format!("{} {}", c.no, c.title.say(lang))));
        let links = r.crosswalk.iter().filter_map(|c| {
            let l = c.links.iter().find(|l| l.law.as_str() == code && l.article.as_ref().is_some_and(|a| a.as_str() == no))?;
            Some(format!("{} ({})", c.duty, l.relation.term().say(lang)))
        });
        self.fact(Term("对应义务", "obligations"), links.collect::<Vec<_>>().join(", "));
        self.done()
    }
}
