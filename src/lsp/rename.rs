//! Rename: an id in every place where it stands, in every file of the registers concerned.
//!
//! Places come from the trees, so words in notes and comments stay. Before anything is
//! handed to the editor the register is opened in memory with the new texts: what would be
//! denied then and is not now is a reason to refuse. Sealed lines of the log are never
//! rewritten, so an id that they name stays.
//!
//! Order of things: [`prepare`] says whether, [`answer`] does it, [`lawful`] holds the new
//! name against its form, [`sealed`] asks the log, [`hold`] the rules.

use super::desk::Desk;
use super::goto::{self, Under};
use super::leaf::Leaf;
use super::marks::Mark;
use super::route::{Answer, Refusal};
use super::table::Sort;
use super::world::World;
use crate::author::trial;
use crate::author::yaml::value;
use crate::model::{Lang, ObligationId, Post, Term, UnitId};
use crate::rules::{self, Overrides};
use crate::snapshot::Snapshot;
use gen_lsp_types::{
    DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, PrepareRenameParams, PrepareRenamePlaceholder, RenameParams,
    TextDocumentEdit, TextDocumentIdentifier, TextEdit, Uri, WorkspaceEdit,
};
use lsp_server::ErrorCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Edits by file.
pub type Edits = BTreeMap<PathBuf, Vec<TextEdit>>;

fn refuse<T>(lang: Lang, zh: impl Into<String>, en: impl Into<String>) -> Result<T, Refusal> {
    let words = crate::finding::words(zh.into(), en.into());
    Err(Refusal(ErrorCode::RequestFailed, words.say(lang).into_owned()))
}

/// May the id under the cursor be renamed, and which bytes are it?
///
/// # Errors
/// With the reason why not.
pub fn prepare(desk: &mut Desk, params: PrepareRenameParams) -> Answer {
    let Some(Under { here, home, mark }) = goto::under(desk, &params.text_document_position_params) else { return nothing(desk) };
    renamable(desk, &home, &mark)?;
    let leaf = desk.knowing(&here).find_map(|w| w.leaf(&here)).expect("the file with the mark is known");
    let range = leaf.lines.range(mark.bytes.clone(), desk.encoding);
    Ok(json!(PrepareRenamePlaceholder { range, placeholder: mark.id }))
}

/// The edits of a rename.
///
/// # Errors
/// With the reason why not.
pub fn answer(desk: &mut Desk, params: RenameParams) -> Answer {
    let Some(Under { home: file, mark, .. }) = goto::under(desk, &params.text_document_position_params) else { return nothing(desk) };
    let new = params.new_name.trim();
    let lang = renamable(desk, &file, &mark)?;
    lawful(desk, &file, &mark, new, lang)?;
    let found = goto::all(desk, &file, mark.sort, std::slice::from_ref(&mark.id));
    if let Some((leaf, m)) = found.iter().find(|(_, m)| !m.exact) {
        let at = format!("{}:{}", desk.uri(&leaf.path), leaf.lines.line_of(m.bytes.start) + 1);
        return refuse(
            lang,
            format!("{at} 处的写法不能安全改动；请先改成直接写出编号"),
            format!("at {at} the id is not written letter by letter; write it plainly first"),
        );
    }
    let mut texts: BTreeMap<PathBuf, (Arc<Leaf>, String)> = BTreeMap::new();
    let mut edits = Edits::new();
    // From the back, so that bytes before stay where they are.
    for (leaf, m) in found.iter().rev() {
        let text = &mut texts.entry(leaf.path.clone()).or_insert_with(|| (leaf.clone(), leaf.lines.text.to_string())).1;
        text.replace_range(m.bytes.clone(), new);
        edits.entry(leaf.path.clone()).or_default().insert(0, TextEdit::new(leaf.lines.range(m.bytes.clone(), desk.encoding), new.into()));
    }
    for world in desk.knowing(&file) {
        hold(desk, world, &texts, (&mark.id, new), lang)?;
    }
    let mut edit = json!(workspace_edit(desk, edits));
    if let Some(changes) = edit.get_mut("changes").and_then(Value::as_object_mut) {
        changes.sort_keys();
    }
    Ok(edit)
}

fn nothing(desk: &Desk) -> Answer {
    let lang = desk.setup.lang.unwrap_or(desk.setup.fallback);
    refuse(lang, "光标处没有可以改名的编号", "there is no id here that can be renamed")
}

/// Says why the id stays, or the language to go on in.
fn renamable(desk: &Desk, file: &Path, mark: &Mark) -> Result<Lang, Refusal> {
    let id = &mark.id;
    let lang = desk.knowing(file).next().map_or(desk.setup.fallback, |w| w.lang(desk.setup));
    if !matches!(mark.sort, Sort::Obligation | Sort::Unit | Sort::Evidence | Sort::Post) {
        return refuse(
            lang,
            format!("{id} 不由登记册命名，不能在这里改名"),
            format!("{id} is not named by the register, so it is not renamed here"),
        );
    }
    let given: Vec<_> = goto::all(desk, file, mark.sort, std::slice::from_ref(id)).into_iter().filter(|(_, m)| m.gives).collect();
    let Some((home, _)) = given.first() else {
        return refuse(lang, format!("登记册里没有定义 {id}"), format!("{id} is given nowhere in the register"));
    };
    let inside = |f: &PathBuf| home.path.starts_with(f);
    if !desk.folders.is_empty() && !desk.folders.iter().any(inside) {
        let at = home.path.display();
        return refuse(lang, format!("{id} 定义在工作区之外的 {at}"), format!("{id} is given in {at}, outside the workspace"));
    }
    for world in desk.knowing(file) {
        let Some(s) = world.snapshot.as_ref().ok().filter(|_| world.healed.is_none() && !world.leaves.iter().any(|l| l.broken)) else {
            let at = world.leaves.iter().find(|l| l.broken).map_or(world.root.clone(), |l| l.path.clone());
            let at = desk.uri(&at);
            return refuse(lang, format!("{at} 现在无法完整读取；请先改正"), format!("{at} cannot be read as a whole now; mend it first"));
        };
        let n = sealed(s, mark);
        if n > 0 {
            let shown = if world.shown.is_empty() { "." } else { &world.shown };
            let (zh, en) = match mark.sort {
                Sort::Unit => ("；请另立新编号，把旧编号写进它的 was", "; give the department a new id and keep this one under its `was`"),
                Sort::Obligation => ("；编号一经入账不再更改", "; an id that is on record is not changed any more"),
                _ => ("", ""),
            };
            return refuse(
                lang,
                format!("{shown} 的日志里有 {n} 条记到 {id}，已封存的行不能改写{zh}"),
                format!("{n} entries in the log of {shown} name {id}, and sealed lines cannot be rewritten{en}"),
            );
        }
    }
    Ok(lang)
}

/// Entries of the log that name an id.
fn sealed(s: &Snapshot, mark: &Mark) -> usize {
    let id = mark.id.as_str();
    let is = |x: &Option<Box<str>>| x.as_deref() == Some(id);
    let names = |e: &crate::model::Entry| match mark.sort {
        Sort::Obligation => *e.duty == *id,
        Sort::Unit => *e.dept == *id || is(&e.via),
        Sort::Evidence => e.evidence.iter().any(|x| *x.kind == *id),
        _ => *e.by == *id || is(&e.agreed),
    };
    s.log.records.iter().filter(|r| names(&r.entry)).count()
}

/// The new name's form, and that it is free.
fn lawful(desk: &Desk, file: &Path, mark: &Mark, new: &str, lang: Lang) -> Result<(), Refusal> {
    let form = match mark.sort {
        Sort::Obligation => ObligationId::new(new).map(drop),
        Sort::Unit => UnitId::new(new).map(drop),
        Sort::Post => Post::new(new).map(drop),
        _ => Ok(()),
    };
    let plain = || value::word(new, false) == new && !new.contains(char::is_whitespace) && !new.is_empty();
    if let Err(why) = form {
        return refuse(lang, format!("`{new}` 不合编号格式"), why);
    }
    if !plain() {
        return refuse(
            lang,
            format!("`{new}` 写进文件要加引号，不宜作编号"),
            format!("`{new}` would need quotes in the files; choose a plain word"),
        );
    }
    let taken = goto::all(desk, file, mark.sort, &[new.to_string()]).into_iter().any(|(_, m)| m.gives);
    if taken || new == mark.id {
        return refuse(lang, format!("{new} 已有所指；编号永不重用"), format!("{new} is taken already; ids are never reused"));
    }
    Ok(())
}

/// Opens a register with the new texts: nothing may be denied that was not before.
fn hold(
    desk: &Desk,
    world: &World,
    texts: &BTreeMap<PathBuf, (Arc<Leaf>, String)>,
    (old, new): (&str, &str),
    lang: Lang,
) -> Result<(), Refusal> {
    let mut instead = world.instead(&desk.open);
    for (path, (_, text)) in texts {
        if let Some(reached) = world.reached(path) {
            instead.insert(reached, text.clone());
        }
    }
    let after = match Snapshot::open_with(&world.options(desk.setup), instead) {
        Ok(after) => after,
        Err(e) => return refuse(lang, "改名之后登记册打不开", format!("the register could not be opened afterwards: {e}")),
    };
    // What was said of the old id is said of the new one.
    let verdict = trial::compare(&world.outcome, &rules::run(&after, &Overrides::default()), |words| words.replace(old, new));
    let Some(first) = verdict.denied.first() else { return Ok(()) };
    let f = &first.finding;
    let lead = Term("改名会带来新的错误", "the rename would bring a new error").say(lang);
    let words = format!("{lead}: {} {}", f.rule, f.message.say(lang));
    refuse(lang, words.clone(), words)
}

/// Edits in the form that the client takes; files in the order of their paths.
pub fn workspace_edit(desk: &Desk, edits: Edits) -> WorkspaceEdit {
    if !desk.client.versions {
        let changes = edits.into_iter().map(|(path, list)| (Uri(desk.uri(&path)), list)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let one = |(path, list): (PathBuf, Vec<TextEdit>)| {
        let text_document = OptionalVersionedTextDocumentIdentifier {
            version: desk.open.get(&path).map(|d| d.version),
            text_document_identifier: TextDocumentIdentifier { uri: Uri(desk.uri(&path)) },
        };
        DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits: list.into_iter().map(Edit::TextEdit).collect() })
    };
    WorkspaceEdit { document_changes: Some(edits.into_iter().map(one).collect()), ..WorkspaceEdit::default() }
}
