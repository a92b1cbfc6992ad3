//! The page at `/_simulator/`: files that a browser takes as they are. No build step, nothing from elsewhere.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, type and content.
const FILES: &[(&str, &str, &str)] = &[
    ("", HTML, include_str!("page/index.html")),
    ("page/api.js", SCRIPT, include_str!("page/api.js")),
    ("page/detail.js", SCRIPT, include_str!("page/detail.js")),
    ("page/dom.js", SCRIPT, include_str!("page/dom.js")),
    ("page/faults.js", SCRIPT, include_str!("page/faults.js")),
    ("page/main.js", SCRIPT, include_str!("page/main.js")),
    ("page/requests.js", SCRIPT, include_str!("page/requests.js")),
    ("page/style.css", CSS, include_str!("page/style.css")),
];

/// What a request holds must never run: scripts and styles come from here only.
const POLICY: &str = "default-src 'self'; img-src data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'";

/// The file below `/_simulator/`.
pub(super) fn file(name: &str) -> Option<Response<Body>> {
    let (_, kind, content) = FILES.iter().find(|(file, ..)| *file == name)?;
    let mut response = Response::new(Body::from(*content));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Some(response)
}

/// From `/_simulator` to `/_simulator/`, below which the page finds its files.
pub(super) fn redirect() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/_simulator/"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/simulator/page");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let name = if name == "index.html" { String::new() } else { format!("page/{name}") };
            assert!(file(&name).is_some(), "{name} is missing in FILES");
        }
        assert!(file("page/../mod.rs").is_none());
    }
}
