//! The models that callers may name: those of every target, and the aliases.

use std::collections::BTreeMap;

use futures::future::join_all;
use percent_encoding::percent_decode_str;

use super::Routing;
use crate::catalog::{self, Id, Listed};
use crate::client::openai::Answer;
use crate::client::{listed, model_of, unknown_model};
use crate::conversation::Loss;
use crate::error::Result;

/// What stands before a model in a path.
const MODEL: &str = "/models/";
/// What is in the ARN of an account's own inference profile.
const OWN_PROFILE: &str = ":application-inference-profile/";

impl Routing {
    /// The list of all.
    pub(super) async fn list(&self) -> Answer {
        let mut losses = Vec::new();
        let models = self.models(&mut losses).await;
        Answer::of_models(&models, losses)
    }

    /// The one that a path names: of the list, or another that the catalog or a target knows.
    pub(super) async fn one(&self, path: &str) -> Result<Answer> {
        let name = path.split_once(MODEL).map_or("", |(_, name)| name);
        let name = percent_decode_str(name).decode_utf8_lossy();
        let mut losses = Vec::new();
        let models = self.models(&mut losses).await;
        if let Some(found) = models.iter().find(|listed| listed.id == name) {
            return Ok(Answer::of_model(found, losses));
        }
        let mut unknown = unknown_model(&name);
        for target in self.serving(&name, None) {
            match model_of(&target.patient, &name) {
                Ok(found) => return Ok(Answer::of_model(&found, losses)),
                Err(error) => unknown = error,
            }
        }
        Err(unknown)
    }

    async fn models(&self, losses: &mut Vec<Loss>) -> Vec<Listed> {
        let lists = self.targets.iter().map(|target| async move {
            let mut losses = Vec::new();
            let models = listed(&target.patient, &mut losses).await;
            (target, models, losses)
        });
        let mut all: BTreeMap<String, Listed> = BTreeMap::new();
        for (target, models, told) in join_all(lists).await {
            let served = models.into_iter().filter(|listed| self.shows(&listed.id) && target.serves(&listed.id));
            for listed in served {
                all.entry(listed.id.clone()).or_insert(listed);
            }
            let named = |loss: Loss| match self.named {
                true => Loss { message: format!("{}: {}", target.name, loss.message), ..loss },
                false => loss,
            };
            losses.extend(told.into_iter().map(named));
        }
        for (alias, model) in self.aliases.names() {
            let id = catalog::meant(model).map_or_else(|_| model.to_owned(), |target| target.wire_id);
            let like =
                all.get(&id).cloned().unwrap_or_else(|| Listed { owner: catalog::owner(&id), ..Listed::default() });
            all.insert(alias.to_owned(), Listed { id: alias.to_owned(), ..like });
        }
        all.into_values().collect()
    }

    fn shows(&self, id: &str) -> bool {
        let is_profile = Id::parse(id).is_some_and(|id| id.geography.is_some());
        (self.cross_region || !is_profile) && (self.application_profiles || !id.contains(OWN_PROFILE))
    }
}
