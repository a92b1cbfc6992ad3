//! Pictures, videos and sounds that a model makes (`image`, `video`, `audio` of `ContentBlock`), as `file` parts.
//!
//! A whole block has its format and bytes in one object; in a stream the format comes first, and then the bytes in pieces.

use serde_json::Value;

use super::Specification;
use super::part::{FileData, Part};
use crate::dialect::base64::joined;

/// Media types that are not `{kind}/{format}`.
const IRREGULAR: &[(&str, &str, &str)] = &[
    ("audio", "m4a", "audio/mp4"),
    ("audio", "mka", "audio/x-matroska"),
    ("audio", "mkv", "audio/x-matroska"),
    ("audio", "mp3", "audio/mpeg"),
    ("audio", "mpga", "audio/mpeg"),
    ("audio", "x-aac", "audio/aac"),
    ("image", "jpg", "image/jpeg"),
    ("video", "flv", "video/x-flv"),
    ("video", "mkv", "video/x-matroska"),
    ("video", "mov", "video/quicktime"),
    ("video", "mpg", "video/mpeg"),
    ("video", "three_gp", "video/3gpp"),
    ("video", "wmv", "video/x-ms-wmv"),
];

/// A block that is being said.
#[derive(Debug)]
pub(super) struct Media {
    kind: String,
    format: Option<String>,
    /// Base64.
    pieces: Vec<String>,
}

impl Media {
    /// Whether members of this name are media.
    pub(super) fn is(name: &str) -> bool {
        matches!(name, "image" | "video" | "audio")
    }

    /// A block without anything in it.
    pub(super) fn new(kind: String) -> Media {
        Media { kind, format: None, pieces: Vec::new() }
    }

    /// Whether what `kind` and `value` say belongs to this block.
    pub(super) fn continues(&self, kind: &str, value: &Value) -> bool {
        self.kind == kind && (self.pieces.is_empty() || value.get("format").is_none())
    }

    /// Takes format and bytes; gives back what has neither, or says more.
    pub(super) fn take(&mut self, value: Value) -> Option<Value> {
        let format = value.get("format").and_then(Value::as_str);
        let bytes = value.pointer("/source/bytes").and_then(Value::as_str);
        let understood = value.as_object().is_some_and(|members| {
            let known = usize::from(format.is_some()) + usize::from(members.contains_key("source") && bytes.is_some());
            known == members.len()
        });
        self.format = format.map(str::to_owned).or(self.format.take());
        self.pieces.extend(bytes.map(str::to_owned));
        (!understood).then_some(value)
    }

    /// The block is over.
    pub(super) fn end(self, specification: Specification) -> Option<Part> {
        let Media { kind, format, pieces } = self;
        if pieces.is_empty() {
            return None;
        }
        let data = joined(pieces);
        let data = match specification {
            Specification::V3 => FileData::Bare(data),
            Specification::V4 => FileData::Tagged { r#type: "data", data },
        };
        Some(Part::File { media_type: media_type(&kind, format.as_deref()), data })
    }
}

fn media_type(kind: &str, format: Option<&str>) -> String {
    // As the AI SDK writes a type of which only the kind is known.
    let Some(format) = format else { return format!("{kind}/*") };
    let irregular = IRREGULAR.iter().find(|row| (row.0, row.1) == (kind, format));
    irregular.map_or_else(|| format!("{kind}/{format}"), |row| row.2.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn file(values: &[Value]) -> (Option<Part>, Vec<Value>) {
        let mut media = Media::new("image".to_owned());
        let left = values.iter().filter_map(|value| media.take(value.clone())).collect();
        (media.end(Specification::V3), left)
    }

    #[test]
    fn pieces_of_a_picture_are_one_file() {
        let picture = |data: &str| {
            Some(Part::File { media_type: "image/jpeg".to_owned(), data: FileData::Bare(data.to_owned()) })
        };
        let bytes = |data: &str| json!({"source": {"bytes": data}});
        let whole = json!({"format": "jpeg", "source": {"bytes": "aGk="}});
        assert_eq!(file(&[whole]), (picture("aGk="), vec![]));
        assert_eq!(file(&[json!({"format": "jpeg"}), bytes("aGk="), bytes("aGk=")]), (picture("aGloaQ=="), vec![]));
    }

    #[test]
    fn what_is_no_picture_is_given_back() {
        let error = json!({"error": {"message": "blocked"}});
        assert_eq!(file(&[json!({"format": "png"}), error.clone()]), (None, vec![error]));
        let stored = json!({"format": "png", "source": {"s3Location": {"uri": "s3://b/k"}}});
        assert_eq!(file(std::slice::from_ref(&stored)), (None, vec![stored]));
    }

    #[test]
    fn media_types_are_the_registered_ones() {
        assert_eq!(media_type("video", Some("three_gp")), "video/3gpp");
        assert_eq!(media_type("image", Some("png")), "image/png");
        assert_eq!(media_type("audio", None), "audio/*");
        for (index, row) in IRREGULAR.iter().enumerate() {
            assert!(IRREGULAR[index + 1..].iter().all(|other| (row.0, row.1) != (other.0, other.1)), "{row:?}");
        }
    }
}
