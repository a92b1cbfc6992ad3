//! The text models this Bedrock serves: which ids exist, whose native body they speak, and what they refuse.
//!
//! Authored from AWS's and the providers' documentation and from recordings, independently of the client's catalog, so
//! that the two can disagree. Embedding, rerank, image, video and speech models are not served.

/// Whose InvokeModel body a model speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Claude,
    Nova,
    Titan,
    Llama,
    MistralPrompt,
    /// Chat bodies; stream chunks carry `message` (2402 to Pixtral).
    MistralChat,
    /// OpenAI chat bodies.
    OpenAi,
    /// OpenAI chat bodies whose reasoning is text between `<reasoning>` tags.
    OpenAiTagged,
    DeepSeekR1,
    CommandR,
    Command,
    Jamba,
    Jurassic,
    Palmyra,
    /// OpenAI `text_completion`: imported models and SageMaker endpoints.
    Imported,
    /// An ARN does not tell; the body's keys do.
    ByBody,
}

/// When a model thinks before it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thinking {
    Never,
    OnRequest,
    Always,
}

/// How a bare id (no geography, no profile) can be invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnDemand {
    Yes,
    /// Refused in the regions of the recordings, served in others.
    SomeRegions,
    No,
}

/// A row of the table: ids of one provider that behave alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series {
    /// Text before the first `.` of every id.
    provider: &'static str,
    /// Ids without the provider.
    ids: &'static [&'static str],
    pub(super) family: Family,
    pub(super) images: bool,
    pub(super) thinking: Thinking,
    /// Most output tokens a request may ask for; `None` where the provider documents none below the context window.
    pub(super) max_output: Option<u64>,
    /// Whether Converse accepts system messages.
    pub(super) system: bool,
    pub(super) on_demand: OnDemand,
}

/// A model as a request named it.
#[derive(Clone, Debug)]
pub(super) struct Model {
    /// The id or ARN as sent.
    pub(super) requested: String,
    /// The id without geography, or the ARN where that hides the model.
    pub(super) id: String,
    pub(super) series: &'static Series,
}

const fn series(provider: &'static str, family: Family, ids: &'static [&'static str]) -> Series {
    Series {
        provider,
        ids,
        family,
        images: false,
        thinking: Thinking::Never,
        max_output: None,
        system: true,
        on_demand: OnDemand::Yes,
    }
}

impl Series {
    const fn images(mut self) -> Series {
        self.images = true;
        self
    }
    const fn thinking(mut self, thinking: Thinking) -> Series {
        self.thinking = thinking;
        self
    }
    const fn max_output(mut self, tokens: u64) -> Series {
        self.max_output = Some(tokens);
        self
    }
    const fn no_system(mut self) -> Series {
        self.system = false;
        self
    }
    const fn on_demand(mut self, on_demand: OnDemand) -> Series {
        self.on_demand = on_demand;
        self
    }
}

const TABLE: &[Series] = &[
    series("ai21", Family::Jamba, &["jamba-1-5-large-v1:0", "jamba-1-5-mini-v1:0", "jamba-instruct-v1:0"])
        .max_output(4096),
    series("ai21", Family::Jurassic, &["j2-mid-v1", "j2-ultra-v1"]).max_output(8191).no_system(),
    series("amazon", Family::Nova, &["nova-lite-v1:0", "nova-pro-v1:0"]).images().max_output(10_000),
    series("amazon", Family::Nova, &["nova-premier-v1:0"]).images().max_output(32_000).on_demand(OnDemand::SomeRegions),
    series("amazon", Family::Nova, &["nova-micro-v1:0"]).max_output(10_000),
    series("amazon", Family::Nova, &["nova-2-lite-v1:0", "nova-2-pro-preview-20251202-v1:0"])
        .images()
        .max_output(65_535)
        .thinking(Thinking::OnRequest)
        .on_demand(OnDemand::SomeRegions),
    series("amazon", Family::Titan, &["titan-text-express-v1", "titan-tg1-large"]).max_output(8192).no_system(),
    series("amazon", Family::Titan, &["titan-text-lite-v1"]).max_output(4096).no_system(),
    series("amazon", Family::Titan, &["titan-text-premier-v1:0"]).max_output(3072).no_system(),
    series("anthropic", Family::Claude, &["claude-instant-v1", "claude-v1", "claude-v2", "claude-v2:1"])
        .max_output(4096),
    series("anthropic", Family::Claude, &["claude-3-haiku-20240307-v1:0", "claude-3-sonnet-20240229-v1:0"])
        .images()
        .max_output(4096),
    series("anthropic", Family::Claude, &["claude-3-opus-20240229-v1:0"])
        .images()
        .max_output(4096)
        .on_demand(OnDemand::SomeRegions),
    series("anthropic", Family::Claude, &["claude-3-5-sonnet-20240620-v1:0"]).images().max_output(8192),
    series("anthropic", Family::Claude, &["claude-3-5-sonnet-20241022-v2:0"])
        .images()
        .max_output(8192)
        .on_demand(OnDemand::SomeRegions),
    series("anthropic", Family::Claude, &["claude-3-5-haiku-20241022-v1:0"])
        .max_output(8192)
        .on_demand(OnDemand::SomeRegions),
    series("anthropic", Family::Claude, &["claude-3-7-sonnet-20240620-v1:0", "claude-3-7-sonnet-20250219-v1:0"])
        .images()
        .max_output(128_000)
        .thinking(Thinking::OnRequest)
        .on_demand(OnDemand::SomeRegions),
    series("anthropic", Family::Claude, &["claude-opus-4-20250514-v1:0", "claude-opus-4-1-20250805-v1:0"])
        .images()
        .max_output(32_000)
        .thinking(Thinking::OnRequest)
        .on_demand(OnDemand::SomeRegions),
    series(
        "anthropic",
        Family::Claude,
        &[
            "claude-sonnet-4-20250514-v1:0",
            "claude-sonnet-4-5-20250929-v1:0",
            "claude-haiku-4-5",
            "claude-haiku-4-5-20251001-v1:0",
            "claude-opus-4-5-20251101-v1:0",
        ],
    )
    .images()
    .max_output(64_000)
    .thinking(Thinking::OnRequest)
    .on_demand(OnDemand::SomeRegions),
    series(
        "anthropic",
        Family::Claude,
        &[
            "claude-opus-4-6-v1",
            "claude-opus-4-7",
            "claude-opus-4-8",
            "claude-opus-5",
            "claude-opus-5-5",
            "claude-sonnet-4-6",
            "claude-sonnet-5",
            "claude-sonnet-5-5",
            "claude-haiku-5-5",
            "claude-fable-5",
            "claude-fable-5-1",
            "claude-mythos-5",
            "claude-mythos-5-1",
            "claude-mythos-preview",
        ],
    )
    .images()
    .max_output(128_000)
    .thinking(Thinking::OnRequest)
    .on_demand(OnDemand::SomeRegions),
    series("cohere", Family::CommandR, &["command-r-v1:0", "command-r-plus-v1:0"]).max_output(4000),
    series("cohere", Family::Command, &["command-text-v14", "command-light-text-v14"]).max_output(4096).no_system(),
    series("deepseek", Family::DeepSeekR1, &["r1-v1:0"])
        .max_output(32_768)
        .thinking(Thinking::Always)
        .on_demand(OnDemand::SomeRegions),
    series("deepseek", Family::OpenAi, &["v3-v1:0", "v3.1", "v3.2"]).thinking(Thinking::OnRequest),
    series(
        "google",
        Family::OpenAi,
        &["gemma-3-4b-it", "gemma-3-12b-it", "gemma-3-27b-it", "gemma-4-26b-a4b", "gemma-4-31b", "gemma-4-e2b"],
    )
    .images(),
    series(
        "meta",
        Family::Llama,
        &["llama2-13b-chat-v1", "llama2-70b-chat-v1", "llama3-8b-instruct-v1:0", "llama3-70b-instruct-v1:0"],
    )
    .max_output(2048),
    series(
        "meta",
        Family::Llama,
        &[
            "llama3-1-8b-instruct-v1:0",
            "llama3-1-70b-instruct-v1:0",
            "llama3-1-405b-instruct-v1:0",
            "llama3-2-1b-instruct-v1:0",
            "llama3-2-3b-instruct-v1:0",
            "llama3-3-70b-instruct-v1:0",
        ],
    )
    .max_output(2048)
    .on_demand(OnDemand::SomeRegions),
    series("meta", Family::Llama, &["llama3-2-11b-instruct-v1:0", "llama3-2-90b-instruct-v1:0"])
        .images()
        .max_output(2048)
        .on_demand(OnDemand::SomeRegions),
    series("meta", Family::Llama, &["llama4-maverick-17b-instruct-v1:0", "llama4-scout-17b-instruct-v1:0"])
        .images()
        .max_output(8192)
        .on_demand(OnDemand::SomeRegions),
    series("minimax", Family::OpenAi, &["minimax-m2", "minimax-m2.1", "minimax-m2.5"]).thinking(Thinking::Always),
    series("mistral", Family::MistralPrompt, &["mistral-7b-instruct-v0:2"]).max_output(8192).no_system(),
    series("mistral", Family::MistralPrompt, &["mixtral-8x7b-instruct-v0:1"]).max_output(8192).no_system(),
    series("mistral", Family::MistralPrompt, &["mistral-small-2402-v1:0", "mistral-large-2402-v1:0"]).max_output(8192),
    series("mistral", Family::MistralChat, &["mistral-large-2407-v1:0"]).max_output(8192),
    series("mistral", Family::MistralChat, &["pixtral-large-2502-v1:0"]).images().on_demand(OnDemand::SomeRegions),
    series(
        "mistral",
        Family::OpenAi,
        &[
            "mistral-large-3-675b-instruct",
            "ministral-3-3b-instruct",
            "ministral-3-8b-instruct",
            "ministral-3-14b-instruct",
            "magistral-small-2509",
        ],
    )
    .images(),
    series("mistral", Family::OpenAi, &["devstral-2-123b", "voxtral-mini-3b-2507", "voxtral-small-24b-2507"]),
    series("moonshot", Family::OpenAiTagged, &["kimi-k2-thinking"]).thinking(Thinking::Always),
    series("moonshotai", Family::OpenAiTagged, &["kimi-k2-thinking"]).thinking(Thinking::Always),
    series("moonshotai", Family::OpenAiTagged, &["kimi-k2.5", "kimi-k3"]).images().thinking(Thinking::OnRequest),
    series("nvidia", Family::OpenAi, &["nemotron-nano-12b-v2"]).images(),
    series("nvidia", Family::OpenAi, &["nemotron-nano-9b-v2", "nemotron-nano-3-30b", "nemotron-super-3-120b"]),
    series(
        "openai",
        Family::OpenAiTagged,
        &[
            "gpt-oss-20b",
            "gpt-oss-20b-1:0",
            "gpt-oss-120b",
            "gpt-oss-120b-1:0",
            "gpt-oss-safeguard-20b",
            "gpt-oss-safeguard-120b",
        ],
    )
    .thinking(Thinking::Always),
    series(
        "openai",
        Family::OpenAi,
        &[
            "gpt-5.4",
            "gpt-5.5",
            "gpt-5.6-cyber",
            "gpt-5.6-luna",
            "gpt-5.6-sol",
            "gpt-5.6-terra",
            "gpt-6-astra",
            "gpt-6-luna",
            "gpt-6-sol",
            "gpt-6.1-sol",
            "gpt-daybreak-blue-5.6-sol",
        ],
    )
    .images(),
    series(
        "qwen",
        Family::OpenAi,
        &[
            "qwen3-32b",
            "qwen3-32b-v1:0",
            "qwen3-235b-a22b-2507",
            "qwen3-235b-a22b-2507-v1:0",
            "qwen3-coder-30b-a3b-instruct",
            "qwen3-coder-30b-a3b-v1:0",
            "qwen3-coder-480b-a35b-instruct",
            "qwen3-coder-480b-a35b-v1:0",
            "qwen3-coder-next",
            "qwen3-next-80b-a3b",
            "qwen3-next-80b-a3b-instruct",
        ],
    )
    .thinking(Thinking::OnRequest),
    series("qwen", Family::OpenAi, &["qwen3-vl-235b-a22b", "qwen3-vl-235b-a22b-instruct"]).images(),
    series("writer", Family::Palmyra, &["palmyra-x4-v1:0", "palmyra-x5-v1:0"]).max_output(8192).on_demand(OnDemand::No),
    series("writer", Family::Palmyra, &["palmyra-vision-7b"]).images(),
    series("xai", Family::OpenAi, &["grok-4.3", "grok-4.6", "grok-4.7"]).images(),
    series("zai", Family::OpenAi, &["glm-4.7", "glm-4.7-flash", "glm-5", "glm-5.3"]).thinking(Thinking::OnRequest),
];

/// Behaviour behind an ARN that does not name its model: it takes whatever it is given.
const BEHIND_ARN: Series = series("", Family::ByBody, &[]).images().thinking(Thinking::OnRequest);
/// Imported models and SageMaker endpoints.
const IMPORTED: Series = series("", Family::Imported, &[]);

/// Prefixes of cross-region profiles.
const GEOGRAPHIES: &[&str] = &["us", "us-gov", "eu", "apac", "jp", "au", "ca", "in", "global", "sa", "me", "il"];

/// ARN resource types → how to find the model.
const RESOURCES: &[(&str, &Resource)] = &[
    ("foundation-model", &Resource::Named),
    ("inference-profile", &Resource::Named),
    ("application-inference-profile", &Resource::Hidden(&BEHIND_ARN)),
    ("provisioned-model", &Resource::Hidden(&BEHIND_ARN)),
    ("custom-model", &Resource::Hidden(&BEHIND_ARN)),
    ("custom-model-deployment", &Resource::Hidden(&BEHIND_ARN)),
    ("prompt-router", &Resource::Hidden(&BEHIND_ARN)),
    ("default-prompt-router", &Resource::Hidden(&BEHIND_ARN)),
    ("prompt", &Resource::Hidden(&BEHIND_ARN)),
    ("imported-model", &Resource::Hidden(&IMPORTED)),
    ("endpoint", &Resource::Hidden(&IMPORTED)),
];

enum Resource {
    /// The rest of the ARN is a model id, with or without a geography.
    Named,
    /// The rest of the ARN is an opaque name.
    Hidden(&'static Series),
}

impl Model {
    /// The model behind an id or ARN; `None` when this Bedrock does not have it.
    pub(super) fn find(requested: &str) -> Option<Model> {
        let (id, series) = if requested.starts_with("arn:") { by_arn(requested)? } else { by_id(requested)? };
        Some(Model { requested: requested.to_owned(), id, series })
    }

    /// Whether the request named the model itself, not a profile or another resource over it.
    pub(super) fn is_bare(&self) -> bool {
        self.requested == self.id && !self.requested.starts_with("arn:")
    }

    /// Whether the id starts with `prefix`, provider included.
    pub(super) fn is(&self, prefix: &str) -> bool {
        self.id.starts_with(prefix)
    }
}

fn by_arn(arn: &str) -> Option<(String, &'static Series)> {
    let mut fields = arn.splitn(6, ':');
    let service = fields.by_ref().nth(2)?;
    let (resource, name) = fields.nth(2)?.split_once('/')?;
    if !matches!(service, "bedrock" | "sagemaker") || name.is_empty() {
        return None;
    }
    match RESOURCES.iter().find(|(kind, _)| *kind == resource)?.1 {
        Resource::Named => by_id(name),
        Resource::Hidden(series) => Some((arn.to_owned(), series)),
    }
}

fn by_id(id: &str) -> Option<(String, &'static Series)> {
    let bare = match id.split_once('.') {
        Some((geography, rest)) if GEOGRAPHIES.contains(&geography) => rest,
        _ => id,
    };
    let (provider, name) = without_context_length(bare).split_once('.')?;
    let series = TABLE.iter().find(|series| series.provider == provider && series.ids.contains(&name))?;
    Some((bare.to_owned(), series))
}

/// `…:200k` names the same model with a shorter context window.
fn without_context_length(id: &str) -> &str {
    match id.rsplit_once(':') {
        Some((head, tail)) if tail.strip_suffix('k').is_some_and(|n| n.parse::<u32>().is_ok()) => head,
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_is_listed_twice() {
        let mut ids: Vec<_> =
            TABLE.iter().flat_map(|series| series.ids.iter().map(|id| (series.provider, *id))).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id stands in two rows of TABLE");
        assert!(count > 120);
    }

    #[test]
    fn ids_are_found_bare_with_a_geography_and_with_a_context_length() {
        for id in ["amazon.nova-micro-v1:0", "us.amazon.nova-micro-v1:0", "global.anthropic.claude-opus-4-8"] {
            let model = Model::find(id).unwrap();
            assert_eq!(model.is_bare(), id.starts_with("amazon"), "{id}");
        }
        assert!(Model::find("anthropic.claude-3-haiku-20240307-v1:0:200k").unwrap().is_bare());
    }

    #[test]
    fn misspelt_ids_are_not_found() {
        for id in ["us.amazon.nova-micro-v1:O", "junk.amazon.nova-micro-v1:0", "claude", "", "xus.amazon.nova-pro-v1:0"]
        {
            assert!(Model::find(id).is_none(), "{id}");
        }
    }

    #[test]
    fn every_kind_of_arn_is_found() {
        let account = "arn:aws:bedrock:us-east-1:123456789012";
        let cases = [
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-tg1-large".to_owned(), Family::Titan),
            (format!("{account}:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0"), Family::Claude),
            (format!("{account}:application-inference-profile/1arbu5hu2sjr"), Family::ByBody),
            (format!("{account}:provisioned-model/abcdefghijkl"), Family::ByBody),
            (format!("{account}:custom-model-deployment/abcdefghijkl"), Family::ByBody),
            (format!("{account}:default-prompt-router/anthropic.claude:1"), Family::ByBody),
            (format!("{account}:imported-model/abcdefghijkl"), Family::Imported),
            ("arn:aws:sagemaker:us-east-1:123456789012:endpoint/quick-start".to_owned(), Family::Imported),
        ];
        for (arn, family) in cases {
            assert_eq!(Model::find(&arn).map(|model| model.series.family), Some(family), "{arn}");
        }
        assert!(Model::find("arn:aws:s3:::bucket/key").is_none());
        assert!(Model::find(&format!("{account}:inference-profile/us.nobody.model")).is_none());
    }
}
