//! A request body as it crossed a boundary: JSON text, with its long strings beside it, or a value that was parsed.

use serde_json::Value;

use crate::error::{Error, Kind, Result};

/// Bodies of more bytes are parsed on a thread of their own.
const LARGE: usize = 128 * 1024;

/// A request body.
#[derive(Clone, Debug)]
pub enum Payload {
    /// One that has not been parsed.
    Text {
        /// JSON.
        json: String,
        /// Strings that were taken out of it.
        long: Vec<String>,
        /// What stands in their place: the string `{mark}{index}`, where the mark is one that the body does not hold.
        mark: String,
    },
    /// One that has.
    Parsed(Value),
}

impl Payload {
    /// A body that is all JSON.
    pub fn of(json: String) -> Payload {
        Payload::Text { json, long: Vec::new(), mark: String::new() }
    }

    /// The body as one value; what is long is parsed on a thread of its own.
    pub async fn parse(self) -> Result<Value> {
        match self {
            Payload::Parsed(body) => Ok(body),
            Payload::Text { json, long, mark } => {
                let length = json.len() + long.iter().map(String::len).sum::<usize>();
                apart(length, move || Payload::parse_here(json, long, &mark)).await
            }
        }
    }

    /// What `read` makes of the body's JSON; what is long is read on a thread of its own.
    pub(in crate::client) async fn read<T: Send + 'static>(
        self,
        read: impl FnOnce(String) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let json = match self {
            Payload::Text { json, long, .. } if long.is_empty() => json,
            other => other.parse().await?.to_string(),
        };
        apart(json.len(), move || read(json)).await
    }

    fn parse_here(json: String, mut long: Vec<String>, mark: &str) -> Result<Value> {
        let mut body: Value = serde_json::from_str(&json).map_err(|error| {
            let message = format!(
                "We could not parse the JSON body of your request: {error}. The API expects a JSON object in the body."
            );
            Error::new(Kind::InvalidRequest, message)
        })?;
        if !long.is_empty() {
            put_back(&mut body, &mut long, mark);
        }
        Ok(body)
    }
}

/// Does work on so many bytes, on a thread of its own where they are many.
async fn apart<T: Send + 'static>(length: usize, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    if length < LARGE {
        return work();
    }
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Error::new(Kind::Internal, "The request body could not be parsed.")))
}

/// Puts each long string where its mark stands. serde_json's limit of 128 levels bounds the recursion.
fn put_back(value: &mut Value, long: &mut [String], mark: &str) {
    match value {
        Value::String(text) => {
            let index = text.strip_prefix(mark).and_then(|index| index.parse::<usize>().ok());
            if let Some(taken) = index.and_then(|index| long.get_mut(index)) {
                *text = std::mem::take(taken);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put_back(item, long, mark)),
        Value::Object(members) => members.values_mut().for_each(|member| put_back(member, long, mark)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[tokio::test]
    async fn long_strings_come_back_where_they_stood() {
        let payload = Payload::Text {
            json: r#"{"messages":[{"content":"\u00001"},{"content":"\u00000"},{"content":"\u00007"}]}"#.to_owned(),
            long: vec!["a".repeat(LARGE), "b".to_owned()],
            mark: "\0".to_owned(),
        };
        let body = payload.parse().await.unwrap();
        assert_eq!(body["messages"][0], json!({"content": "b"}));
        assert_eq!(body["messages"][1]["content"].as_str().map(str::len), Some(LARGE));
        assert_eq!(body["messages"][2], json!({"content": "\u{0}7"}), "a mark without a string is left alone");
    }

    #[tokio::test]
    async fn what_is_no_json_is_the_callers_fault() {
        let error = Payload::of("{".to_owned()).parse().await.unwrap_err();
        assert_eq!(error.kind, Kind::InvalidRequest);
        assert!(error.message.starts_with("We could not parse the JSON body"));
    }
}
