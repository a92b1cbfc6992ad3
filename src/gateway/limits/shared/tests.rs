//! The shared accounts on a real Redis or Valkey. Where none is installed, these tests say so and are left out.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::*;
use proptest::test_runner::{Config, TestRunner};

/// Long enough for a busy machine: nothing here is about how fast Redis is.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server of its own, without files.
struct Server {
    child: Child,
    program: &'static str,
    port: u16,
}

impl Server {
    fn start() -> Option<Server> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).unwrap().port();
        let found = ["redis-server", "valkey-server"].into_iter().find_map(|name| Some((name, run(name, port)?)));
        if found.is_none() {
            eprintln!("left out: neither redis-server nor valkey-server is installed");
        }
        found.map(|(program, child)| Server { child, program, port })
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn start_again(&mut self) {
        self.child = run(self.program, self.port).unwrap();
    }

    async fn shared(&self, lease: Duration) -> Shared {
        let shared = Shared::connect(&self.url(), PATIENCE, lease).await.unwrap();
        until(|| shared.health().0).await;
        shared
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

fn run(program: &str, port: u16) -> Option<Child> {
    let mut command = Command::new(program);
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
}

async fn until(mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never came about");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

const NONE: Quota = Quota {
    requests: None,
    tokens: None,
    concurrency: None,
    budget_tokens: None,
    budget_nanos: None,
    period: Period::Total,
};
const NOW: Now = Now { millis: 0, period: 0 };

fn cost(tokens: u64) -> Cost {
    Cost { tokens, nanos: tokens * 3 }
}

async fn short(shared: &Shared, key: &str, quota: &Quota, reserved: Cost) -> Option<Short> {
    shared.admit(&key.into(), quota, reserved, NOW, &Shared::lease()).await.unwrap().short
}

#[tokio::test]
async fn replicas_hold_one_limit_together() {
    let Some(server) = Server::start() else { return };
    let (one, other) = (server.shared(LEASE).await, server.shared(LEASE).await);
    let quota = Quota { requests: Some(3), ..NONE };
    for shared in [&one, &other, &one] {
        assert_eq!(short(shared, "requests", &quota, cost(1)).await, None);
    }
    assert!(matches!(short(&other, "requests", &quota, cost(1)).await, Some(Short::Requests(_))));
    assert_eq!(short(&other, "another", &quota, cost(1)).await, None);
    let quota = Quota { tokens: Some(100), ..NONE };
    assert_eq!(short(&one, "tokens", &quota, cost(100)).await, None);
    assert!(matches!(short(&other, "tokens", &quota, cost(100)).await, Some(Short::Tokens(_))));
}

#[tokio::test]
async fn sums_stay_exact_whatever_is_asked_for() {
    let Some(server) = Server::start() else { return };
    let shared = server.shared(LEASE).await;
    let (quota, key) = (Quota { budget_tokens: Some(1_000_000_000_000_000), ..NONE }, Arc::from("key"));
    let most = quota.reserve(Cost { tokens: u64::MAX, nanos: u64::MAX });
    for count in 1..=20 {
        let lease = Shared::lease();
        shared.admit(&key, &quota, most, NOW, &lease).await.unwrap();
        shared.settle(&key, lease, most, Cost { tokens: 7, nanos: 3 }, NOW.period).await.unwrap();
        let standing = shared.admit(&key, &quota, Cost::default(), NOW, &Shared::lease()).await.unwrap().standing;
        assert_eq!(standing.spent, Cost { tokens: 7 * count, nanos: 3 * count });
    }
}

#[tokio::test]
async fn what_a_crashed_replica_holds_comes_back() {
    let Some(server) = Server::start() else { return };
    let (one, other) = (server.shared(Duration::from_secs(1)).await, server.shared(LEASE).await);
    let quota = Quota { concurrency: Some(1), ..NONE };
    assert_eq!(short(&one, "key", &quota, cost(1)).await, None);
    assert_eq!(one.inner.leases().len(), 1);
    drop(one);
    let begun = Instant::now();
    while short(&other, "key", &quota, cost(1)).await.is_some() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(short(&other, "key", &quota, cost(1)).await, Some(Short::Concurrency));
}

#[test]
fn the_scripts_count_as_the_counters_do() {
    let Some(server) = Server::start() else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shared = runtime.block_on(server.shared(LEASE));
    let steps = proptest::collection::vec((0_u64..200, 0_u64..400, proptest::bool::ANY), 1..30);
    let case = std::cell::Cell::new(0);
    let mut runner = TestRunner::new(Config { cases: 20, failure_persistence: None, ..Config::default() });
    let ran = runner.run(&steps, |steps| {
        case.set(case.get() + 1);
        let key: Arc<str> = format!("case{}", case.get()).into();
        let quota = Quota { concurrency: Some(3), budget_tokens: Some(1000), budget_nanos: Some(4000), ..NONE };
        let (mut counters, mut running) = (Counters::default(), Vec::new());
        for (reserved, actual, ends) in steps {
            let (lease, reserved) = (Shared::lease(), cost(reserved));
            let told = runtime.block_on(shared.admit(&key, &quota, reserved, NOW, &lease)).unwrap();
            let expected = counters.admit(&quota, reserved, NOW);
            assert_eq!(told, expected);
            if told.short.is_none() {
                running.push((lease, reserved));
            }
            if let (true, Some((lease, reserved))) = (ends, running.pop()) {
                counters.settle(reserved, cost(actual), NOW.period);
                // A second settling changes nothing.
                for _ in 0..2 {
                    runtime.block_on(shared.settle(&key, lease.clone(), reserved, cost(actual), NOW.period)).unwrap();
                }
            }
        }
        Ok(())
    });
    ran.unwrap();
}

#[tokio::test]
async fn a_server_that_goes_is_not_waited_for_and_comes_back() {
    let Some(mut server) = Server::start() else { return };
    let shared = server.shared(LEASE).await;
    let quota = Quota { requests: Some(1_000_000), ..NONE };
    let key: Arc<str> = "key".into();
    assert_eq!(short(&shared, "key", &quota, cost(1)).await, None);
    server.kill();
    // The connection is found broken by whoever uses it next; after that nobody waits.
    while shared.health().0 {
        shared.admit(&key, &quota, cost(1), NOW, &Shared::lease()).await;
    }
    assert_eq!(shared.admit(&key, &quota, cost(1), NOW, &Shared::lease()).await, None);
    assert!(shared.health().1 >= 1);
    server.start_again();
    until(|| shared.health().0).await;
    let verdict = shared.admit(&key, &quota, cost(1), NOW, &Shared::lease()).await.unwrap();
    assert_eq!((verdict.short, verdict.standing.requests), (None, 1.0), "nothing was kept");
}

#[tokio::test]
async fn a_url_that_is_none_is_refused_without_being_shown() {
    let error = Shared::connect("http://user:s3cret@host", PATIENCE, LEASE).await.unwrap_err();
    assert!(!error.message.contains("s3cret") && error.param.as_deref() == Some("redis_url"));
    assert!(!format!("{:?}", Link::new("redis://user:s3cret@127.0.0.1:1", PATIENCE).unwrap()).contains("s3cret"));
}
