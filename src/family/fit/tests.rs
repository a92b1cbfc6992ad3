//! The rules, one by one.

use super::*;
use crate::catalog::{Family, resolve};
use crate::conversation::{Content, LossCode, Message, Parameters, Reasoning, Role, SystemTool, Tool};

const INVOKE_CLAUDE: Api = Api::Invoke(Family::Claude);

fn asked(parameters: Parameters) -> Request {
    let message = Message { role: Role::User, content: Content::Text("Hi".to_owned()), name: None };
    Request { messages: vec![message], parameters, as_given: true, ..Request::default() }
}

fn fitted(model: &str, api: Api, parameters: Parameters) -> (Request, Plan, Vec<LossCode>) {
    let (mut request, mut losses) = (asked(parameters), Vec::new());
    let plan = fit(&mut request, &resolve(model).unwrap(), api, &mut losses).unwrap();
    (request, plan, losses.iter().map(|loss| loss.code).collect())
}

fn tokens(max_tokens: u32) -> Parameters {
    Parameters { max_tokens: Some(max_tokens), ..Parameters::default() }
}

#[test]
fn thinking_gets_its_share_of_this_call_and_leaves_room_for_the_answer() {
    // max_tokens asked for, budget, max_tokens sent (golden cases `thinking-budget-*`).
    for (max_tokens, budget, sent) in
        [(500, 1024, 1228), (1500, 1200, 1500), (4000, 3200, 4000), (30_000, 16_000, 30_000)]
    {
        let (request, ..) = fitted("Claude-4-1-Opus-Thinking", INVOKE_CLAUDE, tokens(max_tokens));
        assert_eq!(request.reasoning, Some(Reasoning::Budget(budget)), "{max_tokens}");
        assert_eq!((request.parameters.max_tokens, request.parameters.temperature), (Some(sent), Some(1.0)));
    }
    let (request, ..) = fitted("Claude-Opus-4-7-Thinking", Api::Converse, tokens(4000));
    assert_eq!((request.reasoning, request.parameters.temperature), (Some(Reasoning::Adaptive), None));
}

#[test]
fn what_a_model_refuses_is_left_out_and_told() {
    let both = || Parameters { temperature: Some(0.2), top_p: Some(0.9), ..Parameters::default() };
    let (request, _, losses) = fitted("Claude-4-5-Sonnet", INVOKE_CLAUDE, both());
    assert_eq!((request.parameters.temperature, request.parameters.top_p), (Some(0.2), None));
    assert_eq!(losses, [LossCode::UnsupportedField]);
    let (request, _, losses) = fitted("Nova-Pro", Api::Converse, both());
    assert_eq!((request.parameters.top_p, losses.len()), (Some(0.9), 0));
}

#[test]
fn stop_sequences_that_cannot_be_sent_are_left_to_us() {
    let stop = |count: usize| Parameters { stop: (0..count).map(|n| n.to_string()).collect(), ..Parameters::default() };
    let (request, plan, losses) = fitted("Llama-3-3-70b", Api::Invoke(Family::Llama3), stop(2));
    assert_eq!((request.parameters.stop.len(), plan.cut_at.len()), (0, 2));
    assert_eq!(losses, [LossCode::Emulated]);
    let (request, plan, _) = fitted("Nova-Pro", Api::Converse, stop(6));
    assert_eq!((request.parameters.stop.len(), plan.cut_at), (4, vec!["4".to_owned(), "5".to_owned()]));
}

#[test]
fn a_conversation_without_a_question_is_refused_unless_instructions_alone_will_do() {
    let instructed =
        || Request { system: vec![Content::Text("Say hi".to_owned())], as_given: true, ..Request::default() };
    let fit = |model: &str, api| fit(&mut instructed(), &resolve(model).unwrap(), api, &mut Vec::new());
    assert_eq!(fit("Claude-4-5-Sonnet", INVOKE_CLAUDE).unwrap_err().param.as_deref(), Some("messages"));
    assert!(fit("Gemma-3-4b", Api::Invoke(Family::OpenaiChat)).is_ok());
}

#[test]
fn instructions_go_into_the_first_turn_where_there_is_no_place_for_them() {
    let (mut request, mut losses) = (asked(Parameters::default()), Vec::new());
    request.system.push(Content::Text("Be terse.".to_owned()));
    fit(&mut request, &resolve("Mistral-7b").unwrap(), Api::Converse, &mut losses).unwrap();
    assert!(request.system.is_empty());
    assert_eq!(request.messages[0].content.text("\n"), "Be terse.\n\nHi");
}

#[test]
fn only_nova_runs_tools_itself() {
    let fitted = |model: &str| {
        let search = SystemTool { param: "web_search_options".to_owned(), name: "nova_grounding".to_owned() };
        let asked = asked(Parameters::default());
        let mut request = Request { tools: vec![Tool::System(search)], as_given: false, ..asked };
        fit(&mut request, &resolve(model).unwrap(), Api::Converse, &mut Vec::new())
    };
    assert!(fitted("us.amazon.nova-pro-v1:0").is_ok());
    let error = fitted("meta.llama3-1-70b-instruct-v1:0").unwrap_err();
    assert_eq!(error.param.as_deref(), Some("web_search_options"));
}

#[test]
fn thoughts_show_as_they_are_asked_to_where_a_model_has_thoughts() {
    for (model, shown, lost) in
        [("us.anthropic.claude-opus-4-7", Some("summarized"), 0), ("us.amazon.nova-pro-v1:0", None, 1)]
    {
        let display = Some("summarized".to_owned());
        let asked = asked(Parameters::default());
        let mut request =
            Request { thinking_display: display, reasoning: Some(Reasoning::Adaptive), as_given: false, ..asked };
        let mut losses = Vec::new();
        fit(&mut request, &resolve(model).unwrap(), Api::Converse, &mut losses).unwrap();
        let thinking = request.extras.additional_fields.get("thinking");
        assert_eq!(thinking.and_then(|thinking| thinking["display"].as_str()), shown, "{model}");
        let of_display = |loss: &&Loss| loss.param.as_deref() == Some("thinking.display");
        assert_eq!(losses.iter().filter(of_display).count(), lost, "{model}");
    }
}
