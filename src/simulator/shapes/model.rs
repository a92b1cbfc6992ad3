//! The service model in memory.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::pattern::Pattern;

pub(super) const JSON: &str = include_str!("model.json");

pub(super) struct Model {
    pub(super) operations: Vec<Operation>,
    shapes: Vec<Shape>,
}

/// An operation of one of the services.
pub(in crate::simulator) struct Operation {
    pub(in crate::simulator) name: String,
    pub(in crate::simulator) method: String,
    /// The segments of its path.
    pub(super) path: Vec<Segment>,
    /// The status of its success.
    pub(in crate::simulator) status: u16,
    pub(super) input: Option<Id>,
}

pub(super) enum Segment {
    Literal(String),
    Label(String),
}

/// The place of a shape in the model.
#[derive(Clone, Copy)]
pub(super) struct Id(usize);

pub(super) struct Shape {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Least value of a number, or length of anything else.
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    /// Whether the service leaves its values out of messages.
    pub(super) sensitive: bool,
}

pub(super) enum Kind {
    Structure {
        members: Vec<Member>,
        union: bool,
    },
    List(Id),
    Map(Id, Id),
    String {
        pattern: Option<Pattern>,
        values: Vec<String>,
    },
    Number(Number),
    Boolean,
    Blob,
    Timestamp,
    /// Any JSON.
    Document,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Number {
    Integer,
    Long,
    Float,
    Double,
}

pub(super) struct Member {
    pub(super) name: String,
    pub(super) shape: Id,
    pub(super) required: bool,
    pub(super) place: Place,
}

/// Where a request holds a member.
pub(super) enum Place {
    Body,
    Payload,
    Label(String),
    Query(String),
    Header(String),
}

/// What a name that is not in the file would be; the tests show that there is none.
static ANYTHING: Shape = Shape { name: String::new(), kind: Kind::Document, min: None, max: None, sensitive: false };

impl Model {
    pub(super) fn read(json: &str) -> Model {
        let file: Value = serde_json::from_str(json).unwrap_or_default();
        let shapes = file["shapes"].as_object().into_iter().flatten();
        let ids: HashMap<&str, usize> = shapes.clone().enumerate().map(|(at, (name, _))| (name.as_str(), at)).collect();
        let id = |name: &Value| Id(ids.get(name.as_str().unwrap_or_default()).copied().unwrap_or(usize::MAX));
        let operations = file["operations"].as_object().into_iter().flatten();
        Model {
            operations: operations.map(|(name, row)| operation(name, row, &id)).collect(),
            shapes: shapes.map(|(name, row)| shape(name, row, &id)).collect(),
        }
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> impl Iterator<Item = &Shape> {
        self.shapes.iter()
    }

    /// The names of all members of all structures.
    #[cfg(test)]
    pub(super) fn members(&self) -> impl Iterator<Item = String> {
        self.shapes.iter().flat_map(|shape| match &shape.kind {
            Kind::Structure { members, .. } => members.iter().map(|member| member.name.clone()).collect(),
            _ => Vec::new(),
        })
    }

    pub(super) fn shape(&self, id: Id) -> &Shape {
        self.shapes.get(id.0).unwrap_or(&ANYTHING)
    }
}

/// `[service, method, path, status, input]`.
fn operation(name: &str, row: &Value, id: &impl Fn(&Value) -> Id) -> Operation {
    Operation {
        name: name.to_owned(),
        method: text(&row[1]),
        path: text(&row[2]).split('/').skip(1).map(segment).collect(),
        status: row[3].as_u64().and_then(|status| status.try_into().ok()).unwrap_or(200),
        input: row[4].is_string().then(|| id(&row[4])),
    }
}

fn segment(text: &str) -> Segment {
    match text.strip_prefix('{').and_then(|label| label.strip_suffix('}')) {
        Some(label) => Segment::Label(label.to_owned()),
        None => Segment::Literal(text.to_owned()),
    }
}

fn shape(name: &str, row: &Value, id: &impl Fn(&Value) -> Id) -> Shape {
    let kind = match row["type"].as_str().unwrap_or_default() {
        "structure" => {
            Kind::Structure { members: members(row["members"].as_object(), id), union: row["union"] == true }
        }
        "list" => Kind::List(id(&row["member"])),
        "map" => Kind::Map(id(&row["key"]), id(&row["value"])),
        "string" => Kind::String {
            pattern: row["pattern"].as_str().map(Pattern::new),
            values: row["enum"].as_array().into_iter().flatten().map(text).collect(),
        },
        "integer" => Kind::Number(Number::Integer),
        "long" => Kind::Number(Number::Long),
        "float" => Kind::Number(Number::Float),
        "double" => Kind::Number(Number::Double),
        "boolean" => Kind::Boolean,
        "blob" => Kind::Blob,
        "timestamp" => Kind::Timestamp,
        _ => Kind::Document,
    };
    Shape {
        name: name.rsplit('.').next().unwrap_or(name).to_owned(),
        kind,
        min: row["min"].as_f64(),
        max: row["max"].as_f64(),
        sensitive: row["sensitive"] == true,
    }
}

/// `name` or, when it is required, `name*`, to a shape or to `[shape, where, name there]`.
fn members(rows: Option<&Map<String, Value>>, id: &impl Fn(&Value) -> Id) -> Vec<Member> {
    let rows = rows.into_iter().flatten();
    rows.map(|(name, row)| {
        let there = || text(&row[2]);
        Member {
            name: name.trim_end_matches('*').to_owned(),
            required: name.ends_with('*'),
            shape: id(if row.is_array() { &row[0] } else { row }),
            place: match row[1].as_str() {
                None => Place::Body,
                Some("uri") => Place::Label(there()),
                Some("querystring") => Place::Query(there()),
                Some("header") => Place::Header(there()),
                Some(_) => Place::Payload,
            },
        }
    })
    .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_understood() {
        let model = Model::read(JSON);
        assert!(model.operations.len() >= 60 && model.shapes.len() >= 400);
        let file: Value = serde_json::from_str(JSON).unwrap();
        assert!(file["notice"].as_str().unwrap().contains("Apache License 2.0"));
        for (name, row) in file["shapes"].as_object().unwrap() {
            let known = [
                "structure",
                "list",
                "map",
                "string",
                "integer",
                "long",
                "float",
                "double",
                "boolean",
                "blob",
                "timestamp",
                "document",
            ];
            assert!(known.contains(&row["type"].as_str().unwrap()), "{name}");
        }
        let used = model.shapes.iter().flat_map(|shape| match &shape.kind {
            Kind::Structure { members, .. } => members.iter().map(|member| member.shape).collect(),
            Kind::List(member) => vec![*member],
            Kind::Map(key, value) => vec![*key, *value],
            _ => Vec::new(),
        });
        for id in used.chain(model.operations.iter().filter_map(|operation| operation.input)) {
            assert!(id.0 < model.shapes.len(), "a shape that is used is missing from model.json");
        }
    }

    #[test]
    fn the_file_stays_small() {
        assert!(JSON.len() < 120_000, "{} bytes", JSON.len());
    }
}
