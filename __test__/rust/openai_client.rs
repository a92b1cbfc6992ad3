//! A client and a simulator for the tests of OpenAI's operations.

use bedrock_wrapper::client::Client;
use bedrock_wrapper::simulator::{Options, Running, Simulator};
use serde_json::{Value, json};

/// A simulator with a client that calls it.
pub(crate) async fn pair() -> (Running, Client) {
    let bedrock = Simulator::start(Options::default()).await.unwrap();
    let client = client(&bedrock);
    (bedrock, client)
}

/// A client of a simulator with the simulator's own keys.
pub(crate) fn client(bedrock: &Running) -> Client {
    client_with(bedrock, json!({}))
}

/// The same with further options.
pub(crate) fn client_with(bedrock: &Running, more: Value) -> Client {
    let options = bedrock.state().options();
    let keys = &options.credentials;
    let mut options = json!({
        "region": options.region,
        "accessKeyId": keys.access_key_id,
        "secretAccessKey": keys.secret_access_key,
        "baseURL": bedrock.url(),
    });
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Client::new(&options, &|_| None, None).unwrap()
}

/// The requests that the simulator has seen.
pub(crate) fn requests(bedrock: &Running) -> Vec<Value> {
    bedrock.state().journal()["requests"].as_array().unwrap().clone()
}

/// The JSON of an answer.
pub(crate) fn json(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap()
}
