//! Making an answer off the threads that streams wait for; with the vectors of another model, where there is one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Embed, Made, answer, of_text};
use crate::simulator::exception::Exception;
use crate::simulator::identity::Identity;
use crate::simulator::llm::{Service, fitted};
use crate::simulator::models::{Kind, Model};
use crate::simulator::native::Body;

/// The answer to a body. Embedding models take their vectors of texts from `service`, if given.
pub(in crate::simulator) async fn make(
    model: Model,
    body: Body,
    identity: Identity,
    service: Option<&Service>,
) -> Result<Made, Exception> {
    let request = Arc::new((model, body, identity));
    let embeds = request.0.series.family.kind() == Kind::Embedding;
    let Some(service) = service.filter(|_| embeds) else { return run(request, of_text).await };
    // The first run validates the body and tells which texts there are; the second one has their vectors.
    let texts: Arc<Mutex<Vec<String>>> = Arc::default();
    let asked = Arc::clone(&texts);
    let note = move |text: &str, dimensions: usize| {
        asked.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
        of_text(text, dimensions)
    };
    let made = run(Arc::clone(&request), note).await?;
    let texts = std::mem::take(&mut *texts.lock().unwrap_or_else(PoisonError::into_inner));
    if texts.is_empty() {
        return Ok(made);
    }
    let vectors = service.embed(&request.0, &texts).await?;
    let known: HashMap<String, Vec<f32>> = texts.into_iter().zip(vectors).collect();
    run(request, move |text, dimensions| known.get(text).map_or_else(Vec::new, |vector| fitted(vector, dimensions)))
        .await
}

async fn run(
    request: Arc<(Model, Body, Identity)>,
    embed: impl Fn(&str, usize) -> Vec<f32> + Send + 'static,
) -> Result<Made, Exception> {
    let run = tokio::task::spawn_blocking(move || {
        let embed: &Embed = &embed;
        answer(&request.0, &request.1, &request.2, embed)
    });
    run.await.map_err(|error| Exception::new("InternalServerException", error.to_string()))?
}
