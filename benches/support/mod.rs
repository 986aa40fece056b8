//! Registers of any size, seeded: the same numbers give the same bytes.

#[cfg(feature = "rollup")]
pub mod rollup;

use std::fmt::Write;
use std::path::Path;

/// Writes `m` lawful entries of the first half of 2026 over the duties of [`register`]: each
/// department's officer starts every duty and then reports progress in turn, a file a month.
/// With `attests`, one entry in four says that other words were read than those that stand there.
pub fn log(root: &Path, n: usize, d: usize, m: usize, attests: bool) {
    log_by(root, n, d, 1, m, attests);
}

/// The same over the duties of [`register_by`].
pub fn log_by(root: &Path, n: usize, d: usize, leads: usize, m: usize, attests: bool) {
    let per = n.div_ceil(100).max(1);
    let begin = chrono::DateTime::parse_from_rfc3339("2026-01-02T08:00:00.000+08:00").expect("an instant");
    for dept in 0..d {
        let duties: Vec<usize> = (0..n).filter(|i| (dept + d - i % d) % d < leads).collect();
        let mine = m / d + usize::from(dept < m % d);
        let dir = root.join(format!("log/DEP-{dept:04}"));
        std::fs::create_dir_all(&dir).expect("folder");
        let writer = format!("officer-{dept:04}-gnrt");
        let (mut month, mut text, mut seq, mut h) = (String::new(), String::new(), 0u64, String::new());
        for k in 0..mine {
            let at = begin + chrono::Duration::milliseconds(k as i64 * (176 * 86_400_000 / mine as i64));
            let now = at.format("%Y-%m").to_string();
            if now != month {
                let after = if month.is_empty() {
                    "null".to_string()
                } else {
                    std::fs::write(dir.join(format!("{month}.{writer}.jsonl")), &text).expect("file");
                    format!("{{\"file\":\"{month}.{writer}.jsonl\",\"seq\":{seq},\"h\":\"{h}\"}}")
                };
                let body = format!(
                    "{{\"seq\":0,\"log\":\"duban/1\",\"dept\":\"DEP-{dept:04}\",\"month\":\"{now}\",\"writer\":\"{writer}\",\"after\":{after}"
                );
                h = duban::digest::chain("", body.as_bytes());
                text = format!("{body},\"h\":\"{h}\"}}\n");
                (month, seq) = (now, 0);
            }
            seq += 1;
            let i = duties[k % duties.len()];
            let what = if k < duties.len() {
                "\"event\":\"start\",\"until\":\"2099-12-31\",\"note\":\"印发工作方案\",\"evidence\":[{\"type\":\"policy-doc\",\"name\":\"工作方案\",\"date\":\"2026-01-01\"}]".to_string()
            } else if attests && k % 4 == 0 {
                "\"event\":\"attest\",\"reason\":\"已核对\",\"fp\":{\"recipe\":1,\"requirement\":\"AAAAAAAAAAAA\",\"modality\":\"AAAAAAAAAAAA\",\"owner\":\"AAAAAAAAAAAA\",\"needs\":\"AAAAAAAAAAAA\"}".to_string()
            } else {
                format!(
                    "\"event\":\"progress\",\"percent\":{},\"note\":\"本期完成第 {k} 项，按计划推进\"",
                    (k / duties.len() * 100 / (mine / duties.len() + 1)).min(99)
                )
            };
            let body = format!(
                "{{\"seq\":{seq},\"at\":\"{}\",\"by\":\"officer-{dept:04}\",\"dept\":\"DEP-{dept:04}\",\"duty\":\"GEN-{}.{:03}\",{what}",
                at.format("%Y-%m-%dT%H:%M:%S%.3f+08:00"),
                i / per,
                i % per
            );
            h = duban::digest::chain(&h, body.as_bytes());
            let _ = writeln!(text, "{body},\"h\":\"{h}\"}}");
        }
        if seq > 0 {
            std::fs::write(dir.join(format!("{month}.{writer}.jsonl")), &text).expect("file");
        }
    }
}

/// Small generator (splitmix64): no crate, no surprise between versions.
pub struct Seed(pub u64);

impl Seed {
    /// Next number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

/// Writes a register of `n` obligations (100,000 at most) and `d` departments. It passes
/// `check` at the default levels: every duty has lead, person, due date and clause.
pub fn register(root: &Path, n: usize, d: usize, seed: u64) {
    register_by(root, n, d, 1, seed);
}

/// The same with several leads to an obligation, each of them a duty of its own; with more than
/// one there is no plan.
pub fn register_by(root: &Path, n: usize, d: usize, leads: usize, seed: u64) {
    assert!(n <= 100_000, "ids hold 100 parts of 1,000");
    let mut r = Seed(seed);
    let put = |name: &str, text: &str| {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("folder");
        std::fs::write(path, text).expect("file");
    };
    let per = n.div_ceil(100).max(1);
    let parts = n.div_ceil(per);
    put("register.yaml", "format: duban/1\nunit: {code: GEN, name: {zh: 生成, en: Generated}}\nlanguages: [en, zh]\npolicies: [p]\n");
    put(
        "evidence-types.yaml",
        "types:\n  - {code: policy-doc, name: {zh: 制度文件, en: Policy document}, max_age: none}\n  - {code: stat-report, name: {zh: 统计报表, en: Statistical return}, max_age: {cycles: 2}}\n",
    );
    let mut departments = String::from(
        "sectors:\n  - {id: SEC-A, code: AAA, name: {zh: 甲领域, en: Sector A}}\n  - {id: SEC-B, code: BBB, name: {zh: 乙领域, en: Sector B}}\nbodies:\n",
    );
    for i in 0..d {
        let _ = writeln!(
            departments,
            "  - {{id: DEP-{i:04}, sector: SEC-{}, name: {{zh: 第{i}单位, en: Department {i}}}, order: {i}}}",
            if i % 2 == 0 { 'A' } else { 'B' }
        );
    }
    put("departments.yaml", &departments);
    let (mut policy, mut clauses, mut plan) = (
        String::from("code: GEN\ntitle: {zh: 生成的政策, en: A generated policy}\nlisted: 2026-01-01\nparts:\n"),
        String::from("clauses:\n"),
        String::new(),
    );
    let id = |i: usize| format!("GEN-{}.{:03}", i / per, i % per);
    for part in 0..parts {
        let _ = writeln!(policy, "  - {{id: GEN-{part}, file: part-{part:02}.yaml, title: {{zh: 第{part}部分, en: Part {part}}}}}");
        let mut text = String::new();
        for i in part * per..((part + 1) * per).min(n) {
            obligation(&mut text, &id(i), i, (d, leads), &mut r, &id);
            let _ = writeln!(clauses, "  - {{at: GEN:P{part}.s{i}.c1, class: obligation, primary: [{}]}}", id(i));
            let _ = writeln!(plan, "- duty: {}\n  person: officer-{:04}\n  start: 2026-01-01\n  due: 2099-12-31", id(i), i % d);
        }
        put(&format!("p/part-{part:02}.yaml"), &text);
    }
    put("p/policy.yaml", &policy);
    put("p/clauses.yaml", &clauses);
    if leads == 1 {
        put("plan.yaml", &plan);
    }
}

/// About 1.2 KB, as long as the shipped ones.
fn obligation(text: &mut String, id: &str, i: usize, (d, leads): (usize, usize), r: &mut Seed, name: &dyn Fn(usize) -> String) {
    let (lead, support) = (i % d, (i + 1 + r.below(d as u64 - 1) as usize) % d);
    let support = if support == lead { (lead + 1) % d } else { support };
    let (mode, lead) = match leads {
        1 => ("single", format!("DEP-{lead:04}")),
        _ => ("by-remit", (0..leads).map(|k| format!("DEP-{:04}", (i + k) % d)).collect::<Vec<_>>().join(", ")),
    };
    let support = if leads == 1 { format!("DEP-{support:04}") } else { String::new() };
    let _ = write!(
        text,
        "- id: {id}\n  revision: 1\n  section: {{zh: 第一节, en: section 1}}\n  title: {{zh: 第{i}项工作的制度建设, en: Building the system of item {i}}}\n  requirement:\n    zh: 有关单位建立健全第{i}项工作制度，明确责任分工，按期报告进展，接受监督检查，形成长效机制。\n    en: The units concerned establish and improve the system of item {i}, set out who answers for what, report progress in time and accept inspection.\n  practice:\n    zh: 由牵头单位制定办法并组织实施，配合单位按职责提供数据和人员，每季度汇总一次情况。\n    en: The lead unit drafts the measure and carries it out; supporting units give data and staff within their remit; the state is summed up each quarter.\n  kind: build\n  modality: must\n  source: {{layer: generated, at: GEN:P{}.s{i}.c1, anchor: 第{i}项}}\n  bearer: {{text: unnamed, context: 有关单位}}\n  owner: {{mode: {mode}, lead: [{lead}], support: [{support}], basis: proposed}}\n  sector: AAA\n  reaches: [AAA, BBB]\n  tier: {{bearer: R, addressed: [E, U]}}\n",
        id.split_once('-').and_then(|(_, t)| t.split_once('.')).map_or("0", |(p, _)| p)
    );
    if i > 0 {
        let (a, b) = (r.below(i as u64) as usize, r.below(i as u64) as usize);
        let _ =
            writeln!(text, "  needs:\n    - {{on: {}, kind: requires, why: {{zh: 先有前项, en: The earlier one comes first}}}}", name(a));
        if a != b {
            let _ = writeln!(text, "    - {{on: {}, kind: feeds, why: {{zh: 提供输入, en: Gives input}}}}", name(b));
        }
    }
    text.push_str("  recurrence: build-then-operate\n  review: annual\n  evidence: [{type: policy-doc, required: true}, {type: stat-report}]\n  indicators:\n    - {id: K1, name: {zh: 完成数, en: Items done}, unit: {zh: 个, en: count}, direction: up, cycle: annual, basis: proposed}\n\n");
}

/// Makes a generated register ill all over: every seventh obligation has one of seven slips, so that
/// every sort of rule has much to tell. What cannot be read is left out: one such slip is one finding.
pub fn sicken(root: &Path) {
    let mut files: Vec<_> = std::fs::read_dir(root.join("p")).expect("folder").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    let mut i = 0;
    for path in files.iter().filter(|p| p.to_string_lossy().contains("part-")) {
        let text = std::fs::read_to_string(path).expect("file");
        let mut out = String::new();
        for line in text.split_inclusive('\n') {
            i += usize::from(line.starts_with("- id:"));
            match (i % 7, line.trim_start()) {
                (0, l) if l.starts_with("owner:") => {}
                (1, l) if l.starts_with("owner:") => out += &line.replace("DEP-", "DEQ-"),
                (2, l) if l.starts_with("sector:") => out += &line.replace("AAA", "AAZ"),
                (3, l) if l.starts_with("- {on:") => out += &line.replace("- {on: GEN-", "- {on: GEN-9"),
                (4, l) if l.starts_with("source:") => out += &line.replace("at: GEN", "at: GEM"),
                (5, l) if l.starts_with("evidence:") => out += &line.replace("policy-doc", "policy-dog"),
                (6, l) if l.starts_with("source:") => {}
                _ => out += line,
            }
        }
        std::fs::write(path, out).expect("file");
    }
    let plan = root.join("plan.yaml");
    let text = std::fs::read_to_string(&plan).expect("file");
    let mut out = String::new();
    for (n, line) in text.split_inclusive('\n').enumerate() {
        match n % 12 {
            1 | 7 => {}
            3 => out += "  due: 2026-02-01\n",
            8 => out += line.replace("- duty: GEN-", "- duty: GEX-").as_str(),
            _ => out += line,
        }
    }
    std::fs::write(plan, out).expect("file");
}
