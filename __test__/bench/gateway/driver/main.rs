//! The other sides of the gateway's benchmark: a mock Bedrock, the floor, and clients whose CPU nobody counts.
//!
//! ```text
//! gateway-driver upstream CHUNKS EVERY DELAY SIZE     answers Converse after DELAY milliseconds or so, ConverseStream with
//!                                                     CHUNKS texts, one EVERY so many milliseconds; 0: flat out, in HTTP
//!                                                     chunks of SIZE bytes, 0: one for each event
//! gateway-driver floor PORT                           a proxy that passes everything on to PORT and looks at nothing
//! gateway-driver calls PORT REQUEST WIDTH COUNT       sends the request's bytes; how long does an answer take?
//! gateway-driver streams PORT REQUEST WIDTH COUNT CHUNKS
//!                                                     the same for streams; were all CHUNKS of each there?
//! gateway-driver paced PORT REQUEST STREAMS SECONDS CHUNKS
//!                                                     opens all; how late do texts come, in so many seconds?
//! ```
//!
//! Servers print a line of JSON with their port, clients one with their figures. Each is one thread, the upstream two or three.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark's driver"
)]

mod body;
mod client;
mod floor;
mod frames;
mod later;
mod load;
mod pacer;
mod upstream;

use bytes::Bytes;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments[at].parse::<usize>().unwrap();
    let port = || arguments[1].parse::<u16>().unwrap();
    let request = || Bytes::from(std::fs::read(&arguments[2]).unwrap());
    match arguments[0].as_str() {
        "upstream" => upstream::serve(number(1), number(2) as u64, number(3) as u64, number(4)).await,
        "floor" => floor::serve(port()).await,
        "calls" => load::calls(port(), request(), number(3), number(4)).await,
        "streams" => load::streams(port(), request(), number(3), number(4), number(5)).await,
        "paced" => load::paced(port(), request(), number(3), number(4) as u64, number(5)).await,
        other => panic!("what is {other}?"),
    }
}
