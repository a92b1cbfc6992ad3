//! What of a request's body is judged: the texts of its messages, or of its prompt, whatever the family.
//!
//! System prompts, tool calls and tool results are not judged (recordings; the user guide). Where a body marks what is
//! to be judged, with Converse's `guardContent` blocks or, for InvokeModel, with tags in its texts, only that is judged
//! and the rest merely counts.

use std::ops::Range;

use serde_json::{Map, Value};

use super::assess::{Content, Coverage, Piece};

/// Names in InvokeModel's tags, and the qualifier that each stands for.
const TAGS: &[(&str, &str)] =
    &[("guardContent", "guard_content"), ("groundingSource", "grounding_source"), ("query", "query")];

/// Keys of bodies that are one prompt.
const PROMPTS: &[&str] = &["prompt", "inputText", "message"];

/// The texts of a body and where they are.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) content: Content,
    places: Vec<Place>,
}

/// A part of a string in a body.
#[derive(Debug)]
struct Place {
    pointer: String,
    range: Range<usize>,
}

impl Judged {
    /// Finds the texts of a body; `suffix` is that of the tags, where the body has any.
    pub(super) fn find(body: &Map<String, Value>, suffix: Option<&str>) -> Judged {
        let mut judged = Judged::default();
        let mut marked = Vec::new();
        let mut images = Coverage::default();
        for key in PROMPTS {
            judged.add_text(body.get(*key), format!("/{key}"), suffix, &mut marked);
        }
        for (list, is_system) in [("messages", false), ("system", true)] {
            for (at, item) in body.get(list).and_then(Value::as_array).into_iter().flatten().enumerate() {
                let pointer = format!("/{list}/{at}");
                if is_system {
                    judged.add_marked(item, &pointer, &mut marked, &mut images);
                    continue;
                }
                judged.add_text(item.get("content"), format!("{pointer}/content"), suffix, &mut marked);
                for (at, block) in item["content"].as_array().into_iter().flatten().enumerate() {
                    let pointer = format!("{pointer}/content/{at}");
                    judged.add_text(block.get("text"), format!("{pointer}/text"), suffix, &mut marked);
                    judged.add_marked(block, &pointer, &mut marked, &mut images);
                    images.total += usize::from(is_image(block));
                }
            }
        }
        judged.settle(&marked, images);
        judged
    }

    /// Puts the texts of the pieces, masked by now, in place of what they were.
    pub(super) fn put_back(&self, body: &mut Map<String, Value>, texts: &[String]) {
        let mut root = Value::Object(std::mem::take(body));
        for ((place, piece), text) in self.places.iter().zip(&self.content.pieces).zip(texts).rev() {
            if let Some(Value::String(whole)) = root.pointer_mut(&place.pointer).filter(|_| piece.text != *text) {
                let (before, after) = (whole.get(..place.range.start), whole.get(place.range.end..));
                *whole = format!("{}{text}{}", before.unwrap_or_default(), after.unwrap_or_default());
            }
        }
        if let Value::Object(members) = root {
            *body = members;
        }
    }

    fn add(&mut self, piece: Piece, pointer: &str, range: Range<usize>) {
        self.content.pieces.push(piece);
        self.places.push(Place { pointer: pointer.to_owned(), range });
    }

    fn add_text(&mut self, text: Option<&Value>, pointer: String, suffix: Option<&str>, marked: &mut Vec<usize>) {
        let Some(text) = text.and_then(Value::as_str) else { return };
        for (range, qualifier) in suffix.map_or_else(|| vec![(0..text.len(), None)], |suffix| tagged(text, suffix)) {
            let part = text.get(range.clone()).unwrap_or_default();
            match qualifier {
                Some(qualifier) => {
                    marked.push(self.places.len());
                    self.add(Piece::qualified(part, &Value::from(vec![qualifier])), &pointer, range);
                }
                None => self.add(Piece::judged(part), &pointer, range),
            }
        }
    }

    fn add_marked(&mut self, block: &Value, pointer: &str, marked: &mut Vec<usize>, images: &mut Coverage) {
        let guard = &block["guardContent"];
        if let Some(text) = guard["text"]["text"].as_str() {
            marked.push(self.places.len());
            let piece = Piece::qualified(text, &guard["text"]["qualifiers"]);
            self.add(piece, &format!("{pointer}/guardContent/text/text"), 0..text.len());
        }
        if guard["image"].is_object() {
            images.guarded += 1;
            images.total += 1;
        }
    }

    /// Where something is marked, nothing else is judged.
    fn settle(&mut self, marked: &[usize], images: Coverage) {
        let has_marks = !marked.is_empty() || images.guarded > 0;
        if has_marks {
            let unmarked = self.content.pieces.iter_mut().enumerate().filter(|(at, _)| !marked.contains(at));
            unmarked.for_each(|(_, piece)| piece.judged = false);
        }
        let guarded = if has_marks { images.guarded } else { images.total };
        self.content.images = Coverage { guarded, total: images.total };
    }
}

/// An image block of Converse, Claude, Nova or an OpenAI-like family.
fn is_image(block: &Value) -> bool {
    block["image"].is_object() || matches!(block["type"].as_str(), Some("image" | "image_url"))
}

/// The parts of a text between tags, each with its qualifier, and the parts around them without one. The tags
/// themselves are in no part.
fn tagged<'a>(text: &str, suffix: &str) -> Vec<(Range<usize>, Option<&'a str>)> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some((open, start, end, close, qualifier)) = next_tag(text, at, suffix) {
        parts.push((at..open, None));
        parts.push((start..end, Some(qualifier)));
        at = close;
    }
    parts.push((at..text.len(), None));
    parts.retain(|(range, _)| !range.is_empty());
    parts
}

/// Where the next tag opens, its text starts and ends, and where it is closed.
fn next_tag<'a>(text: &str, from: usize, suffix: &str) -> Option<(usize, usize, usize, usize, &'a str)> {
    let rest = text.get(from..)?;
    let found = TAGS.iter().filter_map(|(name, qualifier)| {
        let tag = format!("amazon-bedrock-guardrails-{name}_{suffix}>");
        let open = rest.find(&format!("<{tag}"))?;
        let start = open + tag.len() + 1;
        let length = rest.get(start..)?.find(&format!("</{tag}"))?;
        let close = start + length + tag.len() + 2;
        Some((from + open, from + start, from + start + length, from + close, *qualifier))
    });
    found.min_by_key(|tag| tag.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn judged(body: &Value, suffix: Option<&str>) -> Vec<(String, bool)> {
        let judged = Judged::find(body.as_object().unwrap(), suffix);
        judged.content.pieces.into_iter().map(|piece| (piece.text, piece.judged)).collect()
    }

    #[test]
    fn messages_and_prompts_are_judged_and_systems_are_not() {
        let converse = json!({
            "system": [{"text": "Be kind."}],
            "messages": [
                {"role": "user", "content": [{"text": "One"}, {"image": {"format": "png"}}]},
                {"role": "assistant", "content": [{"text": "Two"}, {"toolUse": {"input": {"text": "no"}}}]},
                {"role": "user", "content": [{"toolResult": {"content": [{"text": "no"}]}}]},
            ],
        });
        assert_eq!(judged(&converse, None), [("One".into(), true), ("Two".into(), true)]);
        let images = Judged::find(converse.as_object().unwrap(), None).content.images;
        assert_eq!(images, Coverage { guarded: 1, total: 1 });
        let claude = json!({"system": "no", "messages": [{"role": "user", "content": "Hi"}]});
        assert_eq!(judged(&claude, None), [("Hi".into(), true)]);
        assert_eq!(judged(&json!({"prompt": "P", "max_gen_len": 3}), None), [("P".into(), true)]);
    }

    #[test]
    fn marks_leave_the_rest_unjudged() {
        let guard =
            |text: &str, qualifiers: Value| json!({"guardContent": {"text": {"text": text, "qualifiers": qualifiers}}});
        let body = json!({
            "system": [guard("S", json!([]))],
            "messages": [{"role": "user", "content": [
                {"text": "plain"},
                guard("source", json!(["grounding_source"])),
                guard("query", json!(["query", "guard_content"])),
            ]}],
        });
        let expected = [("plain", false), ("source", false), ("query", true), ("S", true)];
        assert_eq!(judged(&body, None), expected.map(|(text, judged)| (text.to_owned(), judged)));
        let grounds = Judged::find(body.as_object().unwrap(), None).content.grounds();
        assert_eq!((grounds.source.as_str(), grounds.query.as_str()), ("source", "query"));
    }

    #[test]
    fn tags_mark_parts_of_a_prompt_and_masks_go_back_between_them() {
        let tag = |name: &str, text: &str| {
            format!("<amazon-bedrock-guardrails-{name}_xyz>{text}</amazon-bedrock-guardrails-{name}_xyz>")
        };
        let prompt = format!("é {} and {}!", tag("guardContent", "mine"), tag("groundingSource", "given"));
        let mut body = json!({"prompt": prompt});
        let expected = [("é ", false), ("mine", true), (" and ", false), ("given", false), ("!", false)];
        assert_eq!(judged(&body, Some("xyz")), expected.map(|(text, judged)| (text.to_owned(), judged)));
        let found = Judged::find(body.as_object().unwrap(), Some("xyz"));
        let texts = ["é ", "{NAME}", " and ", "given", "!"].map(str::to_owned);
        found.put_back(body.as_object_mut().unwrap(), &texts);
        assert_eq!(body["prompt"], prompt.replace("mine", "{NAME}"));
        assert_eq!(judged(&body, Some("other")).len(), 1);
    }

    /// JSON with the members of requests in any place.
    fn body() -> impl Strategy<Value = Value> {
        let tagged = "<amazon-bedrock-guardrails-query_x>é</amazon-bedrock-guardrails-query_x>";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,12}".prop_map(Value::from),
            Just(json!(tagged)),
            Just(json!(format!("{tagged}{tagged}<amazon-bedrock-guardrails-query_x>"))),
        ];
        let key = proptest::sample::select(vec![
            "messages",
            "system",
            "content",
            "text",
            "guardContent",
            "qualifiers",
            "image",
            "prompt",
            "inputText",
        ]);
        leaf.prop_recursive(6, 40, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((key.clone(), inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_piece_is_where_it_says(content in body(), prompt in body()) {
            let body = json!({"messages": [{"content": content}], "prompt": prompt, "system": [content]});
            let members = body.as_object().unwrap();
            let found = Judged::find(members, Some("x"));
            let texts = |mark: &str| -> Vec<String> {
                found.content.pieces.iter().map(|piece| format!("{mark}{}", piece.text)).collect()
            };
            let mut same = members.clone();
            found.put_back(&mut same, &texts(""));
            prop_assert_eq!(&same, members);
            let mut marked = members.clone();
            found.put_back(&mut marked, &texts("!"));
            let again = Judged::find(&marked, Some("x"));
            let judged = |judged: &Judged| judged.content.pieces.iter().filter(|piece| piece.judged).count();
            prop_assert!(judged(&again) >= judged(&found));
        }
    }
}
