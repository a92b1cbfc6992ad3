//! `bedrock-wrapper` without Node: `cargo install --no-default-features --features cli`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    bedrock_wrapper::cli::main().await
}
