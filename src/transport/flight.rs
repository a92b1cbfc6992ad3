//! What a program's function gave, kept until it ends; asked for by one call at a time, whose answer all share.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};

use crate::error::Result;

/// What is given is asked for anew this long before its end, or a tenth of its life if that is less: it has to be good
/// until the service has read it.
const MARGIN: Duration = Duration::from_secs(10);

/// Until when something that was given is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// For one attempt only.
    Used,
    /// To this time.
    Time(SystemTime),
    /// For good.
    Ever,
}

/// One source of a `T`.
pub(super) struct Flight<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    kept: Option<Kept<T>>,
    /// The call that is under way.
    asking: Option<Asking<T>>,
}

#[derive(Clone)]
struct Kept<T> {
    value: T,
    until: Until,
    since: Instant,
}

type Asking<T> = Shared<BoxFuture<'static, Result<Kept<T>>>>;

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// The value that is kept if it is good, else what `ask` gives or whoever asks already.
    ///
    /// A caller that goes away leaves the call under way, since a function cannot be stopped: the next one waits for it.
    pub(super) async fn get<F>(&self, ask: impl FnOnce() -> F) -> Result<T>
    where
        F: Future<Output = Result<(T, Until)>> + Send + 'static,
    {
        let asking = {
            let mut state = self.lock();
            if let Some(kept) = state.kept.as_ref().filter(|kept| kept.is_good()) {
                return Ok(kept.value.clone());
            }
            if state.asking.as_ref().is_some_and(has_been_left) {
                state.asking = None;
            }
            state.asking.get_or_insert_with(|| begin(ask())).clone()
        };
        let given = asking.clone().await;
        let mut state = self.lock();
        if state.asking.as_ref().is_some_and(|current| current.ptr_eq(&asking)) {
            state.asking = None;
            state.kept = given.as_ref().ok().cloned();
        }
        given.map(|given| given.value)
    }

    /// The service refused what was given before `moment`.
    pub(super) fn forget(&self, moment: Instant) {
        let mut state = self.lock();
        if state.kept.as_ref().is_some_and(|kept| kept.since <= moment) {
            state.kept = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // Every state is valid by itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it was answered when nobody waited any more: of no use by now.
fn has_been_left<T: Clone>(asking: &Asking<T>) -> bool {
    asking.strong_count() == Some(1) && asking.clone().now_or_never().is_some()
}

fn begin<T: Clone + Send + Sync + 'static>(
    asked: impl Future<Output = Result<(T, Until)>> + Send + 'static,
) -> Asking<T> {
    async move {
        let (value, until) = asked.await?;
        Ok(Kept { value, until: until.with_margin(SystemTime::now()), since: Instant::now() })
    }
    .boxed()
    .shared()
}

impl Until {
    fn with_margin(self, now: SystemTime) -> Until {
        match self {
            Until::Time(end) => {
                let life = end.duration_since(now).unwrap_or_default();
                Until::Time(end.checked_sub(MARGIN.min(life / 10)).unwrap_or(end))
            }
            other => other,
        }
    }
}

impl<T> Kept<T> {
    fn is_good(&self) -> bool {
        match self.until {
            Until::Used => false,
            Until::Time(end) => SystemTime::now() < end,
            Until::Ever => true,
        }
    }
}

impl<T> Default for Flight<T> {
    fn default() -> Self {
        Flight { state: Mutex::new(State { kept: None, asking: None }) }
    }
}

impl<T> fmt::Debug for Flight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flight(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::error::{Error, Kind};
    use tokio::sync::oneshot;
    use tokio::task::yield_now;

    /// Gives the number of its call, after a while.
    #[derive(Clone, Default)]
    struct Source {
        calls: Arc<AtomicU32>,
        running: Arc<AtomicU32>,
    }

    impl Source {
        async fn give(self, until: Until) -> Result<(u32, Until)> {
            assert_eq!(self.running.fetch_add(1, Ordering::SeqCst), 0, "asked twice at once");
            for _ in 0..9 {
                yield_now().await;
            }
            self.running.fetch_sub(1, Ordering::SeqCst);
            Ok((self.calls.fetch_add(1, Ordering::SeqCst) + 1, until))
        }
    }

    #[tokio::test]
    async fn all_who_wait_share_one_answer() {
        let (flight, source) = (Flight::default(), Source::default());
        let get = || flight.get(|| source.clone().give(Until::Used));
        let (first, second, third) = futures::join!(get(), get(), get());
        assert_eq!([first, second, third].map(Result::unwrap), [1, 1, 1]);
        assert_eq!(get().await.unwrap(), 2, "what is good once is not kept");
    }

    #[tokio::test]
    async fn what_is_given_is_kept_to_its_end() {
        for (until, calls) in [
            (Until::Ever, 1),
            (Until::Time(SystemTime::now() + Duration::from_secs(60)), 1),
            (Until::Time(SystemTime::now() - Duration::from_secs(1)), 2),
        ] {
            let (flight, source) = (Flight::default(), Source::default());
            for _ in 0..2 {
                flight.get(|| source.clone().give(until)).await.unwrap();
            }
            assert_eq!(source.calls.load(Ordering::SeqCst), calls, "{until:?}");
        }
    }

    #[tokio::test]
    async fn only_what_was_given_before_is_forgotten() {
        let (flight, source) = (Flight::default(), Source::default());
        let get = || flight.get(|| source.clone().give(Until::Ever));
        let before = Instant::now();
        assert_eq!(get().await.unwrap(), 1);
        flight.forget(before);
        assert_eq!(get().await.unwrap(), 1);
        flight.forget(Instant::now());
        assert_eq!(get().await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let (flight, source) = (Flight::default(), Source::default());
        let failing = async { Err(Error::new(Kind::Configuration, "no")) };
        assert!(flight.get(|| failing).await.is_err());
        assert_eq!(flight.get(|| source.give(Until::Ever)).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_call_that_was_left_is_not_made_a_second_time_at_once() {
        let flight = Flight::default();
        let get = |answer: oneshot::Receiver<u32>| {
            flight.get(|| async { Ok((answer.await.unwrap(), Until::Used)) }).map(Result::unwrap)
        };
        let (answer, asked) = oneshot::channel();
        assert!(get(asked).now_or_never().is_none(), "left after the question");
        let second = get(oneshot::channel().1);
        let answering = async { answer.send(1).unwrap() };
        assert_eq!(futures::join!(second, answering).0, 1, "the next one waits for the same answer");
    }

    #[tokio::test]
    async fn an_answer_that_nobody_waited_for_is_of_no_use() {
        let flight = Flight::default();
        let get = |answer: oneshot::Receiver<u32>| {
            flight.get(|| async { Ok((answer.await.unwrap(), Until::Used)) }).map(Result::unwrap)
        };
        let (stale, asked) = oneshot::channel();
        assert!(get(asked).now_or_never().is_none());
        stale.send(1).unwrap();
        let (answer, asked) = oneshot::channel();
        answer.send(2).unwrap();
        assert_eq!(get(asked).await, 2);
    }
}
