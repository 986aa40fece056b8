//! Many registers, one answer: what a national office asks of the registers of provinces,
//! cities, counties and enterprises. The contract is a folder of Parquet files plus one SQL
//! text (CONTRACT.md); no engine is linked in.
//!
//! Order of things: [`seal`] turns what was recorded since the last seal into a segment, with
//! [`timeline`] making rows of what the fold says day by day and [`manifest`] saying what the
//! segment is; [`ingest`] takes segments into a dataset, each once, and keeps [`ledger`];
//! [`compact`] sorts them into parts, monthly states and the list of duties; [`tally`] answers
//! from those in bounded memory; [`report`] prints the answer, [`sql`] is the same question for
//! an engine. [`key`] holds the frozen numbers of the contract, [`row`] what stands in a segment, [`store`] is the
//! only one who knows Parquet, [`places`] the names of provinces, [`error`] how trouble is told.
//!
//! Nothing here knows the lifecycle: states and lights come from `log::fold` and `log::lights`.

pub mod compact;
pub mod error;
pub mod ingest;
pub mod key;
pub mod ledger;
pub mod manifest;
pub mod merge;
pub mod places;
pub mod report;
pub mod row;
pub mod seal;
pub mod sql;
pub mod store;
pub mod tally;
pub mod tasks;
pub mod timeline;
