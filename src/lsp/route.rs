//! Which file answers which request.

use super::complete;
use super::desk::Desk;
use super::docs;
use super::fix;
use super::goto;
use super::hover;
use super::outline;
use super::rename;
use gen_lsp_types::{DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams};
use lsp_server::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Why a request is not done.
pub struct Refusal(pub ErrorCode, pub String);

/// What a request gives.
pub type Answer = Result<Value, Refusal>;

/// Parameters as their type.
///
/// # Errors
/// When they are something else.
pub fn take<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|e| Refusal(ErrorCode::InvalidParams, e.to_string()))
}

/// Answers a request.
///
/// # Errors
/// With the reason why it is not done.
pub fn answer(desk: &mut Desk, method: &str, params: Value) -> Answer {
    match method {
        "textDocument/hover" => hover::answer(desk, take(params)?),
        "textDocument/definition" => goto::definition(desk, take(params)?),
        "textDocument/references" => goto::references(desk, take(params)?),
        "textDocument/completion" => complete::answer(desk, take(params)?),
        "textDocument/prepareRename" => rename::prepare(desk, take(params)?),
        "textDocument/rename" => rename::answer(desk, take(params)?),
        "textDocument/documentSymbol" => outline::answer(desk, take(params)?),
        "textDocument/codeAction" => fix::answer(desk, take(params)?),
        _ => Err(Refusal(ErrorCode::MethodNotFound, format!("{method} is not known here"))),
    }
}

/// Takes note of something; false where it is about a file of no register.
///
/// # Errors
/// When it is not what its name says.
pub fn notice(desk: &mut Desk, method: &str, params: Value) -> Result<bool, Refusal> {
    match method {
        "textDocument/didOpen" => {
            let doc = take::<DidOpenTextDocumentParams>(params)?.text_document;
            return Ok(desk.opened(&doc.uri.0, doc.version, doc.text));
        }
        "textDocument/didChange" => {
            let p = take::<DidChangeTextDocumentParams>(params)?;
            desk.changed(&p.text_document.text_document_identifier.uri.0, p.text_document.version, p.content_changes);
        }
        "textDocument/didClose" => desk.closed(&take::<DidCloseTextDocumentParams>(params)?.text_document.uri.0),
        "workspace/didChangeWorkspaceFolders" => {
            let uris =
                |key: &str| params["event"][key].as_array().into_iter().flatten().filter_map(|f| f["uri"].as_str()).filter_map(docs::path);
            let (gone, come): (Vec<_>, Vec<_>) = (uris("removed").collect(), uris("added").collect());
            desk.folders.retain(|f| !gone.contains(f));
            desk.folders.extend(come);
            desk.stirred();
        }
        "textDocument/didSave" | "workspace/didChangeWatchedFiles" => desk.stirred(),
        _ => {}
    }
    Ok(true)
}
