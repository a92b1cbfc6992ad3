//! Amazon Nova Canvas and Titan Image Generator: `taskType` and its parameters in, `images` out (AWS's documentation).

use image::{ImageFormat, RgbaImage};
use serde_json::{Value, json};

use super::{Made, Request, canvas, picture, schema};
use crate::simulator::exception::Exception;
use crate::simulator::native::body::check_keys;
use crate::simulator::wording;

/// A task: its name, the member with its parameters, what makes its picture, and whether all models have it.
struct Task {
    name: &'static str,
    params: &'static str,
    make: fn(&Job) -> Result<RgbaImage, Exception>,
    since: Since,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Since {
    TitanV1,
    TitanV2,
    Canvas,
}

const TASKS: &[Task] = &[
    Task { name: "TEXT_IMAGE", params: "textToImageParams", make: text_image, since: Since::TitanV1 },
    Task { name: "INPAINTING", params: "inPaintingParams", make: inpainting, since: Since::TitanV1 },
    Task { name: "OUTPAINTING", params: "outPaintingParams", make: outpainting, since: Since::TitanV1 },
    Task { name: "IMAGE_VARIATION", params: "imageVariationParams", make: variation, since: Since::TitanV1 },
    Task {
        name: "COLOR_GUIDED_GENERATION",
        params: "colorGuidedGenerationParams",
        make: colour_guided,
        since: Since::TitanV2,
    },
    Task {
        name: "BACKGROUND_REMOVAL",
        params: "backgroundRemovalParams",
        make: background_removal,
        since: Since::TitanV2,
    },
    Task { name: "VIRTUAL_TRY_ON", params: "virtualTryOnParams", make: try_on, since: Since::Canvas },
];

/// Sizes of Titan's pictures.
const TITAN_SIZES: &[(u64, u64)] = &[
    (1024, 1024),
    (768, 768),
    (512, 512),
    (768, 1152),
    (384, 576),
    (1152, 768),
    (576, 384),
    (768, 1280),
    (384, 640),
    (1280, 768),
    (640, 384),
    (896, 1152),
    (448, 576),
    (1152, 896),
    (576, 448),
    (768, 1408),
    (384, 704),
    (1408, 768),
    (704, 384),
    (640, 1408),
    (320, 704),
    (1408, 640),
    (704, 320),
    (1152, 640),
    (1173, 640),
];

/// Nova Canvas takes sides of 320 to 4096 that 16 divides, no more than four times as long as wide, and fewer than
/// 4,194,304 pixels in all.
const CANVAS_SIDES: (u64, u64) = (320, 4096);
const CANVAS_PIXELS: u64 = 4_194_304;

const LARGEST_SEED: u64 = 2_147_483_646;

/// One picture of a request.
struct Job<'a> {
    request: &'a Request<'a>,
    task: &'static Task,
    width: u32,
    height: u32,
    seed: u64,
    most_characters: usize,
}

pub(super) fn make(request: &Request) -> Result<Made, Exception> {
    let body = request.body;
    let model = match request.model.id.as_str() {
        id if id.contains("nova-canvas") => Since::Canvas,
        id if id.contains("generator-v2") => Since::TitanV2,
        _ => Since::TitanV1,
    };
    let tasks = || TASKS.iter().filter(|task| task.since <= model);
    let params: Vec<&str> = tasks().map(|task| task.params).collect();
    check_keys(body, &["taskType"], &[params.as_slice(), &["imageGenerationConfig"]].concat())?;
    let task = tasks().find(|task| *body.get("taskType") == task.name);
    let task = task.ok_or_else(|| schema::not_in_enum("/taskType", body.get("taskType")))?;
    if !body.get(task.params).is_object() {
        return Err(schema::missing("", task.params));
    }
    let canvas = model == Since::Canvas;
    let (width, height) = size(request, canvas)?;
    let count = schema::count(body, "/imageGenerationConfig/numberOfImages", 1, 5, 1)?;
    schema::number(body, "/imageGenerationConfig/cfgScale", 1.1, 10.0, 6.5)?;
    schema::one_of(body, "/imageGenerationConfig/quality", &["standard", "premium"])?;
    let usual_seed = if canvas { 12 } else { 42 };
    let seed = schema::count(body, "/imageGenerationConfig/seed", 0, LARGEST_SEED, usual_seed)?;
    // A picture without its background is one picture.
    let count = if task.name == "BACKGROUND_REMOVAL" { 1 } else { count };
    let images = (0..count).map(|at| {
        let most_characters = if canvas { 1024 } else { 512 };
        let job = Job { request, task, width, height, seed: seed + at, most_characters };
        canvas::write((task.make)(&job)?, ImageFormat::Png)
    });
    let images = images.collect::<Result<Vec<String>, Exception>>()?;
    Ok(Made { body: json!({"images": images, "error": null}), input_tokens: None })
}

fn size(request: &Request, canvas: bool) -> Result<(u32, u32), Exception> {
    let (least, most) = if canvas { CANVAS_SIDES } else { (1, 4096) };
    let width = schema::count(request.body, "/imageGenerationConfig/width", least, most, 1024)?;
    let height = schema::count(request.body, "/imageGenerationConfig/height", least, most, 1024)?;
    let allowed = match canvas {
        true => {
            width % 16 == 0
                && height % 16 == 0
                && width <= 4 * height
                && height <= 4 * width
                && width * height < CANVAS_PIXELS
        }
        false => TITAN_SIZES.contains(&(width, height)),
    };
    match allowed {
        true => Ok((width as u32, height as u32)),
        false => Err(wording::PICTURE_SIZE.refuse(&[&width, &height])),
    }
}

fn text_image(job: &Job) -> Result<RgbaImage, Exception> {
    let picture = job.painted(&[], true)?;
    job.body_number("controlStrength", 0.0, 1.0)?;
    match job.picture("conditionImage")? {
        None => Ok(picture),
        Some(guide) => Ok(canvas::over(&canvas::resized(&guide, job.width, job.height), &picture, 0.5)),
    }
}

fn inpainting(job: &Job) -> Result<RgbaImage, Exception> {
    let image = job.needed("image")?;
    let painted = job.painted_like(&image)?;
    // Black is what is to be painted.
    Ok(canvas::masked(&painted, &image, &job.mask(&image)?))
}

fn outpainting(job: &Job) -> Result<RgbaImage, Exception> {
    let image = job.needed("image")?;
    let painted = job.painted_like(&image)?;
    // Black is what stays.
    Ok(canvas::masked(&image, &painted, &job.mask(&image)?))
}

fn variation(job: &Job) -> Result<RgbaImage, Exception> {
    let images = job.param("images").as_array().map(Vec::as_slice).unwrap_or_default();
    schema::item_count(&job.place("images"), images.len(), 1, 5)?;
    job.body_number("similarityStrength", 0.2, 1.0)?;
    let mut picture = job.painted(&[], false)?;
    for (at, image) in images.iter().enumerate() {
        let image = canvas::read(image.as_str().unwrap_or_default(), &format!("{}[{at}]", job.place("images")))?;
        let share = job.param("similarityStrength").as_f64().unwrap_or(0.7) as f32;
        picture = canvas::over(&picture, &canvas::resized(&image, job.width, job.height), share);
    }
    Ok(picture)
}

fn colour_guided(job: &Job) -> Result<RgbaImage, Exception> {
    let colours = job.param("colors").as_array().map(Vec::as_slice).unwrap_or_default();
    schema::item_count(&job.place("colors"), colours.len(), 1, 10)?;
    let palette = colours.iter().enumerate().map(|(at, colour)| {
        let parsed = colour.as_str().and_then(parse_colour);
        parsed.ok_or_else(|| schema::not_in_enum(&format!("{}/{at}", job.place("colors")), colour))
    });
    let palette = palette.collect::<Result<Vec<_>, Exception>>()?;
    let picture = job.painted(&palette, true)?;
    match job.picture("referenceImage")? {
        None => Ok(picture),
        Some(reference) => Ok(canvas::over(&canvas::resized(&reference, job.width, job.height), &picture, 0.6)),
    }
}

fn background_removal(job: &Job) -> Result<RgbaImage, Exception> {
    job.needed("image").map(canvas::without_background)
}

fn try_on(job: &Job) -> Result<RgbaImage, Exception> {
    let (source, reference) = (job.needed("sourceImage")?, job.needed("referenceImage")?);
    let (width, height) = source.dimensions();
    Ok(canvas::masked(&canvas::resized(&reference, width, height), &source, &canvas::middle(width, height)))
}

/// `#ff9800`.
fn parse_colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let all = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = all.to_be_bytes();
    Some([red, green, blue])
}

impl Job<'_> {
    fn param(&self, key: &str) -> &Value {
        &self.request.body.get(self.task.params)[key]
    }

    fn place(&self, key: &str) -> String {
        format!("/{}/{key}", self.task.params)
    }

    fn body_number(&self, key: &str, least: f64, most: f64) -> Result<f64, Exception> {
        schema::number(self.request.body, &self.place(key), least, most, most)
    }

    fn prompt(&self, required: bool) -> Result<&str, Exception> {
        for key in ["text", "negativeText"] {
            let text = schema::text(self.request.body, &self.place(key))?;
            if !self.param(key).is_null() {
                schema::length(&self.place(key), text, 1, self.most_characters)?;
            }
        }
        match self.param("text").as_str() {
            None if required => Err(schema::missing(&format!("/{}", self.task.params), "text")),
            text => Ok(text.unwrap_or_default()),
        }
    }

    fn painted(&self, palette: &[[u8; 3]], prompt_required: bool) -> Result<RgbaImage, Exception> {
        Ok(picture::paint(self.prompt(prompt_required)?, palette, self.seed, self.width, self.height))
    }

    /// Painted in the size of a picture that is edited.
    fn painted_like(&self, image: &RgbaImage) -> Result<RgbaImage, Exception> {
        Ok(picture::paint(self.prompt(false)?, &[], self.seed, image.width(), image.height()))
    }

    fn picture(&self, key: &str) -> Result<Option<RgbaImage>, Exception> {
        self.param(key).as_str().map(|text| canvas::read(text, &self.place(key))).transpose()
    }

    fn needed(&self, key: &str) -> Result<RgbaImage, Exception> {
        self.picture(key)?.ok_or_else(|| schema::missing(&format!("/{}", self.task.params), key))
    }

    fn mask(&self, image: &RgbaImage) -> Result<RgbaImage, Exception> {
        match self.picture("maskImage")? {
            Some(mask) => Ok(mask),
            None if self.param("maskPrompt").is_string() => Ok(canvas::middle(image.width(), image.height())),
            None => Err(schema::missing(&format!("/{}", self.task.params), "maskPrompt")),
        }
    }
}
