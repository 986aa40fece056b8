//! What is to be printed: a layout or a saved report, with its filter, columns and period.

use super::forms::{self, Form};
use crate::cli::args::ReportArgs;
use crate::cli::context::{Context, Said, Stop, near as closest};
use crate::model::{Item, Lang, Saved, Words};
use crate::page::Page;
use crate::report::layout::{self, Ask, LAYOUTS, Layout, Period};
use crate::snapshot::{Snapshot, query::Query};
use crate::text::did_you_mean;
use chrono::NaiveDate;

/// One report.
pub struct Job {
    /// Name of its files.
    pub stem: String,
    /// Its layout.
    pub layout: &'static Layout,
    title: Option<Words>,
    filter: Vec<String>,
    columns: Vec<String>,
    period: Option<String>,
    marking: Option<String>,
    /// Its formats; none = whatever is usual.
    pub formats: Vec<&'static Form>,
    lang: Option<Lang>,
    /// The day that it is pinned to.
    pub as_of: Option<NaiveDate>,
    /// `reports/monthly.yaml, item 1`: told when something in it is wrong.
    place: Said,
}

impl Job {
    /// A layout as it is.
    pub fn plain(layout: &'static Layout) -> Job {
        Job {
            stem: layout.key.into(),
            layout,
            title: None,
            filter: Vec::new(),
            columns: Vec::new(),
            period: None,
            marking: None,
            formats: Vec::new(),
            lang: None,
            as_of: None,
            place: Said::default(),
        }
    }

    /// A saved report.
    ///
    /// # Errors
    /// When it names a layout or a format that is not there.
    pub fn saved(s: &Snapshot, item: &Item<Saved>) -> Result<Job, Stop> {
        let (file, n) = (&s.register.files[item.at.file as usize].shown, item.at.item + 1);
        let place = Said::from((format!("{file} 第 {n} 项"), format!("{file}, item {n}")));
        let layout =
            layout::find(item.layout.as_str()).ok_or_else(|| at(&place, unknown(("版式", "layout"), item.layout.as_str(), &[])))?;
        let formats = item.formats.iter().map(|f| forms::find(f.as_str()));
        let formats = formats.collect::<Result<_, _>>().map_err(|(what, hint)| at(&place, Stop::new(what, "", hint)))?;
        Ok(Job {
            stem: item.name.to_string(),
            title: item.title.clone(),
            filter: item.filter.iter().map(|f| f.to_string()).collect(),
            columns: item.columns.iter().map(|c| c.to_string()).collect(),
            period: item.period.as_ref().map(|p| p.to_string()),
            marking: item.marking.as_ref().map(|m| m.say(item.lang.unwrap_or(Lang::Zh)).into_owned()),
            formats,
            lang: item.lang,
            as_of: item.as_of.map(|d| d.0),
            place,
            ..Job::plain(layout)
        })
    }

    /// The report meant by a name: a saved one before a layout.
    ///
    /// # Errors
    /// When there is neither.
    pub fn named(s: &Snapshot, name: &str) -> Result<Job, Stop> {
        if let Some(item) = s.register.reports.iter().find(|r| r.name.as_str() == name) {
            return Job::saved(s, item);
        }
        let saved: Vec<&str> = s.register.reports.iter().map(|r| r.name.as_str()).collect();
        layout::find(name).map(Job::plain).ok_or_else(|| unknown(("报表", "report"), name, &saved))
    }

    /// What the command line says besides goes before what was saved; filters are joined.
    pub fn with(mut self, args: &ReportArgs) -> Job {
        if args.filter.is_some() || !args.query.is_empty() || !args.columns.is_empty() || args.period.is_some() {
            // What is not understood may stand on the command line.
            self.place = Said::default();
        }
        self.filter.extend(args.filter.iter().cloned());
        self.filter.extend(args.query.iter().cloned());
        if !args.columns.is_empty() {
            self.columns.clone_from(&args.columns);
        }
        self.period = args.period.clone().or(self.period);
        self.marking = args.marking.clone().or(self.marking);
        self
    }

    /// Its pages, each with the name of its file.
    ///
    /// # Errors
    /// When filter, period or columns are not understood.
    pub fn pages(&self, context: &Context, s: &Snapshot, forms: &[&Form]) -> Result<Vec<(String, Page)>, Stop> {
        let mut all = self.built(context, s)?;
        if forms.iter().any(|f| f.behind) {
            let pages: Vec<&Page> = all.iter().map(|(_, p)| p).collect();
            let behind = layout::behind(s, &pages, context.lang_or(self.lang, s));
            all[0].1.behind = behind.map(Box::new);
        }
        Ok(all)
    }

    /// As the layout has it: at least one.
    fn built(&self, context: &Context, s: &Snapshot) -> Result<Vec<(String, Page)>, Stop> {
        let lang = context.lang_or(self.lang, s);
        let query = Query::parse(s, &self.filter).map_err(|w| at(&self.place, Stop::new(w, "", "")))?;
        let period = self.period.as_ref().map(|p| Period::parse(p, s.day())).transpose();
        let period = period.map_err(|w| at(&self.place, Stop::new(w, "", "")))?;
        // A pack is of one department; the departments asked for say which packs there are.
        let wanted = query.departments().filter(|_| self.layout.per_department);
        let reduced = query.without_departments();
        let mut ask = Ask::new(s, if self.layout.per_department { &reduced } else { &query }, lang, period);
        ask.columns.clone_from(&self.columns);
        ask.title.clone_from(&self.title);
        ask.marking.clone_from(&self.marking);
        let build = |ask: &Ask| {
            layout::build(self.layout, ask).map_err(|(bad, known)| {
                let near = did_you_mean(&bad, known.iter().map(String::as_str));
                let all = known.join(", ");
                let hint = closest(near, &format!("可用的列：{all}"), &format!("columns: {all}"));
                let what = (format!("{} 没有列 `{bad}`", self.layout.key), format!("{} has no column `{bad}`", self.layout.key));
                at(&self.place, Stop::new(what, "", hint))
            })
        };
        if !self.layout.per_department {
            return Ok(vec![(self.stem.clone(), build(&ask)?)]);
        }
        let mut all = Vec::new();
        for dept in layout::packed(&ask).into_iter().filter(|d| wanted.as_ref().is_none_or(|w| w.contains(&d.as_str()))) {
            let stem = format!("{}/{dept}", self.stem);
            ask.dept = Some(dept);
            all.push((stem, build(&ask)?));
        }
        if all.is_empty() {
            // No department has part in it: one nil report, not silence.
            all.push((self.stem.clone(), build(&ask)?));
        }
        Ok(all)
    }
}

/// What is wrong with a saved report begins with its place.
fn at(place: &Said, stop: Stop) -> Stop {
    if *place == Said::default() {
        return stop;
    }
    let both = |lang, mark| format!("{}{mark}{}", place.say(lang), stop.what.say(lang));
    Stop { what: (both(Lang::Zh, "："), both(Lang::En, ": ")).into(), ..stop }
}

fn unknown(what: (&str, &str), name: &str, saved: &[&str]) -> Stop {
    let all: Vec<&str> = LAYOUTS.iter().map(|l| l.key).chain(saved.iter().copied()).collect();
    let near = did_you_mean(name, all.iter().copied());
    Stop::new(
        (format!("没有{} `{name}`", what.0), format!("there is no {} `{name}`", what.1)),
        "",
        closest(near, "`duban report` 列出全部", "`duban report` lists them"),
    )
}
