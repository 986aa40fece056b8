//! The handshake: what the client can, where the workspace is, what the server can.

use super::desk::{Client, Desk};
use super::docs;
use super::lines::Encoding;
use serde_json::{Value, json};

/// Takes what the client says of itself and answers with what the server can.
pub fn shake(desk: &mut Desk, params: &Value) -> Value {
    let can = |at: &str| params.pointer(&format!("/capabilities{at}")).and_then(Value::as_bool).unwrap_or(false);
    desk.client = Client {
        related: can("/textDocument/publishDiagnostics/relatedInformation"),
        versions: can("/workspace/workspaceEdit/documentChanges"),
        watches: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
    };
    let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
    let offered: Vec<&str> = offered.into_iter().flatten().filter_map(Value::as_str).collect();
    desk.encoding = Encoding::agree(&offered);
    let folders = params["workspaceFolders"].as_array().into_iter().flatten().filter_map(|f| f["uri"].as_str());
    desk.folders = folders.filter_map(docs::path).collect();
    if desk.folders.is_empty() {
        desk.folders.extend(params["rootUri"].as_str().and_then(docs::path));
    }
    json!({
        "serverInfo": {"name": "duban", "version": env!("CARGO_PKG_VERSION")},
        "capabilities": {
            "positionEncoding": desk.encoding.kind(),
            "textDocumentSync": {"openClose": true, "change": 2, "save": true},
            "completionProvider": {"triggerCharacters": ["-", ".", "@", ":", " ", "[", ","]},
            "hoverProvider": true,
            "definitionProvider": true,
            "referencesProvider": true,
            "documentSymbolProvider": true,
            "codeActionProvider": {"codeActionKinds": ["quickfix"]},
            "renameProvider": {"prepareProvider": true},
            "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
        },
    })
}
