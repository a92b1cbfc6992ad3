//! The typed rows of `models.json`: what a model is and what it accepts.
//!
//! A row states facts, with the place they come from and the day they were checked. What a caller is told when a fact
//! stands in the way of a request is decided elsewhere. What a row leaves out has the value of [`Model::opaque`] or of
//! the type's `Default`, so that the file holds only what is particular.

use serde::Deserialize;

use super::making::{Embedding, ImageGeneration, RerankBody};

/// One model of Bedrock, without regard to the region or inference profile it is called through.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The id without geography, e.g. `anthropic.claude-sonnet-4-5-20250929-v1:0`; the prefix of the ids it stands for
    /// where [`derived`](Model::derived) is set.
    pub id: &'static str,
    /// What the model makes.
    #[serde(default)]
    pub kind: Kind,
    /// The body InvokeModel takes; `None` where none is known.
    #[serde(default)]
    pub family: Option<Family>,
    /// Whether messages may hold images.
    #[serde(default)]
    pub vision: bool,
    /// Most output tokens of one answer, and what is asked for where the caller names no number; `None`: not known, send
    /// what the caller says or nothing.
    #[serde(default)]
    pub max_output: Option<u32>,
    /// Most output tokens that the service takes, where that is more than [`max_output`](Model::max_output): for models
    /// whose providers name no lower limit, the context window.
    #[serde(default)]
    pub output_limit: Option<u32>,
    /// Stop sequences.
    #[serde(default)]
    pub stop: Stop,
    /// Which of temperature and top_p may be sent.
    #[serde(default)]
    pub sampling: Sampling,
    /// How the model is told to reason.
    #[serde(default)]
    pub reasoning: Reasoning,
    /// The reasoning efforts the model knows, least first; empty where there is no such choice.
    #[serde(default)]
    pub efforts: Vec<Effort>,
    /// Whether native text carries reasoning as `<reasoning>…</reasoning>`.
    #[serde(default)]
    pub reasoning_tags: bool,
    /// Whether Converse gives the whole answer, not only the thinking, as reasoning content (Magistral).
    #[serde(default)]
    pub answers_in_reasoning: bool,
    /// Whether the native body calls the token limit `max_completion_tokens` (gpt-oss).
    #[serde(default)]
    pub max_completion_tokens: bool,
    /// Whether the last message may be the beginning of the assistant's answer.
    #[serde(default = "yes")]
    pub prefill: bool,
    /// Whether Converse takes a system prompt.
    #[serde(default = "yes")]
    pub system: bool,
    /// Whether tools may be used.
    #[serde(default)]
    pub tools: Tools,
    /// How a request may make the model call a tool.
    #[serde(default)]
    pub tool_choice: ToolChoices,
    /// Whether a tool may be forced while the model thinks.
    #[serde(default)]
    pub forced_while_thinking: bool,
    /// Whether ids of tool calls are nine letters or digits (Mistral).
    #[serde(default)]
    pub short_tool_ids: bool,
    /// Whether Converse holds answers (`outputConfig.textFormat`) and tool inputs (`toolSpec.strict`) to a JSON schema.
    #[serde(default)]
    pub structured_output: bool,
    /// What the model's prompt cache takes; `None`: it has none.
    #[serde(default)]
    pub prompt_cache: Option<PromptCache>,
    /// Whether `interleaved-thinking-2025-05-14` lets it think between tool calls.
    #[serde(default)]
    pub interleaved_thinking: bool,
    /// Whether `fine-grained-tool-streaming-2025-05-14` streams tool inputs as they are written.
    #[serde(default)]
    pub fine_grained_tools: bool,
    /// Whether messages may hold documents.
    #[serde(default = "yes")]
    pub documents: bool,
    /// Whether messages may hold video.
    #[serde(default)]
    pub video: bool,
    /// Whether messages may hold audio.
    #[serde(default)]
    pub audio: bool,
    /// Whether pictures and video may lie in S3.
    #[serde(default)]
    pub s3: bool,
    /// Which of Bedrock's endpoints serves the model.
    #[serde(default)]
    pub endpoint: Endpoint,
    /// Whether InvokeModel is used at all.
    #[serde(default)]
    pub invoke: Invoke,
    /// Whether InvokeModelWithResponseStream is to be had.
    #[serde(default)]
    pub invoke_stream: Support,
    /// Values of `anthropic_beta` that the model's limits depend on.
    #[serde(default, borrow)]
    pub anthropic_beta: Vec<&'static str>,
    /// How it makes vectors, where it does and that is known.
    #[serde(default)]
    pub embedding: Option<Embedding>,
    /// How it makes pictures, where it does and that is known.
    #[serde(default)]
    pub image: Option<ImageGeneration>,
    /// How it orders documents, where it does and that is known.
    #[serde(default)]
    pub rerank: Option<RerankBody>,
    /// Geographies of the inference profiles known to exist, e.g. `us`; others may.
    #[serde(default, borrow)]
    pub profiles: Vec<&'static str>,
    /// Whether the bare id is refused: "on-demand throughput isn't supported".
    #[serde(default)]
    pub requires_profile: bool,
    /// Where the model stood in its life on the day of [`checked`](Model::checked).
    #[serde(default)]
    pub status: Status,
    /// The day on which Bedrock ends the model's service (ISO 8601), where it is known.
    #[serde(default)]
    pub end_of_life: Option<&'static str>,
    /// Where the facts come from.
    pub source: &'static str,
    /// The day on which they were checked (ISO 8601).
    pub checked: &'static str,
    /// Whether this is no row of the file but what is assumed of ids the file does not know.
    #[serde(skip)]
    pub derived: bool,
}

impl Model {
    /// What is assumed of a model that nothing is known of: Converse only, and everything that the service itself can
    /// refuse is allowed. Tables are hints, never gates.
    pub(super) const fn opaque() -> Model {
        Model {
            id: "this model",
            kind: Kind::Text,
            family: None,
            vision: true,
            max_output: None,
            output_limit: None,
            stop: Stop { limit: None, converse: Support::Native, invoke: Support::Native },
            sampling: Sampling::Both,
            reasoning: Reasoning::None,
            efforts: Vec::new(),
            reasoning_tags: false,
            answers_in_reasoning: false,
            max_completion_tokens: false,
            prefill: true,
            system: true,
            tools: Tools::Streaming,
            tool_choice: ToolChoices::Named,
            forced_while_thinking: false,
            short_tool_ids: false,
            structured_output: false,
            prompt_cache: None,
            interleaved_thinking: false,
            fine_grained_tools: false,
            documents: true,
            video: true,
            audio: true,
            s3: true,
            endpoint: Endpoint::Runtime,
            invoke: Invoke::ConverseOnly,
            invoke_stream: Support::Unsupported,
            anthropic_beta: Vec::new(),
            embedding: None,
            image: None,
            rerank: None,
            profiles: Vec::new(),
            requires_profile: false,
            status: Status::Active,
            end_of_life: None,
            source: "assumed",
            checked: "",
            derived: true,
        }
    }

    /// What is assumed of ids that begin with `prefix`: the manners of their relative, but none of its limits.
    pub(super) fn like(prefix: &'static str, relative: &Model) -> Model {
        Model {
            id: prefix,
            kind: relative.kind,
            family: relative.family,
            stop: relative.stop,
            sampling: relative.sampling,
            reasoning: relative.reasoning,
            efforts: relative.efforts.clone(),
            reasoning_tags: relative.reasoning_tags,
            max_completion_tokens: relative.max_completion_tokens,
            prefill: relative.prefill,
            system: relative.system,
            embedding: relative.embedding.clone().map(|known| Embedding { dimensions: Vec::new(), ..known }),
            image: relative.image.clone(),
            rerank: relative.rerank,
            tool_choice: relative.tool_choice,
            short_tool_ids: relative.short_tool_ids,
            structured_output: relative.structured_output,
            prompt_cache: relative.prompt_cache,
            ..Model::opaque()
        }
    }

    /// Most output tokens that may be asked for, where that is known.
    pub fn most_output(&self) -> Option<u32> {
        self.output_limit.or(self.max_output)
    }

    /// Whether it is one of Anthropic's.
    pub fn is_claude(&self) -> bool {
        self.family == Some(Family::Claude)
    }

    /// Whether it is one of Amazon's Nova models.
    pub fn is_nova(&self) -> bool {
        self.family == Some(Family::Nova)
    }

    /// The family whose body InvokeModel is called with; `None` where the model is served by Converse only.
    pub fn native_body(&self) -> Option<Family> {
        match self.invoke {
            Invoke::Native => self.family,
            Invoke::ConverseOnly => None,
        }
    }
}

/// What a model makes.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text from messages: the only kind that Converse serves.
    #[default]
    Text,
    /// Vectors.
    Embedding,
    /// Pictures.
    Image,
    /// An order of documents.
    Rerank,
    /// Video, or text about one video given in the model's own request.
    Video,
    /// Speech in both directions over its own operation.
    Speech,
}

/// The request and response body of InvokeModel.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Anthropic Messages.
    Claude,
    /// Amazon Nova `messages-v1`.
    Nova,
    /// Amazon Titan text.
    TitanText,
    /// Meta Llama 2 prompt.
    Llama2,
    /// Meta Llama 3 prompt.
    Llama3,
    /// Meta Llama 4 prompt, images apart.
    Llama4,
    /// Mistral `[INST]` prompt.
    MistralPrompt,
    /// Mistral messages.
    MistralChat,
    /// OpenAI Chat Completions, as gpt-oss, Qwen, DeepSeek V3, Gemma, Kimi, MiniMax, Nemotron and GLM take it.
    OpenaiChat,
    /// DeepSeek R1 prompt.
    DeepseekR1,
    /// Writer Palmyra: OpenAI Chat Completions with a `[DONE]` chunk at the end.
    Palmyra,
    /// Cohere Command R: message and chat history.
    CohereCommandR,
    /// Cohere Command: prompt.
    CohereCommand,
    /// AI21 Jamba messages.
    Jamba,
    /// AI21 Jurassic-2 prompt.
    J2,
}

impl Family {
    /// Whether the body is that of OpenAI's chat completions.
    pub fn is_openai(self) -> bool {
        matches!(self, Family::OpenaiChat | Family::MistralChat | Family::Palmyra | Family::Jamba)
    }
}

/// Whether the service does a thing itself.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// It does.
    #[default]
    Native,
    /// The field or operation is refused or ignored.
    Unsupported,
}

/// Stop sequences: how many, and on which API the field may be sent.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// Most sequences of one request; `None`: not documented.
    #[serde(default)]
    pub limit: Option<u16>,
    /// `inferenceConfig.stopSequences` of Converse.
    #[serde(default)]
    pub converse: Support,
    /// The field of the native body.
    #[serde(default)]
    pub invoke: Support,
}

/// Which of temperature and top_p may be sent.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// Each, also together.
    #[default]
    Both,
    /// One of the two.
    Either,
    /// Temperature only.
    Temperature,
    /// None of the two, nor top_k.
    Neither,
}

/// How a model is told to reason, and what it does when it is not told.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Reasoning {
    /// It does not reason.
    #[default]
    None,
    /// `thinking: {type: "enabled", budget_tokens}`; off unless asked.
    Budget,
    /// `thinking: {type: "adaptive"}` with `output_config.effort`; a budget is still taken; off unless asked.
    AdaptiveOrBudget,
    /// `thinking: {type: "adaptive"}` only; off unless asked.
    Adaptive,
    /// As [`Adaptive`](Reasoning::Adaptive), but on unless `thinking: {type: "disabled"}` is sent.
    AdaptiveOn,
    /// As [`Adaptive`](Reasoning::Adaptive), but cannot be switched off.
    AdaptiveAlways,
    /// `reasoning_effort`.
    Effort,
    /// `reasoning_config`, a string.
    Config,
    /// Nova 2's `reasoningConfig: {type, maxReasoningEffort}`.
    Nova2,
    /// OpenAI's `reasoning: {effort}`.
    Openai,
    /// It always reasons; there is nothing to send.
    Always,
    /// It can reason, but no field of Bedrock is documented for it.
    Undocumented,
}

/// How hard a model is to think.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// `low`
    Low,
    /// `medium`
    Medium,
    /// `high`
    High,
    /// `xhigh`
    #[serde(rename = "xhigh")]
    ExtraHigh,
    /// `max`
    Max,
}

/// Whether tools may be used.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Tools {
    /// In both modes.
    #[default]
    Streaming,
    /// Not in streams: "This model doesn't support tool use in streaming mode."
    Once,
    /// "This model doesn't support tool use."
    None,
}

/// How a request may make a model call a tool: each value has those before it.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[serde(rename_all = "snake_case")]
pub enum ToolChoices {
    /// Not at all: `toolChoice.auto` only.
    Auto,
    /// `toolChoice.any`.
    Any,
    /// `toolChoice.tool`, by name.
    #[default]
    Named,
}

/// What a prompt cache takes. Cache points may stand in instructions and messages.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct PromptCache {
    /// Fewer tokens than this before a cache point are not kept.
    pub min_tokens: u32,
    /// Whether cache points may stand among the tools.
    #[serde(default)]
    pub tools: bool,
    /// Whether what is kept may live for an hour.
    #[serde(default)]
    pub one_hour: bool,
}

/// Which of Bedrock's endpoints serves a model.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `bedrock-runtime`: Converse, InvokeModel.
    #[default]
    Runtime,
    /// `bedrock-mantle` only: OpenAI's or Anthropic's own API. Calls to `bedrock-runtime` are passed on and refused there.
    Mantle,
}

/// Whether InvokeModel is used.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Invoke {
    /// With the body of the model's [`Family`].
    #[default]
    Native,
    /// Never: its answers are unusable or unknown, Converse serves instead.
    ConverseOnly,
}

/// Where a model stands in its life.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Served.
    #[default]
    Active,
    /// No longer served to everyone; calls are passed on all the same.
    EndOfLife,
}

/// A name callers use for a model in a certain configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Name {
    /// The name, case-sensitive, e.g. `Claude-4-5-Sonnet-Thinking`.
    pub name: &'static str,
    /// The id that is sent, with geography where the model is called through a profile.
    pub id: &'static str,
    /// Whether the model is to think before it answers.
    #[serde(default)]
    pub thinking: bool,
    /// Whether the reasoning that the model gives of its own accord stays in the text.
    #[serde(default)]
    pub keep_reasoning: bool,
}

const fn yes() -> bool {
    true
}
