//! Lists in pages: at most `maxResults` items, and a token for the rest.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Request;
use crate::simulator::exception::Exception;
use crate::simulator::wording;

/// Items of a page when the request does not say how many: the most that the service takes (service model).
const USUAL: usize = 1000;

/// The page that the request asks for, under `member`, and `nextToken` when there is more.
pub(in crate::simulator) fn page(
    request: &Request<'_>,
    member: &str,
    items: impl IntoIterator<Item = Value>,
) -> Result<Value, Exception> {
    let size = request.query("maxResults").and_then(|text| text.parse().ok()).unwrap_or(USUAL);
    from(request.operation(), request.query("nextToken"), size, member, items)
}

/// The `size` items that follow those which `next_token` stands for.
pub(super) fn from(
    operation: &str,
    next_token: Option<&str>,
    size: usize,
    member: &str,
    items: impl IntoIterator<Item = Value>,
) -> Result<Value, Exception> {
    let start = match next_token {
        Some(token) => read(operation, token).ok_or_else(|| wording::NEXT_TOKEN.refuse(&[]))?,
        None => 0,
    };
    let mut rest = items.into_iter().skip(start).peekable();
    let items: Vec<Value> = rest.by_ref().take(size).collect();
    let mut page = json!({ member: items });
    if rest.peek().is_some() {
        page["nextToken"] = token(operation, start + size).into();
    }
    Ok(page)
}

/// An opaque token: the operation that gave it and how many items came before.
fn token(operation: &str, start: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("{operation} {start}"))
}

fn read(operation: &str, token: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (name, start) = text.split_once(' ')?;
    (name == operation).then(|| start.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_list_only() {
        let given = token("ListGuardrails", 25);
        assert_eq!(read("ListGuardrails", &given), Some(25));
        for (operation, token) in
            [("ListCustomModels", given.as_str()), ("ListGuardrails", "x"), ("ListGuardrails", "")]
        {
            assert_eq!(read(operation, token), None, "{operation} {token}");
        }
    }
}
