//! Runs Bedrock on localhost until Ctrl-C or the end of input: `cargo run --example simulate [port]`.
//!
//! Prints the variables that point AWS clients at it, to be pasted into a shell.
#![allow(clippy::print_stdout, reason = "a program's output")]

use bedrock_wrapper::simulator::{Options, Simulator};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or_default();
    let bedrock = Simulator::start(Options { port, ..Options::default() }).await?;
    for (name, value) in bedrock.env() {
        println!("export {name}={value}");
    }
    // Standard input ends with the shell or the parent process that holds its other end.
    tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink())).await??;
    bedrock.close().await;
    Ok(())
}
