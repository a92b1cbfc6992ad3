//! The tasks of Amazon's image models: which pictures, words and settings each of them takes, and where they stand.
//!
//! Source: "Image generation request and response format" in the Nova user guide.

use serde_json::{Map, Value};

use super::leave_out;
use crate::conversation::image_generation::Request;
use crate::conversation::{Image, Loss};
use crate::error::{Error, Result};

/// The task of a request that says nothing else.
const USUAL: &str = "TEXT_IMAGE";

/// A task.
pub(super) struct Task {
    /// Its `taskType`.
    pub(super) name: &'static str,
    /// The member that holds its parameters.
    pub(super) params: &'static str,
    /// What it makes of a prompt.
    prompt: Prompt,
    /// Where its pictures stand.
    pictures: Pictures,
    /// Whether a mask can say which part of a picture is meant.
    mask: bool,
    /// What of `imageGenerationConfig` it takes.
    pub(super) config: Config,
    /// What else can stand among its parameters.
    own: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prompt {
    /// It takes none.
    None,
    /// It can do without.
    Optional,
    /// It must have one.
    Required,
}

/// Where pictures stand among the parameters.
#[derive(Clone, Copy)]
enum Pictures {
    /// One that it can do without.
    Guide(&'static str),
    /// One that is changed.
    One(&'static str),
    /// A list of one to five.
    List(&'static str),
    /// Two, each under a name of its own.
    Pair(&'static str, &'static str),
}

/// What of `imageGenerationConfig` a task takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Config {
    /// Nothing: what comes out is one picture like the one that came in.
    None,
    /// All of it, but the shape is that of the picture that is changed.
    Edited,
    /// All of it.
    Drawn,
}

#[rustfmt::skip]
const TASKS: &[Task] = &[
    Task { name: USUAL, params: "textToImageParams", prompt: Prompt::Required, pictures: Pictures::Guide("conditionImage"),
        mask: false, config: Config::Drawn, own: &["controlMode", "controlStrength"] },
    Task { name: "BACKGROUND_REMOVAL", params: "backgroundRemovalParams", prompt: Prompt::None,
        pictures: Pictures::One("image"), mask: false, config: Config::None, own: &[] },
    Task { name: "COLOR_GUIDED_GENERATION", params: "colorGuidedGenerationParams", prompt: Prompt::Required,
        pictures: Pictures::Guide("referenceImage"), mask: false, config: Config::Drawn, own: &[] },
    Task { name: "IMAGE_VARIATION", params: "imageVariationParams", prompt: Prompt::Optional,
        pictures: Pictures::List("images"), mask: false, config: Config::Drawn, own: &["similarityStrength"] },
    Task { name: "INPAINTING", params: "inPaintingParams", prompt: Prompt::Optional, pictures: Pictures::One("image"),
        mask: true, config: Config::Edited, own: &["maskPrompt"] },
    Task { name: "OUTPAINTING", params: "outPaintingParams", prompt: Prompt::Optional, pictures: Pictures::One("image"),
        mask: true, config: Config::Edited, own: &["maskPrompt", "outPaintingMode"] },
    Task { name: "VIRTUAL_TRY_ON", params: "virtualTryOnParams", prompt: Prompt::None,
        pictures: Pictures::Pair("sourceImage", "referenceImage"), mask: false, config: Config::Edited, own: &[] },
];

impl Pictures {
    /// The fewest and the most.
    fn range(self) -> (usize, usize) {
        match self {
            Pictures::Guide(_) => (0, 1),
            Pictures::One(_) => (1, 1),
            Pictures::List(_) => (1, 5),
            Pictures::Pair(..) => (2, 2),
        }
    }
}

/// The name of the task that a request asks for: in a word, among the members put into the body, or by what it gives.
pub(super) fn name(request: &Request) -> &str {
    let said = request.task.as_deref().or_else(|| request.extra.get("taskType").and_then(Value::as_str));
    let has_mask = request.mask.is_some() || request.task_params.contains_key("maskPrompt");
    said.unwrap_or(match (request.images.is_empty(), has_mask) {
        (true, _) => USUAL,
        (false, true) => "INPAINTING",
        (false, false) => "IMAGE_VARIATION",
    })
}

/// The task of a request; `None` for one that is not known here.
pub(super) fn of(request: &Request) -> Option<&'static Task> {
    let name = name(request);
    TASKS.iter().find(|task| task.name == name)
}

/// Leaves out of a request what its task has no place for. What the task needs may stand among the members that are put into
/// the body.
pub(super) fn fit(request: &mut Request, id: &str, losses: &mut Vec<Loss>) -> Result<()> {
    let Some(task) = of(request) else { return unknown(request) };
    let stands_elsewhere = request.extra.contains_key(task.params);
    fit_prompt(task, request, stands_elsewhere, losses)?;
    fit_pictures(task, request, stands_elsewhere, losses)?;
    request.task_params.retain(|name, _| {
        let is_own = task.own.contains(&name.as_str());
        if !is_own {
            without(losses, name, task);
        }
        is_own
    });
    if task.name != USUAL && request.style.take().is_some() {
        without(losses, "style", task);
    }
    if task.config != Config::Drawn && request.aspect.take().is_some() {
        without(losses, "aspectRatio", task);
    }
    if task.config == Config::None {
        without_config(task, request, losses);
    }
    if request.size.is_some() && request.aspect.take().is_some() {
        leave_out(losses, "aspectRatio", id);
    }
    Ok(())
}

fn unknown(request: &Request) -> Result<()> {
    if request.images.is_empty() && request.mask.is_none() && request.task_params.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = TASKS.iter().map(|task| task.name).collect();
    Err(Error::invalid("taskType", format!("must be one of {} where pictures are given.", known.join(", "))))
}

fn fit_prompt(task: &Task, request: &mut Request, stands_elsewhere: bool, losses: &mut Vec<Loss>) -> Result<()> {
    match task.prompt {
        Prompt::Required if request.prompt.is_empty() && !stands_elsewhere => {
            Err(Error::missing("prompt", "say what is to be seen"))
        }
        Prompt::None => {
            if !std::mem::take(&mut request.prompt).is_empty() {
                without(losses, "prompt", task);
            }
            if request.negative_prompt.take().is_some() {
                without(losses, "negative_prompt", task);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn fit_pictures(task: &Task, request: &mut Request, stands_elsewhere: bool, losses: &mut Vec<Loss>) -> Result<()> {
    let (least, most) = task.pictures.range();
    let given = request.images.len();
    if given < least && !stands_elsewhere {
        let message = format!("{} works on {least} of them, not {given}.", task.name);
        return Err(Error::invalid("files", message));
    }
    if given > most {
        request.images.truncate(most);
        let message = format!("{} takes {most}; the others were left out.", task.name);
        losses.push(super::adjusted("files", message));
    }
    if !task.mask && request.mask.take().is_some() {
        without(losses, "mask", task);
    }
    if request.mask.is_some() && request.task_params.remove("maskPrompt").is_some() {
        losses.push(super::adjusted("maskPrompt", "Left out: a mask is given.".to_owned()));
    }
    Ok(())
}

fn without_config(task: &Task, request: &mut Request, losses: &mut Vec<Loss>) {
    let asked = [
        ("size", request.size.take().is_some()),
        ("quality", request.quality.take().is_some()),
        ("cfg_scale", request.guidance.take().is_some()),
        ("seed", request.seed.take().is_some()),
        ("n", request.count > 1),
    ];
    request.count = 1;
    for (param, _) in asked.into_iter().filter(|(_, is_asked)| *is_asked) {
        without(losses, param, task);
    }
}

fn without(losses: &mut Vec<Loss>, param: &str, task: &Task) {
    leave_out(losses, param, task.name);
}

/// The parameters of a request's task; `base64` gives a picture.
pub(super) fn params(task: &Task, request: &Request, base64: fn(&Image) -> &str) -> Map<String, Value> {
    let mut params = request.task_params.clone();
    let mut put = |name: &str, value: &str| drop(params.insert(name.to_owned(), value.into()));
    if !request.prompt.is_empty() {
        put("text", &request.prompt);
    }
    if let Some(negative) = &request.negative_prompt {
        put("negativeText", negative);
    }
    if let Some(style) = &request.style {
        put("style", &style.to_ascii_uppercase().replace([' ', '-'], "_"));
    }
    if let Some(mask) = &request.mask {
        put("maskImage", base64(mask));
    }
    let mut images = request.images.iter().map(base64);
    match task.pictures {
        Pictures::Guide(name) | Pictures::One(name) => images.by_ref().take(1).for_each(|image| put(name, image)),
        Pictures::Pair(first, second) => {
            [first, second].into_iter().zip(images).for_each(|(name, image)| put(name, image))
        }
        Pictures::List(_) if request.images.is_empty() => {}
        Pictures::List(name) => drop(params.insert(name.to_owned(), images.collect())),
    }
    params
}
