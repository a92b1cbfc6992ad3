//! OpenAI's list of models: `GET /models`, `GET /models/{model}`.
//!
//! Source: `Model` and `ModelListResponse` of openai 7.55.

use serde::Serialize;

use crate::catalog::Listed;
use crate::error::{Error, Kind};

#[derive(Serialize)]
struct Model<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    owned_by: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shutdown_date: Option<&'a str>,
}

impl<'a> Model<'a> {
    fn of(listed: &'a Listed) -> Self {
        Model {
            id: &listed.id,
            object: "model",
            created: listed.created,
            owned_by: &listed.owner,
            shutdown_date: listed.shutdown_date.as_deref(),
        }
    }
}

/// The list.
pub fn render_list(models: &[Listed]) -> String {
    #[derive(Serialize)]
    struct List<'a> {
        object: &'static str,
        data: Vec<Model<'a>>,
    }
    let list = List { object: "list", data: models.iter().map(Model::of).collect() };
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_string(&list).unwrap_or_default()
}

/// One model.
pub fn render(model: &Listed) -> String {
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_string(&Model::of(model)).unwrap_or_default()
}

/// The error for a model that does not exist.
pub fn unknown(model: &str) -> Error {
    let message = format!(
        "The model '{model}' does not exist or you do not have access to it. models.list() gives those that do."
    );
    Error::new(Kind::UnknownModel, message).at("model")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn models_have_openais_shape() {
        let model = Listed {
            id: "us.amazon.nova-lite-v1:0".into(),
            owner: "amazon".into(),
            created: 7,
            shutdown_date: Some("2027-01-01".into()),
            ..Listed::default()
        };
        let expected = json!({
            "id": "us.amazon.nova-lite-v1:0",
            "object": "model",
            "created": 7,
            "owned_by": "amazon",
            "shutdown_date": "2027-01-01",
        });
        assert_eq!(serde_json::from_str::<Value>(&render(&model)).unwrap(), expected);
        let list: Value = serde_json::from_str(&render_list(&[model])).unwrap();
        assert_eq!(list, json!({"object": "list", "data": [expected]}));
        assert!(!render(&Listed::default()).contains("shutdown_date"));
    }
}
