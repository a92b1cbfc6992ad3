//! The order of the house, checked over the source text: which part may name what, and that every file says what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// Files whose path begins with one of `inside`, and with none of `except`, name nothing of `forbidden`.
struct Rule {
    inside: &'static [&'static str],
    except: &'static [&'static str],
    forbidden: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        inside: &["conversation", "dialect", "family", "catalog", "error"],
        except: &[],
        forbidden: &[
            "tokio",
            "hyper",
            "hyper_util",
            "axum",
            "reqwest",
            "napi",
            "fastrand",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "std::thread",
            "std::time::Instant",
            "std::time::SystemTime",
        ],
        why: "is pure: no I/O, environment, clock or randomness, so that data alone tests it",
    },
    Rule {
        inside: &["conversation", "dialect", "family", "catalog", "error", "media", "config"],
        except: &[],
        forbidden: &["crate::client", "crate::transport", "crate::simulator", "crate::node"],
        why: "is used by the client and must not know it",
    },
    Rule {
        inside: &["conversation", "catalog", "error"],
        except: &[],
        forbidden: &["crate::dialect", "crate::family"],
        why: "is the hub between dialects and families and must not know them",
    },
    Rule {
        inside: &["family"],
        except: &[],
        forbidden: &["crate::dialect"],
        why: "meets dialects in the conversation only",
    },
    Rule {
        inside: &["dialect"],
        except: &[],
        forbidden: &["crate::family"],
        why: "meets families in the conversation only",
    },
    Rule {
        inside: &["transport"],
        except: &[],
        forbidden: &["crate::client", "crate::dialect", "crate::family", "crate::simulator", "crate::node"],
        why: "carries bytes and must not know what they mean",
    },
    Rule {
        inside: &["simulator"],
        except: &[],
        forbidden: &["crate::conversation", "crate::dialect", "crate::family", "crate::client", "crate::catalog"],
        why: "must be able to contradict the client, so it shares none of its knowledge",
    },
    Rule {
        inside: &["gateway"],
        // Telemetry goes to a collector over the connections that the transport has.
        except: &["gateway/observe/otlp"],
        forbidden: &["crate::transport"],
        why: "reaches Bedrock through the client only",
    },
    Rule {
        inside: &["gateway"],
        except: &[],
        forbidden: &["crate::family", "crate::simulator", "crate::node"],
        why: "reaches Bedrock through the client only",
    },
    Rule {
        inside: &["conversation", "dialect", "family", "catalog", "error", "media", "config", "client", "transport"],
        except: &[],
        forbidden: &["crate::gateway", "crate::cli"],
        why: "is used by the gateway and must not know it",
    },
    Rule { inside: &[""], except: &["node"], forbidden: &["napi", "napi_derive"], why: "builds without Node" },
    Rule {
        inside: &[""],
        // `health` is a program of its own, which asks a server that runs.
        except: &["transport", "media/fetch", "simulator/upstream", "cli/health"],
        forbidden: &[
            "TcpStream::connect",
            "reqwest",
            "aws_smithy_http_client",
            "hyper_util::client",
            "tokio::net::TcpStream::connect",
            "tokio::net::lookup_host",
            "std::net::TcpStream",
        ],
        why: "opens no connection outward",
    },
    Rule {
        inside: &[""],
        // Replicas share their counters there, and nothing else does.
        except: &["gateway/limits/shared"],
        forbidden: &["redis"],
        why: "leaves Redis to the limits that replicas share",
    },
    Rule { inside: &[""], except: &["config"], forbidden: &["std::env"], why: "leaves the environment to config" },
];

const MOST_LINES: usize = 600;

#[test]
fn every_part_names_only_what_it_may() {
    let files = sources();
    assert!(files.len() > 100);
    let broken: Vec<String> = files.iter().flat_map(|(path, source)| violations(path, source)).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_rule_is_about_files_that_exist() {
    let files = sources();
    for part in RULES.iter().flat_map(|rule| rule.inside.iter().chain(rule.except)) {
        assert!(files.iter().any(|(path, _)| path.starts_with(part)), "no file begins with {part:?}");
    }
}

#[test]
fn every_file_says_what_it_is_and_can_be_read_at_once() {
    for (path, source) in sources() {
        assert!(source.starts_with("//! "), "{path} must begin with //! and what it is");
        let lines = source.lines().count();
        assert!(lines <= MOST_LINES, "{path} has {lines} lines; split it by idea");
    }
}

#[test]
fn the_check_sees_what_it_is_to_see() {
    for (path, line) in [
        ("family/invoke/nova.rs", "use tokio::time::sleep;"),
        ("family/invoke/nova.rs", "use std::{fmt, env};"),
        ("dialect/text/stop.rs", "let now = std::time::Instant::now();"),
        ("conversation/event.rs", "use std::{\n    fmt,\n    net::{IpAddr, TcpStream},\n};"),
        ("simulator/runtime.rs", "use crate::{error::Error, family::Api};"),
        ("simulator/runtime.rs", "let id = super::super::catalog::resolve(id);"),
        ("client/mod.rs", "#[napi_derive::napi]"),
        ("client/mod.rs", "use hyper_util::client::legacy::Client;"),
        ("media/fit/mod.rs", "TcpStream::connect(address)"),
        ("client/streaming.rs", "let home = std::env::var(\"HOME\");"),
    ] {
        assert!(!violations(path, line).is_empty(), "{path}: {line}");
    }
    for (path, line) in [
        ("family/invoke/nova.rs", "// tokio::spawn would be wrong here"),
        ("family/invoke/nova.rs", "use crate::family::{StreamDecoder, json};"),
        ("simulator/server.rs", "use tokio::net::TcpListener;"),
        ("simulator/native/nova.rs", "use super::super::catalog::Model;"),
        ("node/mod.rs", "use napi::bindgen_prelude::Buffer;"),
        ("config/environment.rs", "std::env::var(name).ok()"),
    ] {
        assert_eq!(violations(path, line), Vec::<String>::new(), "{path}: {line}");
    }
}

fn violations(path: &str, source: &str) -> Vec<String> {
    let named = paths_named(path, source);
    let rules = RULES.iter().filter(|rule| {
        rule.inside.iter().any(|part| path.starts_with(part)) && !rule.except.iter().any(|part| path.starts_with(part))
    });
    rules
        .flat_map(|rule| {
            let forbidden = |name: &&String| rule.forbidden.iter().any(|forbidden| is_within(name, forbidden));
            named.iter().filter(forbidden).map(|name| format!("src/{path} names {name}, but it {}", rule.why))
        })
        .collect()
}

fn is_within(name: &str, forbidden: &str) -> bool {
    name.strip_prefix(forbidden).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Every `a::b::c` of a source, with groups (`a::{b, c}`) written out and `super` resolved where it reaches the root.
fn paths_named(path: &str, source: &str) -> Vec<String> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect();
    let mut names = Vec::new();
    let mut prefixes: Vec<String> = Vec::new();
    let (mut word, mut rest) = (String::new(), code.as_str());
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("::{") {
            prefixes.push(joined(&prefixes, &std::mem::take(&mut word)) + "::");
            rest = after;
            continue;
        }
        if letter.is_alphanumeric() || letter == '_' || rest.starts_with("::") {
            let length = if letter == ':' { 2 } else { letter.len_utf8() };
            word.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        if !word.is_empty() {
            names.push(joined(&prefixes, &std::mem::take(&mut word)));
        }
        match letter {
            '{' => prefixes.push(String::new()),
            '}' => drop(prefixes.pop()),
            _ => {}
        }
        rest = &rest[letter.len_utf8()..];
    }
    names.push(joined(&prefixes, &word));
    names.into_iter().map(|name| from_root(path, &name)).collect()
}

/// A name inside a group has the group's prefix; the prefix already holds those around it.
fn joined(prefixes: &[String], word: &str) -> String {
    prefixes.last().map_or_else(|| word.to_owned(), |prefix| format!("{prefix}{word}"))
}

fn from_root(path: &str, name: &str) -> String {
    let module = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let depth = module.split('/').count();
    let supers = name.split("::").take_while(|part| *part == "super").count();
    if supers > 0 && supers == depth {
        let rest: Vec<&str> = name.split("::").skip(supers).collect();
        return format!("crate::{}", rest.join("::"));
    }
    name.to_owned()
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let relative = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    files.iter().map(|path| (relative(path), fs::read_to_string(path).unwrap())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.extension() {
            Some(extension) if extension == "rs" => files.push(path),
            _ if path.is_dir() => collect(&path, files),
            _ => {}
        }
    }
}
