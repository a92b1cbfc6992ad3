//! The catalog against the golden vectors: which id a request goes to, by which API, and with which limits.
//!
//! Runs where the folder of golden vectors stands beside the checkout, or where `BEDROCK_WRAPPER_SHARED` names it.

use std::path::PathBuf;

use bedrock_wrapper::catalog::{self, Sampling, Support, Target};
use serde_json::{Value, json};

/// Resources that only the service can look into. The recorded package refuses them; here they go to Converse.
const ACCEPTED_HERE: &[&str] = &[":application-inference-profile/", ":provisioned-model/"];

#[test]
fn golden_models_resolve_to_what_was_sent() {
    let (mut sent, mut refused, mut accepted_here, mut failures) = (0, 0, 0, Vec::new());
    for case in golden_cases() {
        let Some(model) = case["input"]["model"].as_str() else { continue };
        let found = catalog::resolve(model);
        if let Some(message) = refusal(&case) {
            match found {
                Err(error) if error.message.starts_with(message) => refused += 1,
                Ok(_) if ACCEPTED_HERE.iter().any(|kind| model.contains(kind)) => accepted_here += 1,
                other => failures.push(format!("{}: {message:?} expected, got {other:?}", case["id"])),
            }
            continue;
        }
        let target = match found {
            Ok(target) => target,
            Err(error) => {
                failures.push(format!("{}: {error}", case["id"]));
                continue;
            }
        };
        if has_bug(&case, "B14") && target.model.vision {
            failures.push(format!("{}: no vision expected", case["id"]));
        }
        if let Some(request) = request(&case) {
            sent += 1;
            failures.extend(disagreements(&case, &target, request));
        }
    }
    println!("{sent} requests agree, {refused} models refused, {accepted_here} accepted although the package refuses");
    assert!(failures.is_empty(), "{} disagreements:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn golden_names_are_listed_first_and_in_their_order() {
    let Some(folder) = golden() else { return };
    let lists: Value = serde_json::from_slice(&std::fs::read(folder.join("supported-models.json")).unwrap()).unwrap();
    let name = |entry: &Value| -> String {
        let entry: Value = serde_json::from_str(entry.as_str().unwrap()).unwrap();
        entry["modelName"].as_str().unwrap().to_owned()
    };
    let latest: Vec<_> = lists["2.12.0"].as_array().unwrap().iter().map(name).collect();
    let ours: Vec<_> = catalog::names().map(|name| name.name).collect();
    assert_eq!(ours[..latest.len()], latest);
    for entry in lists["2.5.0"].as_array().unwrap() {
        assert!(ours.contains(&name(entry).as_str()), "{entry}");
    }
}

fn disagreements(case: &Value, target: &Target, request: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut expect = |agrees: bool, what: String| {
        if !agrees {
            found.push(format!("{}: {what}", case["id"]));
        }
    };
    let (input, body, model) = (&case["input"], &request["body"], target.model);
    let path = request["path"].as_str().unwrap_or_default();
    let (id, operation) = path.trim_start_matches("/model/").rsplit_once('/').unwrap_or_default();
    let native = case["api"] == "invoke" && model.native_body().is_some();
    if !path.is_empty() {
        expect(id == target.wire_id, format!("{} instead of {id}", target.wire_id));
        expect(native == operation.starts_with("invoke"), format!("{operation} by another API"));
    }

    let limit = most_tokens(body);
    let asked = [&input["max_completion_tokens"], &input["max_tokens"]].into_iter().find_map(Value::as_u64);
    let most = model.max_output.map(u64::from);
    if asked.is_none() || asked > most {
        expect(limit == most, format!("{limit:?} output tokens sent, {most:?} in the catalog"));
    }

    let beta =
        ["/anthropic_beta", "/additionalModelRequestFields/anthropic_beta"].iter().find_map(|at| body.pointer(at));
    let beta_due = (native || target.thinking) && !model.anthropic_beta.is_empty();
    expect(beta == beta_due.then(|| json!(model.anthropic_beta)).as_ref(), format!("anthropic_beta sent: {beta:?}"));
    expect(model.vision || !body.to_string().contains("\"$image\""), "image sent, no vision in the catalog".into());
    let thinks = ["/thinking", "/additionalModelRequestFields/thinking"].iter().any(|at| has(body, at));
    expect(thinks == target.thinking, format!("thinking sent: {thinks}"));

    let stop = [&input["stop_sequences"], &input["stop"]].into_iter().any(is_filled);
    let support = if native { model.stop.invoke } else { model.stop.converse };
    let stop_sent = ["/stop", "/stop_sequences", "/inferenceConfig/stopSequences"].iter().any(|at| has(body, at));
    expect(stop_sent == (stop && support == Support::Native), format!("stop sent: {stop_sent}, {support:?}"));

    let temperature_sent = ["/temperature", "/inferenceConfig/temperature"].iter().any(|at| has(body, at));
    let top_p_sent = ["/top_p", "/inferenceConfig/topP"].iter().any(|at| has(body, at));
    let both_asked = input["temperature"].is_number() && input["top_p"].is_number() && !target.thinking;
    match model.sampling {
        Sampling::Both => expect(!both_asked || temperature_sent && top_p_sent, "temperature and top_p".into()),
        Sampling::Either => expect(!(temperature_sent && top_p_sent), "temperature or top_p".into()),
        Sampling::Neither => expect(!temperature_sent && !top_p_sent, "neither temperature nor top_p".into()),
        Sampling::Temperature => expect(!top_p_sent, "no top_p".into()),
    }
    found
}

fn most_tokens(body: &Value) -> Option<u64> {
    let places = ["/max_tokens", "/max_completion_tokens", "/max_gen_len", "/inferenceConfig/maxTokens"];
    places.iter().find_map(|at| body.pointer(at)?.as_u64())
}

fn is_filled(stop: &Value) -> bool {
    stop.as_str().is_some_and(|stop| !stop.is_empty() && stop != "__undefined__")
        || stop.as_array().is_some_and(|stops| !stops.is_empty())
}

fn has(body: &Value, at: &str) -> bool {
    body.pointer(at).is_some()
}

fn has_bug(case: &Value, bug: &str) -> bool {
    case["bugs"].as_array().is_some_and(|bugs| bugs.iter().any(|known| known == bug))
}

/// The request the case wants, if it wants one.
fn request(case: &Value) -> Option<&Value> {
    let as_recorded = case["verdict"] == "reference" || case["request_ok"] == true;
    Some(if as_recorded { &case["expected_request"] } else { &case["correct_request"] })
        .filter(|request| request.is_object())
}

/// The message with which the model is to be refused, if it is.
fn refusal(case: &Value) -> Option<&str> {
    let error = if case["verdict"] == "reference" { &case["expected_error"] } else { &case["correct_error"] };
    error["message"].as_str().filter(|message| message.starts_with("Model configuration not found"))
}

fn golden_cases() -> impl Iterator<Item = Value> {
    let files = golden().into_iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    files.map(|file| file.unwrap().path()).filter(|path| is_case_file(path)).flat_map(|path| {
        let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        cases
    })
}

fn is_case_file(path: &std::path::Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".converse.json") || name.ends_with(".invoke.json")
}

fn golden() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let shared = std::env::var_os("BEDROCK_WRAPPER_SHARED").map_or_else(beside, PathBuf::from);
    let folder = shared.join("golden");
    if !folder.is_dir() {
        println!("no golden vectors at {}: skipped", folder.display());
        return None;
    }
    Some(folder)
}
