//! The typed facts of models that make something else than text: vectors, pictures, an order of documents.

use serde::Deserialize;

/// What is known of a model that makes vectors.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Embedding {
    /// The body InvokeModel takes.
    pub body: EmbeddingBody,
    /// The lengths of vectors that can be asked for, the usual one first; empty: not known.
    #[serde(default)]
    pub dimensions: Vec<u32>,
    /// Most inputs of one call.
    #[serde(default = "one")]
    pub batch: u16,
    /// Whether pictures can be embedded.
    #[serde(default)]
    pub images: Images,
}

/// The request and response body of an embedding model.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum EmbeddingBody {
    /// Amazon Titan Embeddings G1 - Text.
    TitanV1,
    /// Amazon Titan Text Embeddings V2.
    TitanV2,
    /// Amazon Titan Multimodal Embeddings.
    TitanImage,
    /// Cohere Embed 3.
    CohereV3,
    /// Cohere Embed 4.
    CohereV4,
    /// Amazon Nova Multimodal Embeddings.
    Nova,
    /// TwelveLabs Marengo Embed 2.7.
    MarengoV2,
    /// TwelveLabs Marengo Embed 3.0.
    MarengoV3,
}

/// Whether pictures can be embedded.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Images {
    /// They cannot.
    #[default]
    None,
    /// Each into a vector of its own.
    Alone,
    /// Alone, or with a text into one vector.
    WithText,
}

/// What is known of a model that makes pictures.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ImageGeneration {
    /// The body InvokeModel takes.
    pub body: ImageBody,
    /// Most pictures of one call.
    #[serde(default = "one")]
    pub batch: u16,
}

/// The request and response body of an image model.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum ImageBody {
    /// Amazon Nova Canvas.
    NovaCanvas,
    /// Amazon Titan Image Generator.
    TitanImage,
    /// Stability AI: Stable Diffusion 3 and 3.5, Stable Image Core and Ultra, and the services that edit pictures.
    Stability,
}

/// The request and response body of a model that orders documents.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum RerankBody {
    /// Cohere Rerank 3.5.
    Cohere,
    /// Amazon Rerank 1.0.
    Amazon,
}

const fn one() -> u16 {
    1
}
