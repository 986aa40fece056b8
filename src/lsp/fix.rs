//! Quick fixes: where a finding says what was probably meant, one click writes it.

use super::desk::Desk;
use super::diagnose;
use super::docs;
use super::rename::{self, Edits};
use super::route::Answer;
use crate::model::{Lang, Term};
use crate::text::did_you_mean;
use gen_lsp_types::{CodeAction, CodeActionKind, CodeActionParams, Diagnostic, Range, TextEdit};
use serde_json::{Value, json};

/// Answers the request.
///
/// # Errors
/// None.
pub fn answer(desk: &mut Desk, params: CodeActionParams) -> Answer {
    let Some(path) = docs::path(&params.text_document.uri.0) else { return Ok(Value::Null) };
    let Some(doc) = desk.open.get(&path) else { return Ok(Value::Null) };
    let touches = |r: &Range| r.start <= params.range.end && params.range.start <= r.end;
    let mut out = Vec::new();
    for told in desk.told(&path).iter().filter(|d| touches(&d.range)) {
        let from = doc.lines.offset(told.range.start, desk.encoding);
        let to = doc.lines.offset(told.range.end, desk.encoding);
        let Some((words, meant)) = doc.lines.text.get(from..to).and_then(|w| Some((w, meant(told, w)?))) else { continue };
        let at = words.find(&meant.0).unwrap_or(0) + from;
        let range = doc.lines.range(at..at + meant.0.len(), desk.encoding);
        let lang = desk.worlds.values().find(|w| w.holds(&path)).map_or(Lang::En, |w| w.lang(desk.setup));
        let title = format!("{} {}", Term("改为", "change to").say(lang), meant.1);
        let edits: Edits = [(path.clone(), vec![TextEdit::new(range, meant.1)])].into();
        out.push(CodeAction {
            title,
            kind: Some(CodeActionKind::QuickFix),
            diagnostics: Some(vec![told.clone()]),
            is_preferred: Some(true),
            edit: Some(rename::workspace_edit(desk, edits)),
            ..CodeAction::default()
        });
    }
    Ok(json!(out))
}

/// The word that is wrong and the one that was probably meant.
fn meant(told: &Diagnostic, marked: &str) -> Option<(String, String)> {
    let text = diagnose::text(told);
    let (_, rest) = text.split_once("did you mean ").or_else(|| text.split_once("是否想写 "))?;
    let meant = rest.split(['?', '？']).next()?.trim_matches('`');
    // Of an assignment one half is wrong; of an article the law is not in the words marked.
    let meant = meant.rsplit_once(':').filter(|_| !marked.contains(':')).map_or(meant, |(_, no)| no);
    let wrong = marked.trim_matches(['"', '\'']).split('@').find(|w| did_you_mean(w, [meant]).is_some() && *w != meant)?;
    Some((wrong.to_string(), meant.to_string()))
}
