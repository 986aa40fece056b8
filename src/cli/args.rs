//! The arguments. Their doc comments are the manual.

use super::desk::complete;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;

/// 督办: turn a policy document into a checklist of obligations and keep it honest.
#[derive(Parser)]
#[command(
    name = "duban",
    version,
    max_term_width = 100,
    after_help = "Exit codes: 0 fine · 1 findings at the denying level · 2 cannot go on · 74 an entry not confirmed on disk."
)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Args)]
pub struct Global {
    /// Change to this folder first, as git's -C does
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub directory: Option<std::path::PathBuf>,
    /// The register's folder; else the nearest register.yaml or obligations/register.yaml upward
    #[arg(long, value_name = "DIR", env = "DUBAN_REGISTER", global = true)]
    pub register: Option<std::path::PathBuf>,
    /// Language; else the register's first, else the locale's
    #[arg(long, value_enum, global = true)]
    pub lang: Option<LangArg>,
    /// Colour; NO_COLOR is honoured
    #[arg(long, value_enum, default_value = "auto", global = true)]
    pub color: ColorArg,
    /// Entries recorded up to the end of this day (or of a git revision's day); today by default
    #[arg(long, value_name = "DATE", global = true)]
    pub as_of: Option<String>,
    /// What was true on this day, as far as is recorded
    #[arg(long, value_name = "DATE", global = true)]
    pub on: Option<String>,
    /// Columns to draw for; else the terminal's, else COLUMNS, else 120
    #[arg(long, value_name = "COLUMNS", global = true)]
    pub width: Option<usize>,
    /// Say on standard error what the run cost: time, log entries a second, peak memory
    #[arg(long, global = true)]
    pub stats: bool,
}

/// Language of the output.
#[derive(Clone, Copy, ValueEnum)]
pub enum LangArg {
    /// Chinese
    Zh,
    /// English
    En,
    /// Both
    Both,
}

/// When to colour.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorArg {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How to print data.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables for the terminal
    #[value(alias = "table", alias = "terminal")]
    Text,
    /// JSON with a schema version
    Json,
    /// Markdown
    #[value(alias = "markdown")]
    Md,
}

/// What to group by.
#[derive(Clone, Copy, ValueEnum)]
pub enum ByArg {
    /// Lead department
    Department,
    /// Sector reached
    Sector,
    /// Part of the policy
    Part,
    /// Policy
    Policy,
    /// Tier of responsibility
    Tier,
    /// Named person
    Person,
}

/// The query words with the format.
#[derive(Args)]
pub struct Select {
    /// Query words: dept: support: sector: part: policy: tier: person: status: light: reason: kind: due: evidence: text: with a,b for or, not: before a word; an id by itself; unit:obligation where status: and light: mean the obligation as a whole
    #[arg(add = ArgValueCompleter::new(complete::query))]
    pub query: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

pub use super::desk::args::*;

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Hold the register against every rule: the gate for CI
    Check(Check),
    /// List the rules
    Rules {
        /// How to print
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Say what a rule holds, why, and what to do
    Explain {
        /// Its id, O001
        #[arg(add = ArgValueCompleter::new(complete::rule))]
        rule: String,
    },
    /// Counts by state and light, per department by default: the first screen
    Status {
        /// What to select
        #[command(flatten)]
        select: Select,
        /// Group by
        #[arg(long, value_enum, default_value = "department")]
        by: ByArg,
        /// Read the whole log: neither use nor keep the folded state of closed months
        #[arg(long)]
        no_cache: bool,
    },
    /// Shares with lead, person, due date, evidence, article and clause, and the rates
    Coverage {
        /// What to select
        #[command(flatten)]
        select: Select,
        /// Group by
        #[arg(long, value_enum, default_value = "department")]
        by: ByArg,
        /// Read the whole log: neither use nor keep the folded state of closed months
        #[arg(long)]
        no_cache: bool,
    },
    /// Assignments as rows
    List(Select),
    /// One obligation whole
    Show {
        /// Its id, OPN-3.18
        #[arg(add = ArgValueCompleter::new(complete::obligation))]
        id: String,
        /// How to print
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// The entries of the log
    History(Select),
    /// Overdue, due soon, reviews due, waiting for acceptance
    Due {
        /// What to select
        #[command(flatten)]
        select: Select,
        /// How far to look ahead
        #[arg(long, default_value = "30d", value_name = "DAYS")]
        next: String,
    },
    /// Reports as people hand them round: a layout or a saved report, printed, written or compared; without a name the list of them
    Report(ReportArgs),
    /// The web desk: the register in a browser, for people without a terminal
    #[cfg(feature = "serve")]
    Serve(Box<super::serve::args::ServeArgs>),
    /// Accounts of the web desk: passwords of posts, kept as hashes outside the register
    #[cfg(feature = "serve")]
    #[command(subcommand)]
    Account(super::serve::args::AccountCommand),
    /// The register in a form that other systems read; without --out to standard output
    Export(ExportArgs),
    /// What comes back: fill-in tables into the log, other systems' files into policies; shown first, written with --apply or --out
    Import(ImportFormArgs),
    /// What presses on a department, ready to be mailed: late, returned, due, waiting, new, and what it supports
    Digest(DigestArgs),
    /// Who is due which supervision letter (催办, 督办函, 约谈, 通报) by the ladder of register.yaml
    Escalate {
        /// Query words
        #[arg(add = ArgValueCompleter::new(complete::query))]
        query: Vec<String>,
        /// How to print
        #[arg(long, value_enum, default_value = "text")]
        format: SheetFormat,
    },
    /// Append one entry to the log
    Log(Box<LogCommand>),
    /// The evidence that entries name: there, changed, missing, expired; exit 1 when a file looked for is changed, missing or cannot be read
    Evidence {
        /// What to select and how to print
        #[command(flatten)]
        select: Select,
        /// A folder in which the files are kept, looked through to any depth; several may be given. Besides `evidence_store` of register.yaml
        #[arg(long = "in", value_name = "DIR")]
        folders: Vec<std::path::PathBuf>,
    },
    /// Is the log whole? Every trouble with file, line and entry
    Verify(VerifyArgs),
    /// Sign off the state of the log
    Checkpoint(CheckpointArgs),
    /// Mend the log as far as it can be mended; a dry run without --apply
    Repair(RepairArgs),
    /// The obligations as a graph
    Graph {
        /// Query words
        #[arg(add = ArgValueCompleter::new(complete::query))]
        query: Vec<String>,
        /// How to write it
        #[arg(long, value_enum, default_value = "dot")]
        format: GraphFormat,
        /// Edges to draw, with commas; all by default
        #[arg(long, value_delimiter = ',')]
        edges: Vec<String>,
        /// Instead of drawing: list the orphans, the dangling references or the cycles
        #[arg(long, value_enum)]
        find: Option<Find>,
    },
    /// Who waits for an obligation
    Impact {
        /// Its id
        #[arg(add = ArgValueCompleter::new(complete::obligation))]
        id: String,
        /// How to print
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Is every clause of the policy covered; with --text: does the text still say it
    Source(SourceArgs),
    /// What changed between two revisions or two days
    Diff {
        /// A day, a git revision, or both as A..B
        #[arg(value_name = "A")]
        from: String,
        /// The other day or revision; the register as it is here when absent
        #[arg(value_name = "B")]
        to: Option<String>,
        /// How to print; md fits a pull-request comment
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// JSON Schemas of the YAML files, for editors and validators
    Schema(SchemaArgs),
    /// Start a register of one's own
    Init(InitArgs),
    /// Add a department, an obligation or a policy
    New(NewArgs),
    /// Change one field; comments, order and every other byte stay
    Set(SetArgs),
    /// The script that makes a shell complete commands, ids, departments and values
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: String,
    },
    /// Language server for editors, over standard input and output: findings while you type, hover, definition, references, completion, rename
    Lsp {
        /// Taken for granted; some editors insist on saying it
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Write the manual pages
    Man {
        /// The folder for them; files of the same names are replaced
        #[arg(value_name = "DIR")]
        dir: std::path::PathBuf,
    },
    /// Many registers, one answer: what offices hand in to a national one, and what it asks of that
    #[cfg(feature = "rollup")]
    #[command(subcommand)]
    Rollup(super::rollup::args::Rollup),
    /// CODEOWNERS from the lead departments
    Codeowners(CodeownersArgs),
}

/// Arguments of `export`.
#[derive(Args)]
pub struct ExportArgs {
    /// The form, such as json
    #[arg(value_name = "FORM", add = ArgValueCompleter::new(complete::form))]
    pub kind: String,
    /// Query words
    #[arg(add = ArgValueCompleter::new(complete::query))]
    pub query: Vec<String>,
    /// Write files into this folder, which lies outside the register
    #[arg(long, value_name = "DIR")]
    pub out: Option<std::path::PathBuf>,
}

/// Arguments of `import`.
#[derive(Args)]
pub struct ImportFormArgs {
    /// The form, such as oscal
    #[arg(value_name = "FORM", add = ArgValueCompleter::new(complete::brought))]
    pub form: String,
    /// The files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<std::path::PathBuf>,
    /// The new policy's code, ABC; without it the ids must be ours already and keep their own
    #[arg(long, value_name = "ABC")]
    pub id: Option<String>,
    /// The new policy's title; else the file's
    #[arg(long)]
    pub title: Option<String>,
    /// The day on which it is put on the list; today when absent
    #[arg(long, value_name = "DATE")]
    pub listed: Option<String>,
    /// Write into this folder, which needs no register; overwrites nothing
    #[arg(long, value_name = "DIR", conflicts_with = "apply")]
    pub out: Option<std::path::PathBuf>,
    /// Write into the register
    #[arg(long)]
    pub apply: bool,
    /// Fill-in tables: the post that records rows that name none; else the post used last here
    #[arg(long, value_name = "POST", env = "DUBAN_BY")]
    pub by: Option<String>,
    /// Fill-in tables: the folder for the tables of rows that were not recorded; beside each file when absent
    #[arg(long, value_name = "DIR")]
    pub conflicts: Option<std::path::PathBuf>,
}

/// Arguments of `digest`.
#[derive(Args)]
pub struct DigestArgs {
    /// The department: an id, a name, an abbreviation
    #[arg(long, value_name = "DEP", add = ArgValueCompleter::new(complete::department))]
    pub dept: String,
    /// How far to look ahead
    #[arg(long, default_value = "30d", value_name = "DAYS")]
    pub next: String,
    /// From when on things are new: a number of days back, a day or a period
    #[arg(long, default_value = "7d", value_name = "DAYS|DATE")]
    pub since: String,
    /// How to print; eml is a mail with text and HTML, opened as a draft
    #[arg(long, value_enum, default_value = "text")]
    pub format: MailFormat,
}

/// How to print what is mailed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MailFormat {
    /// Tables for the terminal, a list where it is narrow
    Text,
    /// One HTML file that needs nothing else
    Html,
    /// A mail (RFC 5322) with both, without addresses
    Eml,
    /// Data, schema duban/digest/1
    Json,
    /// Markdown
    Md,
}

/// How to print a page or its data.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SheetFormat {
    /// Tables for the terminal
    Text,
    /// One HTML file that needs nothing else
    Html,
    /// JSON with a schema version
    Json,
    /// Markdown
    Md,
}

/// Arguments of `report`.
#[derive(Args)]
pub struct ReportArgs {
    /// Layouts (overview pack ledger overdue …) and saved reports of reports/*.yaml
    #[arg(value_name = "NAME", add = ArgValueCompleter::new(complete::report))]
    pub names: Vec<String>,
    /// The register's saved reports into its own folder (`reports` of register.yaml); with --out every layout too. Writes an index beside them
    #[arg(long, conflicts_with = "names")]
    pub all: bool,
    /// Formats, several with commas where --out is given; `all` for every one, also of saved reports that name their own
    #[arg(long, value_name = "FORMAT", value_delimiter = ',')]
    pub format: Vec<String>,
    /// Write files into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<std::path::PathBuf>,
    /// Columns by their keys, in order: id,title,lead,due
    #[arg(long, value_name = "COLUMN", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// The period that progress, issues and next steps are of: 2026-10, 2026Q3, 2026-07..2026-09, last-month; the month of the as-of day by default
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// A line at the head of each page: 内部资料 注意保存
    #[arg(long, value_name = "TEXT")]
    pub marking: Option<String>,
    /// The font of PDF pages: a file (FILE.ttc#2 chooses a face), before the register's `font` and the system's list
    #[arg(long, value_name = "FILE")]
    pub font: Option<std::path::PathBuf>,
    /// Write nothing: compare with what is there, name every file that differs, is missing or is left over; exit 1 if any
    #[arg(long)]
    pub check: bool,
    /// Query words; the same as after --
    #[arg(long, value_name = "WORDS", add = ArgValueCompleter::new(complete::query))]
    pub filter: Option<String>,
    /// Query words after --: `report ledger -- dept:工信部 light:red`
    #[arg(last = true, value_name = "QUERY", add = ArgValueCompleter::new(complete::query))]
    pub query: Vec<String>,
}

/// Arguments of `source`.
#[derive(Args)]
pub struct SourceArgs {
    /// This policy alone, by its code
    #[arg(long, value_name = "CODE")]
    pub policy: Option<String>,
    /// Hold this text against the register: fingerprint, anchors, locators, clauses of duty; exit 1 if anything is out of place
    #[arg(long, value_name = "FILE", conflicts_with = "scaffold")]
    pub text: Option<std::path::PathBuf>,
    /// Make a policy folder with draft obligations out of this text; needs no register, overwrites nothing
    #[arg(long, value_name = "FILE", requires = "id", requires = "out", conflicts_with = "policy")]
    pub scaffold: Option<std::path::PathBuf>,
    /// The new policy's code, ABC
    #[arg(long, value_name = "ABC", requires = "scaffold")]
    pub id: Option<String>,
    /// Its title; else the text's first line
    #[arg(long, requires = "scaffold")]
    pub title: Option<String>,
    /// The folder to write
    #[arg(long, value_name = "DIR", requires = "scaffold")]
    pub out: Option<std::path::PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// What to look for in the graph.
#[derive(Clone, Copy, ValueEnum)]
pub enum Find {
    /// Departments that neither lead nor support, obligations without links
    Orphans,
    /// Names that lead nowhere
    Dangling,
    /// Obligations that wait for each other
    Cycles,
}

/// How to write a graph.
#[derive(Clone, Copy, ValueEnum)]
pub enum GraphFormat {
    /// Graphviz
    Dot,
    /// Mermaid flowchart
    Mermaid,
    /// GraphML, for yEd, Gephi and network libraries
    Graphml,
}

/// Arguments of `check`.
#[derive(Args)]
pub struct Check {
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: CheckFormat,
    /// Treat these rules as errors
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = ArgValueCompleter::new(complete::rule))]
    pub deny: Vec<String>,
    /// Treat these rules as warnings
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = ArgValueCompleter::new(complete::rule))]
    pub warn: Vec<String>,
    /// Do not report these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', add = ArgValueCompleter::new(complete::rule))]
    pub allow: Vec<String>,
    /// Whatever warns denies
    #[arg(long)]
    pub strict: bool,
    /// Draw warnings in full as well
    #[arg(long)]
    pub all: bool,
    /// Fail only on what this git revision did not have; the rest is listed as already there.
    /// What takes no waiver (no owner, unreadable data) counts always
    #[arg(long, value_name = "REV")]
    pub new_since: Option<String>,
    /// Break one thing of every kind in memory and say which rule would speak; exit 1 if none would.
    /// A rule lowered to `warn` speaks, one set to `allow` does not; with --strict warnings deny
    #[arg(long, conflicts_with_all = ["new_since", "accept_as_baseline"])]
    pub prove: bool,
    /// For an old repository: waive in waivers.yaml, by name, everything that denies today and may be
    /// waived. The only form of check that writes
    #[arg(long, requires = "who", requires = "why", conflicts_with = "new_since")]
    pub accept_as_baseline: bool,
    /// With --accept-as-baseline: the post that answers for it
    #[arg(long, value_name = "POST", requires = "accept_as_baseline", add = ArgValueCompleter::new(complete::post))]
    pub who: Option<String>,
    /// With --accept-as-baseline: the reason
    #[arg(long, value_name = "TEXT", requires = "accept_as_baseline")]
    pub why: Option<String>,
    /// With --accept-as-baseline: the last day on which it holds; 180 days on by default
    #[arg(long, value_name = "DATE", requires = "accept_as_baseline")]
    pub until: Option<String>,
}

/// Formats of findings.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    Text,
    /// For programs, schema duban/check/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// GitHub annotations
    Github,
    /// GitLab code quality
    Gitlab,
}

/// `log`: an entry, or one of its three helpers.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct LogCommand {
    /// Many entries at once
    #[command(subcommand)]
    pub many: Option<LogMany>,
    /// One entry
    #[command(flatten)]
    pub one: Option<LogArgs>,
}

/// Many entries at once.
#[derive(Subcommand)]
pub enum LogMany {
    /// Record the drafts of log/drafts/DEPT/*.yaml: each file whole or not at all
    Seal(SealArgs),
    /// Put back sealed lines that were edited by hand and record the edits as corrections; a dry run without --apply
    Amend(AmendArgs),
    /// Record the rows of a table, all or none
    Import(ImportArgs),
}

/// Arguments of `log seal`.
#[derive(Args)]
pub struct SealArgs {
    /// Drafts; all of them by default
    pub files: Vec<std::path::PathBuf>,
    /// Who records them, where the draft does not say: a post; else DUBAN_BY, else the post that wrote last here
    #[arg(long, env = "DUBAN_BY")]
    pub by: Option<String>,
    /// Ask everything and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `log amend`.
#[derive(Args)]
pub struct AmendArgs {
    /// Who records the corrections; else DUBAN_BY, else the post that wrote last here
    #[arg(long, env = "DUBAN_BY")]
    pub by: Option<String>,
    /// Why it is corrected
    #[arg(long)]
    pub reason: Option<String>,
    /// Write; without it nothing is changed
    #[arg(long)]
    pub apply: bool,
}

/// Arguments of `log import`.
#[derive(Args)]
pub struct ImportArgs {
    /// FILE.jsonl, one object a line, or FILE.csv with a header: duty event by percent note … as in a draft
    pub file: std::path::PathBuf,
    /// Who records them, where the row does not say: a post; else DUBAN_BY, else the post that wrote last here
    #[arg(long, env = "DUBAN_BY")]
    pub by: Option<String>,
    /// Ask everything and write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// One entry.
#[derive(Args)]
pub struct LogArgs {
    /// What happened: start progress apply return accept review measure inspect regress reopen suspend resume exempt restore extend block unblock breach remedy attest void
    #[arg(add = ArgValueCompleter::new(complete::event))]
    pub event: String,
    /// The assignment: OPN-3.18, or OPN-3.18@DEP-NDRC where several lead
    #[arg(add = ArgValueCompleter::new(complete::duty))]
    pub duty: String,
    /// Who records it: a post such as officer-miit; else DUBAN_BY, else the post that wrote last here
    #[arg(long, env = "DUBAN_BY", add = ArgValueCompleter::new(complete::post))]
    pub by: Option<String>,
    /// The supporting department that speaks
    #[arg(long, add = ArgValueCompleter::new(complete::department))]
    pub via: Option<String>,
    /// Who consented
    #[arg(long, add = ArgValueCompleter::new(complete::post))]
    pub agreed: Option<String>,
    /// Progress, 0 to 100
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub percent: Option<u8>,
    /// The day it is true for, when not today
    #[arg(long)]
    pub day: Option<String>,
    /// New due, resume, re-check, fix or next review date, as the event has it
    #[arg(long)]
    pub until: Option<String>,
    /// Indicator, K1
    #[arg(long)]
    pub indicator: Option<String>,
    /// Its value, as a decimal
    #[arg(long)]
    pub value: Option<String>,
    /// What was done
    #[arg(long)]
    pub note: Option<String>,
    /// What stands in the way
    #[arg(long)]
    pub issues: Option<String>,
    /// What comes next
    #[arg(long)]
    pub next: Option<String>,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
    /// The block or breach that this ends; found by itself where only one is open
    #[arg(long = "ref", value_name = "H", allow_hyphen_values = true)]
    pub reference: Option<String>,
    /// Nothing to report, said aloud
    #[arg(long)]
    pub nil: bool,
    /// Why accepted although a prerequisite is unfinished
    #[arg(long)]
    pub release: Option<String>,
    /// TYPE=NAME or TYPE=FILE; add ;number=… ;date=… ;place=… ;class=… after it
    #[arg(long, value_name = "TYPE=NAME")]
    pub evidence: Vec<String>,
    /// The entry (its h) that this one replaces, or withdraws with event void
    #[arg(long, value_name = "H", allow_hyphen_values = true)]
    pub fixes: Option<String>,
    /// Submit under this key; a second time returns the first entry
    #[arg(long)]
    pub key: Option<String>,
}

/// Arguments of `verify`.
#[derive(Args)]
pub struct VerifyArgs {
    /// Hold it against a revision or a checkpoint as well
    #[arg(long, value_name = "REV|CHECKPOINT")]
    pub against: Option<String>,
    /// Do not ask git
    #[arg(long)]
    pub no_git: bool,
    /// Keys that may sign checkpoints, as in ssh-keygen(1); log/checkpoints/allowed_signers by default
    #[arg(long, value_name = "FILE")]
    pub signers: Option<std::path::PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: CheckFormat,
}

/// Arguments of `checkpoint`.
#[derive(Args)]
pub struct CheckpointArgs {
    /// Who signs it off: a post; else DUBAN_BY, else the post that wrote last here
    #[arg(long, env = "DUBAN_BY", add = ArgValueCompleter::new(complete::post))]
    pub by: Option<String>,
    /// Sign with this OpenSSH key
    #[arg(long, value_name = "KEY")]
    pub sign: Option<std::path::PathBuf>,
}

/// Arguments of `repair`.
#[derive(Args)]
pub struct RepairArgs {
    /// Write; without it nothing is changed
    #[arg(long)]
    pub apply: bool,
}
