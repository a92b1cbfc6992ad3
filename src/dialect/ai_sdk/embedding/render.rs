//! Vectors as the result of a call. They cross to JavaScript as base64 of 64-bit floats: exact, and read faster than digits.

use base64_simd::STANDARD;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::conversation::Loss;
use crate::dialect::ai_sdk::warnings;
use crate::error::{Error, Kind, Result};

/// One vector as it crosses: base64 of 64-bit floats, little-endian.
pub fn write(vector: &RawValue) -> Result<String> {
    let numbers: Vec<f64> = serde_json::from_str(vector.get()).map_err(|_| no_vector())?;
    if numbers.is_empty() {
        return Err(no_vector());
    }
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    Ok(STANDARD.encode_to_string(bytes))
}

fn no_vector() -> Error {
    Error::new(Kind::BrokenStream, "The service answered with an embedding that is no list of numbers. Try again.")
}

/// The result: `vectors` are what [`write`] gave, in the order of the values. What nobody has counted is not told.
pub fn render(vectors: Vec<String>, tokens: Option<u64>, losses: &[Loss]) -> Value {
    let mut result = json!({"embeddings": vectors, "warnings": warnings(losses)});
    if let Some(tokens) = tokens {
        result["usage"] = json!({ "tokens": tokens });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn vectors_are_exact() {
        // Buffer.from(new Float64Array([0.1, -0.5]).buffer).toString('base64')
        assert_eq!(write(&raw("[0.1, -0.5]")).unwrap(), "mpmZmZmZuT8AAAAAAADgvw==");
    }

    #[test]
    fn what_is_no_vector_is_never_handed_on() {
        for json in ["null", "[]", "[null]", "[1,null]", "[[1]]", "[\"1\"]", "{}", "[true]"] {
            assert!(write(&raw(json)).is_err(), "{json}");
        }
    }

    #[test]
    fn tokens_that_nobody_counted_are_not_told() {
        assert_eq!(render(vec!["AA==".into()], None, &[]), json!({"embeddings": ["AA=="], "warnings": []}));
        assert_eq!(render(Vec::new(), Some(7), &[])["usage"], json!({"tokens": 7}));
    }
}
