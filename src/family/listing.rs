//! What the control plane lists: foundation models and inference profiles.
//!
//! Source: ListFoundationModels, ListInferenceProfiles, GetInferenceProfile and GetProvisionedModelThroughput of the service
//! model of `bedrock` 2023-04-20; recordings `control-plane/*`.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::Deserialize;
use serde_json::Value;

use super::json;
use crate::catalog::{Arn, Listed, owner};
use crate::error::Result;

/// One page of a list.
#[derive(Debug, Default, PartialEq)]
pub struct Page {
    /// The entries that can be called.
    pub models: Vec<Listed>,
    /// What to ask the next page with.
    pub next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundationModels {
    #[serde(default)]
    model_summaries: Vec<FoundationModel>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundationModel {
    model_id: String,
    #[serde(default)]
    inference_types_supported: Vec<String>,
    model_lifecycle: Option<Lifecycle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lifecycle {
    start_of_life_time: Option<String>,
    end_of_life_time: Option<String>,
}

/// Foundation models. Those that only provisioned throughput serves cannot be called by their ids.
pub fn foundation_models(answer: &[u8]) -> Result<Page> {
    let answer: FoundationModels = json(answer)?;
    let listed = |model: FoundationModel| {
        let offered = |kind: &str| model.inference_types_supported.iter().any(|offer| offer == kind);
        let (on_demand, through_profile) = (offered("ON_DEMAND"), offered("INFERENCE_PROFILE"));
        if !on_demand && !through_profile {
            return None;
        }
        let life = model.model_lifecycle;
        let time = |of: fn(&Lifecycle) -> &Option<String>| life.as_ref().and_then(|life| of(life).as_deref());
        Some(Listed {
            owner: owner(&model.model_id),
            created: time(|life| &life.start_of_life_time).map_or(0, seconds),
            shutdown_date: time(|life| &life.end_of_life_time).and_then(|time| time.get(..10)).map(str::to_owned),
            through_profile: !on_demand,
            id: model.model_id,
            ..Listed::default()
        })
    };
    Ok(Page { models: answer.model_summaries.into_iter().filter_map(listed).collect(), next_token: None })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InferenceProfiles {
    #[serde(default)]
    inference_profile_summaries: Vec<InferenceProfile>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InferenceProfile {
    #[serde(default)]
    inference_profile_name: String,
    inference_profile_id: String,
    inference_profile_arn: String,
    r#type: String,
    created_at: Option<String>,
    #[serde(default)]
    models: Vec<ProfiledModel>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProfiledModel {
    model_arn: Option<String>,
}

/// Inference profiles: AWS's by their ids, the account's own by their ARNs, which is how they are called.
pub fn inference_profiles(answer: &[u8]) -> Result<Page> {
    let answer: InferenceProfiles = json(answer)?;
    let listed = |profile: InferenceProfile| {
        let arn = profile.models.first().and_then(|model| model.model_arn.as_deref());
        let is_own = profile.r#type == "APPLICATION";
        let behind = arn.and_then(model_of);
        Listed {
            owner: owner(behind.unwrap_or(&profile.inference_profile_id)),
            behind: behind.map(str::to_owned),
            name: is_own.then_some(profile.inference_profile_name),
            created: profile.created_at.as_deref().map_or(0, seconds),
            id: if is_own { profile.inference_profile_arn } else { profile.inference_profile_id },
            ..Listed::default()
        }
    };
    let models = answer.inference_profile_summaries.into_iter().map(listed).collect();
    Ok(Page { models, next_token: answer.next_token })
}

/// Where the service tells what lies behind a resource: its type, the path to ask, and the model's ARN in the answer.
const BEHIND: &[(&str, &str, &str)] = &[
    (":application-inference-profile/", "/inference-profiles/", "/models/0/modelArn"),
    (":provisioned-model/", "/provisioned-model-throughput/", "/foundationModelArn"),
];

/// The path that tells which model lies behind a resource; `None` where no such path is known.
pub fn path_behind(arn: &str) -> Option<&'static str> {
    BEHIND.iter().find(|(kind, ..)| arn.contains(kind)).map(|(_, path, _)| *path)
}

/// The id of the model behind a resource, out of the service's answer.
pub fn model_behind(answer: &[u8]) -> Result<Option<String>> {
    let answer: Value = json(answer)?;
    let arn = BEHIND.iter().find_map(|(.., pointer)| answer.pointer(pointer)?.as_str());
    Ok(arn.and_then(model_of).map(str::to_owned))
}

/// The model's id in an ARN; answers name foundation models without a region too.
fn model_of(arn: &str) -> Option<&str> {
    let named = || arn.split_once(":foundation-model/").map(|(_, id)| id);
    Arn::parse(arn).and_then(|arn| arn.model).map(|id| id.base).or_else(named)
}

fn seconds(time: &str) -> u64 {
    let time = DateTime::from_str(time, Format::DateTimeWithOffset).ok();
    time.and_then(|time| u64::try_from(time.secs()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as object;

    #[test]
    fn what_can_be_called_by_its_id_is_listed() {
        let model = |id: &str, types: &[&str]| object!({"modelId": id, "inferenceTypesSupported": types, "modelLifecycle": {"status": "ACTIVE"}});
        let mut legacy = model("amazon.titan-embed-text-v1", &["ON_DEMAND"]);
        legacy["modelLifecycle"] = object!({
            "status": "LEGACY",
            "startOfLifeTime": "2023-09-28T00:00:00Z",
            "endOfLifeTime": "2027-01-01T00:00:00Z",
        });
        let answer = object!({"modelSummaries": [
            legacy,
            model("anthropic.claude-x", &["INFERENCE_PROFILE"]),
            model("amazon.titan-embed-text-v1:2:8k", &["PROVISIONED"]),
            model("amazon.titan-embed-text-v2:0:8k", &[]),
        ]});
        let page = foundation_models(answer.to_string().as_bytes()).unwrap();
        let old = Listed {
            id: "amazon.titan-embed-text-v1".into(),
            owner: "amazon".into(),
            created: 1_695_859_200,
            shutdown_date: Some("2027-01-01".into()),
            ..Listed::default()
        };
        let profiled = Listed {
            id: "anthropic.claude-x".into(),
            owner: "anthropic".into(),
            through_profile: true,
            ..Listed::default()
        };
        assert_eq!(page, Page { models: vec![old, profiled], next_token: None });
    }

    #[test]
    fn own_profiles_are_called_by_their_arns() {
        let arn = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/1arbu5hu2sjr";
        let answer = object!({"nextToken": "more", "inferenceProfileSummaries": [
            {
                "inferenceProfileId": "us.amazon.nova-lite-v1:0",
                "inferenceProfileArn": "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0",
                "type": "SYSTEM_DEFINED",
                "models": [{"modelArn": "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"}],
            },
            {
                "inferenceProfileName": "mine",
                "inferenceProfileId": "1arbu5hu2sjr",
                "inferenceProfileArn": arn,
                "type": "APPLICATION",
                "createdAt": "2026-07-13T14:00:42.680622107Z",
                "models": [{"modelArn": "arn:aws:bedrock:::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0"}],
            },
        ]});
        let page = inference_profiles(answer.to_string().as_bytes()).unwrap();
        let told: Vec<_> = page.models.iter().map(|one| (one.id.as_str(), one.owner.as_str(), one.created)).collect();
        assert_eq!(told, [("us.amazon.nova-lite-v1:0", "amazon", 0), (arn, "anthropic", 1_783_951_242)]);
        assert_eq!(page.next_token.as_deref(), Some("more"));
        let own = &page.models[1];
        let behind = Some("anthropic.claude-haiku-4-5-20251001-v1:0");
        assert_eq!((own.name.as_deref(), own.behind.as_deref()), (Some("mine"), behind));
    }

    #[test]
    fn the_model_behind_a_resource_is_found() {
        let profile = "arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/a1b2c3d4e5f6";
        let provisioned = "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefgh1234";
        assert_eq!(path_behind(profile), Some("/inference-profiles/"));
        assert_eq!(path_behind(provisioned), Some("/provisioned-model-throughput/"));
        assert_eq!(path_behind("arn:aws:bedrock:us-west-2:123456789012:imported-model/abcdef123456"), None);
        for (answer, model) in [
            (
                object!({"models": [{"modelArn": "arn:aws:bedrock:::foundation-model/cohere.embed-v4:0"}]}),
                Some("cohere.embed-v4:0"),
            ),
            (
                object!({"foundationModelArn": "arn:aws:bedrock:us-west-2::foundation-model/amazon.titan-embed-text-v2:0"}),
                Some("amazon.titan-embed-text-v2:0"),
            ),
            (object!({"models": []}), None),
        ] {
            assert_eq!(model_behind(answer.to_string().as_bytes()).unwrap().as_deref(), model);
        }
    }
}
