//! Arguments of the author's commands. Their doc comments are the manual.

use super::complete;
use clap::{Args, Subcommand, ValueEnum};
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Arguments of `schema`.
#[derive(Args)]
pub struct SchemaArgs {
    /// The kind of file: register, departments, evidence-types, people, plan, waivers, policy, clauses, obligations, law, crosswalk; their list when absent
    #[arg(value_name = "KIND", conflicts_with = "write")]
    pub kind: Option<String>,
    /// Write all of them to .schemas beside register.yaml, and into every YAML file the line that leads an editor there
    #[arg(long)]
    pub write: bool,
    /// Write nothing; exit 1 if --write would change something
    #[arg(long, requires = "write")]
    pub check: bool,
}

/// Arguments of `init`.
#[derive(Args)]
pub struct InitArgs {
    /// The folder that gets an obligations/ folder, .gitattributes and a CI script; nothing that is there is touched
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Short code of the unit; begins the ids of its bodies
    #[arg(long, default_value = "UNIT")]
    pub code: String,
    /// Name of the unit, printed in every header; the folder's name when absent
    #[arg(long)]
    pub name: Option<String>,
    /// national, province, city, bank, enterprise …
    #[arg(long, default_value = "city")]
    pub kind: String,
    /// Borrow the catalogue of another register instead of writing out the shipped one
    #[arg(long, value_name = "DIR", conflicts_with = "empty")]
    pub catalogue: Option<PathBuf>,
    /// No catalogue: the register is for another policy
    #[arg(long)]
    pub empty: bool,
    /// Which runner gets a job
    #[arg(long, value_enum, default_value = "script")]
    pub ci: CiArg,
}

/// Which runner gets a job.
#[derive(Clone, Copy, ValueEnum)]
pub enum CiArg {
    /// A script for any runner
    Script,
    /// The script and a GitHub workflow
    Github,
    /// The script and a GitLab pipeline
    Gitlab,
}

/// How a change is written.
#[derive(Args)]
pub struct Pen {
    /// Write although a new finding would deny
    #[arg(long)]
    pub force: bool,
    /// Show the change and what `check` would say; write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `set`.
#[derive(Args)]
pub struct SetArgs {
    /// What is changed: an obligation or assignment, a department, sector or kind, an evidence type, a post, a clause, a policy's code, a law's id, or `register`
    #[arg(value_name = "ID", add = ArgValueCompleter::new(complete::subject))]
    pub id: String,
    /// The field: person, due, title.zh, owner.lead, evidence[policy-doc].required, needs[OPN-3.11].why.en
    #[arg(value_name = "FIELD", add = ArgValueCompleter::new(complete::field))]
    pub field: String,
    /// What to write; lists as A,B or [A, B], mappings as {zh: …, en: …}
    #[arg(value_name = "VALUE", required_unless_present = "unset", conflicts_with = "unset", allow_hyphen_values = true)]
    pub value: Option<String>,
    /// Take the field, or the element of a list, away
    #[arg(long)]
    pub unset: bool,
    /// Add VALUE at the end of the list
    #[arg(long, conflicts_with = "unset")]
    pub add: bool,
    /// How it is written
    #[command(flatten)]
    pub pen: Pen,
}

/// Arguments of `new`.
#[derive(Args)]
pub struct NewArgs {
    /// What to make
    #[command(subcommand)]
    pub what: NewWhat,
}

/// What to make.
#[derive(Subcommand)]
pub enum NewWhat {
    /// A body that can lead or support
    Department {
        /// Its id, CITY-PSB
        id: String,
        /// Its name
        #[command(flatten)]
        name: Named,
        /// Short name in Chinese
        #[arg(long, value_name = "NAME")]
        short_zh: Option<String>,
        /// Short name in English
        #[arg(long, value_name = "NAME")]
        short_en: Option<String>,
        /// The catalogue's bodies whose place it takes here, with commas
        #[arg(long, value_delimiter = ',', value_name = "ID", add = ArgValueCompleter::new(complete::department))]
        acts_for: Vec<String>,
        /// Its sector; that of the body it acts for when absent
        #[arg(long)]
        sector: Option<String>,
        /// The body or enterprise kind that it belongs to
        #[arg(long)]
        parent: Option<String>,
        /// Place in lists
        #[arg(long)]
        order: Option<u32>,
        /// How it is written
        #[command(flatten)]
        pen: Pen,
    },
    /// An obligation, in the part's file and in the clause that it comes from
    Obligation(Box<NewObligation>),
    /// A policy with one part; to cut a text into clauses use `source --scaffold`
    Policy {
        /// Its code, ABC; its folder is abc
        code: String,
        /// Its title
        #[command(flatten)]
        name: Named,
        /// Heading of the first part in Chinese
        #[arg(long, value_name = "TITLE")]
        part_zh: Option<String>,
        /// … in English
        #[arg(long, value_name = "TITLE")]
        part_en: Option<String>,
        /// The day on which it is put on the list; today when absent
        #[arg(long, value_name = "DATE")]
        listed: Option<String>,
        /// How it is written
        #[command(flatten)]
        pen: Pen,
    },
}

/// Names in two languages.
#[derive(Args)]
#[group(required = true, multiple = true)]
pub struct Named {
    /// Name or title in Chinese
    #[arg(long, value_name = "NAME")]
    pub zh: Option<String>,
    /// Name or title in English
    #[arg(long, value_name = "NAME")]
    pub en: Option<String>,
}

/// Arguments of `new obligation`.
#[derive(Args)]
pub struct NewObligation {
    /// Its id, ABC-1.07, or the part, ABC-1: then the next number
    pub id: String,
    /// Its title
    #[command(flatten)]
    pub name: Named,
    /// What the text asks for, in Chinese: restates it and adds nothing
    #[arg(long, value_name = "WORDS", required_unless_present = "requirement_en")]
    pub requirement_zh: Option<String>,
    /// … in English
    #[arg(long, value_name = "WORDS")]
    pub requirement_en: Option<String>,
    /// principle organisation action build prohibition outcome
    #[arg(long)]
    pub kind: String,
    /// must prohibition enabling
    #[arg(long, default_value = "must")]
    pub modality: String,
    /// one-off build-then-operate continuous
    #[arg(long)]
    pub recurrence: String,
    /// Lead departments, with commas; each of several leads in its own field
    #[arg(long, value_delimiter = ',', value_name = "ID", add = ArgValueCompleter::new(complete::department))]
    pub lead: Vec<String>,
    /// Supporting departments, with commas
    #[arg(long, value_delimiter = ',', value_name = "ID", add = ArgValueCompleter::new(complete::department))]
    pub support: Vec<String>,
    /// The clause that says it, ABC:P1.s1.c1; it is added to clauses.yaml where it is not there
    #[arg(long, requires = "anchor", value_name = "LOCATOR")]
    pub at: Option<String>,
    /// Exact words of that clause, 15 characters at most
    #[arg(long, requires = "at", value_name = "WORDS")]
    pub anchor: Option<String>,
    /// Layer of the source
    #[arg(long, default_value = "text")]
    pub layer: String,
    /// Review cycle: monthly quarterly half-yearly yearly
    #[arg(long)]
    pub review: Option<String>,
    /// Primary sector
    #[arg(long)]
    pub sector: Option<String>,
    /// How it is written
    #[command(flatten)]
    pub pen: Pen,
}

/// Arguments of `codeowners`.
#[derive(Args)]
pub struct CodeownersArgs {
    /// Who answers for whatever no department leads: settings, plan, people, waivers
    #[arg(long, value_name = "HANDLE")]
    pub owner: Option<String>,
    /// Compare with this file instead of printing; exit 1 if it differs
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
}
