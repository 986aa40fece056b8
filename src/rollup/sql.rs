//! The same question as one portable SQL text: MAX, SUM(CASE), COUNT, equi-join, GROUP BY, `%` and
//! date literals, nothing else. It stands in history.sql and snapshot.sql; here its values are put
//! in.

use super::key;
use super::tally::{Ask, By};

const HISTORY: &str = include_str!("history.sql");
const SNAPSHOT: &str = include_str!("snapshot.sql");

/// The text for a question; from the states of a month where one is given.
pub fn text(ask: Ask, month: Option<&str>) -> String {
    let group = match ask.by {
        By::Province => "o.unit - o.unit % 10000",
        By::Sector => "o.sector",
        By::Obligation => "o.obligation",
        By::UnitKind => "o.kind",
    };
    let once = if ask.by == By::Sector { "" } else { " AND o.once = 1" };
    let known = month.and_then(key::month_end).map_or_else(String::new, |d| key::date(d).to_string());
    let day = |d: i32| key::date(d).to_string();
    let text = if month.is_some() { SNAPSHOT } else { HISTORY };
    [
        ("{key}", group),
        ("{once}", once),
        ("{as_of}", &day(ask.as_of)),
        ("{on}", &day(ask.on)),
        ("{known}", &known),
        ("{month}", month.unwrap_or_default()),
    ]
    .iter()
    .fold(text.to_string(), |t, (name, value)| t.replace(name, value))
}
