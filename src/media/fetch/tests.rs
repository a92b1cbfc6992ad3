//! A fetcher against a small server on this machine that misbehaves by path.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use super::*;
use crate::error::Kind;

const IMAGE: &[u8] = include_bytes!("../../../__test__/fixtures/images/rgb-64x48.png");

/// First byte of a TLS client; this server speaks plain HTTP only.
const TLS_HANDSHAKE: u8 = 0x16;

/// Serves until the test's process ends; a connection is closed after one answer.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            std::thread::spawn(move || answer(connection));
        }
    });
    origin
}

fn answer(mut connection: TcpStream) -> Option<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).ok()?;
        if byte == [TLS_HANDSHAKE] {
            return connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").ok();
        }
        request.extend_from_slice(&byte);
    }
    let request = String::from_utf8(request).ok()?;
    let target = request.split(' ').nth(1)?;
    let path = target.split('?').next()?;
    let (head, body): (String, &[u8]) = match path {
        "/image" => ("200 OK\r\ncontent-type: text/plain".into(), IMAGE),
        "/headers" => ("200 OK".into(), request.as_bytes()),
        "/missing" => ("404 Not Found\r\ncontent-type: image/png".into(), IMAGE),
        "/loop" => ("302 Found\r\nlocation: /loop".into(), b""),
        "/to-file" => ("302 Found\r\nlocation: file:///etc/passwd".into(), b""),
        "/to-private" => ("302 Found\r\nlocation: http://169.254.169.254/latest/meta-data/".into(), b""),
        "/nowhere" => ("302 Found".into(), b""),
        "/slow" => {
            connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc").ok()?;
            std::thread::sleep(Duration::from_secs(20));
            return None;
        }
        "/cut" => return connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc").ok(),
        "/endless" => {
            connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
            loop {
                connection.write_all(&[0; 1024]).ok()?;
            }
        }
        "/announced" => return connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n").ok(),
        _ => {
            let hops: u32 = path.strip_prefix("/hops/")?.parse().ok()?;
            let next = if hops == 1 { "../image?signature=1".to_owned() } else { format!("{}", hops - 1) };
            (format!("307 Temporary Redirect\r\nlocation: {next}"), b"")
        }
    };
    write!(connection, "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len()).ok()?;
    connection.write_all(body).ok()
}

const LIMITS: FetchLimits = FetchLimits { max_redirects: 5, max_bytes: 64 * 1024, timeout: Duration::from_secs(5) };

async fn fetch_with(reach: Reach, limits: FetchLimits, url: &str) -> Result<Bytes> {
    Fetcher::new(reach, limits).fetch(&Url::parse(url).expect(url)).await
}

async fn error(url: &str) -> String {
    let error = fetch_with(Reach::Anything, LIMITS, url).await.expect_err(url);
    assert_eq!(error.kind, Kind::InvalidImage);
    assert!(!error.message.contains("signature"), "{}", error.message);
    error.message
}

#[tokio::test]
async fn fetches_whatever_the_label_and_follows_redirects_up_to_the_limit() {
    let origin = server();
    for path in ["/image", "/image?signature=1#fragment", "/hops/1", "/hops/5"] {
        let bytes = fetch_with(Reach::Anything, LIMITS, &format!("{origin}{path}")).await.expect(path);
        assert_eq!(bytes, IMAGE, "{path}");
    }
    let sent = fetch_with(Reach::Anything, LIMITS, &format!("{origin}/headers")).await.expect("headers");
    let sent = String::from_utf8_lossy(&sent).to_lowercase();
    assert!(sent.contains("user-agent: bedrock-wrapper/") && sent.contains("accept: image/png"), "{sent}");
    for path in ["/hops/6?signature=1", "/loop?signature=1"] {
        let message = error(&format!("{origin}{path}")).await;
        assert!(message.contains("more than 5 redirects"), "{message}");
    }
}

#[tokio::test]
async fn every_failure_is_told_apart() {
    let origin = server();
    for (path, part) in [
        ("/missing?signature=1", "HTTP status 404"),
        ("/nowhere?signature=1", "HTTP status 302"),
        ("/to-file?signature=1", "`file:` URLs are not fetched"),
        ("/announced?signature=1", "more than 65536 bytes"),
        ("/endless?signature=1", "more than 65536 bytes"),
        ("/cut?signature=1", "broke off after 3 bytes"),
    ] {
        let message = error(&format!("{origin}{path}")).await;
        assert!(message.contains(part), "{path}: {message}");
    }
}

#[tokio::test]
async fn a_slow_server_costs_no_more_than_the_timeout() {
    let limits = FetchLimits { timeout: Duration::from_millis(300), ..LIMITS };
    let started = Instant::now();
    let error = fetch_with(Reach::Anything, limits, &format!("{}/slow", server())).await.expect_err("slow");
    assert!(error.message.contains("did not arrive within 0.3 s"), "{}", error.message);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn connections_that_fail_name_the_host_and_the_cause() {
    let refused = {
        let closed = TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", closed.local_addr().expect("bound"))
    };
    let message = error(&format!("{refused}/secret?signature=1")).await;
    assert!(message.contains(&refused) && message.contains("refused") && !message.contains("secret"), "{message}");
    let message = error("http://nowhere.invalid/a.png?signature=1").await;
    assert!(message.contains("http://nowhere.invalid: the host name was not found"), "{message}");
}

#[tokio::test]
async fn tls_failures_are_told() {
    let message = error(&server().replace("http:", "https:")).await;
    assert!(message.contains("could not be fetched from https://127.0.0.1"), "{message}");
    assert!(!message.contains("did not arrive"), "{message}");
}

#[tokio::test]
async fn public_only_refuses_inner_addresses_however_they_are_written() {
    let origin = server();
    let port = origin.rsplit(':').next().expect("port");
    for host in ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"] {
        let url = format!("http://{host}:{port}/image");
        let error = fetch_with(Reach::PublicOnly, LIMITS, &url).await.expect_err(host);
        assert!(error.message.contains("not on the public internet"), "{host}: {}", error.message);
    }
}

#[tokio::test]
async fn redirects_are_checked_like_the_first_url() {
    // The resolver lets `localhost` through, so that the first hop can answer; the second is an address in the URL.
    let open = Fetcher::new(Reach::Anything, LIMITS);
    open.connector();
    let guarded = Fetcher { reach: Reach::PublicOnly, ..open };
    let url = Url::parse(&server().replace("127.0.0.1", "localhost")).expect("url");
    assert_eq!(guarded.fetch(&url.join("/image").expect("url")).await.expect("first hop"), IMAGE);
    let error = guarded.fetch(&url.join("/to-private").expect("url")).await.expect_err("metadata address");
    assert!(error.message.contains("http://169.254.169.254: its address is not on the public"), "{}", error.message);
}

#[tokio::test]
async fn redirects_have_to_be_permitted_as_well() {
    let permit = Permit { denied_hosts: vec!["169.254.169.254".to_owned()], ..Permit::default() };
    let fetcher = Fetcher::new(Reach::Anything, LIMITS).permitting(permit);
    let url = Url::parse(&server()).expect("url");
    assert_eq!(fetcher.fetch(&url.join("/image").expect("url")).await.expect("first hop"), IMAGE);
    let error = fetcher.fetch(&url.join("/to-private").expect("url")).await.expect_err("denied");
    assert_eq!(error.message, "nothing is fetched from 169.254.169.254 here");
}
