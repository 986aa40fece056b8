//! The file: parts that are the same in every document, properties dated by the as-of day,
//! packed without a clock.

use super::error::DocxError;
use super::seal;
use super::section::{self, FOOTERS};
use super::xml::Xml;
use crate::page::Page;
use crate::render::office::{chinese, clean, day};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Namespaces of the main parts.
pub const NAMESPACES: [(&str, &str); 2] = [
    ("xmlns:w", "http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    ("xmlns:r", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
];
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// All parts in one file.
pub fn pack(page: &Page, document: &[u8]) -> Result<Vec<u8>, DocxError> {
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), types()),
        ("_rels/.rels".into(), relations()),
        ("docProps/core.xml".into(), core(page)),
        ("docProps/app.xml".into(), app()),
        (seal::PART.into(), seal::write(page, document)),
        (seal::DOCUMENT.into(), document.to_vec()),
        ("word/_rels/document.xml.rels".into(), document_relations()),
        ("word/styles.xml".into(), styles(chinese(page))),
        ("word/settings.xml".into(), settings(chinese(page))),
        ("word/fontTable.xml".into(), fonts()),
    ];
    parts.extend(FOOTERS.iter().enumerate().map(|(i, (_, name))| (format!("word/{name}"), section::footer(i, &NAMESPACES))));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::DEFAULT);
    for (name, bytes) in parts {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn types() -> Vec<u8> {
    let mut x = Xml::new();
    x.within("Types", &[("xmlns", "http://schemas.openxmlformats.org/package/2006/content-types")], |x| {
        x.leaf("Default", &[("Extension", "rels"), ("ContentType", "application/vnd.openxmlformats-package.relationships+xml")]);
        x.leaf("Default", &[("Extension", "xml"), ("ContentType", "application/xml")]);
        let mut part = |name: &str, kind: &str| {
            x.leaf("Override", &[("PartName", name), ("ContentType", kind)]);
        };
        part("/word/document.xml", &format!("{WORD}.document.main+xml"));
        for name in ["styles", "settings", "fontTable"] {
            part(&format!("/word/{name}.xml"), &format!("{WORD}.{name}+xml"));
        }
        FOOTERS.iter().for_each(|(_, name)| part(&format!("/word/{name}"), &format!("{WORD}.footer+xml")));
        part("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
        part("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml");
        part("/docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml");
    });
    x.done()
}

fn related(list: &[(&str, String, &str)]) -> Vec<u8> {
    let mut x = Xml::new();
    x.within("Relationships", &[("xmlns", "http://schemas.openxmlformats.org/package/2006/relationships")], |x| {
        for (id, kind, target) in list {
            x.leaf("Relationship", &[("Id", id), ("Type", kind), ("Target", target)]);
        }
    });
    x.done()
}

fn relations() -> Vec<u8> {
    let core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties";
    related(&[
        ("rId1", format!("{OFFICE}/relationships/officeDocument"), "word/document.xml"),
        ("rId2", core.into(), "docProps/core.xml"),
        ("rId3", format!("{OFFICE}/relationships/extended-properties"), "docProps/app.xml"),
        ("rId4", format!("{OFFICE}/relationships/custom-properties"), seal::PART),
    ])
}

fn document_relations() -> Vec<u8> {
    let kind = |name: &str| format!("{OFFICE}/relationships/{name}");
    let mut list = vec![
        ("rIdStyles", kind("styles"), "styles.xml"),
        ("rIdSettings", kind("settings"), "settings.xml"),
        ("rIdFonts", kind("fontTable"), "fontTable.xml"),
    ];
    list.extend(FOOTERS.iter().map(|(id, name)| (*id, kind("footer"), *name)));
    related(&list)
}

fn core(page: &Page) -> Vec<u8> {
    let mut x = Xml::new();
    let namespaces = [
        ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    let date = format!("{}T00:00:00Z", day(page));
    x.within("cp:coreProperties", &namespaces, |x| {
        x.within("dc:title", &[], |x| x.text(&clean(&page.title)));
        x.within("dc:language", &[], |x| x.text(if chinese(page) { "zh-CN" } else { "en" }));
        for name in ["dcterms:created", "dcterms:modified"] {
            x.within(name, &[("xsi:type", "dcterms:W3CDTF")], |x| x.text(&date));
        }
    });
    x.done()
}

fn app() -> Vec<u8> {
    let mut x = Xml::new();
    x.within("Properties", &[("xmlns", &*format!("{OFFICE}/extended-properties"))], |x| {
        x.within("Application", &[], |x| x.text("duban"));
    });
    x.done()
}

fn settings(chinese: bool) -> Vec<u8> {
    let mut x = Xml::new();
    x.within("w:settings", &NAMESPACES, |x| {
        x.leaf("w:evenAndOddHeaders", &[]);
        x.set("w:characterSpacingControl", "compressPunctuation");
        x.within("w:compat", &[], |x| {
            let uri = "http://schemas.microsoft.com/office/word";
            x.leaf("w:compatSetting", &[("w:name", "compatibilityMode"), ("w:uri", uri), ("w:val", "15")]);
        });
        x.leaf("w:themeFontLang", &[("w:val", if chinese { "en-US" } else { "en-GB" }), ("w:eastAsia", "zh-CN")]);
    });
    x.done()
}

/// Faces of official documents, with the names that they have elsewhere.
fn fonts() -> Vec<u8> {
    let mut x = Xml::new();
    x.within("w:fonts", &NAMESPACES, |x| {
        let faces = [("方正小标宋简体", "小标宋"), ("仿宋", "FangSong"), ("楷体", "KaiTi"), ("黑体", "SimHei"), ("宋体", "SimSun")];
        for (name, other) in faces {
            x.within("w:font", &[("w:name", name)], |x| {
                x.set("w:altName", other).set("w:charset", "86");
            });
        }
    });
    x.done()
}

/// How everything looks, in the faces of a language.
fn styles(chinese: bool) -> Vec<u8> {
    let zh = [
        ("{latin}", "Times New Roman"),
        ("{digits}", "宋体"),
        ("{body}", "仿宋"),
        ("{title}", "方正小标宋简体"),
        ("{hei}", "黑体"),
        ("{kai}", "楷体"),
        ("{song}", "宋体"),
        ("{size}", "32"),
        ("{lang}", "en-US"),
        ("{line}", "579"),
        ("{rule}", "exact"),
        ("{justify}", "both"),
        ("{indent}", "w:firstLineChars=\"200\" w:firstLine=\"640\""),
        ("{bold}", ""),
        // 28 characters of 16 points are a little more than 156 mm.
        ("{close}", "<w:spacing w:val=\"-5\"/>"),
    ];
    let en = [
        ("{digits}", "Times New Roman"),
        ("{size}", "24"),
        ("{lang}", "en-GB"),
        ("{line}", "300"),
        ("{rule}", "auto"),
        ("{justify}", "left"),
        ("{indent}", "w:firstLine=\"0\""),
        ("{bold}", "<w:b/>"),
        ("{close}", ""),
    ];
    let mut text = include_str!("styles.xml").to_string();
    if !chinese {
        en.iter().for_each(|(name, value)| text = text.replace(name, value));
    }
    zh.iter().for_each(|(name, value)| text = text.replace(name, value));
    text.into_bytes()
}
