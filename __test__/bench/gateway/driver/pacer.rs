//! All paced streams of the mock Bedrock on a thread of their own: a wheel with a slot for each millisecond of the period,
//! over which the streams are spread evenly. A text carries the time at which it is due, so that whatever delays it on
//! the way to the client counts, and so does what delays the wheel.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::frames::{LAST_CHUNK, Text, chunked, now, tail};

/// Texts that differ in their padding.
const TEXTS: usize = 64;

/// One stream whose head has gone out.
pub(crate) struct Paced {
    pub(crate) stream: Arc<TcpStream>,
    /// Told when all of it is written, or the client has gone.
    pub(crate) done: oneshot::Sender<()>,
}

struct Running {
    paced: Paced,
    sent: usize,
    /// What the socket did not take.
    pending: Vec<u8>,
}

/// Starts the wheel; streams are put on it through what it answers.
pub(crate) fn start(chunks: usize, every: u64) -> Sender<Paced> {
    let (sender, receiver) = channel();
    thread::spawn(move || turn(&receiver, chunks, every.max(1)));
    sender
}

fn turn(fresh: &Receiver<Paced>, chunks: usize, every: u64) {
    let mut slots: Vec<Vec<Running>> = (0..every).map(|_| Vec::new()).collect();
    let mut texts: Vec<Text> = (0..TEXTS).map(Text::new).collect();
    let tail =
        tail(chunks).iter().flat_map(|frame| chunked(frame)).chain(LAST_CHUNK.iter().copied()).collect::<Vec<u8>>();
    let (started, epoch) = (Instant::now(), now());
    let mut next = 0;
    for tick in 0_u64.. {
        let due = started + Duration::from_millis(tick);
        loop {
            match fresh.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(paced) => {
                    let slot = next % slots.len();
                    slots[slot].push(Running { paced, sent: 0, pending: Vec::new() });
                    next += 1;
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        let slot = &mut slots[(tick % every) as usize];
        let mut at = 0;
        while at < slot.len() {
            let text = &mut texts[at % TEXTS];
            match slot[at].step(text.at(epoch + tick * 1000), chunks, &tail) {
                true => at += 1,
                false => drop(slot.swap_remove(at).paced.done.send(())),
            }
        }
    }
}

impl Running {
    /// Writes the next text; says whether more is to be written.
    fn step(&mut self, text: &[u8], chunks: usize, tail: &[u8]) -> bool {
        if self.sent < chunks {
            self.pending.extend(chunked(text));
            self.sent += 1;
            if self.sent == chunks {
                self.pending.extend_from_slice(tail);
            }
        }
        match self.paced.stream.try_write(&self.pending) {
            Ok(written) => drop(self.pending.drain(..written)),
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return false,
        }
        self.sent < chunks || !self.pending.is_empty()
    }
}
