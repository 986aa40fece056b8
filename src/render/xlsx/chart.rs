//! A chart that the spreadsheet draws itself, over the table of its figures: what is edited
//! there moves here.

use super::calendar;
use super::error::XlsxError;
use super::looks::Role;
use super::sheet::Sheet;
use super::table;
use crate::page::{Chart, Ink, Shape, Table, Tone};
use crate::render::office::{clean, ink};
use rust_xlsxwriter as x;
use x::{ChartType, Color};

/// Title, what it shows in words, picture, figures.
pub fn write(sheet: &mut Sheet, row: u32, chart: &Chart, rows: u32, t: &Table) -> Result<(), XlsxError> {
    let all = (0, sheet.plan.grid.last());
    sheet.text(row, all, &clean(&chart.title), Role::Heading(3))?;
    sheet.text(row + 1, all, &clean(&chart.said), Role::Prose)?;
    let head = row + rows;
    // The picture is one; its figures may stand on the next page.
    sheet.together.push((row, if rows == 2 { head + 1 } else { head - 1 }));
    table::write(sheet, head, t, false)?;
    if rows == 2 || t.rows.is_empty() {
        return Ok(());
    }
    for r in row + 2..head {
        sheet.height(r, 15.0)?;
    }
    let mut drawn = draw(chart, sheet.plan.name, head, t);
    drawn.set_name(chart.key.as_str()).set_alt_text(short(&chart.said));
    drawn.set_width(sheet.plan.grid.total().min(super::grid::PAGE) - 6).set_height((rows - 2) * 20 - 8);
    Ok(sheet.out.insert_chart_with_offset(row + 2, 0, &drawn, 3, 4).map(|_| ())?)
}

/// What a chart may be said in; the whole stands above it.
fn short(text: &str) -> String {
    clean(text).chars().take(250).collect()
}

fn draw(chart: &Chart, name: &str, head: u32, t: &Table) -> x::Chart {
    let (kind, inks): (ChartType, Vec<Ink>) = match &chart.shape {
        Shape::Bars { series, .. } => (ChartType::BarStacked, series.iter().map(|s| s.1).collect()),
        Shape::Lines { series, .. } => (ChartType::Line, series.iter().map(|s| s.1).collect()),
        Shape::Calendar { months } => match calendar::tones(months) {
            tones if t.columns.len() == tones.len() + 1 => (ChartType::ColumnStacked, tones.into_iter().map(Ink::Tone).collect()),
            _ => (ChartType::Column, vec![Ink::Shade(1)]),
        },
        Shape::Net { .. } => (ChartType::Column, vec![Ink::Tone(Tone::Grey)]),
    };
    let mut out = x::Chart::new(kind);
    out.title().set_hidden();
    out.chart_area().set_format(x::ChartFormat::new().set_no_border());
    out.show_empty_cells_as(x::ChartEmptyCells::Gaps);
    let last = head + t.rows.len() as u32;
    for (i, colour) in inks.iter().enumerate() {
        let column = 1 + i as u16;
        let colour = Color::RGB(ink(*colour));
        let series = out.add_series();
        series.set_name((name, head, column)).set_categories((name, head + 1, 0, last, 0));
        series.set_values((name, head + 1, column, last, column));
        match kind {
            ChartType::Line => line(series, colour, i),
            _ => bar(series, colour),
        }
    }
    axes(&mut out, kind);
    if inks.len() == 1 {
        out.legend().set_hidden();
    } else {
        out.legend().set_position(x::ChartLegendPosition::Bottom);
    }
    out
}

/// Counts stand in their bars; noughts do not.
fn bar(series: &mut x::ChartSeries, colour: Color) {
    series.set_format(x::ChartFormat::new().set_solid_fill(x::ChartSolidFill::new().set_color(colour)));
    series.set_data_label(x::ChartDataLabel::new().show_value().set_num_format("0;;;")).set_gap(45);
}

/// Lines are told apart by their dashes too: a copier knows no colours.
fn line(series: &mut x::ChartSeries, colour: Color, i: usize) {
    use x::ChartLineDashType::{Dash, LongDashDot, RoundDot, Solid};
    let dashes = [Solid, Dash, RoundDot, LongDashDot][i % 4];
    series.set_format(x::ChartFormat::new().set_line(x::ChartLine::new().set_color(colour).set_width(2.25).set_dash_type(dashes)));
}

fn axes(out: &mut x::Chart, kind: ChartType) {
    let light = x::ChartLine::new().set_color(Color::RGB(0xDDDDDD)).clone();
    // Lying bars: the first stands at the top, as it does in the table, and the counts below.
    if kind == ChartType::BarStacked {
        out.y_axis().set_reverse().set_major_gridlines(false);
        out.x_axis().set_label_position(x::ChartAxisLabelPosition::High);
    }
    let counts = if kind == ChartType::BarStacked { out.x_axis() } else { out.y_axis() };
    counts.set_num_format("0").set_min(0).set_major_gridlines(true).set_major_gridlines_line(&light);
    out.x_axis().set_font(x::ChartFont::new().set_size(9));
    out.y_axis().set_font(x::ChartFont::new().set_size(9));
}
