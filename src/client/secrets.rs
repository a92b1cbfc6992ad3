//! Secrets in AWS's stores: Secrets Manager's GetSecretValue and the Parameter Store's GetParameter (AWS Secrets Manager and
//! AWS Systems Manager API references), as JSON 1.1 over the way that all requests take.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::config::{Account, Environment, Patience, Route, Secret};
use crate::error::{Error, Kind, Result};
use crate::transport::{Connection, RawCall};

/// How long one request may take.
const MOST_TIME: Duration = Duration::from_secs(15);

/// Who may read secrets, and where.
#[derive(Clone, Debug)]
pub struct Vault {
    account: Account,
}

/// An operation, and where its answer has the secret.
struct Operation {
    route: Route,
    target: &'static str,
    secret: fn(&Value) -> Option<String>,
}

const GET_SECRET_VALUE: Operation = Operation {
    route: Route::SecretsManager,
    target: "secretsmanager.GetSecretValue",
    secret: |answer| {
        let text = answer["SecretString"].as_str().map(str::to_owned);
        text.or_else(|| String::from_utf8(STANDARD.decode(answer["SecretBinary"].as_str()?).ok()?).ok())
    },
};

const GET_PARAMETER: Operation = Operation {
    route: Route::SystemsManager,
    target: "AmazonSSM.GetParameter",
    secret: |answer| answer["Parameter"]["Value"].as_str().map(str::to_owned),
};

impl Vault {
    /// With the options of a client; a Bedrock API key among them is left aside, for these services take none.
    pub fn new(options: &Value, environment: Environment<'_>) -> Result<Vault> {
        Ok(Vault { account: Account::of_options(options, &|_| false, environment)? })
    }

    /// The current version of a secret in Secrets Manager, by its ARN or name.
    pub async fn secret(&self, id: &str) -> Result<Secret> {
        self.ask(&GET_SECRET_VALUE, region_of(id), json!({"SecretId": id})).await
    }

    /// A parameter of the Parameter Store, by its name or ARN, decrypted.
    pub async fn parameter(&self, name: &str) -> Result<Secret> {
        self.ask(&GET_PARAMETER, region_of(name), json!({"Name": name, "WithDecryption": true})).await
    }

    async fn ask(&self, operation: &Operation, region: Option<&str>, request: Value) -> Result<Secret> {
        let connection = Connection::new(self.account.signing(region), None);
        let call = RawCall {
            route: operation.route,
            region: None,
            method: "POST",
            path: "/",
            headers: &[("content-type", "application/x-amz-json-1.1"), ("x-amz-target", operation.target)],
            body: Bytes::from(request.to_string()),
            patience: Patience { total: Some(MOST_TIME), ..Patience::default() },
        };
        let mut answer = connection.send_raw(call).await?;
        if let Some(refusal) = answer.refusal {
            return Err(refusal);
        }
        let body = answer.answer.whole().await?;
        let secret = serde_json::from_slice(&body).ok().and_then(|answer| (operation.secret)(&answer));
        let missing = || Error::new(Kind::BrokenStream, format!("{} gave no secret.", operation.target));
        secret.map(Secret::new).ok_or_else(missing)
    }
}

/// The region of an ARN, where it is one.
fn region_of(id: &str) -> Option<&str> {
    let mut parts = id.split(':');
    (parts.next() == Some("arn")).then(|| parts.nth(2)).flatten().filter(|region| !region.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_says_where_the_secret_is() {
        let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:keys-AbCdEf";
        assert_eq!(region_of(arn), Some("eu-west-1"));
        assert_eq!((region_of("keys"), region_of("arn:aws:ssm::1:parameter/x")), (None, None));
    }

    #[test]
    fn a_secret_is_text_or_bytes() {
        let secret = |answer: Value| (GET_SECRET_VALUE.secret)(&answer);
        assert_eq!(secret(json!({"SecretString": "s"})).as_deref(), Some("s"));
        assert_eq!(secret(json!({"SecretBinary": "cw=="})).as_deref(), Some("s"));
        assert_eq!(secret(json!({"SecretBinary": "?"})), None);
        assert_eq!((GET_PARAMETER.secret)(&json!({"Parameter": {"Value": "s"}})).as_deref(), Some("s"));
    }
}
