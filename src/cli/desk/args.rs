//! Arguments of the author's commands. Their doc comments are the manual.

use clap::{Args, ValueEnum};
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
