//! TagResource, UntagResource and ListTagsForResource, for everything that has tags.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::store::missing;
use super::{Request, Store};
use crate::simulator::exception::Exception;
use crate::simulator::wording;

/// Most tags of a resource (AWS General Reference, tagging).
const MOST: usize = 50;

/// The tags of every resource that can have some, by its ARN.
#[derive(Default)]
pub(in crate::simulator) struct Tags(BTreeMap<String, Vec<(String, String)>>);

impl Tags {
    /// Makes a new resource known, with the tags of its request (`null` for none).
    pub(in crate::simulator) fn open(&mut self, arn: &str, tags: &Value) -> Result<(), Exception> {
        let mut own = Vec::new();
        set(&mut own, arn, tags)?;
        self.0.insert(arn.to_owned(), own);
        Ok(())
    }

    /// Forgets a resource that is deleted.
    pub(in crate::simulator) fn close(&mut self, arn: &str) {
        self.0.remove(arn);
    }

    fn of(&mut self, arn: &str) -> Result<&mut Vec<(String, String)>, Exception> {
        self.0.get_mut(arn).ok_or_else(|| missing(arn))
    }
}

pub(super) fn tag(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let arn = request.text("resourceARN");
    set(store.tags.of(arn)?, arn, request.get("tags"))?;
    Ok(json!({}))
}

pub(super) fn untag(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let own = store.tags.of(request.text("resourceARN"))?;
    let keys = request.get("tagKeys").as_array().map(Vec::as_slice).unwrap_or_default();
    own.retain(|(key, _)| !keys.iter().any(|given| given == key));
    Ok(json!({}))
}

pub(super) fn list(request: &Request<'_>, store: &mut Store) -> Result<Value, Exception> {
    let own = store.tags.of(request.text("resourceARN"))?;
    let tags: Vec<Value> = own.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
    Ok(json!({ "tags": tags }))
}

fn set(own: &mut Vec<(String, String)>, arn: &str, tags: &Value) -> Result<(), Exception> {
    let mut all = own.clone();
    for tag in tags.as_array().into_iter().flatten() {
        let text = |member: &str| tag[member].as_str().unwrap_or_default().to_owned();
        let (key, value) = (text("key"), text("value"));
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some(known) => known.1 = value,
            None => all.push((key, value)),
        }
    }
    if all.len() > MOST {
        let mut refusal = Exception::new("TooManyTagsException", wording::TOO_MANY_TAGS.fill(&[&MOST]));
        refusal.extra.push(("resourceName".to_owned(), arn.into()));
        return Err(refusal);
    }
    *own = all;
    Ok(())
}
