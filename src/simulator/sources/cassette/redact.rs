//! What must not stand in a cassette: account numbers, names of users and roles, keys, tokens and signatures.
//!
//! Headers with credentials are never kept (`interaction`). This looks for what is left in paths, bodies and frames.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex_lite::{Captures, Regex};
use serde_json::{Map, Value};

use super::interaction::{Interaction, Request};

/// AWS's example account.
const ACCOUNT: &str = "123456789012";

/// Where an account's number stands: in an ARN, raw or percent-encoded, and after a word for it.
static ACCOUNTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let separator = "(?:%3[Aa]|:)";
    let arn = format!(r"arn{separator}aws[a-z-]*{separator}[a-z0-9-]*{separator}[a-z0-9-]*{separator}(\d{{12}})\b");
    let word = r#"(?i)(?:account|owner)[a-z]*["'\\]*[\s:=(]*(?:id|number)?[\s:=("'\\]*(\d{12})\b"#;
    compile(&[&arn, word])
});

/// What else is secret, and what is written instead.
static SECRETS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let patterns = [
        (r"(arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(?:user|role|assumed-role|federated-user)/)[\w+=,.@/-]+", "${1}example"),
        (r"\b(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,}\b", "AKIAIOSFODNN7EXAMPLE"),
        (r"\bABSK[A-Za-z0-9+/=]{16,}", "ABSK-redacted"),
        (r"\bbedrock-api-key-[A-Za-z0-9+/=%&?_-]{16,}", "bedrock-api-key-redacted"),
        (r"(?i)(X-Amz-(?:Signature|Credential|Security-Token)(?:=|%3D))[^&\s]+", "${1}redacted"),
        (r"(?i)(x-amz-security-token:)[^\s\\]+", "${1}redacted"),
        (r"(?i)\b(Bearer )[A-Za-z0-9+/=._~-]{16,}", "${1}redacted"),
        (r"(\bSignature=)[0-9a-f]{64}", "${1}redacted"),
    ];
    let compiled = compile(&patterns.map(|(pattern, _)| pattern));
    compiled.into_iter().zip(patterns.map(|(_, instead)| instead)).collect()
});

/// The patterns are constants, and a test uses each.
fn compile(patterns: &[&str]) -> Vec<Regex> {
    patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect()
}

/// An interaction as it may be kept; `None` when it cannot be made safe.
pub(super) fn interaction(interaction: &Interaction) -> Option<Interaction> {
    redacted(interaction)
}

/// A request as it is kept, to be compared with those in cassettes.
pub(super) fn request(request: Request) -> Request {
    redacted(&request).unwrap_or(request)
}

/// `None` where what is left is not of the type any more.
fn redacted<T: serde::Serialize + serde::de::DeserializeOwned>(data: &T) -> Option<T> {
    let mut json = serde_json::to_value(data).ok()?;
    let mut accounts = BTreeSet::new();
    collect(&json, &mut accounts);
    replace(&mut json, &accounts);
    serde_json::from_value(json).ok()
}

fn collect(value: &Value, accounts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let found = ACCOUNTS.iter().flat_map(|pattern| pattern.captures_iter(text));
            accounts.extend(found.filter_map(|found| Some(found.get(1)?.as_str().to_owned())));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, accounts)),
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            collect(&Value::String(key.clone()), accounts);
            // `{"accountId": "111122223333"}`
            if let Value::String(text) = value {
                collect(&Value::String(format!("{key}: {text}")), accounts);
            }
            collect(value, accounts);
        }),
        _ => {}
    }
}

fn replace(value: &mut Value, accounts: &BTreeSet<String>) {
    match value {
        Value::String(text) => *text = clean(text, accounts),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, accounts)),
        Value::Object(members) => {
            // Bytes that are no text hold no text to look through.
            let bytes = members.remove("base64");
            let cleaned = std::mem::take(members).into_iter().map(|(key, mut value)| {
                replace(&mut value, accounts);
                (clean(&key, accounts), value)
            });
            *members = cleaned.chain(bytes.map(|bytes| ("base64".to_owned(), bytes))).collect::<Map<_, _>>();
        }
        _ => {}
    }
}

fn clean(text: &str, accounts: &BTreeSet<String>) -> String {
    let mut text = text.to_owned();
    for account in accounts.iter().filter(|account| text.contains(account.as_str())).collect::<Vec<_>>() {
        text = text.replace(account.as_str(), ACCOUNT);
    }
    for (pattern, instead) in SECRETS.iter() {
        if pattern.is_match(&text) {
            text = pattern.replace_all(&text, |found: &Captures<'_>| expanded(found, instead)).into_owned();
        }
    }
    text
}

fn expanded(found: &Captures<'_>, instead: &str) -> String {
    instead.replace("${1}", found.get(1).map_or("", |group| group.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_pattern_is_valid() {
        assert_eq!((ACCOUNTS.len(), SECRETS.len()), (2, 8));
    }

    #[test]
    fn nothing_secret_is_left() {
        let secret = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        let body = json!({
            "arn": "arn:aws:bedrock:us-east-1:111122223333:guardrail/x",
            "message": "User: arn:aws:sts::444455556666:assumed-role/Admin/jo@corp.example is not authorized; account 444455556666",
            "bucketOwner": "777788889999",
            "again": "777788889999 owns it",
            "key": "AKIAABCDEFGHIJKLMNOP and ABSKQmVkcm9ja0FQSUtleS1leGFtcGxl",
            "canonical": format!("x-amz-security-token:IQoJb3JpZ2luX2VjE\nSignature={secret}"),
            "url": format!("https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAABCDEFGHIJKLMNOP%2F2025&X-Amz-Signature={secret}&z=1"),
            "auth": "Bearer abcdefghijklmnopqrstuvwxyz",
            "kept": "call 020 7946 0018 or 123456789012345, order 202511201234",
        });
        let path = "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A111122223333%3Ainference-profile%2Fx/converse".to_owned();
        let given = Request { method: "POST".into(), path, headers: Map::new(), body };
        let kept = serde_json::to_string(&request(given)).unwrap();
        for gone in [
            "111122223333",
            "444455556666",
            "777788889999",
            "Admin",
            "jo@corp",
            "AKIAABCDEFGHIJKLMNOP",
            "QmVkcm9ja0",
            "IQoJb3JpZ2lu",
            secret,
            "abcdefghijklmnopqrstuvwxyz",
        ] {
            assert!(!kept.contains(gone), "{gone} in {kept}");
        }
        for there in [
            "%3A123456789012%3A",
            ":123456789012:guardrail/x",
            "assumed-role/example",
            "&z=1",
            "020 7946 0018 or 123456789012345, order 202511201234",
        ] {
            assert!(kept.contains(there), "{there} not in {kept}");
        }
    }
}
