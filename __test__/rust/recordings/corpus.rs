//! The recordings: the chosen few beside the tests, and the larger set where it stands beside the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// One recorded exchange.
pub(crate) struct Recording {
    /// File name without `.json`.
    pub(crate) name: String,
    /// The file.
    pub(crate) value: Value,
}

impl Recording {
    pub(crate) fn text(&self, member: &str) -> &str {
        self.value[member].as_str().unwrap_or_default()
    }

    /// The answer's body as bytes: the recorder's own text where it differs from compact JSON.
    pub(crate) fn body(&self) -> Vec<u8> {
        let response = &self.value["response"];
        response["body_text"].as_str().map_or_else(|| response["body"].to_string(), str::to_owned).into_bytes()
    }

    /// The bytes of a streamed answer.
    pub(crate) fn stream(&self) -> Option<Vec<u8>> {
        let body = self.value["response"]["body_base64"].as_str()?;
        Some(base64_simd::STANDARD.decode_to_vec(body).unwrap())
    }

    /// What the recorder's own decoder made of the stream.
    pub(crate) fn decoded(&self) -> &[Value] {
        self.value["decoded_events"].as_array().map(Vec::as_slice).unwrap_or_default()
    }
}

/// The recordings that are part of this project.
pub(crate) fn chosen() -> Vec<Recording> {
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("__test__/fixtures/recordings"))
}

/// The larger set: beside the checkout, or where `BEDROCK_WRAPPER_SHARED` says. Empty where there is none.
pub(crate) fn shared() -> Vec<Recording> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("BEDROCK_WRAPPER_SHARED").map_or_else(beside, PathBuf::from).join("recordings");
    if !folder.is_dir() {
        println!("no recordings at {}: skipped", folder.display());
        return Vec::new();
    }
    below(&folder)
}

fn below(folder: &Path) -> Vec<Recording> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let files = entries(folder).into_iter().filter(|path| path.is_dir()).flat_map(|family| entries(&family));
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| Recording {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        value: serde_json::from_slice(&fs::read(&path).unwrap()).unwrap(),
    })
    .collect()
}
