//! Vectors as OpenAI's clients read them.

use base64_simd::STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::{Error, Kind, Result};

/// How vectors are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// An array of numbers, to the digit as the service wrote it.
    #[default]
    Float,
    /// 32-bit floats, little-endian, in base64: what OpenAI's own clients ask for.
    Base64,
}

impl Encoding {
    /// The JSON of one vector.
    pub fn write(self, vector: Box<RawValue>) -> Result<String> {
        if !is_vector(vector.get()) {
            return Err(no_vector());
        }
        match self {
            Encoding::Float => Ok(Box::<str>::from(vector).into_string()),
            Encoding::Base64 => {
                let numbers: Vec<f32> = serde_json::from_str(vector.get()).map_err(|_| no_vector())?;
                let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                Ok(format!("\"{}\"", STANDARD.encode_to_string(bytes)))
            }
        }
    }
}

/// Whether a JSON text is a flat list of numbers: nothing else is written with these characters alone.
fn is_vector(json: &str) -> bool {
    let inner = json.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let of_number = |byte: u8| byte.is_ascii_digit() || b"+-.eE, \t\r\n".contains(&byte);
    inner.is_some_and(|inner| inner.bytes().any(|byte| byte.is_ascii_digit()) && inner.bytes().all(of_number))
}

fn no_vector() -> Error {
    Error::new(Kind::BrokenStream, "The service answered with an embedding that is no list of numbers. Try again.")
}

/// OpenAI's `CreateEmbeddingResponse`. `vectors` are what [`Encoding::write`] gave, in the order of the inputs.
pub fn render(model: &str, vectors: &[String], tokens: u64) -> String {
    #[derive(Serialize)]
    struct Usage {
        prompt_tokens: u64,
        total_tokens: u64,
    }
    let length: usize = vectors.iter().map(|vector| vector.len() + 64).sum();
    let mut json = String::with_capacity(length + 256);
    json.push_str(r#"{"object":"list","data":["#);
    for (index, vector) in vectors.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        json.push_str(&format!(r#"{comma}{{"object":"embedding","index":{index},"embedding":"#));
        json.push_str(vector);
        json.push('}');
    }
    let usage = Usage { prompt_tokens: tokens, total_tokens: tokens };
    // A string and two numbers: serialization has nothing to fail on.
    let rest = [serde_json::to_string(model), serde_json::to_string(&usage)].map(Result::unwrap_or_default);
    json.push_str(&format!(r#"],"model":{},"usage":{}}}"#, rest[0], rest[1]));
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn floats_keep_every_digit() {
        let written = "[-0.03898871690034866, 1e-7,2]";
        assert_eq!(Encoding::Float.write(raw(written)).unwrap(), written);
    }

    #[test]
    fn base64_is_little_endian() {
        // Buffer.from(new Float32Array([1, -0.5]).buffer).toString('base64')
        assert_eq!(Encoding::Base64.write(raw("[1,-0.5]")).unwrap(), "\"AACAPwAAAL8=\"");
    }

    #[test]
    fn what_is_no_vector_is_never_handed_on() {
        for json in ["null", "[]", "[null]", "[1,null]", "[[1]]", "[\"1\"]", "{}", "[NaN]", "[true]"] {
            let Ok(value) = RawValue::from_string(json.to_owned()) else { continue };
            for encoding in [Encoding::Float, Encoding::Base64] {
                assert!(encoding.write(value.clone()).is_err(), "{json}");
            }
        }
    }

    #[test]
    fn the_answer_has_openais_shape() {
        let json = render("amazon.titan-embed-text-v2:0", &["[1]".into(), "\"AAAA\"".into()], 7);
        let expected = json!({
            "object": "list",
            "data": [
                {"object": "embedding", "index": 0, "embedding": [1]},
                {"object": "embedding", "index": 1, "embedding": "AAAA"},
            ],
            "model": "amazon.titan-embed-text-v2:0",
            "usage": {"prompt_tokens": 7, "total_tokens": 7},
        });
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), expected);
    }
}
