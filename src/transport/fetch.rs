//! Requests through the program's own `fetch` ([`Host::fetch`]) behind the SDK's connector interface, so that signing and
//! retries stay what they are.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use bytes::Bytes;
use http_body_util::combinators::BoxBody;

use super::elapsed::{Limit, within};
use super::host::{Fetched, Host, Outgoing};
use super::refusal;
use crate::error::Error;

/// A client whose requests leave through `host`. It has no connections, so connecting has no limit of its own.
pub(super) fn http_client(host: Arc<dyn Host>) -> SharedHttpClient {
    SharedHttpClient::new(Foreign { host })
}

#[derive(Debug)]
struct Foreign {
    host: Arc<dyn Host>,
}

impl HttpClient for Foreign {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Attempt { host: self.host.clone(), first: settings.read_timeout() })
    }
}

#[derive(Debug)]
struct Attempt {
    host: Arc<dyn Host>,
    /// Until the head of the answer is there.
    first: Option<Duration>,
}

impl HttpConnector for Attempt {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.host.fetch(outgoing(&request));
        let first = self.first;
        HttpConnectorFuture::new(async move {
            let answer = within(first, Limit::FirstByte, answer).await;
            let answer = answer.map_err(|elapsed| ConnectorError::timeout(elapsed.into()))?;
            refusal::ready(response(answer.map_err(|error| ConnectorError::io(error.into()))?)?, first).await
        })
    }
}

/// Without the length, which `fetch` writes itself.
fn outgoing(request: &HttpRequest) -> Outgoing {
    let headers = request.headers().iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
    Outgoing {
        method: request.method().to_owned(),
        url: request.uri().to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: Bytes::copy_from_slice(request.body().bytes().unwrap_or_default()),
    }
}

fn response(answer: Fetched) -> Result<http::Response<BoxBody<Bytes, Error>>, ConnectorError> {
    let mut response = http::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(answer.body).map_err(|error| ConnectorError::other(error.into(), None))
}
