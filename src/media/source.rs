//! Where an image is: in the request itself, or behind a URL. Looks at the shape of the text only.

use std::borrow::Cow;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use url::Url;

use super::base64::Base64;
use super::invalid;
use crate::error::Result;

/// What a caller's `image_url` (or bare base64) turned out to be.
#[derive(Debug)]
pub enum Source {
    /// The image itself: a data URL or bare base64.
    Inline(Inline),
    /// An `http:` or `https:` URL with a host and without user name or password.
    Remote(Url),
}

/// The text of an image that came with the request, not yet checked. Takes the caller's string over without a copy.
#[derive(Clone)]
pub struct Inline {
    text: Arc<String>,
    start: usize,
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// Base64 alone.
    Bare,
    /// `data:…;base64,…`
    DataUrl,
    /// `data:…,…` with `%XX` escapes.
    Percent,
}

impl Source {
    /// Reads `text` as data URL, http(s) URL or bare base64. Leading white space is ignored, schemes are
    /// case-insensitive. Errors name the scheme or the part that is missing.
    pub fn parse(text: impl Into<String>) -> Result<Source> {
        let text = text.into();
        let trimmed = text.trim_start();
        if trimmed.is_empty() {
            return Err(invalid("the image is empty; give a data URL, base64, or an http(s) URL"));
        }
        match scheme(trimmed) {
            None => {
                let start = text.len() - trimmed.len();
                Ok(Source::Inline(Inline { text: Arc::new(text), start, encoding: Encoding::Bare }))
            }
            Some(scheme) if scheme.eq_ignore_ascii_case("data") => data_url(text).map(Source::Inline),
            Some(scheme) if is_http(scheme) => http_url(trimmed).map(Source::Remote),
            Some(scheme) => {
                Err(invalid(format!("`{scheme}:` URLs cannot be read; give a data URL, base64, or an http(s) URL")))
            }
        }
    }
}

/// An absolute URL that may be fetched: http or https, with a host, without credentials. Messages leave out the query,
/// which may hold a signature.
pub(super) fn check_url(url: &Url) -> Result<()> {
    if !is_http(url.scheme()) {
        return Err(invalid(format!("`{}:` URLs are not fetched, only http and https", url.scheme())));
    }
    if !url.has_host() {
        return Err(invalid("the image URL has no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("the image URL holds a user name or password; only URLs without are fetched"));
    }
    Ok(())
}

impl Inline {
    /// The checked base64 text; the caller's own when it is standard base64 already.
    pub(super) fn into_base64(self) -> Result<Base64> {
        if self.payload().trim_ascii().is_empty() {
            return Err(invalid("the image is empty: no data after the data URL's comma"));
        }
        match self.encoding {
            Encoding::Percent => Ok(Base64::encode(&Cow::from(percent_decode_str(self.payload())))),
            Encoding::Bare => Base64::check(self.text, self.start).map_err(|fault| {
                invalid(format!("the image is neither a data URL, an http(s) URL nor base64: {fault}"))
            }),
            Encoding::DataUrl => Base64::check(self.text, self.start)
                .map_err(|fault| invalid(format!("the base64 of the image's data URL is broken: {fault}"))),
        }
    }

    fn payload(&self) -> &str {
        self.text.get(self.start..).unwrap_or_default()
    }
}

impl std::fmt::Debug for Inline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inline({:?}, {} characters)", self.encoding, self.payload().len())
    }
}

/// The scheme of a URL: letters, digits, `+`, `-`, `.` up to a colon. Base64 has no colon, so it never has one.
fn scheme(text: &str) -> Option<&str> {
    const LONGEST: usize = 32;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b':')?;
    let scheme = text.get(..end)?;
    let plain = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (plain && scheme.starts_with(|first: char| first.is_ascii_alphabetic())).then_some(scheme)
}

fn is_http(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

fn http_url(text: &str) -> Result<Url> {
    let url = Url::parse(text).map_err(|error| invalid(format!("the image URL is not valid: {error}")))?;
    check_url(&url)?;
    Ok(url)
}

fn data_url(text: String) -> Result<Inline> {
    let Some(comma) = text.find(',') else {
        return Err(invalid("the image's data URL has no comma; it must be `data:image/png;base64,<data>`"));
    };
    let base64 = text.get(..comma).and_then(|head| head.rsplit(';').next()).is_some_and(is_base64_label);
    let encoding = if base64 { Encoding::DataUrl } else { Encoding::Percent };
    Ok(Inline { text: Arc::new(text), start: comma + 1, encoding })
}

fn is_base64_label(parameter: &str) -> bool {
    parameter.trim().eq_ignore_ascii_case("base64")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        match Source::parse(text) {
            Ok(Source::Inline(inline)) => inline.into_base64().map(|_| ()).expect_err(text).message,
            Ok(Source::Remote(url)) => panic!("{text} was taken for {url}"),
            Err(error) => error.message,
        }
    }

    fn base64(text: &str) -> String {
        match Source::parse(text) {
            Ok(Source::Inline(inline)) => inline.into_base64().expect(text).as_str().to_owned(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_shape_of_inline_image_is_read() {
        for text in [
            "aGVsbG8=",
            " \n aGVsbG8=",
            "aGVsbG8",
            "data:image/png;base64,aGVsbG8=",
            "DATA:image/png;charset=utf-8;BASE64,aGVsbG8=",
            "data:;base64,aGVsbG8%3D",
            "data:text/plain,h%65llo",
            "data:,hello",
        ] {
            assert_eq!(base64(text), "aGVsbG8=", "{text}");
        }
    }

    #[test]
    fn http_urls_are_remote_and_only_with_the_whole_scheme() {
        for text in ["http://example.com/a.png", "HTTPS://example.com", " https://example.com/a?b=c"] {
            assert!(matches!(Source::parse(text), Ok(Source::Remote(_))), "{text}");
        }
        for text in ["httpabcd", "https"] {
            assert!(matches!(Source::parse(text), Ok(Source::Inline(_))), "{text} is base64 by its shape");
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        for (text, part) in [
            ("", "empty"),
            ("  ", "empty"),
            ("data:image/png;base64,", "empty"),
            ("data:image/png;base64", "no comma"),
            ("ftp://example.com/a.png", "`ftp:`"),
            ("file:///etc/passwd", "`file:`"),
            ("s3://bucket/key", "`s3:`"),
            ("http://", "not valid"),
            ("https://me:secret@example.com/", "user name or password"),
            ("cat.png", "character '.' at offset 3"),
            ("data:image/png;base64,aGVs*G8=", "character '*' at offset 4"),
            ("data:image/png;base64,aGVsb", "ends in the middle"),
        ] {
            let message = error(text);
            assert!(message.contains(part), "{text}: {message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
