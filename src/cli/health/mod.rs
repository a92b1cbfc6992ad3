//! `health`: asks a gateway whether it lives, for places that have neither a shell nor curl, such as the health check of a
//! container made of this program alone.

mod tls;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};
use tokio::task::spawn_blocking;
use url::Url;

use super::refused::Flags;
use super::serve::{Read, Sources};
use super::{Command, Failure};
use crate::config::Environment;

/// For each of connecting, sending and reading.
const PATIENCE: Duration = Duration::from_secs(3);
const PATH: &str = "/health";

const HEALTH: Flags = Flags { command: "health", names: || ["help", "version"].map(str::to_owned).into() };

pub(super) fn parse(mut parser: Parser, environment: Environment<'_>, read: Read<'_>) -> Result<Command, Failure> {
    let mut url = None;
    while let Some(argument) = parser.next().map_err(|error| HEALTH.refused(error))? {
        match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::HelpHealth),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            Arg::Value(text) if url.is_none() => {
                url = Some(read_url(&text.string().map_err(|error| HEALTH.refused(error))?)?)
            }
            other => return Err(HEALTH.refused(other.unexpected())),
        }
    }
    Ok(Command::Health(url.map_or_else(|| own_url(environment, read), Ok)?))
}

fn read_url(text: &str) -> Result<Url, Failure> {
    let wrong = |why: &str| Failure::usage(format!("{text}: {why}, such as http://127.0.0.1:8080{PATH}."));
    let mut url = Url::parse(text).map_err(|_| wrong("expected a URL"))?;
    if !["http", "https"].contains(&url.scheme()) || url.host().is_none() {
        return Err(wrong("expected a URL of HTTP"));
    }
    if url.path() == "/" {
        url.set_path(PATH);
    }
    Ok(url)
}

/// Where a gateway with the settings of this environment, and of the file it names, listens.
fn own_url(environment: Environment<'_>, read: Read<'_>) -> Result<Url, Failure> {
    let settings = Sources::default().resolve(environment, read)?.settings;
    let host: IpAddr = match settings.host {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    let scheme = if settings.tls_cert.is_some() { "https" } else { "http" };
    read_url(&format!("{scheme}://{}", SocketAddr::new(host, settings.port)))
}

/// Succeeds when the answer of `url` has the status 200.
pub(super) async fn ask(url: Url) -> Result<(), Failure> {
    let asked = url.clone();
    let failed = |why: String| Failure { message: format!("{url}: {why}"), exit_code: 1 };
    match spawn_blocking(move || status(&asked)).await {
        Ok(Ok(200)) => Ok(()),
        Ok(Ok(status)) => Err(failed(format!("status {status}."))),
        Ok(Err(error)) => Err(failed(format!("{error}."))),
        Err(error) => Err(failed(format!("{error}."))),
    }
}

fn status(url: &Url) -> io::Result<u16> {
    let addresses = url.socket_addrs(|| None)?;
    let address = addresses.first().ok_or_else(|| io::Error::other("has no address"))?;
    let stream = TcpStream::connect_timeout(address, PATIENCE)?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    if url.scheme() == "https" {
        return exchange(tls::around(stream, &address.ip().to_string())?, url);
    }
    exchange(stream, url)
}

/// One request, of whose answer no more than the first line is read (RFC 9112, 4).
fn exchange(mut stream: impl io::Read + io::Write, url: &Url) -> io::Result<u16> {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    stream.write_all(format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut line = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut line)?;
    let line = str::from_utf8(&line).ok().and_then(|line| line.strip_prefix("HTTP/1."));
    let status = line.and_then(|line| line.split_once(' ')?.1.parse().ok());
    status.ok_or_else(|| io::Error::other("the answer is not HTTP/1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::path::Path;
    use std::thread;

    use crate::simulator::{Options, Simulator, Tls};

    fn parsed(line: &str) -> Result<Command, String> {
        let arguments = line.split_whitespace().map(std::ffi::OsString::from);
        crate::cli::parse(arguments, &|_| None, &|_| unreachable!("no file is named"))
            .map_err(|failure| failure.message)
    }

    #[test]
    fn a_url_may_be_given() {
        for (given, expected) in
            [("http://10.0.0.1:81", "http://10.0.0.1:81/health"), ("http://localhost/ready", "http://localhost/ready")]
        {
            let Ok(Command::Health(url)) = parsed(&format!("health {given}")) else { panic!("{given}") };
            assert_eq!(url.as_str(), expected);
        }
        let Ok(Command::Health(url)) = parsed("health") else { panic!("no URL is needed") };
        assert_eq!(url.as_str(), "http://127.0.0.1:8080/health");
        for wrong in ["health ftp://localhost", "health localhost:80", "health a b", "health --port 1"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn else_it_is_the_gateway_of_the_settings() {
        let read = |_: &Path| Ok("host = \"::\"\nport = 81".to_owned());
        let of = |variables: &[(&str, &str)]| {
            let find =
                |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
            own_url(&find, &read).unwrap().to_string()
        };
        assert_eq!(of(&[]), "http://127.0.0.1:8080/health");
        assert_eq!(
            of(&[("BEDROCK_GATEWAY_HOST", "0.0.0.0"), ("BEDROCK_GATEWAY_PORT", "9")]),
            "http://127.0.0.1:9/health"
        );
        assert_eq!(of(&[("BEDROCK_GATEWAY_CONFIG", "gateway.toml")]), "http://[::1]:81/health");
        assert_eq!(of(&[("BEDROCK_GATEWAY_TLS_CERT", "a.pem")]), "https://127.0.0.1:8080/health");
    }

    #[tokio::test]
    async fn the_status_decides() {
        for (answer, told) in [
            ("HTTP/1.1 200 OK\r\n\r\n", None),
            ("HTTP/1.0 503 Service Unavailable\r\n\r\n", Some("status 503.")),
            ("SSH-2.0-OpenSSH_9.2\r\n", Some("the answer is not HTTP/1.")),
            ("HTTP/1.1", Some("failed to fill whole buffer.")),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let url = read_url(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
            let server = thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let head = BufReader::new(&stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty());
                let head: Vec<String> = head.collect();
                stream.write_all(answer.as_bytes()).unwrap();
                head
            });
            let problem = ask(url.clone()).await.err().map(|failure| failure.message);
            assert_eq!(problem, told.map(|told| format!("{url}: {told}")));
            assert_eq!(server.join().unwrap()[0], "GET /health HTTP/1.1");
        }
    }

    #[tokio::test]
    async fn over_tls_whoever_answers_will_do() {
        let options = Options { tls: Some(Tls::default()), ..Options::default() };
        let running = Simulator::start(options).await.unwrap();
        let url = running.https_url().unwrap();
        assert_eq!(ask(read_url(&format!("{url}/_simulator/")).unwrap()).await, Ok(()));
        let told = ask(read_url(&format!("{url}/nothing")).unwrap()).await.unwrap_err();
        assert!(told.message.contains("status 4"), "{}", told.message);
        running.close().await;
    }
}
