//! The invariants of `models.json`, and what resolves to what.

use std::collections::HashSet;

use super::*;

fn resolved(model: &str) -> Target {
    resolve(model).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn models_are_sorted_unique_sourced_and_dated() {
    let ids: Vec<_> = models().map(|model| model.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "keep the models of models.json in the order of their ids");
    for model in models() {
        assert!(!model.source.is_empty(), "{}: say where the facts come from", model.id);
        assert!(is_date(model.checked), "{}: say when the facts were checked", model.id);
        let id = Id::parse(model.id).unwrap_or_else(|| panic!("{} has the form of an id", model.id));
        assert_eq!(id.base, model.id, "a row's id has no geography");
    }
}

fn is_date(text: &str) -> bool {
    let shape =
        |(index, byte): (usize, u8)| if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

#[test]
fn the_facts_of_a_row_agree_with_each_other() {
    for model in models() {
        let id = model.id;
        match model.kind {
            Kind::Text => {
                let most = model.max_output.unwrap_or_else(|| panic!("{id}: a text model has an output limit"));
                assert!((1024..=262_144).contains(&most), "{id}: {most} output tokens");
            }
            _ => assert!(model.family.is_none() && model.max_output.is_none(), "{id}: facts of text models only"),
        }
        let makes = [model.embedding.is_some(), model.image.is_some(), model.rerank.is_some()];
        let kinds = [Kind::Embedding, Kind::Image, Kind::Rerank];
        for (known, kind) in makes.into_iter().zip(kinds) {
            assert!(!known || model.kind == kind, "{id}: facts of another kind of model");
            // SDXL has left Bedrock, and its body is like no other's.
            assert!(known || model.kind != kind || id.contains("diffusion-xl"), "{id}: which body does it take?");
        }
        if let Some(embedding) = &model.embedding {
            let lengths = &embedding.dimensions;
            assert!(
                lengths.is_sorted_by(|a, b| a > b) && !lengths.is_empty(),
                "{id}: the usual length is the greatest"
            );
            assert!((1..=96).contains(&embedding.batch), "{id}: {} inputs", embedding.batch);
        }
        assert!(model.efforts.is_sorted_by(|a, b| a < b), "{id}: efforts from the least to the most");
        assert!(model.profiles.iter().all(|profile| GEOGRAPHIES.contains(profile)), "{id}: {:?}", model.profiles);
        assert!(!model.requires_profile || !model.profiles.is_empty(), "{id}: through which profile?");
        assert!(model.output_limit.is_none_or(|most| Some(most) > model.max_output), "{id}: a limit above max_output");
        let tools = model.tools != Tools::None;
        assert!(tools || model.tool_choice == ToolChoices::Named, "{id}: a choice of tools it does not have");
        assert!(tools || !model.short_tool_ids, "{id}: ids of tools it does not have");
        let thinks = matches!(model.reasoning, Reasoning::Budget | Reasoning::AdaptiveOrBudget);
        assert!(thinks || !model.interleaved_thinking, "{id}: {:?} has no budget", model.reasoning);
        if let Some(date) = model.end_of_life {
            assert!(is_date(date), "{id}: {date}");
            let ended = if date <= model.checked { Status::EndOfLife } else { Status::Active };
            assert_eq!(model.status, ended, "{id}: its end was {date}, it was checked on {}", model.checked);
        }
    }
}

#[test]
fn every_family_has_a_model() {
    let used: HashSet<_> = models().filter_map(|model| model.family).collect();
    use Family::*;
    for family in [
        Claude,
        Nova,
        TitanText,
        Llama2,
        Llama3,
        Llama4,
        MistralPrompt,
        MistralChat,
        OpenaiChat,
        DeepseekR1,
        Palmyra,
        CohereCommandR,
        CohereCommand,
        Jamba,
        J2,
    ] {
        assert!(used.contains(&family), "{family:?}");
    }
}

#[test]
fn names_are_unique_and_stand_for_a_text_model_of_the_file() {
    let mut seen = HashSet::new();
    for name in names() {
        assert!(seen.insert(name.name), "{} is there twice", name.name);
        let target = resolved(name.name);
        assert!(!target.model.derived, "{}: {} has no row", name.name, name.id);
        assert_eq!(target.wire_id, name.id);
        assert!(target.require_text().is_ok(), "{}", name.name);
        assert_eq!(target.model.endpoint, Endpoint::Runtime, "{} cannot be called", name.name);
        assert!(!name.thinking || target.model.reasoning != Reasoning::None, "{} cannot think", name.name);
        assert!(!name.keep_reasoning || target.model.reasoning_tags, "{} has no reasoning to keep", name.name);
        if let Some(geography) = Id::parse(name.id).and_then(|id| id.geography) {
            assert!(target.model.profiles.contains(&geography), "{}: {} is no known profile", name.name, name.id);
        }
    }
}

#[test]
fn prefixes_are_sorted_and_their_relatives_exist() {
    let file: File = serde_json::from_str(SOURCE).unwrap();
    assert!(file.prefixes.is_sorted_by(|a, b| a.prefix < b.prefix), "keep the prefixes in alphabetical order");
    for Prefix { prefix, like } in &file.prefixes {
        assert!(find(&file.models, like).is_some(), "{prefix}: {like} has no row");
    }
}

#[test]
fn an_id_selects_the_plain_configuration_in_every_spelling() {
    for id in [
        "anthropic.claude-sonnet-4-5-20250929-v1:0",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "jp.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-sonnet-4-5-20250929-v1:0:200k",
        "arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-sonnet-4-5-20250929-v1:0",
        "arn:aws:bedrock:us-west-2:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ] {
        let target = resolved(id);
        assert_eq!(target.wire_id, id);
        assert_eq!(target.model.id, "anthropic.claude-sonnet-4-5-20250929-v1:0");
        assert_eq!((target.name, target.thinking, target.keep_reasoning), (None, false, false));
    }
    assert!(resolved("Claude-4-5-Sonnet-Thinking").thinking);
    assert!(resolved("GPT-OSS-20B-Thinking").keep_reasoning);
}

#[test]
fn an_arn_tells_the_region() {
    let target = resolved("arn:aws:bedrock:ap-southeast-2:123456789012:application-inference-profile/a1b2c3d4e5f6");
    assert_eq!(target.region(), Some("ap-southeast-2"));
    assert_eq!(resolved("us.amazon.nova-pro-v1:0").region(), None);
    assert_eq!(resolved("Nova-Pro").region(), None);
}

#[test]
fn an_unknown_id_takes_after_its_nearest_relative_and_goes_to_converse() {
    let claude = resolved("eu.anthropic.claude-sonnet-9-20300101-v1:0").model;
    assert_eq!((claude.family, claude.sampling, claude.prefill), (Some(Family::Claude), Sampling::Neither, false));
    let qwen = resolved("qwen.qwen9-1b").model;
    assert_eq!(qwen.stop.converse, Support::Unsupported);
    let nobody_knows = resolved("openai.whatever-1").model;
    for model in [claude, qwen, nobody_knows, resolved("arn:aws:sagemaker:us-east-1:123456789012:endpoint/Own").model] {
        assert!(model.derived && model.vision, "{}: what is not known is not refused", model.id);
        assert_eq!((model.native_body(), model.max_output), (None, None), "{}", model.id);
    }
}

#[test]
fn what_makes_no_text_is_known_but_cannot_chat() {
    for id in ["amazon.titan-embed-text-v2:0", "cohere.embed-v9:0", "stability.stable-image-next-v1:0"] {
        let error = resolved(id).require_text().unwrap_err();
        assert_eq!((error.kind, error.param.as_deref()), (error::Kind::InvalidRequest, Some("model")), "{id}");
        assert!(error.message.contains(id), "{error}");
    }
}

#[test]
fn anything_else_is_refused_with_the_nearest_names() {
    for (model, nearest) in [
        ("claude-4-5-sonnet", Some("Did you mean Claude-4-5-Sonnet, ")),
        ("Nova Pro", Some("Nova-Pro")),
        ("us.amazon.nova-micro-v1:O", Some("us.amazon.nova-micro-v1:0")),
        ("junk-us.amazon.nova-pro-v1:0", Some("us.amazon.nova-pro-v1:0")),
        ("No-Such-Model", None),
        ("arn:aws:bedrock:us-west-2:123456789012:guardrail/abc", None),
        ("", None),
    ] {
        let error = resolve(model).unwrap_err();
        assert_eq!((error.kind, error.param.as_deref()), (error::Kind::UnknownModel, Some("model")));
        assert!(error.message.starts_with(&format!("Model configuration not found for model: {model}.")), "{error}");
        assert!(error.message.contains("listBedrockWrapperSupportedModels()"), "{error}");
        match nearest {
            Some(name) => assert!(error.message.contains(name), "{error}"),
            None => assert!(!error.message.contains("Did you mean"), "{error}"),
        }
    }
}
