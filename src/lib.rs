//! `duban` (督办, "press a matter until it is done"): turns a policy document into a
//! checklist of obligations and keeps it honest.
//!
//! # The house
//!
//! ```text
//!                              main
//!                               │
//!                              cli          alone knows clap, environment, clock, terminal, stdout
//!               ┌───────────────┤
//!  lsp ─► author ─► rules   source, diff, report, exchange, serve   the pen │ what is wrong │ what is so │ for others, in a browser
//!               └───────┬───────┘
//!                    snapshot               the hall: opened once, as of a date, then read only
//!            ┌──────────┼──────────┐
//!          load        log       graph      making
//!            └──────────┴──────────┘
//!                     model                 nouns; pure, no input or output
//!   emit ─► finding ─► text      render ─► page      carry words │ carry looks
//! ```
//!
//! Three layers of data, never mixed: the *catalogue* (what the policy demands), the *plan*
//! (who does it here and by when), the *log* (what happened). Status and colours are never
//! stored: they are folded from the three for one as-of date.
//!
//! One pass: discover → scan → decode gives the register; `log::read` the entries;
//! `graph::build` and `log::fold` complete the snapshot. `check`: rules → outcome → emit, the
//! exit code from the outcome alone. Reports: data → page → render. `log`: is this lawful
//! here? → append one line. Nothing flows back.
//!
//! # Who may import whom
//!
//! `tests/house.rs` holds this table.
//!
//! | room | may import | foreign crates that live only here |
//! |---|---|---|
//! | text | – | unicode_width strsim similar |
//! | model | text | foldhash |
//! | finding | text model digest | – |
//! | page | – | – |
//! | digest | – | sha2 data_encoding |
//! | git | – | – |
//! | ssh | digest | – |
//! | load | text model finding | serde_yaml saphyr_parser |
//! | log | text model finding digest git ssh | getrandom memchr libc simdutf8 |
//! | graph | model | petgraph |
//! | snapshot | text model finding digest load log graph | – |
//! | rules | text model finding snapshot load log report | – |
//! | report | model page snapshot graph log | – |
//! | source | text model page digest snapshot report | aho_corasick |
//! | diff | text model page snapshot report log | – |
//! | author | text model finding git load log snapshot rules | – |
//! | lsp | text model finding load snapshot rules report author | lsp_server gen_lsp_types |
//! | intake | text model finding digest load log snapshot | csv encoding_rs |
//! | exchange | text model finding digest load log snapshot report graph source author intake | calamine uuid |
//! | emit | text model finding | annotate_snippets quick_xml |
//! | render | text page digest | comfy_table krilla skrifa unicode_linebreak rust_xlsxwriter zip |
//! | rollup | model finding digest ssh page log snapshot | parquet bytes |
//! | serve | text model finding page digest git load log snapshot graph report render intake | axum hyper hyper_util tokio tokio_rustls argon2 |
//! | cli | everything | clap clap_complete clap_mangen terminal_size |
//!
//! `intake` turns what people hand in (options, drafts, tables, hand edits) into entries.
//! `rollup` is there with the Cargo feature of its name.
//! `rules` reaches into `load` for places alone, into `log` for verdicts and roles and into
//! `report` for what a saved report may name;
//! `report` into `graph` and `log` for the names of edges and verdicts: both are read only.
//! `serve` is the web desk, there with its feature; forms of reports, clock, state folder and git
//! mode are handed to it by `cli`.
//! `serde`, `serde_json`, `chrono`, `schemars`, `tempfile` and `maud` (in `render` and `serve`) are shared ground.
#![forbid(unsafe_code)]

pub mod author;
pub mod cli;
pub mod diff;
pub mod digest;
pub mod emit;
pub mod exchange;
pub mod finding;
pub mod git;
pub mod graph;
pub mod intake;
pub mod load;
pub mod log;
pub mod lsp;
pub mod model;
pub mod page;
pub mod render;
pub mod report;
#[cfg(feature = "rollup")]
pub mod rollup;
pub mod rules;
#[cfg(feature = "serve")]
pub mod serve;
pub mod snapshot;
pub mod source;
pub mod ssh;
pub mod text;
