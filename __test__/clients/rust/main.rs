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
use aws_sdk_bedrockruntime::primitives::event_stream::EventReceiver;
use aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError;
use aws_sdk_bedrockruntime::types::{
    self, ContentBlock, ContentBlockDelta, ConversationRole, ConverseStreamOutput, ConverseTokensRequest,
    CountTokensInput, ImageBlock, ImageFormat, ImageSource, InferenceConfiguration, Message, ResponseStream,
    SpecificToolChoice, ToolChoice, ToolConfiguration, ToolInputSchema, ToolResultBlock, ToolResultContentBlock,
    ToolSpecification, ToolUseBlock,
};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_types::Document;
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
    tool: Tool,
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

#[derive(Deserialize)]
struct Tool {
    name: String,
    description: String,
    schema: Value,
}

/// What the client gave until it ended, well or with an error.
#[derive(Default)]
struct Outcome {
    text: String,
    /// The embedding.
    vector: Option<Value>,
    /// The input of the tool call.
    call: Option<Value>,
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
    println!(
        "{}",
        json!({"verbs": ["text", "stream", "image", "tools", "toolsStream", "invoke", "invokeStream", "embed", "count"]})
    );
    for line in std::io::stdin().lock().lines() {
        let job: Job = serde_json::from_str(&line.unwrap()).unwrap();
        let mut outcome = Outcome::default();
        // The client's own timeouts end with the headers of the answer.
        let end = tokio::time::timeout(Duration::from_secs(job.timeout), run(&job, &mut outcome)).await;
        let end = end.unwrap_or_else(|elapsed| Err(Failure("Elapsed".to_owned(), elapsed.to_string())));
        let mut told = json!({"text": outcome.text, "call": outcome.call});
        if let Some(vector) = outcome.vector {
            told["vector"] = vector;
        }
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
        "tools" => tools(&client, job, outcome).await,
        "toolsStream" => tools_stream(&client, job, outcome).await,
        "invoke" => invoke(&client, job, outcome).await,
        "invokeStream" => invoke_stream(&client, job, outcome).await,
        "embed" => embed(&client, job, outcome).await,
        "count" => count(&client, job, outcome).await,
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

fn tool_config(job: &Job, is_forced: bool) -> ToolConfiguration {
    let schema = ToolInputSchema::Json(document(&job.tool.schema));
    let tool = ToolSpecification::builder().name(&job.tool.name).description(&job.tool.description);
    let forced = SpecificToolChoice::builder().name(&job.tool.name).build().unwrap();
    ToolConfiguration::builder()
        .tools(types::Tool::ToolSpec(tool.input_schema(schema).build().unwrap()))
        .set_tool_choice(is_forced.then_some(ToolChoice::Tool(forced)))
        .build()
        .unwrap()
}

/// The tool's answer to the call in this message, after it.
fn with_result(job: &Job, call: Message) -> Vec<Message> {
    let id = call.content().iter().find_map(|block| block.as_tool_use().ok()).unwrap().tool_use_id().to_owned();
    let content = ToolResultContentBlock::Text("21 degrees".to_owned());
    let result = ToolResultBlock::builder().tool_use_id(id).content(content).build().unwrap();
    vec![message(vec![ContentBlock::Text(job.text.clone())]), call, message(vec![ContentBlock::ToolResult(result)])]
}

async fn tools(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let asked = message(vec![ContentBlock::Text(job.text.clone())]);
    let request = client.converse().model_id(&job.model).messages(asked).tool_config(tool_config(job, true));
    let call = request.send().await?.output().unwrap().as_message().unwrap().clone();
    outcome.call = call.content().iter().find_map(|block| block.as_tool_use().ok()).map(|call| json_of(call.input()));
    let messages = Some(with_result(job, call));
    let request = client.converse().model_id(&job.model).set_messages(messages).tool_config(tool_config(job, false));
    told(&request.send().await?, outcome);
    Ok(())
}

async fn tools_stream(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let asked = message(vec![ContentBlock::Text(job.text.clone())]);
    let request = client.converse_stream().model_id(&job.model).messages(asked).tool_config(tool_config(job, true));
    let mut events = request.send().await?.stream;
    let (mut start, mut input) = (None, String::new());
    while let Some(event) = events.recv().await? {
        match event {
            ConverseStreamOutput::ContentBlockStart(event) => {
                start = event.start().and_then(|start| start.as_tool_use().ok()).cloned().or(start);
            }
            ConverseStreamOutput::ContentBlockDelta(event) => {
                if let Some(ContentBlockDelta::ToolUse(piece)) = event.delta() {
                    input.push_str(piece.input());
                }
            }
            _ => {}
        }
    }
    let (start, input): (_, Value) = (start.unwrap(), serde_json::from_str(&input).unwrap());
    let call = ToolUseBlock::builder().tool_use_id(start.tool_use_id()).name(start.name()).input(document(&input));
    let call =
        Message::builder().role(ConversationRole::Assistant).content(ContentBlock::ToolUse(call.build().unwrap()));
    outcome.call = Some(input);
    let messages = Some(with_result(job, call.build().unwrap()));
    let request = client.converse_stream().model_id(&job.model).set_messages(messages);
    pieces(request.tool_config(tool_config(job, false)).send().await?.stream, outcome).await
}

/// A JSON value as the SDK's own kind of value.
fn document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(flag) => Document::Bool(*flag),
        Value::Number(number) => number.as_i64().map_or(Document::Null, Document::from),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(items) => Document::Array(items.iter().map(document).collect()),
        Value::Object(members) => {
            Document::Object(members.iter().map(|(name, value)| (name.clone(), document(value))).collect())
        }
    }
}

fn json_of(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(flag) => Value::Bool(*flag),
        Document::Number(number) => json!(number.to_f64_lossy() as i64),
        Document::String(text) => Value::String(text.clone()),
        Document::Array(items) => Value::Array(items.iter().map(json_of).collect()),
        Document::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), json_of(value))).collect())
        }
    }
}

async fn stream(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let content = message(vec![ContentBlock::Text(job.text.clone())]);
    let request = client.converse_stream().model_id(&job.model).messages(content).inference_config(limits(job));
    pieces(request.send().await?.stream, outcome).await
}

type Events = EventReceiver<ConverseStreamOutput, ConverseStreamOutputError>;

async fn pieces(mut events: Events, outcome: &mut Outcome) -> Result<(), Failure> {
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

async fn embed(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let body = Blob::new(json!({"inputText": job.text}).to_string());
    let answer = client.invoke_model().model_id(&job.model).body(body).send().await?;
    let body: Value = serde_json::from_slice(answer.body().as_ref()).unwrap();
    outcome.vector = Some(body["embedding"].clone());
    Ok(())
}

async fn count(client: &Client, job: &Job, outcome: &mut Outcome) -> Result<(), Failure> {
    let asked = message(vec![ContentBlock::Text(job.text.clone())]);
    let input = CountTokensInput::Converse(ConverseTokensRequest::builder().messages(asked).build());
    let answer = client.count_tokens().model_id(&job.model).input(input).send().await?;
    outcome.text = format!("{} tokens", answer.input_tokens());
    Ok(())
}

fn counts(usage: &Value, given: &str, generated: &str) -> Option<(i64, i64)> {
    Some((usage[given].as_i64()?, usage[generated].as_i64()?))
}
