//! `LanguageModelV4CallOptions` as a request.

use serde_json::Value;

use crate::conversation::{Content, Loss, Message, Request, Role};
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{Error, Result};

/// What is known of a model besides its id: the second argument of `bedrock(modelId, settings)`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelSettings {
    /// Whose model an opaque ARN stands for: `anthropic`.
    pub family: Option<String>,
}

/// Reads a call of a language model.
pub fn parse(call: Value, _settings: &ModelSettings, _losses: &mut Vec<Loss>) -> Result<Request> {
    let Value::Object(members) = call else {
        return Err(Error::wrong_type("options", "an object", &call));
    };
    let mut call = Object::request(members);
    let mut request = Request { ..Request::default() };
    request.parameters.max_tokens = call.whole("maxOutputTokens", "a whole number of tokens", 1)?;
    for (index, item) in call.array("prompt", "an array of messages")?.unwrap_or_default().into_iter().enumerate() {
        let path = Path::field("prompt");
        let mut message = Object::read(item, path.item(index), "an object with a role")?;
        let role = message.required_string("role", "give one")?;
        match (role.as_str(), message.take("content")) {
            ("system", Some(Value::String(text))) => request.system.push(Content::Text(text)),
            (role, Some(Value::Array(parts))) => {
                let texts = parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>();
                let content = Content::Text(texts.join("\n"));
                let role = if role == "assistant" { Role::Assistant } else { Role::User };
                request.messages.push(Message { role, content, name: None });
            }
            _ => {}
        }
    }
    Ok(request)
}
