//! What the gateway has to know of a request besides passing it on.

use http::HeaderMap;
use serde_json::Value;

use super::exchange::Parameters;
use super::route::Operation;

/// A request of OpenAI's API, as keys, limits and routing look at it.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) operation: Operation,
    /// The model as the caller names it; empty where the request has none, which the engine refuses.
    pub(super) model: String,
    /// The models that this name stands for, where the caller's key has to know.
    pub(super) behind: Vec<String>,
    /// Models that it names besides, to fall back on.
    pub(super) fallbacks: Vec<String>,
    /// Whether the answer comes as a stream.
    pub(super) streamed: bool,
    /// What says that requests belong together, so that they meet the same prompt cache.
    pub(super) affinity: Option<String>,
    /// Tokens it will take, estimated: of the request's text, and the most of the answer where the caller names it.
    pub(super) estimated_tokens: u64,
    /// What shapes the answer.
    pub(super) parameters: Parameters,
    /// Headers that mean something to the engine.
    pub(super) headers: Vec<(String, String)>,
}

/// Bytes of JSON that make a token, roughly.
const BYTES_A_TOKEN: usize = 4;
/// What a picture comes to, roughly (Anthropic, "Vision": 1,600 at most).
const TOKENS_A_FILE: usize = 1_600;
/// A URL is not longer; beyond it, it holds the file itself.
const LONGEST_URL: usize = 2_048;

impl Ask {
    /// Reads a request that has no body.
    pub(super) fn without_body(operation: Operation, headers: &HeaderMap) -> Ask {
        let headers = of_interest(headers);
        Ask {
            operation,
            model: String::new(),
            behind: Vec::new(),
            fallbacks: Vec::new(),
            streamed: false,
            affinity: None,
            estimated_tokens: 0,
            parameters: Parameters::default(),
            headers,
        }
    }

    /// Reads a request; `size` is that of its body in bytes.
    pub(super) fn of(operation: Operation, headers: &HeaderMap, body: &Value, size: usize) -> Ask {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| body.get(name).and_then(Value::as_u64);
        let max_tokens = number("max_completion_tokens").or_else(|| number("max_tokens"));
        let fraction = |name: &str| body.get(name).and_then(Value::as_f64);
        Ask {
            operation,
            model: text("model").unwrap_or_default(),
            behind: Vec::new(),
            fallbacks: named_besides(body),
            streamed: body.get("stream") == Some(&Value::Bool(true)),
            affinity: text("prompt_cache_key").or_else(|| text("user")),
            estimated_tokens: estimate(body, size).saturating_add(max_tokens.unwrap_or(0)),
            parameters: Parameters { temperature: fraction("temperature"), top_p: fraction("top_p"), max_tokens },
            headers: of_interest(headers),
        }
    }
}

/// Tokens of a request of `size` bytes. Files in base64 are not read letter by letter.
fn estimate(body: &Value, size: usize) -> u64 {
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let file = |part: &Value| {
        let file = &part[part["type"].as_str()?];
        let names = ["url", "data", "file_data"];
        let text = names.into_iter().find_map(|name| file[name].as_str())?;
        (text.len() > LONGEST_URL).then_some(text.len())
    };
    let files = messages.iter().flat_map(|message| message["content"].as_array()).flatten().filter_map(file);
    let (bytes, count) = files.fold((0, 0), |(bytes, count), file| (bytes + file, count + 1));
    (size.saturating_sub(bytes) / BYTES_A_TOKEN + count * TOKENS_A_FILE) as u64
}

/// Headers that name a guardrail (API reference, "InvokeModel").
const GUARDRAIL: [&str; 2] = ["x-amzn-bedrock-guardrailidentifier", "x-amzn-bedrock-guardrailversion"];

impl Ask {
    /// Lets the guardrail of the settings judge, where the request names none.
    pub(super) fn guarded_by(&mut self, guardrail: Option<&str>) {
        let judged = matches!(self.operation, Operation::ChatCompletions | Operation::Moderations);
        let named = self.headers.iter().any(|(name, _)| GUARDRAIL.contains(&name.as_str()));
        let Some(guardrail) = guardrail.filter(|_| judged && !named) else { return };
        let is_version = |part: &str| part == "DRAFT" || part.bytes().all(|byte| byte.is_ascii_digit());
        let split = guardrail.rsplit_once(':').filter(|(_, behind)| is_version(behind));
        let (id, version) = split.unwrap_or((guardrail, "DRAFT"));
        self.headers.extend(GUARDRAIL.map(str::to_owned).into_iter().zip([id.to_owned(), version.to_owned()]));
    }
}

/// Every model that a body names besides its `model`, in each place where the engine looks for one: `models` and
/// `fallbacks`, whose items are names or objects with one, and the same below `extra_body`.
fn named_besides(body: &Value) -> Vec<String> {
    let lists = |fields: &Value| {
        let lists = ["models", "fallbacks"].into_iter().filter_map(|name| fields.get(name)?.as_array().cloned());
        lists.flatten().collect::<Vec<Value>>()
    };
    let mut named = lists(body);
    if let Some(extra) = body.get("extra_body") {
        named.extend(lists(extra));
        named.extend(extra.get("model").cloned());
    }
    let name = |item: &Value| item.as_str().or_else(|| item.get("model")?.as_str()).map(str::to_owned);
    named.iter().filter_map(name).collect()
}

/// Headers that the engine reads; no others go further, least of all the key.
fn of_interest(headers: &HeaderMap) -> Vec<(String, String)> {
    let named =
        |name: &str| name.starts_with("x-amzn-bedrock-") || ["anthropic-beta", "x-reasoning-format"].contains(&name);
    let kept = headers.iter().filter(|(name, _)| named(name.as_str()));
    kept.filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ask(body: &Value) -> Ask {
        Ask::of(Operation::ChatCompletions, &HeaderMap::new(), body, body.to_string().len())
    }

    #[test]
    fn a_file_counts_as_a_file_and_not_by_its_letters() {
        let text = json!({"model": "m", "messages": [{"role": "user", "content": "Hi"}]});
        assert!(ask(&text).estimated_tokens < 20);
        let picture = json!({"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{}", "A".repeat(900_000))}});
        let pictures = json!({"messages": [{"role": "user", "content": [picture, picture]}], "max_tokens": 100});
        let estimated = ask(&pictures).estimated_tokens;
        assert!((3_300..3_500).contains(&estimated), "{estimated}");
        let odd =
            json!({"messages": [1, {"content": [{"type": "image_url"}, {"type": 1}, "text"]}], "max_tokens": u64::MAX});
        assert_eq!(ask(&odd).estimated_tokens, u64::MAX);
    }

    #[test]
    fn every_model_that_is_named_is_found() {
        let body = json!({
            "model": "a", "models": ["b"], "fallbacks": ["c", {"model": "d"}, 5],
            "extra_body": {"model": "e", "models": ["f"], "fallbacks": [{"model": "g"}]},
        });
        assert_eq!(ask(&body).fallbacks, ["b", "c", "d", "f", "g", "e"]);
        assert_eq!(ask(&json!({"models": "b", "extra_body": []})).fallbacks, Vec::<String>::new());
    }
}
