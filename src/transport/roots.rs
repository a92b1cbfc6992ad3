//! Whom TLS trusts: the system's certificate store, and the PEM files that the environment names.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{self, PemObject};
use rustls::{ClientConfig, RootCertStore};

/// TLS towards servers whose certificates the system's store or one of `files` vouches for; the text of an error names
/// the variable and the file.
pub(super) fn tls(files: &[(&'static str, PathBuf)]) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| format!("TLS cannot be used: {error}"))?;
    Ok(builder.with_root_certificates(trusted(files)?).with_no_client_auth())
}

fn trusted(files: &[(&'static str, PathBuf)]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    // What the store holds besides usable certificates is nobody's concern here, as with every other client.
    roots.add_parsable_certificates(found.certs);
    for (variable, file) in files {
        add(&mut roots, file).map_err(|reason| {
            format!("the certificates in {} (environment variable {variable}) cannot be used: {reason}", file.display())
        })?;
    }
    if roots.is_empty() {
        let reasons: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        return Err(format!("no certificate store was found: {}", reasons.join("; ")));
    }
    Ok(roots)
}

fn add(roots: &mut RootCertStore, file: &PathBuf) -> Result<(), String> {
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| words(&error))?;
    let certificates: Vec<_> = certificates.collect::<Result<_, _>>().map_err(|error| words(&error))?;
    if certificates.is_empty() {
        return Err("it holds no certificate in PEM form".to_owned());
    }
    for certificate in certificates {
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn words(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}
