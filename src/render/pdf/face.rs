//! One face of a font file: which glyph a character has, and how wide it is.
//!
//! Only what the layout asks; the outlines are krilla's business, who reads the same bytes.

use super::error::PdfError;
use krilla::text::{Font, Tag};
use skrifa::instance::{Location, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::sync::Arc;

/// A face.
pub struct Face {
    bytes: Arc<Vec<u8>>,
    index: u32,
    location: Location,
    /// Name as the file gives it.
    pub name: String,
    /// What krilla draws with.
    pub font: Font,
    em: f32,
}

/// What a face has for a character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    /// Its number in the face.
    pub id: u32,
    /// Width at size 1.
    pub advance: f32,
    /// Where its ink begins and ends, at size 1; all of the width for a space.
    pub ink: [f32; 2],
}

impl Face {
    /// Reads a face. `index` chooses one of a collection; without it the one for simplified
    /// Chinese, else the first. A face whose weight can be varied is set to `weight`.
    pub fn new(bytes: Arc<Vec<u8>>, index: Option<u32>, weight: f32, called: &str) -> Result<Face, PdfError> {
        let no = |why: &str| PdfError::NotAFont(called.into(), why.into());
        let index = index.unwrap_or_else(|| simplified(&bytes));
        let read = FontRef::from_index(&bytes, index).map_err(|e| no(&format!(" ({e})")))?;
        let varies = read.axes().iter().any(|a| a.tag() == skrifa::Tag::new(b"wght"));
        let at: Vec<(Tag, f32)> = if varies { vec![(Tag::new(b"wght"), weight)] } else { vec![] };
        let location = read.axes().location(at.iter().map(|(t, w)| (skrifa::Tag::new(t.get()), *w)));
        let (name, em) = (name(&read), f32::from(read.metrics(Size::unscaled(), &location).units_per_em));
        if read.outline_glyphs().format().is_none() || em == 0.0 {
            return Err(no(" (it has no outlines)"));
        }
        let font = Font::new_variable(bytes.clone().into(), index, &at).ok_or_else(|| no(""))?;
        Ok(Face { name, em, location, index, font, bytes })
    }

    /// For asking many times.
    pub fn reader(&self) -> Reader<'_> {
        let font = FontRef::from_index(&self.bytes, self.index).expect("it was read when the face was made");
        Reader { face: self, charmap: font.charmap(), font }
    }

    /// The file's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// A face that is asked for characters.
pub struct Reader<'a> {
    face: &'a Face,
    font: FontRef<'a>,
    charmap: skrifa::charmap::Charmap<'a>,
}

impl Reader<'_> {
    /// What it has for a character, or for one with a variation selector behind it. A glyph
    /// without ink counts as missing, except for spaces: some fonts map what they lack to a blank.
    pub fn glyph(&self, c: char, selector: Option<char>) -> Option<Glyph> {
        use skrifa::charmap::MapVariant;
        let plain = || self.charmap.map(c);
        let id = match selector {
            None => plain()?,
            Some(s) => match self.charmap.map_variant(c, s)? {
                MapVariant::UseDefault => plain()?,
                MapVariant::Variant(id) => id,
            },
        };
        let em = self.face.em;
        let advance = self.font.glyph_metrics(Size::unscaled(), &self.face.location).advance_width(id)? / em;
        let ink = if c.is_whitespace() { Some([0.0, advance]) } else { self.ink(id).map(|x| x.map(|x| x / em)) };
        ink.filter(|_| id.to_u32() != 0).map(|ink| Glyph { id: id.to_u32(), advance, ink })
    }

    /// Where the strokes begin and end; `None` where there are none.
    fn ink(&self, id: GlyphId) -> Option<[f32; 2]> {
        let mut pen = Strokes([f32::MAX, f32::MIN]);
        self.font.outline_glyphs().get(id)?.draw(DrawSettings::unhinted(Size::unscaled(), &self.face.location), &mut pen).ok()?;
        (pen.0[0] <= pen.0[1]).then_some(pen.0)
    }
}

/// How far strokes reach to the left and right.
struct Strokes([f32; 2]);

impl Strokes {
    fn to(&mut self, x: f32) {
        self.0 = [self.0[0].min(x), self.0[1].max(x)];
    }
}

impl OutlinePen for Strokes {
    fn move_to(&mut self, _: f32, _: f32) {}
    fn line_to(&mut self, x: f32, _: f32) {
        self.to(x);
    }
    fn quad_to(&mut self, _: f32, _: f32, x: f32, _: f32) {
        self.to(x);
    }
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, _: f32) {
        self.to(x);
    }
    fn close(&mut self) {}
}

fn name(font: &FontRef) -> String {
    let of = |id| font.localized_strings(id).english_or_first().map(|s| s.to_string());
    of(StringId::FULL_NAME).or_else(|| of(StringId::FAMILY_NAME)).unwrap_or_else(|| "unnamed".into())
}

/// The face of a collection that has the forms of simplified Chinese.
fn simplified(bytes: &[u8]) -> u32 {
    let faces = (0..64).map_while(|i| FontRef::from_index(bytes, i).ok());
    let found = faces.enumerate().find(|(_, f)| name(f).split([' ', '-']).any(|w| matches!(w, "SC" | "CN" | "GB")));
    found.map_or(0, |(i, _)| u32::try_from(i).unwrap_or(0))
}
