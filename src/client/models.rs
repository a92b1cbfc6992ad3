//! `GET /models`, `GET /models/{model}`: the catalog with what the service lists where the account may ask.
//!
//! Three lists of the control plane are read, each by itself: what one of them refuses is missed, or taken from the
//! catalog, and told; the others are not the poorer for it. They are kept, and after a while read again behind the back of
//! the calls that use them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::future::join_all;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::Instant;

use super::Client;
use crate::catalog::{self, Listed, Target};
use crate::config::{Patience, Route};
use crate::conversation::{Loss, LossCode};
use crate::dialect::models as dialect;
use crate::error::{Error, Result};
use crate::family::listing::{self, Page};
use crate::transport::RawCall;

/// For how long the lists are taken as they are.
const FRESH: Duration = Duration::from_secs(10 * 60);
/// The same when one of them could not be read.
const FRESH_AFTER_FAILURE: Duration = Duration::from_secs(60);
/// How long one request to the control plane may take: a list is no reason to wait for long.
const MOST_TIME: Duration = Duration::from_secs(15);
/// Most pages of a list.
const MOST_PAGES: usize = 50;
/// Most resources of which it is remembered what lies behind.
const MOST_RESOURCES: usize = 1000;

/// A list of the control plane.
struct Source {
    operation: &'static str,
    path: &'static str,
    read: fn(&[u8]) -> Result<Page>,
}

const SOURCES: [Source; 3] = [
    Source { operation: "ListFoundationModels", path: "/foundation-models", read: listing::foundation_models },
    Source {
        operation: "ListInferenceProfiles",
        path: "/inference-profiles?maxResults=1000&type=SYSTEM_DEFINED",
        read: listing::inference_profiles,
    },
    Source {
        operation: "ListInferenceProfiles",
        path: "/inference-profiles?maxResults=1000&type=APPLICATION",
        read: listing::inference_profiles,
    },
];

/// What is remembered of the models of an account.
#[derive(Debug, Default)]
pub(super) struct Models {
    lists: Mutex<Lists>,
    /// Held while they are read.
    reading: tokio::sync::Mutex<()>,
    /// The ids of the models behind resources, by their ARNs.
    behind: Mutex<HashMap<String, String>>,
}

#[derive(Debug, Default)]
struct Lists {
    /// What each of [`SOURCES`] gave when it was last read.
    models: [Vec<Listed>; SOURCES.len()],
    /// Why it could not be read the last time.
    failures: [Option<Error>; SOURCES.len()],
    /// When to read them again; `None`: they have never been.
    due: Option<Instant>,
}

/// Answers with the JSON of OpenAI's list of models.
pub async fn models(client: &Client, losses: &mut Vec<Loss>) -> Result<String> {
    Ok(dialect::render_list(&listed(client, losses).await))
}

/// Answers with the JSON of one model: one of the list, or another that the catalog knows by this id, name or ARN.
pub async fn model(client: &Client, model: &str, losses: &mut Vec<Loss>) -> Result<String> {
    if let Some(listed) = listed(client, losses).await.iter().find(|listed| listed.id == model) {
        return Ok(dialect::render(listed));
    }
    model_of(client, model).map(|listed| dialect::render(&listed))
}

/// A model that is in no list, but that the catalog knows by this id, name or ARN.
pub fn model_of(client: &Client, model: &str) -> Result<Listed> {
    let Ok(target) = catalog::meant(model) else { return Err(dialect::unknown(model)) };
    if !is_there(client, &target) {
        return Err(dialect::unknown(model));
    }
    let shutdown_date = target.model.end_of_life.map(str::to_owned);
    Ok(Listed { id: model.to_owned(), owner: owner(&target), shutdown_date, ..Listed::default() })
}

/// Whether a model that is not in the list may be there all the same: the catalog has it, or it is a resource of the account
/// of a kind that is not listed.
fn is_there(client: &Client, target: &Target) -> bool {
    let is_listed = target.wire_id.contains(":application-inference-profile/");
    !target.model.derived
        || target.is_resource() && (!is_listed || client.models().lists().failures.iter().any(Option::is_some))
}

fn owner(target: &Target) -> String {
    catalog::owner(if target.model.derived { &target.wire_id } else { target.model.id })
}

/// The models that can be called: those of the catalog with those that the service lists, in the order of their ids.
pub async fn listed(client: &Client, losses: &mut Vec<Loss>) -> Vec<Listed> {
    client.models().make_ready(client).await;
    let lists = client.models().lists();
    losses.extend(SOURCES.iter().zip(&lists.failures).filter_map(|(source, failure)| told(source, failure.as_ref()?)));
    catalog::merged(client.connection().account().region.as_deref(), lists.models.iter().flatten())
}

fn told(source: &Source, failure: &Error) -> Option<Loss> {
    let message = format!(
        "{} failed ({}: {}); what it last said, or the catalog, stands for it.",
        source.operation,
        failure.name(),
        failure.message
    );
    Some(Loss::general(LossCode::Fallback, message))
}

impl Models {
    fn lists(&self) -> MutexGuard<'_, Lists> {
        // No code that can panic runs under the lock.
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the lists, or has them read behind the back of the call that uses them.
    async fn make_ready(&self, client: &Client) {
        let due = self.lists().due;
        match due {
            None => self.read(client).await,
            Some(due) if due <= Instant::now() && self.reading.try_lock().is_ok() => {
                let client = client.clone();
                drop(tokio::spawn(async move { client.models().read(&client).await }));
            }
            Some(_) => {}
        }
    }

    /// What the account's lists have by this name: an inference profile of its own by ARN or name, or the newest model that
    /// a short name fits.
    pub(super) async fn find(&self, client: &Client, name: &str) -> Option<Listed> {
        self.make_ready(client).await;
        let lists = self.lists();
        let all = || lists.models.iter().flatten();
        let own = all().find(|listed| listed.id == name || listed.name.as_deref() == Some(name));
        let newest = || catalog::newest(name, all().map(|listed| listed.id.as_str()));
        own.or_else(|| newest().and_then(|id| all().find(|listed| listed.id == id))).cloned()
    }

    /// Reads all lists, unless somebody else just has.
    async fn read(&self, client: &Client) {
        let _reading = self.reading.lock().await;
        if self.lists().due.is_some_and(|due| due > Instant::now()) {
            return;
        }
        let answers = join_all(SOURCES.iter().map(|source| read(client, source))).await;
        let mut lists = self.lists();
        let mut fresh = FRESH;
        for (place, answer) in answers.into_iter().enumerate() {
            let failure = match answer {
                Ok(models) => {
                    lists.models.get_mut(place).into_iter().for_each(|list| list.clone_from(&models));
                    None
                }
                Err(failure) => {
                    fresh = FRESH_AFTER_FAILURE;
                    Some(failure)
                }
            };
            lists.failures.get_mut(place).into_iter().for_each(|kept| kept.clone_from(&failure));
        }
        lists.due = Some(Instant::now() + fresh);
    }

    /// The id of the model behind a resource of the account, if the service tells it.
    pub(super) async fn behind(&self, client: &Client, arn: &str) -> Result<Option<String>> {
        let Some(path) = listing::path_behind(arn) else { return Ok(None) };
        let known = || self.behind.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = known().get(arn) {
            return Ok(Some(id.clone()));
        }
        let path = format!("{path}{}", utf8_percent_encode(arn, NON_ALPHANUMERIC));
        let id = listing::model_behind(&get(client, &path).await?)?;
        if let Some(id) = &id {
            let mut known = known();
            if known.len() >= MOST_RESOURCES {
                known.clear();
            }
            known.insert(arn.to_owned(), id.clone());
        }
        Ok(id)
    }
}

/// All pages of a list.
async fn read(client: &Client, source: &Source) -> Result<Vec<Listed>> {
    let mut models = Vec::new();
    let mut path = source.path.to_owned();
    for _ in 0..MOST_PAGES {
        let page = (source.read)(&get(client, &path).await?)?;
        models.extend(page.models);
        let Some(token) = page.next_token else { break };
        path = format!("{}&nextToken={}", source.path, utf8_percent_encode(&token, NON_ALPHANUMERIC));
    }
    Ok(models)
}

/// What the control plane answers.
async fn get(client: &Client, path: &str) -> Result<Vec<u8>> {
    let patience = client.patience();
    let patience = Patience { total: Some(patience.total.map_or(MOST_TIME, |total| total.min(MOST_TIME))), ..patience };
    let route = Route::ControlPlane;
    let call = RawCall { route, region: None, method: "GET", path, headers: &[], body: Bytes::new(), patience };
    let mut raw = client.connection().send_raw(call).await?;
    match raw.refusal {
        Some(refusal) => Err(refusal),
        None => raw.answer.whole().await,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::simulator::{Action, Fault, Options, Running, Simulator};

    async fn pair() -> (Running, Client) {
        let bedrock = Simulator::start(Options::default()).await.unwrap();
        let keys = bedrock.state().options().credentials.clone();
        let options = json!({
            "region": "us-east-1",
            "accessKeyId": keys.access_key_id,
            "secretAccessKey": keys.secret_access_key,
            "baseURL": bedrock.url(),
        });
        let client = Client::new(&options, &|_| None, None).unwrap();
        (bedrock, client)
    }

    fn requests(bedrock: &Running) -> usize {
        bedrock.state().journal()["requests"].as_array().map_or(0, Vec::len)
    }

    #[tokio::test]
    async fn an_old_list_serves_while_a_new_one_is_read_and_when_it_cannot_be() {
        let (bedrock, client) = pair().await;
        let first = listed(&client, &mut Vec::new()).await;
        let refused = Action::Error {
            code: "AccessDeniedException".to_owned(),
            message: None,
            retry_after: None,
            details: serde_json::Map::new(),
        };
        bedrock.state().account().add_fault(Fault { times: Some(0), ..Fault::once(refused) });
        client.models().lists().due = Some(Instant::now());

        let mut losses = Vec::new();
        assert_eq!((listed(&client, &mut losses).await, losses.len()), (first.clone(), 0), "what was known");
        while client.models().lists().failures.iter().flatten().count() < SOURCES.len() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(requests(&bedrock), 6, "it was read behind the call's back");
        assert_eq!((listed(&client, &mut losses).await, losses.len()), (first, 3), "what was known, and why");
        assert_eq!(requests(&bedrock), 6, "and not again at once");
        bedrock.close().await;
    }
}
