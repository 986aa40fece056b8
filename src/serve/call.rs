//! A request as those who answer see it, and their answer.

use super::desk::Desk;
use super::views::View;
use super::who::Visitor;
use crate::model::time::parse_date;
use crate::model::{Lang, Words};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::sync::Arc;

/// Names and values of a query or a form, in order.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The value of a name, without blanks around it; `None` where it is blank or not there.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|f| f.0 == name).map(|f| f.1.trim()).filter(|v| !v.is_empty())
    }
    /// All values of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |f| f.0 == name).map(|f| f.1.as_str())
    }
    /// As it stands in an address.
    pub fn encoded(&self) -> String {
        self.0.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect::<Vec<_>>().join("&")
    }
}

/// A part of an address: whatever is in it stays a part.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'-' | b'.' | b'_' | b'~' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => out.push(b as char),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// A file that was sent with a form: hashed on its way in, and lying in the store's waiting
/// room where there is a store.
#[derive(Debug)]
pub struct Upload {
    /// The form's field.
    pub field: String,
    /// The name that it had, never used as a path.
    pub name: String,
    /// Its digest.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where it waits; gone with this value unless it is kept.
    pub waiting: Option<tempfile::TempPath>,
}

/// A request.
pub struct Call {
    /// What all share.
    pub desk: Arc<Desk>,
    /// Who asks.
    pub visitor: Option<Visitor>,
    /// The address's path as it came.
    pub at: String,
    /// What stands in the path where the route has a `{name}`, in order.
    pub path: Vec<String>,
    /// The query.
    pub query: Fields,
    /// The form.
    pub form: Fields,
    /// Its files.
    pub files: std::sync::Mutex<Vec<Upload>>,
    /// The body, where it is JSON.
    pub json: Option<serde_json::Value>,
    /// The language.
    pub lang: Lang,
    /// The clock, asked once.
    pub now: DateTime<FixedOffset>,
    /// An address of the JSON interface: trouble is told as JSON.
    pub api: bool,
    /// A form was sent, perhaps an empty one.
    pub written: bool,
    /// The client's address.
    pub from: std::net::IpAddr,
    /// It came by TLS.
    pub secure: bool,
}

impl Call {
    /// A phrase in the caller's language.
    pub fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.lang == Lang::En { en } else { zh }
    }

    /// The register as of the day asked for (`as_of`, `on`).
    ///
    /// # Errors
    /// A day that is none; a register that cannot be opened.
    pub fn view(&self) -> Result<Arc<View>, Reply> {
        let day = |name: &str| -> Result<Option<NaiveDate>, Reply> {
            let text = self.query.one(name).map(str::to_string);
            text.map(|t| parse_date(&t).map_err(|e| Reply::problem(400, format!("{name}: {e}")))).transpose()
        };
        let (as_of, on) = (day("as_of")?, day("on")?);
        self.desk.views.at(as_of, on).map_err(|e| Reply::problem(503, e))
    }

    /// Who asks, on an address that nobody reaches unknown.
    pub fn visitor(&self) -> &Visitor {
        self.visitor.as_ref().expect("the gate lets nobody unknown through to here")
    }

    /// The same as somebody's, at another address.
    pub fn as_who(&self, who: Visitor, at: &str) -> Call {
        Call {
            desk: self.desk.clone(),
            visitor: Some(who),
            at: at.into(),
            path: Vec::new(),
            query: Fields::default(),
            form: Fields::default(),
            files: Default::default(),
            json: None,
            lang: self.lang,
            now: self.now,
            api: false,
            written: false,
            from: self.from,
            secure: self.secure,
        }
    }

    /// Path and query of an address on the same day and with the same view as this one.
    pub fn link(&self, path: &str, with: &[(&str, &str)]) -> String {
        let mut fields: Vec<(String, String)> = with.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        for keep in ["as_of", "on"] {
            if !with.iter().any(|w| w.0 == keep)
                && let Some(v) = self.query.one(keep)
            {
                fields.push((keep.into(), v.into()));
            }
        }
        fields.retain(|f| !f.1.is_empty());
        if fields.is_empty() { path.to_string() } else { format!("{path}?{}", Fields(fields).encoded()) }
    }
}

/// What goes back.
#[derive(Debug, Default)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub kind: &'static str,
    /// The bytes.
    pub body: Vec<u8>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// What went wrong, to be dressed as a page or as JSON at the gate.
    pub trouble: Option<String>,
}

/// The media type of our pages.
pub const HTML: &str = "text/html; charset=utf-8";
/// The media type of data.
pub const JSON: &str = "application/json";

impl Reply {
    /// Bytes of a kind.
    pub fn new(status: u16, kind: &'static str, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status, kind, body: body.into(), ..Reply::default() }
    }
    /// Data.
    pub fn json(status: u16, value: &impl serde::Serialize) -> Reply {
        Reply::new(status, JSON, serde_json::to_vec_pretty(value).expect("an answer is plain data"))
    }
    /// To another address of ours; a form that was taken is not sent again by a reload.
    pub fn go(to: impl Into<String>) -> Reply {
        Reply::new(303, HTML, "").with("location", to)
    }
    /// Something went wrong: the gate tells it in the caller's form.
    pub fn problem(status: u16, what: impl Into<String>) -> Reply {
        Reply { status, trouble: Some(what.into()), ..Reply::default() }
    }
    /// The same in the caller's language.
    pub fn trouble(call: &Call, status: u16, what: &Words) -> Reply {
        Reply::problem(status, what.say(call.lang))
    }
    /// With a header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }
}
