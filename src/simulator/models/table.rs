//! The rows of the model table.

use super::{Family, OnDemand, Series, Thinking, Tools};

pub(super) const fn series(provider: &'static str, family: Family, ids: &'static [&'static str]) -> Series {
    Series {
        provider,
        ids,
        family,
        images: false,
        video: false,
        audio: false,
        documents: true,
        tools: Tools::Always,
        forced_tools: true,
        thinking: Thinking::Never,
        max_output: None,
        system: true,
        on_demand: OnDemand::Yes,
    }
}

impl Series {
    pub(super) const fn images(mut self) -> Series {
        self.images = true;
        self
    }
    pub(super) const fn video(mut self) -> Series {
        self.video = true;
        self
    }
    pub(super) const fn audio(mut self) -> Series {
        self.audio = true;
        self
    }
    pub(super) const fn no_documents(mut self) -> Series {
        self.documents = false;
        self
    }
    pub(super) const fn tools(mut self, tools: Tools) -> Series {
        self.tools = tools;
        self
    }
    pub(super) const fn no_forced_tools(mut self) -> Series {
        self.forced_tools = false;
        self
    }
    pub(super) const fn thinking(mut self, thinking: Thinking) -> Series {
        self.thinking = thinking;
        self
    }
    pub(super) const fn max_output(mut self, tokens: u64) -> Series {
        self.max_output = Some(tokens);
        self
    }
    pub(super) const fn no_system(mut self) -> Series {
        self.system = false;
        self
    }
    pub(super) const fn on_demand(mut self, on_demand: OnDemand) -> Series {
        self.on_demand = on_demand;
        self
    }
}

pub(super) const TABLE: &[Series] = &[
    series("ai21", Family::Jamba, &["jamba-1-5-large-v1:0", "jamba-1-5-mini-v1:0"])
        .max_output(4096)
        .tools(Tools::NotStreamed),
    series("ai21", Family::Jamba, &["jamba-instruct-v1:0"]).max_output(4096).tools(Tools::Never).no_documents(),
    series("ai21", Family::Jurassic, &["j2-mid-v1", "j2-ultra-v1"]).max_output(8191).no_system().tools(Tools::Never),
    series("amazon", Family::Nova, &["nova-lite-v1:0", "nova-pro-v1:0"]).images().video().max_output(10_000),
    series("amazon", Family::Nova, &["nova-premier-v1:0"])
        .images()
        .video()
        .max_output(32_000)
        .on_demand(OnDemand::SomeRegions),
    series("amazon", Family::Nova, &["nova-micro-v1:0"]).max_output(10_000),
    series("amazon", Family::Nova, &["nova-2-lite-v1:0", "nova-2-pro-preview-20251202-v1:0"])
        .images()
        .video()
        .max_output(65_535)
        .thinking(Thinking::OnRequest)
        .on_demand(OnDemand::SomeRegions),
    series("amazon", Family::NovaEmbed, &["nova-2-multimodal-embeddings-v1:0"]).images(),
    series("amazon", Family::AmazonImage, &["nova-canvas-v1:0"]).images(),
    series("amazon", Family::Video, &["nova-reel-v1:0", "nova-reel-v1:1"]).images(),
    series("amazon", Family::Speech, &["nova-sonic-v1:0", "nova-2-sonic-v1:0", "nova-2-5-sonic"]),
    series("amazon", Family::Rerank, &["rerank-v1:0"]),
    series("amazon", Family::TitanEmbed, &["titan-embed-text-v1", "titan-embed-g1-text-02", "titan-embed-text-v2:0"]),
    series("amazon", Family::TitanEmbedImage, &["titan-embed-image-v1"]).images(),
    series("amazon", Family::AmazonImage, &["titan-image-generator-v1", "titan-image-generator-v2:0"]).images(),
    series("amazon", Family::Titan, &["titan-text-express-v1", "titan-tg1-large"])
        .max_output(8192)
        .no_system()
        .tools(Tools::Never),
    series("amazon", Family::Titan, &["titan-text-lite-v1"]).max_output(4096).no_system().tools(Tools::Never),
    series("amazon", Family::Titan, &["titan-text-premier-v1:0"])
        .max_output(3072)
        .no_system()
        .tools(Tools::Never)
        .no_documents(),
    series("anthropic", Family::Claude, &["claude-instant-v1", "claude-v1", "claude-v2", "claude-v2:1"])
        .max_output(4096)
        .tools(Tools::Never),
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
        .max_output(131_072) // documented: 128,000; what bedrock-wrapper 2.x has always sent was taken
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
    series("cohere", Family::Command, &["command-text-v14"]).max_output(4096).no_system().tools(Tools::Never),
    series("cohere", Family::Command, &["command-light-text-v14"])
        .max_output(4096)
        .no_system()
        .tools(Tools::Never)
        .no_documents(),
    series("cohere", Family::CohereEmbed, &["embed-english-v3", "embed-multilingual-v3", "embed-v4:0"]).images(),
    series("cohere", Family::Rerank, &["rerank-v3-5:0"]),
    series("deepseek", Family::DeepSeekR1, &["r1-v1:0"])
        .max_output(32_768)
        .tools(Tools::Never)
        .thinking(Thinking::Always)
        .on_demand(OnDemand::SomeRegions),
    series("deepseek", Family::OpenAi, &["v3-v1:0", "v3.1", "v3.2"]).thinking(Thinking::OnRequest),
    series(
        "google",
        Family::OpenAi,
        &["gemma-3-4b-it", "gemma-3-12b-it", "gemma-3-27b-it", "gemma-4-26b-a4b", "gemma-4-31b", "gemma-4-e2b"],
    )
    .images(),
    series("luma", Family::Video, &["ray-v2:0"]).images(),
    series(
        "meta",
        Family::Llama,
        &["llama2-13b-chat-v1", "llama2-70b-chat-v1", "llama3-8b-instruct-v1:0", "llama3-70b-instruct-v1:0"],
    )
    .max_output(2048)
    .tools(Tools::Never),
    series(
        "meta",
        Family::Llama,
        &[
            "llama3-1-8b-instruct-v1:0",
            "llama3-1-70b-instruct-v1:0",
            "llama3-1-405b-instruct-v1:0",
            "llama3-3-70b-instruct-v1:0",
        ],
    )
    .max_output(2048)
    .tools(Tools::NotStreamed)
    .no_forced_tools()
    .on_demand(OnDemand::SomeRegions),
    series("meta", Family::Llama, &["llama3-2-1b-instruct-v1:0", "llama3-2-3b-instruct-v1:0"])
        .max_output(2048)
        .tools(Tools::Never)
        .on_demand(OnDemand::SomeRegions),
    series("meta", Family::Llama, &["llama3-2-11b-instruct-v1:0", "llama3-2-90b-instruct-v1:0"])
        .images()
        .tools(Tools::NotStreamed)
        .no_forced_tools()
        .max_output(2048)
        .on_demand(OnDemand::SomeRegions),
    series("meta", Family::Llama, &["llama4-maverick-17b-instruct-v1:0", "llama4-scout-17b-instruct-v1:0"])
        .images()
        .tools(Tools::NotStreamed)
        .no_forced_tools()
        .max_output(8192)
        .on_demand(OnDemand::SomeRegions),
    series("minimax", Family::OpenAi, &["minimax-m2", "minimax-m2.1", "minimax-m2.5"]).thinking(Thinking::Always),
    series("mistral", Family::MistralPrompt, &["mistral-7b-instruct-v0:2", "mixtral-8x7b-instruct-v0:1"])
        .max_output(8192)
        .no_system()
        .tools(Tools::Never),
    series("mistral", Family::MistralPrompt, &["mistral-small-2402-v1:0", "mistral-large-2402-v1:0"]).max_output(8192),
    series("mistral", Family::MistralChat, &["mistral-large-2407-v1:0"]).max_output(8192),
    series("mistral", Family::MistralChat, &["pixtral-large-2502-v1:0"])
        .images()
        .tools(Tools::NotStreamed)
        .on_demand(OnDemand::SomeRegions),
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
    series("mistral", Family::OpenAi, &["devstral-2-123b"]),
    series("mistral", Family::OpenAi, &["voxtral-mini-3b-2507", "voxtral-small-24b-2507"]).audio(),
    series("moonshot", Family::OpenAiTagged, &["kimi-k2-thinking"]).thinking(Thinking::Always),
    series("moonshotai", Family::OpenAiTagged, &["kimi-k2-thinking"]).thinking(Thinking::Always),
    series("moonshotai", Family::OpenAiTagged, &["kimi-k2.5", "kimi-k3"]).images().thinking(Thinking::Always),
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
    .no_forced_tools()
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
    series(
        "stability",
        Family::StabilityImage,
        &[
            "sd3-large-v1:0",
            "sd3-5-large-v1:0",
            "stable-image-core-v1:0",
            "stable-image-core-v1:1",
            "stable-image-ultra-v1:0",
            "stable-image-ultra-v1:1",
        ],
    )
    .images(),
    series("stability", Family::StabilityDiffusion, &["stable-diffusion-xl-v0", "stable-diffusion-xl-v1"]).images(),
    series(
        "stability",
        Family::StabilityEdit,
        &[
            "stable-conservative-upscale-v1:0",
            "stable-creative-upscale-v1:0",
            "stable-fast-upscale-v1:0",
            "stable-image-control-sketch-v1:0",
            "stable-image-control-structure-v1:0",
            "stable-image-erase-object-v1:0",
            "stable-image-inpaint-v1:0",
            "stable-image-remove-background-v1:0",
            "stable-image-search-recolor-v1:0",
            "stable-image-search-replace-v1:0",
            "stable-image-style-guide-v1:0",
            "stable-outpaint-v1:0",
            "stable-style-transfer-v1:0",
        ],
    )
    .images()
    .on_demand(OnDemand::SomeRegions),
    series("twelvelabs", Family::Marengo, &["marengo-embed-2-7-v1:0", "marengo-embed-3-0-v1:0"]).images(),
    series("twelvelabs", Family::Pegasus, &["pegasus-1-2-v1:0", "pegasus-1-5-v1:0"]).images(),
    series("writer", Family::Palmyra, &["palmyra-x4-v1:0", "palmyra-x5-v1:0"])
        .tools(Tools::NotStreamed)
        .max_output(8192)
        .on_demand(OnDemand::No),
    series("writer", Family::Palmyra, &["palmyra-vision-7b"]).images(),
    series("xai", Family::OpenAi, &["grok-4.3", "grok-4.6", "grok-4.7"]).images(),
    series("zai", Family::OpenAi, &["glm-4.7", "glm-4.7-flash", "glm-5", "glm-5.3"]).thinking(Thinking::OnRequest),
];
