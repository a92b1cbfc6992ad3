//! The 31 types of personal data (service model, `GuardrailPiiEntityType`), their patterns, and a sample of each with
//! the data in brackets, which a test finds.

use super::pii::{has_digit, iban, ip, is_no_common_word, luhn, nhs, routing, ssn, vin};

/// Whether what a pattern found is what it looks like.
pub(super) type Check = fn(&str) -> bool;

/// A type of personal data.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) patterns: &'static [&'static str],
    pub(super) check: Option<Check>,
    #[cfg_attr(not(test), allow(dead_code, reason = "read by a test"))]
    pub(super) sample: &'static str,
}

const fn row(name: &'static str, patterns: &'static [&'static str], sample: &'static str) -> Row {
    Row { name, patterns, check: None, sample }
}

const fn checked(name: &'static str, pattern: &'static [&'static str], check: Check, sample: &'static str) -> Row {
    Row { name, patterns: pattern, check: Some(check), sample }
}

/// Alphabetical.
pub(super) const TABLE: &[Row] = &[
    row(
        "ADDRESS",
        &[
            r"\b\d{1,5}\s+(?:[A-Z][A-Za-z'.-]*\s+){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Place|Pl|Way)\b",
            r"\b(?:Amsterdam|Athens|Argentina|Australia|Austria|Bangkok|Barcelona|Beijing|Belgium|Berlin|Boston|Brazil|Brussels|Cairo|Canada|Chicago|China|Copenhagen|Delhi|Denmark|Dublin|Egypt|England|Finland|France|Germany|Greece|Hong Kong|India|Ireland|Istanbul|Italy|Japan|Lisbon|London|Los Angeles|Madrid|Mexico|Milan|Montreal|Moscow|Mumbai|Munich|Netherlands|New York|New Zealand|Norway|Osaka|Oslo|Paris|Poland|Portugal|Prague|Rome|San Francisco|Scotland|Seattle|Seoul|Singapore|South Africa|Spain|Stockholm|Sweden|Switzerland|Sydney|Tokyo|Toronto|Turkey|Ukraine|United Kingdom|United States|Vienna|Warsaw|Washington|Zurich)\b",
        ],
        "I live at [12 Green Hill Road], second floor.",
    ),
    row(
        "AGE",
        &[r"\b(\d{1,3} ?(?:years?|months?))[ -]old\b", r"(?i)\b(?:age|aged)\b:? ?(?:is )?(\d{1,3})\b"],
        "She is [40 years] old.",
    ),
    row("AWS_ACCESS_KEY", &[r"\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}\b"], "Key [AKIAIOSFODNN7EXAMPLE] leaked."),
    row(
        "AWS_SECRET_KEY",
        &[r"(?i:secret|aws)[^\n]{0,30}?[ =:'\x22]([A-Za-z0-9/+]{40})\b"],
        "aws_secret_access_key = [wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY]",
    ),
    row(
        "CA_HEALTH_NUMBER",
        &[r"(?i)\bhealth (?:card|service|insurance)?[^\d\n]{0,20}(\d{4}[ -]?\d{3}[ -]?\d{3})\b"],
        "My health card number is [1234-567-897].",
    ),
    checked("CA_SOCIAL_INSURANCE_NUMBER", &[r"\b\d{3}[ -]\d{3}[ -]\d{3}\b"], luhn, "SIN [046 454 286] please"),
    row(
        "CREDIT_DEBIT_CARD_CVV",
        &[r"(?i)\b(?:cvv2?|cvc2?|security code)\b[^\d\n]{0,10}(\d{3,4})\b"],
        "The CVV is [123].",
    ),
    row(
        "CREDIT_DEBIT_CARD_EXPIRY",
        &[r"(?i)\b(?:exp|expiry|expires|expiration|valid)\b[^\d\n]{0,20}((?:0[1-9]|1[0-2]) ?/ ?(?:\d{4}|\d{2}))\b"],
        "It expires on [09/27].",
    ),
    checked("CREDIT_DEBIT_CARD_NUMBER", &[r"\b\d(?:[ -]?\d){12,18}\b"], luhn, "Charge [4111-1111-1111-1111] today."),
    checked(
        "DRIVER_ID",
        &[r"(?i)\bdriver[’']?s? licen[cs]e\b(?: number| no\.?| #)?[ :#]*(?:is )?([A-Z0-9][A-Z0-9-]{4,19})\b"],
        has_digit,
        "My driver's license number is [D1234567].",
    ),
    row(
        "EMAIL",
        &[r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"],
        "Write to [jo@example.com]!",
    ),
    checked(
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        &[r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"],
        iban,
        "Pay to [GB82 WEST 1234 5698 7654 32].",
    ),
    checked(
        "IP_ADDRESS",
        &[r"\b\d{1,3}(?:\.\d{1,3}){3}\b", r"\b[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7}"],
        ip,
        "Ping [10.0.0.1] now.",
    ),
    checked(
        "LICENSE_PLATE",
        &[r"(?i)\b(?:licen[cs]e|number) plate\b(?: number)?[ :#]*(?:is )?([A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,5})\b"],
        has_digit,
        "The license plate is [ABC-1234].",
    ),
    row("MAC_ADDRESS", &[r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b"], "NIC [00:1B:44:11:3A:B7] up."),
    row(
        "NAME",
        &[
            r"(?i:\bmy name is|\bname:|\bi am called|\bsigned,?) ((?:[A-Z][a-z'’-]+)(?: [A-Z][a-z'’-]+){0,2})",
            r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? [A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+)?",
            r"\b(?:Alice|Anna|Bob|Carlos|Carol|Charles|David|Diego|Elizabeth|Emily|Emma|George|James|Jane|Jennifer|John|Juan|Karen|Laura|Linda|Maria|Martha|Mary|Michael|Olivia|Patricia|Paul|Peter|Richard|Robert|Sarah|Sofía|Susan|Thomas|William)\b(?: [A-Z][a-z'’-]+)?",
        ],
        "Ask [John Smith] about it.",
    ),
    checked(
        "PASSWORD",
        &[r"(?i)\b(?:password|passwort|passphrase|pwd)\b(?: is)?[ :='\x22]{1,3}([^\s'\x22]{4,})"],
        is_no_common_word,
        "The password is [hunter2!x] for all",
    ),
    row(
        "PHONE",
        &[
            r"\+\d{1,3}[ .-]?(?:\(\d{1,4}\)|\d{1,4})(?:[ .-]?\d{2,4}){2,4}\b",
            r"(?:\(\d{3}\) ?|\b\d{3}[ .-])\d{3}[ .-]\d{4}\b",
        ],
        "Call [555-123-4567] tonight.",
    ),
    row("PIN", &[r"\b(?i:pin)(?: code| number)?(?: is)?[ :=]{1,2}(\d{4,6})\b"], "Your PIN is [4821]."),
    row(
        "SWIFT_CODE",
        &[r"\b(?i:swift|bic)\b[^\n]{0,20}?\b([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"],
        "SWIFT code: [DEUTDEFF500]",
    ),
    checked(
        "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
        &[r"\b\d{3}[ -]\d{3}[ -]\d{4}\b"],
        nhs,
        "NHS number [943 476 5919] given",
    ),
    row(
        "UK_NATIONAL_INSURANCE_NUMBER",
        &[r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"],
        "NI number [AB 12 34 56 C] given",
    ),
    row(
        "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
        &[r"(?i)\b(?:utr|taxpayer reference)\b[^\d\n]{0,20}(\d{5} ?\d{5})\b"],
        "My UTR is [12345 67890].",
    ),
    row("URL", &[r"\b(?:https?://|www\.)[^\s<>\x22')\]]+"], "See [https://example.com/a?b=c], then go."),
    checked(
        "USERNAME",
        &[r"(?i)\b(?:user ?name|user id|login)\b(?: is)?[ :=]{1,2}([A-Za-z0-9][A-Za-z0-9._-]{2,})"],
        is_no_common_word,
        "The username is [jdoe42].",
    ),
    row(
        "US_BANK_ACCOUNT_NUMBER",
        &[r"(?i)\b(?:bank )?account\b(?: number| no\.?| #)?[ :#]*(?:is )?(\d{8,17})\b"],
        "My bank account number is [000123456789].",
    ),
    checked(
        "US_BANK_ROUTING_NUMBER",
        &[r"(?i)\b(?:routing|aba)\b[^\d\n]{0,20}(\d{9})\b"],
        routing,
        "The routing number is [021000021].",
    ),
    row(
        "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
        &[r"\b9\d{2}[ -](?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])[ -]\d{4}\b"],
        "ITIN [912-70-1234] filed",
    ),
    checked(
        "US_PASSPORT_NUMBER",
        &[r"(?i)\bpassport\b(?: number| no\.?| #)?[ :#]*(?:is )?([A-Z]?\d{8,9})\b"],
        has_digit,
        "My passport number is [C01234567].",
    ),
    checked("US_SOCIAL_SECURITY_NUMBER", &[r"\b\d{3}[ -]\d{2}[ -]\d{4}\b"], ssn, "SSN [123-45-6789] on file"),
    checked("VEHICLE_IDENTIFICATION_NUMBER", &[r"\b[A-HJ-NPR-Z0-9]{17}\b"], vin, "VIN [1HGCM82633A004352] sold"),
];
