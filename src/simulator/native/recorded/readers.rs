//! Recorded bodies and chunks as answers: a reader for each family.

use serde_json::Value;

use super::super::Body;
use crate::simulator::answer::{Answer, Block, Cache, Call, Spoken, Stop, Usage};
use crate::simulator::models::{Family, Model};

/// The answer that a recorded body tells.
pub(super) fn whole(model: &Model, request: &Body, body: &Value) -> Answer {
    match model.series.family {
        Family::Claude if body["type"] == "message" => message(body),
        Family::Claude => completion(&[body], vec![text(&body["completion"])], request),
        Family::Nova => nova(body),
        Family::Titan => {
            titan(&[body["results"][0]["outputText"].clone()], &body["results"][0], &body["inputTextTokenCount"])
        }
        Family::Llama => llama(std::slice::from_ref(body)),
        Family::OpenAiTagged => chat(body),
        Family::Command => command(&body["generations"][0]["text"], &body["generations"][0]["finish_reason"], request),
        Family::CommandR => Answer::new(
            vec![Block::text(text(&body["text"]))],
            cohere_stop(&body["finish_reason"], request),
            Usage::default(),
        ),
        Family::Jamba => chat(body),
        Family::Jurassic => {
            let reason = &body["completions"][0]["finishReason"];
            let stop = if reason["reason"] == "length" { Stop::MaxTokens } else { Stop::EndTurn };
            let usage = Usage::new(0, reason["length"].as_u64().unwrap_or(0));
            Answer::new(vec![Block::text(text(&body["completions"][0]["data"]["text"]))], stop, usage)
        }
        Family::Imported => {
            let choice = &body["choices"][0];
            Answer::new(
                vec![Block::text(text(&choice["text"]))],
                chat_stop(&choice["finish_reason"]),
                chat_usage(&body["usage"]),
            )
        }
        other => panic!("no reader for {other:?}"),
    }
}

/// The answer that recorded chunks tell, its pieces as they came.
pub(super) fn streamed(model: &Model, request: &Body, chunks: &[Value]) -> Answer {
    let mut answer = match model.series.family {
        Family::Claude if chunks[0]["type"] == "message_start" => message_events(chunks),
        Family::Claude => {
            let mut told = pieces(chunks, "/completion");
            told.pop_if(|last| last.is_empty());
            completion(&chunks.iter().collect::<Vec<_>>(), told, request)
        }
        Family::Nova => nova_events(chunks),
        Family::Titan => {
            let pieces: Vec<Value> = chunks.iter().map(|chunk| chunk["outputText"].clone()).collect();
            let last = chunks.last().unwrap();
            titan(&pieces, last, &chunks[0]["inputTextTokenCount"])
        }
        Family::Llama => llama(chunks),
        Family::OpenAiTagged | Family::Jamba => chat_events(chunks),
        Family::Command if chunks[0]["generations"].is_array() => {
            command(&chunks[0]["generations"][0]["text"], &chunks[0]["generations"][0]["finish_reason"], request)
        }
        Family::Command => {
            let pieces = pieces(chunks, "/text");
            let stop = cohere_stop(&chunks.last().unwrap()["finish_reason"], request);
            Answer::new(vec![spoken(pieces)], stop, Usage::default())
        }
        Family::CommandR => {
            let last = &chunks.last().unwrap()["response"];
            let texts: Vec<Value> =
                chunks.iter().filter(|chunk| chunk["event_type"] == "text-generation").cloned().collect();
            Answer::new(
                vec![spoken(pieces(&texts, "/text"))],
                cohere_stop(&last["finish_reason"], request),
                Usage::default(),
            )
        }
        other => panic!("no reader for {other:?}"),
    };
    let metrics = chunks.iter().find_map(|chunk| chunk.get("amazon-bedrock-invocationMetrics")).unwrap();
    let count = |key: &str| metrics[key].as_u64();
    if answer.usage.input == 0 {
        answer.usage.input = count("inputTokenCount").unwrap_or(0);
    }
    if answer.usage.output == 0 {
        answer.usage.output = count("outputTokenCount").unwrap_or(0);
    }
    if let (Some(read), Some(write)) = (count("cacheReadInputTokenCount"), count("cacheWriteInputTokenCount")) {
        answer.usage.cache = Some(Cache { read, write, write_hour: 0 });
    }
    answer
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn pieces(chunks: &[Value], pointer: &str) -> Vec<String> {
    chunks.iter().filter_map(|chunk| chunk.pointer(pointer)?.as_str()).map(str::to_owned).collect()
}

fn spoken(pieces: Vec<String>) -> Block {
    Block::Text { text: Spoken::Pieces(pieces), citations: Vec::new() }
}

fn message(body: &Value) -> Answer {
    let blocks = body["content"].as_array().unwrap().iter().map(|block| match block["type"].as_str().unwrap() {
        "text" => Block::text(text(&block["text"])),
        "thinking" => Block::Reasoning {
            text: text(&block["thinking"]).into(),
            signature: block["signature"].as_str().map(str::to_owned),
        },
        "tool_use" => Block::ToolUse { call: call(block), input: block["input"].to_string().into() },
        other => panic!("no recording had {other} so far"),
    });
    let stop = Stop::from_reason(body["stop_reason"].as_str().unwrap(), body["stop_sequence"].as_str());
    Answer::new(blocks.collect(), stop, claude_usage(&body["usage"]))
}

fn call(block: &Value) -> Call {
    Call { id: block["id"].as_str().map(str::to_owned), name: text(&block["name"]), kind: None }
}

fn claude_usage(usage: &Value) -> Usage {
    let count = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64);
    let cache = Cache {
        read: count("/cache_read_input_tokens").unwrap_or(0),
        write: count("/cache_creation_input_tokens").unwrap_or(0),
        write_hour: count("/cache_creation/ephemeral_1h_input_tokens").unwrap_or(0),
    };
    let cache = (cache != Cache::default()).then_some(cache);
    Usage { input: count("/input_tokens").unwrap_or(0), output: count("/output_tokens").unwrap_or(0), cache }
}

fn message_events(chunks: &[Value]) -> Answer {
    let mut blocks = Vec::new();
    for start in chunks.iter().filter(|chunk| chunk["type"] == "content_block_start") {
        let index = &start["index"];
        let deltas: Vec<Value> = chunks
            .iter()
            .filter(|chunk| chunk["type"] == "content_block_delta" && chunk["index"] == *index)
            .cloned()
            .collect();
        blocks.push(match start["content_block"]["type"].as_str().unwrap() {
            "text" => spoken(pieces(&deltas, "/delta/text")),
            "thinking" => Block::Reasoning {
                text: Spoken::Pieces(pieces(&deltas, "/delta/thinking")),
                signature: pieces(&deltas, "/delta/signature").pop(),
            },
            "tool_use" => Block::ToolUse {
                call: call(&start["content_block"]),
                input: Spoken::Pieces(pieces(&deltas, "/delta/partial_json")),
            },
            other => panic!("no recording had {other} so far"),
        });
    }
    let last = chunks.iter().find(|chunk| chunk["type"] == "message_delta").unwrap();
    let stop =
        Stop::from_reason(last["delta"]["stop_reason"].as_str().unwrap(), last["delta"]["stop_sequence"].as_str());
    let mut usage = claude_usage(&chunks[0]["message"]["usage"]);
    usage.output = last["usage"]["output_tokens"].as_u64().unwrap();
    Answer::new(blocks, stop, usage)
}

/// Claude's old completions: the end of a turn is the stop sequence `\n\nHuman:`.
fn completion(chunks: &[&Value], pieces: Vec<String>, request: &Body) -> Answer {
    let said = |key: &str| chunks.iter().find_map(|chunk| chunk[key].as_str());
    let met = said("stop").unwrap_or_default();
    let asked = request.at("/stop_sequences").as_array().is_some_and(|given| given.iter().any(|given| given == met));
    let stop = match said("stop_reason") {
        Some("max_tokens") => Stop::MaxTokens,
        _ if asked => Stop::Sequence(met.to_owned()),
        _ => Stop::EndTurn,
    };
    Answer::new(vec![spoken(pieces)], stop, Usage::default())
}

fn nova(body: &Value) -> Answer {
    let content = body["output"]["message"]["content"].as_array().unwrap();
    let blocks = content.iter().map(|block| match &block["toolUse"] {
        Value::Null => Block::text(text(&block["text"])),
        call => Block::ToolUse { call: nova_call(call), input: call["input"].to_string().into() },
    });
    let mut usage =
        Usage::new(body["usage"]["inputTokens"].as_u64().unwrap(), body["usage"]["outputTokens"].as_u64().unwrap());
    usage.cache = nova_cache(&body["usage"]);
    Answer::new(blocks.collect(), Stop::from_reason(body["stopReason"].as_str().unwrap(), None), usage)
}

fn nova_call(call: &Value) -> Call {
    Call { id: call["toolUseId"].as_str().map(str::to_owned), name: text(&call["name"]), kind: None }
}

fn nova_cache(usage: &Value) -> Option<Cache> {
    let count = |key: &str| usage[key].as_u64();
    Some(Cache { read: count("cacheReadInputTokenCount")?, write: count("cacheWriteInputTokenCount")?, write_hour: 0 })
}

fn nova_events(chunks: &[Value]) -> Answer {
    let mut blocks = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    let mut open: Option<Call> = None;
    let mut answer = Answer::new(Vec::new(), Stop::EndTurn, Usage::default());
    for chunk in chunks {
        let delta = &chunk["contentBlockDelta"]["delta"];
        if let Some(call) = chunk["contentBlockStart"]["start"].get("toolUse") {
            open = Some(nova_call(call));
        } else if let Some(piece) = delta["text"].as_str() {
            texts.push(piece.to_owned());
        } else if let Some(input) = delta["toolUse"]["input"].as_str() {
            if !texts.is_empty() {
                blocks.push(spoken(std::mem::take(&mut texts)));
            }
            blocks.push(Block::ToolUse { call: open.take().unwrap(), input: input.to_owned().into() });
        } else if let Some(reason) = chunk["messageStop"]["stopReason"].as_str() {
            answer.stop = Stop::from_reason(reason, None);
        } else if let Some(usage) = chunk["metadata"].get("usage") {
            let count = |key: &str| usage[key].as_u64().unwrap_or(0);
            answer.usage =
                Usage { input: count("inputTokens"), output: count("outputTokens"), cache: nova_cache(usage) };
        }
    }
    if !texts.is_empty() {
        blocks.push(spoken(texts));
    }
    answer.blocks = blocks;
    answer
}

fn titan(texts: &[Value], last: &Value, input: &Value) -> Answer {
    let stop = match last["completionReason"].as_str().unwrap() {
        "LENGTH" => Stop::MaxTokens,
        "STOP_CRITERIA_MET" => Stop::Sequence(String::new()),
        "CONTENT_FILTERED" => Stop::ContentFiltered,
        _ => Stop::EndTurn,
    };
    let output = last["tokenCount"].as_u64().or_else(|| last["totalOutputTextTokenCount"].as_u64());
    let usage = Usage::new(input.as_u64().unwrap(), output.unwrap());
    Answer::new(vec![spoken(texts.iter().map(text).collect())], stop, usage)
}

fn llama(chunks: &[Value]) -> Answer {
    let last = chunks.last().unwrap();
    let stop = if last["stop_reason"] == "length" { Stop::MaxTokens } else { Stop::EndTurn };
    let mut texts = pieces(chunks, "/generation");
    if chunks.len() > 1 && stop == Stop::EndTurn {
        texts.pop_if(|last| last.is_empty());
    }
    let usage =
        Usage::new(chunks[0]["prompt_token_count"].as_u64().unwrap(), last["generation_token_count"].as_u64().unwrap());
    Answer::new(vec![spoken(texts)], stop, usage)
}

fn chat_stop(reason: &Value) -> Stop {
    match reason.as_str().unwrap() {
        "length" => Stop::MaxTokens,
        "tool_calls" => Stop::ToolUse,
        _ => Stop::EndTurn,
    }
}

fn chat_usage(usage: &Value) -> Usage {
    Usage::new(usage["prompt_tokens"].as_u64().unwrap_or(0), usage["completion_tokens"].as_u64().unwrap_or(0))
}

fn chat(body: &Value) -> Answer {
    let choice = &body["choices"][0];
    let content = text(&choice["message"]["content"]);
    let mut blocks = Vec::new();
    let rest = match content.strip_prefix("<reasoning>").and_then(|rest| rest.split_once("</reasoning>")) {
        Some((thoughts, rest)) => {
            blocks.push(Block::Reasoning { text: thoughts.to_owned().into(), signature: None });
            rest.to_owned()
        }
        None => content,
    };
    if !rest.is_empty() {
        blocks.push(Block::text(rest));
    }
    for call in choice["message"]["tool_calls"].as_array().into_iter().flatten() {
        blocks.push(Block::ToolUse { call: chat_call(call), input: text(&call["function"]["arguments"]).into() });
    }
    Answer::new(blocks, chat_stop(&choice["finish_reason"]), chat_usage(&body["usage"]))
}

fn chat_call(call: &Value) -> Call {
    Call { id: call["id"].as_str().map(str::to_owned), name: text(&call["function"]["name"]), kind: None }
}

fn chat_events(chunks: &[Value]) -> Answer {
    let (mut thoughts, mut texts) = (Vec::new(), Vec::new());
    let mut calls: Vec<(Call, Vec<String>)> = Vec::new();
    let mut answer = Answer::new(Vec::new(), Stop::EndTurn, Usage::default());
    for chunk in chunks.iter().filter(|chunk| chunk["choices"].is_array()) {
        let choice = &chunk["choices"][0];
        let content = choice["delta"]["content"].as_str().unwrap_or_default();
        match content.strip_prefix("<reasoning>") {
            Some(thought) => thoughts.push(thought.strip_suffix("</reasoning>").unwrap().to_owned()),
            // The first chunk has the role and an empty text, the last of Jamba's an empty one.
            None if !content.is_empty() => texts.push(content.to_owned()),
            None => {}
        }
        for call in choice["delta"]["tool_calls"].as_array().into_iter().flatten() {
            if call["function"]["name"].is_string() {
                calls.push((chat_call(call), Vec::new()));
            }
            calls.last_mut().unwrap().1.push(text(&call["function"]["arguments"]));
        }
        if choice["finish_reason"].is_string() {
            answer.stop = chat_stop(&choice["finish_reason"]);
        }
        if chunk["usage"].is_object() {
            answer.usage = chat_usage(&chunk["usage"]);
        }
    }
    if !thoughts.is_empty() {
        answer.blocks.push(Block::Reasoning { text: Spoken::Pieces(thoughts), signature: None });
    }
    if !texts.is_empty() {
        answer.blocks.push(spoken(texts));
    }
    let calls = calls.into_iter().map(|(call, input)| Block::ToolUse { call, input: Spoken::Pieces(input) });
    answer.blocks.extend(calls);
    answer
}

fn cohere_stop(reason: &Value, request: &Body) -> Stop {
    match reason.as_str().unwrap() {
        "MAX_TOKENS" => Stop::MaxTokens,
        "STOP_SEQUENCE" => Stop::Sequence(text(request.at("/stop_sequences/0"))),
        _ => Stop::EndTurn,
    }
}

fn command(spoken: &Value, reason: &Value, request: &Body) -> Answer {
    Answer::new(vec![Block::text(text(spoken))], cohere_stop(reason, request), Usage::default())
}
