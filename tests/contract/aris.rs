//! An ARI is built of parts that fit, or not at all, and is written as it was read.

use affinidi_tdk_iam_client::Ari;
use affinidi_tdk_iam_client::models::PrincipalType;

/// As the service and its official clients write them.
const KNOWN: [&str; 7] = [
    "ari:iam:::user/1a738036-f1f4-4a5d-b99e-15934f2e60f2",
    "ari:iam:::token/6ccd0a2e-e135-4037-b399-00039b362034",
    "ari:iam::e30f4404-b898-45f1-903e-80af808ad60c:user/1a738036-f1f4-4a5d-b99e-15934f2e60f2",
    "ari:iam::e30f4404-b898-45f1-903e-80af808ad60c:token/6ccd0a2e-e135-4037-b399-00039b362034",
    "ari:iam::e30f4404-b898-45f1-903e-80af808ad60c:token/6ccd0a2e/client/6ccd0a2e",
    "ari:iam::e30f4404-b898-45f1-903e-80af808ad60c:*",
    "ari:identity:ap-southeast-1:e30f4404-b898-45f1-903e-80af808ad60c:wallet/0a1b2c",
];

fn ari(text: &str) -> Ari {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn an_ari_is_written_as_it_was_read() {
    for text in KNOWN {
        assert_eq!(ari(text).to_string(), text);
        assert_eq!(String::from(&ari(text)), text);
        assert_eq!(format!("{:?}", ari(text)), format!("Ari({text})"));
    }
}

#[test]
fn an_ari_is_built_of_the_parts_that_it_returns() {
    for text in KNOWN {
        let read = ari(text);
        let mut built = Ari::new(read.service(), read.resource()).unwrap();
        assert_eq!((built.region(), built.project_id()), (None, None));
        if let Some(region) = read.region() {
            built = built.in_region(region).unwrap();
        }
        if let Some(project_id) = read.project_id() {
            built = built.in_project(project_id).unwrap();
        }
        assert_eq!(built, read);
    }
    let wallet = ari(KNOWN[6]);
    assert_eq!((wallet.service(), wallet.region()), ("identity", Some("ap-southeast-1")));
}

#[test]
fn a_principal_has_a_type_and_a_bare_identifier() {
    for (text, principal) in [
        ("ari:iam:::user/u", Some((PrincipalType::User, "u"))),
        ("ari:iam::p:token/t", Some((PrincipalType::Token, "t"))),
        ("ari:iam::p:token/t/client/c", Some((PrincipalType::Token, "t"))),
        ("ari:iam::p:user/user/u", None),
        ("ari:iam::p:token/t/other/c", None),
        ("ari:iam::p:token/t/client", None),
        ("ari:iam::p:token/t/client/c/more", None),
        ("ari:iam::p:token", None),
        ("ari:iam::p:token/*", None),
        ("ari:iam::p:project/p", None),
        ("ari:iam::p:*", None),
        ("ari:identity::p:user/u", None),
    ] {
        assert_eq!(ari(text).principal(), principal, "{text}");
    }
    for kind in [PrincipalType::User, PrincipalType::Token] {
        let built = Ari::of_principal(kind.clone(), "id").unwrap().in_project("p").unwrap();
        assert_eq!(built.to_string(), format!("ari:iam::p:{kind}/id"));
        assert_eq!(built.principal(), Some((kind, "id")));
    }
}

#[test]
fn text_with_other_parts_is_not_an_ari_and_is_not_repeated() {
    for text in [
        "",
        "*",
        "ari",
        "ari:iam",
        "ari:iam::user/u",
        "ari:iam::p:extra:user/u",
        "ari:iam:::did:key:z",
        "ARI:iam:::user/u",
        "arn:iam:::user/u",
        " ari:iam:::user/u",
        "ari::::user/u",
        "ari:iam::p:",
        "ari:iam::p:user/",
        "ari:iam::p:/u",
        "ari:iam::p:user//u",
        "ari:iam::p/q:user/u",
        "ari:i/am::p:user/u",
        "ari:iam:a/b:p:user/u",
        "ari:iam::p:user/u ",
        "ari:iam::p:user/u\n",
        "ari:iam::p:user/\u{0}",
        "ari:iam::p q:user/u",
        "eyJhbGciOiJFUzI1NiJ9.e30.c2ln",
    ] {
        let error = text.parse::<Ari>().unwrap_err();
        assert!(error.is_invalid_input(), "{text:?}: {error}");
        assert!(text.len() < 5 || !format!("{error} {error:?}").contains(text), "{text:?}: {error}");
    }
    assert!(":".repeat(1 << 20).parse::<Ari>().is_err());
}

#[test]
fn a_part_that_would_change_the_others_is_refused() {
    let whole = || Ari::new("iam", "*").unwrap();
    for part in ["a:b", "a/b", "a b", "a\n", "\u{a0}", ":"] {
        assert!(whole().in_project(part).unwrap_err().is_invalid_input(), "{part:?}");
        assert!(whole().in_region(part).unwrap_err().is_invalid_input(), "{part:?}");
        assert!(Ari::new(part, "*").unwrap_err().is_invalid_input(), "{part:?}");
        assert!(Ari::of_principal(PrincipalType::User, part).unwrap_err().is_invalid_input(), "{part:?}");
        assert!(
            Ari::of_principal(PrincipalType::from(part), "u").unwrap_err().is_invalid_input(),
            "{part:?}"
        );
    }
    for id in ["", "*", "user/u", "token/t"] {
        assert!(Ari::of_principal(PrincipalType::User, id).unwrap_err().is_invalid_input(), "{id:?}");
    }
    assert!(Ari::new("iam", "").unwrap_err().is_invalid_input());
}
