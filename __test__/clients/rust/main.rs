//! aws-sdk-bedrockruntime as a judge of the local Bedrock: one job a line on standard input, one outcome a line on
//! standard output, as the drivers in the other languages do.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a judge that fails tells so by ending")]

use std::io::{BufRead, Write};
use std::time::Duration;

use aws_credential_types::{Credentials, Token};
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::config::{BehaviorVersion, Region, retry::RetryConfig};
use aws_sdk_bedrockruntime::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ContentBlockDelta, ConversationRole, ConverseStreamOutput, ImageBlock, ImageFormat, ImageSource,
    InferenceConfiguration, Message, ResponseStream,
};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    verb: String,
    model: String,
    text: String,
    image: Option<String>,
    max_tokens: i32,
    endpoint: String,
    region: String,
    attempts: u32,
    timeout: u64,
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    api_key: Option<String>,
}

/// What the client gave until it ended, well or with an error.
#[derive(Default)]
struct Outcome {
    text: String,
    tokens: Option<(i64, i64)>,
}

/// Class and message of what ended it.
struct Failure(String, String);

impl<E: ProvideErrorMetadata + std::error::Error + 'static, R: std::fmt::Debug + 'static> From<SdkError<E, R>>
    for Failure
{
    fn from(error: SdkError<E, R>) -> Failure {
        let class = match &error {
            SdkError::ConstructionFailure(_) => "ConstructionFailure".to_owned(),
            SdkError::TimeoutError(_) => "TimeoutError".to_owned(),
            SdkError::DispatchFailure(_) => "DispatchFailure".to_owned(),
            SdkError::ResponseError(_) => "ResponseError".to_owned(),
            SdkError::ServiceError(service) => format!("ServiceError({})", code(service.err())),
            _ => "SdkError".to_owned(),
        };
        let message = error.message().map(str::to_owned);
        Failure(class, message.unwrap_or_else(|| DisplayErrorContext(&error).to_string()))
    }
}

/// AWS's name of the exception. Modelled exceptions of a stream carry no code of their own; their variant tells it.
fn code<E: ProvideErrorMetadata + std::fmt::Debug>(error: &E) -> String {
    let debugged = format!("{error:?}");
    error.code().map_or_else(|| debugged.split(['(', ' ']).next().unwrap_or_default().to_owned(), str::to_owned)
}

#[tokio::main]
async fn main() {
    println!("{}", json!({"verbs": ["text", "stream", "image", "invoke", "invokeStream"]}));
    for line in std::io::stdin().lock().lines() {
        let job: Job = serde_json::from_str(&line.unwrap()).unwrap();
        let mut outcome = Outcome::default();
        // The client's own timeouts end with the headers of the answer.
        let end = tokio::time::timeout(Duration::from_secs(job.timeout), run(&job, &mut outcome)).await;
        let end = end.unwrap_or_else(|elapsed| Err(Failure("Elapsed".to_owned(), elapsed.to_string())));
        let mut told = json!({"text": outcome.text});
        if let Some((given, generated)) = outcome.tokens {
            told["tokens"] = json!([given, generated]);
        }
        if let Err(Failure(class, message)) = end {
            told["error"] = json!({"class": class, "message": message});
        }
        println!("{told}");
        std::io::stdout().flush().unwrap();
    }
}

async fn run(job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let client = client(job);
    match job.verb.as_str() {
        "text" => text(&client, job, vec![ContentBlock::Text(job.text.clone())], outcome).await,
        "image" => text(&client, job, vec![image(job), ContentBlock::Text(job.text.clone())], outcome).await,
        "stream" => stream(&client, job, outcome).await,
        "invoke" => invoke(&client, job, outcome).await,
        "invokeStream" => invoke_stream(&client, job, outcome).await,
        verb => Err(Failure("UnknownVerb".to_owned(), verb.to_owned())),
    }
}

fn client(job: &Job) -> Client {
    let mut trust = TrustStore::default();
    if let Some(path) = std::env::var_os("AWS_CA_BUNDLE") {
        trust = trust.with_pem_certificate(std::fs::read(path).unwrap());
    }
    let tls = TlsContext::builder().with_trust_store(trust).build().unwrap();
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls).build_https();
    let token = job.session_token.clone();
    let wait = Duration::from_secs(job.timeout);
    let mut config = aws_sdk_bedrockruntime::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(job.region.clone()))
        .endpoint_url(&job.endpoint)
        .retry_config(RetryConfig::standard().with_max_attempts(job.attempts))
        .timeout_config(TimeoutConfig::builder().read_timeout(wait).build())
        .http_client(http);
    config = match &job.api_key {
        Some(key) => config.token_provider(Token::new(key, None)),
        None => {
            let keys = Credentials::new(&job.access_key_id, &job.secret_access_key, token, None, "judge");
            config.credentials_provider(keys)
        }
    };
    Client::from_conf(config.build())
}

fn message(content: Vec<ContentBlock>) -> Message {
    Message::builder().role(ConversationRole::User).set_content(Some(content)).build().unwrap()
}

fn image(job: &Job) -> ContentBlock {
    let bytes = BASE64_STANDARD.decode(job.image.as_deref().unwrap_or_default()).unwrap();
    let source = ImageSource::Bytes(Blob::new(bytes));
    ContentBlock::Image(ImageBlock::builder().format(ImageFormat::Png).source(source).build().unwrap())
}

fn limits(job: &Job) -> InferenceConfiguration {
    InferenceConfiguration::builder().max_tokens(job.max_tokens).build()
}

async fn text(client: &Client, job: &Job, content: Vec<ContentBlock>, outcome: &mut Outcome) -> Result<(), Failure> {
    let request = client.converse().model_id(&job.model).messages(message(content)).inference_config(limits(job));
    told(&request.send().await?, outcome);
    Ok(())
}

fn told(answer: &ConverseOutput, outcome: &mut Outcome) {
    let message = answer.output().unwrap().as_message().unwrap();
    outcome.text.extend(message.content().iter().filter_map(|block| block.as_text().ok()).map(String::as_str));
    outcome.tokens = answer.usage().map(|usage| (usage.input_tokens().into(), usage.output_tokens().into()));
}

async fn stream(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let content = message(vec![ContentBlock::Text(job.text.clone())]);
    let request = client.converse_stream().model_id(&job.model).messages(content).inference_config(limits(job));
    let mut events = request.send().await?.stream;
    while let Some(event) = events.recv().await? {
        match event {
            ConverseStreamOutput::ContentBlockDelta(event) => {
                if let Some(ContentBlockDelta::Text(piece)) = event.delta() {
                    outcome.text.push_str(piece);
                }
            }
            ConverseStreamOutput::Metadata(event) => {
                outcome.tokens = event.usage().map(|usage| (usage.input_tokens().into(), usage.output_tokens().into()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn claude(job: &Job) -> Blob {
    let messages = json!([{"role": "user", "content": job.text}]);
    let body = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": job.max_tokens, "messages": messages});
    Blob::new(body.to_string())
}

async fn invoke(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let answer = client.invoke_model().model_id(&job.model).body(claude(job)).send().await?;
    let body: Value = serde_json::from_slice(answer.body().as_ref()).unwrap();
    outcome.text.extend(body["content"].as_array().unwrap().iter().filter_map(|block| block["text"].as_str()));
    outcome.tokens = counts(&body["usage"], "input_tokens", "output_tokens");
    Ok(())
}

async fn invoke_stream(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let request = client.invoke_model_with_response_stream().model_id(&job.model).body(claude(job));
    let mut events = request.send().await?.body;
    while let Some(event) = events.recv().await? {
        let ResponseStream::Chunk(chunk) = event else { continue };
        let chunk: Value = serde_json::from_slice(chunk.bytes().unwrap().as_ref()).unwrap();
        outcome.text.push_str(chunk["delta"]["text"].as_str().unwrap_or_default());
        let metrics = &chunk["amazon-bedrock-invocationMetrics"];
        outcome.tokens = counts(metrics, "inputTokenCount", "outputTokenCount").or(outcome.tokens);
    }
    Ok(())
}

fn counts(usage: &Value, given: &str, generated: &str) -> Option<(i64, i64)> {
    Some((usage[given].as_i64()?, usage[generated].as_i64()?))
}
