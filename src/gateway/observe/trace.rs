//! Where an exchange stands in a distributed trace: W3C Trace Context, level 1 (`traceparent`, `tracestate`).

use http::HeaderMap;

/// The longest `tracestate` that is taken over, which the specification asks for at least.
const LONGEST_STATE: usize = 512;

/// The gateway's own span, and the one that it continues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Trace {
    /// The caller's, else a new one; never 0, but for an exchange that has been told.
    pub(crate) id: u128,
    /// The span of the exchange.
    pub(crate) span: u64,
    /// The caller's span.
    pub(crate) parent: Option<u64>,
    /// What the caller's vendors want to be kept with the span.
    pub(crate) state: Option<String>,
    /// Whether the caller left the choice to record it, or has made it for us.
    pub(crate) is_sampled: bool,
}

impl Trace {
    /// Continues what the headers tell of, or begins.
    pub(crate) fn of(headers: &HeaderMap) -> Trace {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let span = fastrand::u64(1..);
        match text("traceparent").and_then(parsed) {
            Some((id, parent, flags)) => {
                let state = text("tracestate").filter(|state| state.len() <= LONGEST_STATE);
                let state = state.map(str::to_owned);
                Trace { id, span, parent: Some(parent), state, is_sampled: flags & 1 == 1 }
            }
            None => Trace { id: fastrand::u128(1..), span, parent: None, state: None, is_sampled: true },
        }
    }
}

/// Id of the trace, id of the span, flags. Versions to come may add fields, not change these.
fn parsed(header: &str) -> Option<(u128, u64, u8)> {
    let mut fields = header.trim().split('-');
    let version = hex(fields.next()?, 2)?;
    let (trace, span, flags) = (hex(fields.next()?, 32)?, hex(fields.next()?, 16)?, hex(fields.next()?, 2)?);
    let fits = version != 0xff && trace != 0 && span != 0 && (version > 0 || fields.next().is_none());
    if !fits {
        return None;
    }
    Some((trace, u64::try_from(span).ok()?, u8::try_from(flags).ok()?))
}

fn hex(text: &str, digits: usize) -> Option<u128> {
    let is_hex = text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_hex { u128::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(parent: &str, state: Option<&str>) -> Trace {
        let mut headers = HeaderMap::new();
        headers.insert("traceparent", parent.parse().unwrap());
        if let Some(state) = state {
            headers.insert("tracestate", state.parse().unwrap());
        }
        Trace::of(&headers)
    }

    #[test]
    fn the_callers_trace_is_continued() {
        let found = trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Some("congo=t61rcWkgMzE"));
        assert_eq!(found.id, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736);
        assert_eq!(found.parent, Some(0x00f0_67aa_0ba9_02b7));
        assert_eq!((found.is_sampled, found.state.as_deref()), (true, Some("congo=t61rcWkgMzE")));
        assert!(found.span != 0 && Some(found.span) != found.parent);
        assert!(!trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", None).is_sampled);
        let later = trace("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", None);
        assert_eq!(later.id, found.id);
    }

    #[test]
    fn what_is_no_context_begins_a_trace() {
        for broken in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        ] {
            let found = trace(broken, Some("a=b"));
            assert_eq!((found.parent, found.state, found.is_sampled), (None, None, true), "{broken}");
            assert_ne!(found.id, 0);
        }
    }
}
