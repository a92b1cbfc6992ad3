//! AWS's date formats to seconds since 1970, and back: basic, `20250808T105739Z`, in signatures; extended,
//! `2025-08-08T10:57:39.123Z`, in requests.

use std::time::SystemTime;

const DAY: u64 = 86_400;

/// Seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}

/// Seconds since 1970 as `YYYYMMDDTHHMMSSZ`.
pub(super) fn format(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / DAY);
    let rest = seconds % DAY;
    format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// A time as `YYYY-MM-DDTHH:MM:SS.mmmZ`.
pub(super) fn milliseconds(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (year, month, day) = civil(since.as_secs() / DAY);
    let rest = since.as_secs() % DAY;
    let (hour, minute, second, milli) = (rest / 3600, rest / 60 % 60, rest % 60, since.subsec_millis());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Seconds since 1970 of `YYYYMMDDTHHMMSSZ`; `None` for anything else.
pub(super) fn parse(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    if date.len() != 8 || time.len() != 6 || !date.bytes().chain(time.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let field = |text: &str, from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u64>().ok());
    let days = days(field(date, 0, 4)?, field(date, 4, 6)?, field(date, 6, 8)?)?;
    let (hour, minute, second) = (field(time, 0, 2)?, field(time, 2, 4)?, field(time, 4, 6)?);
    (hour < 24 && minute < 60 && second < 60).then_some(days * DAY + hour * 3600 + minute * 60 + second)
}

/// Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`, with or without a fraction; `None` for anything else.
pub(super) fn parse_extended(text: &str) -> Option<u64> {
    let (whole, fraction) = match text.strip_suffix('Z')?.split_once('.') {
        Some((whole, fraction)) => (whole, fraction),
        None => (text.strip_suffix('Z')?, "0"),
    };
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let placed = marks.iter().all(|(at, mark)| whole.as_bytes().get(*at) == Some(mark));
    if !placed || fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    parse(&format!("{}Z", whole.replace(['-', ':'], "")))
}

/// Year, month and day of a day since 1970. The year starts in March here, so that the leap day is its last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// The inverse of [`civil`]; `None` before 1970 and for months and days that do not exist in any year.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = year - u64::from(month <= 2);
    let (era, year_of_era) = (year / 400, year % 400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn knows_its_dates() {
        assert_eq!(format(0), "19700101T000000Z");
        assert_eq!(format(1_709_210_096), "20240229T123456Z");
        assert_eq!(parse("20240229T123456Z"), Some(1_709_210_096));
        for wrong in [
            "2024-02-29T12:34:56Z",
            "20240229T123456",
            "20241329T123456Z",
            "19691231T000000Z",
            "20240229T240000Z",
            "20240229T126000Z",
            "20240229T123460Z",
            "",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn writes_milliseconds() {
        let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_millis(1_709_210_096_007);
        assert_eq!(milliseconds(time), "2024-02-29T12:34:56.007Z");
    }

    #[test]
    fn reads_the_extended_format() {
        for given in ["2024-02-29T12:34:56Z", "2024-02-29T12:34:56.789Z"] {
            assert_eq!(parse_extended(given), Some(1_709_210_096), "{given}");
        }
        let wrong = ["2024-02-29", "20240229T123456Z", "2024-02-29T12:34:56", "2024-02-29T12:34:56.Z", "é", ""];
        for wrong in wrong {
            assert_eq!(parse_extended(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn parse_inverts_format(seconds in 0u64..4_000_000_000) {
            prop_assert_eq!(parse(&format(seconds)), Some(seconds));
        }
    }
}
