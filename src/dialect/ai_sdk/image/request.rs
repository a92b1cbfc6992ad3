//! The options of a call as a request.

use serde_json::{Map, Value};

use super::fields::FIELDS;
use crate::conversation::image_generation::{Quality, Request};
use crate::conversation::{Image, ImageSource};
use crate::dialect::ai_sdk::provider_options;
use crate::dialect::path::Path;
use crate::dialect::read::{Object, pair};
use crate::error::{Error, Result};

/// Most pictures of a call.
const MOST_PICTURES: u32 = 10;
/// Most pictures that a call brings along; models take five at most.
const MOST_FILES: usize = 16;
/// The longest side that is read; what a model makes is far less.
const LONGEST_SIDE: u32 = 16_384;

/// Options that are parameters of one task.
const OF_TASKS: &[&str] = &["controlMode", "controlStrength", "maskPrompt", "outPaintingMode", "similarityStrength"];

/// Reads a call. Members of the specification that are not known here are tolerated.
pub fn parse(call: Value) -> Result<Request> {
    let mut call = match call {
        Value::Object(members) => Object::request(members),
        other => return Err(Error::wrong_type("options", "an object", &other)),
    };
    let mut options = provider_options::take(&mut call)?;
    Ok(Request {
        prompt: call.string("prompt")?.unwrap_or_default(),
        negative_prompt: options.string("negativeText")?.filter(|text| !text.is_empty()),
        task: options.string("taskType")?,
        task_params: task_params(&mut options),
        images: files(&mut call)?,
        mask: call.take("mask").map(|mask| file(mask, Path::field("mask"))).transpose()?.flatten(),
        count: count(&mut call)?,
        size: sides(&mut call, "size", 'x', "width and height in pixels, e.g. \"1024x1024\"")?,
        aspect: sides(&mut call, "aspectRatio", ':', "a ratio, e.g. \"16:9\"")?,
        quality: quality(&mut options)?,
        style: options.string("style")?,
        guidance: options.number("cfgScale")?,
        seed: call.whole("seed", "a whole number", 0)?,
        format: None,
        extra: provider_options::others(&mut options, FIELDS),
    })
}

fn count(call: &mut Object<'_>) -> Result<u32> {
    let count = call.whole("n", "a whole number of pictures", 1)?.unwrap_or(1);
    if count > MOST_PICTURES {
        return Err(Error::invalid("n", format!("must be at most {MOST_PICTURES}.")));
    }
    Ok(count)
}

fn sides(call: &mut Object<'_>, name: &str, separator: char, wanted: &str) -> Result<Option<(u32, u32)>> {
    let Some(text) = call.string(name)? else { return Ok(None) };
    let sides = pair(&text, separator, LONGEST_SIDE);
    sides.map(Some).ok_or_else(|| Error::invalid(name, format!("must be {wanted}.")))
}

fn quality(options: &mut Object<'_>) -> Result<Option<Quality>> {
    match options.string("quality")?.as_deref() {
        None => Ok(None),
        Some("standard") => Ok(Some(Quality::Standard)),
        Some("premium") => Ok(Some(Quality::Premium)),
        Some(_) => Err(Error::invalid(options.at("quality"), "must be \"standard\" or \"premium\".")),
    }
}

/// As they are: what a task makes of them, the service judges.
fn task_params(options: &mut Object<'_>) -> Map<String, Value> {
    OF_TASKS.iter().filter_map(|name| Some(((*name).to_owned(), options.take(name)?))).collect()
}

fn files(call: &mut Object<'_>) -> Result<Vec<Image>> {
    let items = call.array("files", "an array of files")?.unwrap_or_default();
    if items.len() > MOST_FILES {
        return Err(Error::invalid("files", format!("must have at most {MOST_FILES} items, not {}.", items.len())));
    }
    let path = Path::field("files");
    let file = |(index, item)| {
        let place = path.item(index);
        file(item, place)?.ok_or_else(|| Error::missing(place.member("type"), "\"file\" or \"url\""))
    };
    items.into_iter().enumerate().map(file).collect()
}

/// A picture with its data, or behind a URL; nothing for an object without a type, which `ai` gives for a mask that is not
/// there.
fn file(item: Value, place: Path<'_>) -> Result<Option<Image>> {
    let mut file = Object::read(item, place, "an object with type")?;
    let member = match file.string("type")?.as_deref() {
        None => return Ok(None),
        Some("file") => "data",
        Some("url") => "url",
        Some(_) => return Err(Error::invalid(file.at("type"), "must be \"file\" or \"url\".")),
    };
    let reference = file.required_string(member, "give a picture")?;
    Ok(Some(Image { param: file.at(member).into(), source: ImageSource::Reference(reference), guarded: false }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_option_finds_its_place() {
        let request = parse(json!({
            "prompt": "A cat", "n": 2, "size": "512x768", "aspectRatio": "16:9", "seed": 0,
            "files": [{"type": "file", "mediaType": "image/png", "data": "QQ=="}, {"type": "url", "url": "https://a.example/b.png"}],
            "mask": {"type": "file", "mediaType": "image/png", "data": "Qg=="},
            "providerOptions": {"amazonBedrock": {
                "quality": "premium", "negativeText": "dogs", "cfgScale": 7.5, "style": "PHOTOREALISM",
                "taskType": "OUTPAINTING", "outPaintingMode": "PRECISE", "maskPrompt": "sky",
                "similarityStrength": 0.5, "controlMode": "SEGMENTATION", "controlStrength": 0.3, "steps": 30,
            }},
            "somethingNew": 1,
        }));
        let request = request.unwrap();
        assert_eq!((request.prompt.as_str(), request.count, request.seed), ("A cat", 2, Some(0)));
        assert_eq!((request.size, request.aspect), (Some((512, 768)), Some((16, 9))));
        assert_eq!((request.quality, request.guidance), (Some(Quality::Premium), Some(7.5)));
        assert_eq!(
            (request.negative_prompt.as_deref(), request.style.as_deref()),
            (Some("dogs"), Some("PHOTOREALISM"))
        );
        assert_eq!(request.task.as_deref(), Some("OUTPAINTING"));
        assert_eq!(request.task_params.keys().collect::<Vec<_>>(), OF_TASKS);
        assert_eq!(Value::Object(request.extra), json!({"steps": 30}));
        let places: Vec<&str> = request.images.iter().chain(&request.mask).map(|image| image.param.as_str()).collect();
        assert_eq!(places, ["files[0].data", "files[1].url", "mask.data"]);
    }

    #[test]
    fn what_is_undefined_is_absent() {
        let request = parse(json!({"n": 1, "mask": {}, "files": null, "providerOptions": {}})).unwrap();
        assert!(request.prompt.is_empty() && request.mask.is_none() && request.images.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (call, message) in [
            (json!({"n": 0}), "n: must be a whole number of pictures, 1 or more."),
            (json!({"n": 11}), "n: must be at most 10."),
            (json!({"size": "big"}), "size: must be width and height in pixels, e.g. \"1024x1024\"."),
            (json!({"aspectRatio": "16:0"}), "aspectRatio: must be a ratio, e.g. \"16:9\"."),
            (json!({"seed": -1}), "seed: must be a whole number, 0 or more."),
            (json!({"files": [{}]}), "files[0].type: is missing; \"file\" or \"url\"."),
            (json!({"files": [{"type": "url"}]}), "files[0].url: is missing; give a picture."),
            (json!({"mask": {"type": "text"}}), "mask.type: must be \"file\" or \"url\"."),
            (
                json!({"providerOptions": {"bedrock": {"quality": "best"}}}),
                "providerOptions.bedrock.quality: must be \"standard\" or \"premium\".",
            ),
        ] {
            assert_eq!(parse(call).unwrap_err().message, message);
        }
    }
}
