//! What models write to S3 (AWS's documentation): films of Nova Reel and Luma Ray, embeddings of Nova and Marengo.

use serde_json::{Value, json};

use super::{film, marengo, nova_embed, of_text, schema};
use crate::simulator::exception::Exception;
use crate::simulator::models::{Family, Model};
use crate::simulator::native::Body;
use crate::simulator::native::body::check_keys_present;
use crate::simulator::wording;

/// A file of an answer.
pub(in crate::simulator) struct File {
    pub(in crate::simulator) name: String,
    pub(in crate::simulator) bytes: Vec<u8>,
}

impl File {
    pub(super) fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> File {
        File { name: name.into(), bytes: bytes.into() }
    }

    pub(in crate::simulator) fn json(name: &str, value: &Value) -> File {
        File::new(name, value.to_string())
    }

    /// A line of JSON for each value.
    pub(super) fn lines(name: &str, values: &[Value]) -> File {
        File::new(name, values.iter().map(|value| format!("{value}\n")).collect::<String>())
    }
}

/// Seconds of a shot of Nova Reel, and the most that a film has.
const SHOT: u64 = 6;
const LONGEST_FILM: u64 = 120;
const LARGEST_SEED: u64 = 2_147_483_646;

/// The files of an asynchronous answer, to lie under `uri`. Films are shot where somebody wants them.
pub(in crate::simulator) fn files(
    model: &Model,
    input: &Body,
    uri: &str,
    wanted: bool,
) -> Result<Vec<File>, Exception> {
    match model.series.family {
        Family::Video => {
            let film = if model.is("luma.") { ray(input)? } else { reel(input)? };
            if wanted { film.files(uri) } else { Ok(Vec::new()) }
        }
        Family::NovaEmbed => nova_embed::segmented(input, uri),
        Family::Marengo => Ok(vec![File::json("output.json", &marengo::answer(model, input, &of_text, true)?)]),
        _ => Err(wording::NOT_ASYNCHRONOUS.refuse(&[])),
    }
}

fn reel(input: &Body) -> Result<Film, Exception> {
    check_keys_present(input, &["taskType"])?;
    let task = schema::one_of(input, "/taskType", &["TEXT_VIDEO", "MULTI_SHOT_AUTOMATED", "MULTI_SHOT_MANUAL"])?;
    let (params, pointer, most) = match task {
        "TEXT_VIDEO" => ("textToVideoParams", "/textToVideoParams/text", 512),
        "MULTI_SHOT_AUTOMATED" => ("multiShotAutomatedParams", "/multiShotAutomatedParams/text", 4000),
        _ => ("multiShotManualParams", "/multiShotManualParams/shots/0/text", 512),
    };
    if !input.get(params).is_object() {
        return Err(schema::missing("", params));
    }
    let prompts: Vec<String> = match input.at("/multiShotManualParams/shots").as_array() {
        Some(shots) => shots.iter().map(|shot| shot["text"].as_str().unwrap_or_default().to_owned()).collect(),
        None => vec![schema::text(input, pointer)?.to_owned()],
    };
    prompts.iter().try_for_each(|prompt| schema::length(pointer, prompt, 1, most))?;
    schema::one_of(input, "/videoGenerationConfig/fps", &[24u64])?;
    schema::one_of(input, "/videoGenerationConfig/dimension", &["1280x720"])?;
    let longest = if task == "TEXT_VIDEO" { SHOT } else { LONGEST_FILM };
    let usual = if task == "MULTI_SHOT_AUTOMATED" { 2 * SHOT } else { SHOT * prompts.len() as u64 };
    let pointer = "/videoGenerationConfig/durationSeconds";
    let seconds = schema::count(input, pointer, SHOT, longest, usual.clamp(SHOT, LONGEST_FILM))?;
    if seconds % SHOT != 0 {
        return Err(schema::not_in_enum(pointer, input.at(pointer)));
    }
    let seed = schema::count(input, "/videoGenerationConfig/seed", 0, LARGEST_SEED, 42)?;
    let shots = seconds / SHOT;
    let prompt = |at: u64| prompts.get(at as usize).or(prompts.last()).cloned().unwrap_or_default();
    let scenes: Vec<film::Scene> =
        (0..shots).map(|at| film::Scene { prompt: prompt(at), seed: seed + at, seconds: SHOT as u32 }).collect();
    Ok(Film { scenes, width: 1280, height: 720, in_shots: true })
}

/// A film that is yet to be shot.
struct Film {
    scenes: Vec<film::Scene>,
    width: u32,
    height: u32,
    /// Whether its shots are told, and kept, one by one.
    in_shots: bool,
}

impl Film {
    fn files(&self, uri: &str) -> Result<Vec<File>, Exception> {
        let shoot = |scenes: &[film::Scene]| film::shoot(scenes, self.width, self.height);
        let mut files = vec![File::new("output.mp4", shoot(&self.scenes)?)];
        if !self.in_shots {
            return Ok(files);
        }
        let mut shots = Vec::new();
        for (at, scene) in self.scenes.iter().enumerate().filter(|_| self.scenes.len() > 1) {
            let name = format!("shot_{:04}.mp4", at + 1);
            shots.push(json!({"status": "SUCCESS", "location": format!("{uri}/{name}")}));
            files.push(File::new(name, shoot(std::slice::from_ref(scene))?));
        }
        let status = json!({
            "schemaVersion": "1.0.0",
            "shots": shots,
            "fullVideo": {"status": "SUCCESS", "location": format!("{uri}/output.mp4")},
        });
        files.push(File::json("video-generation-status.json", &status));
        Ok(files)
    }
}

/// `aspect_ratio` → width and height at 720p.
const ASPECTS: &[(&str, u32, u32)] = &[
    ("16:9", 1280, 720),
    ("1:1", 720, 720),
    ("9:16", 720, 1280),
    ("4:3", 960, 720),
    ("3:4", 720, 960),
    ("21:9", 1680, 720),
    ("9:21", 720, 1680),
];

fn ray(input: &Body) -> Result<Film, Exception> {
    check_keys_present(input, &["prompt"])?;
    let prompt = schema::text(input, "/prompt")?;
    schema::length("/prompt", prompt, 1, 5000)?;
    let names: Vec<&str> = ASPECTS.iter().map(|row| row.0).collect();
    let aspect = schema::one_of(input, "/aspect_ratio", &names)?;
    let seconds = if schema::one_of(input, "/duration", &["5s", "9s"])? == "9s" { 9 } else { 5 };
    let small = schema::one_of(input, "/resolution", &["720p", "540p"])? == "540p";
    let (width, height) = ASPECTS.iter().find(|row| row.0 == aspect).map_or((1280, 720), |row| (row.1, row.2));
    let size = |side: u32| if small { side * 3 / 4 } else { side };
    let scenes = vec![film::Scene { prompt: prompt.to_owned(), seed: 0, seconds }];
    Ok(Film { scenes, width: size(width), height: size(height), in_shots: false })
}
