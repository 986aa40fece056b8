//! What stands in a new register: few facts, and comments that teach the rest.

use super::given::{Catalogue, Given};
use chrono::Days;
use std::fmt::Write;

/// Days after which the first waivers end.
const GRACE: u64 = 180;

/// Lines of YAML that mean themselves whatever is in them.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is plain data")
}

/// The office's own files, by path.
pub fn own(g: &Given) -> Vec<(&'static str, String)> {
    vec![
        ("register.yaml", register(g)),
        ("departments.yaml", departments(g)),
        ("people.yaml", people(g)),
        ("plan.yaml", PLAN.into()),
        ("waivers.yaml", waivers(g)),
        ("README.md", readme(g)),
    ]
}

fn post(g: &Given, role: &str) -> String {
    format!("{role}-{}", g.code.to_lowercase())
}

fn register(g: &Given) -> String {
    let source = match &g.catalogue {
        Catalogue::Shipped => "# 义务、法律、上级单位出自下面的目录；新版本出来时整个文件夹替换即可\n\
             # the duties, laws and national bodies come from this catalogue; a newer one replaces the whole folder\n\
             catalogue: national\n"
            .to_string(),
        Catalogue::Other { path, .. } => format!(
            "# 义务、法律、上级单位出自另一登记册\n# the duties, laws and higher bodies come from another register\ncatalogue: {}\n",
            quoted(path)
        ),
        Catalogue::Empty => "# 每份政策一个文件夹：duban source --scaffold 原文.txt --id ABC --out obligations/abc，再列在这里\n\
             # one folder a policy: duban source --scaffold TEXT --id ABC --out obligations/abc, then list it here\n\
             policies: []\n"
            .to_string(),
    };
    format!(
        "# 这是谁的登记册。全部文件手工编辑；duban check 检查，duban set 改一处而不动其余。\n\
         # Whose register this is. Edit all files by hand; `duban check` holds them, `duban set` changes one place and leaves the rest.\n\
         format: duban/1\n\
         unit: {{code: {}, name: {}, kind: {}}}\n\
         \n\
         languages: [zh, en]   # 第一种是默认语言 · the first is the default\n\
         time_zone: \"+08:00\"   # 按哪个时区算日子 · the zone in which days are counted\n\
         \n\
         {source}\
         \n\
         # 个别规则的级别可在此调整，红灯即拒绝合并：\n\
         # levels of single rules; this one would let a red light stop a merge:\n\
         # rules: {{R1: deny}}\n",
        g.code,
        quoted(&g.name),
        quoted(&g.kind),
    )
}

fn departments(g: &Given) -> String {
    let office = match &g.catalogue {
        Catalogue::Shipped | Catalogue::Other { office: true, .. } => "    acts_for: DEP-JCO\n",
        _ => "",
    };
    let sectors = match g.catalogue {
        Catalogue::Empty => "sectors:\n  - {id: SEC-ALL, code: ALL, name: {zh: 全部领域, en: All sectors}}\n\n",
        _ => "",
    };
    let sector = if sectors.is_empty() { "" } else { "    sector: SEC-ALL\n" };
    format!(
        "# 本级单位。acts_for：目录中由该部委牵头或配合的事项，在本级由这个单位承担。\n\
         # The bodies of this unit. acts_for: wherever the catalogue names that ministry, this body leads or supports here.\n\
         # 新增 · add one: duban new department {code}-PSB --zh 公安局 --en \"Public security bureau\" --acts-for DEP-MPS\n\
         {sectors}bodies:\n\
         \x20 - id: {code}-OFFICE\n\
         {sector}\
         \x20   name: {name}\n\
         {office}",
        code = g.code,
        name = quoted(&g.name),
    )
}

fn people(g: &Given) -> String {
    let mut out = String::from(
        "# 岗位，不是姓名：谁可以记什么。officer 记录，manager 同意申请，reviewer 验收，supervisor 督办，approver 批准展期。\n\
         # Posts, not persons: who may record what. officers record, managers consent, reviewers accept, supervisors press, approvers grant.\n\
         # 验收人不能是申请人本人。 The reviewer is never the applicant.\n",
    );
    for role in ["officer", "manager", "reviewer", "supervisor", "approver"] {
        let _ = writeln!(out, "- {{post: {}, department: {}-OFFICE, roles: [{role}]}}", post(g, role), g.code);
    }
    out
}

const PLAN: &str = "# 谁来办、何时完成。日期十个字符；standing 表示长期坚持、没有终点。\n\
    # Who does it and by when. Dates have ten characters; `standing` = kept up, no end.\n\
    # - duty: OPN-3.18              # 多家牵头时写明单位 · with the body where several lead: OPN-0.31@CITY-CAC\n\
    #   person: officer-drc\n\
    #   start: 2026-01-05\n\
    #   due: 2026-12-31\n\
    #   due_set: {by: supervisor-jco, on: 2026-01-04, basis: 专班会议纪要〔2026〕1号}\n\
    # 也可以 · or: duban set OPN-3.18 person officer-drc\n\
    []\n";

fn waivers(g: &Given) -> String {
    let codes: Vec<&str> = match &g.catalogue {
        Catalogue::Shipped => vec!["OPN", "SPC"],
        Catalogue::Other { policies, .. } => policies.iter().map(String::as_str).collect(),
        Catalogue::Empty => Vec::new(),
    };
    let mut out = String::from(
        "# 例外：哪条规则、哪一项、谁同意、为什么、到哪天为止。按规则和对象排序；到期自动失效。\n\
         # Exceptions: which rule, which subject, who, why, until when. Sorted by rule and subject; each ends by itself.\n",
    );
    if codes.is_empty() {
        return out + "[]\n";
    }
    out += "# 下面几条给新登记册留出补全的时间：补齐一项就少一项，到期后 check 逐条指出。\n\
            # These give a new register time to fill in; when they end, check names every gap that is left.\n\
            # O002 没有责任人 no named person · O003 没有时限 no due date · O009 上级单位牵头、本级无人代行 led by a higher body that nobody here acts for\n";
    let last = g.today.checked_add_days(Days::new(GRACE)).unwrap_or(g.today);
    let mut sorted: Vec<&str> = codes;
    sorted.sort_unstable();
    let whys = [
        ("O002", "责任人正在逐项报送。", "The named persons are being collected."),
        ("O003", "时限正在逐项商定。", "The due dates are being agreed."),
        ("O009", "本级承担单位正在逐家确认。", "The bodies of this unit are being confirmed one by one."),
    ];
    for (rule, zh, en) in whys {
        for code in &sorted {
            let _ = write!(
                out,
                "- rule: {rule}\n  subject: \"{code}-*\"\n  who: {}\n  why: {{zh: {zh}, en: {en}}}\n  until: {last}\n",
                post(g, "supervisor")
            );
        }
    }
    out
}

fn readme(g: &Given) -> String {
    let officer = post(g, "officer");
    let (code, today) = (&g.code, g.today);
    let first = match &g.catalogue {
        Catalogue::Empty => {
            "duban source --scaffold TEXT --id ABC --out obligations/abc   # 再列入 register.yaml 的 policies · then list it under policies\nduban check                        # 逐条指出草稿还缺什么 · names what each draft still lacks".to_string()
        }
        _ => format!(
            "duban status                       # 全部义务一览 · all obligations\n\
             duban new department {code}-PSB --zh 公安局 --en \"Public security bureau\" --acts-for DEP-MPS\n\
             duban list dept:{code}-OFFICE        # 专班自己承担什么 · what this office carries\n\
             duban set OPN-5.01@{code}-OFFICE person {officer}\n\
             duban set OPN-5.01@{code}-OFFICE start {today}\n\
             duban set OPN-5.01@{code}-OFFICE due standing\n\
             duban log start OPN-5.01@{code}-OFFICE --by {officer} --evidence \"minutes=Kick-off;date={today}\"\n\
             duban check"
        ),
    };
    format!(
        "# {}\n\n\
         登记册由 `duban` 读取；说明文字可以放在 .md 文件里，其余文件都要合格。第一天：\n\n\
         This register is read by `duban`. Notes may stand in .md files; every other file is checked. The first day:\n\n\
         ```sh\n{first}\n```\n\n\
         编辑器提示：每个 YAML 文件首行指向其格式定义。 Editors: the first line of each YAML file names its schema.\n",
        g.name.replace('\n', " ")
    )
}

/// What git must know about a register.
pub const GITATTRIBUTES: &str = "obligations/**/log/**/*.jsonl -text merge=union
obligations/**/log/checkpoints/** -text
obligations/**/log/drafts/** -text
*.yaml text eol=lf
";

/// The job, for any runner.
pub fn script() -> String {
    "#!/bin/sh
# 登记册的检查，任何流水线都能跑：需要 PATH 中有 duban，并取得完整的 git 历史。
# The register's gate for any runner: needs duban on the PATH and the whole git history.
set -eu
cd \"$(dirname \"$0\")/..\"
day=$(git log -1 --format=%cs 2>/dev/null || date +%F)   # 同一提交，同一答案 · the same commit, the same answer
duban check --as-of \"$day\"
duban verify
"
    .into()
}

/// A workflow that runs the script.
pub const GITHUB: &str = "name: obligations
on: [push, pull_request]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}   # the log is held against its history
      # put duban on the PATH here: a release binary, or `cargo install --locked --git URL`
      - run: sh ci/obligations.sh
";

/// A pipeline that runs the script.
pub const GITLAB: &str = "obligations:
  variables: {GIT_DEPTH: 0}   # the log is held against its history
  # use an image that has duban and git
  script:
    - sh ci/obligations.sh
";
