//! DeepSeek R1: a prompt in the model's own template. Answers have the shape of `openai`'s text completion.
//!
//! Source: "DeepSeek models" in the user guide; golden cases `deepseek-r1.invoke`. The prompt opens `<think>`, so the
//! text begins with the model's thinking and `</think>` ends it.

use crate::conversation::{Request, Role};

/// The body.
pub(super) fn encode(request: &Request) -> Vec<u8> {
    super::prompt_body(prompt(request), &request.parameters)
}

fn prompt(request: &Request) -> String {
    let mut prompt = String::from("<｜begin▁of▁sentence｜>");
    prompt += &request.instructions();
    let last = request.messages.len().saturating_sub(1);
    for (index, message) in request.messages.iter().enumerate() {
        let text = message.content.text("\n");
        match message.role {
            Role::User => prompt += &format!("<｜User｜>{text}"),
            Role::Assistant if index == last => return prompt + "<｜Assistant｜>" + &text,
            Role::Assistant => prompt += &format!("<｜Assistant｜>{text}<｜end▁of▁sentence｜>"),
        }
    }
    prompt + "<｜Assistant｜><think>\n"
}
