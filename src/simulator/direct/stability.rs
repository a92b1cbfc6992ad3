//! Stability AI: Stable Diffusion 3, Stable Image Core and Ultra, SDXL, and the editing services (AWS's documentation).

use image::{ImageFormat, RgbaImage};
use serde_json::{Value, json};

use super::{Made, Request, canvas, picture, schema};
use crate::simulator::exception::Exception;
use crate::simulator::native::Body;
use crate::simulator::native::body::check_keys_present;
use crate::simulator::wording;

const MOST_CHARACTERS: usize = 10_000;
const LARGEST_SEED: u64 = 4_294_967_294;

/// `aspect_ratio` → width and height.
const ASPECTS: &[(&str, u32, u32)] = &[
    ("1:1", 1024, 1024),
    ("16:9", 1344, 768),
    ("21:9", 1536, 640),
    ("2:3", 832, 1216),
    ("3:2", 1216, 832),
    ("4:5", 896, 1088),
    ("5:4", 1088, 896),
    ("9:16", 768, 1344),
    ("9:21", 640, 1536),
];

/// Sizes of SDXL 1.0.
const SDXL_SIZES: &[(u64, u64)] = &[
    (1024, 1024),
    (1152, 896),
    (1216, 832),
    (1344, 768),
    (1536, 640),
    (640, 1536),
    (768, 1344),
    (832, 1216),
    (896, 1152),
];

/// What a service does to a picture.
#[derive(Clone, Copy)]
enum Effect {
    /// So many times as wide and high.
    Upscale(u32),
    /// Painted over all of it.
    Repaint,
    /// Painted where the mask is white, or in the middle.
    Inpaint,
    /// Painted around it.
    Outpaint,
    RemoveBackground,
    /// In the colours of another picture.
    Restyle,
}

/// Part of the id → required members, effect.
const SERVICES: &[(&str, &[&str], Effect)] = &[
    ("creative-upscale", &["image", "prompt"], Effect::Upscale(2)),
    ("conservative-upscale", &["image", "prompt"], Effect::Upscale(2)),
    ("fast-upscale", &["image"], Effect::Upscale(4)),
    ("control-sketch", &["image", "prompt"], Effect::Repaint),
    ("control-structure", &["image", "prompt"], Effect::Repaint),
    ("erase-object", &["image"], Effect::Inpaint),
    ("inpaint", &["image", "prompt"], Effect::Inpaint),
    ("remove-background", &["image"], Effect::RemoveBackground),
    ("search-recolor", &["image", "prompt", "select_prompt"], Effect::Inpaint),
    ("search-replace", &["image", "prompt", "search_prompt"], Effect::Inpaint),
    ("style-guide", &["image", "prompt"], Effect::Repaint),
    ("outpaint", &["image"], Effect::Outpaint),
    ("style-transfer", &["init_image", "style_image"], Effect::Restyle),
];

/// Most pixels of a picture that is edited, and of what an upscale makes.
const MOST_PIXELS: u64 = 9_437_184;
const MOST_UPSCALED: u64 = 16_777_216;
/// Farthest that a picture is painted on to one side.
const FARTHEST: u64 = 2000;

pub(super) fn from_prompt(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    check_keys_present(body, &["prompt"])?;
    let prompt = prompt(body)?;
    let format = output_format(body)?;
    let seed = seed(body, prompt)?;
    let mode = schema::one_of(body, "/mode", &["text-to-image", "image-to-image"])?;
    let names: Vec<&str> = ASPECTS.iter().map(|(name, ..)| *name).collect();
    let aspect = schema::one_of(body, "/aspect_ratio", &names)?;
    let (width, height) = ASPECTS.iter().find(|row| row.0 == aspect).map_or((1024, 1024), |row| (row.1, row.2));
    let picture = match body.get("image").as_str() {
        None if mode == "image-to-image" => return Err(schema::missing("", "image")),
        None => picture::paint(prompt, &[], seed, width, height),
        Some(image) => {
            let image = canvas::read(image, "/image")?;
            let strength = schema::number(body, "/strength", 0.0, 1.0, 0.5)? as f32;
            let painted = picture::paint(prompt, &[], seed, image.width(), image.height());
            canvas::over(&image, &painted, strength)
        }
    };
    made(picture, seed, format)
}

pub(super) fn from_prompts(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    check_keys_present(body, &["text_prompts"])?;
    let prompts = schema::items(body, "/text_prompts")?;
    schema::item_count("/text_prompts", prompts.len(), 1, usize::MAX)?;
    let wanted = prompts.iter().filter(|prompt| prompt["weight"].as_f64().is_none_or(|weight| weight > 0.0));
    let prompt: Vec<&str> = wanted.filter_map(|prompt| prompt["text"].as_str()).collect();
    let prompt = prompt.join(" ");
    schema::length("/text_prompts/0/text", &prompt, 1, MOST_CHARACTERS)?;
    schema::number(body, "/cfg_scale", 0.0, 35.0, 7.0)?;
    schema::count(body, "/steps", 10, 150, 30)?;
    let seed = seed(body, &prompt)?;
    let init = body.get("init_image").as_str().map(|image| canvas::read(image, "/init_image")).transpose()?;
    let picture = match init {
        Some(init) => {
            let strength = schema::number(body, "/image_strength", 0.0, 1.0, 0.35)? as f32;
            let painted = picture::paint(&prompt, &[], seed, init.width(), init.height());
            canvas::over(&painted, &init, strength)
        }
        None => {
            let width = schema::count(body, "/width", 1, 4096, 1024)?;
            let height = schema::count(body, "/height", 1, 4096, 1024)?;
            if !SDXL_SIZES.contains(&(width, height)) {
                return Err(wording::PICTURE_SIZE.refuse(&[&width, &height]));
            }
            picture::paint(&prompt, &[], seed, width as u32, height as u32)
        }
    };
    let base64 = canvas::write(picture, ImageFormat::Png)?;
    let artifact = json!({"seed": seed, "base64": base64, "finishReason": "SUCCESS"});
    Ok(Made { body: json!({"result": "success", "artifacts": [artifact]}), input_tokens: None })
}

pub(super) fn edit(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    let row = SERVICES.iter().find(|(part, ..)| request.model.id.contains(part));
    let (_, required, effect) = row.unwrap_or(&("", &["image"], Effect::Repaint));
    check_keys_present(body, required)?;
    let (prompt, format) = (prompt(body)?, output_format(body)?);
    let seed = seed(body, prompt)?;
    let key = required.first().copied().unwrap_or("image");
    let image = canvas::read(schema::text(body, &format!("/{key}"))?, &format!("/{key}"))?;
    let (width, height) = image.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(wording::PICTURE_SIZE.refuse(&[&width, &height]));
    }
    let painted = |width, height| picture::paint(prompt, &[], seed, width, height);
    let picture = match effect {
        Effect::Upscale(times) => upscaled(&image, *times)?,
        Effect::Repaint => canvas::over(&image, &painted(width, height), 0.6),
        Effect::Inpaint => match body.get("mask").as_str() {
            Some(mask) => canvas::masked(&image, &painted(width, height), &canvas::read(mask, "/mask")?),
            None => canvas::masked(&painted(width, height), &image, &canvas::middle(width, height)),
        },
        Effect::Outpaint => outpainted(body, &image, painted)?,
        Effect::RemoveBackground => canvas::without_background(image),
        Effect::Restyle => {
            let style = canvas::read(schema::text(body, "/style_image")?, "/style_image")?;
            canvas::over(&image, &canvas::resized(&style, width, height), 0.5)
        }
    };
    made(picture, seed, format)
}

fn upscaled(image: &RgbaImage, times: u32) -> Result<RgbaImage, Exception> {
    let (width, height) = (image.width() * times, image.height() * times);
    if u64::from(width) * u64::from(height) > MOST_UPSCALED {
        return Err(wording::PICTURE_SIZE.refuse(&[&image.width(), &image.height()]));
    }
    Ok(canvas::resized(image, width, height))
}

fn outpainted(body: &Body, image: &RgbaImage, painted: impl Fn(u32, u32) -> RgbaImage) -> Result<RgbaImage, Exception> {
    let side = |name: &str| schema::count(body, &format!("/{name}"), 0, FARTHEST, 0).map(|pixels| pixels as u32);
    let (left, right, up, down) = (side("left")?, side("right")?, side("up")?, side("down")?);
    if left + right + up + down == 0 {
        return Err(schema::missing("", "left"));
    }
    let mut picture = painted(image.width() + left + right, image.height() + up + down);
    image::imageops::replace(&mut picture, image, left.into(), up.into());
    Ok(picture)
}

fn prompt(body: &Body) -> Result<&str, Exception> {
    schema::length("/negative_prompt", schema::text(body, "/negative_prompt")?, 0, MOST_CHARACTERS)?;
    let prompt = schema::text(body, "/prompt")?;
    schema::length("/prompt", prompt, 0, MOST_CHARACTERS)?;
    Ok(prompt)
}

fn output_format(body: &Body) -> Result<ImageFormat, Exception> {
    let format = body.get("output_format").as_str().map(str::to_ascii_lowercase);
    match format.as_deref() {
        None | Some("png") => Ok(ImageFormat::Png),
        Some("jpeg") => Ok(ImageFormat::Jpeg),
        Some("webp") => Ok(ImageFormat::WebP),
        Some(_) => Err(schema::not_in_enum("/output_format", body.get("output_format"))),
    }
}

/// The seed that was given; 0 and none leave it to the service, which takes one of the prompt's.
fn seed(body: &Body, prompt: &str) -> Result<u64, Exception> {
    let given = schema::count(body, "/seed", 0, LARGEST_SEED, 0)?;
    let own = || u64::from(crc32fast::hash(prompt.as_bytes())) % LARGEST_SEED;
    Ok(if given == 0 { own() } else { given })
}

fn made(picture: RgbaImage, seed: u64, format: ImageFormat) -> Result<Made, Exception> {
    let image = canvas::write(picture, format)?;
    let body = json!({"seeds": [seed], "finish_reasons": [Value::Null], "images": [image]});
    Ok(Made { body, input_tokens: None })
}
