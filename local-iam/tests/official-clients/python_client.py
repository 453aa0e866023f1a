"""The documented flows of affinidi_tdk_iam_client and affinidi_tdk_consumer_iam_client, against the local service."""

import json
import os
import time
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timedelta, timezone

import affinidi_tdk_consumer_iam_client as cid
import affinidi_tdk_iam_client as iam
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

READY = json.loads(os.environ["READY"])
BASE = READY["iam_base_url"]
CONSUMER_BASE = BASE.removesuffix("/iam") + "/cid"


def client(**tokens):
    configuration = iam.Configuration(host=BASE)
    configuration.api_key = tokens
    return iam.ApiClient(configuration)


def consumer_client(**tokens):
    configuration = cid.Configuration(host=CONSUMER_BASE)
    configuration.api_key = tokens
    return cid.ApiClient(configuration)


def refused(call, status, name):
    try:
        call()
    except (iam.exceptions.ApiException, cid.exceptions.ApiException) as error:
        assert (error.status, json.loads(error.body)["name"]) == (status, name), error
    else:
        raise AssertionError(f"not refused with {name}")


def post(url, body, content_type):
    request = urllib.request.Request(url, data=body.encode(), headers={"content-type": content_type})
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def assertion(key, kid, iss, aud, **more):
    now = int(time.time())
    claims = {"iss": iss, "sub": iss, "aud": aud, "jti": str(uuid.uuid4()), "iat": now, "exp": now + 300, **more}
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": kid})


def base58(data):
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = alphabet[digit] + text
    return text


class Consumer:
    """A consumer with a did:key (P-256)."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.multibase = "z" + base58(b"\x80\x24" + point)
        self.did = f"did:key:{self.multibase}"

    def token(self, kind="client", **more):
        return self.token_of(iam, client(), BASE, kind, **more)

    def token_of(self, service, api_client, base, kind="client", **more):
        signed = assertion(self.key, f"{self.did}#{self.multibase}", self.did, f"{base}/v1/consumer/oauth2/token", **more)
        return service.ConsumerAuthApi(api_client).consumer_auth_token_endpoint(
            service.ConsumerAuthTokenEndpointInput(
                grant_type="client_credentials" if kind == "client" else "affinidi_delegation",
                client_assertion_type=f"urn:ietf:params:oauth:{kind}-assertion-type:jwt-bearer",
                client_assertion=signed,
                client_id=self.did,
            )
        )


def projects_and_tokens(user):
    projects = iam.ProjectsApi(client(UserTokenAuth=user))
    tokens = iam.TokensApi(client(UserTokenAuth=user))
    created = [projects.create_project(iam.CreateProjectInput(name=name)).id for name in ("first", "second", "third")]
    listed, cursor = [], None
    while True:
        page = projects.list_project(limit=2, **({"exclusive_start_key": cursor} if cursor else {}))
        listed += [project.id for project in page.projects]
        cursor = page.last_evaluated_key
        if not cursor:
            break
    assert listed == [READY["project_id"], *created], listed
    assert projects.update_project(created[0], iam.UpdateProjectInput(name="renamed")).name == "renamed"
    assert projects.get_project(created[0]).name == "renamed"
    who = iam.StsApi(client(UserTokenAuth=user)).whoami()
    assert (who.principal_id, who.principal_type) == (READY["user_id"], "user")

    key = ec.generate_private_key(ec.SECP256R1())
    numbers = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    jwk = iam.JsonWebKeyDto(kid="key-1", alg="ES256", use="sig", **numbers)
    key_info = iam.TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo(
        iam.TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoOneOf(jwks=iam.JsonWebKeySetDto(keys=[jwk]))
    )
    method = iam.TokenPrivateKeyAuthenticationMethodDto(
        type="PRIVATE_KEY", signing_algorithm="ES256", public_key_info=key_info
    )
    token = tokens.create_token(iam.CreateTokenInput(name="continuous integration", authentication_method=method))
    assert tokens.update_token(token.id, iam.UpdateTokenInput(name="deployment")).name == "deployment"
    assert tokens.get_token(token.id).name == "deployment"
    assert [listed.id for listed in tokens.list_token().tokens] == [READY["token_id"], token.id]
    return token.id, key, tokens


def personal_access_token(user, token_id, key, tokens):
    project_id = READY["project_id"]
    sts = iam.StsApi(client(UserTokenAuth=user))
    scoped = sts.create_project_scoped_token(iam.CreateProjectScopedTokenInput(project_id=project_id))
    owner = client(ProjectTokenAuth=scoped.access_token)
    principals, policies = iam.ProjectsApi(owner), iam.PoliciesApi(owner)
    principals.add_principal_to_project(iam.AddUserToProjectInput(principal_id=token_id, principal_type="token"))

    endpoint = READY["token_endpoint"]
    form = urllib.parse.urlencode(
        {
            "grant_type": "client_credentials",
            "scope": "openid",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion(key, "key-1", token_id, endpoint),
            "client_id": token_id,
        }
    )
    machine = post(endpoint, form, "application/x-www-form-urlencoded")["access_token"]
    scoped = iam.StsApi(client(UserTokenAuth=machine)).create_project_scoped_token(
        iam.CreateProjectScopedTokenInput(project_id=project_id)
    )
    as_machine = iam.ProjectsApi(client(ProjectTokenAuth=scoped.access_token))
    refused(as_machine.list_principals_of_project, 403, "ActionForbiddenError")

    policy = policies.get_policies(token_id, "token")
    policy.statement.append(
        iam.PolicyStatementDto(
            effect="Allow",
            principal=[f"ari:iam::{project_id}:token/{token_id}"],
            action=["iam:*"],
            resource=["*"],
        )
    )
    assert policies.update_policies(token_id, "token", policy) == policy
    records = as_machine.list_principals_of_project().records
    assert f"token/{token_id}" in [record.principal_id for record in records]
    refused(
        lambda: as_machine.delete_principal_from_project(token_id, "token"), 409, "PrincipalCannotBeDeletedError"
    )
    assert [project.id for project in tokens.list_projects_of_token(token_id).projects] == [project_id]
    principals.delete_principal_from_project(token_id, "token")
    tokens.delete_token(token_id)
    refused(lambda: tokens.get_token(token_id), 404, "NotFoundError")


def consumers():
    profile, other = Consumer(), Consumer()
    response = profile.token()
    assert (response.expires_in, response.token_type) == (3600, "Bearer")
    authz = iam.AuthzApi(client(ConsumerTokenAuth=response.access_token))
    assert authz.grant_access_vfs(iam.GrantAccessInput(grantee_did=other.did, rights=["vfs-read"])).success
    delegated = other.token("delegation", sub=profile.did).access_token
    claims = jwt.decode(delegated, options={"verify_signature": False})
    assert (claims["sub"], claims["act"]) == (profile.did, {"sub": other.did})
    assert authz.update_access_vfs(other.did, iam.UpdateAccessInput(rights=["vfs-read", "vfs-write"])).success
    authz.delete_access_vfs(other.did)
    refused(lambda: other.token("delegation", sub=profile.did), 403, "UnauthorizedError")


def consumer_iam():
    profile, other = Consumer(), Consumer()
    response = profile.token_of(cid, consumer_client(), CONSUMER_BASE)
    assert (response.expires_in, response.token_type) == (3600, "Bearer")
    authz = cid.AuthzApi(consumer_client(ConsumerTokenAuth=response.access_token))
    # The client writes microseconds unless there are none, and the service refuses them.
    end = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(hours=1)
    permission = cid.Permission(rights=["vfs-read"], node_ids=["node-1"], expires_at=end)
    assert authz.grant_access_vfs(other.did, cid.GrantAccessInput(permissions=[permission])).success
    assert authz.get_access_vfs(other.did).permissions == [permission]
    finer = cid.Permission(rights=["vfs-read"], node_ids=[], expires_at=end + timedelta(microseconds=1))
    refused(lambda: authz.update_access_vfs(other.did, cid.UpdateAccessInput(permissions=[finer])), 400, "InvalidParameterError")
    delegated = other.token_of(cid, consumer_client(), CONSUMER_BASE, "delegation", sub=profile.did).access_token
    key = jwt.PyJWK(cid.WellKnownApi(consumer_client()).get_well_known_jwks().keys[0].to_dict())
    claims = jwt.decode(delegated, key, options={"verify_aud": False})
    assert (claims["sub"], claims["act"]) == (profile.did, {"sub": other.did})
    assert authz.update_access_vfs(other.did, cid.UpdateAccessInput(permissions=[])).success
    authz.delete_access_vfs(other.did)
    assert authz.get_access_vfs(other.did).permissions == []
    refused(
        lambda: other.token_of(cid, consumer_client(), CONSUMER_BASE, "delegation", sub=profile.did), 403, "UnauthorizedError"
    )


def well_known():
    api = iam.WellKnownApi(client())
    kid = api.get_well_known_jwks().keys[0].kid
    assert api.get_well_known_did()["verificationMethod"][0]["publicKeyJwk"]["kid"] == kid


def main():
    user = post(f"{READY['management_url']}/user-tokens", "{}", "application/json")["accessToken"]
    personal_access_token(user, *projects_and_tokens(user))
    consumers()
    consumer_iam()
    well_known()
    print("official Python clients: all flows passed")


main()
