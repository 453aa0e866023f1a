//! The environment variables of the official clients, or what they would be for a local service.

use std::collections::BTreeMap;

use affinidi_iam_local::LocalIam;

use crate::shape::shortened_id;

pub(crate) const TOKEN_ID: &str = "TOKEN_ID";
pub(crate) const PRIVATE_KEY: &str = "PRIVATE_KEY";
pub(crate) const PRIVATE_KEY_FILE: &str = "PRIVATE_KEY_FILE";
pub(crate) const PASSPHRASE: &str = "PASSPHRASE";
pub(crate) const PASSPHRASE_FILE: &str = "PASSPHRASE_FILE";
pub(crate) const KEY_ID: &str = "KEY_ID";
pub(crate) const PROJECT_ID: &str = "PROJECT_ID";
pub(crate) const ENVIRONMENT: &str = "AFFINIDI_TDK_ENVIRONMENT";
pub(crate) const GATEWAY: &str = "API_GATEWAY_URL";
pub(crate) const ENDPOINT: &str = "TOKEN_ENDPOINT";

const ALL: [&str; 10] = [
    TOKEN_ID,
    PRIVATE_KEY,
    PRIVATE_KEY_FILE,
    PASSPHRASE,
    PASSPHRASE_FILE,
    KEY_ID,
    PROJECT_ID,
    ENVIRONMENT,
    GATEWAY,
    ENDPOINT,
];

pub(crate) struct Variables {
    values: BTreeMap<&'static str, String>,
    /// Those that are not text.
    unreadable: Vec<&'static str>,
}

impl Variables {
    /// As `Client::from_env` reads them: without white space and quotes around the values, and one that has nothing else counts as
    /// unset. The credential itself takes them off the key and the passphrase.
    pub(crate) fn of_process() -> Self {
        let (mut values, mut unreadable) = (BTreeMap::new(), Vec::new());
        for name in ALL {
            match std::env::var_os(name).map(|value| value.into_string()) {
                None => {}
                Some(Ok(value)) if trimmed(&value).is_empty() => {}
                Some(Ok(value)) if [PRIVATE_KEY, PASSPHRASE].contains(&name) => {
                    drop(values.insert(name, value))
                }
                Some(Ok(value)) => drop(values.insert(name, trimmed(&value).to_owned())),
                Some(Err(_)) => unreadable.push(name),
            }
        }
        Self { values, unreadable }
    }

    /// Those of the personal access token that the service starts with.
    pub(crate) fn of(iam: &LocalIam) -> Self {
        let (seeds, base_url) = (iam.seeds(), iam.base_url());
        let values = BTreeMap::from([
            (TOKEN_ID, seeds.token_id().to_string()),
            (PRIVATE_KEY, seeds.private_key_pem().to_owned()),
            (PROJECT_ID, seeds.project_id().to_string()),
            (GATEWAY, base_url.strip_suffix("/iam").unwrap_or(base_url).to_owned()),
            (ENDPOINT, iam.token_endpoint()),
        ]);
        Self { values, unreadable: Vec::new() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.unreadable.is_empty()
    }

    pub(crate) fn unreadable(&self) -> Option<&'static str> {
        self.unreadable.first().copied()
    }

    /// Which of the required ones are not set.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let is_set = |name: &str| {
            self.get(name).is_some() || (name == PRIVATE_KEY && self.get(PRIVATE_KEY_FILE).is_some())
        };
        [TOKEN_ID, PRIVATE_KEY].into_iter().filter(|name| !is_set(name)).collect()
    }

    /// A secret and its file that are both set.
    pub(crate) fn conflict(&self) -> Option<(&'static str, &'static str)> {
        let pairs = [(PRIVATE_KEY, PRIVATE_KEY_FILE), (PASSPHRASE, PASSPHRASE_FILE)];
        pairs.into_iter().find(|(secret, file)| self.get(secret).is_some() && self.get(file).is_some())
    }

    /// Those of the credential that are set, without the values of secrets.
    pub(crate) fn summary(&self) -> String {
        let ids = [TOKEN_ID, KEY_ID, PROJECT_ID].into_iter();
        let ids = ids.filter_map(|name| self.get(name).map(|id| format!("{name} {}", shortened_id(id))));
        let secrets = [PRIVATE_KEY, PRIVATE_KEY_FILE, PASSPHRASE, PASSPHRASE_FILE]
            .into_iter()
            .filter(|name| self.get(name).is_some());
        ids.chain(secrets.map(str::to_owned)).collect::<Vec<_>>().join(", ")
    }
}

pub(crate) fn trimmed(text: &str) -> &str {
    let around = |character: char| character.is_whitespace() || character == '\u{feff}';
    let text = text.trim_matches(around);
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    quoted.map_or(text, |text| text.trim_matches(around))
}
