//! `rollup seal`: what was recorded since the last seal becomes a segment.
//!
//! 1. The earlier segments of the register are read back from the outgoing folder, each held
//!    against its manifest: the folder is the memory, there is no other.
//! 2. The log lines that they stand for must still be there; what follows them is new.
//! 3. [`timeline`] makes the rows; they are written, then the manifest: once that one is there
//!    the segment is there.

use super::error::{Error, Result, at};
use super::key;
use super::key::{CONTRACT, NAMESPACE};
use super::manifest::{Duties, Lines, Manifest, Segment, is_name, parse_name};
use super::row::{self, Canon, Listed, Row};
use super::store;
use super::timeline::{self, Span};
use crate::snapshot::Snapshot;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// What to seal, and for whom.
pub struct Sealing<'a> {
    /// The register as of the last day to seal.
    pub snapshot: &'a Snapshot,
    /// GB/T 2260 code of the unit; as in the earlier seals when absent.
    pub unit: Option<&'a str>,
    /// Sort of unit; register.yaml's when absent.
    pub kind: Option<&'a str>,
    /// The outgoing folder.
    pub out: &'a Path,
    /// The key to sign with.
    pub key: Option<&'a Path>,
    /// `duban 0.1.0`.
    pub program: &'a str,
}

/// What came of it.
#[derive(Debug)]
pub enum Sealed {
    /// Nothing is new since that day.
    Nothing(String),
    /// A segment was written.
    Segment {
        /// What it says.
        manifest: Box<Manifest>,
        /// Its manifest's path.
        path: PathBuf,
        /// Lines whose day had been sealed already.
        late: usize,
    },
}

fn stop(at: &Path, what: (&str, &str), todo: (&str, &str)) -> Error {
    Error::new(at.display().to_string(), what, todo)
}

/// Seals.
///
/// # Errors
/// When the earlier segments are not whole, the log is not what it was, or nothing can be written.
pub fn seal(s: &Sealing) -> Result<Sealed> {
    let settings = &s.snapshot.register.settings;
    let code = settings.unit.code.as_str();
    if !is_name(code) {
        let at = Path::new("register.yaml");
        let what = ("unit.code 不能作文件夹名", "unit.code cannot name a folder");
        return Err(stop(at, what, ("只用字母、数字和 - _ .", "use letters, digits, - _ and .")));
    }
    let unit = unit(s, code)?;
    let dir = s.out.join(&unit).join(code);
    let earlier = earlier(&dir)?;
    let through = key::day(s.snapshot.as_of);
    let last = earlier.last().map(|e| &e.manifest);
    let sealed = last.and_then(Manifest::days).map(|d| d.1);
    if sealed.is_some_and(|d| through < d) {
        let day = key::date(sealed.unwrap_or_default());
        let what = (format!("已封存到 {day}，不能再封存到更早的日期"), format!("it is sealed through {day}; no seal can end before that"));
        return Err(stop(&dir, (&what.0, &what.1), ("用更晚的 --as-of", "give a later --as-of, or none")));
    }
    let fresh = fresh_lines(s.snapshot, &earlier, &dir, through)?;
    let begins = last.and_then(Manifest::days).map_or_else(|| begins(s.snapshot, through), |d| d.0);
    let from = match (sealed, fresh.first) {
        (None, _) => begins,
        (Some(sealed), first) => [Some(sealed + 1), first, Some(through)].into_iter().flatten().min().unwrap_or(through),
    };
    let (old, listed) = recall(&earlier)?;
    let made = timeline::make(s.snapshot, old, Span { from, sealed, through });
    if let Some(duty) = made.full {
        let what = (format!("{duty} 的行数超过 {}", key::MOST), format!("{duty} has more than {} rows", key::MOST));
        return Err(stop(&dir, (&what.0, &what.1), ("此事项须另立编号", "the duty needs another id; tell the national office")));
    }
    let listed = list(s.snapshot, listed);
    let listing = row::duties_digest(&listed);
    let (read, invalid) = (s.snapshot.register.total() as u64, s.snapshot.register.invalid.len() as u64);
    if let Some(m) = last.filter(|m| m.duties.jsonl == listing && (m.read, m.invalid) == (read, invalid))
        && sealed == Some(through)
        && fresh.ranges.is_empty()
        && made.rows.is_empty()
    {
        return Ok(Sealed::Nothing(m.through.clone()));
    }
    // A late line may speak of a day before the history began.
    let begins = made.rows.iter().map(|r| r.effective).min().map_or(begins, |d| d.min(begins));
    let first = last.map_or(1, |m| m.last + 1);
    let manifest = Manifest {
        contract: CONTRACT.into(),
        unit: unit.clone(),
        kind: s
            .kind
            .map(String::from)
            .or(last.map(|m| m.kind.clone()))
            .or(settings.unit.kind.as_ref().map(ToString::to_string))
            .unwrap_or("other".into()),
        register: code.into(),
        sample: settings.sample,
        first,
        last: first + made.rows.len() as i64,
        begins: key::date(begins).to_string(),
        through: key::date(through).to_string(),
        previous: earlier.last().map(|e| e.digest.clone()),
        rows: made.rows.len() as i64,
        compensating: made.compensating as i64,
        jsonl: String::new(),
        parquet: String::new(),
        duties: Duties { rows: listed.len() as i64, jsonl: listing, parquet: None },
        read,
        invalid,
        data_version: s.snapshot.version.clone(),
        program: s.program.into(),
        log: fresh.ranges,
        signed: "no".into(),
    };
    let (manifest, path) = write(&dir, manifest, &made.rows, &listed, last, s.key)?;
    Ok(Sealed::Segment { manifest: Box::new(manifest), path, late: fresh.late })
}

/// Writes a segment, its manifest last; gives the manifest as written and its path.
///
/// # Errors
/// When it cannot be written or signed.
pub fn write(
    dir: &Path,
    mut manifest: Manifest,
    rows: &[Row],
    listed: &[Listed],
    last: Option<&Manifest>,
    sign: Option<&Path>,
) -> Result<(Manifest, PathBuf)> {
    let name = manifest.name();
    let data = dir.join(format!("{name}.parquet"));
    row::write(&data, manifest.first, rows)?;
    let mut canon = Canon::default();
    rows.iter().enumerate().for_each(|(i, r)| canon.row(manifest.first + i as i64, r));
    (manifest.jsonl, manifest.parquet) = (canon.hex(), store::digest(&data)?);
    if last.is_none_or(|l| l.duties.jsonl != manifest.duties.jsonl) {
        let duties = dir.join(format!("{name}.duties.parquet"));
        row::write_duties(&duties, listed)?;
        manifest.duties.parquet = Some(store::digest(&duties)?);
    }
    let path = dir.join(format!("{name}.json"));
    let bad = |e: String| {
        let what = (format!("无法签名：{e}"), format!("it cannot be signed: {e}"));
        stop(&path, (&what.0, &what.1), ("检查密钥文件", "check the key file"))
    };
    if let Some(sign) = sign {
        manifest.signed = crate::ssh::fingerprint(sign).map_err(bad)?;
        let signature = crate::ssh::sign(manifest.text().as_bytes(), sign, NAMESPACE).map_err(bad)?;
        store::put(&dir.join(format!("{name}.json.sig")), signature.as_bytes())?;
    }
    store::put(&path, manifest.text().as_bytes())?;
    Ok((manifest, path))
}

/// The unit as told, else as register.yaml has it, else as the earlier seals have it.
fn unit(s: &Sealing, code: &str) -> Result<String> {
    if let Some(unit) = s.unit.or(key::is_unit(code).then_some(code)) {
        if key::is_unit(unit) {
            return Ok(unit.into());
        }
        let what = (format!("{unit} 不是六位行政区划代码"), format!("{unit} is no six-digit code of GB/T 2260"));
        return Err(stop(Path::new("--unit"), (&what.0, &what.1), ("例如 330100", "write it as 330100")));
    }
    let mut found: Vec<String> = std::fs::read_dir(s.out)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|n| key::is_unit(n) && s.out.join(n).join(code).is_dir())
        .collect();
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        _ => Err(stop(
            Path::new("--unit"),
            ("不知道本单位的行政区划代码", "the unit's GB/T 2260 code is not known"),
            ("首次封存时写明 --unit 330100", "give it at the first seal: --unit 330100"),
        )),
    }
}

/// The segments of a register, in order and without a gap.
fn earlier(dir: &Path) -> Result<Vec<Segment>> {
    let mut all: Vec<Segment> = Vec::new();
    if !dir.exists() {
        return Ok(all);
    }
    let mut names: Vec<(i64, i64)> = std::fs::read_dir(dir)
        .map_err(at(dir))?
        .flatten()
        .filter_map(|e| parse_name(e.file_name().to_string_lossy().strip_suffix(".json")?))
        .collect();
    names.sort_unstable();
    for (first, last) in names {
        let path = dir.join(format!("{first}-{last}.json"));
        let segment = Segment::read(&path)?;
        let before = all.last();
        let follows = segment.manifest.first == before.map_or(1, |b| b.manifest.last + 1);
        if !follows
            || segment.manifest.previous.as_ref() != before.map(|b| &b.digest)
            || segment.manifest.name() != format!("{first}-{last}")
        {
            let next = before.map_or(1, |b| b.manifest.last + 1);
            let what = (
                format!("此前的分段不连续：应接第 {next} 号"),
                format!("the earlier segments do not follow one another: number {next} should come next"),
            );
            return Err(stop(
                &path,
                (&what.0, &what.1),
                ("把此前的分段放回原处，或换用完整的报送文件夹", "put the earlier segments back, or use a folder that has them all"),
            ));
        }
        all.push(segment);
    }
    Ok(all)
}

/// Rows of the earlier segments, and the newest list of duties.
fn recall(earlier: &[Segment]) -> Result<(Vec<Row>, Vec<Listed>)> {
    let (mut rows, mut listed) = (Vec::new(), Vec::new());
    for segment in earlier {
        let path = segment.file("parquet");
        let mut canon = Canon::default();
        row::read(&path, &mut |number, r| {
            canon.row(number, &r);
            rows.push(r);
            Ok(())
        })?;
        if canon.hex() != segment.manifest.jsonl {
            return Err(changed(&path));
        }
        if segment.manifest.duties.parquet.is_some() {
            let path = segment.file("duties.parquet");
            listed = row::read_duties(&path)?;
            if row::duties_digest(&listed) != segment.manifest.duties.jsonl {
                return Err(changed(&path));
            }
        }
    }
    Ok((rows, listed))
}

fn changed(path: &Path) -> Error {
    stop(
        path,
        ("内容与清单不符：封存后被改动", "its content is not what the manifest says: it was altered after it was sealed"),
        ("从已报送的副本恢复", "restore it from the copy that was handed in"),
    )
}

/// What is new in the log.
#[derive(Default)]
struct Fresh {
    ranges: Vec<Lines>,
    /// The first day on which a new line was recorded.
    first: Option<i32>,
    late: usize,
}

fn fresh_lines(s: &Snapshot, earlier: &[Segment], dir: &Path, through: i32) -> Result<Fresh> {
    let ranges = earlier.iter().flat_map(|e| &e.manifest.log);
    // Of several ranges of a file the last one stays.
    let mut sealed: BTreeMap<&str, &Lines> = ranges.map(|l| (l.file.as_str(), l)).collect();
    let before = earlier.last().and_then(|e| e.manifest.days()).map(|d| d.1);
    let mut h: HashMap<(usize, u32), &str> = HashMap::new();
    let mut out = Fresh::default();
    let mut ends: Vec<u32> = vec![0; s.log.files.len()];
    for (i, file) in s.log.files.iter().enumerate() {
        if let Some(header) = &file.header {
            h.insert((i, 1), &header.h);
            ends[i] = 1;
        }
    }
    let file_name = |i: usize| format!("{}/{}", s.log.files[i].dept, s.log.files[i].name);
    let done: Vec<u32> = (0..ends.len()).map(|i| sealed.get(&*file_name(i)).map_or(0, |l| l.to)).collect();
    for r in &s.log.records {
        let (i, day) = (r.file as usize, key::day(r.day));
        h.insert((i, r.line), &r.entry.h);
        if day > through {
            continue;
        }
        ends[i] = ends[i].max(r.line);
        if r.line > done[i] {
            out.first = Some(out.first.map_or(day, |f| f.min(day)));
            out.late += usize::from(before.is_some_and(|b| day < b));
        }
    }
    for i in 0..ends.len() {
        let name = file_name(i);
        if let Some(l) = sealed.remove(&*name)
            && h.get(&(i, l.to)).copied() != Some(&*l.h)
        {
            return Err(rewritten(dir, &name, l.to));
        }
        // A file with its header alone says nothing yet.
        if ends[i] > done[i].max(1) {
            let h = h[&(i, ends[i])].to_string();
            out.ranges.push(Lines { file: name, from: done[i] + 1, to: ends[i], h });
        }
    }
    match sealed.into_values().next() {
        Some(l) => Err(rewritten(dir, &l.file, l.to)),
        None => Ok(out),
    }
}

fn rewritten(dir: &Path, file: &str, line: u32) -> Error {
    let what = (
        format!("log/{file} 第 {line} 行已不是封存时的内容：日志被改写或缺失"),
        format!("line {line} of log/{file} is not the one that was sealed: the log was rewritten, or is not there"),
    );
    stop(dir, (&what.0, &what.1), ("用 duban verify 查明，从备份恢复日志", "see `duban verify`, and restore the log"))
}

/// The first day of the history: policies listed, plans begun, entries made.
fn begins(s: &Snapshot, through: i32) -> i32 {
    let listed = s.register.policies.iter().map(|p| p.policy.listed.0);
    let planned = s.register.plan.iter().filter_map(|p| p.start).map(|d| d.0);
    let recorded = s.log.records.iter().flat_map(|r| [Some(r.day), r.entry.day.map(|d| d.0)]).flatten();
    let first = listed.chain(planned).chain(recorded).map(key::day).min();
    first.map_or(through, |f| f.clamp(0, through))
}

/// The duties of the register, and those that were in it at an earlier seal.
fn list(s: &Snapshot, old: Vec<Listed>) -> Vec<Listed> {
    let mut all: BTreeMap<Box<str>, Listed> = old.into_iter().map(|l| (l.duty.clone(), l)).collect();
    for (duty, department, of, whole) in timeline::names(s) {
        let ob = if whole { of } else { s.roster.duties[of].obligation as usize };
        let o = &s.register.obligations[ob];
        let sectors: Vec<&str> = if o.reaches.is_empty() {
            o.sector.iter().map(|x| x.as_str()).collect()
        } else {
            o.reaches.iter().map(|x| x.as_str()).collect()
        };
        let (obligation, sectors) = (o.id.as_str().into(), sectors.join(",").into());
        all.insert(duty.clone(), Listed { duty, obligation, department, whole, sectors });
    }
    all.into_values().collect()
}
