//! Refusals, what they teach, and that nothing is taught of what is not there.

use serde_json::json;

use super::*;
use crate::catalog::resolve;
use crate::conversation::{CachePoint, Function, JsonSchema, Message, Parameters, ReasoningText, Role};
use crate::family::Api;
use crate::family::fit::{Plan, fit};

const QUOTED: &str = "The model returned the following errors: ";

fn tool() -> Tool {
    let schema = json!({"type": "object"});
    Tool::Function(Function { param: "tools[0]".into(), name: "now".into(), description: None, schema, strict: true })
}

/// A request that has everything that can be refused.
fn everything() -> Request {
    let thought = ReasoningText { text: "t".into(), signature: Some("s".into()) };
    let point = Block::CachePoint(CachePoint::default());
    let turns =
        [(Role::User, vec![Block::Text("Hi".into()), point]), (Role::Assistant, vec![Block::Reasoning(thought)])];
    let message = |(role, blocks)| Message { role, content: Content::Blocks(blocks), name: None };
    let schema = JsonSchema { name: "n".into(), description: None, schema: json!({"type": "object"}), strict: true };
    let mut request = Request {
        system: vec![Content::Text("Be terse.".into())],
        messages: turns.into_iter().map(message).collect(),
        parameters: Parameters {
            max_tokens: Some(100_000),
            temperature: Some(0.5),
            top_p: Some(0.5),
            top_k: None,
            stop: vec!["x".into()],
        },
        stream: true,
        tools: vec![tool()],
        tool_choice: ToolChoice::Required,
        format: Format::JsonSchema(schema),
        ..Request::default()
    };
    request.extras.output_config = Some(json!({"textFormat": {}}));
    let fields = json!({"thinking": {"type": "enabled"}, "anthropic_beta": ["a"], "top_k": 5});
    request.extras.additional_fields = fields.as_object().unwrap().clone();
    request
}

fn target() -> Target {
    resolve("anthropic.claude-sonnet-4-5-20250929-v1:0").unwrap()
}

fn taught(text: &str, request: &Request, region: &str) -> Option<Remedy> {
    remedy(&Error::service("ValidationException", text), request, &target(), Some(region))
}

#[test]
fn each_refusal_teaches_its_remedy_and_the_remedy_leaves_nothing_to_refuse() {
    let quoted = |text: &str| format!("{QUOTED}{text}");
    let cases = [
        (quoted("`temperature` and `top_p` cannot both be specified for this model. Please use only one."), Remedy::TopP),
        (quoted("`temperature` is deprecated for this model."), Remedy::Sampling),
        ("This model doesn't support the topP field. Remove topP and try again.".into(), Remedy::TopP),
        ("This model doesn't support the stopSequences field. Remove stopSequences and try again.".into(), Remedy::StopSequences),
        ("The maximum tokens you requested exceeds the model limit of 8,192. Try again with a maximum tokens value that is lower than 8192.".into(), Remedy::MaxTokens(8192)),
        ("max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens".into(), Remedy::MaxTokens(64_000)),
        ("This model doesn't support tool use in streaming mode.".into(), Remedy::AskWhole),
        ("This model doesn't support system messages. Try again without a system message or use a model that supports system messages.".into(), Remedy::SystemInMessage),
        ("This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.".into(), Remedy::ForcedTool),
        ("This model doesn't support the toolConfig.tools.0.toolSpec.strict field.".into(), Remedy::Strict),
        ("This model doesn't support the outputConfig field. Remove outputConfig and try again.".into(), Remedy::StructuredOutput),
        (quoted("\"thinking.type.enabled\" is not supported for this model."), Remedy::AdaptiveThinking),
        (quoted("messages.1.content.0: Invalid `signature` in `thinking` block"), Remedy::Thoughts),
        (quoted("messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`."), Remedy::Thinking),
        (quoted("invalid beta flag"), Remedy::Betas),
    ];
    for (text, expected) in cases {
        let mut request = everything();
        assert_eq!(taught(&text, &request, "us-east-1").as_ref(), Some(&expected), "{text}");
        let (mut plan, mut losses) = (Plan::default(), Vec::new());
        expected.apply(&mut request, &mut plan, &target(), &mut losses).unwrap();
        assert!(!losses.is_empty(), "{expected:?} is told");
        if expected != Remedy::AskWhole {
            assert_eq!(taught(&text, &request, "us-east-1"), None, "{expected:?} leaves nothing to refuse");
        }
        assert_eq!(taught(&text, &Request::default(), "us-east-1"), None, "{text}: nothing to change");
    }
    let error = Error::service(
        "AccessDeniedException",
        "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.",
    );
    assert_eq!(remedy(&error, &everything(), &target(), None), Some(Remedy::CachePoints));
    assert_eq!(taught("Malformed input request", &everything(), "us-east-1"), None);
    let error = Error::service("ThrottlingException", "This model doesn't support system messages.");
    assert_eq!(remedy(&error, &everything(), &target(), None), None);
}

#[test]
fn a_model_without_throughput_of_its_own_is_called_through_the_profile_of_the_region() {
    let text = "Invocation of model ID x with on-demand throughput isn\u{2019}t supported. Retry your request with the ID or ARN of an inference profile that contains this model.";
    for (region, geography) in [
        ("us-west-2", "us"),
        ("eu-west-1", "eu"),
        ("ap-northeast-1", "jp"),
        ("ap-southeast-2", "au"),
        ("ap-south-1", "global"),
        ("sa-east-1", "global"),
    ] {
        let id = format!("{geography}.anthropic.claude-sonnet-4-5-20250929-v1:0");
        let remedy = taught(text, &Request::default(), region).unwrap();
        assert_eq!(remedy.wire_id(), Some(id.as_str()), "{region}");
    }
    let profiled = resolve("us.anthropic.claude-sonnet-4-5-20250929-v1:0").unwrap();
    let error = Error::service("ValidationException", text);
    assert_eq!(remedy(&error, &Request::default(), &profiled, Some("us-east-1")), None);
}

#[test]
fn a_schema_the_service_does_not_take_is_answered_by_a_tool() {
    let message = Message { role: Role::User, content: Content::Text("Hi".into()), name: None };
    let schema = JsonSchema { name: "n".into(), description: None, schema: json!({"type": "object"}), strict: true };
    let mut request = Request { messages: vec![message], format: Format::JsonSchema(schema), ..Request::default() };
    let (target, mut losses) = (target(), Vec::new());
    let mut plan = fit(&mut request, &target, Api::Converse, &mut losses).unwrap();
    assert!(request.extras.output_config.is_some() && plan.json_tool.is_none());
    Remedy::StructuredOutput.apply(&mut request, &mut plan, &target, &mut losses).unwrap();
    assert!(request.extras.output_config.is_none());
    assert_eq!(plan.json_tool.as_deref(), Some("json_output"));
    assert_eq!(request.tool_choice, ToolChoice::Named("json_output".into()));
}
