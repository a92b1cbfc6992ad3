//! Prompt routers: several models under one ARN. The simulator's routers do not judge prompts; the first model answers.
//!
//! The service model has one pattern for the ARNs of all routers, which are `default-prompt-router/…` also when an
//! account made them.

use serde_json::{Value, json};

use super::resource::{Kind, Resource};
use super::store::missing;
use super::{Request, Store, foundation_models, paging};
use crate::simulator::exception::Exception;
use crate::simulator::models::Model;
use crate::simulator::wording;

pub(super) const KIND: Kind = Kind {
    resource: "default-prompt-router",
    list: "promptRouterSummaries",
    summary: &[],
    filters: &[],
    status: Some(("status", ["AVAILABLE"; 4])),
    times: ("createdAt", Some("updatedAt"), None),
};

/// A router that AWS makes: the end of its ARN, its name, and the models it leads to, the last of them its fallback.
struct DefaultRouter {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    models: [&'static str; 2],
}

/// AWS's documentation of intelligent prompt routing.
const DEFAULTS: &[DefaultRouter] = &[
    DefaultRouter {
        id: "anthropic.claude:1",
        name: "Anthropic Prompt Router",
        description: "Routes requests among models in the Claude family",
        models: ["anthropic.claude-3-haiku-20240307-v1:0", "anthropic.claude-3-5-sonnet-20240620-v1:0"],
    },
    DefaultRouter {
        id: "meta.llama:1",
        name: "Meta Prompt Router",
        description: "Routes requests among models in the LLaMA family",
        models: ["meta.llama3-1-8b-instruct-v1:0", "meta.llama3-1-70b-instruct-v1:0"],
    },
    DefaultRouter {
        id: "amazon.nova:1",
        name: "Nova Prompt Router",
        description: "Routes requests among models in the Nova family",
        models: ["amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0"],
    },
];

/// When the default routers say they were made.
const DEFAULTS_CREATED: &str = "2024-11-20T00:00:00.000Z";

pub(super) fn create(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let name = request.text("promptRouterName");
    store.check_name(&KIND, name)?;
    let models = request.get("models").as_array().map(Vec::as_slice).unwrap_or_default();
    let fallback = request.get("fallbackModel");
    let found =
        models.iter().chain([fallback]).map(|model| Model::find(model["modelArn"].as_str().unwrap_or_default()));
    let found: Option<Vec<Model>> = found.collect();
    let first = found.and_then(|models| models.into_iter().next()).ok_or_else(|| wording::UNKNOWN_MODEL.refuse(&[]))?;
    let arn = request.arn(KIND.resource, &request.new_id());
    let members = json!({
        "description": request.get("description"),
        "fallbackModel": fallback,
        "models": models,
        "promptRouterArn": arn,
        "promptRouterName": name,
        "routingCriteria": request.get("routingCriteria"),
        "type": "custom",
    });
    store.add(&KIND, Resource::now(request, arn.clone(), name, members).with_model(first.id), request.get("tags"))?;
    Ok(json!({ "promptRouterArn": arn }))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let wanted = |kind: &str| request.query("type").is_none_or(|wanted| wanted == kind);
    let own: Vec<Value> = store.all(&KIND).iter().map(|router| router.whole(&KIND, request.now)).collect();
    let defaults = DEFAULTS.iter().map(|router| router.whole(request));
    let routers = defaults.chain(own).filter(|router| wanted(router["type"].as_str().unwrap_or_default()));
    paging::page(request, KIND.list, routers)
}

pub(super) fn get(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let arn = request.label("promptRouterArn");
    let own = store.find(&KIND, arn, request.now).map(|router| router.whole(&KIND, request.now));
    let default =
        || DEFAULTS.iter().map(|router| router.whole(request)).find(|router| router["promptRouterArn"] == arn);
    own.or_else(default).ok_or_else(|| missing(arn))
}

pub(super) fn delete(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let arn = store.get(&KIND, request.label("promptRouterArn"), request.now)?.arn.clone();
    store.remove(&KIND, &arn);
    Ok(json!({}))
}

impl DefaultRouter {
    fn whole(&self, request: &Request<'_>) -> Value {
        let target = |id: &str| json!({"modelArn": foundation_models::arn(&request.region, id)});
        let [_, fallback] = self.models;
        json!({
            "createdAt": DEFAULTS_CREATED,
            "description": self.description,
            "fallbackModel": target(fallback),
            "models": self.models.map(target),
            "promptRouterArn": request.arn("default-prompt-router", self.id),
            "promptRouterName": self.name,
            "routingCriteria": {"responseQualityDifference": 0.0},
            "status": "AVAILABLE",
            "type": "default",
            "updatedAt": DEFAULTS_CREATED,
        })
    }
}
