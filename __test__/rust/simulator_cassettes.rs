//! Recording from another simulator, and playing back what was recorded: byte for byte, at its pace, without secrets.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use bedrock_wrapper::simulator::{Auth, Options, Running, Simulator};
use serde_json::{Value, json};

use crate::http::{self, Answer};
use crate::recordings::corpus::{self, Recording};

const HAIKU: &str = "anthropic.claude-3-haiku-20240307-v1:0";
const NOVA: &str = "us.amazon.nova-lite-v1:0";

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("bedrock-wrapper-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

async fn start(options: Value) -> Running {
    let options: Options = serde_json::from_value(options).unwrap();
    Simulator::start(Options { auth: Auth::Off, ..options }).await.unwrap()
}

fn question(text: &str) -> String {
    json!({"messages": [{"role": "user", "content": [{"text": text}]}]}).to_string()
}

/// The four operations, a refusal, and a management operation that the simulator need not know.
fn requests() -> Vec<(String, String)> {
    let claude = json!({
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 50,
        "messages": [{"role": "user", "content": "Count from 1 to 5"}],
    })
    .to_string();
    vec![
        (format!("/model/{NOVA}/converse"), question("Count from 1 to 5")),
        (format!("/model/{NOVA}/converse-stream"), question("Count from 1 to 5")),
        (format!("/model/{HAIKU}/invoke"), claude.clone()),
        (format!("/model/{HAIKU}/invoke-with-response-stream"), claude),
        (format!("/model/{NOVA}/converse"), "{}".to_owned()),
        ("/model/nobody.knows-v1/converse".to_owned(), question("Hello")),
        ("/no/such/path".to_owned(), "{}".to_owned()),
    ]
}

async fn answers(bedrock: &Running) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (path, body) in requests() {
        answers.push(http::post(&bedrock.url(), &path, &[], &body).await);
    }
    answers
}

fn same(one: &Answer, other: &Answer) {
    assert_eq!((one.status, &one.body), (other.status, &other.body));
    for name in ["content-type", "x-amzn-errortype", "x-amzn-bedrock-input-token-count"] {
        assert_eq!(one.headers.get(name), other.headers.get(name), "{name}");
    }
}

#[tokio::test]
async fn what_is_recorded_is_passed_on_and_played_back_byte_for_byte() {
    let upstream = Simulator::start(Options::default()).await.unwrap();
    let keys = upstream.state().options().credentials.clone();
    for cassette in ["folder", "file.jsonl"] {
        let path = folder(cassette).join(cassette);
        let record = json!({
            "path": path, "upstream": upstream.url(),
            "credentials": {"accessKeyId": keys.access_key_id, "secretAccessKey": keys.secret_access_key},
        });
        let recording = start(json!({ "record": record })).await;
        let recorded = answers(&recording).await;
        recording.close().await;
        let statuses: Vec<u16> = recorded.iter().map(|answer| answer.status).collect();
        assert_eq!(statuses, [200, 200, 200, 200, 400, 400, 404]);

        let replaying = start(json!({"replay": {"path": path, "strict": true}})).await;
        for (one, other) in recorded.iter().zip(answers(&replaying).await) {
            same(one, &other);
        }
        let journal = replaying.state().journal();
        let title = journal["requests"][0]["answeredBy"].as_str().unwrap().to_owned();
        assert!(title.starts_with("cassette "), "{title}");
        replaying.close().await;

        let kept = kept(&path);
        assert!(!kept.contains(&keys.access_key_id) && !kept.contains("Signature"), "{kept}");
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
    }
    upstream.close().await;
}

/// All that was written.
fn kept(path: &PathBuf) -> String {
    match fs::read_dir(path) {
        Ok(files) => files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect(),
        Err(_) => fs::read_to_string(path).unwrap(),
    }
}

#[tokio::test]
async fn a_stream_is_passed_on_as_it_comes_and_replayed_at_its_pace() {
    let upstream = start(json!({"physics": {"tokensPerSecond": 50}})).await;
    let path = folder("pace").join("pace.jsonl");
    let recording = start(json!({"record": {"path": path, "upstream": upstream.url()}})).await;
    let stream = format!("/model/{NOVA}/converse-stream");
    let started = Instant::now();
    http::post(&recording.url(), &stream, &[], &question("Count from 1 to 10")).await;
    let took = started.elapsed();
    recording.close().await;
    upstream.close().await;

    let interaction: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let frames = interaction["response"]["frames"].as_array().unwrap();
    assert_eq!((&frames[0]["event"], &frames.last().unwrap()["event"]), (&json!("messageStart"), &json!("metadata")));
    assert!(frames.iter().filter(|frame| frame["delay"].as_u64() >= Some(10)).count() > 10, "{frames:?}");

    for (speed, least, most) in [
        (1.0, took.mul_f64(0.8), took * 3),
        (4.0, took.mul_f64(0.2), took.mul_f64(0.7)),
        (0.0, Duration::ZERO, took / 2),
    ] {
        let replaying = start(json!({"replay": {"path": path, "strict": true, "speed": speed}})).await;
        let started = Instant::now();
        let answer = http::post(&replaying.url(), &stream, &[], &question("Count from 1 to 10")).await;
        let again = started.elapsed();
        assert!(answer.status == 200 && again >= least && again <= most, "{speed}: {again:?} for {took:?}");
        replaying.close().await;
    }
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

#[tokio::test]
async fn a_miss_is_refused_answered_otherwise_or_recorded() {
    let upstream = start(json!({"rules": [{"answer": "from upstream"}]})).await;
    let path = folder("miss").join("c.jsonl");
    let converse = format!("/model/{NOVA}/converse");
    let record = json!({"path": path, "upstream": upstream.url()});
    let recording = start(json!({ "record": record })).await;
    http::post(&recording.url(), &converse, &[], &question("Hello")).await;
    recording.close().await;

    let strict = start(
        json!({"replay": {"path": path, "strict": true}, "rules": [{"match": {"text": "rule"}, "answer": "by rule"}]}),
    )
    .await;
    let refused = http::post(&strict.url(), &converse, &[], &question("Hi")).await;
    let text = String::from_utf8_lossy(&refused.body).into_owned();
    assert_eq!(refused.status, 400);
    assert!(
        text.contains(r#"c.jsonl #1, which differs at /messages/0/content/0/text: \"Hi\" here, \"Hello\" there."#),
        "{text}"
    );
    let by_rule = http::post(&strict.url(), &converse, &[], &question("a rule")).await;
    assert!(String::from_utf8_lossy(&by_rule.body).contains("by rule"));
    strict.close().await;

    let lenient = start(json!({ "replay": path })).await;
    let answer = http::post(&lenient.url(), &converse, &[], &question("What is 1+1?")).await;
    assert!(String::from_utf8_lossy(&answer.body).contains("1 + 1 = 2"));
    lenient.close().await;

    let both = start(json!({"replay": {"path": path, "strict": true}, "record": record})).await;
    for text in ["Hello", "something new"] {
        let answer = http::post(&both.url(), &converse, &[], &question(text)).await;
        assert!(String::from_utf8_lossy(&answer.body).contains("from upstream"), "{text}");
    }
    both.close().await;
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2, "only what was missing is added");
    upstream.close().await;
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_an_error_that_says_so() {
    let path = folder("down").join("c.jsonl");
    let recording = start(json!({"record": {"path": path, "upstream": "http://127.0.0.1:9"}})).await;
    let answer = http::post(&recording.url(), &format!("/model/{NOVA}/converse"), &[], &question("Hello")).await;
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    assert!(
        answer.status == 503 && text.contains("Recording from http://127.0.0.1:9/model/") && text.contains("refused"),
        "{text}"
    );
    recording.close().await;
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
}

#[tokio::test]
async fn a_cassette_that_cannot_be_used_stops_the_start() {
    for (options, problem) in [
        (json!({"replay": "no/such/cassette"}), "no/such/cassette"),
        (json!({"record": {"path": folder("bad").join("a.yaml")}}), "a folder, or to a file whose name ends in .jsonl"),
        (json!({"record": {"path": folder("bad"), "upstream": "localhost"}}), "is no URL"),
    ] {
        let options: Options = serde_json::from_value(options).unwrap();
        let refused = Simulator::start(options).await.unwrap_err().to_string();
        assert!(refused.contains(problem), "{refused}");
    }
}

/// A recording is a cassette as it is.
#[tokio::test]
async fn recordings_are_played_back_byte_for_byte() {
    let recordings = corpus::shared().into_iter().filter(|recording| recording.value["request"]["method"] == "POST");
    let recordings: Vec<Recording> = recordings.collect();
    if recordings.is_empty() {
        return;
    }
    let path = folder("recordings").join("all.jsonl");
    fs::write(&path, recordings.iter().map(|recording| format!("{}\n", recording.value)).collect::<String>()).unwrap();
    let replaying = start(json!({"replay": {"path": path, "strict": true}})).await;
    for recording in &recordings {
        let (request, response) = (&recording.value["request"], &recording.value["response"]);
        let body = request["body"].as_str().map_or_else(|| request["body"].to_string(), str::to_owned);
        let answer = http::post(&replaying.url(), request["path"].as_str().unwrap(), &[], &body).await;
        assert_eq!(Some(u64::from(answer.status)), response["status"].as_u64(), "{}", recording.name);
        let expected = recording.stream().unwrap_or_else(|| recording.body());
        assert!(
            answer.body == expected,
            "{} differs: {:?} for {:?}",
            recording.name,
            answer.body,
            String::from_utf8_lossy(&expected)
        );
    }
    assert!(recordings.len() > 30, "{}", recordings.len());
    replaying.close().await;
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
}
