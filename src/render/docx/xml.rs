//! Elements one inside the other; escaping is `quick-xml`'s business. Writing into memory
//! does not fail.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A part being written.
pub struct Xml(Writer<Vec<u8>>);

/// Names and values.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Xml {
    /// A part that begins with its declaration.
    pub fn new() -> Xml {
        let mut out = Xml(Writer::new(Vec::new()));
        out.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))));
        out
    }
    /// An element and what stands in it.
    pub fn within(&mut self, name: &str, attributes: Attributes, inside: impl FnOnce(&mut Xml)) -> &mut Xml {
        self.event(Event::Start(start(name, attributes)));
        inside(self);
        self.event(Event::End(BytesEnd::new(name)));
        self
    }
    /// An element with nothing in it.
    pub fn leaf(&mut self, name: &str, attributes: Attributes) -> &mut Xml {
        self.event(Event::Empty(start(name, attributes)));
        self
    }
    /// An element with one value, as most settings are.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Xml {
        self.leaf(name, &[("w:val", value)])
    }
    /// Text.
    pub fn text(&mut self, text: &str) {
        self.event(Event::Text(BytesText::new(text)));
    }
    /// The bytes.
    pub fn done(self) -> Vec<u8> {
        self.0.into_inner()
    }
    fn event(&mut self, event: Event) {
        self.0.write_event(event).expect("writing into memory does not fail");
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'a>) -> BytesStart<'a> {
    let mut out = BytesStart::new(name);
    out.extend_attributes(attributes.iter().copied());
    out
}
