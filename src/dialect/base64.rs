//! Base64 that comes in pieces.

/// Pieces of base64 as one: each may end with padding of its own.
pub(super) fn joined(pieces: Vec<String>) -> String {
    let is_padded = |piece: &String| piece.ends_with('=');
    if !pieces.iter().rev().skip(1).any(is_padded) {
        return pieces.concat();
    }
    let decoded: Result<Vec<Vec<u8>>, _> =
        pieces.iter().map(|piece| base64_simd::STANDARD.decode_to_vec(piece)).collect();
    decoded.map_or_else(|_| pieces.concat(), |bytes| base64_simd::STANDARD.encode_to_string(bytes.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_joined_as_bytes() {
        let joined = |pieces: &[&str]| joined(pieces.iter().map(|piece| (*piece).to_owned()).collect());
        assert_eq!(joined(&["aGk="]), "aGk=");
        assert_eq!(joined(&["aGk=", "aGk="]), "aGloaQ==");
        assert_eq!(joined(&["aGlo", "aQ=="]), "aGloaQ==");
        assert_eq!(joined(&["=", "?"]), "=?");
    }
}
