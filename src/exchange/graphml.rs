//! GraphML: the obligations with everything they touch, states and lights among it.

use super::ask::{Ask, File, Written};
use crate::graph::export::View;
use crate::graph::{Edge, graphml};
use crate::snapshot::{Snapshot, query::Query};

/// One file: the selected obligations with all their edges.
pub fn write(ask: &Ask) -> Written {
    let obligations: Vec<u32> = ask.obligations().into_iter().map(|i| i as u32).collect();
    let view = View { register: &ask.s.register, day: ask.day(), lang: ask.lang, obligations: &obligations, edges: Edge::ALL };
    Ok(vec![File::text("register.graphml", text(ask.s, ask.query, &view))])
}

/// A view of the graph with what it is of.
pub fn text(s: &Snapshot, query: &Query, view: &View) -> String {
    let r = &s.register;
    let about = [
        ("unit", r.settings.unit.code.to_string()),
        ("as_of", s.as_of.to_string()),
        ("data_version", s.version.clone()),
        ("filter", query.shown.clone()),
        ("read", r.total().to_string()),
        ("invalid", r.invalid.len().to_string()),
        ("drawn", view.obligations.len().to_string()),
        ("sample", r.settings.sample.to_string()),
    ];
    graphml::graphml(&s.graph, view, &|i| s.folded.obligations[i as usize], &about)
}
