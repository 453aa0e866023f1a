//! Building paths and queries.

use std::fmt::Debug;

use affinidi_tdk_iam_client::http::StatusCode;
use affinidi_tdk_iam_client::transport::TransportResponse;
use affinidi_tdk_iam_client::{Error, models};
use percent_encoding::percent_decode_str;

use super::recorder::{BASE_URL, Recorder};

thread_local! {
    static RECORDER: Recorder = Recorder::new(1);
}

/// Whatever the values, a request goes to the path of its operation and nowhere else, and arrives there as it was given; what
/// would make another path is refused before it is sent.
///
/// `input` is a value for path parameters, the name of a query parameter and its value, with a byte 0xff between them.
pub fn check(input: &[u8]) {
    let mut parts = input.splitn(3, |byte| *byte == 0xff).map(str::from_utf8);
    let mut next = || parts.next().unwrap_or(Ok(""));
    let (Ok(value), Ok(name), Ok(text)) = (next(), next(), next()) else { return };
    RECORDER.with(|recorder| {
        let client = &recorder.client;
        let kind = || models::PrincipalType::from(name.to_owned());
        let segments = [value];
        recorder.will_answer(TransportResponse::new(StatusCode::NO_CONTENT, "{}"));
        let sent = |outcome, template, parameters: &[&str], query: &[(&str, &str)]| {
            assert_sent(recorder, outcome, template, parameters, query);
        };

        let outcome = recorder.run(client.projects().get_project(value)).map(drop);
        sent(outcome, "v1/projects/{}", &segments, &[]);
        let outcome = recorder.run(client.authz().delete_access_vfs(value)).map(drop);
        sent(outcome, "v1/authz/vfs/access/{}", &segments, &[]);
        let outcome = recorder.run(client.policies().get_policies(value, kind())).map(drop);
        sent(outcome, "v1/policies/principals/{}", &segments, &[("principalType", name)]);
        let outcome = recorder.run(client.projects().delete_principal_from_project(value, kind())).map(drop);
        sent(outcome, "v1/projects/principals/{}", &segments, &[("principalType", name)]);
        let outcome = recorder.run(client.projects().list_project().exclusive_start_key(text)).map(drop);
        sent(outcome, "v1/projects", &[], &[("exclusiveStartKey", text)]);

        let greedy: Vec<_> = value.split('/').collect();
        let proxy = client.default_api().v1_idp_proxy_get(value).query(name, text).query(text, name);
        let outcome = recorder.run(proxy).map(drop);
        sent(outcome, "v1/idp/{}", &greedy, &[(name, text), (text, name)]);
        let proxy = client.default_api().v1_auth_proxy_post(value).query(name, text);
        sent(recorder.run(proxy).map(drop), "v1/auth/{}", &greedy, &[(name, text)]);
    });
}

fn assert_sent(
    recorder: &Recorder,
    outcome: Result<(), Error>,
    template: &str,
    parameters: &[&str],
    query: &[(&str, &str)],
) {
    let request = recorder.take_request();
    if parameters.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
        assert!(outcome.is_err_and(|error| error.is_invalid_input()), "{parameters:?} is refused");
        assert!(request.is_none(), "{parameters:?} was sent");
        return;
    }
    let url = request.unwrap_or_else(|| panic!("{parameters:?} was not sent")).url;
    let path = url.as_str().strip_prefix(BASE_URL).expect("it stays below the base URL");
    assert_eq!(url.fragment(), None);
    assert_eq!((url.username(), url.password()), ("", None));
    let path = path.split('?').next().unwrap_or(path);
    let expected = template.split('/').flat_map(|segment| match segment {
        "{}" => parameters.to_vec(),
        literal => vec![literal],
    });
    let segments = path.split('/').skip(1).map(|segment| percent_decode_str(segment).decode_utf8());
    assert_same(segments.map(|segment| segment.expect("UTF-8")), expected);
    assert_same(url.query_pairs().map(|(_, value)| value), query.iter().map(|(_, value)| *value));
    assert_same(url.query_pairs().map(|(name, _)| name), query.iter().map(|(name, _)| *name));
}

fn assert_same<'a, T: AsRef<str> + Debug>(
    given: impl Iterator<Item = T>,
    expected: impl Iterator<Item = &'a str>,
) {
    let (given, expected): (Vec<_>, Vec<_>) = (given.collect(), expected.collect());
    assert!(given.iter().map(T::as_ref).eq(expected.iter().copied()), "{given:?} is not {expected:?}");
}
