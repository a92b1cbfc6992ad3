//! The routes below `/_simulator`: the page's files, and who may call them.

use bedrock_wrapper::simulator::{Options, State, app};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

/// A GET with headers: its status, type and body.
async fn get(path: &str, headers: &[(&str, &str)]) -> (StatusCode, String, String) {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let app = TowerToHyperService::new(app(State::new(Options::default())));
    let response = app.call(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let kind = response.headers().get(header::CONTENT_TYPE).map_or("", |kind| kind.to_str().unwrap()).to_owned();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, kind, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn the_page_and_its_files() {
    let host = [("host", "localhost:4010")];
    let (status, kind, html) = get("/_simulator/", &host).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "text/html; charset=utf-8"));
    let files = html.split('"').filter(|text| text.starts_with("page/")).collect::<Vec<_>>();
    assert!(files.len() >= 2, "{html}");
    for file in files {
        assert_eq!(get(&format!("/_simulator/{file}"), &host).await.0, StatusCode::OK, "{file}");
    }
    assert_eq!(get("/_simulator", &host).await.0, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(get("/_simulator/page/nope.js", &host).await.0, StatusCode::NOT_FOUND);
    assert_eq!(get("/_simulator/nope", &host).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_of_others_are_not_answered() {
    for (headers, expected) in [
        (vec![("host", "127.0.0.1:4010")], StatusCode::OK),
        (vec![("host", "127.0.0.1:4010"), ("origin", "http://127.0.0.1:4010")], StatusCode::OK),
        (vec![("host", "127.0.0.1:4010"), ("origin", "https://example.com")], StatusCode::FORBIDDEN),
        (vec![("host", "127.0.0.1:4010"), ("origin", "null")], StatusCode::FORBIDDEN),
        // A name of somebody else's that points here.
        (vec![("host", "example.com:4010")], StatusCode::FORBIDDEN),
        (vec![], StatusCode::FORBIDDEN),
    ] {
        assert_eq!(get("/_simulator/journal", &headers).await.0, expected, "{headers:?}");
    }
}
