//! A call of the hub as JSON for people: what is not said is left out.

use bedrock_wrapper::conversation::{
    Block, CachePoint, Content, File, FileSource, Format, ImageSource, Message, Reasoning, Request, Role, Stored, Tool,
    ToolChoice,
};
use bedrock_wrapper::dialect::chat::ChatCall;
use serde_json::{Map, Value, json};

pub(super) fn call(call: &ChatCall) -> Value {
    let mut told = request(&call.request);
    told.insert("model".to_owned(), json!(call.model));
    told.insert("fallbacks".to_owned(), json!(call.fallbacks));
    told.insert("stream".to_owned(), json!(call.stream.then_some(true)));
    told.insert("include_usage".to_owned(), json!(call.include_usage.then_some(true)));
    told.insert("n".to_owned(), json!(Some(call.n).filter(|&n| n != 1)));
    told.insert("legacy_functions".to_owned(), json!(call.legacy_functions.then_some(true)));
    told.insert("custom_tools".to_owned(), json!(call.custom_tools));
    told.insert("hide_reasoning".to_owned(), json!(call.hide_reasoning.then_some(true)));
    told.insert("metadata".to_owned(), json!(call.metadata));
    assert_eq!(call.stream, call.request.stream);
    said(told)
}

fn request(request: &Request) -> Map<String, Value> {
    let parameters = &request.parameters;
    let extras = &request.extras;
    let caching = &request.caching;
    let places = [("system", caching.system), ("messages", caching.messages), ("tools", caching.tools)];
    let places: Vec<&str> = places.iter().filter(|(_, asked)| *asked).map(|(name, _)| *name).collect();
    let Value::Object(told) = json!({
        "system": request.system.iter().map(content).collect::<Vec<_>>(),
        "messages": request.messages.iter().map(message).collect::<Vec<_>>(),
        "max_tokens": parameters.max_tokens,
        "temperature": parameters.temperature,
        "top_p": parameters.top_p,
        "top_k": parameters.top_k,
        "stop": parameters.stop,
        "reasoning": request.reasoning.map(reasoning),
        "thinking_display": request.thinking_display,
        "tools": request.tools.iter().map(tool).collect::<Vec<_>>(),
        "tool_choice": choice(&request.tool_choice),
        "parallel_tool_calls": request.parallel_tool_calls,
        "format": format(&request.format),
        "caching": if places.is_empty() { Value::Null } else { json!({"places": places, "ttl": caching.ttl.map(|ttl| ttl.as_str())}) },
        "guardrail": extras.guardrail,
        "performance": extras.performance,
        "bedrock_service_tier": extras.service_tier,
        "request_metadata": extras.metadata,
        "additional_fields": extras.additional_fields,
        "additional_response_paths": extras.additional_response_paths,
        "prompt_variables": extras.prompt_variables,
        "output_config": extras.output_config,
    }) else {
        unreachable!()
    };
    told
}

fn said(members: Map<String, Value>) -> Value {
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    Value::Object(members.into_iter().filter(|(_, value)| !empty(value)).collect())
}

fn some(told: Value) -> Value {
    let Value::Object(members) = told else { return told };
    Value::Object(members.into_iter().filter(|(_, value)| !value.is_null() && value != false).collect())
}

fn message(message: &Message) -> Value {
    let role = if message.role == Role::User { "user" } else { "assistant" };
    some(json!({"role": role, "name": message.name, "content": content(&message.content)}))
}

fn content(content: &Content) -> Value {
    match content {
        Content::Text(text) => json!(text),
        Content::Blocks(blocks) => blocks.iter().map(block).collect(),
    }
}

fn block(block: &Block) -> Value {
    match block {
        Block::Text(text) => json!({"text": text}),
        Block::Image(image) => {
            let source = match &image.source {
                ImageSource::Reference(given) => json!(given),
                ImageSource::Stored(at) => stored(at),
                ImageSource::Ready(_) => unreachable!("a dialect reads no picture"),
            };
            json!({"image": {"param": image.param, "source": source}})
        }
        Block::File(given) => file(given),
        Block::ToolUse(call) => {
            json!({"tool_use": {"param": call.param, "id": call.id, "name": call.name, "input": call.input}})
        }
        Block::ToolResult(result) => {
            let content: Vec<Value> = result.content.iter().map(self::block).collect();
            json!({"tool_result": some(json!({"param": result.param, "id": result.id, "content": content, "is_error": result.is_error}))})
        }
        Block::Reasoning(thought) => {
            json!({"reasoning": some(json!({"text": thought.text, "signature": thought.signature}))})
        }
        Block::Redacted(data) => json!({"redacted": data}),
        Block::CachePoint(point) => json!({"cache_point": ttl(*point)}),
        Block::Verbatim(value) => json!({"verbatim": value}),
    }
}

fn file(file: &File) -> Value {
    let source = match &file.source {
        FileSource::Reference(given) => json!(given),
        FileSource::Text(text) => json!({"text": text}),
        FileSource::Stored(at) => stored(at),
        FileSource::Ready(_) => unreachable!("a dialect reads no file"),
    };
    let kind = format!("{:?}", file.kind).to_lowercase();
    json!({kind: some(json!({
        "param": file.param,
        "format": file.format,
        "name": file.name,
        "source": source,
        "citations": file.citations,
        "context": file.context,
    }))})
}

fn stored(at: &Stored) -> Value {
    some(json!({"uri": at.uri, "owner": at.owner, "format": at.format}))
}

fn ttl(point: CachePoint) -> &'static str {
    point.ttl.map_or("default", |ttl| ttl.as_str())
}

fn reasoning(reasoning: Reasoning) -> Value {
    match reasoning {
        Reasoning::Off => json!("off"),
        Reasoning::Adaptive => json!("adaptive"),
        Reasoning::Budget(tokens) => json!({"budget": tokens}),
        Reasoning::Effort(effort) => json!({"effort": format!("{effort:?}").to_lowercase()}),
    }
}

fn tool(tool: &Tool) -> Value {
    match tool {
        Tool::Function(function) => some(json!({
            "param": function.param,
            "name": function.name,
            "description": function.description,
            "schema": function.schema,
            "strict": function.strict,
        })),
        Tool::System(system) => json!({"system": {"param": system.param, "name": system.name}}),
        Tool::Native(native) => json!({"native": native.definition}),
        Tool::CachePoint(point) => json!({"cache_point": ttl(*point)}),
    }
}

fn choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Auto => Value::Null,
        ToolChoice::None => json!("none"),
        ToolChoice::Required => json!("required"),
        ToolChoice::Named(name) => json!({"named": name}),
    }
}

fn format(format: &Format) -> Value {
    match format {
        Format::Text => Value::Null,
        Format::JsonObject => json!("json_object"),
        Format::JsonSchema(given) => some(json!({
            "name": given.name,
            "description": given.description,
            "schema": given.schema,
            "strict": given.strict,
        })),
    }
}
