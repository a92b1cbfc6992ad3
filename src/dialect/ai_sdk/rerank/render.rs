//! An order of documents as the result of a call.

use serde_json::{Value, json};

use crate::conversation::Loss;
use crate::conversation::rerank::Ranked;
use crate::dialect::ai_sdk::{provider_metadata, warnings};

/// The result, the best document first, with the token of the results that are not in it.
pub fn render(ranked: &[Ranked], next_token: Option<&str>, losses: &[Loss]) -> Value {
    let one = |one: &Ranked| json!({"index": one.index, "relevanceScore": one.score});
    let ranking: Vec<Value> = ranked.iter().map(one).collect();
    let mut result = json!({"ranking": ranking, "warnings": warnings(losses)});
    if let Some(token) = next_token {
        result["providerMetadata"] = provider_metadata(&json!({ "nextToken": token }));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_has_the_shape_that_ai_wants() {
        let ranked = [Ranked { index: 1, score: 0.75 }];
        let expected = json!({"ranking": [{"index": 1, "relevanceScore": 0.75}], "warnings": []});
        assert_eq!(render(&ranked, None, &[]), expected);
        let token = json!({"nextToken": "t"});
        let metadata = json!({"amazonBedrock": token, "bedrock": token});
        assert_eq!(render(&ranked, Some("t"), &[])["providerMetadata"], metadata);
    }
}
