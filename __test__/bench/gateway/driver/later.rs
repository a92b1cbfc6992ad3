//! Answers that take their time: between half of the delay and one and a half times as long, as models do. tokio's timer
//! has ticks of a millisecond, on which all answers of a moment would come together and wait for each other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// Who waits, and since when its answer is due.
struct Waiting {
    due: Instant,
    told: oneshot::Sender<()>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Waiting) -> bool {
        self.due == other.due
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Waiting) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Waiting) -> std::cmp::Ordering {
        self.due.cmp(&other.due)
    }
}

/// A clock on a thread of its own.
#[derive(Clone)]
pub(crate) struct Later {
    delay: Duration,
    sender: Sender<Waiting>,
}

impl Later {
    pub(crate) fn new(delay: Duration) -> Later {
        let (sender, receiver) = channel::<Waiting>();
        thread::spawn(move || {
            let mut waiting = BinaryHeap::new();
            loop {
                let next = waiting.peek().map(|Reverse(Waiting { due, .. })| *due);
                let left = next.map_or(Duration::MAX, |due| due.saturating_duration_since(Instant::now()));
                match receiver.recv_timeout(left) {
                    Ok(fresh) => waiting.push(Reverse(fresh)),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        // Whoever waited may be gone.
                        let _ = waiting.pop().map(|Reverse(Waiting { told, .. })| told.send(()));
                    }
                }
            }
        });
        Later { delay, sender }
    }

    pub(crate) async fn wait(&self) {
        let (told, over) = oneshot::channel();
        let due = Instant::now() + self.delay.mul_f64(0.5 + fastrand::f64());
        self.sender.send(Waiting { due, told }).unwrap();
        over.await.unwrap();
    }
}
