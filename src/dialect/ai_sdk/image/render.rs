//! Pictures as the result of a call.

use serde_json::{Value, json};

use crate::conversation::Loss;
use crate::dialect::ai_sdk::{provider_metadata, warnings};

/// The result: pictures in base64, each with the seed it began with where that is known; tokens where the service counts them.
pub fn render(pictures: Vec<(String, Option<u32>)>, tokens: Option<u64>, losses: &[Loss]) -> Value {
    let about = |(_, seed): &(String, Option<u32>)| seed.map_or_else(|| json!({}), |seed| json!({ "seed": seed }));
    let about: Vec<Value> = pictures.iter().map(about).collect();
    let mut result = json!({
        "warnings": warnings(losses),
        "providerMetadata": provider_metadata(&json!({ "images": about })),
    });
    if let Some(tokens) = tokens {
        result["usage"] = json!({"inputTokens": tokens, "totalTokens": tokens});
    }
    result["images"] = pictures.into_iter().map(|(base64, _)| base64).collect();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_has_the_shape_that_ai_wants() {
        let result = render(vec![("QQ==".into(), Some(7)), ("Qg==".into(), None)], Some(12), &[]);
        let images = json!({"images": [{"seed": 7}, {}]});
        let expected = json!({
            "warnings": [],
            "providerMetadata": {"amazonBedrock": images, "bedrock": images},
            "usage": {"inputTokens": 12, "totalTokens": 12},
            "images": ["QQ==", "Qg=="],
        });
        assert_eq!(result, expected);
        assert!(render(Vec::new(), None, &[]).get("usage").is_none());
    }
}
