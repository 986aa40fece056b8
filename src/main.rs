//! The program: everything is in the library.
#![forbid(unsafe_code)]

// mimalloc was tried: a tenth to a third faster, but its second version kept a whole upload of the
// desk in memory, and its third takes 115 MB where `check` may take 100.
fn main() -> std::process::ExitCode {
    duban::cli::main()
}
