//! `input`: a text, tokens, a picture, or a list of them.
//!
//! Beyond OpenAI's four forms an item may be an object: `{text}`, `{image_url}` (a URL, data URL or `{url}`), both
//! together, or Chat Completions' `{content: [parts]}`.

use serde_json::{Map, Value};

use super::tokens;
use crate::conversation::embedding::Input;
use crate::conversation::{Image, ImageSource};
use crate::dialect::read::whole_number;
use crate::error::{Error, Result};

/// Most items of a list (OpenAI's API reference).
const MOST_ITEMS: usize = 2048;
/// Most tokens of an item: what the longest model takes (Cohere Embed v4).
const MOST_TOKENS: usize = 131_072;
/// Most parts of one item.
const MOST_PARTS: usize = 16;

/// The inputs, and whether there was one that stood by itself.
pub(super) fn parse(input: Option<Value>) -> Result<(Vec<Input>, bool)> {
    match input {
        None => Err(Error::missing("input", "give a string or an array of strings")),
        Some(Value::Array(items)) if items.is_empty() => Err(Error::invalid("input", "must not be an empty array.")),
        Some(Value::Array(items)) if items.iter().all(Value::is_number) => {
            Ok((vec![of_tokens(&items, "input")?], true))
        }
        Some(Value::Array(items)) if items.len() > MOST_ITEMS => {
            let message = format!("must have at most {MOST_ITEMS} items, not {}; make several calls.", items.len());
            Err(Error::invalid("input", message))
        }
        Some(Value::Array(items)) => {
            let item = |(index, item)| of_item(item, &format!("input[{index}]"));
            let inputs = items.into_iter().enumerate().map(item).collect::<Result<_>>()?;
            Ok((inputs, false))
        }
        Some(one) => Ok((vec![of_item(one, "input")?], true)),
    }
}

fn of_item(item: Value, param: &str) -> Result<Input> {
    match item {
        Value::String(text) if text.is_empty() => Err(Error::invalid(param, "must not be an empty string.")),
        Value::String(text) => Ok(Input { text: Some(text), image: None }),
        Value::Array(numbers) => of_tokens(&numbers, param),
        Value::Object(members) => of_object(members, param),
        other => Err(Error::wrong_type(param, "a string, an array of tokens, or an object", &other)),
    }
}

fn of_tokens(tokens: &[Value], param: &str) -> Result<Input> {
    if tokens.is_empty() {
        return Err(Error::invalid(param, "must not be an empty array."));
    }
    if tokens.len() > MOST_TOKENS {
        return Err(Error::invalid(param, format!("must have at most {MOST_TOKENS} tokens, not {}.", tokens.len())));
    }
    let mut bytes = Vec::with_capacity(tokens.len() * 4);
    for (index, token) in tokens.iter().enumerate() {
        let number = whole_number(token);
        let Some(text) = number.and_then(tokens::bytes) else {
            let place = format!("{param}[{index}]");
            return Err(match token {
                Value::Number(_) => Error::invalid(place, format!("{token} is no token of cl100k_base.")),
                other => Error::wrong_type(place, "a token, which is a whole number", other),
            });
        };
        bytes.extend_from_slice(text);
    }
    // As tiktoken decodes: what is no UTF-8 by itself becomes U+FFFD.
    let text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Input { text: Some(text), image: None })
}

fn of_object(mut members: Map<String, Value>, param: &str) -> Result<Input> {
    let mut input = Input::default();
    match take(&mut members, "content") {
        None => add(&mut input, members, param)?,
        Some(Value::Array(parts)) if parts.len() > MOST_PARTS => {
            return Err(Error::invalid(format!("{param}.content"), format!("must have at most {MOST_PARTS} parts.")));
        }
        Some(Value::Array(parts)) => {
            for (index, part) in parts.into_iter().enumerate() {
                let place = format!("{param}.content[{index}]");
                match part {
                    Value::Object(members) => add(&mut input, members, &place)?,
                    other => return Err(Error::wrong_type(place, "an object with text or image_url", &other)),
                }
            }
        }
        Some(other) => return Err(Error::wrong_type(format!("{param}.content"), "an array of parts", &other)),
    }
    if input.text.is_none() && input.image.is_none() {
        return Err(Error::invalid(param, "must have text or image_url."));
    }
    Ok(input)
}

/// Adds what one part says.
fn add(input: &mut Input, mut part: Map<String, Value>, param: &str) -> Result<()> {
    match take(&mut part, "text") {
        None => {}
        Some(Value::String(text)) if text.is_empty() => {
            return Err(Error::invalid(format!("{param}.text"), "must not be an empty string."));
        }
        Some(Value::String(text)) => match &mut input.text {
            Some(before) => *before = format!("{before}\n{text}"),
            None => input.text = Some(text),
        },
        Some(other) => return Err(Error::wrong_type(format!("{param}.text"), "a string", &other)),
    }
    for name in ["image_url", "image"] {
        let Some(value) = take(&mut part, name) else { continue };
        let (place, reference) = reference(value, format!("{param}.{name}"))?;
        if input.image.is_some() {
            return Err(Error::invalid(
                place,
                "a vector is made of one picture at most; give each an item of its own.",
            ));
        }
        input.image = Some(Image { param: place, source: ImageSource::Reference(reference), guarded: false });
    }
    Ok(())
}

/// The URL of a picture and its place: OpenAI's `{url}`, or the URL itself.
fn reference(value: Value, param: String) -> Result<(String, String)> {
    match value {
        Value::String(url) => Ok((param, url)),
        Value::Object(mut members) => match take(&mut members, "url") {
            Some(Value::String(url)) => Ok((format!("{param}.url"), url)),
            Some(other) => Err(Error::wrong_type(format!("{param}.url"), "a string", &other)),
            None => Err(Error::missing(format!("{param}.url"), "give a URL or data URL")),
        },
        other => Err(Error::wrong_type(param, "a URL, a data URL or an object with url", &other)),
    }
}

/// Takes a member that is there and not `null`.
fn take(members: &mut Map<String, Value>, name: &str) -> Option<Value> {
    members.remove(name).filter(|value| !value.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts(input: Value) -> Vec<String> {
        parse(Some(input)).unwrap().0.into_iter().filter_map(|input| input.text).collect()
    }

    #[test]
    fn openais_four_forms_are_texts() {
        assert_eq!(texts(json!("Hello")), ["Hello"]);
        assert_eq!(texts(json!(["Hello", "world"])), ["Hello", "world"]);
        assert_eq!(texts(json!([9906, 11, 1917, 0])), ["Hello, world!"]);
        assert_eq!(texts(json!([[9906], [1917, 0.0]])), ["Hello", " world!"]);
        assert_eq!(texts(json!(["Hello", [1917]])), ["Hello", " world"]);
        assert_eq!(texts(json!([[220, 57668]])), [" 你"]);
        assert_eq!(texts(json!([[222]])), ["\u{fffd}"], "half of a character");
    }

    #[test]
    fn only_what_is_no_list_stands_by_itself() {
        for (input, is_single) in [(json!("a"), true), (json!([1, 2]), true), (json!(["a"]), false)] {
            assert_eq!(parse(Some(input)).unwrap().1, is_single);
        }
    }

    #[test]
    fn pictures_come_in_the_shapes_that_clients_send() {
        for item in [
            json!({"image_url": "data:image/png;base64,AA=="}),
            json!({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}),
            json!({"image": "data:image/png;base64,AA=="}),
            json!({"content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]}),
        ] {
            let (inputs, _) = parse(Some(json!([item]))).unwrap();
            assert!(inputs[0].text.is_none() && inputs[0].image.is_some(), "{item}");
        }
        let (inputs, _) = parse(Some(json!({"text": "A cat", "image_url": "https://a.example/cat.png"}))).unwrap();
        assert_eq!(inputs[0].text.as_deref(), Some("A cat"));
        assert_eq!(inputs[0].image.as_ref().unwrap().param, "input.image_url");
    }

    #[test]
    fn what_is_wrong_is_named_by_its_path() {
        let many = Value::from(vec!["a"; 2049]);
        for (input, param) in [
            (json!(null), "input"),
            (json!(""), "input"),
            (json!([]), "input"),
            (json!(true), "input"),
            (many, "input"),
            (json!(["a", ""]), "input[1]"),
            (json!(["a", 7]), "input[1]"),
            (json!(["a", null]), "input[1]"),
            (json!([[]]), "input[0]"),
            (json!([1, 100_256]), "input[1]"),
            (json!([[1, "a"]]), "input[0][1]"),
            (json!([[1, -1]]), "input[0][1]"),
            (json!([[1, 1.5]]), "input[0][1]"),
            (json!([{}]), "input[0]"),
            (json!([{"text": ""}]), "input[0].text"),
            (json!([{"text": 7}]), "input[0].text"),
            (json!([{"image_url": {}}]), "input[0].image_url.url"),
            (json!([{"image_url": 7}]), "input[0].image_url"),
            (json!([{"content": "a"}]), "input[0].content"),
            (json!([{"content": ["a"]}]), "input[0].content[0]"),
            (json!([{"content": [{"image": "a"}, {"image": "b"}]}]), "input[0].content[1].image"),
        ] {
            let error = parse(Some(input.clone()).filter(|input| !input.is_null())).unwrap_err();
            let told = error.message.split(": ").next();
            assert_eq!(told, Some(param), "{input}: {error}");
            assert_eq!(error.param.as_deref(), Some(param), "{input}: {error}");
        }
    }
}
