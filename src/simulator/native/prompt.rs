//! Prompt templates read back into turns: Llama 3 and 4 headers, `[INST]` of Llama 2 and Mistral, DeepSeek's bars.

use crate::simulator::answer::Stop;
use crate::simulator::question::{Question, Role, Turn};

/// The markers around a role's name and at the end of a message.
struct Headers {
    open: &'static str,
    close: &'static str,
    end: &'static str,
}

const LLAMA: &[Headers] = &[
    Headers { open: "<|start_header_id|>", close: "<|end_header_id|>", end: "<|eot_id|>" },
    Headers { open: "<|header_start|>", close: "<|header_end|>", end: "<|eot|>" },
];

/// Llama 2, 3 and 4.
pub(super) fn llama(prompt: &str) -> Question {
    match LLAMA.iter().find(|headers| prompt.contains(headers.open)) {
        Some(headers) => with_headers(prompt, headers),
        None => instructions(prompt),
    }
}

fn with_headers(prompt: &str, headers: &Headers) -> Question {
    let mut question = Question { prompt: prompt.to_owned(), ..Question::default() };
    for message in prompt.split(headers.open).skip(1) {
        let Some((role, content)) = message.split_once(headers.close) else { continue };
        let content = content.split(headers.end).next().unwrap_or_default().trim();
        match role.trim() {
            "system" => question.add_system(content),
            "assistant" => question.turns.push(Turn::new(Role::Assistant, content)),
            _ => question.turns.push(Turn::new(Role::User, content)),
        }
    }
    without_open_answer(question)
}

/// `<s>[INST] <<SYS>>system<</SYS>> user [/INST] assistant</s>[INST] …`; a prompt without markers is one user turn.
pub(super) fn instructions(prompt: &str) -> Question {
    let mut question = Question { prompt: prompt.to_owned(), ..Question::default() };
    for section in prompt.split("[INST]").skip(1) {
        let (user, assistant) = section.split_once("[/INST]").unwrap_or((section, ""));
        let user = match user.split_once("<</SYS>>") {
            Some((system, user)) => {
                question.add_system(system.trim().trim_start_matches("<<SYS>>").trim());
                user
            }
            None => user,
        };
        question.turns.push(Turn::new(Role::User, user.trim()));
        let assistant = assistant.trim().trim_end_matches("<s>").trim_end().trim_end_matches("</s>").trim();
        question.turns.push(Turn::new(Role::Assistant, assistant));
    }
    if question.turns.is_empty() {
        let text = prompt.trim().trim_start_matches("<s>").trim_start_matches("<|begin_of_text|>").trim();
        question.turns.push(Turn::new(Role::User, text));
    }
    without_open_answer(question)
}

/// `<｜begin▁of▁sentence｜>system<｜User｜>user<｜Assistant｜>assistant<｜end▁of▁sentence｜>…`
pub(super) fn deepseek(prompt: &str) -> Question {
    let mut question = Question { prompt: prompt.to_owned(), ..Question::default() };
    let body = prompt.trim_start().trim_start_matches("<｜begin▁of▁sentence｜>");
    let mut sections = body.split("<｜User｜>");
    let system = sections.next().unwrap_or_default().trim();
    for section in sections {
        let (user, assistant) = section.split_once("<｜Assistant｜>").unwrap_or((section, ""));
        question.turns.push(Turn::new(Role::User, user.trim()));
        let assistant = assistant.split("<｜end▁of▁sentence｜>").next().unwrap_or_default().trim();
        question.turns.push(Turn::new(Role::Assistant, assistant.trim_start_matches("<think>").trim()));
    }
    match question.turns.is_empty() {
        true => question.turns.push(Turn::new(Role::User, system)),
        false => question.add_system(system),
    }
    without_open_answer(question)
}

/// Why a completion ended: these families call no tools.
pub(super) fn finish_reason(stop: &Stop) -> &'static str {
    if *stop == Stop::MaxTokens { "length" } else { "stop" }
}

/// A template ends by opening the answer; that is no turn, unless something stands in it.
fn without_open_answer(mut question: Question) -> Question {
    question.turns.pop_if(|turn| turn.role == Role::Assistant && turn.is_empty());
    question
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(question: &Question) -> (&str, Vec<(Role, String)>) {
        (&question.system, question.turns.iter().map(|turn| (turn.role, turn.text().into_owned())).collect())
    }

    fn turns() -> Vec<(Role, String)> {
        [(Role::User, "Hi"), (Role::Assistant, "Hello!"), (Role::User, "Who?")]
            .map(|(role, text)| (role, text.to_owned()))
            .to_vec()
    }

    #[test]
    fn reads_llama_headers() {
        let three = "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHello!<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWho?<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n";
        assert_eq!(shape(&llama(three)), ("Be brief.", turns()));
        let four = three.replace("start_header_id", "header_start").replace("end_header_id", "header_end");
        assert_eq!(shape(&llama(&four.replace("eot_id", "eot"))), ("Be brief.", turns()));
    }

    #[test]
    fn reads_instructions() {
        let two = "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello! </s><s>[INST] Who? [/INST]";
        assert_eq!(shape(&llama(two)), ("Be brief.", turns()));
        assert_eq!(shape(&instructions("<s>[INST] Hi [/INST] Hello!</s>[INST] Who? [/INST]")), ("", turns()));
        assert_eq!(shape(&instructions("Say this")), ("", vec![(Role::User, "Say this".to_owned())]));
    }

    #[test]
    fn reads_deepseeks_bars() {
        let prompt = "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜>Hello!<｜end▁of▁sentence｜><｜User｜>Who?<｜Assistant｜><think>\n";
        assert_eq!(shape(&deepseek(prompt)), ("Be brief.", turns()));
        assert_eq!(shape(&deepseek("Hi")), ("", vec![(Role::User, "Hi".to_owned())]));
    }

    #[test]
    fn keeps_a_prefill() {
        let prompt = "<s>[INST] Count [/INST] 1, 2";
        assert_eq!(instructions(prompt).prefill().as_deref(), Some("1, 2"));
    }
}
