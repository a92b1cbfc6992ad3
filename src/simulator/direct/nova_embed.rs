//! Amazon Nova Multimodal Embeddings: one embedding of one input (recordings), or one of each segment, written to S3
//! (AWS's documentation).

use serde_json::{Value, json};

use super::asynchronous::File;
use super::{Made, Request, schema, vector};
use crate::simulator::backend::tokens;
use crate::simulator::exception::Exception;
use crate::simulator::native::Body;
use crate::simulator::native::body::{check_keys, decode};
use crate::simulator::wording;

const PURPOSES: &[&str] = &[
    "GENERIC_INDEX",
    "GENERIC_RETRIEVAL",
    "TEXT_RETRIEVAL",
    "IMAGE_RETRIEVAL",
    "VIDEO_RETRIEVAL",
    "DOCUMENT_RETRIEVAL",
    "AUDIO_RETRIEVAL",
    "CLASSIFICATION",
    "CLUSTERING",
];

/// Most tokens of a text.
const MOST_TOKENS: u64 = 8192;

/// The inputs; a request has one of them.
const INPUTS: &[&str] = &["text", "image", "audio", "video"];

/// The answer to a synchronous request.
pub(super) fn single(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    check_keys(body, &["taskType", "singleEmbeddingParams"], &["schemaVersion"])?;
    schema::one_of(body, "/taskType", &["SINGLE_EMBEDDING"])?;
    let params = body.get("singleEmbeddingParams");
    if params["embeddingPurpose"].is_null() {
        return Err(schema::missing("/singleEmbeddingParams", "embeddingPurpose"));
    }
    schema::one_of(body, "/singleEmbeddingParams/embeddingPurpose", PURPOSES)?;
    let known = [3072u64, 1024, 384, 256];
    let dimensions = schema::one_of(body, "/singleEmbeddingParams/embeddingDimension", &known)? as usize;
    let given: Vec<&str> = INPUTS.iter().copied().filter(|input| !params[input].is_null()).collect();
    let [input] = given.as_slice() else {
        return Err(wording::ONE_INPUT.refuse(&[&given.len()]));
    };
    let (embeddings, count) = match *input {
        "text" => text(request, dimensions)?,
        "image" => (vec![named("IMAGE", &params["image"], dimensions)], 0),
        "audio" => (vec![named("AUDIO", &params["audio"], dimensions)], 0),
        _ => (video(body, dimensions)?, 0),
    };
    Ok(Made { body: json!({ "embeddings": embeddings }), input_tokens: Some(count) })
}

/// Characters of a segment of text when the request does not say, and the fewest and most.
const USUAL_SEGMENT: u64 = 32_000;
const SEGMENT: (u64, u64) = (800, 50_000);

/// The files of an asynchronous request: the embeddings, and what became of the input.
pub(super) fn segmented(body: &Body, uri: &str) -> Result<Vec<File>, Exception> {
    check_keys(body, &["taskType"], &["schemaVersion", "singleEmbeddingParams", "segmentedEmbeddingParams"])?;
    let task = schema::one_of(body, "/taskType", &["SEGMENTED_EMBEDDING", "SINGLE_EMBEDDING"])?;
    let key = if task == "SINGLE_EMBEDDING" { "singleEmbeddingParams" } else { "segmentedEmbeddingParams" };
    let params = body.get(key);
    if !params.is_object() {
        return Err(schema::missing("", key));
    }
    schema::one_of(body, &format!("/{key}/embeddingPurpose"), PURPOSES)?;
    let dimensions = schema::one_of(body, &format!("/{key}/embeddingDimension"), &[3072u64, 1024, 384, 256])? as usize;
    let given: Vec<&str> = INPUTS.iter().copied().filter(|input| !params[input].is_null()).collect();
    let [input] = given.as_slice() else { return Err(wording::ONE_INPUT.refuse(&[&given.len()])) };
    let lines = match *input {
        "text" => {
            let pointer = format!("/{key}/text/segmentationConfig/maxLengthChars");
            let most = schema::count(body, &pointer, SEGMENT.0, SEGMENT.1, USUAL_SEGMENT)? as usize;
            segments(&params["text"], most, dimensions)
        }
        media => {
            let embedding = named(&media.to_uppercase(), &params[media], dimensions)["embedding"].take();
            vec![json!({"embedding": embedding, "segmentMetadata": {"segmentIndex": 0}, "status": "SUCCESS"})]
        }
    };
    let name = format!("embedding-{input}.jsonl");
    let result = json!({
        "sourceFileUri": params[input]["source"]["s3Location"]["uri"],
        "embeddingDimension": dimensions,
        "embeddingResults": [{
            "embeddingType": input.to_uppercase(),
            "status": "SUCCESS",
            "outputFileUri": format!("{uri}/{name}"),
        }],
    });
    Ok(vec![File::lines(&name, &lines), File::json("segmented-embedding-result.json", &result)])
}

fn segments(text: &Value, most: usize, dimensions: usize) -> Vec<Value> {
    let value = text["value"].as_str().or_else(|| text["source"]["s3Location"]["uri"].as_str()).unwrap_or_default();
    let characters: Vec<char> = value.chars().collect();
    let segment = |(index, piece): (usize, &[char])| {
        let text: String = piece.iter().collect();
        let start = index * most;
        json!({
            "embedding": vector::written(&vector::normalised(vector::of_text(&text, dimensions))),
            "segmentMetadata": {
                "segmentIndex": index,
                "segmentStartCharPosition": start,
                "segmentEndCharPosition": start + piece.len(),
            },
            "status": "SUCCESS",
        })
    };
    characters.chunks(most).enumerate().map(segment).collect()
}

fn text(request: &Request, dimensions: usize) -> Result<(Vec<Value>, u64), Exception> {
    let body = request.body;
    let mode = schema::one_of(body, "/singleEmbeddingParams/text/truncationMode", &["END", "START", "NONE"])?;
    let text = body.at("/singleEmbeddingParams/text");
    // A text in S3 is known by its address only.
    let value = text["value"].as_str().or_else(|| text["source"]["s3Location"]["uri"].as_str());
    let value = value.ok_or_else(|| schema::missing("/singleEmbeddingParams/text", "value"))?;
    schema::length("/singleEmbeddingParams/text/value", value, 1, usize::MAX)?;
    let count = tokens::count(value);
    let (kept, cut) = match mode {
        _ if count <= MOST_TOKENS => (value.to_owned(), None),
        "NONE" => return Err(wording::TOO_MANY_TOKENS.refuse(&[&MOST_TOKENS, &count])),
        mode => {
            let pieces: Vec<&str> = tokens::split(value).collect();
            let most = MOST_TOKENS as usize;
            let kept = if mode == "START" { pieces.get(pieces.len() - most..) } else { pieces.get(..most) };
            let kept = kept.unwrap_or_default().concat();
            (kept.clone(), Some(kept.chars().count()))
        }
    };
    let embedding = vector::written(&vector::normalised((request.embed)(&kept, dimensions)));
    let mut embedding = json!({"embeddingType": "TEXT", "embedding": embedding});
    if let Some(length) = cut {
        embedding["truncatedCharLength"] = length.into();
    }
    Ok((vec![embedding], count.min(MOST_TOKENS)))
}

fn video(body: &Body, dimensions: usize) -> Result<Vec<Value>, Exception> {
    let modes = ["AUDIO_VIDEO_COMBINED", "AUDIO_VIDEO_SEPARATE"];
    let mode = schema::one_of(body, "/singleEmbeddingParams/video/embeddingMode", &modes)?;
    let video = body.at("/singleEmbeddingParams/video");
    Ok(match mode {
        "AUDIO_VIDEO_SEPARATE" => vec![named("VIDEO", video, dimensions), named("AUDIO", video, dimensions)],
        combined => vec![named(combined, video, dimensions)],
    })
}

/// The embedding of a file; the sound of a video has another direction than its pictures.
fn named(name: &str, media: &Value, dimensions: usize) -> Value {
    let source = &media["source"];
    let bytes = source["bytes"].as_str().map(decode);
    let address = source["s3Location"]["uri"].as_str().unwrap_or_default();
    let mut bytes = bytes.unwrap_or_else(|| address.as_bytes().to_vec());
    bytes.extend(name.bytes());
    let embedding = vector::written(&vector::normalised(vector::of_bytes(&bytes, dimensions)));
    json!({"embeddingType": name, "embedding": embedding})
}
