//! TLS as clients expect it of AWS: a certificate authority made for this run, a certificate for the names by which
//! they call, and HTTP/2 or HTTP/1.1 by ALPN.
//!
//! The authority's key is forgotten as soon as it has signed. What is written to disk is its certificate, which is
//! public.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rcgen::{KeyUsagePurpose, SanType};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::identity::token;

/// Clocks differ; some systems refuse certificates of more than 825 days.
const BEFORE: Duration = Duration::from_secs(24 * 3600);
const AFTER: Duration = Duration::from_secs(365 * 24 * 3600);

/// What a simulator needs to speak TLS.
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    /// The authority's certificate, which clients must trust.
    pub(super) ca_pem: String,
}

impl Identity {
    /// A fresh authority and a certificate for this machine and for AWS's names in `region`.
    pub(super) fn generate(region: &str, host: IpAddr, now: SystemTime) -> io::Result<Identity> {
        let authority = authority(now).map_err(io::Error::other)?;
        let key = KeyPair::generate().map_err(io::Error::other)?;
        let leaf = server(region, host, now).and_then(|params| params.signed_by(&key, &authority));
        let leaf = leaf.map_err(io::Error::other)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
            .map_err(io::Error::other)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Identity { acceptor: Arc::new(config).into(), ca_pem: pem(authority.der()) })
    }
}

fn authority(now: SystemTime) -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = dated(CertificateParams::default(), now);
    params.distinguished_name.push(DnType::CommonName, "bedrock-wrapper simulator, made for this run");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn server(region: &str, host: IpAddr, now: SystemTime) -> Result<CertificateParams, rcgen::Error> {
    // A wildcard stands for one label, and AWS's hosts have two before the domain.
    let names = ["localhost", "*.amazonaws.com", &format!("*.{region}.amazonaws.com")].map(str::to_owned);
    let mut params = dated(CertificateParams::new(names)?, now);
    let loopback = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
    params.subject_alt_names.extend(loopback.into_iter().map(SanType::IpAddress));
    if !loopback.contains(&host) && !host.is_unspecified() {
        params.subject_alt_names.push(SanType::IpAddress(host));
    }
    params.distinguished_name.push(DnType::CommonName, "bedrock-wrapper simulator");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn dated(mut params: CertificateParams, now: SystemTime) -> CertificateParams {
    params.not_before = now.checked_sub(BEFORE).unwrap_or(now).into();
    params.not_after = now.checked_add(AFTER).unwrap_or(now).into();
    params
}

/// RFC 7468: base64 in lines of 64.
fn pem(certificate: &CertificateDer<'_>) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for (at, letter) in BASE64_STANDARD.encode(certificate).char_indices() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(letter);
    }
    text + "\n-----END CERTIFICATE-----\n"
}

/// The authority's certificate on disk, where other processes read it.
#[derive(Debug)]
pub(super) struct CaFile {
    path: PathBuf,
    /// Whether it was made by us, and goes when the simulator does.
    temporary: bool,
}

impl CaFile {
    /// Writes to `chosen`, which stays, or to a new file in `folder`, which does not.
    pub(super) fn write(pem: &str, chosen: Option<&Path>, folder: &Path) -> io::Result<CaFile> {
        if let Some(path) = chosen {
            fs::write(path, pem)?;
            return Ok(CaFile { path: std::path::absolute(path)?, temporary: false });
        }
        let path = folder.join(format!("bedrock-simulator-ca-{}.pem", token(&mut fastrand::Rng::new(), 16)));
        File::create_new(&path)?.write_all(pem.as_bytes())?;
        Ok(CaFile { path, temporary: true })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for CaFile {
    fn drop(&mut self) {
        if self.temporary {
            // Somebody else may have tidied up already.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificate_is_shown_as_pem() {
        let identity = Identity::generate("eu-west-1", IpAddr::from([127, 0, 0, 1]), SystemTime::now()).unwrap();
        let lines: Vec<&str> = identity.ca_pem.lines().collect();
        let [first, body @ .., last] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!((*first, *last), ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"));
        assert!(body.iter().all(|line| (1..=64).contains(&line.len())));
        assert!(BASE64_STANDARD.decode(body.concat()).is_ok());
    }

    #[test]
    fn a_chosen_file_stays_and_a_temporary_one_goes() {
        let folder = crate::config::temporary_folder();
        let file = CaFile::write("pem", None, &folder).unwrap();
        let temporary = file.path().to_owned();
        assert_eq!(fs::read_to_string(&temporary).unwrap(), "pem");
        drop(file);
        assert!(!temporary.exists());
        drop(CaFile::write("chosen", Some(&temporary), &folder).unwrap());
        assert_eq!(fs::read_to_string(&temporary).unwrap(), "chosen");
        fs::remove_file(temporary).unwrap();
    }
}
