//! `bedrock-wrapper` without Node: `cargo install --no-default-features --features cli`.

fn main() -> std::process::ExitCode {
    bedrock_wrapper::cli::main()
}
