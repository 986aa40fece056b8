//! Shell completions with live ids: the shell asks the program, the program the register.
//!
//! A completion never says what is wrong: where there is no register to ask, or it cannot
//! be opened, there is simply nothing to offer.

use crate::cli::args::Cli;
use crate::cli::context::{Stop, find, put};
use crate::load;
use crate::model::{Event, Kind, Lang, Light, Register, Roster, Status, Tier};
use clap::CommandFactory;
use clap_complete::CompletionCandidate;
use clap_complete::env::{CompleteEnv, Shells};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Answers a shell that asks, and ends; otherwise does nothing.
pub fn answer() {
    CompleteEnv::with_factory(Cli::command).complete();
}

/// The script that makes a shell ask.
pub fn script(shell: &str) -> Result<u8, Stop> {
    if shell == "bash" {
        return put(BASH);
    }
    let shells = Shells::builtins();
    let known: Vec<&str> = shells.names().collect();
    let Some(completer) = shells.completer(shell) else {
        return Err(Stop::new(
            (format!("没有 {shell} 的补全脚本"), format!("there is no completion for {shell}")),
            (format!("可用：{}", known.join(", ")), format!("known: {}", known.join(", "))),
            "",
        ));
    };
    let mut out = Vec::new();
    completer
        .write_registration("COMPLETE", "duban", "duban", "duban", &mut out)
        .map_err(|e| Stop::new(("无法写出脚本", "the script cannot be written"), e.to_string(), ""))?;
    put(&String::from_utf8_lossy(&out))
}

/// For bash the words are cut at blanks alone: bash itself also cuts at `:` and `@`, which
/// stand inside `dept:PSB` and `OPN-0.31@CITY-CAC`.
const BASH: &str = r#"_duban() {
    local IFS=$' \t\n' line="${COMP_LINE:0:COMP_POINT}" words cur keep
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    cur="${words[-1]}"
    keep="${cur%"$2"}"
    local IFS=$'\013'
    COMPREPLY=( $(_CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX=$((${#words[@]} - 1)) COMPLETE=bash duban -- "${words[@]}" 2>/dev/null) )
    COMPREPLY=( "${COMPREPLY[@]#"$keep"}" )
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=/:] ]] && compopt -o nospace 2>/dev/null
    return 0
}
complete -o bashdefault -F _duban duban
"#;

/// The words typed so far, the program's name left out.
fn typed() -> Vec<String> {
    let all: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    all.iter().position(|a| a == "--").map_or(Vec::new(), |i| all[i + 1..].iter().skip(1).cloned().collect())
}

/// The register that the line typed so far means.
fn register() -> Option<(Register, Roster)> {
    let words = typed();
    let after = |names: &[&str]| {
        let spaced = words.windows(2).find(|w| names.contains(&w[0].as_str())).map(|w| w[1].clone());
        spaced.or_else(|| words.iter().find_map(|w| names.iter().find_map(|n| w.strip_prefix(&format!("{n}=")).map(String::from))))
    };
    let cwd = std::env::current_dir().ok()?;
    let dir = after(&["-C"]).map_or(cwd.clone(), |d| cwd.join(d));
    let given = after(&["--register"]).map(PathBuf::from).or_else(|| std::env::var_os("DUBAN_REGISTER").map(PathBuf::from));
    let root = find(&dir, given.as_deref()).ok()?;
    let register = load::open(Path::new(&root), "").ok()?.register;
    let roster = Roster::build(&register);
    Some((register, roster))
}

fn offer(current: &OsStr, all: impl IntoIterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let begun = current.to_string_lossy().to_lowercase();
    let fits = all.into_iter().filter(|(word, _)| word.to_lowercase().starts_with(&begun));
    fits.map(|(word, help)| CompletionCandidate::new(word).help((!help.is_empty()).then(|| help.into()))).collect()
}

fn obligations(r: &Register) -> Vec<(String, String)> {
    r.obligations.iter().map(|o| (o.id.to_string(), o.title.say(Lang::En).into_owned())).collect()
}

fn bodies(r: &Register) -> Vec<(String, String)> {
    r.bodies.iter().map(|b| (b.id.to_string(), b.name.say(Lang::En).into_owned())).collect()
}

/// Ids of obligations.
pub fn obligation(current: &OsStr) -> Vec<CompletionCandidate> {
    register().map_or(Vec::new(), |(r, _)| offer(current, obligations(&r)))
}

/// Assignments: with the department where several lead.
pub fn duty(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some((r, roster)) = register() else { return Vec::new() };
    let all = (0..roster.duties.len()).map(|d| {
        let title = r.obligations[roster.duties[d].obligation as usize].title.say(Lang::En).into_owned();
        (roster.id(&r, d), title)
    });
    offer(current, all)
}

/// Departments.
pub fn department(current: &OsStr) -> Vec<CompletionCandidate> {
    let text = current.to_string_lossy();
    // The last one of a list with commas.
    let (before, last) = text.rsplit_once(',').map_or((String::new(), &*text), |(b, l)| (format!("{b},"), l));
    let all = register().map_or(Vec::new(), |(r, _)| bodies(&r));
    offer(OsStr::new(&format!("{before}{last}")), all.into_iter().map(|(id, name)| (format!("{before}{id}"), name)))
}

/// Posts.
pub fn post(current: &OsStr) -> Vec<CompletionCandidate> {
    let all = |r: &Register| {
        r.people.iter().flatten().map(|p| (p.post.to_string(), p.department.as_deref().unwrap_or("").to_string())).collect::<Vec<_>>()
    };
    register().map_or(Vec::new(), |(r, _)| offer(current, all(&r)))
}

/// Events of the log.
pub fn event(current: &OsStr) -> Vec<CompletionCandidate> {
    offer(current, Event::ALL.iter().map(|e| (e.code().to_string(), e.term().say(Lang::En).into_owned())))
}

/// Layouts and saved reports.
pub fn report(current: &OsStr) -> Vec<CompletionCandidate> {
    let layouts = crate::report::LAYOUTS.iter().map(|l| (l.key.to_string(), l.title.say(Lang::En).into_owned()));
    let named = |r: &crate::model::Saved| (r.name.to_string(), r.title.as_ref().map_or(String::new(), |t| t.say(Lang::En).into_owned()));
    let saved: Vec<_> = register().map_or(Vec::new(), |(r, _)| r.reports.iter().map(|x| named(&x.node)).collect());
    offer(current, layouts.chain(saved))
}

/// Forms of `export`.
pub fn form(current: &OsStr) -> Vec<CompletionCandidate> {
    offer(current, crate::exchange::KINDS.iter().map(|k| (k.name.to_string(), k.words.say(Lang::En).into_owned())))
}

/// Forms that can be imported.
pub fn brought(current: &OsStr) -> Vec<CompletionCandidate> {
    offer(current, crate::cli::import::FORMS.iter().map(|f| (f.name.to_string(), f.words.say(Lang::En).into_owned())))
}

/// Rules.
pub fn rule(current: &OsStr) -> Vec<CompletionCandidate> {
    offer(current, crate::rules::TABLE.iter().map(|r| (r.info.id.to_string(), r.info.title.say(Lang::En).into_owned())))
}

/// Whatever `set` can change.
pub fn subject(current: &OsStr) -> Vec<CompletionCandidate> {
    let Some((r, roster)) = register() else { return Vec::new() };
    let mut all = obligations(&r);
    all.extend((0..roster.duties.len()).map(|d| (roster.full_id(&r, d), String::new())));
    all.extend(bodies(&r));
    all.extend(r.people.iter().flatten().map(|p| (p.post.to_string(), String::new())));
    all.extend(r.evidence_types.iter().map(|t| (t.code.to_string(), t.name.say(Lang::En).into_owned())));
    all.push(("register".into(), String::new()));
    offer(current, all)
}

/// Fields of the thing that was named before.
pub fn field(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = typed();
    let Some(id) = words.iter().position(|w| w == "set").and_then(|i| words[i + 1..].iter().find(|w| !w.starts_with('-'))) else {
        return Vec::new();
    };
    let Some((r, _)) = register() else { return Vec::new() };
    let kinds: &[(&str, &str)] = match () {
        () if id == "register" => &[("register", "/properties")],
        () if id.contains('@') => &[("plan", "/definitions/PlanItem/properties")],
        () if r.obligation(id).is_some() => {
            &[("obligations", "/definitions/Obligation/properties"), ("plan", "/definitions/PlanItem/properties")]
        }
        () if r.body(id).is_some() => &[("departments", "/definitions/Body/properties")],
        () if r.evidence_type(id).is_some() => &[("evidence-types", "/definitions/EvidenceType/properties")],
        () => &[("people", "/definitions/Person/properties")],
    };
    let mut all: Vec<(String, String)> = Vec::new();
    for (kind, at) in kinds {
        let schema = crate::author::schema::schema(crate::author::schema::find(kind).expect("a kind of ours"));
        let keys = schema.pointer(at).and_then(|p| p.as_object()).cloned().unwrap_or_default();
        for (key, value) in keys {
            if !all.iter().any(|(k, _)| *k == key) {
                all.push((key, value.get("description").and_then(|d| d.as_str()).unwrap_or("").to_string()));
            }
        }
    }
    offer(current, all)
}

/// Query words: the keys, then the values of one.
pub fn query(current: &OsStr) -> Vec<CompletionCandidate> {
    const KEYS: &[&str] = &[
        "dept:",
        "support:",
        "sector:",
        "part:",
        "policy:",
        "tier:",
        "person:",
        "status:",
        "light:",
        "reason:",
        "kind:",
        "due:",
        "evidence:",
        "text:",
        "unit:",
        "not:",
    ];
    let text = current.to_string_lossy().into_owned();
    let (not, bare) = text.strip_prefix("not:").map_or(("", text.as_str()), |b| ("not:", b));
    let Some((key, typed)) = bare.split_once(':') else {
        let mut all: Vec<(String, String)> = KEYS.iter().map(|k| (format!("{not}{k}"), String::new())).collect();
        all.extend(register().map_or(Vec::new(), |(r, _)| obligations(&r)).into_iter().map(|(id, t)| (format!("{not}{id}"), t)));
        return offer(current, all);
    };
    let before = typed.rsplit_once(',').map_or(String::new(), |(b, _)| format!("{b},"));
    let codes = |all: Vec<&str>| all.into_iter().map(|c| (c.to_string(), String::new())).collect::<Vec<_>>();
    let values = match key {
        "status" => codes(Status::ALL.iter().map(|v| v.code()).collect()),
        "light" => codes(Light::ALL.iter().map(|v| v.code()).collect()),
        "kind" => codes(Kind::ALL.iter().map(|v| v.code()).collect()),
        "tier" => codes(Tier::ALL.iter().map(|v| v.code()).collect()),
        _ => match register() {
            None => Vec::new(),
            Some((r, _)) => match key {
                "dept" => bodies(&r).into_iter().chain([("none".into(), String::new())]).collect(),
                "sector" => r.sectors.iter().map(|s| (s.code.to_string(), s.name.say(Lang::En).into_owned())).collect(),
                "policy" => codes(r.policies.iter().map(|p| p.policy.code.as_str()).collect()),
                "part" => r
                    .policies
                    .iter()
                    .flat_map(|p| &p.policy.parts)
                    .map(|p| (p.id.to_string(), p.title.say(Lang::En).into_owned()))
                    .collect(),
                "person" => codes(r.people.iter().flatten().map(|p| p.post.as_str()).chain(["none"]).collect()),
                "evidence" => codes(r.evidence_types.iter().map(|t| t.code.as_str()).chain(["missing", "complete"]).collect()),
                "due" => codes(vec!["none", "本月", "下月", "this-month", "next-month"]),
                _ => Vec::new(),
            },
        },
    };
    offer(current, values.into_iter().map(|(v, help)| (format!("{not}{key}:{before}{v}"), help)))
}
