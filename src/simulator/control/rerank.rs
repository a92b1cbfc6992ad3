//! Rerank of bedrock-agent-runtime: documents of a request in the order of what they have to do with its query.
//!
//! Scores are those of the same models by InvokeModel ([`direct::ranked`]). How many results fit into one answer AWS does
//! not say; here it is [`MOST_RESULTS`].

use serde_json::{Value, json};

use super::{Request, Store, paging};
use crate::simulator::direct;
use crate::simulator::exception::Exception;
use crate::simulator::models::{Kind, Model};
use crate::simulator::wording;

/// Most results of one answer; the rest is behind its `nextToken`.
const MOST_RESULTS: usize = 500;

/// Beginnings of regions, and the partitions that they are in (botocore's `partitions.json`); all others are in `aws`.
const PARTITIONS: &[(&str, &str)] = &[
    ("cn-", "aws-cn"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
];

pub(super) fn rank(request: &Request<'_>, _: &mut Store) -> Result<Value, Exception> {
    let configuration = &request.get("rerankingConfiguration")["bedrockRerankingConfiguration"];
    check_model(configuration["modelConfiguration"]["modelArn"].as_str().unwrap_or_default(), &request.region)?;
    let query = request.get("queries")[0]["textQuery"]["text"].as_str().unwrap_or_default();
    let sources = request.get("sources").as_array().map(Vec::as_slice).unwrap_or_default();
    let documents = sources.iter().enumerate().map(document).collect::<Result<Vec<_>, _>>()?;
    let wanted = configuration["numberOfResults"].as_u64().and_then(|wanted| usize::try_from(wanted).ok());
    let results = direct::ranked(query, &documents).into_iter().take(wanted.unwrap_or(usize::MAX));
    let results = results.map(|(index, score)| json!({"index": index, "relevanceScore": score}));
    let token = request.get("nextToken").as_str();
    paging::from(request.operation(), token, MOST_RESULTS, "results", results)
}

/// The ARN of a model that reranks, in the region that is asked.
fn check_model(arn: &str, region: &str) -> Result<(), Exception> {
    let serves = Model::find(arn).is_some_and(|model| model.series.family.kind() == Kind::Rerank);
    let mut fields = arn.splitn(5, ':').skip(1);
    let is_here = fields.next() == Some(partition(region)) && fields.nth(1) == Some(region);
    if serves && is_here { Ok(()) } else { Err(wording::UNKNOWN_MODEL.refuse(&[])) }
}

/// The partition that ARNs of a region begin with.
fn partition(region: &str) -> &'static str {
    let found = PARTITIONS.iter().find(|(beginning, _)| region.starts_with(beginning));
    found.map_or("aws", |(_, partition)| partition)
}

/// What of a source is read: its text, or the members of its object.
fn document((index, source): (usize, &Value)) -> Result<Value, Exception> {
    let document = &source["inlineDocumentSource"];
    let (member, content) = match document["type"].as_str() {
        Some("JSON") => ("jsonDocument", &document["jsonDocument"]),
        _ => ("textDocument", &document["textDocument"]["text"]),
    };
    if content.is_null() {
        let place = format!("sources.{}.member.inlineDocumentSource.{member}", index + 1);
        return Err(wording::ONE_VIOLATION.refuse(&[&wording::NULL_MEMBER.fill(&[&place])]));
    }
    Ok(content.clone())
}
