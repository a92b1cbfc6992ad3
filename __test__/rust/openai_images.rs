//! OpenAI's image generation against the simulator: every family of image models.

use std::io::Cursor;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bedrock_wrapper::client::{Client, Told, images};
use bedrock_wrapper::conversation::Loss;
use bedrock_wrapper::error::{Error, Kind};
use image::{ImageFormat, ImageReader};
use serde_json::{Value, json};

use crate::openai_client::{json, pair, requests};

const CANVAS: &str = "amazon.nova-canvas-v1:0";

async fn asked(client: &Client, body: Value) -> Result<(Value, Vec<Loss>), Error> {
    let mut told = Told::default();
    let (answer, _) = images(client, body, &mut told).await?;
    assert!(told.request_id.is_some() && told.model_id.is_some() && told.region.is_some());
    Ok((json(&answer), told.losses))
}

/// Format, width and height.
fn told(base64: &str) -> (ImageFormat, u32, u32) {
    let reader = ImageReader::new(Cursor::new(BASE64_STANDARD.decode(base64).unwrap())).with_guessed_format().unwrap();
    let format = reader.format().unwrap();
    let (width, height) = reader.into_dimensions().unwrap();
    (format, width, height)
}

#[tokio::test]
async fn every_family_draws() {
    let (bedrock, client) = pair().await;
    for (model, size, (width, height)) in [
        (CANVAS, "640x384", (640, 384)),
        ("amazon.titan-image-generator-v2:0", "1024x512", (1173, 640)),
        ("amazon.titan-image-generator-v1", "512x512", (512, 512)),
        ("stability.stable-image-core-v1:1", "1024x1792", (768, 1344)),
        ("stability.stable-image-ultra-v1:1", "1024x1024", (1024, 1024)),
        ("stability.sd3-5-large-v1:0", "1536x1024", (1216, 832)),
    ] {
        let body = json!({"model": model, "prompt": "A red cat", "size": size, "negative_prompt": "dogs", "seed": 7});
        let (answer, _) = asked(&client, body).await.unwrap_or_else(|error| panic!("{model}: {error}"));
        let pictures = answer["data"].as_array().unwrap();
        assert_eq!(pictures.len(), 1, "{model}");
        let made = told(pictures[0]["b64_json"].as_str().unwrap());
        assert_eq!(made, (ImageFormat::Png, width, height), "{model}");
        assert!(answer["created"].as_u64() > Some(1_700_000_000));
    }
    bedrock.close().await;
}

#[tokio::test]
async fn several_pictures_are_different_ones_in_few_calls() {
    let (bedrock, client) = pair().await;
    for (model, size, calls) in [(CANVAS, "320x320", 2), ("stability.stable-image-core-v1:1", "1024x1024", 3)] {
        let before = requests(&bedrock).len();
        let n = if calls == 2 { 7 } else { 3 };
        let body = json!({"model": model, "prompt": "A red cat", "n": n, "size": size, "seed": 7});
        let (answer, _) = asked(&client, body).await.unwrap();
        let mut pictures: Vec<String> = answer["data"].as_array().unwrap().iter().map(Value::to_string).collect();
        assert_eq!((pictures.len(), requests(&bedrock).len() - before), (n, calls), "{model}");
        pictures.sort();
        pictures.dedup();
        assert_eq!(pictures.len(), n, "{model}: no picture comes twice");
    }
    // Without a seed the next request is another picture, as OpenAI's is.
    let body = json!({"model": CANVAS, "prompt": "A red cat", "size": "320x320"});
    let first = asked(&client, body.clone()).await.unwrap().0["data"].take();
    assert_ne!(first, asked(&client, body).await.unwrap().0["data"]);
    bedrock.close().await;
}

#[tokio::test]
async fn a_url_holds_the_picture_and_says_so() {
    let (bedrock, client) = pair().await;
    let body = json!({
        "model": "stability.stable-image-core-v1:1",
        "prompt": "A red cat",
        "response_format": "url",
        "output_format": "jpeg",
    });
    let (answer, losses) = asked(&client, body).await.unwrap();
    let base64 = answer["data"][0]["url"].as_str().unwrap().strip_prefix("data:image/jpeg;base64,").unwrap();
    assert_eq!(told(base64).0, ImageFormat::Jpeg);
    assert_eq!(losses[0].param.as_deref(), Some("response_format"));
    bedrock.close().await;
}

#[tokio::test]
async fn tasks_in_the_models_own_words_reach_it() {
    let (bedrock, client) = pair().await;
    let body = json!({"model": CANVAS, "prompt": "A red cat", "size": "320x320"});
    let picture = asked(&client, body).await.unwrap().0["data"][0]["b64_json"].take();
    let removal = json!({"taskType": "BACKGROUND_REMOVAL", "backgroundRemovalParams": {"image": picture}});
    let body = json!({"model": CANVAS, "prompt": "-", "additionalModelRequestFields": removal});
    assert_eq!(asked(&client, body).await.unwrap().0["data"].as_array().unwrap().len(), 1);
    let upscale = json!({
        "model": "stability.stable-fast-upscale-v1:0",
        "prompt": "A red cat",
        "additionalModelRequestFields": {"image": picture},
    });
    let (answer, losses) = asked(&client, upscale).await.unwrap();
    assert!(losses[0].message.contains("us.stability.stable-fast-upscale-v1:0"), "through its profile: {losses:?}");
    assert_eq!(told(answer["data"][0]["b64_json"].as_str().unwrap()), (ImageFormat::Png, 1280, 1280));
    bedrock.close().await;
}

#[tokio::test]
async fn what_cannot_be_drawn_is_refused() {
    let (bedrock, client) = pair().await;
    for (body, kind, param) in [
        (json!({"model": "dall-e-3", "prompt": "A cat"}), Kind::UnknownModel, Some("model")),
        (json!({"model": "us.amazon.nova-lite-v1:0", "prompt": "A cat"}), Kind::InvalidRequest, Some("model")),
        (json!({"model": CANVAS, "prompt": "A cat", "size": "3000x500"}), Kind::InvalidRequest, Some("size")),
        (json!({"model": CANVAS, "prompt": "A cat", "style": 7}), Kind::InvalidRequest, Some("style")),
    ] {
        let error = asked(&client, body).await.unwrap_err();
        assert_eq!((error.kind, error.param.as_deref()), (kind, param), "{error}");
    }
    assert!(requests(&bedrock).is_empty());
    let long = json!({"model": CANVAS, "prompt": "A cat ".repeat(500)});
    assert_eq!(asked(&client, long).await.unwrap_err().kind, Kind::Validation);
    bedrock.close().await;
}
