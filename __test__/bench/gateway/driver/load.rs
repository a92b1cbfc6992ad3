//! The clients.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::task::LocalSet;
use tokio::time::sleep;

use crate::client::Client;
use crate::frames::now;

/// Not all clients come in the same moment: so many do every millisecond.
const TOGETHER: usize = 4;
/// After the last stream was opened, before anything counts.
const SETTLING: Duration = Duration::from_secs(1);

/// `count` calls, `width` at a time.
pub(crate) async fn calls(port: u16, request: Bytes, width: usize, count: usize) {
    let lanes = (0..width).map(|lane| {
        let request = request.clone();
        tokio::spawn(async move {
            let mut client = Client::open(port).await;
            let mut times = Vec::new();
            for _ in (lane..count).step_by(width) {
                let asked = Instant::now();
                client.send(&request).await;
                client.answer().await;
                times.push(asked.elapsed().as_secs_f64() * 1000.0);
            }
            times
        })
    });
    let mut times = Vec::with_capacity(count);
    for lane in lanes.collect::<Vec<_>>() {
        times.extend(lane.await.unwrap());
    }
    let (p50, p99) = quantiles(times);
    println!(r#"{{"p50":{p50},"p99":{p99}}}"#);
}

/// `count` streams of `chunks` texts each, `width` at a time.
pub(crate) async fn streams(port: u16, request: Bytes, width: usize, count: usize, chunks: usize) {
    let lanes = (0..width).map(|lane| {
        let request = request.clone();
        tokio::spawn(async move {
            let mut client = Client::open(port).await;
            for _ in (lane..count).step_by(width) {
                let mut texts = 0;
                client.send(&request).await;
                client.stream(|_| texts += 1).await;
                assert_eq!(texts, chunks, "texts of a stream");
            }
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
    println!(r#"{{"chunks":{}}}"#, count * chunks);
}

/// What all streams have seen so far.
#[derive(Default)]
struct Seen {
    counting: Cell<bool>,
    lateness: RefCell<Vec<f64>>,
    whole: Cell<usize>,
}

/// Tells when counting begins and when it ends: CPU and memory are read in these moments. A text is late by what it comes
/// after the time at which the upstream was to send it.
pub(crate) async fn paced(port: u16, request: Bytes, streams: usize, seconds: u64, chunks: usize) {
    let seen = Rc::new(Seen::default());
    let tasks = LocalSet::new();
    let measured = tasks.run_until(async {
        let mut readers = Vec::with_capacity(streams);
        for nth in 0..streams {
            readers.push(tokio::task::spawn_local(read(port, request.clone(), chunks, seen.clone())));
            if nth % TOGETHER == 0 {
                sleep(Duration::from_millis(1)).await;
            }
        }
        sleep(SETTLING).await;
        println!(r#"{{"begins":true}}"#);
        seen.counting.set(true);
        sleep(Duration::from_secs(seconds)).await;
        seen.counting.set(false);
        println!(r#"{{"ends":true,"chunks":{}}}"#, seen.lateness.borrow().len());
        for reader in readers {
            // One that broke is one that is not whole.
            let _ = reader.await;
        }
    });
    measured.await;
    let lateness = seen.lateness.take();
    let (chunks, lost) = (lateness.len(), streams - seen.whole.get());
    let (p50, p99) = quantiles(lateness);
    println!(r#"{{"chunks":{chunks},"p50":{p50},"p99":{p99},"lost":{lost}}}"#);
}

async fn read(port: u16, request: Bytes, chunks: usize, seen: Rc<Seen>) {
    let mut client = Client::open(port).await;
    let mut texts = 0;
    client.send(&request).await;
    client
        .stream(|due| {
            texts += 1;
            if seen.counting.get() {
                seen.lateness.borrow_mut().push(now().saturating_sub(due) as f64 / 1000.0);
            }
        })
        .await;
    seen.whole.set(seen.whole.get() + usize::from(texts == chunks));
}

fn quantiles(mut values: Vec<f64>) -> (f64, f64) {
    assert!(!values.is_empty(), "nothing was measured");
    values.sort_by(f64::total_cmp);
    let quantile = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
    (quantile(0.5), quantile(0.99))
}
