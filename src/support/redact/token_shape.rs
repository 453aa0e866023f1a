//! Finds what is shaped like a JSON Web Token.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// How the base64 of a JSON object begins, and so every JSON Web Token (RFC 7515, section 3).
const BEGIN: &[u8] = b"eyJ";
/// A token has at least this many bytes.
const SHORTEST: usize = 16;

/// Sets `hidden` for the bytes of `text` that could belong to a token: also one that is cut short, percent-encoded, split by line
/// ends, or in base64 once more.
pub(super) fn hide(text: &[u8], hidden: &mut [bool]) {
    let mut at = 0;
    for run in text.chunk_by(|a, b| may_belong_to_token(*a) == may_belong_to_token(*b)) {
        let end = at + run.len();
        if let Some(begin) = begin(run).or_else(|| in_base64(run))
            && let Some(token) = hidden.get_mut(at + begin..end)
        {
            token.fill(true);
        }
        at = end;
    }
}

fn begin(run: &[u8]) -> Option<usize> {
    let begin = run.windows(BEGIN.len()).position(|part| part.eq_ignore_ascii_case(BEGIN))?;
    (run.len() - begin > SHORTEST).then_some(begin)
}

/// Where base64 of something with a token in it begins.
fn in_base64(run: &[u8]) -> Option<usize> {
    let mut at = 0;
    run.split(|byte| !is_base64(*byte)).find_map(|part| {
        let begin = at;
        at += part.len() + 1;
        (0..4).any(|skipped| decodes_to_token(part, skipped)).then_some(begin)
    })
}

fn decodes_to_token(text: &[u8], skipped: usize) -> bool {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let Some(text) = text.get(skipped..).filter(|text| text.len() > SHORTEST) else { return false };
    let standard: Vec<u8> = text
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => *byte,
        })
        .collect();
    let standard = Zeroizing::new(standard);
    let whole = standard.get(..standard.len() / 4 * 4).unwrap_or_default();
    let Ok(decoded) = LENIENT.decode(whole).map(Zeroizing::new) else { return false };
    // By chance no text has this many characters of a token in a row.
    decoded.chunk_by(|a, b| is_base64(*a) == is_base64(*b)).any(|run| begin(run).is_some())
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'/')
}

/// The characters of tokens, of base64, and of what either is encoded or wrapped with.
fn may_belong_to_token(byte: u8) -> bool {
    is_base64(byte) || matches!(byte, b'.' | b'=' | b'~' | b'%' | b'\\') || byte.is_ascii_control()
}
