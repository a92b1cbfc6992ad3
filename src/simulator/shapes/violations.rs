//! What is wrong with a request, in the words and form of the service: "2 validation errors detected: …; …".

use std::fmt;

use super::model::{Kind, Shape};
use crate::simulator::exception::Exception;
use crate::simulator::wording::{self, Wording};

/// Most violations that are told; the service's own limit is not known.
const MOST: usize = 100;

/// Where a value stands, as a chain up to the request.
#[derive(Clone, Copy)]
pub(super) struct Path<'a> {
    pub(super) parent: Option<&'a Path<'a>>,
    pub(super) step: Step<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Member(&'a str),
    /// An entry of a list, from 0.
    Item(usize),
    /// An entry of a map.
    Key(&'a str),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(to, "{parent}.")?;
        }
        match self.step {
            Step::Member(name) => to.write_str(name),
            Step::Item(at) => write!(to, "{}.member", at + 1),
            Step::Key(key) => write!(to, "{key}.member"),
        }
    }
}

#[derive(Default)]
pub(super) struct Violations(Vec<String>);

impl Violations {
    pub(super) fn add(&mut self, text: String) {
        self.0.push(text);
    }

    pub(super) fn are_enough(&self) -> bool {
        self.0.len() >= MOST
    }

    pub(super) fn into_result(self) -> Result<(), Exception> {
        let all = self.0.join("; ");
        match self.0.len() {
            0 => Ok(()),
            1 => Err(wording::ONE_VIOLATION.refuse(&[&all])),
            count => Err(wording::VIOLATIONS.refuse(&[&count, &all])),
        }
    }
}

/// A constraint that a value may break.
pub(super) enum Constraint<'a> {
    Most(&'a Shape, f64),
    Least(&'a Shape, f64),
    Pattern(&'a str),
    Values(&'a [String]),
    NotNull,
}

impl fmt::Display for Constraint<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_number = |shape: &Shape| matches!(shape.kind, Kind::Number(_));
        let say = |wording: Wording, value: &dyn fmt::Display| wording.fill(&[value]);
        to.write_str(&match self {
            Constraint::Most(shape, most) if is_number(shape) => say(wording::VALUE_AT_MOST, most),
            Constraint::Most(_, most) => say(wording::LENGTH_AT_MOST, most),
            Constraint::Least(shape, least) if is_number(shape) => say(wording::VALUE_AT_LEAST, least),
            Constraint::Least(_, least) => say(wording::LENGTH_AT_LEAST, least),
            Constraint::Pattern(pattern) => say(wording::PATTERN, pattern),
            Constraint::Values(values) => say(wording::ENUM, &values.join(", ")),
            Constraint::NotNull => wording::NOT_NULL.text(),
        })
    }
}
