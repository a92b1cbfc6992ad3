//! Requests past the four operations: OpenAI's API on bedrock-runtime and bedrock-mantle, the control plane,
//! bedrock-agent-runtime, and AWS's stores of secrets.
//!
//! They go out as InvokeModel whose method, path and headers are rewritten before it is signed, so that credentials,
//! retries, limits and connections are the SDK's as for every other call. Whatever status comes back is an answer;
//! redirects are never followed, with or without credentials.

use std::fmt;

use aws_sdk_bedrockruntime::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::endpoint::EndpointAuthScheme;
use bytes::Bytes;

use super::Answer;
use super::clients::SIGNATURE;
use crate::config::{Endpoints, Patience, Route};
use crate::error::Error;

/// What the signature of a request to bedrock-mantle is made for.
const MANTLE_SIGNING_NAME: &str = "bedrock-mantle";

/// Models that bedrock-mantle serves under `/openai/v1`; all others under `/v1` (AI SDK's Bedrock provider 5.0.101).
const MANTLE_OPENAI_MODELS: &[&str] = &["openai.gpt-", "google.gemma-4", "xai."];
/// Of these, the ones that it does not.
const MANTLE_V1_MODELS: &[&str] = &["openai.gpt-oss-"];

/// One request that passes as it is.
#[derive(Debug)]
pub struct RawCall<'a> {
    /// Which service.
    pub route: Route,
    /// Where an ARN is served; `None`: in the account's region.
    pub region: Option<&'a str>,
    /// `GET`, `POST` …
    pub method: &'static str,
    /// Path and query, e.g. `/openai/v1/chat/completions`; see [`api_root`].
    pub path: &'a str,
    /// Headers besides `host`, `content-length` and `authorization`, which are the SDK's.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body, JSON unless a header says otherwise; empty for none.
    pub body: Bytes,
    /// How long to wait.
    pub patience: Patience,
}

/// An answer of any status but a redirect.
pub struct RawAnswer {
    /// HTTP status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub answer: Answer,
    /// What it refuses, where the status is none of success.
    pub refusal: Option<Error>,
}

/// The path under which a service has OpenAI's API for a model: what the caller's base URL says, else by model.
pub fn api_root(endpoints: &Endpoints, route: Route, model: &str) -> &'static str {
    let begins = |list: &[&str]| list.iter().any(|prefix| model.starts_with(prefix));
    match (route, endpoints.api_root) {
        (Route::ControlPlane | Route::AgentRuntime | Route::SecretsManager | Route::SystemsManager, _) => "",
        (_, Some(root)) => root,
        (Route::Mantle, None) if !begins(MANTLE_OPENAI_MODELS) || begins(MANTLE_V1_MODELS) => "/v1",
        (Route::Mantle | Route::RuntimeOpenAi, None) => "/openai/v1",
    }
}

/// Changes a request of the SDK into another.
#[derive(Clone)]
pub(super) struct Rewrite {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
}

impl Rewrite {
    pub(super) fn new(call: &RawCall<'_>) -> Rewrite {
        let own = ["host", "content-length", "authorization"];
        let headers = call.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), (*value).to_owned()));
        Rewrite {
            method: call.method,
            path: call.path.to_owned(),
            headers: headers.filter(|(name, _)| !own.contains(&name.as_str())).collect(),
        }
    }
}

/// Headers of an answer, names in lower case.
pub(super) fn headers_of(response: &HttpResponse) -> Vec<(String, String)> {
    response.headers().iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect()
}

impl fmt::Debug for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rewrite({} {})", self.method, self.path)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Rewrite {
    fn name(&self) -> &'static str {
        "Rewrite"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.set_method(self.method)?;
        request.set_uri(self.path.as_str())?;
        if request.body().bytes().is_some_and(<[u8]>::is_empty) {
            request.headers_mut().remove("content-type");
            request.headers_mut().remove("content-length");
        }
        for (name, value) in &self.headers {
            request.headers_mut().try_insert(name.clone(), value.clone())?;
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if response.status().is_success() {
            // InvokeModel has one always, and the SDK insists on it. The answer's own was kept before: interceptors of a
            // client, such as `Exchanges`, come before those of a call.
            response.headers_mut().insert("content-type", "application/json");
        }
        Ok(())
    }
}

/// One host for every request, whatever the region.
#[derive(Debug)]
pub(super) struct OneHost {
    endpoint: Endpoint,
}

impl OneHost {
    pub(super) fn of_mantle(url: String) -> OneHost {
        let signature = EndpointAuthScheme::with_capacity(SIGNATURE.inner().to_owned(), 1);
        let token = EndpointAuthScheme::with_capacity(HTTP_BEARER_AUTH_SCHEME_ID.inner().to_owned(), 0);
        let endpoint = Endpoint::builder()
            .url(url)
            .auth_scheme(signature.put("signingName", MANTLE_SIGNING_NAME))
            .auth_scheme(token);
        OneHost { endpoint: endpoint.build() }
    }

    /// A host of another service than Bedrock, which takes signatures only.
    pub(super) fn signed_for(service: &'static str, url: String) -> OneHost {
        let signature = EndpointAuthScheme::with_capacity(SIGNATURE.inner().to_owned(), 1);
        let endpoint = Endpoint::builder().url(url).auth_scheme(signature.put("signingName", service));
        OneHost { endpoint: endpoint.build() }
    }

    /// A host that takes what bedrock-runtime takes: tokens, and signatures for `bedrock`.
    pub(super) fn of_bedrock(url: String) -> OneHost {
        OneHost { endpoint: Endpoint::builder().url(url).build() }
    }
}

impl ResolveEndpoint for OneHost {
    fn resolve_endpoint<'a>(&'a self, _params: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(self.endpoint.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_openais_api_depends_on_the_model() {
        let ours = Endpoints::default();
        for (model, root) in [
            ("openai.gpt-5.4", "/openai/v1"),
            ("openai.gpt-oss-120b", "/v1"),
            ("google.gemma-4-31b", "/openai/v1"),
            ("google.gemma-3-27b", "/v1"),
            ("xai.grok-4", "/openai/v1"),
            ("mistral.ministral-3-8b", "/v1"),
        ] {
            assert_eq!(api_root(&ours, Route::Mantle, model), root, "{model}");
            assert_eq!(api_root(&ours, Route::RuntimeOpenAi, model), "/openai/v1", "{model}");
        }
        let theirs = Endpoints { api_root: Some("/v1"), ..Endpoints::default() };
        assert_eq!(api_root(&theirs, Route::Mantle, "openai.gpt-5.4"), "/v1");
    }
}
