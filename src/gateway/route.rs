//! What a path means.

use http::Method;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Route {
    /// An operation of OpenAI's API.
    Api(Operation),
    /// Whether the process lives.
    Health,
    /// Whether it takes requests.
    Ready,
    /// Prometheus' text.
    Metrics,
    /// What the gateway is: a page for people, JSON for programs.
    Root,
    /// A file of the page.
    File,
    /// What the page shows.
    Stats,
    /// The description of all of it.
    OpenApi,
}

/// An operation of OpenAI's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    ChatCompletions,
    Embeddings,
    Images,
    Moderations,
    Rerank,
    Models,
    Model,
}

impl Operation {
    /// As it is called in metrics and logs.
    pub(super) fn name(self) -> &'static str {
        match self {
            Operation::ChatCompletions => "chat.completions",
            Operation::Embeddings => "embeddings",
            Operation::Images => "images.generations",
            Operation::Moderations => "moderations",
            Operation::Rerank => "rerank",
            Operation::Models => "models.list",
            Operation::Model => "models.retrieve",
        }
    }

    /// Its path below the prefix; a model's is followed by its id.
    pub(super) fn path(self) -> &'static str {
        OPERATIONS.iter().find(|(_, _, known)| *known == self).map_or(MODEL, |(path, ..)| path)
    }

    /// Whether the model in its body is one of Bedrock: moderations name one of OpenAI's, and a guardrail answers.
    pub(super) fn names_models_of_bedrock(self) -> bool {
        self != Operation::Moderations
    }

    /// Whether a request has a body with a model in it.
    pub(super) fn asks_a_model(self) -> bool {
        !matches!(self, Operation::Models | Operation::Model)
    }
}

/// Paths of the gateway's own.
const OWN: &[(&str, Route)] = &[
    ("/health", Route::Health),
    ("/healthz", Route::Health),
    ("/livez", Route::Health),
    ("/ready", Route::Ready),
    ("/readyz", Route::Ready),
    ("/metrics", Route::Metrics),
    ("/", Route::Root),
    ("/_gateway/stats", Route::Stats),
    ("/openapi.json", Route::OpenApi),
];

/// What is below this is a file of the page.
const FILES: &str = "/_gateway/page/";

/// Paths below a prefix, and the method each is asked with.
pub(super) const OPERATIONS: &[(&str, Method, Operation)] = &[
    ("/chat/completions", Method::POST, Operation::ChatCompletions),
    ("/embeddings", Method::POST, Operation::Embeddings),
    ("/images/generations", Method::POST, Operation::Images),
    ("/moderations", Method::POST, Operation::Moderations),
    ("/rerank", Method::POST, Operation::Rerank),
    ("/models", Method::GET, Operation::Models),
];

/// What OpenAI has below its prefix and the gateway has not, by its beginning, and what to do instead.
const ABSENT: &[(&str, &str)] = &[
    ("/chat/completions/", "Chat completions are not stored: there is nothing to list, change or delete."),
    ("/responses", "The Responses API is not served. Use /chat/completions."),
    ("/messages", "Anthropic's Messages API is not served. Use /chat/completions."),
    ("/conversations", "Conversations are not kept. Send all messages of one with each request to /chat/completions."),
    ("/assistants", "Assistants are not served. Use /chat/completions."),
    ("/threads", "Assistants and their threads are not served. Use /chat/completions."),
    ("/batches", "Batches are not served. Large offline jobs belong to Amazon Bedrock's batch inference."),
    ("/files", "Files are not kept. Send them in the messages of /chat/completions, as data or URLs."),
    ("/uploads", "Files are not kept. Send them in the messages of /chat/completions, as data or URLs."),
    ("/vector_stores", "Vector stores are not served. Use /embeddings with a store of your own."),
    ("/fine_tuning", "Models are not tuned here. Amazon Bedrock customises models."),
    ("/evals", "Evaluations are not served. Amazon Bedrock evaluates models."),
    ("/audio", "Speech is not served. Amazon Polly and Amazon Transcribe do that on AWS."),
    ("/realtime", "The Realtime API is not served. Use /chat/completions with `stream`."),
    ("/videos", "Videos are not made here."),
    ("/images/", "Images are not edited or varied here. Use /images/generations."),
    ("/engines", "Engines have become models. Use /models."),
    ("/organization", "There is no organisation to administer here."),
];

/// What is below this is a model, whose id may hold slashes.
const MODEL: &str = "/models/";

/// Why a path is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unserved {
    /// Nothing is there.
    Unknown,
    /// OpenAI has something there, and this is what to do instead.
    Absent(&'static str),
    /// Something is, for this method.
    Method(Method),
}

/// What `path` means, and what of it is below the prefix.
pub(super) fn route<'a>(
    method: &Method,
    path: &'a str,
    prefixes: &[String],
) -> std::result::Result<(Route, &'a str), Unserved> {
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    if let Some((_, route)) = OWN.iter().find(|(own, _)| *own == path) {
        return allowed(method, &Method::GET, *route, path);
    }
    if let Some(file) = path.strip_prefix(FILES) {
        return allowed(method, &Method::GET, Route::File, file);
    }
    // The longest prefix: another may begin as it does, and the empty one is before everything.
    let below = prefixes.iter().filter_map(|prefix| path.strip_prefix(prefix.as_str()));
    let below = below.filter(|below| below.starts_with('/')).min_by_key(|below| below.len());
    let below = below.ok_or(Unserved::Unknown)?;
    if below.strip_prefix(MODEL).is_some_and(|model| !model.is_empty()) {
        return allowed(method, &Method::GET, Route::Api(Operation::Model), below);
    }
    match OPERATIONS.iter().find(|(known, ..)| *known == below) {
        Some((_, wanted, operation)) => allowed(method, wanted, Route::Api(*operation), below),
        None => Err(absent(below)),
    }
}

fn absent(below: &str) -> Unserved {
    let is_within = |beginning: &str| {
        let rest = below.strip_prefix(beginning);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || beginning.ends_with('/'))
    };
    let found = ABSENT.iter().find(|(beginning, _)| is_within(beginning));
    found.map_or(Unserved::Unknown, |(_, instead)| Unserved::Absent(instead))
}

fn allowed<'a>(
    method: &Method,
    wanted: &Method,
    route: Route,
    below: &'a str,
) -> std::result::Result<(Route, &'a str), Unserved> {
    let fits = method == wanted || *method == Method::HEAD && *wanted == Method::GET;
    if fits { Ok((route, below)) } else { Err(Unserved::Method(wanted.clone())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routed(method: Method, path: &str) -> std::result::Result<Route, Unserved> {
        let prefixes = ["/v1", "/api/v1"].map(str::to_owned);
        route(&method, path, &prefixes).map(|(route, _)| route)
    }

    #[test]
    fn paths_are_found_under_each_prefix_only() {
        let chat = Ok(Route::Api(Operation::ChatCompletions));
        for path in ["/v1/chat/completions", "/api/v1/chat/completions", "/v1/chat/completions/"] {
            assert_eq!(routed(Method::POST, path), chat);
        }
        for path in ["/chat/completions", "/v2/chat/completions", "/v1x/models", "/v1", "/page", "/v1/filesystem"] {
            assert_eq!(routed(Method::POST, path), Err(Unserved::Unknown), "{path}");
        }
        assert_eq!(routed(Method::GET, "/v1/chat/completions"), Err(Unserved::Method(Method::POST)));
        assert_eq!(routed(Method::HEAD, "/health"), Ok(Route::Health));
        assert_eq!(routed(Method::GET, "/"), Ok(Route::Root));
        assert_eq!(route(&Method::GET, "/_gateway/page/main.js", &[]), Ok((Route::File, "main.js")));
    }

    #[test]
    fn what_openai_has_and_the_gateway_has_not_is_known() {
        for path in
            ["/v1/responses", "/v1/chat/completions/chatcmpl-1/messages", "/v1/files/file-1", "/v1/audio/speech"]
        {
            assert!(matches!(routed(Method::POST, path), Err(Unserved::Absent(_))), "{path}");
        }
        for (beginning, instead) in ABSENT {
            assert!(beginning.starts_with('/') && instead.ends_with(['.', '`']), "{beginning}");
            assert!(
                OPERATIONS
                    .iter()
                    .all(|(served, ..)| absent(served) == Unserved::Unknown || *served == "/images/generations")
            );
        }
    }

    #[test]
    fn every_operation_is_described() {
        let document: serde_json::Value = serde_json::from_slice(&super::super::openapi::document()).unwrap();
        let described = |path: &str, method: &Method| {
            let method = method.as_str().to_ascii_lowercase();
            assert!(document["paths"][path][method]["responses"]["200"].is_object(), "{path}");
        };
        OPERATIONS.iter().for_each(|(path, method, _)| described(path, method));
        described("/models/{model}", &Method::GET);
    }

    #[test]
    fn the_longest_prefix_counts() {
        let prefixes = ["", "/api", "/api/v1"].map(str::to_owned);
        for path in ["/models", "/api/models", "/api/v1/models"] {
            let (_, below) = route(&Method::GET, path, &prefixes).unwrap();
            assert_eq!(below, "/models", "{path}");
        }
    }

    #[test]
    fn a_model_may_hold_slashes() {
        let arn = "/v1/models/arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1";
        assert_eq!(routed(Method::GET, arn), Ok(Route::Api(Operation::Model)));
        assert_eq!(routed(Method::GET, "/v1/models/"), Ok(Route::Api(Operation::Models)));
        assert_eq!(routed(Method::DELETE, arn), Err(Unserved::Method(Method::GET)));
    }
}
