//! Which tools a question wants called: those that the caller forces, and those that its text plainly asks for.

use serde_json::Value;

use super::Ask;
use super::arguments::{Facts, beginning};
use super::phrases::{Phrase, stem, words_of_name};
use super::schema::sample;
use super::{results, said_before, structured};
use crate::simulator::question::{Part, Question, Role, Tool, ToolChoice};

/// A call to make.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) input: Value,
}

/// Most calls at once.
const MOST: usize = 8;

/// Words in a tool's name or description that say little about what it is for.
const WEAK: &[&str] = &[
    "a",
    "all",
    "an",
    "and",
    "api",
    "are",
    "as",
    "at",
    "be",
    "by",
    "call",
    "can",
    "check",
    "create",
    "current",
    "data",
    "details",
    "do",
    "fetch",
    "find",
    "for",
    "from",
    "function",
    "get",
    "give",
    "given",
    "how",
    "in",
    "info",
    "information",
    "is",
    "it",
    "its",
    "list",
    "look",
    "lookup",
    "make",
    "me",
    "my",
    "of",
    "on",
    "one",
    "or",
    "query",
    "read",
    "result",
    "retrieve",
    "return",
    "run",
    "set",
    "show",
    "some",
    "specific",
    "that",
    "the",
    "their",
    "this",
    "to",
    "tool",
    "up",
    "use",
    "used",
    "user",
    "value",
    "what",
    "when",
    "which",
    "with",
    "you",
    "your",
];

/// What keeps a text from asking for a tool though it speaks of one.
const NOT_ASKING: &[&str] = &[
    "don't use",
    "do not use",
    "don't call",
    "do not call",
    "without using",
    "without a tool",
    "without tools",
    "no tools",
    "what tools",
    "which tools",
    "what does",
];

/// How questions and orders begin, or what they have within.
const ASKING: &[&str] = &[
    "what",
    "what's",
    "which",
    "how",
    "when",
    "where",
    "who",
    "is",
    "are",
    "do",
    "does",
    "can",
    "could",
    "please",
    "get",
    "give",
    "tell",
    "show",
    "find",
    "look",
    "check",
    "search",
    "calculate",
    "compute",
    "add",
    "use",
    "call",
    "using",
    "send",
    "book",
    "create",
    "convert",
    "need",
    "want",
];

/// Orders to use the only tool there is.
const ORDERS: &[&str] =
    &["use the tool", "use a tool", "use your tool", "use the tools", "use tools", "call the tool", "with the tool"];

/// The calls that answer the question, or none.
pub(super) fn wanted(ask: &Ask) -> Vec<Wanted> {
    let tools = &ask.question.tools;
    if tools.is_empty() {
        return Vec::new();
    }
    let text = beginning(ask.text);
    let ask = &Ask { question: ask.question, text, phrase: Phrase::new(text) };
    let chosen: Vec<&Tool> = match &ask.question.tool_choice {
        ToolChoice::None => Vec::new(),
        ToolChoice::Named(name) => tools.iter().filter(|tool| tool.name == *name).take(1).collect(),
        ToolChoice::Any if has_results(ask.question) => next(ask.question).into_iter().collect(),
        ToolChoice::Any => match asked_for(ask) {
            chosen if chosen.is_empty() => {
                tools.iter().rev().max_by_key(|tool| fit(tool, &ask.phrase)).into_iter().collect()
            }
            chosen => chosen,
        },
        ToolChoice::Auto if has_results(ask.question) => Vec::new(),
        ToolChoice::Auto => asked_for(ask),
    };
    let single = chosen.len() == 1 && !matches!(ask.question.tool_choice, ToolChoice::Named(_));
    let calls = chosen.into_iter().flat_map(|tool| calls(tool, ask, single));
    calls.take(MOST).collect()
}

/// Whether the question brings what tools said.
fn has_results(question: &Question) -> bool {
    let last = question.turns.last().filter(|turn| turn.role == Role::User);
    last.is_some_and(|turn| turn.tool_results().next().is_some())
}

/// The first tool that has not been called yet; the last one when all have been.
fn next(question: &Question) -> Option<&Tool> {
    let called = |tool: &&Tool| {
        let parts = question.turns.iter().flat_map(|turn| &turn.parts);
        parts.into_iter().any(|part| matches!(part, Part::ToolUse(call) if call.name == tool.name))
    };
    question.tools.iter().find(|tool| !called(tool)).or(question.tools.last())
}

/// The tools that the text plainly asks for.
fn asked_for<'a>(ask: &'a Ask) -> Vec<&'a Tool> {
    if ask.phrase.has_any(NOT_ASKING) {
        return Vec::new();
    }
    if let ([only], true) = (ask.question.tools.as_slice(), ask.phrase.has_any(ORDERS)) {
        return vec![only];
    }
    let asks = ask.text.contains('?') || ask.phrase.has_any(ASKING);
    let least = if asks { DESCRIBED } else { SPELLED };
    ask.question.tools.iter().filter(|tool| fit(tool, &ask.phrase) >= least).collect()
}

/// What the tool is for is described.
const DESCRIBED: usize = 1;
/// All words of the name stand in the text.
const SPELLED: usize = 3;

/// How well the text fits the tool; 0 when it does not plainly ask for it.
fn fit(tool: &Tool, phrase: &Phrase) -> usize {
    let said: Vec<&str> = phrase.words().iter().flat_map(|word| word.split('-')).map(stem).collect();
    let hits = |words: &[String]| words.iter().filter(|word| said.contains(&stem(word))).count();
    let name = words_of_name(&tool.name);
    let purpose = Phrase::new(tool.description.split(". ").next().unwrap_or_default());
    let (kernel, purpose) = (strong(&name), strong(purpose.words()));
    match () {
        () if phrase.words().contains(&tool.name.to_lowercase()) && name.len() > 1 => 4,
        () if name.len() > 1 && hits(&name) == name.len() => SPELLED,
        () if !kernel.is_empty() && hits(&kernel) == kernel.len() => 2,
        () if hits(&purpose) >= 2 && hits(&purpose) * 2 >= purpose.len() => DESCRIBED,
        () => 0,
    }
}

/// The words that say what something is for, each once.
fn strong(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in words.iter().filter(|word| word.len() > 2 && !WEAK.contains(&stem(word))) {
        if !out.contains(word) {
            out.push(word.clone());
        }
    }
    out
}

/// A call, or one for each of the places that the text lists, where the tool takes one.
fn calls(tool: &Tool, ask: &Ask, several: bool) -> Vec<Wanted> {
    let call = |input| Wanted { name: tool.name.clone(), input };
    if let Some(told) = has_results(ask.question).then(|| results::tell(ask)).flatten() {
        // The tool takes what the others said.
        return vec![call(structured::value(&tool.schema, Facts::of(&said_before(ask.question)), &told))];
    }
    let facts = Facts::of(ask.text);
    let listed = facts.listed();
    if several && listed.len() > 1 && takes_one_place(&tool.schema) {
        let for_place = |place: &String| call(sample(&tool.schema, &mut facts.clone().with_only(place)));
        return listed.iter().map(for_place).collect();
    }
    vec![call(sample(&tool.schema, &mut facts.clone()))]
}

/// Whether the tool needs one text that could be a place.
fn takes_one_place(schema: &Value) -> bool {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let texts = required.filter(|name| {
        let property = &schema["properties"][*name];
        property["type"] == "string" && property.get("enum").is_none() && property.get("format").is_none()
    });
    texts.count() == 1
}

#[cfg(test)]
mod tests {
    use super::super::tests::ask;
    use super::super::{Phrase, tools};
    use super::*;
    use crate::simulator::question::{ToolResult, ToolUse, Turn};
    use serde_json::json;

    fn tool(name: &str, description: &str, properties: Value) -> Tool {
        let required: Vec<&String> = properties.as_object().unwrap().keys().collect();
        let schema = json!({"type": "object", "properties": properties, "required": required});
        Tool { name: name.into(), description: description.into(), schema }
    }

    fn toolbox() -> Vec<Tool> {
        vec![
            tool("get_weather", "Get the current weather in a location", json!({"location": {"type": "string"}})),
            tool("add", "Add two numbers", json!({"a": {"type": "number"}, "b": {"type": "number"}})),
            tool("lookup", "Find the opening hours of a museum", json!({"museum": {"type": "string"}})),
        ]
    }

    fn calls_for(text: &str, choice: ToolChoice) -> Vec<(String, Value)> {
        let question = Question { tools: toolbox(), tool_choice: choice, ..ask(text) };
        let asked = Ask { question: &question, text, phrase: Phrase::new(text) };
        tools::wanted(&asked).into_iter().map(|call| (call.name, call.input)).collect()
    }

    #[test]
    fn plain_questions_call_what_fits() {
        let weather = |place: &str| ("get_weather".to_owned(), json!({ "location": place }));
        let cases = [
            ("What's the weather in Paris?", vec![weather("Paris")]),
            ("Please call get_weather for New York City.", vec![weather("New York City")]),
            ("What is the weather in San Francisco, CA?", vec![weather("San Francisco, CA")]),
            ("What is the weather in Paris and London?", vec![weather("Paris"), weather("London")]),
            (
                "How is the weather in Oslo, Rome and Bern today?",
                vec![weather("Oslo"), weather("Rome"), weather("Bern")],
            ),
            ("Can you add 2 and 3.5?", vec![("add".to_owned(), json!({"a": 2, "b": 3.5}))]),
            (
                "What are the opening hours of the museum \"Louvre\"?",
                vec![("lookup".to_owned(), json!({"museum": "Louvre"}))],
            ),
            (
                "Please get the weather in Rome and add 1 and 2.",
                vec![weather("Rome"), ("add".to_owned(), json!({"a": 1, "b": 2}))],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(calls_for(text, ToolChoice::Auto), expected, "{text}");
        }
    }

    #[test]
    fn other_questions_stay_text() {
        for text in [
            "Hello",
            "What is the capital of France?",
            "Don't use tools. What's the weather in Paris?",
            "What does get_weather do?",
            "I like rainy weather.",
            "Count from 1 to 5.",
        ] {
            assert_eq!(calls_for(text, ToolChoice::Auto), [], "{text}");
            assert_eq!(calls_for(text, ToolChoice::None), [], "{text}");
        }
    }

    #[test]
    fn the_only_tool_needs_no_name() {
        let question = Question { tools: toolbox().split_off(2), ..ask("Use the tool for the Louvre.") };
        let asked = Ask {
            question: &question,
            text: "Use the tool for the Louvre.",
            phrase: Phrase::new("Use the tool for the Louvre."),
        };
        assert_eq!(tools::wanted(&asked).len(), 1);
    }

    #[test]
    fn what_must_go_on_calls_what_was_not_called_with_what_was_said() {
        let mut question =
            Question { tools: toolbox(), tool_choice: ToolChoice::Any, ..ask("What's the weather in Oslo?") };
        question.tools.push(tool(
            "final_result",
            "",
            json!({"city": {"type": "string"}, "summary": {"type": "string"}}),
        ));
        question.tools.drain(1..3);
        let call = ToolUse { id: "1".into(), name: "get_weather".into(), input: json!({"location": "Oslo"}) };
        question.turns.push(Turn { role: Role::Assistant, parts: vec![Part::ToolUse(call)] });
        let result = ToolResult { id: "1".into(), parts: vec![Part::Text("-5 °C".into())], is_error: false };
        question.turns.push(Turn { role: Role::User, parts: vec![Part::ToolResult(result)] });
        let asked = Ask { question: &question, text: "", phrase: Phrase::new("") };
        let input = json!({"city": "Oslo", "summary": "The weather in Oslo: -5 °C."});
        assert_eq!(tools::wanted(&asked), [Wanted { name: "final_result".into(), input }]);
    }

    #[test]
    fn a_forced_tool_is_called_whatever_is_asked() {
        let forced = calls_for("Hello", ToolChoice::Named("add".into()));
        assert_eq!(forced, [("add".to_owned(), json!({"a": 1, "b": 1}))]);
        assert_eq!(calls_for("Hello", ToolChoice::Any).len(), 1);
        assert_eq!(
            calls_for("What is 4 plus 5? Add them.", ToolChoice::Any),
            [("add".to_owned(), json!({"a": 4, "b": 5}))]
        );
        assert_eq!(calls_for("Hello", ToolChoice::Named("unknown".into())), []);
    }
}
