//! What ListFoundationModels says of each model: name, modalities, streaming, customisation, how it is offered, lifecycle.
//!
//! [`RECORDED`] is a recorded answer of ListFoundationModels (us-east-1, December 2025), [`OTHERS`] the ids it does not have, with
//! the names of the providers' documentation.

/// A model as it is listed.
#[derive(Clone, Copy, Debug)]
pub(in crate::simulator) struct Listing {
    pub(in crate::simulator) id: &'static str,
    pub(in crate::simulator) name: &'static str,
    /// `TEXT`, `IMAGE` …
    pub(in crate::simulator) input: &'static [&'static str],
    /// `TEXT`, `IMAGE`, `EMBEDDING` …
    pub(in crate::simulator) output: &'static [&'static str],
    /// `responseStreamingSupported`; some rows of the service have none.
    pub(in crate::simulator) streams: Option<bool>,
    /// `FINE_TUNING`, `CONTINUED_PRE_TRAINING`, `DISTILLATION`.
    pub(in crate::simulator) customizations: &'static [&'static str],
    /// `ON_DEMAND`, `INFERENCE_PROFILE`, `PROVISIONED`, in the order recorded.
    pub(in crate::simulator) inference: &'static [&'static str],
    /// `modelLifecycle.status` is `LEGACY`, not `ACTIVE`.
    pub(in crate::simulator) legacy: bool,
}

/// Text before the first `.` of an id → `providerName`.
const PROVIDERS: &[(&str, &str)] = &[
    ("ai21", "AI21 Labs"),
    ("amazon", "Amazon"),
    ("anthropic", "Anthropic"),
    ("cohere", "Cohere"),
    ("deepseek", "DeepSeek"),
    ("google", "Google"),
    ("luma", "Luma AI"),
    ("meta", "Meta"),
    ("minimax", "MiniMax"),
    ("mistral", "Mistral AI"),
    ("moonshot", "Moonshot AI"),
    ("moonshotai", "Moonshot AI"),
    ("nvidia", "NVIDIA"),
    ("openai", "OpenAI"),
    ("qwen", "Qwen"),
    ("stability", "Stability AI"),
    ("twelvelabs", "TwelveLabs"),
    ("writer", "Writer"),
    ("xai", "xAI"),
    ("zai", "Z.AI"),
];

/// Every listed model, those of [`RECORDED`] first.
pub(in crate::simulator) fn listings() -> impl Iterator<Item = &'static Listing> {
    RECORDED.iter().chain(OTHERS)
}

impl Listing {
    /// `providerName`.
    pub(in crate::simulator) fn provider(&self) -> &'static str {
        let prefix = self.id.split('.').next().unwrap_or_default();
        PROVIDERS.iter().find(|(key, _)| *key == prefix).map_or("", |(_, name)| name)
    }

    const fn takes(mut self, input: &'static [&'static str]) -> Listing {
        self.input = input;
        self
    }
    const fn streams(mut self, streams: Option<bool>) -> Listing {
        self.streams = streams;
        self
    }
    const fn customizations(mut self, customizations: &'static [&'static str]) -> Listing {
        self.customizations = customizations;
        self
    }
    const fn legacy(mut self) -> Listing {
        self.legacy = true;
        self
    }
}

const TEXT: &[&str] = &["TEXT"];
const IMAGE: &[&str] = &["TEXT", "IMAGE"];
const VIDEO: &[&str] = &["TEXT", "IMAGE", "VIDEO"];
const TEXT_AND_VIDEO: &[&str] = &["TEXT", "VIDEO"];
const SPEECH: &[&str] = &["SPEECH"];
const SPEECH_AND_TEXT: &[&str] = &["SPEECH", "TEXT"];
const ALL_SPEECH: &[&str] = &["TEXT", "IMAGE", "SPEECH", "VIDEO"];
const ALL_AUDIO: &[&str] = &["TEXT", "IMAGE", "AUDIO", "VIDEO"];

const NONE: &[&str] = &[];
const ON_DEMAND: &[&str] = &["ON_DEMAND"];
const PROFILE: &[&str] = &["INFERENCE_PROFILE"];
const BOTH: &[&str] = &["ON_DEMAND", "INFERENCE_PROFILE"];
const PROFILE_FIRST: &[&str] = &["INFERENCE_PROFILE", "ON_DEMAND"];
const PROVISIONED: &[&str] = &["PROVISIONED"];
const PROVISIONED_FIRST: &[&str] = &["PROVISIONED", "ON_DEMAND"];
const OR_PROVISIONED: &[&str] = &["ON_DEMAND", "PROVISIONED"];

const fn text(id: &'static str, name: &'static str, inference: &'static [&'static str]) -> Listing {
    Listing { id, name, input: TEXT, output: TEXT, streams: Some(true), customizations: &[], inference, legacy: false }
}

const fn whole(listing: Listing, output: &'static [&'static str]) -> Listing {
    Listing { output, streams: Some(false), ..listing }
}

const fn embedding(id: &'static str, name: &'static str, inference: &'static [&'static str]) -> Listing {
    whole(text(id, name, inference), &["EMBEDDING"])
}

const fn image(id: &'static str, name: &'static str, inference: &'static [&'static str]) -> Listing {
    whole(text(id, name, inference), &["IMAGE"]).takes(IMAGE)
}

const fn video(id: &'static str, name: &'static str, inference: &'static [&'static str]) -> Listing {
    whole(text(id, name, inference), &["VIDEO"]).takes(IMAGE)
}

const fn speech(id: &'static str, name: &'static str, inference: &'static [&'static str]) -> Listing {
    Listing { output: SPEECH_AND_TEXT, ..text(id, name, inference) }.takes(SPEECH)
}

const RECORDED: &[Listing] = &[
    text("ai21.jamba-1-5-large-v1:0", "Jamba 1.5 Large", ON_DEMAND),
    text("ai21.jamba-1-5-mini-v1:0", "Jamba 1.5 Mini", ON_DEMAND),
    text("amazon.nova-2-lite-v1:0", "Nova 2 Lite", PROFILE).takes(VIDEO),
    text("amazon.nova-2-lite-v1:0:256k", "Nova 2 Lite", PROVISIONED).takes(VIDEO).customizations(&["FINE_TUNING"]),
    embedding("amazon.nova-2-multimodal-embeddings-v1:0", "Amazon Nova Multimodal Embeddings", ON_DEMAND)
        .takes(ALL_AUDIO),
    speech("amazon.nova-2-sonic-v1:0", "Nova 2 Sonic", ON_DEMAND),
    image("amazon.nova-canvas-v1:0", "Nova Canvas", OR_PROVISIONED).customizations(&["FINE_TUNING"]),
    text("amazon.nova-lite-v1:0", "Nova Lite", BOTH).takes(VIDEO),
    text("amazon.nova-lite-v1:0:24k", "Nova Lite", PROVISIONED).takes(VIDEO),
    text("amazon.nova-lite-v1:0:300k", "Nova Lite", PROVISIONED)
        .takes(VIDEO)
        .customizations(&["FINE_TUNING", "DISTILLATION"]),
    text("amazon.nova-micro-v1:0", "Nova Micro", BOTH),
    text("amazon.nova-micro-v1:0:128k", "Nova Micro", PROVISIONED).customizations(&["FINE_TUNING", "DISTILLATION"]),
    text("amazon.nova-micro-v1:0:24k", "Nova Micro", PROVISIONED),
    text("amazon.nova-premier-v1:0", "Nova Premier", PROFILE).takes(VIDEO),
    text("amazon.nova-premier-v1:0:1000k", "Nova Premier", NONE).takes(VIDEO),
    text("amazon.nova-premier-v1:0:20k", "Nova Premier", NONE).takes(VIDEO),
    text("amazon.nova-premier-v1:0:8k", "Nova Premier", NONE).takes(VIDEO),
    text("amazon.nova-premier-v1:0:mm", "Nova Premier", NONE).takes(VIDEO),
    text("amazon.nova-pro-v1:0", "Nova Pro", BOTH).takes(VIDEO),
    text("amazon.nova-pro-v1:0:24k", "Nova Pro", PROVISIONED).takes(VIDEO),
    text("amazon.nova-pro-v1:0:300k", "Nova Pro", PROVISIONED)
        .takes(VIDEO)
        .customizations(&["FINE_TUNING", "DISTILLATION"]),
    video("amazon.nova-reel-v1:0", "Nova Reel", ON_DEMAND),
    video("amazon.nova-reel-v1:1", "Nova Reel", ON_DEMAND),
    speech("amazon.nova-sonic-v1:0", "Nova Sonic", ON_DEMAND),
    embedding("amazon.titan-embed-g1-text-02", "Titan Text Embeddings v2", ON_DEMAND).streams(None),
    embedding("amazon.titan-embed-image-v1", "Titan Multimodal Embeddings G1", ON_DEMAND).takes(IMAGE).streams(None),
    embedding("amazon.titan-embed-image-v1:0", "Titan Multimodal Embeddings G1", PROVISIONED)
        .takes(IMAGE)
        .streams(None)
        .customizations(&["FINE_TUNING"]),
    embedding("amazon.titan-embed-text-v1", "Titan Embeddings G1 - Text", ON_DEMAND),
    embedding("amazon.titan-embed-text-v1:2:8k", "Titan Embeddings G1 - Text", PROVISIONED),
    embedding("amazon.titan-embed-text-v2:0", "Titan Text Embeddings V2", ON_DEMAND),
    embedding("amazon.titan-embed-text-v2:0:8k", "Titan Text Embeddings V2", NONE),
    image("amazon.titan-image-generator-v2:0", "Titan Image Generator G1 v2", PROVISIONED_FIRST)
        .streams(None)
        .customizations(&["FINE_TUNING"]),
    text("amazon.titan-text-express-v1", "Titan Text G1 - Express", ON_DEMAND).legacy(),
    text("amazon.titan-text-express-v1:0:8k", "Titan Text G1 - Express", PROVISIONED)
        .customizations(&["FINE_TUNING", "CONTINUED_PRE_TRAINING"])
        .legacy(),
    text("amazon.titan-tg1-large", "Titan Text Large", ON_DEMAND),
    text("anthropic.claude-3-5-haiku-20241022-v1:0", "Claude 3.5 Haiku", PROFILE),
    text("anthropic.claude-3-5-sonnet-20240620-v1:0", "Claude 3.5 Sonnet", BOTH).takes(IMAGE).legacy(),
    text("anthropic.claude-3-5-sonnet-20241022-v2:0", "Claude 3.5 Sonnet v2", PROFILE).takes(IMAGE).legacy(),
    text("anthropic.claude-3-7-sonnet-20250219-v1:0", "Claude 3.7 Sonnet", PROFILE).takes(IMAGE).legacy(),
    text("anthropic.claude-3-haiku-20240307-v1:0", "Claude 3 Haiku", ON_DEMAND).takes(IMAGE),
    text("anthropic.claude-3-haiku-20240307-v1:0:200k", "Claude 3 Haiku", PROVISIONED).takes(IMAGE),
    text("anthropic.claude-3-haiku-20240307-v1:0:48k", "Claude 3 Haiku", PROVISIONED).takes(IMAGE),
    text("anthropic.claude-3-opus-20240229-v1:0", "Claude 3 Opus", PROFILE).takes(IMAGE).legacy(),
    text("anthropic.claude-3-opus-20240229-v1:0:12k", "Claude 3 Opus", NONE).takes(IMAGE).legacy(),
    text("anthropic.claude-3-opus-20240229-v1:0:200k", "Claude 3 Opus", NONE).takes(IMAGE).legacy(),
    text("anthropic.claude-3-opus-20240229-v1:0:28k", "Claude 3 Opus", NONE).takes(IMAGE).legacy(),
    text("anthropic.claude-3-sonnet-20240229-v1:0", "Claude 3 Sonnet", ON_DEMAND).takes(IMAGE).legacy(),
    text("anthropic.claude-3-sonnet-20240229-v1:0:200k", "Claude 3 Sonnet", PROVISIONED).takes(IMAGE).legacy(),
    text("anthropic.claude-3-sonnet-20240229-v1:0:28k", "Claude 3 Sonnet", PROVISIONED).takes(IMAGE).legacy(),
    text("anthropic.claude-haiku-4-5-20251001-v1:0", "Claude Haiku 4.5", PROFILE).takes(IMAGE),
    text("anthropic.claude-instant-v1:2:100k", "Claude Instant", PROVISIONED).legacy(),
    text("anthropic.claude-opus-4-1-20250805-v1:0", "Claude Opus 4.1", PROFILE).takes(IMAGE),
    text("anthropic.claude-opus-4-20250514-v1:0", "Claude Opus 4", PROFILE).takes(IMAGE).legacy(),
    text("anthropic.claude-opus-4-5-20251101-v1:0", "Claude Opus 4.5", PROFILE).takes(IMAGE),
    text("anthropic.claude-sonnet-4-20250514-v1:0", "Claude Sonnet 4", PROFILE).takes(IMAGE),
    text("anthropic.claude-sonnet-4-5-20250929-v1:0", "Claude Sonnet 4.5", PROFILE).takes(IMAGE),
    text("anthropic.claude-v2:0:100k", "Claude", PROVISIONED).legacy(),
    text("anthropic.claude-v2:0:18k", "Claude", PROVISIONED).legacy(),
    text("anthropic.claude-v2:1:18k", "Claude", PROVISIONED).legacy(),
    text("anthropic.claude-v2:1:200k", "Claude", PROVISIONED).legacy(),
    text("cohere.command-r-plus-v1:0", "Command R+", ON_DEMAND),
    text("cohere.command-r-v1:0", "Command R", ON_DEMAND),
    embedding("cohere.embed-english-v3", "Embed English", ON_DEMAND),
    embedding("cohere.embed-english-v3:0:512", "Embed English", PROVISIONED),
    embedding("cohere.embed-multilingual-v3", "Embed Multilingual", ON_DEMAND),
    embedding("cohere.embed-multilingual-v3:0:512", "Embed Multilingual", PROVISIONED),
    embedding("cohere.embed-v4:0", "Embed v4", BOTH).takes(IMAGE),
    text("cohere.rerank-v3-5:0", "Rerank 3.5", ON_DEMAND).streams(Some(false)),
    text("deepseek.r1-v1:0", "DeepSeek-R1", PROFILE),
    text("google.gemma-3-12b-it", "Gemma 3 12B IT", ON_DEMAND).takes(IMAGE),
    text("google.gemma-3-27b-it", "Gemma 3 27B PT", ON_DEMAND).takes(IMAGE),
    text("google.gemma-3-4b-it", "Gemma 3 4B IT", ON_DEMAND).takes(IMAGE),
    text("meta.llama3-1-70b-instruct-v1:0", "Llama 3.1 70B Instruct", PROFILE),
    text("meta.llama3-1-8b-instruct-v1:0", "Llama 3.1 8B Instruct", PROFILE),
    text("meta.llama3-2-11b-instruct-v1:0", "Llama 3.2 11B Instruct", PROFILE).takes(IMAGE),
    text("meta.llama3-2-1b-instruct-v1:0", "Llama 3.2 1B Instruct", PROFILE),
    text("meta.llama3-2-3b-instruct-v1:0", "Llama 3.2 3B Instruct", PROFILE),
    text("meta.llama3-2-90b-instruct-v1:0", "Llama 3.2 90B Instruct", PROFILE).takes(IMAGE),
    text("meta.llama3-3-70b-instruct-v1:0", "Llama 3.3 70B Instruct", PROFILE),
    text("meta.llama3-70b-instruct-v1:0", "Llama 3 70B Instruct", ON_DEMAND),
    text("meta.llama3-8b-instruct-v1:0", "Llama 3 8B Instruct", ON_DEMAND),
    text("meta.llama4-maverick-17b-instruct-v1:0", "Llama 4 Maverick 17B Instruct", PROFILE).takes(IMAGE),
    text("meta.llama4-scout-17b-instruct-v1:0", "Llama 4 Scout 17B Instruct", PROFILE).takes(IMAGE),
    text("minimax.minimax-m2", "MiniMax M2", ON_DEMAND),
    text("mistral.magistral-small-2509", "Magistral Small 2509", ON_DEMAND).takes(IMAGE),
    text("mistral.ministral-3-14b-instruct", "Ministral 14B 3.0", ON_DEMAND).takes(IMAGE),
    text("mistral.ministral-3-3b-instruct", "Ministral 3B", ON_DEMAND).takes(IMAGE),
    text("mistral.ministral-3-8b-instruct", "Ministral 3 8B", ON_DEMAND).takes(IMAGE),
    text("mistral.mistral-7b-instruct-v0:2", "Mistral 7B Instruct", ON_DEMAND),
    text("mistral.mistral-large-2402-v1:0", "Mistral Large (24.02)", ON_DEMAND),
    text("mistral.mistral-large-3-675b-instruct", "Mistral Large 3", ON_DEMAND).takes(IMAGE),
    text("mistral.mistral-small-2402-v1:0", "Mistral Small (24.02)", ON_DEMAND),
    text("mistral.mixtral-8x7b-instruct-v0:1", "Mixtral 8x7B Instruct", ON_DEMAND),
    text("mistral.pixtral-large-2502-v1:0", "Pixtral Large (25.02)", PROFILE).takes(IMAGE),
    text("mistral.voxtral-mini-3b-2507", "Voxtral Mini 3B 2507", ON_DEMAND).takes(SPEECH_AND_TEXT),
    text("mistral.voxtral-small-24b-2507", "Voxtral Small 24B 2507", ON_DEMAND).takes(SPEECH_AND_TEXT),
    text("moonshot.kimi-k2-thinking", "Kimi K2 Thinking", ON_DEMAND),
    text("nvidia.nemotron-nano-12b-v2", "NVIDIA Nemotron Nano 12B v2 VL BF16", ON_DEMAND).takes(IMAGE),
    text("nvidia.nemotron-nano-3-30b", "Nemotron Nano 3 30B", ON_DEMAND),
    text("nvidia.nemotron-nano-9b-v2", "NVIDIA Nemotron Nano 9B v2", ON_DEMAND),
    text("openai.gpt-oss-120b-1:0", "gpt-oss-120b", ON_DEMAND),
    text("openai.gpt-oss-20b-1:0", "gpt-oss-20b", ON_DEMAND),
    text("openai.gpt-oss-safeguard-120b", "GPT OSS Safeguard 120B", ON_DEMAND),
    text("openai.gpt-oss-safeguard-20b", "GPT OSS Safeguard 20B", ON_DEMAND),
    text("qwen.qwen3-32b-v1:0", "Qwen3 32B (dense)", ON_DEMAND),
    text("qwen.qwen3-coder-30b-a3b-v1:0", "Qwen3-Coder-30B-A3B-Instruct", ON_DEMAND),
    text("qwen.qwen3-next-80b-a3b", "Qwen3 Next 80B A3B", ON_DEMAND),
    text("qwen.qwen3-vl-235b-a22b", "Qwen3 VL 235B A22B", ON_DEMAND).takes(IMAGE),
    image("stability.stable-conservative-upscale-v1:0", "Stable Image Conservative Upscale", PROFILE),
    image("stability.stable-creative-upscale-v1:0", "Stable Image Creative Upscale", PROFILE),
    image("stability.stable-fast-upscale-v1:0", "Stable Image Fast Upscale", PROFILE),
    image("stability.stable-image-control-sketch-v1:0", "Stable Image Control Sketch", PROFILE),
    image("stability.stable-image-control-structure-v1:0", "Stable Image Control Structure", PROFILE),
    image("stability.stable-image-erase-object-v1:0", "Stable Image Erase Object", PROFILE),
    image("stability.stable-image-inpaint-v1:0", "Stable Image Inpaint", PROFILE),
    image("stability.stable-image-remove-background-v1:0", "Stable Image Remove Background", PROFILE),
    image("stability.stable-image-search-recolor-v1:0", "Stable Image Search and Recolor", PROFILE),
    image("stability.stable-image-search-replace-v1:0", "Stable Image Search and Replace", PROFILE),
    image("stability.stable-image-style-guide-v1:0", "Stable Image Style Guide", PROFILE),
    image("stability.stable-outpaint-v1:0", "Stable Image Outpaint", PROFILE),
    image("stability.stable-style-transfer-v1:0", "Stable Image Style Transfer", PROFILE),
    embedding("twelvelabs.marengo-embed-2-7-v1:0", "Marengo Embed v2.7", PROFILE).takes(ALL_SPEECH),
    embedding("twelvelabs.marengo-embed-3-0-v1:0", "Marengo Embed 3.0", PROFILE_FIRST).takes(ALL_SPEECH),
    text("twelvelabs.pegasus-1-2-v1:0", "Pegasus v1.2", PROFILE_FIRST).takes(TEXT_AND_VIDEO),
    text("writer.palmyra-x4-v1:0", "Palmyra X4", PROFILE),
    text("writer.palmyra-x5-v1:0", "Palmyra X5", PROFILE),
];

const OTHERS: &[Listing] = &[
    text("ai21.j2-mid-v1", "Jurassic-2 Mid", ON_DEMAND).streams(Some(false)).legacy(),
    text("ai21.j2-ultra-v1", "Jurassic-2 Ultra", ON_DEMAND).streams(Some(false)).legacy(),
    text("ai21.jamba-instruct-v1:0", "Jamba-Instruct", ON_DEMAND).legacy(),
    speech("amazon.nova-2-5-sonic", "Nova 2.5 Sonic", ON_DEMAND),
    text("amazon.nova-2-pro-preview-20251202-v1:0", "Nova 2 Pro (Preview)", PROFILE).takes(VIDEO),
    text("amazon.rerank-v1:0", "Rerank 1.0", ON_DEMAND).streams(Some(false)),
    image("amazon.titan-image-generator-v1", "Titan Image Generator G1", ON_DEMAND).legacy(),
    text("amazon.titan-text-lite-v1", "Titan Text G1 - Lite", ON_DEMAND).legacy(),
    text("amazon.titan-text-premier-v1:0", "Titan Text G1 - Premier", ON_DEMAND).legacy(),
    text("anthropic.claude-3-7-sonnet-20240620-v1:0", "Claude 3.7 Sonnet", PROFILE).takes(IMAGE).legacy(),
    text("anthropic.claude-fable-5-1", "Claude Fable 5.1", PROFILE).takes(IMAGE),
    text("anthropic.claude-fable-5", "Claude Fable 5", PROFILE).takes(IMAGE),
    text("anthropic.claude-haiku-4-5", "Claude Haiku 4.5", PROFILE).takes(IMAGE),
    text("anthropic.claude-haiku-5-5", "Claude Haiku 5.5", PROFILE).takes(IMAGE),
    text("anthropic.claude-instant-v1", "Claude Instant", ON_DEMAND).legacy(),
    text("anthropic.claude-mythos-5-1", "Claude Mythos 5.1", PROFILE).takes(IMAGE),
    text("anthropic.claude-mythos-5", "Claude Mythos 5", PROFILE).takes(IMAGE),
    text("anthropic.claude-mythos-preview", "Claude Mythos Preview", PROFILE).takes(IMAGE),
    text("anthropic.claude-opus-4-6-v1", "Claude Opus 4.6", PROFILE).takes(IMAGE),
    text("anthropic.claude-opus-4-7", "Claude Opus 4.7", PROFILE).takes(IMAGE),
    text("anthropic.claude-opus-4-8", "Claude Opus 4.8", PROFILE).takes(IMAGE),
    text("anthropic.claude-opus-5-5", "Claude Opus 5.5", PROFILE).takes(IMAGE),
    text("anthropic.claude-opus-5", "Claude Opus 5", PROFILE).takes(IMAGE),
    text("anthropic.claude-sonnet-4-6", "Claude Sonnet 4.6", PROFILE).takes(IMAGE),
    text("anthropic.claude-sonnet-5-5", "Claude Sonnet 5.5", PROFILE).takes(IMAGE),
    text("anthropic.claude-sonnet-5", "Claude Sonnet 5", PROFILE).takes(IMAGE),
    text("anthropic.claude-v1", "Claude", ON_DEMAND).legacy(),
    text("anthropic.claude-v2:1", "Claude", ON_DEMAND).legacy(),
    text("anthropic.claude-v2", "Claude", ON_DEMAND).legacy(),
    text("cohere.command-light-text-v14", "Command Light", ON_DEMAND).legacy(),
    text("cohere.command-text-v14", "Command", ON_DEMAND).legacy(),
    text("deepseek.v3-v1:0", "DeepSeek-V3.1", ON_DEMAND),
    text("deepseek.v3.1", "DeepSeek-V3.1", ON_DEMAND),
    text("deepseek.v3.2", "DeepSeek V3.2", ON_DEMAND),
    text("google.gemma-4-26b-a4b", "Gemma 4 26B A4B", ON_DEMAND).takes(IMAGE),
    text("google.gemma-4-31b", "Gemma 4 31B", ON_DEMAND).takes(IMAGE),
    text("google.gemma-4-e2b", "Gemma 4 E2B", ON_DEMAND).takes(IMAGE),
    video("luma.ray-v2:0", "Ray v2", ON_DEMAND),
    text("meta.llama2-13b-chat-v1", "Llama 2 Chat 13B", ON_DEMAND).legacy(),
    text("meta.llama2-70b-chat-v1", "Llama 2 Chat 70B", ON_DEMAND).legacy(),
    text("meta.llama3-1-405b-instruct-v1:0", "Llama 3.1 405B Instruct", ON_DEMAND),
    text("minimax.minimax-m2.1", "MiniMax M2.1", ON_DEMAND),
    text("minimax.minimax-m2.5", "MiniMax M2.5", ON_DEMAND),
    text("mistral.devstral-2-123b", "Devstral 2 123B", ON_DEMAND),
    text("mistral.mistral-large-2407-v1:0", "Mistral Large (24.07)", ON_DEMAND),
    text("moonshotai.kimi-k2-thinking", "Kimi K2 Thinking", ON_DEMAND),
    text("moonshotai.kimi-k2.5", "Kimi K2.5", ON_DEMAND).takes(IMAGE),
    text("moonshotai.kimi-k3", "Kimi K3", ON_DEMAND).takes(IMAGE),
    text("nvidia.nemotron-super-3-120b", "Nemotron Super 3 120B", ON_DEMAND),
    text("openai.gpt-5.4", "GPT-5.4", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-5.5", "GPT-5.5", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-5.6-cyber", "GPT-5.6 Cyber", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-5.6-luna", "GPT-5.6 Luna", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-5.6-sol", "GPT-5.6 Sol", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-5.6-terra", "GPT-5.6 Terra", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-6-astra", "GPT-6 Astra", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-6-luna", "GPT-6 Luna", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-6-sol", "GPT-6 Sol", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-6.1-sol", "GPT-6.1 Sol", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-daybreak-blue-5.6-sol", "GPT Daybreak Blue 5.6 Sol", ON_DEMAND).takes(IMAGE),
    text("openai.gpt-oss-120b", "gpt-oss-120b", ON_DEMAND),
    text("openai.gpt-oss-20b", "gpt-oss-20b", ON_DEMAND),
    text("qwen.qwen3-235b-a22b-2507-v1:0", "Qwen3 235B A22B 2507", ON_DEMAND),
    text("qwen.qwen3-235b-a22b-2507", "Qwen3 235B A22B 2507", ON_DEMAND),
    text("qwen.qwen3-32b", "Qwen3 32B (dense)", ON_DEMAND),
    text("qwen.qwen3-coder-30b-a3b-instruct", "Qwen3-Coder-30B-A3B-Instruct", ON_DEMAND),
    text("qwen.qwen3-coder-480b-a35b-instruct", "Qwen3 Coder 480B A35B Instruct", ON_DEMAND),
    text("qwen.qwen3-coder-480b-a35b-v1:0", "Qwen3 Coder 480B A35B Instruct", ON_DEMAND),
    text("qwen.qwen3-coder-next", "Qwen3 Coder Next", ON_DEMAND),
    text("qwen.qwen3-next-80b-a3b-instruct", "Qwen3 Next 80B A3B", ON_DEMAND),
    text("qwen.qwen3-vl-235b-a22b-instruct", "Qwen3 VL 235B A22B", ON_DEMAND).takes(IMAGE),
    image("stability.sd3-5-large-v1:0", "Stable Diffusion 3.5 Large", ON_DEMAND),
    image("stability.sd3-large-v1:0", "SD3 Large 1.0", ON_DEMAND).legacy(),
    image("stability.stable-diffusion-xl-v0", "SDXL 0.8", ON_DEMAND).takes(TEXT).legacy(),
    image("stability.stable-diffusion-xl-v1", "SDXL 1.0", ON_DEMAND).legacy(),
    image("stability.stable-image-core-v1:0", "Stable Image Core 1.0", ON_DEMAND).takes(TEXT).legacy(),
    image("stability.stable-image-core-v1:1", "Stable Image Core 1.0", ON_DEMAND).takes(TEXT),
    image("stability.stable-image-ultra-v1:0", "Stable Image Ultra 1.0", ON_DEMAND).legacy(),
    image("stability.stable-image-ultra-v1:1", "Stable Image Ultra 1.0", ON_DEMAND),
    text("twelvelabs.pegasus-1-5-v1:0", "Pegasus v1.5", PROFILE).takes(TEXT_AND_VIDEO),
    text("writer.palmyra-vision-7b", "Palmyra Vision 7B", ON_DEMAND).takes(IMAGE),
    text("xai.grok-4.3", "Grok 4.3", ON_DEMAND).takes(IMAGE),
    text("xai.grok-4.6", "Grok 4.6", ON_DEMAND).takes(IMAGE),
    text("xai.grok-4.7", "Grok 4.7", ON_DEMAND).takes(IMAGE),
    text("zai.glm-4.7-flash", "GLM 4.7 Flash", ON_DEMAND),
    text("zai.glm-4.7", "GLM 4.7", ON_DEMAND),
    text("zai.glm-5.3", "GLM 5.3", ON_DEMAND),
    text("zai.glm-5", "GLM 5", ON_DEMAND),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_model_is_named_once_and_has_a_provider() {
        let mut ids: Vec<_> = listings().map(|listing| listing.id).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for listing in listings() {
            assert!(!listing.provider().is_empty() && !listing.name.is_empty(), "{}", listing.id);
        }
    }
}
