//! YAML for other readers: every text in quotes.
//!
//! The YAML library that reads the register writes for readers of YAML 1.2. Programs in Python
//! read 1.1, to which `2022-04-19` is a date, `on` a truth value, `12:30` a number and `=` an
//! error. A text in double quotes, escaped as JSON does, is a text to all of them; what JSON does
//! not escape and YAML cannot hold was taken out by [`super::clean`].

use serde_json::Value;

/// A value as a document.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(_) | Value::Array(_) => block(&mut out, value, 0),
        plain => out = format!("{plain}\n"),
    }
    out
}

/// A mapping or list, a line for each key or element; the cursor stands where its first line begins.
fn block(out: &mut String, value: &Value, indent: usize) {
    let pad = " ".repeat(indent);
    let mut first = true;
    let mut begin = |out: &mut String| {
        if !first {
            out.push_str(&pad);
        }
        first = false;
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                begin(out);
                out.push_str(key);
                out.push(':');
                inner(out, value, indent + 2, true);
            }
        }
        Value::Array(all) => {
            for value in all {
                begin(out);
                out.push('-');
                inner(out, value, indent + 2, false);
            }
        }
        _ => unreachable!("only called with what has an inside"),
    }
}

/// What stands after a key's colon or a dash.
fn inner(out: &mut String, value: &Value, indent: usize, keyed: bool) {
    let empty = value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(serde_json::Map::is_empty);
    match value {
        Value::Object(_) | Value::Array(_) if !empty => {
            if keyed {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
            } else {
                out.push(' ');
            }
            block(out, value, indent);
        }
        plain => out.push_str(&format!(" {plain}\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_text_is_quoted() {
        let value = json!({"a": "on", "n": 3, "list": [{"x": "12:30", "y": ["=", "第\"一\"条"]}, []], "m": {"k": true}});
        let want = "a: \"on\"\nn: 3\nlist:\n  - x: \"12:30\"\n    y:\n      - \"=\"\n      - \"第\\\"一\\\"条\"\n  - []\nm:\n  k: true\n";
        assert_eq!(write(&value), want);
    }
}
