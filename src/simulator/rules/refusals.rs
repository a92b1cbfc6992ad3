//! Requests and the words in which each is refused.

use super::*;
use crate::simulator::models::Model;
use serde_json::json;

fn outcome(id: &str, over_converse: bool, body: Value) -> String {
    let (model, body) = (Model::find(id).unwrap(), Body::parse(body.to_string().as_bytes()).unwrap());
    let headers = HeaderMap::new();
    let outcome = match over_converse {
        true => converse(&model, &body, &headers, false),
        false => invoke(&model, &body, &headers, false),
    };
    outcome.map_or_else(|refusal| refusal.message, |()| "accepted".into())
}

fn hello() -> Value {
    json!([{"role": "user", "content": [{"text": "Hello"}]}])
}

const OPUS_45: &str = "us.anthropic.claude-opus-4-5-20251101-v1:0";
const OPUS_46: &str = "us.anthropic.claude-opus-4-6-v1";
const OPUS_47: &str = "us.anthropic.claude-opus-4-7";

#[test]
fn converse_refusals_in_the_services_words() {
    let quoted = "The model returned the following errors: ";
    let image = json!([{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": ""}}}]}]);
    let assistant_first = json!([{"role": "assistant", "content": [{"text": "x"}]}]);
    let twice = json!([{"role": "user", "content": [{"text": "a"}]}, {"role": "user", "content": [{"text": "b"}]}]);
    let cases = [
        ("openai.gpt-oss-20b-1:0", json!({"messages": hello(), "inferenceConfig": {"stopSequences": ["x"]}}), "This model doesn't support the stopSequences field. Remove stopSequences and try again.".to_owned()),
        ("openai.gpt-oss-20b-1:0", json!({"messages": hello(), "inferenceConfig": {"stopSequences": []}}), "accepted".into()),
        ("amazon.nova-micro-v1:0", json!({"messages": image}), wording::MODALITY.fill(&[&"image"])),
        ("amazon.nova-lite-v1:0", json!({"messages": image}), "accepted".into()),
        ("amazon.nova-lite-v1:0", json!({"messages": assistant_first}), wording::STARTS_WITH_USER.text()),
        (OPUS_45, json!({"messages": assistant_first}), "accepted".into()),
        ("meta.llama3-8b-instruct-v1:0", json!({"messages": twice}), "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.".into()),
        (OPUS_45, json!({"messages": twice}), "accepted".into()),
        (OPUS_45, json!({"messages": [{"role": "user", "content": [{"text": ""}]}]}), "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again.".into()),
        (OPUS_45, json!({"messages": [{"role": "user", "content": []}]}), "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content field and try again.".into()),
        ("mistral.mistral-7b-instruct-v0:2", json!({"messages": hello(), "system": [{"text": "s"}]}), "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.".into()),
        ("anthropic.claude-3-haiku-20240307-v1:0", json!({"messages": hello(), "inferenceConfig": {"maxTokens": 4097}}), "The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value that is lower than 4096.".into()),
        (OPUS_45, json!({"messages": hello(), "inferenceConfig": {"temperature": 1, "topP": 0.5}}), format!("{quoted}`temperature` and `top_p` cannot both be specified for this model. Please use only one.")),
        (OPUS_46, json!({"messages": assistant_first}), format!("{quoted}This model does not support assistant message prefill. The conversation must end with a user message.")),
        (OPUS_47, json!({"messages": hello(), "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}}}), format!("{quoted}\"thinking.type.enabled\" is not supported for this model.")),
        ("amazon.titan-text-lite-v1", json!({"messages": hello(), "toolConfig": {"tools": []}}), "This model doesn't support tool use.".into()),
        ("amazon.nova-lite-v1:0", json!({"messages": hello(), "inferenceConfig": {"stopSequences": ["a", "b", "c", "d", "e"]}}), format!("{quoted}Malformed input request: #/inferenceConfig/stopSequences: expected maximum item count: 4, found: 5, please reformat your input and try again.")),
        (OPUS_45, json!({}), "1 validation error detected: Value null at 'messages' failed to satisfy constraint: Member must not be null".into()),
        (OPUS_45, json!({"messages": []}), format!("{quoted}messages: at least one message is required")),
    ];
    for (model, body, expected) in cases {
        assert_eq!(outcome(model, true, body.clone()), expected, "{model} {body}");
    }
}

#[test]
fn invoke_refusals_in_the_models_words() {
    let claude = |extra: Value| {
        let mut body = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]});
        extra.as_object().unwrap().iter().for_each(|(key, value)| body[key] = value.clone());
        body
    };
    let image = json!({"messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]});
    let cases = [
        (OPUS_45, claude(json!({})), "accepted"),
        (
            OPUS_45,
            claude(json!({"max_tokens": 70000})),
            "max_tokens: 70000 > 64000, which is the maximum allowed number of output tokens",
        ),
        (
            OPUS_45,
            claude(json!({"temperature": 0.1, "top_p": 0.9})),
            "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
        ),
        (
            OPUS_45,
            claude(json!({"thinking": {"type": "enabled", "budget_tokens": 1000}})),
            "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
        ),
        (
            OPUS_45,
            claude(json!({"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 1024})),
            "`max_tokens` must be greater than `thinking.budget_tokens`",
        ),
        (
            OPUS_45,
            claude(
                json!({"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2000, "temperature": 0.5}),
            ),
            "`temperature` may only be set to 1 when thinking is enabled.",
        ),
        (
            OPUS_45,
            claude(json!({"messages": [{"role": "user", "content": ""}]})),
            "messages.0: all messages must have non-empty content except for the optional final assistant message",
        ),
        (
            OPUS_45,
            claude(json!({"messages": [{"role": "user", "content": "x", "name": "n"}]})),
            "messages.0.name: Extra inputs are not permitted",
        ),
        (
            "qwen.qwen3-32b-v1:0",
            image,
            "Failed to deserialize the JSON body into the target type: ?[0]: Invalid 'messages': Invalid 'content': value did not match any expected variant",
        ),
        (
            "amazon.titan-text-lite-v1",
            json!({"inputText": "x", "textGenerationConfig": {"topP": 2}}),
            "Malformed input request: #/textGenerationConfig/topP: 2 is not less or equal to 1, please reformat your input and try again.",
        ),
        (
            "meta.llama3-8b-instruct-v1:0",
            json!({"prompt": "x", "max_gen_len": 4096}),
            "Malformed input request: #/max_gen_len: 4096 is not less or equal to 2048, please reformat your input and try again.",
        ),
        (
            "mistral.mistral-7b-instruct-v0:2",
            json!({"prompt": "x", "stop": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]}),
            "Malformed input request: #/stop: expected maximum item count: 10, found: 11, please reformat your input and try again.",
        ),
    ];
    for (model, body, expected) in cases {
        assert_eq!(outcome(model, false, body.clone()), expected, "{model} {body}");
    }
}

/// What Converse says, whole or streamed, to a body with these members beside a greeting.
fn told(id: &str, streamed: bool, members: Value) -> String {
    let mut body = json!({"messages": hello()});
    members.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
    let (model, body) = (Model::find(id).unwrap(), Body::parse(body.to_string().as_bytes()).unwrap());
    let outcome = converse(&model, &body, &HeaderMap::new(), streamed);
    outcome.map_or_else(|refusal| format!("{} {}", refusal.status, refusal.message), |()| "accepted".into())
}

fn user(content: Value) -> Value {
    json!({"messages": [{"role": "user", "content": content}]})
}

fn refused(text: &str) -> String {
    format!("400 {text}")
}

const SONNET: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const NOVA: &str = "amazon.nova-lite-v1:0";
const LLAMA: &str = "us.meta.llama3-3-70b-instruct-v1:0";

#[test]
fn tools_are_held_to_the_model() {
    let tool = |schema: Value| json!([{"toolSpec": {"name": "now", "inputSchema": {"json": schema}}}]);
    let tools = json!({"toolConfig": {"tools": tool(json!({"type": "object"}))}});
    let any = json!({"toolConfig": {"tools": tool(json!({})), "toolChoice": {"any": {}}}});
    let auto = json!({"toolConfig": {"tools": tool(json!({})), "toolChoice": {"auto": {}}}});
    let with_schema = |schema: Value| json!({"toolConfig": {"tools": tool(schema)}});
    let cases = [
        ("us.meta.llama3-2-3b-instruct-v1:0", false, &tools, refused("This model doesn't support tool use.")),
        (LLAMA, false, &tools, "accepted".into()),
        (LLAMA, true, &tools, refused("This model doesn't support tool use in streaming mode.")),
        (NOVA, true, &tools, "accepted".into()),
        (
            LLAMA,
            false,
            &any,
            refused(
                "This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.",
            ),
        ),
        (LLAMA, false, &auto, "accepted".into()),
        (SONNET, false, &any, "accepted".into()),
        (
            NOVA,
            false,
            &with_schema(json!("{}")),
            refused(
                "The format of the value at toolConfig.tools.0.toolSpec.inputSchema.json is invalid. Provide a json object for the field and try again.",
            ),
        ),
        (
            NOVA,
            false,
            &with_schema(json!({"type": "array"})),
            refused(
                "The value at toolConfig.tools.0.toolSpec.inputSchema.json.type must be one of the following: object.",
            ),
        ),
    ];
    for (model, streamed, members, expected) in cases {
        assert_eq!(told(model, streamed, members.clone()), expected, "{model} {members}");
    }
}

#[test]
fn every_tool_use_has_its_result() {
    let conversation = |uses: &[&str], results: &[&str]| {
        let uses: Vec<Value> =
            uses.iter().map(|id| json!({"toolUse": {"toolUseId": id, "name": "now", "input": {}}})).collect();
        let results: Vec<Value> =
            results.iter().map(|id| json!({"toolResult": {"toolUseId": id, "content": [{"text": "noon"}]}})).collect();
        let messages =
            json!([hello()[0], {"role": "assistant", "content": uses}, {"role": "user", "content": results}]);
        json!({"messages": messages, "toolConfig": {"tools": [{"toolSpec": {"name": "now", "inputSchema": {"json": {}}}}]}})
    };
    let missing =
        |ids: &str| refused(&format!("Expected toolResult blocks at messages.2.content for the following Ids: {ids}"));
    let cases = [
        (conversation(&["a", "b"], &["b", "a"]), "accepted".to_owned()),
        (conversation(&["a", "b", "c"], &["b"]), missing("a, c")),
        (conversation(&["a"], &["x"]), missing("a")),
        (
            conversation(&["a"], &["a", "b"]),
            refused(
                "The number of toolResult blocks at messages.2.content exceeds the number of toolUse blocks of previous turn.",
            ),
        ),
    ];
    for (members, expected) in cases {
        assert_eq!(told(SONNET, false, members.clone()), expected, "{members}");
    }
    let mut without = conversation(&["a"], &["a"]);
    without["toolConfig"] = Value::Null;
    assert_eq!(
        told(NOVA, false, without),
        refused("The toolConfig field must be defined when using toolUse and toolResult content blocks.")
    );
    let mut wrong = conversation(&["a"], &["a"]);
    wrong["messages"][1]["content"][0]["toolUse"]["input"] = json!("{}");
    assert_eq!(
        told(NOVA, false, wrong),
        refused(
            "The format of the value at messages.1.content.0.toolUse.input is invalid. Provide a json object for the field and try again."
        )
    );
    let mut wrong = conversation(&["a"], &["a"]);
    wrong["messages"][2]["content"][0]["toolResult"]["content"] = json!([{"text": "x"}, {"json": [1]}]);
    assert_eq!(
        told(NOVA, false, wrong),
        refused(
            "The format of the value at messages.2.content.0.toolResult.content.1.json is invalid. Provide a json object for the field and try again."
        )
    );
    let mut empty = conversation(&["a"], &["a"]);
    empty["messages"][2]["content"][0]["toolResult"] = json!({"toolUseId": "a", "content": [], "status": "error"});
    assert_eq!(
        told(NOVA, false, empty),
        refused("The content field at messages.2.content.0.toolResult cannot be empty when status value is error.")
    );
    let server = json!({"messages": [hello()[0], {"role": "assistant", "content": [
        {"toolUse": {"toolUseId": "s", "name": "code", "input": {}, "type": "server_tool_use"}},
        {"toolResult": {"toolUseId": "s", "content": [], "type": "result"}}, {"text": "done"}
    ]}, hello()[0]], "toolConfig": {"tools": [{"systemTool": {"name": "code"}}]}});
    assert_eq!(told("us.amazon.nova-2-lite-v1:0", false, server), "accepted");
}

#[test]
fn documents_follow_their_rules() {
    let document = |name: &str| json!({"document": {"format": "txt", "name": name, "source": {"bytes": "QUJD"}}});
    let named = |names: &[&str]| {
        let mut content: Vec<Value> = names.iter().map(|name| document(name)).collect();
        content.push(json!({"text": "Read"}));
        user(json!(content))
    };
    let name = refused(&wording::DOCUMENT_NAME.text());
    for accepted in ["report", "a_b", " x", "dir-name (1) [2]", "a b c"] {
        assert_eq!(told(NOVA, false, named(&[accepted])), "accepted", "{accepted}");
    }
    for wrong in ["report.pdf", "a  b", "é", "a/b", "a\tb", "a\u{3000}b"] {
        assert_eq!(told(NOVA, false, named(&[wrong])), name, "{wrong}");
    }
    assert_eq!(told(NOVA, false, named(&["a", "b", "a"])), refused(&wording::DUPLICATE_DOCUMENT.text()));
    assert_eq!(told(NOVA, false, named(&["1", "2", "3", "4", "5"])), "accepted");
    assert_eq!(told(NOVA, false, named(&["1", "2", "3", "4", "5", "6"])), refused(&wording::TOO_MANY_DOCUMENTS.text()));
    assert_eq!(told(NOVA, false, user(json!([document("a")]))), refused(&wording::DOCUMENT_WITHOUT_TEXT.text()));
    assert_eq!(
        told("amazon.titan-text-premier-v1:0", false, named(&["a"])),
        refused(&wording::MODALITY.fill(&[&"document"]))
    );
    let large = |format: &str| {
        let bytes = "A".repeat(6_400_000);
        user(json!([{"text": "Read"}, {"document": {"format": format, "name": "a", "source": {"bytes": bytes}}}]))
    };
    assert_eq!(told(NOVA, false, large("txt")), refused(&wording::DOCUMENT_SIZE.fill(&[&0, &1])));
    assert_eq!(told(NOVA, false, large("pdf")), "accepted");
    assert_eq!(told(SONNET, false, large("pdf")), "accepted");
}

#[test]
fn media_are_held_to_the_model() {
    let image = |format: &str, base64: &str| json!({"image": {"format": format, "source": {"bytes": base64}}});
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==";
    let quoted = |text: &str| refused(&wording::MODEL_RETURNED.fill(&[&text]));
    let twenty = |count: usize| user(Value::Array(vec![image("png", png); count]));
    let wide = {
        use base64::Engine;
        let mut bytes = base64::engine::general_purpose::STANDARD.decode(png).unwrap();
        bytes[16..20].copy_from_slice(&8001u32.to_be_bytes());
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    let s3 = json!({"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/key"}}}});
    let video = json!({"video": {"format": "mp4", "source": {"bytes": "QUJD"}}});
    let audio = json!({"audio": {"format": "mp3", "source": {"bytes": "QUJD"}}});
    let cases = [
        (SONNET, user(json!([image("png", png)])), "accepted".to_owned()),
        (SONNET, user(json!([image("jpeg", png)])), quoted(&wording::IMAGE_TYPE.fill(&[&0, &0, &"jpeg", &"png"]))),
        (
            SONNET,
            user(json!([image("png", &"A".repeat(5_242_884))])),
            quoted(&wording::IMAGE_SIZE.fill(&[&0, &0, &5_242_884])),
        ),
        (SONNET, user(json!([image("png", &wide)])), quoted(&wording::IMAGE_PIXELS.fill(&[&0, &0]))),
        (SONNET, twenty(20), "accepted".into()),
        (SONNET, twenty(21), quoted(&wording::TOO_MANY_IMAGES.fill(&[&21, &0]))),
        (SONNET, user(json!([s3])), refused(&wording::S3_URI.text())),
        (NOVA, user(json!([s3])), "accepted".into()),
        (SONNET, user(json!([video])), refused(&wording::MODALITY.fill(&[&"video"]))),
        (NOVA, user(json!([video])), "accepted".into()),
        (NOVA, user(json!([audio])), refused(&wording::MODALITY.fill(&[&"audio"]))),
        ("mistral.voxtral-mini-3b-2507", user(json!([audio, {"text": "x"}])), "accepted".into()),
    ];
    for (model, members, expected) in cases {
        assert_eq!(told(model, false, members), expected, "{model}");
    }
}

#[test]
fn other_members_follow_their_rules() {
    let prompt = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1";
    let signed = json!({"messages": [hello()[0], {"role": "assistant", "content": [
        {"reasoningContent": {"reasoningText": {"text": "t", "signature": "s"}}}, {"text": "x"}
    ]}, hello()[0]]});
    let cached = user(json!([{"text": "x"}, {"cachePoint": {"type": "default"}}]));
    let field = |name: &str| refused(&wording::NO_FIELD.fill(&[&name, &name]));
    let cases = [
        (prompt, json!({"messages": null, "promptVariables": {"x": {"text": "y"}}}), "accepted".to_owned()),
        (
            prompt,
            json!({"inferenceConfig": {"maxTokens": 5}}),
            refused(&wording::PROMPT_EXCLUDES.fill(&[&"inferenceConfig", &"inferenceConfig"])),
        ),
        (prompt, json!({"inferenceConfig": {}, "system": []}), "accepted".into()),
        ("openai.gpt-5.5", json!({"inferenceConfig": {"temperature": 0.5}}), field("temperature")),
        ("xai.grok-4.6", json!({"inferenceConfig": {"topP": 0.5}}), field("topP")),
        ("qwen.qwen3-32b-v1:0", signed.clone(), field("reasoningContent.reasoningText.signature")),
        (SONNET, signed, "accepted".into()),
        (NOVA, json!({"guardrailConfig": {"guardrailIdentifier": "abc"}}), refused(&wording::GUARDRAIL_PAIR.text())),
        (NOVA, json!({"guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "1"}}), "accepted".into()),
        (LLAMA, cached.clone(), format!("403 {}", wording::NO_CACHING.text())),
        (SONNET, cached, "accepted".into()),
    ];
    for (model, members, expected) in cases {
        assert_eq!(told(model, false, members.clone()), expected, "{model} {members}");
    }
}

#[test]
fn claude_has_rules_of_its_own() {
    let quoted = |wording: &wording::Wording| refused(&wording::MODEL_RETURNED.fill(&[&wording.text()]));
    let fill = |text: String| refused(&wording::MODEL_RETURNED.fill(&[&text]));
    let thinking = |extra: Value| {
        let mut members = json!({"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}}, "inferenceConfig": {"maxTokens": 4000}});
        extra.as_object().unwrap().iter().for_each(|(name, value)| members[name] = value.clone());
        members
    };
    let tool = json!({"toolSpec": {"name": "now", "inputSchema": {"json": {}}}});
    let turn = |first: Value| {
        thinking(
            json!({"messages": [hello()[0], {"role": "assistant", "content": [first, {"toolUse": {"toolUseId": "a", "name": "now", "input": {}}}]},
            {"role": "user", "content": [{"toolResult": {"toolUseId": "a", "content": []}}]}], "toolConfig": {"tools": [tool]}}),
        )
    };
    let output = |schema: Value| json!({"outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": schema.to_string(), "name": "n"}}}}});
    let cases = [
        (SONNET, thinking(json!({})), "accepted".to_owned()),
        (SONNET, thinking(json!({"inferenceConfig": {"maxTokens": 4000, "topP": 0.5}})), quoted(&wording::THINKING_TOP_P)),
        (SONNET, thinking(json!({"toolConfig": {"tools": [tool], "toolChoice": {"any": {}}}})), quoted(&wording::THINKING_FORCED_TOOL)),
        (SONNET, json!({"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}, "top_k": 5}}), quoted(&wording::THINKING_TOP_K)),
        (SONNET, turn(json!({"reasoningContent": {"reasoningText": {"text": "t", "signature": "s"}}})), "accepted".into()),
        (SONNET, turn(json!({"text": "Let me see"})), fill(wording::THINKING_ORDER.fill(&[&1, &"text"]))),
        (OPUS_47, json!({"inferenceConfig": {"temperature": 0.5}}), fill(wording::DEPRECATED.fill(&[&"temperature"]))),
        (OPUS_47, json!({"inferenceConfig": {"topP": 0.5}}), fill(wording::DEPRECATED.fill(&[&"top_p"]))),
        (OPUS_47, json!({"inferenceConfig": {"temperature": 1}, "additionalModelRequestFields": {"thinking": {"type": "adaptive"}}}), "accepted".into()),
        (SONNET, json!({"toolConfig": {"tools": [tool, tool]}}), quoted(&wording::DUPLICATE_TOOL)),
        (NOVA, json!({"toolConfig": {"tools": [tool, tool]}}), "accepted".into()),
        (SONNET, output(json!({"type": "array", "maxItems": 3})), fill("output_config.format.schema: For 'array' type, property 'maxItems' is not supported".into())),
        (SONNET, output(json!({"properties": {"n": {"type": "integer", "minimum": 1, "maximum": 3}}})), fill("output_config.format.schema: For 'integer' type, properties maximum, minimum are not supported".into())),
        (SONNET, output(json!({"type": "array", "minItems": 2})), fill("output_config.format.schema: For 'array' type, 'minItems' values other than 0 or 1 are not supported (got: 2)".into())),
        (SONNET, output(json!({"type": "array", "minItems": 1})), "accepted".into()),
        (NOVA, output(json!({"type": "array", "maxItems": 3})), "accepted".into()),
        (SONNET, user(json!([{"text": "x".repeat(5_000_000)}, {"text": "y".repeat(5_000_002)}])), fill("too many total text bytes: 10000002 > 9000000".into())),
    ];
    for (model, members, expected) in cases {
        let shown: String = members.to_string().chars().take(300).collect();
        assert_eq!(told(model, false, members), expected, "{model} {shown}");
    }
}

#[test]
fn a_guardrail_in_headers_has_both_parts() {
    let body = Body::parse(br#"{"inputText": "x"}"#).unwrap();
    let model = Model::find("amazon.titan-text-express-v1").unwrap();
    let header = |name: &str| (http::HeaderName::from_bytes(name.as_bytes()).unwrap(), "1".parse().unwrap());
    let mut headers = HeaderMap::from_iter([header("x-amzn-bedrock-guardrailidentifier")]);
    assert_eq!(invoke(&model, &body, &headers, false).unwrap_err().message, wording::GUARDRAIL_PAIR.text());
    headers.extend([header("x-amzn-bedrock-guardrailversion")]);
    assert!(invoke(&model, &body, &headers, false).is_ok());
}

#[test]
fn claude_pairs_tool_uses_with_results() {
    let id = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let user = |content: Value| json!({"role": "user", "content": content});
    let uses = json!({"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "now", "input": {}}, {"type": "tool_use", "id": "b", "name": "now", "input": {}}]});
    let result = |id: &str| json!({"type": "tool_result", "tool_use_id": id, "content": "noon"});
    let body =
        |messages: Value| json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": messages});
    let missing = |ids: &str| wording::CLAUDE_MISSING_RESULTS.fill(&[&1, &ids]);
    let cases = [
        (json!([user(json!("Hi")), uses, user(json!([result("b"), result("a")]))]), "accepted".to_owned()),
        (json!([user(json!("Hi")), uses, user(json!([result("b")])), user(json!([result("a")]))]), "accepted".into()),
        (json!([user(json!("Hi")), uses, user(json!([result("b")]))]), missing("a")),
        (json!([user(json!("Hi")), uses]), missing("a, b")),
        (
            json!([user(json!("Hi")), uses, user(json!([result("b"), result("a"), result("c")]))]),
            wording::CLAUDE_FOREIGN_RESULT.fill(&[&2, &2, &"c"]),
        ),
        (
            json!([user(json!([{"type": "text", "text": "x"}, result("a")]))]),
            wording::CLAUDE_FOREIGN_RESULT.fill(&[&0, &1, &"a"]),
        ),
    ];
    for (messages, expected) in cases {
        assert_eq!(outcome(id, false, body(messages.clone())), expected, "{messages}");
    }
}

/// Rules that look from each block to its neighbours do so from message to message, however many there are.
#[test]
fn a_body_of_many_messages_is_paired_throughout() {
    let blocks = |count: usize| {
        let message = |at: usize| {
            let block = if at.is_multiple_of(2) {
                json!({"toolResult": {"toolUseId": at.to_string(), "content": []}})
            } else {
                json!({"toolUse": {"toolUseId": (at + 1).to_string(), "name": "n", "input": {}}})
            };
            json!({"role": if at.is_multiple_of(2) { "user" } else { "assistant" }, "content": [if at == 0 { json!({"text": "x"}) } else { block }]})
        };
        json!({"messages": (0..=count * 2).map(message).collect::<Vec<_>>(), "toolConfig": {"tools": [{"toolSpec": {"name": "n", "inputSchema": {"json": {}}}}]}})
    };
    assert_eq!(told(NOVA, false, blocks(2_000)), "accepted");
    let mut cut = blocks(2_000);
    cut["messages"][4_000]["content"] = json!([{"text": "no result"}]);
    assert_ne!(told(NOVA, false, cut), "accepted");
}
