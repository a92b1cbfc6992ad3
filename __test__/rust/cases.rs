//! Folders of cases, one in each file: what is asked, and what comes of it. `UPDATE=1 cargo test` writes what comes of
//! each into its file, for a reader to judge.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value};

/// Holds every case of a folder of `__test__/fixtures` to what comes of it. `asked` are the members of a case that
/// `outcome` adds the rest to; `least` is how many cases there are more than.
pub(crate) fn hold(folder: &str, least: usize, asked: &[&str], outcome: impl Fn(&Value, &mut Map<String, Value>)) {
    let update = env::var_os("UPDATE").is_some();
    let cases = cases(folder);
    assert!(cases.len() > least, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for path in cases {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut fresh = case.as_object().unwrap().clone();
        fresh.retain(|member, _| asked.contains(&member.as_str()));
        outcome(&case, &mut fresh);
        let fresh = Value::Object(fresh);
        if update {
            fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&fresh).unwrap())).unwrap();
        } else if fresh != case {
            wrong.push(format!("{name}:\n{}", serde_json::to_string_pretty(&fresh).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("__test__/fixtures").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
