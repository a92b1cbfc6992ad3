//! Pictures as OpenAI's clients read them.

use serde::Serialize;

use crate::conversation::image_generation::Format;

/// Where a picture stands in the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placing {
    /// `b64_json`.
    #[default]
    Base64,
    /// `url`, as a data URL.
    DataUrl,
}

/// OpenAI's `ImagesResponse`. `pictures` are base64; `created` is in seconds since 1970.
pub fn render(created: u64, pictures: &[String], format: Format, placing: Placing, tokens: Option<u64>) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        created: u64,
        data: Vec<Picture<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        usage: Option<Usage>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Picture<'a> {
        B64Json(&'a str),
        Url(String),
    }
    #[derive(Serialize)]
    struct Usage {
        input_tokens: u64,
        input_tokens_details: Details,
        output_tokens: u64,
        total_tokens: u64,
    }
    #[derive(Serialize)]
    struct Details {
        text_tokens: u64,
        image_tokens: u64,
    }
    let picture = |base64: &'_ String| match placing {
        Placing::Base64 => None,
        Placing::DataUrl => Some(format!("data:image/{};base64,{base64}", format.as_str())),
    };
    let data = pictures.iter().map(|base64| picture(base64).map_or(Picture::B64Json(base64), Picture::Url)).collect();
    let usage = tokens.map(|tokens| Usage {
        input_tokens: tokens,
        input_tokens_details: Details { text_tokens: tokens, image_tokens: 0 },
        output_tokens: 0,
        total_tokens: tokens,
    });
    // Strings and numbers: serialization has nothing to fail on.
    serde_json::to_string(&Answer { created, data, usage }).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_answer_has_openais_shape() {
        let pictures = ["QQ==".to_owned(), "Qg==".to_owned()];
        let answer: Value = serde_json::from_str(&render(7, &pictures, Format::Png, Placing::Base64, None)).unwrap();
        assert_eq!(answer, json!({"created": 7, "data": [{"b64_json": "QQ=="}, {"b64_json": "Qg=="}]}));
        let answer = render(7, &pictures[..1], Format::Webp, Placing::DataUrl, Some(3));
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["data"], json!([{"url": "data:image/webp;base64,QQ=="}]));
        assert_eq!((&answer["usage"]["input_tokens"], &answer["usage"]["total_tokens"]), (&json!(3), &json!(3)));
    }
}
