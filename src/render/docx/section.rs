//! Paper: portrait with the text area of official documents, landscape as a printed ledger;
//! the number of the page between dashes.

use super::xml::Xml;

/// Which way the paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A4 with the text area of GB/T 9704: 156 × 225 mm, 37 mm at the head, 28 mm at the
    /// binding side.
    Portrait,
    /// A4 with 18 mm at the sides and the foot, 20 mm at the head.
    Landscape,
}

/// Twentieths of a point.
const fn mm(n: usize) -> usize {
    n * 5669 / 100
}

impl Paper {
    /// Width of the text area in twentieths of a point.
    pub fn width(self) -> usize {
        match self {
            Paper::Portrait => mm(156),
            Paper::Landscape => mm(261),
        }
    }
}

/// Names under which a document finds its footers: odd and even pages, landscape pages.
pub const FOOTERS: [(&str, &str); 3] = [("rIdOdd", "footer1.xml"), ("rIdEven", "footer2.xml"), ("rIdWide", "footer3.xml")];

/// Set-up of a section.
pub fn write(x: &mut Xml, paper: Paper) {
    let (odd, even) = if paper == Paper::Portrait { (0, 1) } else { (2, 2) };
    x.within("w:sectPr", &[], |x| {
        x.leaf("w:footerReference", &[("w:type", "default"), ("r:id", FOOTERS[odd].0)]);
        x.leaf("w:footerReference", &[("w:type", "even"), ("r:id", FOOTERS[even].0)]);
        x.set("w:type", "nextPage");
        match paper {
            Paper::Portrait => {
                x.leaf("w:pgSz", &[("w:w", "11906"), ("w:h", "16838")]);
                margins(x, [37, 26, 35, 28], 23);
                // 22 lines of 28 characters are in the styles, as spacing. A grid says the same,
                // but office programs read grids of characters differently, and with a grid
                // of lines LibreOffice 7.4 loses rows of a table at the foot of a page.
            }
            Paper::Landscape => {
                x.leaf("w:pgSz", &[("w:w", "16838"), ("w:h", "11906"), ("w:orient", "landscape")]);
                margins(x, [20, 18, 18, 18], 9);
            }
        }
    });
}

/// Head, right, foot, left, and where the page number stands, in millimetres.
fn margins(x: &mut Xml, sides: [usize; 4], footer: usize) {
    let [top, right, bottom, left] = sides.map(|n| mm(n).to_string());
    let footer = mm(footer).to_string();
    x.leaf(
        "w:pgMar",
        &[
            ("w:top", &*top),
            ("w:right", &*right),
            ("w:bottom", &*bottom),
            ("w:left", &*left),
            ("w:header", "851"),
            ("w:footer", &*footer),
            ("w:gutter", "0"),
        ],
    );
}

/// A footer: — 3 —, at the outer side with one character left free on portrait pages, in
/// the middle on landscape ones.
pub fn footer(n: usize, namespaces: &[(&str, &str)]) -> Vec<u8> {
    let mut x = Xml::new();
    x.within("w:ftr", namespaces, |x| {
        x.within("w:p", &[], |x| {
            x.within("w:pPr", &[], |x| {
                x.set("w:pStyle", "Footer");
                match n {
                    0 => x.leaf("w:ind", &[("w:rightChars", "100"), ("w:right", "280")]).set("w:jc", "right"),
                    1 => x.leaf("w:ind", &[("w:leftChars", "100"), ("w:left", "280")]).set("w:jc", "left"),
                    _ => x.set("w:jc", "center"),
                };
            });
            let run = |x: &mut Xml, text: &str| {
                x.within("w:r", &[], |x| {
                    x.within("w:t", &[("xml:space", "preserve")], |x| x.text(text));
                });
            };
            run(x, "— ");
            x.within("w:fldSimple", &[("w:instr", " PAGE ")], |x| run(x, "1"));
            run(x, " —");
        });
    });
    x.done()
}
