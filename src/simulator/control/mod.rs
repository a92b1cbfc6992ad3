//! The operations that are not inference: the management API, and what the runtime APIs answer with plain JSON.
//!
//! ```text
//! route (of the service model) → check (its shapes) → handler(Request, Store) → body
//! ```
//!
//! A handler is a function of a [`Request`] and of the [`Store`] of its account and region; it reads no clock, and does
//! no I/O but for what lies in S3. Paths, statuses and what a request may hold are those of the service model
//! ([`super::shapes`]). An operation without a handler is one that this Bedrock does not know.

mod async_invokes;
mod base_model;
mod batch;
mod copy_jobs;
mod count_tokens;
mod custom_models;
mod customization_jobs;
mod deployments;
mod foundation_models;
mod import_jobs;
mod imported_models;
mod inference_profiles;
mod invocation_jobs;
mod invocation_logging;
mod paging;
mod prompt_routers;
mod provisioned_models;
mod request;
mod rerank;
mod resource;
mod store;
mod tags;

use std::sync::PoisonError;

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Map, Value};

use super::exception::Exception;
use super::guardrails;
use super::inference::Call;
use super::shapes::{self, Route};
use super::wording;
pub(super) use invocation_logging::below;
pub(super) use paging::page;
pub(super) use request::{Request, region};
pub(super) use store::{Behind, Store};

/// What an operation does: its answer, or why not.
pub(super) type Handler = fn(&Request<'_>, &mut Store) -> Result<Value, Exception>;

/// The handler of each operation, by its API name.
const HANDLERS: &[(&str, Handler)] = &[
    ("ApplyGuardrail", guardrails::apply),
    ("CountTokens", count_tokens::count),
    ("CreateCustomModel", custom_models::create),
    ("CreateCustomModelDeployment", deployments::create),
    ("CreateGuardrail", guardrails::create),
    ("CreateGuardrailVersion", guardrails::add_version),
    ("CreateInferenceProfile", inference_profiles::create),
    ("CreateModelCopyJob", copy_jobs::create),
    ("CreateModelCustomizationJob", customization_jobs::create),
    ("CreateModelImportJob", import_jobs::create),
    ("CreateModelInvocationJob", invocation_jobs::create),
    ("CreatePromptRouter", prompt_routers::create),
    ("CreateProvisionedModelThroughput", provisioned_models::create),
    ("DeleteCustomModel", custom_models::delete),
    ("DeleteCustomModelDeployment", deployments::delete),
    ("DeleteGuardrail", guardrails::delete),
    ("DeleteImportedModel", imported_models::delete),
    ("DeleteInferenceProfile", inference_profiles::delete),
    ("DeleteModelInvocationLoggingConfiguration", invocation_logging::delete),
    ("DeletePromptRouter", prompt_routers::delete),
    ("DeleteProvisionedModelThroughput", provisioned_models::delete),
    ("GetAsyncInvoke", async_invokes::get),
    ("GetCustomModel", custom_models::get),
    ("GetCustomModelDeployment", deployments::get),
    ("GetFoundationModel", foundation_models::get),
    ("GetFoundationModelAvailability", foundation_models::availability),
    ("GetGuardrail", guardrails::get),
    ("GetImportedModel", imported_models::get),
    ("GetInferenceProfile", inference_profiles::get),
    ("GetModelCopyJob", copy_jobs::get),
    ("GetModelCustomizationJob", customization_jobs::get),
    ("GetModelImportJob", import_jobs::get),
    ("GetModelInvocationJob", invocation_jobs::get),
    ("GetModelInvocationLoggingConfiguration", invocation_logging::get),
    ("GetPromptRouter", prompt_routers::get),
    ("GetProvisionedModelThroughput", provisioned_models::get),
    ("InvokeGuardrailChecks", guardrails::check),
    ("ListAsyncInvokes", async_invokes::list),
    ("ListCustomModelDeployments", deployments::list),
    ("ListCustomModels", custom_models::list),
    ("ListFoundationModels", foundation_models::list),
    ("ListGuardrails", guardrails::list),
    ("ListImportedModels", imported_models::list),
    ("ListInferenceProfiles", inference_profiles::list),
    ("ListModelCopyJobs", copy_jobs::list),
    ("ListModelCustomizationJobs", customization_jobs::list),
    ("ListModelImportJobs", import_jobs::list),
    ("ListModelInvocationJobs", invocation_jobs::list),
    ("ListPromptRouters", prompt_routers::list),
    ("ListProvisionedModelThroughputs", provisioned_models::list),
    ("ListTagsForResource", tags::list),
    ("PutModelInvocationLoggingConfiguration", invocation_logging::put),
    ("Rerank", rerank::rank),
    ("StartAsyncInvoke", async_invokes::start),
    ("StopModelCustomizationJob", customization_jobs::stop),
    ("StopModelInvocationJob", invocation_jobs::stop),
    ("TagResource", tags::tag),
    ("UntagResource", tags::untag),
    ("UpdateCustomModelDeployment", deployments::update),
    ("UpdateGuardrail", guardrails::update),
    ("UpdateProvisionedModelThroughput", provisioned_models::update),
];

/// An operation of this module that a request names.
pub(super) struct Target {
    route: Route,
    handler: Handler,
}

impl Target {
    /// The operation at this path, if it is answered here.
    pub(super) fn find(method: &http::Method, path: &str) -> Option<Target> {
        let route = shapes::route(method, path)?;
        let (_, handler) = HANDLERS.iter().find(|(name, _)| *name == route.operation.name)?;
        Some(Target { route, handler: *handler })
    }

    /// The API's name of the operation.
    pub(super) fn name(&self) -> &'static str {
        &self.route.operation.name
    }

    /// The model that the path names; empty when it names none.
    pub(super) fn model(&self) -> &str {
        self.route.label("modelId")
    }

    /// Carries out the operation.
    pub(super) async fn answer(&self, call: &Call<'_>, bytes: &[u8]) -> Result<Response<Body>, Exception> {
        let fault = call.take_fault(self.model()).await?;
        let answer = self.carry_out(call, bytes)?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::from_u16(self.route.operation.status).unwrap_or_default();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        call.fill(&mut response, answer.to_string().into(), fault).await;
        Ok(response)
    }

    fn carry_out(&self, call: &Call<'_>, bytes: &[u8]) -> Result<Value, Exception> {
        let body = parse(bytes)?;
        let query = call.head.uri.query().unwrap_or_default();
        let labels: Vec<(&str, &str)> = self.route.labels.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let parts = shapes::Parts { labels: &labels, query, headers: &call.head.headers, body: &body };
        self.route.operation.check(parts)?;
        let request = Request::new(call, &self.route, query, body);
        let store = call.account.store(&request.region);
        let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(answer) = store.answered(&request) {
            return Ok(answer);
        }
        let mut answer = (self.handler)(&request, &mut store)?;
        answer.sort_all_objects();
        store.remember(&request, &answer);
        Ok(answer)
    }
}

/// The members of a body; a request without one has none.
fn parse(bytes: &[u8]) -> Result<Map<String, Value>, Exception> {
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_slice(bytes)
        .map_err(|_| Exception::new("SerializationException", wording::EXPECTED_STRUCTURE.text()))
}

#[cfg(test)]
mod tests;
