//! What a document says of itself: the stamp of its page, and the digest of its text. If the
//! text was edited since, it is no longer the page's, and the stamp does not count.

use super::xml::Xml;
use crate::digest;
use crate::page::Page;
use crate::render::stamp as page_stamp;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Where it stands.
pub const PART: &str = "docProps/custom.xml";
/// The text.
pub const DOCUMENT: &str = "word/document.xml";
/// Stamp of the page, digest of the text.
const NAMES: [&str; 2] = ["duban-page", "duban-text"];
/// A part larger than this is not read: documents that come back may be anything.
const LARGEST: u64 = 256 << 20;

/// The properties.
pub fn write(page: &Page, document: &[u8]) -> Vec<u8> {
    let values = [page_stamp::stamp(page), digest::hex(document)];
    let mut x = Xml::new();
    let namespaces = [
        ("xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"),
        ("xmlns:vt", "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"),
    ];
    x.within("Properties", &namespaces, |x| {
        for (i, (name, value)) in NAMES.iter().zip(values).enumerate() {
            let number = (i + 2).to_string();
            let of = [("fmtid", "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"), ("pid", &*number), ("name", *name)];
            x.within("property", &of, |x| {
                x.within("vt:lpwstr", &[], |x| x.text(&value));
            });
        }
    });
    x.done()
}

/// The stamp of the page that a document was made from, as long as nobody has edited its
/// text; `None` for anything else.
pub fn stamp(bytes: &[u8]) -> Option<String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut part = |name: &str| {
        let file = archive.by_name(name).ok()?;
        let mut out = Vec::new();
        file.take(LARGEST).read_to_end(&mut out).ok()?;
        Some(out)
    };
    let said = properties(&part(PART)?)?;
    let value = |name: &str| said.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    (value(NAMES[1])? == digest::hex(&part(DOCUMENT)?)).then_some(value(NAMES[0])?)
}

/// Names and values.
fn properties(part: &[u8]) -> Option<Vec<(String, String)>> {
    let mut reader = Reader::from_reader(part);
    let (mut out, mut name, mut buffer) = (Vec::new(), None, Vec::new());
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(e) if e.local_name().as_ref() == "property" => {
                name = e.attributes().flatten().find(|a| a.key.as_ref() == "name").map(|a| a.value.to_string());
            }
            Event::Text(t) => {
                if let Some(name) = name.take() {
                    out.push((name, t.to_string()));
                }
            }
            Event::Eof => return Some(out),
            _ => {}
        }
        buffer.clear();
    }
}
