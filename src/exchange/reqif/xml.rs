//! Elements with attributes and text, indented: what ReqIF is made of.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A file being written. Writing to memory does not fail.
pub struct Xml(Writer<Vec<u8>>);

impl Xml {
    /// Begins a file.
    pub fn new() -> Xml {
        let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 1));
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }
    fn put(&mut self, event: Event) {
        self.0.write_event(event).expect("writing to memory does not fail");
    }
    fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute((*key, legal(value).as_str()));
        }
        start
    }
    /// An element with what `inside` puts into it.
    pub fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Xml)) {
        self.put(Event::Start(Xml::start(name, attributes)));
        inside(self);
        self.put(Event::End(BytesEnd::new(name)));
    }
    /// An element without anything in it.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.put(Event::Empty(Xml::start(name, attributes)));
    }
    /// An element with text in it.
    pub fn text(&mut self, name: &str, text: &str) {
        self.put(Event::Start(BytesStart::new(name)));
        self.put(Event::Text(BytesText::new(&legal(text))));
        self.put(Event::End(BytesEnd::new(name)));
    }
    /// The bytes.
    pub fn end(self) -> Vec<u8> {
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }
}

/// What XML has no place for shows as ·.
fn legal(text: &str) -> String {
    let out = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.replace(out, "·")
}
