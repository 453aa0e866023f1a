//! The secrets that a text is searched for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use http::HeaderMap;
use http::header::{LOCATION, SET_COOKIE};
use zeroize::Zeroizing;

use super::folded::Folded;
use super::mask::MASK;
use super::token_shape;

/// Secrets to look for, in whatever spelling: percent-encoded, escaped, in base64 alone or within other text, split by line ends,
/// in another case, or cut to [`WINDOW`] characters. Beside them everything shaped like a JSON Web Token is found.
#[derive(Default)]
pub(crate) struct Secrets {
    /// The first [`WINDOW`] characters of each secret, those from its second one on, and so forth; and the same of its base64.
    windows: Windows,
    /// The lengths of those windows, one bit for each.
    lengths: u32,
    /// Whether everything counts as secret.
    everything: bool,
}

/// Up to 12 bytes, and their number above them.
type Window = u128;

/// How much of a secret tells it apart: a shorter part is not looked for, a shorter secret only as a whole.
const WINDOW: usize = 12;
/// Shorter secrets are not looked for: they would be found everywhere.
const SHORTEST: usize = 4;
/// How much of a text is printed, in bytes.
const LONGEST_TEXT: usize = 1024;
/// How much more of it is looked at: a secret may begin in the one and end in the other.
const LOOK_AHEAD: usize = 256;

impl Secrets {
    /// How many bytes of secrets are looked for; beyond, nothing from elsewhere is printed.
    pub(crate) const MOST: usize = 64 * 1024;

    /// None: only what is shaped like a JSON Web Token is found.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// Everything counts as secret.
    pub(crate) fn everything() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// Collects `secrets`.
    pub(crate) fn of<S: AsRef<[u8]>>(secrets: &[S]) -> Self {
        let secrets = || secrets.iter().map(AsRef::as_ref);
        let bytes: usize = secrets().map(<[u8]>::len).sum();
        if bytes > Self::MOST {
            return Self::everything();
        }
        // A window begins with each byte of the secret, perhaps in two forms, and of its base64, in which three bytes become four.
        let mut this = Self { windows: Windows::with_capacity(bytes * 6), ..Self::default() };
        for secret in secrets() {
            this.add(&Folded::of(secret));
            if secret.iter().any(|byte| matches!(byte, b'%' | b'\\')) {
                this.add(&Folded::of_plain(secret));
            }
            (0..3).for_each(|offset| this.add(&Folded::of_plain(&in_base64(secret, offset))));
        }
        this
    }

    fn add(&mut self, secret: &Folded) {
        let length = secret.bytes().len().min(WINDOW);
        if length >= SHORTEST {
            windows(secret.bytes(), length).for_each(|(_, window)| self.windows.insert(window));
            self.lengths |= 1 << length;
        }
    }

    /// Makes text from elsewhere fit to be printed: secrets are masked, control characters are escaped, and the length is bounded.
    pub(crate) fn mask(&self, text: &str) -> String {
        let end = LONGEST_TEXT + LOOK_AHEAD;
        let end = (0..=end.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let hidden = self.hidden(text.get(..end).unwrap_or_default().as_bytes());
        let mut masked = String::with_capacity(end.min(LONGEST_TEXT));
        let mut was_hidden = false;
        for (at, character) in text.char_indices().take_while(|(at, _)| *at < LONGEST_TEXT) {
            let bytes = hidden.get(at..at + character.len_utf8()).unwrap_or_default();
            let is_hidden = bytes.contains(&true);
            match (is_hidden, was_hidden) {
                (true, true) => {}
                (true, false) => masked.push_str(MASK),
                (false, _) if character.is_control() => masked.extend(character.escape_default()),
                (false, _) => masked.push(character),
            }
            was_hidden = is_hidden;
        }
        if text.len() > LONGEST_TEXT {
            masked.push('…');
        }
        masked
    }

    /// Marks the headers of a response with a secret in their value as sensitive: `Debug` does not print them and nothing is quoted
    /// from them. Cookies are secrets, and so is what a redirect hands over in its URL.
    pub(crate) fn mark(&self, headers: &mut HeaderMap) {
        for (name, value) in headers.iter_mut() {
            let text = value.as_bytes();
            let hands_over = *name == LOCATION && text.iter().any(|byte| matches!(byte, b'?' | b'#'));
            if *name == SET_COOKIE || hands_over || self.is_in(text) {
                value.set_sensitive(true);
            }
        }
    }

    /// Whether there is a secret in `text`.
    pub(crate) fn is_in(&self, text: &[u8]) -> bool {
        self.hidden(text).contains(&true)
    }

    /// For each byte of `text`, whether it belongs to a secret.
    fn hidden(&self, text: &[u8]) -> Vec<bool> {
        let mut hidden = vec![self.everything; text.len()];
        token_shape::hide(text, &mut hidden);
        if self.lengths != 0 {
            let folded = Folded::of(text);
            for length in (SHORTEST..=WINDOW).filter(|length| self.lengths & (1 << length) != 0) {
                for (last, window) in windows(folded.bytes(), length) {
                    if self.windows.contains(window) {
                        let origin = hidden.get_mut(folded.origin(last, length));
                        origin.unwrap_or_default().fill(true);
                    }
                }
            }
        }
        hidden
    }
}

/// A set of windows: a hash table with open addressing, of fixed size, because growing would leave copies behind that nothing overwrites.
#[derive(Default)]
struct Windows(Zeroizing<Vec<Window>>);

impl Windows {
    fn with_capacity(most: usize) -> Self {
        // At most half full, so that there is always an end to looking.
        Self(Zeroizing::new(vec![0; (2 * most + 1).next_power_of_two()]))
    }

    fn insert(&mut self, window: Window) {
        if let Some(place) = self.place(window).and_then(|place| self.0.get_mut(place)) {
            *place = window;
        }
    }

    fn contains(&self, window: Window) -> bool {
        self.place(window).and_then(|place| self.0.get(place)) == Some(&window)
    }

    /// Where the window is, or would be: no window is 0.
    fn place(&self, window: Window) -> Option<usize> {
        // Fibonacci hashing: the upper bits depend on all bytes.
        let hash = (window ^ window >> 64) as u64;
        let hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let mask = self.0.len().checked_sub(1)?;
        let places = (0..self.0.len()).map(|step| (hash as usize + step) & mask);
        places
            .into_iter()
            .find(|place| self.0.get(*place).is_none_or(|found| *found == 0 || *found == window))
    }
}

/// Each `length` bytes in a row of `bytes`, with the place of the last of them.
fn windows(bytes: &[u8], length: usize) -> impl Iterator<Item = (usize, Window)> {
    let mask: Window = (1 << (8 * length)) - 1;
    let tag = (length as Window) << (8 * WINDOW);
    let mut window = 0;
    bytes.iter().enumerate().filter_map(move |(at, byte)| {
        window = (window << 8 | Window::from(*byte)) & mask;
        (at + 1 >= length).then_some((at, tag | window))
    })
}

/// The base64 of a text in which `offset` bytes stand before the secret: the characters that depend on nothing but the secret.
fn in_base64(secret: &[u8], offset: usize) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(offset + secret.len()));
    text.resize(offset, 0);
    text.extend_from_slice(secret);
    let mut encoded = Zeroizing::new(vec![0; text.len() * 4 / 3 + 4]);
    let _ = STANDARD_NO_PAD.encode_slice(&*text, &mut encoded);
    encoded.truncate(text.len() * 4 / 3);
    let dependent = (offset * 4).div_ceil(3).min(encoded.len());
    encoded.drain(..dependent);
    encoded
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

    use super::Secrets;

    #[test]
    fn a_secret_that_was_sent_is_masked_wherever_it_comes_back() {
        let secrets = Secrets::of(&["s3cr3t-value"]);
        assert_eq!(secrets.mask("bad token s3cr3t-value!"), "bad token [REDACTED]!");
        assert_eq!(secrets.mask("s3cr3t-values and S3CR3T-VALUE"), "[REDACTED]s and [REDACTED]");
    }

    #[test]
    fn what_is_no_secret_stays() {
        let secrets = Secrets::of(&["2YotnFZFEjr1zCsicMWpAA", "abc", "", "!?"]);
        for text in ["", "2YotnFZFEjr", "abc", "!?", "Ungültig: 100 % 😀", "a+b c%20d \"\\/\""] {
            assert_eq!(secrets.mask(text), text);
        }
    }

    #[test]
    fn everything_shaped_like_a_json_web_token_is_masked() {
        const JWT: &str = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
        let none = Secrets::none();
        assert_eq!(none.mask(&format!("assertion {JWT}, refused")), "assertion [REDACTED], refused");
        for spelling in [
            JWT.replace('.', "%2E"),
            format!("{}\r\n{}", &JWT[..30], &JWT[30..]),
            format!("{}\\n{}", &JWT[..30], &JWT[30..]),
            JWT.to_lowercase(),
            STANDARD.encode(JWT),
            STANDARD.encode(format!("{{\"token\":\"{JWT}\"}}")),
            URL_SAFE_NO_PAD.encode(format!("?>{JWT}")),
            STANDARD.encode(format!("of {JWT}")),
        ] {
            assert_eq!(none.mask(&format!("token {spelling}!")), "token [REDACTED]!");
        }
        for text in [
            "the keyJar",
            "https://example.org/a/b?c=d",
            "did:key:zDnaeUKTWUXc1HDpGfKbEK31nKLN19yX5aunFd7VK1CUMeyJu",
        ] {
            assert_eq!(none.mask(text), text);
        }
    }

    #[test]
    fn control_characters_are_escaped_and_length_is_bounded() {
        let none = Secrets::none();
        assert_eq!(none.mask("a\n\u{1b}[31mb"), "a\\n\\u{1b}[31mb");
        for text in ["x ", "x", "é", "\n"] {
            assert!(none.mask(&text.repeat(1 << 20)).len() < 8192);
        }
    }

    #[test]
    fn beyond_a_bound_everything_is_masked() {
        let secrets = Secrets::of(&[vec![b'x'; Secrets::MOST + 1]]);
        assert_eq!(secrets.mask("Not found: project."), "[REDACTED]");
        assert!(!Secrets::of(&[vec![b'x'; Secrets::MOST]]).is_in(b"Not found: project."));
    }

    /// Numbers that are the same in every run (xorshift).
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, bound: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 1).unwrap() % bound
        }

        fn text(&mut self, characters: &[char], length: usize) -> String {
            (0..length).map(|_| characters[self.below(characters.len())]).collect()
        }

        /// The secret in some spelling, and how many characters that takes for each of the secret's at most.
        fn spelling(&mut self, secret: &str) -> (String, usize) {
            let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let length = self.below(5);
            let before = self.text(&['x', '-', ' '], length);
            match self.below(10) {
                0 => (secret.to_owned(), 1),
                1 => (encode(secret), 6),
                2 => (encode(&encode(secret)), 10),
                3 => (secret.replace('/', "\\/").replace('"', "\\\""), 2),
                4 => (secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(), 6),
                5 => (STANDARD.encode(format!("{before}{secret}")), 3),
                6 => (URL_SAFE_NO_PAD.encode(format!("{before}{secret}{before}")), 3),
                7 => (secret.to_ascii_uppercase(), 1),
                8 => (encode(&STANDARD.encode(secret)).to_lowercase(), 3),
                _ => (url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(), 6),
            }
        }
    }

    /// A part of `spelling` of that many characters that is in `printed`.
    fn printed_part<'a>(spelling: &'a str, characters: usize, printed: &str) -> Option<&'a str> {
        let ends = || spelling.char_indices().map(|(at, _)| at).chain([spelling.len()]);
        let parts = ends().zip(ends().skip(characters));
        parts.filter_map(|(from, to)| spelling.get(from..to)).find(|part| printed.contains(part))
    }

    #[test]
    fn no_secret_is_printed_whatever_it_is_and_however_it_comes_back() {
        const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let words: Vec<char> = "the token is not known: ".chars().collect();
        for seed in 1..=1000 {
            let mut numbers = Numbers(seed);
            for _ in 0..16 {
                numbers.below(2);
            }
            let marks = ["-._~+/=", "-_", "!\"$%&'()*,:;<>?@[]^`{|}\\ ", "éß"][numbers.below(4)];
            let characters: Vec<char> = LETTERS.chars().chain(marks.chars()).collect();
            let length = 16 + numbers.below(80);
            let secret = numbers.text(&characters, length);
            let secrets = Secrets::of(&[secret.as_str(), "another-secret"]);
            let (spelling, width) = numbers.spelling(&secret);
            // The whole, a part of it, or the whole in two lines.
            let whole: Vec<char> = spelling.chars().collect();
            let cut = numbers.below(whole.len() - 14);
            // Not within an escape.
            let cut = (0..=cut).rev().take(6).find(|at| matches!(whole[*at], '\\' | '%')).unwrap_or(cut);
            let echoes = [
                spelling.clone(),
                whole[cut..].iter().collect(),
                format!(
                    "{}\n{}",
                    whole[..cut].iter().collect::<String>(),
                    whole[cut..].iter().collect::<String>()
                ),
            ];
            for echo in echoes {
                let (before, after) = (numbers.below(30), numbers.below(30));
                let text =
                    format!("{}\"{echo}\"{}", numbers.text(&words, before), numbers.text(&words, after));
                let printed = secrets.mask(&text);
                assert_eq!(
                    printed_part(&spelling, 16 * width, &printed),
                    None,
                    "seed {seed}: {secret} in {text}: {printed}"
                );
                assert!(
                    printed.contains("[REDACTED]") || echo.len() < spelling.len(),
                    "seed {seed}: {secret} in {text}"
                );
            }
        }
    }
}
