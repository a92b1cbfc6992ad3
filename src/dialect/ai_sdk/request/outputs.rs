//! What tools gave: the `output` of `tool-result` parts, in the types of both versions of the specification.

use serde_json::{Value, json};

use super::files;
use super::marks::{self, Marks, Speaker};
use crate::conversation::{Block, CachePoint, ToolResult};
use crate::dialect::losses::Losses;
use crate::dialect::path::Path;
use crate::dialect::read::Object;
use crate::error::{ApiCode, Error, Result};

/// What a model is told of a call that was not allowed, where no reason is given.
const DENIED: &str = "Tool call execution denied.";

/// What a tool gave.
#[derive(Default)]
struct Output {
    content: Vec<Block>,
    is_error: bool,
    /// Converse has cache points beside results, not in them.
    cache: Option<CachePoint>,
}

/// A `tool-result` part: the result, and a cache point after it where one is asked for.
pub(super) fn tool_result(part: &mut Object<'_>, marks: &Marks, losses: &mut Losses<'_>) -> Result<Vec<Block>> {
    let id = part.required_string("toolCallId", "give the id of the call that this answers")?;
    let given = part.take("output");
    let given = given.ok_or_else(|| Error::missing(part.at("output"), "give an object with a type"))?;
    let output = output(given, part.at("output"), losses)?;
    let result = ToolResult { param: part.place(), id, content: output.content, is_error: output.is_error };
    let mut blocks = vec![Block::ToolResult(result)];
    blocks.extend(marks.cache.or(output.cache).map(Block::CachePoint));
    Ok(blocks)
}

fn output(given: Value, path: Path<'_>, losses: &mut Losses<'_>) -> Result<Output> {
    let mut output = Object::read(given, path, "an object with a type")?;
    let marks = marks::take(&mut output, Speaker::Program, losses)?;
    let kind =
        output.required_string("type", "give text, json, error-text, error-json, execution-denied or content")?;
    let mut read = match kind.as_str() {
        "text" | "error-text" => said(output.required_string("value", "give the text")?),
        "json" | "error-json" => {
            let value = output.take("value").unwrap_or_default();
            Output { content: vec![Block::Verbatim(json!({ "json": value }))], ..Output::default() }
        }
        "execution-denied" => said(output.string("reason")?.unwrap_or_else(|| DENIED.to_owned())),
        "content" => content(&mut output, losses)?,
        _ => {
            let kinds = "must be text, json, error-text, error-json, execution-denied or content.";
            return Err(Error::invalid(output.at("type"), kinds));
        }
    };
    read.is_error = kind.starts_with("error-") || kind == "execution-denied";
    read.cache = read.cache.or(marks.cache);
    Ok(read)
}

fn said(text: String) -> Output {
    Output { content: vec![Block::Text(text)], ..Output::default() }
}

fn content(output: &mut Object<'_>, losses: &mut Losses<'_>) -> Result<Output> {
    let items = output.array("value", "an array of parts")?.unwrap_or_default();
    let place = output.at("value");
    let mut read = Output::default();
    for (index, item) in items.into_iter().enumerate() {
        let mut part = Object::read(item, place.item(index), "an object with a type")?;
        let marks = marks::take(&mut part, Speaker::Program, losses)?;
        read.content.extend(item_of(&mut part, &marks, losses)?);
        read.cache = marks.cache.or(read.cache);
    }
    Ok(read)
}

/// One part of what a tool gave. `media` is of version 2; `file-…` and `image-…` are of version 3.
fn item_of(part: &mut Object<'_>, marks: &Marks, losses: &mut Losses<'_>) -> Result<Option<Block>> {
    let kind = part.required_string("type", "give text or file")?;
    match kind.as_str() {
        "text" => part.required_string("text", "give the text").map(|text| Some(Block::Text(text))),
        "file" | "media" | "file-data" => files::file(part, marks).map(Some),
        "image-data" => as_image(part).and_then(|()| files::file(part, marks)).map(Some),
        "file-url" => files::file_in("url", part, marks).map(Some),
        "image-url" => as_image(part).and_then(|()| files::file_in("url", part, marks)).map(Some),
        "file-id" | "file-reference" | "image-file-id" | "image-file-reference" => {
            let message = "Bedrock keeps no files of its own. Give the bytes, a URL, or an s3:// URI.";
            Err(Error::invalid(part.at("type"), message).coded(ApiCode::UnsupportedValue))
        }
        _ => {
            losses.omitted(part.at(&kind), || format!("Bedrock has no part of type {kind:?}; it was left out."));
            Ok(None)
        }
    }
}

/// It is an image, also where its media type is not given.
fn as_image(part: &mut Object<'_>) -> Result<()> {
    let media_type = part.string("mediaType")?.unwrap_or_else(|| "image/*".to_owned());
    part.put("mediaType".to_owned(), Value::String(media_type));
    Ok(())
}
