//! Tools, and the form of an answer.

use serde_json::Value;

use super::extras::CachePoint;

/// Something the model may use.
#[derive(Clone, Debug)]
pub enum Tool {
    /// A function of the caller.
    Function(Function),
    /// A tool that Bedrock runs itself (`systemTool`).
    System(SystemTool),
    /// A tool that the model was trained for.
    Native(NativeTool),
    /// The tools up to here are to be kept in the prompt cache.
    CachePoint(CachePoint),
}

/// A tool that Bedrock runs itself.
#[derive(Clone, Debug)]
pub struct SystemTool {
    /// Path of the field in the caller's request that asks for it, for errors.
    pub param: String,
    /// Its name, e.g. `nova_grounding`.
    pub name: String,
}

/// A tool that the model was trained for, in the words of its provider's own API: Claude's `computer_20250124`.
#[derive(Clone, Debug)]
pub struct NativeTool {
    /// Path of the tool in the caller's request, for warnings.
    pub param: String,
    /// Its name, as the caller wrote it; the model's own is in the definition.
    pub name: String,
    /// What the model is told of it.
    pub definition: Value,
    /// The flag of `anthropic_beta` without which the model does not know it.
    pub beta: Option<&'static str>,
}

/// A function of the caller.
#[derive(Clone, Debug)]
pub struct Function {
    /// Path of the tool in the caller's request, for errors.
    pub param: String,
    /// Its name, as the caller wrote it.
    pub name: String,
    /// What it does.
    pub description: Option<String>,
    /// JSON schema of its input, an object.
    pub schema: Value,
    /// Whether the input must fit the schema exactly.
    pub strict: bool,
}

/// Whether the model may, must or must not call a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// As it finds right.
    #[default]
    Auto,
    /// None of them.
    None,
    /// At least one.
    Required,
    /// The one of this name, as the caller wrote it.
    Named(String),
}

/// The form of the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Format {
    /// Free text.
    #[default]
    Text,
    /// Any JSON object.
    JsonObject,
    /// JSON that fits a schema.
    JsonSchema(JsonSchema),
}

/// By which way an answer is held to a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FormatRoute {
    /// The best that the model has.
    #[default]
    Best,
    /// By the service, where the model is Claude.
    Service,
    /// By a tool whose input is the answer.
    Tool,
}

/// A schema and what it is called.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonSchema {
    /// Its name, `[a-zA-Z0-9_-]{1,64}`.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The schema, as the caller wrote it.
    pub schema: Value,
    /// Whether the answer must fit it exactly.
    pub strict: bool,
}
