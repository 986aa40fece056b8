//! How cells look: black text, thin rules, colour in a light alone.

use super::value::Form;
use crate::page::Tone;
use crate::render::office::ground;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};
use std::collections::BTreeMap;

/// What a cell is on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// 内部资料 注意保存.
    Marking,
    /// The title.
    Title,
    /// Sample data.
    Banner,
    /// Left, middle and right part of the line under the title.
    Head(u8),
    /// Lines under it, and at the foot.
    Meta,
    /// A heading: its level.
    Heading(u8),
    /// A paragraph.
    Prose,
    /// A label, and what it labels.
    Label,
    /// A value beside its label.
    Fact,
    /// The head of a column.
    Header,
    /// A row of a list.
    Item,
    /// Heads the rows below it.
    Group,
    /// A total.
    Total,
    /// There are no rows.
    Nil,
    /// A key figure.
    Figure,
    /// What it is, above it, or what stands beside it, below.
    Aside(bool),
    /// A line to sign on.
    Sign,
    /// The blank of such a line.
    Blank,
}

/// A look.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    /// What it is on its page.
    pub role: Role,
    /// Of the value.
    pub form: Form,
    /// At the right.
    pub right: bool,
    /// In the middle.
    pub middle: bool,
    /// On one line: there is room for it.
    pub whole: bool,
    /// Ground of a light.
    pub tone: Option<Tone>,
    /// Leads somewhere.
    pub link: bool,
}

impl Look {
    /// Of a role.
    pub fn of(role: Role) -> Look {
        Look { role, form: Form::Plain, right: false, middle: false, whole: false, tone: None, link: false }
    }
    /// On the ground of a light.
    pub fn tone(mut self, tone: Option<Tone>) -> Look {
        self.tone = tone;
        self
    }
}

/// Size in points.
pub fn size(role: Role) -> usize {
    match role {
        Role::Title => 20,
        Role::Figure => 18,
        Role::Heading(2) => 14,
        Role::Banner | Role::Heading(_) => 12,
        Role::Prose | Role::Head(_) | Role::Sign | Role::Marking => 11,
        _ => 10,
    }
}

/// Height of a line in points.
pub fn leading(role: Role) -> f64 {
    size(role) as f64 * 1.4
}

/// The formats of a sheet, each made once.
pub struct Looks {
    chinese: bool,
    made: BTreeMap<Look, Format>,
}

impl Looks {
    /// For pages in Chinese or not.
    pub fn new(chinese: bool) -> Looks {
        Looks { chinese, made: BTreeMap::new() }
    }
    /// The format of a look.
    pub fn get(&mut self, look: &Look) -> &Format {
        if !self.made.contains_key(look) {
            self.made.insert(look.clone(), make(look, self.chinese));
        }
        &self.made[look]
    }
}

fn make(look: &Look, chinese: bool) -> Format {
    let role = look.role;
    let mut f = Format::new().set_font_size(size(role) as f64).set_font_name(font(role, chinese)).set_align(FormatAlign::VerticalCenter);
    f = if chinese { f.set_font_charset(134) } else { f };
    f = f.set_align(match role {
        _ if look.right => FormatAlign::Right,
        Role::Marking | Role::Head(2) => FormatAlign::Right,
        Role::Title | Role::Banner | Role::Head(1) | Role::Header | Role::Nil | Role::Figure | Role::Aside(_) => FormatAlign::Center,
        _ if look.middle => FormatAlign::Center,
        _ => FormatAlign::Left,
    });
    // A number does not wrap. Where the face is absent and its stand-in is wider, it prints
    // smaller instead of ###.
    f = match &look.form {
        Form::Number(_) => f.set_shrink(),
        _ if look.whole => f,
        _ => f.set_text_wrap(),
    };
    if matches!(role, Role::Label | Role::Fact | Role::Header | Role::Item | Role::Group | Role::Total | Role::Nil) {
        f = f.set_border(FormatBorder::Thin);
    }
    f = match role {
        Role::Figure => f.set_border_left(FormatBorder::Thin).set_border_right(FormatBorder::Thin),
        Role::Aside(top) => {
            let f = f.set_border_left(FormatBorder::Thin).set_border_right(FormatBorder::Thin);
            if top { f.set_border_top(FormatBorder::Thin) } else { f.set_border_bottom(FormatBorder::Thin) }
        }
        Role::Blank => f.set_border_bottom(FormatBorder::Thin),
        _ => f,
    };
    // Faces that are bold by themselves are not made so again.
    let heavy = matches!(role, Role::Banner | Role::Total | Role::Figure);
    let heading = matches!(role, Role::Title | Role::Heading(_) | Role::Label | Role::Header | Role::Group);
    f = if heavy || heading && !chinese { f.set_bold() } else { f };
    f = match &look.form {
        Form::Plain => f,
        Form::Id => f.set_num_format("@"),
        Form::Quoted => f.set_quote_prefix(),
        Form::Number(form) => f.set_num_format(form),
    };
    f = look.tone.map_or(f.clone(), |tone| f.set_background_color(Color::RGB(ground(tone))));
    // A link is black as all text is; the line under it says that it is one.
    if look.link { f.set_underline(FormatUnderline::Single) } else { f }
}

/// Faces that official documents are set in. Where one is absent, the office program takes
/// another; nothing is lost.
fn font(role: Role, chinese: bool) -> &'static str {
    match role {
        _ if !chinese => "Times New Roman",
        Role::Title => "方正小标宋简体",
        Role::Heading(_) | Role::Label | Role::Header | Role::Group | Role::Marking => "黑体",
        _ => "宋体",
    }
}
