//! The page at `/`: files that a browser takes as they are. No build step, nothing from elsewhere.

use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Response, StatusCode};
use serde_json::json;

use super::answer::text;
use super::body::AnswerBody;
use super::settings::Settings;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const INDEX: &str = include_str!("index.html");

/// Name, type and content.
const FILES: &[(&str, &str, &str)] = &[
    ("api.js", SCRIPT, include_str!("api.js")),
    ("chart.js", SCRIPT, include_str!("chart.js")),
    ("dom.js", SCRIPT, include_str!("dom.js")),
    ("failures.js", SCRIPT, include_str!("failures.js")),
    ("key.js", SCRIPT, include_str!("key.js")),
    ("main.js", SCRIPT, include_str!("main.js")),
    ("models.js", SCRIPT, include_str!("models.js")),
    ("playground.js", SCRIPT, include_str!("playground.js")),
    ("style.css", CSS, include_str!("style.css")),
    ("targets.js", SCRIPT, include_str!("targets.js")),
    ("watch.js", SCRIPT, include_str!("watch.js")),
];

/// What a model says must never run: scripts and styles come from here only, and requests go nowhere else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What is at `/`: the page for whoever takes HTML, else what this is.
pub(super) fn root(headers: &HeaderMap, settings: &Settings) -> Response<AnswerBody> {
    let accepts = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let mut response = if settings.page && accepts.contains("text/html") {
        served(HTML, INDEX)
    } else {
        let about = json!({
            "name": "bedrock-wrapper",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "OpenAI's API, answered by Amazon Bedrock",
            "base_paths": settings.path_prefixes,
        });
        text(StatusCode::OK, "application/json", about.to_string())
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    response
}

/// A file of the page.
pub(super) fn file(name: &str) -> Option<Response<AnswerBody>> {
    let (_, kind, content) = FILES.iter().find(|(file, ..)| *file == name)?;
    Some(served(kind, content))
}

fn served(kind: &'static str, content: &'static str) -> Response<AnswerBody> {
    let mut response = text(StatusCode::OK, kind, content);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_served_and_nothing_else() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/gateway/page");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert_eq!(file(&name).is_some(), !["index.html", "mod.rs"].contains(&name.as_str()), "{name}");
        }
        assert!(file("../mod.rs").is_none());
    }

    #[test]
    fn programs_get_json_and_so_does_everyone_where_there_is_no_page() {
        let kind = |accept: &'static str, page: bool| {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            let response = root(&headers, &Settings { page, ..Settings::default() });
            response.headers()[http::header::CONTENT_TYPE].to_str().unwrap().to_owned()
        };
        assert_eq!(kind("text/html,application/xhtml+xml,*/*;q=0.8", true), HTML);
        assert_eq!(kind("*/*", true), "application/json");
        assert_eq!(kind("text/html", false), "application/json");
    }

    #[test]
    fn what_the_page_loads_is_there() {
        let loaded = INDEX.split('"').filter_map(|text| text.strip_prefix("_gateway/page/"));
        let loaded: Vec<&str> = loaded.collect();
        assert!(loaded.len() >= 2);
        assert!(loaded.iter().all(|name| file(name).is_some()), "{loaded:?}");
    }
}
