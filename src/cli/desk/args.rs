//! Arguments of the author's commands. Their doc comments are the manual.

use clap::Args;

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
