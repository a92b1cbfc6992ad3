//! What a caller wants drawn.

use serde_json::{Map, Value};

use super::Image;

/// One call.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// What is to be seen; empty where pictures say it.
    pub prompt: String,
    /// What is done, in the model's own word, e.g. `OUTPAINTING`; `None`: what is given says it.
    pub task: Option<String>,
    /// Parameters of the task alone, in the model's own words, e.g. `maskPrompt`.
    pub task_params: Map<String, Value>,
    /// Pictures that the new ones are made of.
    pub images: Vec<Image>,
    /// Which part of the first of them is changed: black and white, of the same size.
    pub mask: Option<Image>,
    /// What is not to be seen.
    pub negative_prompt: Option<String>,
    /// How many pictures; at least 1.
    pub count: u32,
    /// Width and height in pixels; `None`: as the model does by itself.
    pub size: Option<(u32, u32)>,
    /// Width and height as a ratio, where no size is given; `None`: as the model does by itself.
    pub aspect: Option<(u32, u32)>,
    /// How much work goes into a picture; `None`: as the model does by itself.
    pub quality: Option<Quality>,
    /// A word of the model's own for the manner of the picture.
    pub style: Option<String>,
    /// How closely the picture follows the prompt, on the model's own scale.
    pub guidance: Option<f64>,
    /// Where the randomness starts: equal requests with equal seeds give equal pictures.
    pub seed: Option<u32>,
    /// How the picture is written; `None`: as the model does by itself, PNG.
    pub format: Option<Format>,
    /// Members of the model's own body, put into it as they are.
    pub extra: Map<String, Value>,
}

/// How much work goes into a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// The usual.
    Standard,
    /// More than usual.
    Premium,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// PNG.
    #[default]
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl Format {
    /// OpenAI's word for it, which is also Stability's.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Png => "png",
            Format::Jpeg => "jpeg",
            Format::Webp => "webp",
        }
    }
}
