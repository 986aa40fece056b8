//! The description of the JSON interface, OpenAPI 3.1.

use crate::intake::Proposal;
use crate::serve::call::{Call, Reply};
use crate::serve::table::{Need, ROUTES, Route};
use serde_json::{Map, Value, json};

/// `GET /api/v1/openapi.json`.
pub fn openapi(_: &Call) -> Reply {
    Reply::json(200, &document())
}

/// What stands in the table only by its path: summary, query parameters, answers.
struct Told {
    at: (&'static str, &'static str),
    summary: &'static str,
    query: &'static [(&'static str, &'static str)],
    answers: &'static [(u16, &'static str)],
}

const DAY: (&str, &str) = ("as_of", "a day, 2026-10-31; entries recorded up to its end count");
const ON: (&str, &str) = ("on", "what was true on this day, as far as is recorded");
const Q: (&str, &str) = ("q", "query words, as `duban list` takes them");
const LANG: (&str, &str) = ("lang", "zh or en");

const TOLD: &[Told] = &[
    Told { at: ("GET", "/api/v1/openapi.json"), summary: "This description", query: &[], answers: &[(200, "object")] },
    Told {
        at: ("POST", "/api/v1/session"),
        summary: "Sign in",
        query: &[LANG],
        answers: &[(201, "Session"), (401, "Error"), (403, "Error"), (422, "Error"), (429, "Error")],
    },
    Told { at: ("GET", "/api/v1/session"), summary: "Who asks", query: &[LANG], answers: &[(200, "Session"), (401, "Error")] },
    Told {
        at: ("GET", "/api/v1/status"),
        summary: "Counts by state and light",
        query: &[("by", "department, sector, part, policy, tier, person"), Q, DAY, ON, LANG],
        answers: &[(200, "Report"), (400, "Error"), (401, "Error")],
    },
    Told {
        at: ("GET", "/api/v1/assignments"),
        summary: "Assignments as rows",
        query: &[Q, DAY, ON, LANG],
        answers: &[(200, "Report"), (400, "Error"), (401, "Error")],
    },
    Told {
        at: ("GET", "/api/v1/assignments/{id}"),
        summary: "One assignment, and what whoever asks may record there",
        query: &[LANG],
        answers: &[(200, "object"), (401, "Error"), (404, "Error")],
    },
    Told {
        at: ("GET", "/api/v1/obligations/{id}"),
        summary: "One obligation whole",
        query: &[DAY, ON, LANG],
        answers: &[(200, "Report"), (400, "Error"), (401, "Error"), (404, "Error")],
    },
    Told {
        at: ("GET", "/api/v1/history"),
        summary: "Entries of a selection",
        query: &[Q, DAY, ON, LANG],
        answers: &[(200, "Report"), (400, "Error"), (401, "Error")],
    },
    Told {
        at: ("POST", "/api/v1/entries"),
        summary: "Record one entry; needs the header x-csrf-token",
        query: &[LANG],
        answers: &[
            (200, "Recorded"),
            (201, "Recorded"),
            (202, "object"),
            (401, "Error"),
            (403, "Error"),
            (404, "Error"),
            (422, "Error"),
            (507, "Error"),
        ],
    },
];

/// The whole description.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter().filter(|r| r.path.starts_with("/api/")) {
        let Some(told) = TOLD.iter().find(|t| t.at == (route.method, route.path)) else { continue };
        let slot = paths.entry(route.path).or_insert_with(|| json!({}));
        slot[route.method.to_lowercase()] = operation(route, told);
    }
    let proposal = serde_json::to_value(schemars::schema_for!(Proposal)).expect("a schema is plain data");
    let mut schemas = json!({
        "Error": {"type": "object", "required": ["error"], "properties": {"error": {"type": "object", "required": ["status", "what"], "properties": {
            "status": {"type": "integer"}, "what": {"type": "string"}, "faults": {"type": "array", "items": {"type": "object"}}}}}},
        "Session": {"type": "object", "required": ["post", "csrf"], "properties": {"post": {"type": ["string", "null"]}, "csrf": {"type": ["string", "null"]},
            "department": {"type": ["string", "null"]}, "roles": {"type": "array", "items": {"type": "string"}}, "read_only": {"type": "boolean"}}},
        "Report": {"type": "object", "required": ["schema", "as_of", "filter", "read", "valid", "invalid", "filtered_out"], "properties": {
            "schema": {"type": "string"}, "as_of": {"type": "string", "format": "date"}, "filter": {"type": "string"},
            "read": {"type": "integer", "minimum": 0}, "valid": {"type": "integer", "minimum": 0}, "invalid": {"type": "integer", "minimum": 0},
            "filtered_out": {"type": "integer", "minimum": 0}, "rows": {"type": "array"}}},
        "Recorded": {"type": "object", "required": ["h", "known"], "properties": {"h": {"type": "string"}, "known": {"type": "boolean"}, "at": {"type": "string"},
            "duty": {"type": "string"}, "dept": {"type": "string"}, "event": {"type": "string"}, "unsettled": {"type": "integer"}, "git": {"type": ["string", "null"]}}},
        "SignIn": {"type": "object", "required": ["post", "password"], "properties": {"post": {"type": "string", "maxLength": 64}, "password": {"type": "string", "maxLength": 256}}},
    });
    let mut proposal = proposal;
    if let Some(map) = proposal.as_object_mut() {
        map.remove("$schema");
        // Definitions of a part stand with all others.
        if let Some(Value::Object(defs)) = map.remove("$defs") {
            for (name, def) in defs {
                schemas[name] = def;
            }
        }
    }
    schemas["Proposal"] = proposal;
    let text = json!({
        "openapi": "3.1.0",
        "info": {"title": "duban", "version": env!("CARGO_PKG_VERSION"), "description": "The register of obligations: read it, and record entries. Every answer is what the command line prints with --format json."},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "duban"}, "token": {"type": "apiKey", "in": "header", "name": "x-csrf-token"}}},
    });
    // References of the proposal's schema, as they are called here.
    serde_json::from_str(&text.to_string().replace("#/$defs/", "#/components/schemas/")).expect("it was JSON before")
}

fn operation(route: &Route, told: &Told) -> Value {
    let mut parameters: Vec<Value> = Vec::new();
    for name in route.path.split('/').filter_map(|p| p.strip_prefix('{')?.strip_suffix('}')) {
        parameters.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}));
    }
    for (name, help) in told.query {
        let schema = match *name {
            "as_of" | "on" => json!({"type": "string", "format": "date"}),
            "lang" => json!({"type": "string", "enum": ["zh", "en"]}),
            "by" => json!({"type": "string", "enum": ["department", "sector", "part", "policy", "tier", "person"]}),
            _ => json!({"type": "string"}),
        };
        parameters.push(json!({"name": name, "in": "query", "required": false, "description": help, "schema": schema}));
    }
    let mut answers = Map::new();
    let mut all = told.answers.to_vec();
    // What any address may answer.
    if route.method == "POST" {
        all.extend([(400, "Error"), (403, "Error"), (408, "Error"), (413, "Error"), (415, "Error")]);
    }
    for (status, schema) in all {
        let schema = if schema == "object" { json!({"type": "object"}) } else { json!({"$ref": format!("#/components/schemas/{schema}")}) };
        answers.insert(status.to_string(), json!({"description": meaning(status), "content": {"application/json": {"schema": schema}}}));
    }
    let mut out = json!({"summary": told.summary, "operationId": format!("{} {}", route.method, route.path), "parameters": parameters, "responses": answers});
    if route.method == "POST" {
        let body = if route.path.ends_with("/session") { "SignIn" } else { "Proposal" };
        out["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{body}")}}}});
    }
    out["security"] = match route.need {
        Need::Nothing => json!([]),
        Need::Look => json!([{"session": []}]),
        Need::Post => json!([{"session": [], "token": []}]),
    };
    out
}

fn meaning(status: u16) -> &'static str {
    match status {
        200 => "It is so; or it was recorded before",
        201 => "Done",
        202 => "Waits for the consent of another post",
        400 => "Not understood",
        401 => "Nobody is signed in, or the password is wrong",
        403 => "Not allowed",
        404 => "There is no such thing",
        408 => "Too slow",
        413 => "Too large",
        415 => "Not JSON",
        422 => "Refused, with every fault",
        429 => "Too many tries",
        507 => "It cannot be kept",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_described_and_every_description_has_an_address() {
        let api: Vec<(&str, &str)> = ROUTES.iter().filter(|r| r.path.starts_with("/api/")).map(|r| (r.method, r.path)).collect();
        assert!(api.len() > 5);
        for at in &api {
            assert!(TOLD.iter().any(|t| t.at == *at), "{at:?} is not described");
        }
        for t in TOLD {
            assert!(api.contains(&t.at), "{:?} is described and not there", t.at);
        }
        // No reference leads nowhere.
        let doc = document();
        let text = doc.to_string();
        for piece in text.split("\"#/components/schemas/").skip(1) {
            let name = piece.split('"').next().unwrap();
            assert!(doc["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }
}
