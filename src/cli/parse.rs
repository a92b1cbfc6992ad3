//! Arguments into a [`Command`]. Reads no file and no environment of its own accord; the reader is passed in.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use lexopt::{Arg, Parser, ValueExt as _};
use serde_json::{Map, Number, Value, json};

use super::flags::{self, DEFAULT_PORT, Flag, Takes};
use super::refused::Flags;
use super::{Command, Failure, Print, hash_key, health, serve};
use crate::config::Environment;
use crate::simulator::{Misfit, Options, read as read_options};

/// Flags that are not options of the simulator.
pub(super) const NAMES_OF_ITS_OWN: [&str; 4] = ["env", "help", "json", "version"];

const SIMULATE: Flags = Flags {
    command: "simulate",
    names: || flags::all().map(|flag| flag.name).chain(NAMES_OF_ITS_OWN).map(str::to_owned).collect(),
};

/// The command that `arguments`, without the name of the program, ask for. `read` gives the text of a file.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
    environment: Environment<'_>,
    read: &dyn Fn(&Path) -> io::Result<String>,
) -> Result<Command, Failure> {
    let mut parser = Parser::from_args(arguments);
    match parser.next().map_err(|error| SIMULATE.refused(error))? {
        None => Ok(Command::Help),
        Some(Arg::Long("help") | Arg::Short('h')) => Ok(Command::Help),
        Some(Arg::Long("version") | Arg::Short('V')) => Ok(Command::Version),
        Some(Arg::Value(name)) => match name.to_string_lossy().as_ref() {
            "simulate" => simulate(parser, read),
            "serve" => serve::parse(parser, environment, read),
            "health" => health::parse(parser, environment, read),
            "hash-key" => hash_key::parse(parser),
            "help" => Ok(Command::Help),
            other => {
                Err(Failure::usage(format!("There is no command `{other}`; `bedrock-wrapper --help` lists them.")))
            }
        },
        Some(flag) => Err(Failure::usage(format!(
            "{} before a command; `bedrock-wrapper --help` lists them.",
            SIMULATE.refused(flag.unexpected()).message
        ))),
    }
}

fn simulate(mut parser: Parser, read: &dyn Fn(&Path) -> io::Result<String>) -> Result<Command, Failure> {
    let mut print = Print::Guide;
    let (mut base, mut given) = (Map::new(), Map::new());
    while let Some(argument) = parser.next().map_err(|error| SIMULATE.refused(error))? {
        let name = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::HelpSimulate),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Long("json") => {
                print = Print::Json;
                continue;
            }
            Arg::Long("env") => {
                print = Print::Exports;
                continue;
            }
            Arg::Long(name) => name.to_owned(),
            other => return Err(SIMULATE.refused(other.unexpected())),
        };
        let flag = flags::all().find(|flag| flag.name == name).ok_or_else(|| SIMULATE.unknown(&name))?;
        let value = value_of(flag, &mut parser, read)?;
        match (flag.member, value) {
            ("", Value::Object(options)) => base = options,
            ("rules", Value::Object(file)) => place_rules(&mut given, file)?,
            ("", _) => return Err(Failure::usage(format!("--{name}: the file must hold an object."))),
            (member, value) => place(&mut given, member, value, flag.takes),
        }
    }
    base.entry("port").or_insert(json!(DEFAULT_PORT));
    merge(&mut base, given);
    let options: Options = read_options(base.into()).map_err(|misfit| Failure::usage(told(&misfit)))?;
    Ok(Command::Simulate(Box::new(options), print))
}

/// A misfit among the options, by the flag that has set it where one did.
fn told(misfit: &Misfit) -> String {
    let Misfit { place, problem } = misfit;
    let of = |flag: &&Flag| {
        let rest = place.strip_prefix(flag.member).filter(|_| !flag.member.is_empty());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    match flags::all().find(of) {
        Some(flag) if flag.member == place.as_str() => format!("--{}: {problem}.", flag.name),
        Some(flag) => format!("--{}, at {place}: {problem}.", flag.name),
        None => format!("The options do not fit: {misfit}."),
    }
}

fn value_of(flag: &Flag, parser: &mut Parser, read: &dyn Fn(&Path) -> io::Result<String>) -> Result<Value, Failure> {
    let wrong = |problem: String| Failure::usage(format!("--{}: {problem}", flag.name));
    if let Takes::Nothing(value) = flag.takes {
        return Ok(value.into());
    }
    let text = parser.value().and_then(|value| value.string()).map_err(|error| SIMULATE.refused(error))?;
    match flag.takes {
        Takes::Number => serde_json::from_str::<Number>(&text)
            .map(Value::from)
            .map_err(|_| wrong(format!("`{text}` is not a number."))),
        Takes::RulesFile if text.ends_with(".toml") => {
            let content = read(Path::new(&text)).map_err(|error| wrong(format!("cannot read `{text}`: {error}.")))?;
            toml::from_str(&content).map_err(|error| wrong(format!("`{text}` is not TOML: {error}.")))
        }
        Takes::JsonFile | Takes::RulesFile => {
            let content = read(Path::new(&text)).map_err(|error| wrong(format!("cannot read `{text}`: {error}.")))?;
            serde_json::from_str(&content).map_err(|error| wrong(format!("`{text}` is not JSON: {error}.")))
        }
        _ => Ok(text.into()),
    }
}

/// Takes a file of rules apart.
fn place_rules(options: &mut Map<String, Value>, file: Map<String, Value>) -> Result<(), Failure> {
    for (name, value) in file {
        if !["rules", "scripts"].contains(&name.as_str()) {
            return Err(Failure::usage(format!("--rules: a file has `rules` and `scripts`, not `{name}`.")));
        }
        options.insert(name, value);
    }
    Ok(())
}

/// Puts a value at `a.b`. A switch leaves what other flags have put there.
fn place(options: &mut Map<String, Value>, member: &str, value: Value, takes: Takes) {
    if let Some((first, rest)) = member.split_once('.') {
        let inner = options.entry(first).or_insert_with(|| json!({}));
        if !inner.is_object() {
            *inner = json!({});
        }
        if let Some(inner) = inner.as_object_mut() {
            place(inner, rest, value, takes);
        }
        return;
    }
    match (takes, options.get_mut(member)) {
        (Takes::Nothing(_), Some(_)) => {}
        (Takes::Texts(_), Some(Value::Array(list))) => list.push(value),
        (Takes::Texts(_), _) => drop(options.insert(member.to_owned(), json!([value]))),
        _ => drop(options.insert(member.to_owned(), value)),
    }
}

/// Objects are merged, everything else is replaced.
fn merge(base: &mut Map<String, Value>, given: Map<String, Value>) {
    for (name, value) in given {
        match (base.get_mut(&name), value) {
            (Some(Value::Object(inner)), Value::Object(value)) => merge(inner, value),
            (Some(Value::Object(_)), Value::Bool(true)) => {}
            (_, value) => drop(base.insert(name, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::Auth;
    use std::path::PathBuf;

    fn parsed(line: &str) -> Result<Command, String> {
        let read = |path: &Path| {
            match path.to_str() {
            Some("faults.json") => Ok(r#"[{"fault": "stall"}]"#.to_owned()),
            Some("misspelt.json") => Ok(r#"[{"fault": "stal"}]"#.to_owned()),
            Some("options.json") => Ok(r#"{"port": 1, "auth": "off", "tls": {"port": 2}}"#.to_owned()),
            Some("rules.json") => Ok(r#"[{"answer": "a"}, {"answer": "b"}]"#.to_owned()),
            Some("rules.toml") => Ok("[[rules]]\nmatch.text = \"weather\"\nanswer = \"Sunny.\"\n[scripts]\ngreet = [\"Hi.\", { text = [\"Good\", \" bye.\"] }]\n".to_owned()),
            Some("other.toml") => Ok("[faults]\n".to_owned()),
            Some("broken.json") => Ok("{".to_owned()),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
        };
        let arguments = line.split_whitespace().map(OsString::from);
        parse(arguments, &|_| None, &read).map_err(|failure| {
            assert_eq!(failure.exit_code, 2);
            failure.message
        })
    }

    fn options(line: &str) -> Options {
        match parsed(&format!("simulate {line}")) {
            Ok(Command::Simulate(options, _)) => *options,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn flags_become_options() {
        let all = options(
            "--port 1 --host=0.0.0.0 --auth lenient --region eu-west-1 --seed 7 --no-padding --faults faults.json",
        );
        assert_eq!((all.port, all.host.to_string().as_str(), all.auth), (1, "0.0.0.0", Auth::Lenient));
        assert_eq!((all.region.as_str(), all.seed, all.padding, all.faults.len()), ("eu-west-1", 7, false, 1));
        assert_eq!(options("--tokens-per-second 0.5 --jitter 1").physics.tokens_per_second, 0.5);
        let keys = options("--access-key-id AKIA --secret-access-key s --bearer-key a --bearer-key b");
        assert_eq!((keys.credentials.access_key_id.as_str(), keys.bearer_keys.len()), ("AKIA", 2));
        assert_eq!((options("").port, options("").tls), (DEFAULT_PORT, None));
    }

    #[test]
    fn rules_come_from_files_of_either_kind() {
        assert_eq!(options("--rules rules.json").rules.len(), 2);
        let file = options("--rules rules.toml");
        assert_eq!((file.rules.len(), file.scripts["greet"].0.len()), (1, 2));
        assert!(parsed("simulate --rules other.toml").unwrap_err().contains("not `faults`"));
        assert!(parsed("simulate --rules broken.json").unwrap_err().contains("is not JSON"));
    }

    #[test]
    fn cassettes_are_paths_with_details() {
        let replay = options("--replay-strict --replay a.yaml --replay-speed 2").replay.unwrap();
        assert_eq!((replay.path.to_str(), replay.strict, replay.speed), (Some("a.yaml"), true, 2.0));
        let record = options("--record a --record-upstream http://localhost:1").record.unwrap();
        assert_eq!((record.path.to_str(), record.upstream.as_deref()), (Some("a"), Some("http://localhost:1")));
        assert!(parsed("simulate --replay-strict").unwrap_err().contains("path"));
    }

    #[test]
    fn what_does_not_fit_is_told_by_its_flag() {
        for (line, told) in [
            ("--port 70000", "--port: invalid value: integer `70000`, expected a whole number from 0 to 65535."),
            ("--jitter 5", "--jitter: 5 is not from 0 to 1."),
            ("--host localhost", "--host: expected an IP address such as 127.0.0.1."),
            ("--access-key-id A", "The options do not fit: credentials: missing field `secretAccessKey`."),
        ] {
            assert_eq!(parsed(&format!("simulate {line}")).unwrap_err(), told);
        }
        assert!(parsed("simulate --faults misspelt.json").unwrap_err().starts_with("--faults, at faults[0]"));
    }

    #[test]
    fn tls_is_a_switch_with_details_in_any_order() {
        for line in [
            "--tls --tls-port 9 --ca-file ca.pem",
            "--tls-port 9 --ca-file ca.pem --tls",
            "--ca-file=ca.pem --tls-port=9",
        ] {
            let tls = options(line).tls.unwrap();
            assert_eq!((tls.port, tls.ca_file), (9, Some(PathBuf::from("ca.pem"))), "{line}");
        }
        assert_eq!(options("--tls").tls.unwrap().port, 0);
    }

    #[test]
    fn a_file_of_options_gives_way_to_flags() {
        let given = options("--auth strict --options options.json --tls");
        assert_eq!((given.port, given.auth, given.tls.unwrap().port), (1, Auth::Strict, 2));
    }

    #[test]
    fn commands_and_what_is_printed() {
        assert!(matches!(parsed(""), Ok(Command::Help)));
        assert!(matches!(parsed("--help"), Ok(Command::Help)));
        assert!(matches!(parsed("--version"), Ok(Command::Version)));
        assert!(matches!(parsed("hash-key"), Ok(Command::HashKey(asked)) if !asked.stdin));
        assert!(matches!(parsed("hash-key --stdin --json"), Ok(Command::HashKey(asked)) if asked.stdin && asked.json));
        assert!(matches!(parsed("hash-key -h"), Ok(Command::HelpHashKey)));
        assert!(matches!(parsed("simulate --port 1 -h"), Ok(Command::HelpSimulate)));
        assert!(matches!(parsed("simulate --json"), Ok(Command::Simulate(_, Print::Json))));
        assert!(matches!(parsed("simulate --env"), Ok(Command::Simulate(_, Print::Exports))));
    }

    #[test]
    fn mistakes_are_told_with_a_way_out() {
        for (line, expected) in [
            ("simulat", "There is no command `simulat`; `bedrock-wrapper --help` lists them."),
            ("simulate --prot 1", "There is no flag --prot; did you mean --port?"),
            ("simulate --zzz", "There is no flag --zzz; `bedrock-wrapper simulate --help` lists them."),
            ("simulate -p", "There is no flag -p; `bedrock-wrapper simulate --help` lists them."),
            ("simulate --port", "--port needs a value."),
            ("simulate --port x", "--port: `x` is not a number."),
            ("hash-key --sdtin", "There is no flag --sdtin; did you mean --stdin?"),
            ("simulate --tls=yes", "--tls takes no value."),
            (
                "simulate --faults broken.json",
                "--faults: `broken.json` is not JSON: EOF while parsing an object at line 1 column 1.",
            ),
            ("simulate --options faults.json", "--options: the file must hold an object."),
        ] {
            assert_eq!(parsed(line).unwrap_err(), expected, "{line}");
        }
        for (line, part) in [
            ("simulate --auth maybe", "unknown variant `maybe`"),
            ("simulate --port 1.5", "expected a whole number from 0 to 65535"),
            ("simulate --faults none.json", "cannot read `none.json`"),
            ("simulate extra", "extra"),
        ] {
            let told = parsed(line).unwrap_err();
            assert!(told.contains(part), "{line}: {told}");
        }
    }
}
