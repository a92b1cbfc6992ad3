//! Names of tools: Converse's characters and length on the way out, the caller's own on the way back.
//!
//! Fact: `ToolSpecification` of Converse, 1 to 64 of `[a-zA-Z0-9_-]`. MCP servers and agents use dots and slashes.

use std::collections::{HashMap, HashSet};

use super::Plan;
use super::native_tools::{natives, own_name};
use crate::conversation::{Block, Content, Function, Loss, LossCode, Request, Tool, ToolChoice};
use crate::error::{Error, Result};

const MOST: usize = 64;

/// Gives every tool a name that can be sent, everywhere in the request, and notes the way back.
pub(super) fn translate(request: &mut Request, plan: &mut Plan, losses: &mut Vec<Loss>) -> Result<()> {
    refuse_duplicates(request)?;
    let mut names = Names::default();
    each_name(request, |name| names.note(name));
    let unfit = names.unfit.len();
    let mut sent = names.translate();
    // A tool that the model was trained for has its name from there.
    for native in natives(&request.tools) {
        if let Some(own) = own_name(native).filter(|own| *own != native.name) {
            sent.insert(native.name.clone(), own.to_owned());
        }
    }
    if sent.is_empty() {
        return Ok(());
    }
    each_name_mut(request, |name| {
        if let Some(sent) = sent.get(name.as_str()) {
            name.clone_from(sent);
        }
    });
    if unfit > 0 {
        let message = format!(
            "Names of tools were changed ({unfit}) to what Bedrock takes; they are changed back in the answer."
        );
        losses.push(Loss::of(LossCode::Emulated, "tools", message));
    }
    plan.tool_names = sent.into_iter().map(|(asked, sent)| (sent, asked)).collect();
    Ok(())
}

fn refuse_duplicates(request: &Request) -> Result<()> {
    let mut seen = HashSet::new();
    for Function { name, param, .. } in functions(&request.tools) {
        if !seen.insert(name) {
            return Err(Error::invalid(
                param.clone(),
                format!("a tool named {name:?} is there already; name it otherwise."),
            ));
        }
    }
    Ok(())
}

pub(super) fn functions(tools: &[Tool]) -> impl Iterator<Item = &Function> {
    tools.iter().filter_map(|tool| match tool {
        Tool::Function(function) => Some(function),
        Tool::System(_) | Tool::Native(_) | Tool::CachePoint(_) => None,
    })
}

/// A name like `wanted` that no tool has.
pub(super) fn free(request: &Request, wanted: &str) -> String {
    let taken: HashSet<&str> = functions(&request.tools).map(|function| function.name.as_str()).collect();
    let mut name = wanted.to_owned();
    let mut number = 2;
    while taken.contains(name.as_str()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    /// In the order in which they come up.
    unfit: Vec<String>,
    known_unfit: HashSet<String>,
}

impl Names {
    fn note(&mut self, name: &str) {
        if fits(name) {
            if !self.taken.contains(name) {
                self.taken.insert(name.to_owned());
            }
        } else if !self.known_unfit.contains(name) {
            self.known_unfit.insert(name.to_owned());
            self.unfit.push(name.to_owned());
        }
    }

    fn translate(mut self) -> HashMap<String, String> {
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut sent = HashMap::with_capacity(self.unfit.len());
        for name in self.unfit {
            let base = plain(&name);
            let mut candidate = base.clone();
            while !self.taken.insert(candidate.clone()) {
                let count = counts.entry(base.clone()).and_modify(|count| *count += 1).or_insert(2);
                let suffix = format!("_{count}");
                candidate = base.chars().take(MOST - suffix.len()).collect::<String>() + &suffix;
            }
            sent.insert(name, candidate);
        }
        sent
    }
}

fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

fn fits(name: &str) -> bool {
    (1..=MOST).contains(&name.len()) && name.chars().all(is_plain)
}

fn plain(name: &str) -> String {
    let plain: String =
        name.chars().take(MOST).map(|character| if is_plain(character) { character } else { '_' }).collect();
    if plain.is_empty() { "tool".to_owned() } else { plain }
}

fn each_name(request: &Request, mut note: impl FnMut(&str)) {
    functions(&request.tools).for_each(|function| note(&function.name));
    natives(&request.tools).filter_map(own_name).for_each(&mut note);
    if let ToolChoice::Named(name) = &request.tool_choice {
        note(name);
    }
    for message in &request.messages {
        let Content::Blocks(blocks) = &message.content else { continue };
        blocks.iter().for_each(|block| {
            if let Block::ToolUse(call) = block {
                note(&call.name);
            }
        });
    }
}

fn each_name_mut(request: &mut Request, mut change: impl FnMut(&mut String)) {
    for tool in &mut request.tools {
        match tool {
            Tool::Function(function) => change(&mut function.name),
            Tool::Native(native) => change(&mut native.name),
            Tool::System(_) | Tool::CachePoint(_) => {}
        }
    }
    if let ToolChoice::Named(name) = &mut request.tool_choice {
        change(name);
    }
    for message in &mut request.messages {
        let Content::Blocks(blocks) = &mut message.content else { continue };
        blocks.iter_mut().for_each(|block| {
            if let Block::ToolUse(call) = block {
                change(&mut call.name);
            }
        });
    }
}
