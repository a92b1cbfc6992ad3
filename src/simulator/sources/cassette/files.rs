//! Cassettes on disk: read as a whole, written one interaction at a time.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::interaction::Interaction;
use super::{canonical::Canonical, vcr};

/// Files of a folder that are read.
const MOST_FILES: usize = 10_000;
/// Largest file that is read.
const LARGEST_FILE: u64 = 256 * 1024 * 1024;
/// Longest part of a file's name that tells what is in it.
const LONGEST_NAME: usize = 80;

/// The interactions of a file, or of all files of a folder in the order of their names; each with where it stands.
pub(super) fn read(path: &Path) -> io::Result<Vec<(String, Interaction)>> {
    if !fs::metadata(path).map_err(|error| at(path, error))?.is_dir() {
        return read_file(path);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| at(path, error))? {
        let file = entry?.path();
        if form(&file).is_some() {
            files.push(file);
        }
        if files.len() > MOST_FILES {
            return Err(invalid(path, format!("a cassette has at most {MOST_FILES} files")));
        }
    }
    files.sort();
    let mut all = Vec::new();
    for file in files {
        all.extend(read_file(&file)?);
    }
    Ok(all)
}

/// How a file is written, by its name.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Json,
    Lines,
    Vcr,
}

fn form(path: &Path) -> Option<Form> {
    match path.extension()?.to_str()? {
        "json" => Some(Form::Json),
        "jsonl" => Some(Form::Lines),
        "yaml" | "yml" => Some(Form::Vcr),
        _ => None,
    }
}

fn read_file(path: &Path) -> io::Result<Vec<(String, Interaction)>> {
    let form = form(path).ok_or_else(|| invalid(path, "a cassette's name ends in .json, .jsonl, .yaml or .yml"))?;
    if fs::metadata(path)?.len() > LARGEST_FILE {
        return Err(invalid(path, format!("a cassette has at most {LARGEST_FILE} bytes")));
    }
    let text = fs::read_to_string(path).map_err(|error| at(path, error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let parsed: Result<Vec<Interaction>, String> = match form {
        Form::Json => serde_json::from_str(&text).map(|one| vec![one]).map_err(|error| error.to_string()),
        Form::Lines => lines(&text),
        Form::Vcr => vcr::read(&text),
    };
    let interactions = parsed.map_err(|problem| invalid(path, problem))?;
    let title = |at: usize| if form == Form::Json { name.to_string() } else { format!("{name} #{}", at + 1) };
    Ok(interactions.into_iter().enumerate().map(|(at, interaction)| (title(at), interaction)).collect())
}

fn lines(text: &str) -> Result<Vec<Interaction>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))).collect()
}

fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn invalid(path: &Path, problem: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{}: {problem}", path.display()))
}

/// A cassette that is being recorded.
#[derive(Debug)]
pub(super) enum Writer {
    /// A file an interaction, numbered on from those that are there.
    Folder { path: PathBuf, next: AtomicUsize },
    /// A line an interaction.
    Lines(Mutex<fs::File>),
}

impl Writer {
    /// Makes the folder or the file where there is none; fails where nothing can be written.
    pub(super) fn open(path: &Path) -> io::Result<Writer> {
        match form(path) {
            Some(Form::Lines) => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
                }
                let file = OpenOptions::new().create(true).append(true).open(path);
                Ok(Writer::Lines(Mutex::new(file.map_err(|error| at(path, error))?)))
            }
            Some(_) => Err(invalid(path, "it is recorded to a folder, or to a file whose name ends in .jsonl")),
            None => {
                fs::create_dir_all(path).map_err(|error| at(path, error))?;
                let taken = fs::read_dir(path)?
                    .flatten()
                    .filter_map(|entry| entry.file_name().to_str()?.split('-').next()?.parse::<usize>().ok());
                let next = AtomicUsize::new(taken.max().unwrap_or(0) + 1);
                Ok(Writer::Folder { path: path.to_owned(), next })
            }
        }
    }

    /// Adds an interaction.
    pub(super) fn write(&self, interaction: &Interaction) -> io::Result<()> {
        match self {
            Writer::Lines(file) => {
                let mut line = serde_json::to_string(interaction)?;
                line.push('\n');
                file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
            }
            Writer::Folder { path, next } => {
                let text = serde_json::to_string_pretty(interaction)? + "\n";
                let name = format!("{:04}-{}.json", next.fetch_add(1, Ordering::Relaxed), slug(interaction));
                fs::write(path.join(name), text)
            }
        }
    }
}

/// `converse-us.amazon.nova-lite-v1-0`
fn slug(interaction: &Interaction) -> String {
    let target = Canonical::of(&interaction.request).target.to_lowercase();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    target.chars().take(LONGEST_NAME).map(plain).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::temporary_folder;
    use serde_json::json;

    fn interaction(text: &str) -> Interaction {
        let request = json!({"method": "POST", "path": "/model/us.a.b-v1%3A0/converse", "body": {"text": text}});
        serde_json::from_value(json!({"request": request, "response": {"status": 200, "body": {"b": 1, "a": 2}}}))
            .unwrap()
    }

    fn folder(name: &str) -> PathBuf {
        let folder = temporary_folder().join(format!("bedrock-wrapper-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn what_is_written_is_read() {
        let folder = folder("written");
        for (path, titles) in [
            (folder.join("a"), ["0001-converse-us.a.b-v1-0.json", "0002-converse-us.a.b-v1-0.json"]),
            (folder.join("b/c.jsonl"), ["c.jsonl #1", "c.jsonl #2"]),
        ] {
            Writer::open(&path).unwrap().write(&interaction("one")).unwrap();
            Writer::open(&path).unwrap().write(&interaction("two")).unwrap();
            let read = read(&path).unwrap();
            let expected = titles.map(str::to_owned).into_iter().zip([interaction("one"), interaction("two")]);
            assert_eq!(read, expected.collect::<Vec<_>>());
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_no_cassette_is_refused_with_its_place() {
        let folder = folder("refused");
        fs::create_dir_all(&folder).unwrap();
        for (name, text, problem) in [
            ("a.txt", "", "a cassette's name ends in"),
            ("a.json", "{", "a.json: EOF"),
            ("a.jsonl", "\n{}", "a.jsonl: line 2: missing field `request`"),
            ("a.yaml", "a: b", "a.yaml: `interactions` is missing"),
        ] {
            fs::write(folder.join(name), text).unwrap();
            let refused = read(&folder.join(name)).unwrap_err().to_string();
            assert!(refused.contains(problem), "{refused}");
        }
        assert!(read(&folder.join("none")).unwrap_err().to_string().contains("none: "));
        assert!(Writer::open(&folder.join("a.yaml")).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
