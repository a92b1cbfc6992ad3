//! TLS by rustls: a certificate and its key from PEM files, HTTP/2 or HTTP/1.1 by ALPN.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::settings::Settings;
use crate::error::{Error, Kind, Result};

/// What the settings' files hold; `None` where they name none.
pub(super) fn acceptor(settings: &Settings) -> Result<Option<TlsAcceptor>> {
    let (chain, key) = match (&settings.tls_cert, &settings.tls_key) {
        (None, None) => return Ok(None),
        (Some(chain), Some(key)) => (chain, key),
        (Some(_), None) => return Err(wrong("tls_key", "is missing: tls_cert needs its key")),
        (None, Some(_)) => return Err(wrong("tls_cert", "is missing: tls_key is the key of a certificate")),
    };
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(|certificates| certificates.collect::<std::result::Result<Vec<_>, _>>())
        .map_err(|error| unreadable("tls_cert", chain, &error))?;
    if certificates.is_empty() {
        return Err(unreadable("tls_cert", chain, &"it holds no certificate"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable("tls_key", key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(certificates, private));
    let mut config = config.map_err(|error| unreadable("tls_cert", chain, &error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Some(Arc::new(config).into()))
}

fn unreadable(name: &str, path: &str, error: &dyn std::fmt::Display) -> Error {
    wrong(name, format!("{path} cannot be used: {error}"))
}

fn wrong(name: &str, problem: impl std::fmt::Display) -> Error {
    Error::new(Kind::Configuration, format!("{name} {problem}.")).at(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(certificate: Option<&str>, key: Option<&str>) -> Error {
        let settings = Settings {
            tls_cert: certificate.map(str::to_owned),
            tls_key: key.map(str::to_owned),
            ..Settings::default()
        };
        acceptor(&settings).err().unwrap()
    }

    #[test]
    fn what_is_missing_or_unreadable_is_named() {
        assert!(acceptor(&Settings::default()).unwrap().is_none());
        assert_eq!(refused(Some("a.pem"), None).param.as_deref(), Some("tls_key"));
        assert_eq!(refused(None, Some("a.pem")).param.as_deref(), Some("tls_cert"));
        let error = refused(Some("/nowhere/a.pem"), Some("/nowhere/b.pem"));
        assert_eq!(error.param.as_deref(), Some("tls_cert"));
        assert!(error.message.contains("/nowhere/a.pem"), "{}", error.message);
    }

    #[test]
    fn a_certificate_and_its_key_are_taken_and_no_other_key() {
        let folder = crate::config::temporary_folder();
        let file = |name: &str, text: String| {
            let path = folder.join(format!("bedrock-gateway-{}-{name}", fastrand::u64(..)));
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let other = rcgen::KeyPair::generate().unwrap();
        let pem = |label: &str, der: &[u8]| {
            use base64::Engine as _;
            let text = base64::prelude::BASE64_STANDARD.encode(der);
            format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
        };
        let certificate = file("cert.pem", pem("CERTIFICATE", made.cert.der()));
        let key = file("key.pem", pem("PRIVATE KEY", made.signing_key.serialized_der()));
        let wrong = file("other.pem", pem("PRIVATE KEY", other.serialized_der()));
        let settings = |key: &str| Settings {
            tls_cert: Some(certificate.clone()),
            tls_key: Some(key.to_owned()),
            ..Settings::default()
        };
        assert!(acceptor(&settings(&key)).unwrap().is_some());
        assert!(acceptor(&settings(&wrong)).is_err());
        assert!(acceptor(&settings(&certificate)).is_err());
        for path in [&certificate, &key, &wrong] {
            std::fs::remove_file(path).unwrap();
        }
    }
}
