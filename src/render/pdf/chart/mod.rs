//! Charts as vector graphics: title, picture, and under it in words what it shows.
//!
//! Order of things: [`chart`] is the door; `bars`, `lines`, `calendar` and `net` draw one
//! shape each; `ink` has their colours. What cannot be drawn on one sheet (a net of a hundred
//! nodes) is printed as its table instead.

mod bars;
mod calendar;
mod ink;
mod lines;
mod net;

use super::flow::{Align, Flow};
use super::fonts::Role;
use super::sheet::*;
use super::table;
use crate::page::{Chart, Page, Shape};

/// A chart at the pen.
pub fn chart(flow: &mut Flow, c: &Chart, page: &Page) {
    flow.space(3.0 * MM);
    flow.need(match &c.shape {
        Shape::Bars { bars, .. } => (25.0 * MM + bars::pitch(flow) * bars.len() as f32).min(BOTTOM - TOP),
        Shape::Lines { .. } => 20.0 * MM + lines::height(flow),
        Shape::Calendar { months } => (14.0 * MM + calendar::HEIGHT * months.len().div_ceil(calendar::ROW) as f32).min(BOTTOM - TOP),
        Shape::Net { nodes, edges } => 20.0 * MM + net::height(flow, nodes, edges, page).unwrap_or(20.0 * MM),
    });
    let title = flow.lines(&c.title, Role::Head, 11.0, flow.width, 0.0);
    flow.set(&title, Align::Left, Meaning::Paragraph);
    flow.space(MM);
    let drawn = match &c.shape {
        Shape::Net { nodes, edges } => net::height(flow, nodes, edges, page).is_some(),
        Shape::Lines { points, .. } => !points.is_empty(),
        Shape::Bars { bars, .. } => !bars.is_empty(),
        Shape::Calendar { months } => !months.is_empty(),
    };
    if drawn {
        let said = [&c.said, &c.title, &c.key].into_iter().find(|t| !t.trim().is_empty());
        let node = flow.part(Meaning::Figure(said.map_or("—".into(), |t| t.clone())));
        match &c.shape {
            Shape::Bars { series, bars } => bars::draw(flow, series, bars, node),
            Shape::Lines { series, points } => lines::draw(flow, series, points, node),
            Shape::Calendar { months } => calendar::draw(flow, months, page, node),
            Shape::Net { nodes, edges } => net::draw(flow, nodes, edges, page, node),
        }
    } else {
        table::table(flow, &c.table());
    }
    flow.space(MM);
    flow.paragraph(&c.said, Role::Body, 9.0, Align::Left, Meaning::Paragraph);
    flow.space(2.0 * MM);
}
