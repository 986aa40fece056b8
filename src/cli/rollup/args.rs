//! The arguments of `rollup`. Their doc comments are the manual.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// What to do.
#[derive(Subcommand)]
pub enum Rollup {
    /// In a register: what was recorded since the last seal becomes a segment to hand in
    Seal(SealArgs),
    /// In a national office: take the segments of an inbox into a dataset, each once; exit 1 when any was not taken
    Ingest(IngestArgs),
    /// Counts over all registers of a dataset; exit 1 when a segment or a register is not in them
    Status(StatusArgs),
    /// The same question as one SQL text, for an engine of one's own
    Sql(SqlArgs),
}

/// Arguments of `rollup seal`.
#[derive(Args)]
pub struct SealArgs {
    /// The outgoing folder, outside the register: UNIT/REGISTER/FIRST-LAST.parquet and its manifest go there; it must keep the earlier segments
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The unit's code of GB/T 2260, six digits; needed at the first seal alone
    #[arg(long, value_name = "CODE")]
    pub unit: Option<String>,
    /// The sort of unit, such as city; else register.yaml's
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Sign the manifest with this OpenSSH key
    #[arg(long, value_name = "KEY")]
    pub sign: Option<PathBuf>,
}

/// Arguments of `rollup ingest`.
#[derive(Args)]
pub struct IngestArgs {
    /// The inbox: UNIT/REGISTER/… as sealed
    #[arg(value_name = "INBOX")]
    pub inbox: PathBuf,
    /// The dataset; an `allowed_signers` in it says which key may sign for which codes (its principals are their beginnings: 33, 3301, 330106, or *)
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
}

/// What to group by.
#[derive(Clone, Copy, ValueEnum)]
pub enum RollupBy {
    /// Province
    Province,
    /// Sector reached; an obligation counts in each
    Sector,
    /// Obligation, over all registers
    Obligation,
    /// Sort of unit
    UnitKind,
}

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RollupFormat {
    /// Tables for the terminal
    #[value(alias = "table", alias = "terminal")]
    Text,
    /// Markdown
    #[value(alias = "markdown")]
    Md,
    /// Comma-separated
    Csv,
    /// JSON with a schema version
    Json,
}

/// Arguments of `rollup status`.
#[derive(Args)]
pub struct StatusArgs {
    /// The dataset
    #[arg(value_name = "DATASET")]
    pub data: PathBuf,
    /// Group by
    #[arg(long, value_enum, default_value = "province")]
    pub by: RollupBy,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: RollupFormat,
    /// From the whole history, without the states kept at the end of months: slower, the same answer
    #[arg(long)]
    pub full: bool,
}

/// Arguments of `rollup sql`.
#[derive(Args)]
pub struct SqlArgs {
    /// The dataset, to know which months have states and which day is the newest; without it --as-of is needed
    #[arg(value_name = "DATASET")]
    pub data: Option<PathBuf>,
    /// Group by
    #[arg(long, value_enum, default_value = "province")]
    pub by: RollupBy,
    /// From the states kept at the end of months and what came after; needs the dataset
    #[arg(long, requires = "data")]
    pub snapshot: bool,
}
