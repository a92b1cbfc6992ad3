//! Our bytes through the SDK's pipeline: one interceptor sets the request body, its limits and retries, and takes the
//! body of the answer.

use std::fmt;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::timeout::TimeoutConfig;
use bytes::Bytes;
use tokio::task::futures::TaskLocalFuture;
use tokio::time::Instant;

use super::observe::Attempts;
use super::routes::headers_of;
use super::{Answer, Particulars, retry};
use crate::config::Patience;
use crate::error::{Error, Kind, Result};

/// One request body on its way out, one answer on its way back. Clones share both.
#[derive(Clone)]
pub(super) struct Exchange {
    request: Bytes,
    patience: Patience,
    /// Where somebody wants to know.
    attempts: Option<Arc<Attempts>>,
    /// What is particular about this call.
    particulars: Particulars,
    answer: Arc<Mutex<Option<Taken>>>,
    /// When the last attempt was signed.
    signed: Arc<Mutex<Option<std::time::Instant>>>,
    /// Where it went.
    url: Arc<OnceLock<String>>,
}

struct Taken {
    status: u16,
    /// Only where they are wanted.
    headers: Vec<(String, String)>,
    request_id: Option<String>,
    token_counts: (Option<u64>, Option<u64>),
    body: SdkBody,
}

impl Exchange {
    pub(super) fn new(request: Bytes, patience: Patience, attempts: Option<Arc<Attempts>>) -> Self {
        Exchange {
            request,
            patience,
            attempts,
            particulars: Particulars::default(),
            answer: Arc::default(),
            signed: Arc::default(),
            url: Arc::default(),
        }
    }

    /// The same as `particulars` say.
    pub(super) fn with_particulars(self, particulars: Particulars) -> Self {
        Exchange { particulars, ..self }
    }

    /// Where it went, once it has, if that is wanted.
    pub(super) fn url(&self) -> Option<&str> {
        self.url.get().map(String::as_str)
    }

    /// What a successful call left behind.
    pub(super) fn answer(&self, deadline: Option<Instant>) -> Result<Answer> {
        let taken = self.answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Taken { status, headers, request_id, token_counts, body }) = taken else {
            return Err(Error::new(Kind::Internal, "The SDK reported success without an answer."));
        };
        let patience = self.patience;
        let url = self.url().map(str::to_owned);
        let (is_paced, alarm) = (false, None);
        Ok(Answer { status, url, headers, request_id, token_counts, body, patience, deadline, is_paced, alarm })
    }

    /// When the last attempt was signed: with credentials that were found before.
    pub(super) fn signed(&self) -> Option<std::time::Instant> {
        *self.signed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer that a failed call had, which the SDK has read.
    pub(super) fn failed_answer(&self, response: &HttpResponse, deadline: Option<Instant>) -> Answer {
        let request_id = response.headers().get("x-amzn-requestid").map(str::to_owned);
        let body = SdkBody::from(Bytes::copy_from_slice(response.body().bytes().unwrap_or_default()));
        let (token_counts, patience) = ((None, None), self.patience);
        let (url, headers) = (self.url().map(str::to_owned), Vec::new());
        let (status, is_paced, alarm) = (response.status().as_u16(), false, None);
        Answer { status, url, headers, request_id, token_counts, body, patience, deadline, is_paced, alarm }
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Exchange({} bytes)", self.request.len())
    }
}

tokio::task_local! {
    static CURRENT: Exchange;
}

/// Each client's interceptor: it does for a call what the exchange says that the call was made within. An interceptor for
/// each call would make the SDK merge its configuration anew each time, which costs as much as signing.
#[derive(Debug)]
pub(super) struct Exchanges;

impl Exchange {
    /// Makes a call of the SDK within this exchange. Boxed: the SDK's futures are some 10 KB.
    pub(super) fn with<F: Future>(&self, call: F) -> TaskLocalFuture<Exchange, Pin<Box<F>>> {
        CURRENT.scope(self.clone(), Box::pin(call))
    }

    fn is_on_its_way(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        config: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        // Settings of the call without a client of its own, whose credentials would have to be found anew.
        let Patience { connect, first, .. } = self.patience;
        let limits = TimeoutConfig::builder().connect_timeout(connect).read_timeout(first).build();
        config.interceptor_state().store_put(limits).store_put(retry::config(&self.patience));
        let request = context.request_mut();
        *request.body_mut() = SdkBody::from(self.request.clone());
        request.headers_mut().insert("content-length", self.request.len().to_string());
        for (name, value) in self.particulars.headers.iter() {
            request.headers_mut().try_insert(name.clone(), value.clone())?;
        }
        Ok(())
    }

    fn has_signed(&self, context: &BeforeTransmitInterceptorContextRef<'_>) {
        *self.signed.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::time::Instant::now());
        if self.particulars.keeps_head {
            self.url.get_or_init(|| context.request().uri().to_owned());
        }
        self.attempts.iter().for_each(|attempts| attempts.send(context.request()));
    }

    fn has_answer(&self, context: &mut BeforeDeserializationInterceptorContextMut<'_>) {
        let response = context.response_mut();
        if response.status().is_success() {
            let mut taken = take(response);
            if self.particulars.keeps_head {
                taken.headers = headers_of(response);
            }
            *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
        }
    }
}

/// Every call of ours is made within an exchange; one of anybody else's would be the SDK's alone.
fn current(act: impl FnOnce(&Exchange)) -> std::result::Result<(), BoxError> {
    let _ = CURRENT.try_with(act);
    Ok(())
}

#[dyn_dispatch_hint]
impl Intercept for Exchanges {
    fn name(&self) -> &'static str {
        "Exchanges"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        CURRENT.try_with(|exchange| exchange.is_on_its_way(context, config)).unwrap_or(Ok(()))
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        current(|exchange| exchange.attempts.iter().for_each(|attempts| attempts.begin()))
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        current(|exchange| exchange.has_signed(context))
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        current(|exchange| exchange.attempts.iter().for_each(|attempts| attempts.end(context)))
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> std::result::Result<(), BoxError> {
        current(|exchange| exchange.has_answer(context))
    }
}

/// Leaves the SDK an empty body: it makes an empty output of it, which nobody reads.
fn take(response: &mut HttpResponse) -> Taken {
    let header = |name: &str| response.headers().get(name).map(str::to_owned);
    let count = |name: &str| header(name).and_then(|value| value.parse().ok());
    Taken {
        status: response.status().as_u16(),
        headers: Vec::new(),
        request_id: header("x-amzn-requestid"),
        token_counts: (count("x-amzn-bedrock-input-token-count"), count("x-amzn-bedrock-output-token-count")),
        body: mem::replace(response.body_mut(), SdkBody::empty()),
    }
}
