//! The shipped registers, held against what was counted and read when they were made.
//!
//! `obligations/` is the national catalogue, `obligations/sample-city/` a unit that uses it.
//! A slip of the pen in a YAML file that every rule would let through shows here: [`DUTIES`]
//! has one line for each obligation, the rest are counts and single fields.

use chrono::{DateTime, FixedOffset, NaiveDate};
use duban::graph::Node;
use duban::model::time::ChangeDate;
use duban::model::*;
use duban::report::groups::By;
use duban::report::status;
use duban::rules::{self, Overrides};
use duban::snapshot::{Options, Snapshot, query::Query};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The day up to which the sample city's log was written.
const SAMPLE_DAY: &str = "2026-10-31";

fn day(text: &str) -> NaiveDate {
    duban::model::time::parse_date(text).unwrap()
}

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn open(name: &str, as_of: &str) -> Snapshot {
    let now: DateTime<FixedOffset> = "2026-10-31T18:00:00+08:00".parse().unwrap();
    let root = root(name);
    Snapshot::open(&Options { root: &root, shown: "", now, as_of: Some(duban::model::time::When::Day(day(as_of))), on: None })
        .unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn national() -> Snapshot {
    open("obligations", SAMPLE_DAY)
}

fn city() -> Snapshot {
    open("obligations/sample-city", SAMPLE_DAY)
}

/// How often each word occurs, as `a 3, b 1`, sorted by word.
fn tally<T: ToString>(words: impl IntoIterator<Item = T>) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word.to_string()).or_default() += 1;
    }
    counts.iter().map(|(word, n)| format!("{word} {n}")).collect::<Vec<_>>().join(", ")
}

fn zh(words: &Words) -> &str {
    words.zh.as_deref().unwrap_or("")
}

fn en(words: &Words) -> &str {
    words.en.as_deref().unwrap_or("")
}

fn both(words: &Words) -> (&str, &str) {
    (zh(words), en(words))
}

/// id | kind recurrence review | sector: reaches | leads | supports | needs (r requires, f feeds, s supports) | evidence, required first
const DUTIES: &str = "\
OPN-0.01 | organisation continuous half-yearly | CRS: JUD LOC | CPLAC LCCP | JCO |  | minutes circular
OPN-0.02 | organisation continuous half-yearly | CRS: LOC CRS | JCO LGOV | MPS |  | policy-doc minutes resourcing
OPN-0.03 | organisation build-then-operate quarterly | CRS: JUD FIN TEL NET CRS | MPS PBC NFRA MIIT CAC SAMR | JCO | s:OPN-0.02 | resp-list minutes
OPN-0.04 | organisation continuous quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | JCO | r:OPN-0.34 | inspection stat-report circular
OPN-0.05 | organisation continuous quarterly | CRS: JUD FIN TEL NET LOC CRS | JCO | MPS PBC NFRA MIIT CAC SAMR SPC SPP | s:OPN-0.03 | minutes agreement circular
OPN-0.06 | organisation continuous half-yearly | CRS: LOC CRS | JCO | CPD LGOV COM |  | training stat-report
OPN-0.11 | principle continuous half-yearly | CRS: JUD FIN TEL NET LOC CRS | JCO | MPS PBC NFRA MIIT CAC LGOV |  | minutes policy-doc circular
OPN-0.12 | principle continuous annual | CRS: JUD FIN TEL NET LOC CRS | JCO | MPS PBC NFRA MIIT CAC CPD LGOV |  | policy-doc minutes
OPN-0.13 | outcome continuous monthly | CRS: JUD FIN TEL NET LOC CRS | JCO | MPS LGOV | s:OPN-1.03 s:OPN-2.01 s:OPN-3.01 s:OPN-4.01 | stat-report
OPN-0.21 | outcome continuous quarterly | JUD: JUD | MPS | SPP SPC CPLAC MOJ | s:OPN-0.22 s:OPN-0.23 s:OPN-1.14 | stat-report assessment
OPN-0.22 | build build-then-operate half-yearly | JUD: JUD | NPCLAC SPC SPP MPS | MOJ |  | policy-doc
OPN-0.23 | action continuous quarterly | JUD: JUD CRS | MPS | MFA SPP SPC MOJ NIA |  | agreement stat-report case-file
OPN-0.31 | build build-then-operate quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | MPS |  | sys-acceptance sys-log stat-report
OPN-0.32 | build build-then-operate half-yearly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | DISC JCO | r:OPN-3.15 r:OPN-3.16 | policy-doc circular judgment
OPN-0.33 | build build-then-operate quarterly | CRS: FIN TEL NET JUD CRS | MPS | NDRC PBC MIIT NFRA CAC | r:OPN-3.18 | policy-doc list-notice appeal
OPN-0.34 | organisation one-off annual | CRS: FIN TEL NET | PBC NFRA MIIT CAC | JCO |  | resp-list policy-doc
OPN-0.35 | action continuous quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | JCO | r:OPN-0.34 | circular inspection ledger
OPN-0.41 | organisation build-then-operate half-yearly | LOC: LOC | LGOV | LCCP JCO |  | resp-list policy-doc
OPN-1.01 | action continuous quarterly | JUD: JUD | SPC | SPP MPS |  | judgment stat-report policy-doc
OPN-1.02 | action continuous quarterly | JUD: JUD | MPS | SPP SPC NIA PBC MIIT CAC | s:OPN-1.14 | stat-report case-file
OPN-1.03 | action continuous quarterly | JUD: JUD | MPS | SPP SPC JCO |  | circular stat-report
OPN-1.04 | action continuous quarterly | JUD: JUD | MPS | SPP SPC |  | stat-report judgment case-file
OPN-1.05 | action continuous quarterly | JUD: JUD FIN | MPS | PBC SAFE NFRA SPP SPC | f:OPN-3.05 | stat-report judgment case-file
OPN-1.06 | action continuous quarterly | JUD: JUD TEL NET | MPS | MIIT CAC SPP SPC | f:OPN-3.14 | stat-report judgment case-file
OPN-1.07 | action continuous quarterly | JUD: JUD NET TEL | MPS | CAC MIIT SAMR SPP SPC | f:OPN-3.14 | stat-report judgment case-file
OPN-1.08 | action continuous quarterly | JUD: JUD NET | MPS | MOHRSS CAC SPP SPC |  | stat-report judgment case-file
OPN-1.09 | action continuous quarterly | JUD: JUD LOC | MPS | NIA MFA LGOV SPP SPC | s:OPN-0.23 | stat-report judgment case-file
OPN-1.10 | action continuous quarterly | JUD: JUD FIN | MPS | PBC NFRA SPP SPC |  | stat-report judgment case-file list-notice
OPN-1.11 | action continuous quarterly | JUD: JUD TEL | MPS | MIIT SPP SPC |  | stat-report judgment case-file list-notice
OPN-1.12 | action continuous quarterly | JUD: JUD NET | MPS | CAC MIIT SPP SPC |  | stat-report judgment case-file
OPN-1.13 | action continuous quarterly | JUD: JUD CRS FIN | MPS | SAMR STA PBC SPP SPC |  | stat-report judgment case-file ledger
OPN-1.14 | build build-then-operate monthly | JUD: JUD FIN | MPS | PBC NFRA SPP SPC | s:OPN-0.22 | policy-doc sys-acceptance stat-report
OPN-1.15 | action continuous monthly | JUD: JUD FIN | MPS | SPP SPC PBC NFRA | r:OPN-1.14 | stat-report judgment ledger
OPN-2.01 | principle continuous half-yearly | CRS: JUD FIN TEL NET LOC | JCO | MPS PBC NFRA MIIT CAC CPD | r:OPN-2.02 r:OPN-2.04 r:OPN-2.06 | policy-doc stat-report
OPN-2.02 | build build-then-operate monthly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | MPS | s:OPN-5.02 | sys-acceptance sys-log stat-report
OPN-2.03 | action continuous quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | MPS | f:OPN-3.05 | policy-doc sys-log assessment appeal
OPN-2.04 | build build-then-operate monthly | CRS: JUD FIN TEL NET | MPS | PBC NFRA MIIT CAC | r:OPN-2.02 s:OPN-0.31 | sys-acceptance sys-log stat-report
OPN-2.05 | action continuous monthly | CRS: JUD FIN TEL NET | MPS | PBC NFRA MIIT CAC | r:OPN-2.04 | stat-report sys-log ledger
OPN-2.06 | build build-then-operate quarterly | LOC: LOC CRS | LGOV | CPD MPS MOE MCA CAC NRTA | f:OPN-2.05 | training policy-doc stat-report
OPN-2.07 | outcome continuous half-yearly | LOC: LOC CRS | LGOV | CPD NRTA CAC | r:OPN-2.06 | stat-report assessment
OPN-3.01 | action continuous quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | JCO | r:OPN-0.34 | circular inspection stat-report
OPN-3.02 | build build-then-operate quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | JCO |  | policy-doc assessment
OPN-3.03 | build build-then-operate half-yearly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | SAMR | r:OPN-3.02 | policy-doc list-notice
OPN-3.04 | prohibition continuous quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | SAMR | r:OPN-3.02 r:OPN-3.03 | inspection judgment list-notice
OPN-3.05 | build build-then-operate monthly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | MPS |  | policy-doc sys-acceptance stat-report
OPN-3.06 | build build-then-operate monthly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | MPS | r:OPN-3.05 | sys-log stat-report assessment
OPN-3.07 | action continuous monthly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | MPS | r:OPN-3.06 | ledger sys-log appeal
OPN-3.08 | build build-then-operate quarterly | TEL: TEL | MIIT | PCA MPS |  | policy-doc sys-acceptance stat-report appeal
OPN-3.09 | build build-then-operate quarterly | TEL: TEL | MIIT | PCA MPS NDRC | f:OPN-3.08 f:OPN-3.07 | policy-doc list-notice appeal
OPN-3.10 | action continuous quarterly | TEL: TEL NET | MIIT | PCA MPS CAC | r:OPN-3.05 | ledger inspection circular
OPN-3.11 | action continuous monthly | NET: NET | CAC | MIIT MPS |  | policy-doc sys-log inspection
OPN-3.12 | action continuous quarterly | NET: NET | CAC | MIIT MPS |  | policy-doc inspection assessment
OPN-3.13 | action continuous monthly | NET: NET | CAC | MIIT MPS | r:OPN-3.11 s:OPN-3.06 | ledger sys-log appeal
OPN-3.14 | action continuous monthly | NET: NET | CAC | MPS MIIT SAMR | s:OPN-3.12 f:OPN-4.04 | ledger stat-report circular
OPN-3.15 | organisation build-then-operate half-yearly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | JCO | r:OPN-0.34 | resp-list policy-doc
OPN-3.16 | organisation build-then-operate quarterly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | JCO | r:OPN-3.15 | resp-list policy-doc inspection
OPN-3.17 | organisation build-then-operate half-yearly | CRS: FIN TEL NET | PBC NFRA MIIT CAC | MPS | r:OPN-3.16 r:OPN-3.11 | policy-doc agreement list-notice
OPN-3.18 | build build-then-operate quarterly | CRS: CRS JUD FIN TEL NET | NDRC | MPS PBC MIIT SPC | r:OPN-3.11 r:OPN-3.17 f:OPN-3.09 f:OPN-1.10 f:OPN-1.11 | policy-doc list-notice appeal
OPN-4.01 | action continuous quarterly | LOC: LOC | LGOV | LCCP LPSB JCO | r:OPN-0.41 | policy-doc ledger stat-report
OPN-4.02 | action continuous monthly | LOC: LOC | LPSB | LGOV COM | f:OPN-4.03 f:OPN-4.04 | stat-report ledger case-file
OPN-4.03 | build build-then-operate monthly | LOC: LOC | LPSB | AFC PCA LGOV | s:OPN-5.03 | policy-doc sys-acceptance stat-report
OPN-4.04 | build build-then-operate monthly | LOC: LOC | LPSB | AFC COM LGOV |  | policy-doc ledger stat-report
OPN-4.05 | action continuous quarterly | LOC: LOC | LGOV | LPSB PCA SAMR PBC CAC | s:OPN-4.01 f:OPN-3.14 | ledger inspection stat-report
OPN-5.01 | organisation continuous half-yearly | CRS: CRS LOC JUD | JCO | MPS LGOV | s:OPN-0.01 s:OPN-0.02 | minutes resourcing
OPN-5.02 | organisation continuous annual | CRS: CRS LOC JUD | JCO | MOF LGOV MPS |  | resourcing
OPN-5.03 | build build-then-operate quarterly | CRS: CRS LOC JUD | MPS | LGOV AFC | r:OPN-5.02 | sys-acceptance resourcing stat-report
OPN-5.04 | build build-then-operate half-yearly | CRS: CRS LOC JUD | MPS | LGOV MOHRSS | r:OPN-5.02 | resourcing training
OPN-5.05 | outcome continuous annual | CRS: CRS LOC JUD | JCO | MPS LGOV | s:OPN-5.03 s:OPN-5.04 s:OPN-2.02 | assessment stat-report
SPC-1.01 | action one-off monthly | JUD: JUD | CRT | SPC SPO |  | policy-doc minutes stat-report
SPC-2.01 | action continuous monthly | JUD: JUD | CRT | SPC SPP MPS | s:SPC-1.01 | judgment stat-report
SPC-2.02 | action continuous monthly | JUD: JUD | CRT | SPC | r:SPC-2.01 | judgment stat-report
SPC-2.03 | action continuous monthly | JUD: JUD | CRT | SPC | r:SPC-2.01 | judgment
SPC-2.04 | action continuous monthly | JUD: JUD | CRT | SPC | r:SPC-2.01 | judgment stat-report
SPC-2.05 | action continuous monthly | JUD: JUD | CRT | SPC MPS SPP |  | judgment ledger stat-report
SPC-2.06 | outcome continuous half-yearly | JUD: JUD | CRT | SPC | s:SPC-2.05 | stat-report assessment
SPC-3.01 | action continuous monthly | JUD: JUD | CRT | SPC |  | stat-report inspection
SPC-3.02 | action continuous monthly | JUD: JUD | CRT | SPC |  | stat-report minutes
SPC-3.03 | action one-off monthly | JUD: JUD | CRT | SPC | r:SPC-3.01 s:SPC-3.02 | judgment circular
SPC-3.04 | action continuous quarterly | JUD: JUD | CRT | SPC |  | assessment minutes
SPC-3.05 | action continuous half-yearly | JUD: JUD | CRT | SPC | f:SPC-3.04 | assessment
SPC-3.06 | build build-then-operate half-yearly | JUD: JUD | SPC | CRT SPP | r:SPC-3.05 | policy-doc
SPC-3.07 | action continuous quarterly | JUD: JUD | SPC | CRT | r:SPC-3.03 | circular judgment
SPC-3.08 | action continuous monthly | JUD: JUD | CRT | SPC MCA NCA | f:SPC-3.07 | training
SPC-3.09 | action continuous monthly | JUD: JUD | CRT | SPC MPS | f:SPC-3.03 | training
SPC-3.10 | action continuous quarterly | JUD: JUD | CRT | SPC MCA NCA COM | r:SPC-3.08 r:SPC-3.09 | training assessment
SPC-3.11 | outcome continuous half-yearly | JUD: JUD | CRT | SPC SPO | s:SPC-2.01 s:SPC-2.05 s:SPC-3.10 | stat-report assessment";

fn line(o: &Obligation) -> String {
    let ids = |ids: &[UnitId]| ids.iter().map(|d| d.trim_start_matches("DEP-").to_string()).collect::<Vec<_>>().join(" ");
    let owner = o.owner.as_ref().expect("every shipped obligation has an owner");
    let needs: Vec<String> = o.needs.iter().map(|n| format!("{}:{}", &n.kind.code()[..1], n.on)).collect();
    let evidence: Vec<&str> = o.evidence.iter().map(|e| e.kind.as_str()).collect();
    let cycle = match o.review.expect("every shipped obligation has a review cycle") {
        Cycle::Monthly => "monthly",
        Cycle::Quarterly => "quarterly",
        Cycle::HalfYearly => "half-yearly",
        Cycle::Annual => "annual",
    };
    format!(
        "{} | {} {} {cycle} | {}: {} | {} | {} | {} | {}",
        o.id,
        o.kind.code(),
        o.recurrence.code(),
        o.sector.as_deref().unwrap_or(""),
        ids(&o.reaches),
        ids(&owner.lead),
        ids(&owner.support),
        needs.join(" "),
        evidence.join(" ")
    )
}

#[test]
fn every_obligation_is_as_it_was_listed() {
    let s = national();
    let want: Vec<&str> = DUTIES.lines().collect();
    let have: Vec<String> = s.register.obligations.iter().map(|o| line(o)).collect();
    assert_eq!(have.len(), 86);
    for (have, want) in have.iter().zip(&want) {
        assert_eq!(have, want);
    }
    assert_eq!((s.register.invalid.len(), s.register.total(), want.len()), (0, 86, 86));
}

#[test]
fn obligations_by_policy_part_and_vocabulary() {
    let s = national();
    let all = &s.register.obligations;
    assert_eq!(tally(all.iter().map(|o| o.id.policy())), "OPN 68, SPC 18");
    assert_eq!(
        tally(all.iter().map(|o| o.id.part())),
        "OPN-0 18, OPN-1 15, OPN-2 7, OPN-3 18, OPN-4 5, OPN-5 5, SPC-1 1, SPC-2 6, SPC-3 11"
    );
    assert_eq!(tally(all.iter().map(|o| o.kind.code())), "action 43, build 20, organisation 13, outcome 6, principle 3, prohibition 1");
    assert_eq!(tally(all.iter().map(|o| o.modality.code())), "enabling 9, must 76, prohibition 1");
    assert_eq!(tally(all.iter().map(|o| o.recurrence.code())), "build-then-operate 25, continuous 58, one-off 3");
    assert_eq!(tally(all.iter().map(|o| o.review.unwrap().months())), "1 26, 12 4, 3 38, 6 18");
    assert_eq!(
        tally(all.iter().map(|o| o.owner.as_ref().unwrap().basis.clone().unwrap())),
        "category-named 27, context 12, named 4, proposed 43"
    );
    assert_eq!(tally(all.iter().map(|o| o.owner.as_ref().unwrap().mode.code())), "by-remit 21, single 65");
    assert_eq!(
        tally(all.iter().map(|o| o.source.as_ref().unwrap().layer.clone())),
        "consideration 12, court-notice 18, explanation 4, opinions 46, pattern 6"
    );
    let tiers = |t: &duban::model::catalogue::OneOrMany<Tier>| t.0.iter().map(|t| t.code()).collect::<Vec<_>>().join("+");
    assert_eq!(tally(all.iter().map(|o| tiers(&o.tier.bearer))), " 54, E 1, E+U 1, R 12, R+E 17, U 1");
    assert_eq!(tally(all.iter().map(|o| tiers(&o.tier.addressed))), " 49, E 9, E+U 11, R+E 1, U 16");
    assert_eq!(
        tally(all.iter().flat_map(|o| &o.enterprises)),
        "ENT-ADS 2, ENT-AGENT 2, ENT-BANK 18, ENT-CLOUD 1, ENT-DATA 1, ENT-IM 3, ENT-ISP 21, ENT-PAY 18, ENT-TELOP 20, ENT-VAT 2"
    );
    assert_eq!(
        tally(all.iter().flat_map(|o| &o.users)),
        "USR-ACCT 7, USR-CORP 1, USR-ELDER 18, USR-LINE 2, USR-NETACC 8, USR-PHONE 7, USR-PUB 4, USR-VICT 3"
    );
    assert_eq!(all.iter().filter(|o| o.note.is_some()).count(), 39);
    assert!(all.iter().all(|o| o.practice.is_some() && o.section.is_some() && o.revision == Some(1)));
    for o in all {
        for words in [&o.title, &o.requirement].into_iter().chain(&o.practice).chain(&o.section) {
            assert!(words.zh.is_some() && words.en.is_some(), "{} speaks one language only", o.id);
        }
    }
}

#[test]
fn sectors_reached_are_those_listed_and_the_primary_one_is_not_added() {
    let s = national();
    assert_eq!(tally(s.register.obligations.iter().flat_map(|o| &o.reaches)), "CRS 18, FIN 32, JUD 52, LOC 22, NET 36, TEL 33");
    assert_eq!(tally(s.register.obligations.iter().flat_map(|o| &o.sector)), "CRS 35, JUD 36, LOC 8, NET 4, TEL 3");
    let general = s.register.obligation("OPN-3.01").unwrap();
    assert_eq!((general.sector.as_deref(), tally(&general.reaches)), (Some("CRS"), "FIN 1, NET 1, TEL 1".into()));
    // The report by sector counts an item in each sector reached and once in the total.
    let report = status::build(&s, &Query::default(), By::Sector, Lang::En);
    let rows: BTreeMap<&str, usize> = report.rows.iter().map(|r| (r.key.trim_start_matches("SEC-"), r.total)).collect();
    assert_eq!(
        rows.iter().map(|(k, n)| format!("{k} {n}")).collect::<Vec<_>>().join(", "),
        "CRS 18, FIN 32, JUD 52, LOC 22, NET 36, TEL 33"
    );
    assert_eq!(report.total.total, 86);
}

#[test]
fn leads_supports_and_assignments() {
    let s = national();
    let owners: Vec<_> = s.register.obligations.iter().map(|o| o.owner.as_ref().unwrap()).collect();
    assert_eq!(s.roster.duties.len(), 147);
    assert_eq!(owners.iter().map(|o| o.lead.len()).sum::<usize>(), 147);
    assert_eq!(owners.iter().map(|o| o.support.len()).sum::<usize>(), 226);
    assert_eq!(owners.iter().filter(|o| o.mode == LeadMode::ByRemit).map(|o| o.lead.len()).sum::<usize>(), 82);
    assert!(s.roster.duties.iter().all(|d| d.dept.is_some()));
    assert!(owners.iter().all(|o| o.former.is_empty()));
    assert_eq!(
        tally(owners.iter().flat_map(|o| &o.lead)),
        "DEP-CAC 22, DEP-CPLAC 1, DEP-CRT 16, DEP-JCO 10, DEP-LCCP 1, DEP-LGOV 6, DEP-LPSB 3, DEP-MIIT 21, DEP-MPS 23, DEP-NDRC 1, DEP-NFRA 18, DEP-NPCLAC 1, DEP-PBC 18, DEP-SAMR 1, DEP-SPC 4, DEP-SPP 1"
    );
    assert_eq!(
        tally(owners.iter().flat_map(|o| &o.support)),
        "DEP-AFC 3, DEP-CAC 16, DEP-COM 4, DEP-CPD 5, DEP-CPLAC 1, DEP-CRT 2, DEP-DISC 1, DEP-JCO 13, DEP-LCCP 2, DEP-LGOV 13, DEP-LPSB 2, DEP-MCA 3, DEP-MFA 2, DEP-MIIT 17, DEP-MOE 1, DEP-MOF 1, DEP-MOHRSS 2, DEP-MOJ 3, DEP-MPS 29, DEP-NCA 2, DEP-NDRC 2, DEP-NFRA 11, DEP-NIA 3, DEP-NRTA 2, DEP-PBC 15, DEP-PCA 5, DEP-SAFE 1, DEP-SAMR 7, DEP-SPC 34, DEP-SPO 2, DEP-SPP 21, DEP-STA 1"
    );
}

#[test]
fn links_between_obligations_are_eighty_three_and_no_ring() {
    let s = national();
    let needs: Vec<_> = s.register.obligations.iter().flat_map(|o| &o.needs).collect();
    assert_eq!(needs.len(), 83);
    assert_eq!(tally(needs.iter().map(|n| n.kind.code())), "feeds 17, requires 37, supports 29");
    assert!(needs.iter().all(|n| n.why.as_ref().is_some_and(|w| w.zh.is_some() && w.en.is_some())));
    assert!(needs.iter().all(|n| s.register.obligation(&n.on).is_some()));
    assert_eq!(s.graph.cycles(), Vec::<Vec<u32>>::new());
    assert!(s.graph.dangling().is_empty());
}

#[test]
fn evidence_and_indicators() {
    let s = national();
    let r = &s.register;
    let types: Vec<&str> = r.evidence_types.iter().map(|t| t.code.as_str()).collect();
    assert_eq!(
        types.join(" "),
        "policy-doc minutes resp-list sys-acceptance sys-log stat-report ledger inspection case-file judgment list-notice training assessment circular agreement resourcing appeal approval acceptance"
    );
    for t in &r.evidence_types {
        let ages = matches!(t.code.as_str(), "stat-report" | "inspection");
        assert_eq!(t.max_age, if ages { MaxAge::Cycles(2) } else { MaxAge::None }, "{}", t.code.as_str());
        assert!(t.minimum.is_some(), "{}", t.code.as_str());
    }
    assert_eq!(both(&r.evidence_type("list-notice").unwrap().name), ("名单公告", "Published list or notice"));
    assert_eq!(both(&r.evidence_type("approval").unwrap().name), ("批准文件", "Approval document"));
    assert_eq!(both(&r.evidence_type("acceptance").unwrap().name), ("验收记录", "Acceptance record"));
    let wanted: Vec<_> = r.obligations.iter().flat_map(|o| &o.evidence).collect();
    assert_eq!((wanted.len(), wanted.iter().filter(|e| e.required).count()), (219, 86));
    assert!(r.obligations.iter().all(|o| o.evidence[0].required), "the first type is the required one");
    assert_eq!(
        tally(r.obligations.iter().map(|o| o.evidence[0].kind.clone())),
        "agreement 1, assessment 3, circular 4, inspection 2, judgment 7, ledger 5, minutes 4, policy-doc 22, resourcing 2, resp-list 5, stat-report 21, sys-acceptance 4, sys-log 1, training 5"
    );
    let outcome = r.obligation("OPN-5.05").unwrap();
    assert_eq!(outcome.kind, Kind::Outcome);
    assert_eq!(outcome.evidence.iter().filter(|e| e.required).map(|e| e.kind.as_str()).collect::<Vec<_>>(), ["assessment"]);

    let indicators: Vec<_> = r.obligations.iter().flat_map(|o| &o.indicators).collect();
    assert_eq!(indicators.len(), 127);
    assert_eq!(tally(indicators.iter().map(|k| k.direction.unwrap().code())), "down 19, monitor 22, up 85, zero 1");
    assert_eq!(tally(indicators.iter().map(|k| k.cycle.unwrap().months())), "1 44, 12 4, 3 58, 6 21");
    assert_eq!(tally(indicators.iter().map(|k| k.basis.clone().unwrap())), "proposed 127");
    for o in &r.obligations {
        let ids: Vec<&str> = o.indicators.iter().map(|k| k.id.as_str()).collect();
        let count: Vec<String> = (1..=ids.len()).map(|n| format!("K{n}")).collect();
        assert_eq!(ids, count, "{}", o.id);
    }
}

#[test]
fn bearers_named_and_unnamed() {
    let s = national();
    let texts: Vec<Vec<&str>> =
        s.register.obligations.iter().map(|o| o.bearer.as_ref().unwrap().text.0.iter().map(|t| t.as_str()).collect()).collect();
    assert_eq!(texts.iter().filter(|t| **t == ["unnamed"]).count(), 50);
    assert_eq!(texts.iter().filter(|t| !t.contains(&"unnamed")).count(), 36);
    let named: BTreeSet<&str> = texts.iter().flatten().copied().filter(|t| *t != "unnamed").collect();
    let want = [
        "社会各界",
        "各地",
        "行业监管",
        "相关行业",
        "相关行业主管部门",
        "金融机构",
        "电信业务经营者",
        "互联网服务提供者",
        "有关方面",
        "企业",
        "党委",
        "各级人民法院",
        "用户",
        "行业主管部门",
        "属地",
        "政法机关",
        "部门",
        "政府",
    ];
    assert_eq!(named, BTreeSet::from(want));
    let bearer = s.register.obligation("OPN-3.18").unwrap().bearer.as_ref().unwrap();
    assert_eq!(bearer.context.as_deref(), Some("行业主管部门（同句语境）"));
}

#[test]
fn places_in_the_source() {
    let s = national();
    let source = |id: &str| s.register.obligation(id).unwrap().source.clone().unwrap();
    let second: Vec<&str> =
        s.register.obligations.iter().filter(|o| o.source.as_ref().unwrap().nth.is_some_and(|n| n != 1)).map(|o| o.id.as_str()).collect();
    assert_eq!(second, ["OPN-0.13", "SPC-2.02"]);
    assert_eq!((source("OPN-0.13").nth, source("SPC-2.02").nth), (Some(2), Some(2)));
    assert!(s.register.obligations.iter().all(|o| o.source.as_ref().unwrap().anchor.chars().count() <= 15));
    assert_eq!(s.register.obligations.iter().filter(|o| !o.source.as_ref().unwrap().also.is_empty()).count(), 28);
    let also: Vec<String> = source("OPN-0.13").also.iter().map(|t| t.to_string()).collect();
    assert_eq!(also, ["OPN:A1.2.s2.c4", "OPN:A1.2.s2.c5"]);
}

#[test]
fn the_only_prohibition_is_never_done() {
    let s = national();
    let hits: Vec<_> =
        s.register.obligations.iter().filter(|o| o.kind == Kind::Prohibition || o.modality == Modality::Prohibition).collect();
    assert_eq!(hits.iter().map(|o| o.id.as_str()).collect::<Vec<_>>(), ["OPN-3.04"]);
    assert_eq!((hits[0].kind, hits[0].modality, hits[0].recurrence), (Kind::Prohibition, Modality::Prohibition, Recurrence::Continuous));
}

#[test]
fn one_node_field_by_field() {
    let s = national();
    let o = &s.register.obligation("OPN-3.18").unwrap().node;
    assert_eq!((o.id.as_str(), o.id.part(), o.id.policy(), o.revision), ("OPN-3.18", "OPN-3", "OPN", Some(1)));
    assert_eq!(both(o.section.as_ref().unwrap()), ("第3部分", "part 3"));
    assert_eq!(both(&o.title), ("严重失信主体名单制度", "Serious-dishonesty list system"));
    assert_eq!(
        both(&o.requirement),
        ("建立针对电信网络诈骗的严重失信主体名单制度。", "Establish a serious-dishonesty list system for telecom and online fraud.")
    );
    assert_eq!(
        both(o.practice.as_ref().unwrap()),
        (
            "建立列入标准、认定、公示、异议、移出完整的失信名单制度。",
            "Set up a complete list system: criteria, determination, notice, objection, removal."
        )
    );
    assert_eq!((o.kind, o.modality), (Kind::Build, Modality::Must));
    let source = o.source.as_ref().unwrap();
    assert_eq!((source.layer.as_str(), source.at.as_str(), source.anchor.as_str()), ("opinions", "OPN:P3.s4.c2", "严重失信主体名单制度"));
    assert!(source.also.is_empty() && source.nth.is_none_or(|n| n == 1));
    let bearer = o.bearer.as_ref().unwrap();
    assert_eq!(
        (bearer.text.0.iter().map(|t| t.as_str()).collect::<Vec<_>>(), bearer.context.as_deref()),
        (vec!["unnamed"], Some("行业主管部门（同句语境）"))
    );
    let owner = o.owner.as_ref().unwrap();
    assert_eq!(owner.mode, LeadMode::Single);
    assert_eq!(owner.lead.iter().map(|d| d.as_str()).collect::<Vec<_>>(), ["DEP-NDRC"]);
    assert_eq!(owner.support.iter().map(|d| d.as_str()).collect::<Vec<_>>(), ["DEP-MPS", "DEP-PBC", "DEP-MIIT", "DEP-SPC"]);
    assert_eq!((owner.basis.as_deref(), owner.former.len()), (Some("proposed"), 0));
    assert_eq!(o.sector.as_deref(), Some("CRS"));
    assert_eq!(o.reaches.iter().map(|d| d.as_str()).collect::<Vec<_>>(), ["CRS", "JUD", "FIN", "TEL", "NET"]);
    assert_eq!((o.tier.bearer.0.as_slice(), o.tier.addressed.0.as_slice()), (&[Tier::R][..], &[Tier::E, Tier::U][..]));
    assert!(o.enterprises.is_empty());
    assert_eq!(o.users.iter().map(|d| d.as_str()).collect::<Vec<_>>(), ["USR-ACCT", "USR-PHONE", "USR-NETACC"]);
    let needs: Vec<_> = o.needs.iter().map(|n| (n.on.as_str(), n.kind.code(), both(n.why.as_ref().unwrap()))).collect();
    assert_eq!(
        needs,
        [
            ("OPN-3.11", "requires", ("须能确认主体真实身份才能列名", "Listing needs a verified identity of the subject")),
            ("OPN-3.17", "requires", ("须先有用户责任才有失信认定", "Dishonesty presumes a defined user duty")),
            ("OPN-3.09", "feeds", ("行业黑名单提供线索", "The industry list supplies candidates")),
            ("OPN-1.10", "feeds", ("涉卡案件结果提供列入对象", "Card-trade findings supply subjects")),
            ("OPN-1.11", "feeds", ("涉卡案件结果提供列入对象", "Phone-card findings supply subjects")),
        ]
    );
    assert_eq!((o.recurrence, o.review), (Recurrence::BuildThenOperate, Some(Cycle::Quarterly)));
    assert_eq!(
        o.evidence.iter().map(|e| (e.kind.as_str(), e.required)).collect::<Vec<_>>(),
        [("policy-doc", true), ("list-notice", false), ("appeal", false)]
    );
    let indicators: Vec<_> = o
        .indicators
        .iter()
        .map(|k| {
            (
                k.id.as_str(),
                both(&k.name),
                both(k.unit.as_ref().unwrap()),
                k.direction.unwrap(),
                k.cycle.unwrap(),
                k.basis.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        indicators,
        [
            ("K1", ("列入主体数", "Parties listed"), ("个", "count"), Direction::Monitor, Cycle::Quarterly, "proposed"),
            ("K2", ("异议成立率", "Objections upheld"), ("%", "%"), Direction::Monitor, Cycle::Quarterly, "proposed"),
        ]
    );
    assert!(o.note.is_none() && o.foreign_id.is_none());
    let row = s.register.crosswalk.iter().find(|c| c.duty.as_str() == "OPN-3.18").unwrap();
    let links: Vec<_> = row.links.iter().map(|l| (l.law.as_str(), l.article.as_deref(), l.paragraph, l.relation, l.confidence)).collect();
    assert_eq!(links, [("AFL", Some("31"), Some(2), Relation::Implements, Some(Confidence::Medium))]);
}

#[test]
fn every_clause_is_accounted_for() {
    let s = national();
    let clauses = |code: &str| &s.register.policies.iter().find(|p| p.policy.code.as_str() == code).unwrap().clauses;
    let (opn, spc) = (clauses("OPN"), clauses("SPC"));
    assert_eq!((opn.len(), spc.len()), (123, 36));
    assert_eq!(
        tally(opn.iter().map(|c| c.class.clone())),
        "aim 3, background 20, connector 16, headline 2, news 3, obligation 46, part-list 1, part-of 5, question 6, rationale 6, restates 9, roll-up 6"
    );
    assert_eq!(tally(spc.iter().map(|c| c.class.clone())), "aim 4, connector 3, headline 2, news 2, obligation 18, part-of 3, restates 4");
    let all: Vec<_> = opn.iter().chain(spc).collect();
    let sentence = |at: &str| at.rsplit_once('.').unwrap().0.to_string();
    let sentences: BTreeSet<String> = all.iter().map(|c| sentence(&c.node.at)).collect();
    assert_eq!((sentences.len(), sentences.iter().filter(|s| s.starts_with("OPN:")).count()), (53, 43));
    // Every obligation has one first clause, and that is its own locator's.
    let firsts: BTreeMap<&str, &str> = all.iter().flat_map(|c| c.primary.iter().map(|id| (id.as_str(), c.node.at.as_str()))).collect();
    assert_eq!((firsts.len(), all.iter().map(|c| c.primary.len()).sum::<usize>()), (86, 86));
    for o in &s.register.obligations {
        assert_eq!(firsts[o.id.as_str()], o.source.as_ref().unwrap().at.as_str(), "{}", o.id);
    }
    assert_eq!(tally(all.iter().flat_map(|c| &c.secondary).map(|x| x.role.clone())), "aim 7, part-of 9, restates 19");
    assert!(all.iter().all(|c| c.opening.is_some() && (c.reason.is_some() || !c.primary.is_empty())));
}

#[test]
fn pointers_to_ranges_keep_both_ends() {
    let s = national();
    let see = |at: &str| {
        let clause = s
            .register
            .policies
            .iter()
            .flat_map(|p| &p.clauses)
            .find(|c| c.node.at.as_str() == at)
            .unwrap_or_else(|| panic!("no clause {at}"));
        clause.see.iter().map(|s| s.to.as_ref().map_or(s.from.to_string(), |to| format!("{}..{to}", s.from))).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(see("OPN:A3.0.s3.c2"), "OPN-1..OPN-5");
    assert_eq!(see("OPN:P1.s1.c2"), "OPN-1.01..OPN-1.15");
    assert_eq!(see("OPN:P2.s1.c2"), "OPN-2.01..OPN-2.07");
    assert_eq!(see("OPN:P3.s1.c2"), "OPN-3.01..OPN-3.18");
    assert_eq!(see("OPN:P4.s1.c2"), "OPN-4.01..OPN-4.05");
    assert_eq!(see("OPN:P5.s1.c2"), "OPN-5.01..OPN-5.05");
    assert_eq!(see("OPN:D3.s1.c1"), "OPN-0.31..OPN-0.35");
    assert_eq!(see("OPN:P4.s2.c3"), "OPN-4.01 OPN-4.05");
    assert_eq!(see("OPN:P5.s2.c1"), "OPN-5.01 OPN-0.01");
    let with: usize = s.register.policies.iter().flat_map(|p| &p.clauses).filter(|c| !c.see.is_empty()).count();
    assert_eq!(with, 15);
}

#[test]
fn laws_and_crosswalk() {
    let s = national();
    let r = &s.register;
    let law = |id: &str| &r.laws.iter().find(|l| l.id.as_str() == id).unwrap().node;
    let afl = law("AFL");
    assert_eq!((afl.articles.len(), afl.chapters.len()), (50, 7));
    assert_eq!((afl.passed.unwrap().0, afl.in_force.unwrap().0), (day("2022-09-02"), day("2022-12-01")));
    assert_eq!(tally(afl.articles.iter().map(|a| a.chapter.unwrap())), "1 8, 2 6, 3 6, 4 6, 5 11, 6 11, 7 2");
    let numbers: Vec<String> = (1..=50).map(|n| n.to_string()).collect();
    assert_eq!(afl.articles.iter().map(|a| a.no.to_string()).collect::<Vec<_>>(), numbers);
    let cl: Vec<&str> = law("CL").articles.iter().map(|a| a.no.as_str()).collect();
    assert_eq!(cl, ["52", "59", "64", "177之一", "191", "192", "253之一", "266", "280", "287之一", "287之二", "312", "318", "321", "322"]);

    let links: Vec<_> = r.crosswalk.iter().flat_map(|c| c.links.iter().map(|l| (c.duty.as_str(), l))).collect();
    let of = |id: &str| links.iter().filter(|(_, l)| l.law.as_str() == id).map(|(_, l)| *l).collect::<Vec<_>>();
    let (afl, cl) = (of("AFL"), of("CL"));
    assert_eq!((links.len(), afl.len(), cl.len()), (235, 213, 22));
    assert_eq!(tally(afl.iter().map(|l| l.relation.code())), "implements 55, none 9, refines 54, related 53, sanctions 42");
    assert_eq!(tally(afl.iter().map(|l| l.confidence.unwrap().code())), "high 112, low 18, medium 83");
    assert_eq!(
        tally(cl.iter().map(|l| (l.relation.code(), l.confidence.unwrap().code())).map(|(a, b)| format!("{a}/{b}"))),
        "related/medium 22"
    );
    assert_eq!(afl.iter().filter(|l| l.paragraph.is_some()).count(), 93);
    assert!(cl.iter().any(|l| l.article.as_deref() == Some("287之二")));
    // A gap is written down, and has no article.
    let gaps: Vec<&str> = links.iter().filter(|(_, l)| l.relation == Relation::None).map(|(d, _)| *d).collect();
    assert_eq!(gaps, ["OPN-0.01", "OPN-0.11", "OPN-5.02", "SPC-1.01", "SPC-2.06", "SPC-3.04", "SPC-3.05", "SPC-3.06", "SPC-3.07"]);
    assert!(links.iter().all(|(_, l)| l.article.is_none() == (l.relation == Relation::None)));
    assert!(links.iter().filter(|(_, l)| l.relation == Relation::None).all(|(_, l)| l.note.is_some()));
    assert_eq!(links.iter().map(|(d, _)| *d).collect::<BTreeSet<_>>().len(), 86);
}

#[test]
fn sectors_bodies_enterprises_and_users() {
    let s = national();
    let r = &s.register;
    assert_eq!(
        r.sectors.iter().map(|x| format!("{} {}", x.code, zh(&x.name))).collect::<Vec<_>>().join(", "),
        "JUD 政法, FIN 金融, TEL 电信, NET 互联网, LOC 属地（地方）, CRS 跨领域"
    );
    assert_eq!((r.bodies.len(), r.enterprises.len(), r.users.len()), (36, 17, 10));
    assert!(r.bodies.iter().all(|b| b.valid_to.is_none() && b.acts_for.0.is_empty() && b.sector.is_some() && b.order.is_some()));
    let orders: Vec<u32> = r.bodies.iter().map(|b| b.order.unwrap()).collect();
    assert!(orders.is_sorted(), "precedence is the order of the file: {orders:?}");
    let miit = r.body("DEP-MIIT").unwrap();
    assert_eq!(
        (both(&miit.name), both(miit.short.as_ref().unwrap())),
        (("工业和信息化部", "Ministry of Industry and Information Technology"), ("工信部", "MIIT"))
    );
    let bank = r.enterprises.iter().find(|e| e.id.as_str() == "ENT-BANK").unwrap();
    assert_eq!((bank.parent.as_str(), tally(&bank.regulators)), ("ENT-FINI", "DEP-NFRA 1, DEP-PBC 1".into()));
    let account = r.users.iter().find(|u| u.id.as_str() == "USR-ACCT").unwrap();
    assert_eq!((account.parent.as_str(), en(&account.name)), ("ENT-FINI", "Bank and payment account customers"));
}

#[test]
fn reorganisations_keep_partial_dates() {
    let s = national();
    let shown = |d: &ChangeDate| match d {
        ChangeDate::Day(day) => day.to_string(),
        ChangeDate::Year(year) => format!("{{year: {year}}}"),
    };
    let rows: Vec<String> = s
        .register
        .changes
        .iter()
        .map(|c| format!("{} {} {}", shown(&c.date), c.body.as_deref().unwrap_or("-"), c.kind.as_deref().unwrap_or("-")))
        .collect();
    assert_eq!(
        rows,
        [
            "2023-05-18 DEP-NFRA rename",
            "2023-07-20 DEP-NFRA branch-rename",
            "{year: 2023} DEP-NCA transfer",
            "{year: 2023} DEP-CSRC status",
            "{year: 2023} DEP-PBC reform",
            "2022-12-01 DEP-JCO term",
        ]
    );
}

#[test]
fn a_renamed_body_is_one_department_under_the_name_of_the_day() {
    let s = national();
    let r = &s.register;
    let nfra = r.body("DEP-CBIRC").expect("the old id stays valid");
    assert_eq!((nfra.id.as_str(), nfra.was.len(), nfra.was[0].to.0), ("DEP-NFRA", 1, day("2023-05-17")));
    assert!(r.bodies.iter().all(|b| b.id.as_str() != "DEP-CBIRC"));
    for id in ["DEP-CBIRC", "DEP-NFRA"] {
        assert_eq!(r.name(id, day("2023-05-17"), Lang::Zh), "银保监会", "{id}");
        assert_eq!(r.name(id, day("2023-05-18"), Lang::Zh), "金融监管总局", "{id}");
        assert_eq!(
            (r.name(id, day("2023-05-17"), Lang::En), r.name(id, day("2023-05-18"), Lang::En)),
            ("CBIRC".into(), "NFRA".into()),
            "{id}"
        );
    }
    for (as_of, name) in [("2023-05-17", "银保监会"), ("2023-05-18", "金融监管总局")] {
        let s = open("obligations", as_of);
        let report = status::build(&s, &Query::default(), By::Department, Lang::Zh);
        let rows: Vec<_> = report.rows.iter().filter(|row| ["银保监会", "金融监管总局"].contains(&row.name.as_str())).collect();
        assert_eq!(rows.len(), 1, "{as_of}");
        assert_eq!((rows[0].name.as_str(), rows[0].key.as_str(), rows[0].total), (name, "DEP-NFRA", 18), "{as_of}");
        assert_eq!((report.rows.iter().map(|row| row.total).sum::<usize>(), report.total.total), (147, 86), "{as_of}");
    }
    let one = Query::parse(&s, &["dept:DEP-CBIRC".into()]).unwrap().select(&s);
    let two = Query::parse(&s, &["dept:金融监管总局".into()]).unwrap().select(&s);
    assert_eq!((one.len(), &one), (18, &two));
}

#[test]
fn policies_parts_and_settings() {
    let s = national();
    let r = &s.register;
    assert_eq!((r.settings.format.as_str(), r.settings.unit.code.as_str(), r.settings.sample, r.borrowed), ("duban/1", "CN", false, false));
    assert_eq!(r.settings.languages, [Lang::Zh, Lang::En]);
    let t = &r.settings.thresholds;
    assert_eq!(
        (t.lead_grace_days, t.behind_red, t.behind_amber, t.review_red_days, t.near_days, t.stale_grace_days, t.dep_days, t.accept_days),
        (30, 30, 10, 30, 14, 7, 28, 14)
    );
    let policies: Vec<_> = r
        .policies
        .iter()
        .map(|p| (p.folder.as_str(), p.policy.code.as_str(), p.policy.listed.0, p.policy.parts.len(), p.policy.deadline_in_text.as_deref()))
        .collect();
    assert_eq!(
        (policies.len(), policies[0], policies[1].1, policies[1].3),
        (2, ("opinions-2022", "OPN", day("2022-04-19"), 6, Some("none")), "SPC", 3)
    );
    let titles: Vec<&str> = r.policies[0].policy.parts.iter().map(|p| zh(&p.title)).collect();
    assert_eq!((titles.len(), titles[3]), (6, "加强行业监管源头治理"));
    assert!(s.log.records.is_empty() && s.log.files.is_empty(), "the national register records no progress");
    assert!(s.register.tally.left_out.iter().any(|l| l.path == "sample-city" && l.rule == "nested register"));
}

#[test]
fn the_graph_holds_every_node() {
    let s = national();
    let count = |f: &dyn Fn(&Node) -> bool| s.graph.inner.node_weights().filter(|n| f(n)).count();
    assert_eq!(count(&|n| matches!(n, Node::Obligation(_))), 86);
    assert_eq!(count(&|n| matches!(n, Node::Body(_))), 36);
    assert_eq!(count(&|n| matches!(n, Node::Sector(_))), 6);
    assert_eq!(count(&|n| matches!(n, Node::Part(_))), 9);
    assert_eq!(count(&|n| matches!(n, Node::Article(..))), 65);
}

#[test]
fn both_registers_pass_their_own_gate() {
    for s in [national(), city()] {
        assert!(s.findings.is_empty(), "{}: {:?}", s.register.settings.unit.code.as_str(), s.findings);
        let outcome = rules::run(&s, &Overrides::default());
        let denied: Vec<String> = outcome
            .findings
            .iter()
            .filter(|j| j.level == Level::Deny)
            .map(|j| format!("{} {}", j.finding.rule, j.finding.subject))
            .collect();
        assert!(!outcome.denied() && denied.is_empty(), "{}: {denied:?}", s.register.settings.unit.code.as_str());
        assert!(outcome.waived.iter().all(|j| j.finding.rule != "O001"));
    }
}

#[test]
fn the_sample_city_borrows_the_catalogue_and_says_that_it_is_a_sample() {
    let (s, n) = (city(), national());
    let r = &s.register;
    assert!(r.settings.sample && r.borrowed);
    assert_eq!(r.settings.sample_as_of.unwrap().0, day(SAMPLE_DAY));
    assert_eq!(r.settings.unit.code.as_str(), "SC");
    assert_eq!((r.obligations.len(), r.invalid.len(), r.laws.len(), r.evidence_types.len()), (86, 0, 2, 19));
    assert!(r.obligations.iter().zip(&n.register.obligations).all(|(a, b)| format!("{:?}", a.node) == format!("{:?}", b.node)));
    assert_eq!(r.bodies.len(), r.own_bodies + 36);
    let without: Vec<String> =
        s.roster.duties.iter().enumerate().filter(|(_, d)| d.dept.is_none()).map(|(i, _)| s.roster.full_id(r, i)).collect();
    assert!(without.is_empty(), "{without:?}");
    let own: BTreeSet<&str> = r.bodies[..r.own_bodies].iter().map(|b| b.id.as_str()).collect();
    for (i, d) in s.roster.duties.iter().enumerate() {
        assert!(d.dept.as_ref().is_some_and(|d| own.contains(d.as_str())), "{} is led by nobody of the city", s.roster.full_id(r, i));
    }
    assert!(s.roster.unmatched_plan.is_empty() && s.roster.repeated_plan.is_empty());
    let report = status::build(&s, &Query::default(), By::Department, Lang::Zh);
    let page = status::page(&s, &report, By::Department, Lang::Zh);
    assert!(report.frame.sample && page.banner.is_some_and(|b| b.contains(SAMPLE_DAY)));
}

#[test]
fn the_sample_city_shows_every_event_state_and_light() {
    let s = city();
    let events: BTreeSet<&str> = s.log.records.iter().map(|r| r.entry.event.code()).collect();
    let states: BTreeSet<&str> = s.folded.states.iter().map(|x| x.status.code()).collect();
    let lights: BTreeSet<&str> = s.folded.states.iter().map(|x| x.light.code()).collect();
    assert_eq!(events, Event::ALL.iter().map(|e| e.code()).collect());
    assert_eq!(states, Status::ALL.iter().map(|x| x.code()).collect());
    assert_eq!(lights, Light::ALL.iter().map(|x| x.code()).collect());
    assert_eq!((s.log.unreadable, s.folded.later), (0, 0));
    // Every post that wrote is on the list of people.
    let posts: BTreeSet<&str> = s.register.people.iter().flatten().map(|p| p.post.as_str()).collect();
    assert!(s.log.records.iter().all(|r| posts.contains(&*r.entry.by)));
}

#[test]
fn the_citys_renamed_bureau_keeps_one_record() {
    let s = city();
    let folders: BTreeSet<&str> = s.log.files.iter().map(|f| f.dept.as_str()).collect();
    assert!(folders.contains("CITY-CBIRC") && folders.contains("CITY-NFRA"));
    let bureau = s.register.body("CITY-CBIRC").unwrap();
    assert_eq!(bureau.id.as_str(), "CITY-NFRA");
    assert_ne!(s.register.name("CITY-NFRA", day("2022-12-31"), Lang::Zh), s.register.name("CITY-NFRA", day(SAMPLE_DAY), Lang::Zh));
    let report = status::build(&s, &Query::default(), By::Department, Lang::Zh);
    assert_eq!(report.rows.iter().filter(|row| row.key.contains("CBIRC")).count(), 0);
    assert_eq!(report.rows.iter().filter(|row| row.key == "CITY-NFRA").count(), 1);
    // What was recorded under the old id counts for the present one.
    let old: Vec<usize> = s.log.records.iter().enumerate().filter(|(_, r)| &*r.entry.dept == "CITY-CBIRC").map(|(i, _)| i).collect();
    assert!(!old.is_empty());
    for i in old {
        let duty = s.folded.duty_of[i].expect("an entry under a former id belongs to an assignment");
        assert_eq!(s.roster.duties[duty as usize].dept.as_deref(), Some("CITY-NFRA"));
    }
}

#[test]
fn earlier_days_of_the_city_are_folded_without_later_entries() {
    let (then, now) = (open("obligations/sample-city", "2022-12-31"), city());
    assert!(then.folded.later > 0);
    assert_eq!(then.log.records.len(), now.log.records.len());
    let counts = |s: &Snapshot| tally(s.folded.states.iter().map(|x| x.status.code()));
    assert_ne!(counts(&then), counts(&now));
    assert_eq!(then.folded.states.len(), now.folded.states.len());
    assert!(then.folded.states.iter().all(|x| x.updated.is_none_or(|d| d <= day("2022-12-31"))));
}
