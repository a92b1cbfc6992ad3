//! What a request shows of its caller.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::super::refusal::Refusal;

/// Where clients put a key, besides `authorization`: Anthropic's clients, and Azure's for OpenAI.
const HEADERS: [&str; 2] = ["x-api-key", "api-key"];

/// Below so many letters nothing of a wrong key is repeated: it might be nearly right.
const LEAST_SHOWN: usize = 12;

/// The key that a request shows: `Authorization: Bearer`, else `x-api-key`, else `api-key`.
pub(super) fn key(headers: &HeaderMap) -> Option<&str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let bearer = text(AUTHORIZATION.as_str()).and_then(|value| {
        let (scheme, key) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
    });
    bearer.or_else(|| HEADERS.into_iter().find_map(text)).filter(|key| !key.is_empty())
}

/// No key was shown.
pub(super) fn none() -> Refusal {
    let message = "You didn't provide an API key. You need to provide your API key in an Authorization header using \
                   Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or in an x-api-key or api-key header.";
    unauthorised("invalid_api_key", message.to_owned())
}

/// A key that nobody has.
pub(super) fn unknown(key: &str) -> Refusal {
    unauthorised("invalid_api_key", format!("Incorrect API key provided: {}.", masked(key)))
}

/// A key that has ended.
pub(super) fn expired(key: &str) -> Refusal {
    unauthorised("expired_api_key", format!("The API key provided has expired: {}.", masked(key)))
}

fn unauthorised(code: &'static str, message: String) -> Refusal {
    let mut refusal = Refusal::invalid(401, code, message);
    refusal.headers.push(("www-authenticate", "Bearer".to_owned()));
    refusal
}

/// `abc***z`: enough to tell which of one's keys it is.
fn masked(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    match letters.as_slice() {
        [a, b, c, .., z] if letters.len() >= LEAST_SHOWN => format!("{a}{b}{c}***{z}"),
        _ => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(headers: &[(&'static str, &'static str)]) -> Option<String> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        key(&headers.collect()).map(str::to_owned)
    }

    #[test]
    fn keys_are_taken_from_wherever_clients_put_them() {
        for headers in [
            [("authorization", "Bearer k"), ("x-api-key", "other")],
            [("authorization", "bearer  k "), ("api-key", "other")],
            [("x-api-key", "k"), ("api-key", "other")],
            [("authorization", "Basic dTpw"), ("api-key", "k")],
        ] {
            assert_eq!(shown(&headers).as_deref(), Some("k"), "{headers:?}");
        }
        for headers in [("authorization", "Bearer "), ("authorization", "k"), ("x-api-key", " "), ("cookie", "k")] {
            assert_eq!(shown(&[headers]), None, "{headers:?}");
        }
    }

    #[test]
    fn no_more_of_a_wrong_key_is_repeated_than_tells_it_from_others() {
        assert_eq!(masked("sk-0123456789abcdef"), "sk-***f");
        assert_eq!(masked("hunter2"), "***");
    }
}
