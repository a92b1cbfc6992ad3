//! Vectors from an embedding model, made to fit the dimensions of the model that it stands for.

use serde_json::{Value, json};

use super::service::{self, Service};
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;

impl Service {
    /// The vectors of texts, in their order.
    pub(in crate::simulator) async fn embed(
        &self,
        model: &Model,
        texts: &[String],
    ) -> Result<Vec<Vec<f32>>, Exception> {
        let body = |target: &super::config::Target| json!({ "model": target.tag, "input": texts });
        let (_, answer) = self.post(model, "embeddings", body).await?;
        vectors(&service::json(answer).await?, texts.len())
    }
}

/// The vectors in an answer; services may change their order and then say so.
fn vectors(answer: &Value, wanted: usize) -> Result<Vec<Vec<f32>>, Exception> {
    let mut out = vec![Vec::new(); wanted];
    for (at, item) in answer["data"].as_array().into_iter().flatten().enumerate() {
        let index = item["index"].as_u64().map_or(at, |index| usize::try_from(index).unwrap_or(usize::MAX));
        let numbers = item["embedding"].as_array().into_iter().flatten().filter_map(Value::as_f64);
        if let Some(place) = out.get_mut(index) {
            *place = numbers.map(|number| number as f32).collect();
        }
    }
    match out.iter().any(Vec::is_empty) {
        true => Err(Exception::new("ModelErrorException", "The backend did not embed all texts.")),
        false => Ok(out),
    }
}

/// A vector of so many dimensions: the first ones, or all and zeros, not normalised.
pub(in crate::simulator) fn fitted(vector: &[f32], dimensions: usize) -> Vec<f32> {
    let mut fitted = vector.to_vec();
    fitted.resize(dimensions, 0.0);
    fitted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_keep_the_order_of_their_texts() {
        let answer = json!({"data": [{"index": 1, "embedding": [2, 3]}, {"index": 0, "embedding": [0.5, 1]}]});
        assert_eq!(vectors(&answer, 2).unwrap(), [vec![0.5, 1.0], vec![2.0, 3.0]]);
        assert!(vectors(&answer, 3).is_err() && vectors(&json!({"error": "x"}), 1).is_err());
    }

    #[test]
    fn vectors_fit_the_dimensions_that_were_asked_for() {
        assert_eq!(fitted(&[1.0, 2.0, 3.0], 2), [1.0, 2.0]);
        assert_eq!(fitted(&[1.0], 3), [1.0, 0.0, 0.0]);
    }
}
