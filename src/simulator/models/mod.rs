//! The models this Bedrock has: which ids exist, whose native body they speak, what they refuse, how they are listed.
//!
//! Authored from AWS's and the providers' documentation and from recordings, independently of the client's catalog, so
//! that the two can disagree.

mod context;
mod lifecycle;
mod listing;
mod table;

pub(super) use listing::{Listing, listings};
use table::{TABLE, series};

/// What a model makes, which decides the operations it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Embedding,
    Rerank,
    Image,
    /// Made by StartAsyncInvoke only.
    Video,
    /// Spoken over InvokeModelWithBidirectionalStream only.
    Speech,
}

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
    /// TwelveLabs' video to text.
    Pegasus,
    TitanEmbed,
    TitanEmbedImage,
    NovaEmbed,
    CohereEmbed,
    Marengo,
    Rerank,
    /// Nova Canvas and Titan Image Generator.
    AmazonImage,
    /// Stable Image and Stable Diffusion 3: a prompt in.
    StabilityImage,
    /// Stable Diffusion XL: weighted prompts in.
    StabilityDiffusion,
    /// Stable Image services: an image in.
    StabilityEdit,
    Video,
    Speech,
}

impl Family {
    pub(super) fn kind(self) -> Kind {
        match self {
            Family::TitanEmbed
            | Family::TitanEmbedImage
            | Family::NovaEmbed
            | Family::CohereEmbed
            | Family::Marengo => Kind::Embedding,
            Family::Rerank => Kind::Rerank,
            Family::AmazonImage | Family::StabilityImage | Family::StabilityDiffusion | Family::StabilityEdit => {
                Kind::Image
            }
            Family::Video => Kind::Video,
            Family::Speech => Kind::Speech,
            _ => Kind::Text,
        }
    }
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

/// How a model uses tools in Converse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tools {
    Never,
    /// In whole answers only.
    NotStreamed,
    Always,
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
    pub(super) video: bool,
    pub(super) audio: bool,
    /// Whether Converse accepts documents.
    pub(super) documents: bool,
    pub(super) tools: Tools,
    /// Whether a request can make the model call a tool.
    pub(super) forced_tools: bool,
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

/// Behaviour behind an ARN that does not name its model: it takes whatever it is given.
const BEHIND_ARN: Series = series("", Family::ByBody, &[]).images().video().audio().thinking(Thinking::OnRequest);
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

/// Every id of the models of a kind, provider included.
#[cfg(test)]
pub(super) fn ids(kind: Kind) -> impl Iterator<Item = String> {
    let series = TABLE.iter().filter(move |series| series.family.kind() == kind);
    series.flat_map(|series| series.ids.iter().map(|id| format!("{}.{id}", series.provider)))
}

impl Series {
    fn has(&self, id: &str) -> bool {
        id.split_once('.').is_some_and(|(provider, name)| self.provider == provider && self.ids.contains(&name))
    }
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

    /// Whether it is a prompt of Prompt management, which brings its own model and messages.
    pub(super) fn is_prompt(&self) -> bool {
        self.requested.starts_with("arn:") && self.requested.contains(":prompt/")
    }

    /// The geography of a cross-region profile, such as `eu`.
    pub(super) fn geography(&self) -> Option<&str> {
        let id = self.requested.rsplit('/').next().unwrap_or_default();
        let (geography, _) = id.strip_suffix(self.id.as_str())?.split_once('.')?;
        Some(geography)
    }

    /// Most tokens of a question; `None` when it is not known.
    pub(super) fn context_window(&self) -> Option<u64> {
        context::window(&self.id)
    }

    /// Whether AWS has stopped serving it at this time, in seconds since 1970.
    pub(super) fn has_ended(&self, now: u64) -> bool {
        lifecycle::end_of(without_variant(&self.id)).is_some_and(|end| now >= end)
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
    let name = without_variant(bare);
    let series = TABLE.iter().find(|series| series.has(name))?;
    Some((bare.to_owned(), series))
}

/// `…:200k`, `…:0:512` name the same model with another context window, or as it is provisioned.
fn without_variant(id: &str) -> &str {
    let known = |id: &str| TABLE.iter().any(|series| series.has(id));
    let listed = listings().any(|listing| listing.id == id);
    let mut rest = id;
    while !known(rest) {
        match rest.rsplit_once(':') {
            Some((head, tail)) if listed || is_context_length(tail) => rest = head,
            _ => return id,
        }
    }
    rest
}

fn is_context_length(tail: &str) -> bool {
    tail.strip_suffix('k').is_some_and(|thousands| thousands.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 6] = [Kind::Text, Kind::Embedding, Kind::Rerank, Kind::Image, Kind::Video, Kind::Speech];

    #[test]
    fn no_id_is_listed_twice() {
        let mut ids: Vec<_> = KINDS.into_iter().flat_map(ids).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id stands in two rows of TABLE");
        assert!(count > 180);
    }

    #[test]
    fn every_model_is_listed_and_every_listed_model_is_found() {
        for kind in KINDS {
            for id in ids(kind) {
                let listing = listings().find(|listing| listing.id == id).unwrap_or_else(|| panic!("{id}"));
                let makes = |what| listing.output.contains(&what);
                let agrees = match kind {
                    Kind::Text | Kind::Rerank => listing.output == ["TEXT"],
                    Kind::Embedding => makes("EMBEDDING"),
                    Kind::Image => makes("IMAGE"),
                    Kind::Video => makes("VIDEO"),
                    Kind::Speech => makes("SPEECH"),
                };
                assert!(agrees, "{id}: {:?}", listing.output);
            }
        }
        for listing in listings() {
            assert!(Model::find(listing.id).is_some(), "{}", listing.id);
        }
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
