//! `bedrock-wrapper` without Node: `cargo install --no-default-features --features cli`.

/// Calls are many small allocations, which this one does in less time than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    bedrock_wrapper::cli::main()
}
