//! The program: everything is in the library.
#![forbid(unsafe_code)]

/// Everything is read into many small pieces and given back at once: what this costs, and whether
/// it grows with the register, is the allocator's doing.
#[cfg(feature = "heap")]
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    duban::cli::main()
}
