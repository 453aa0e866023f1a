"""Mints a token for each scheme and runs schemathesis; arguments are passed on."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import yaml

HERE = pathlib.Path(__file__).parent
READY = json.loads(os.environ["READY"])
BASE = READY["iam_base_url"]
MINIMUM = 5000


def call(method, url, body, token=None):
    headers = {"content-type": "application/json", **({"authorization": token} if token else {})}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def manage(method, path, body):
    return call(method, READY["management_url"] + path, body)


def tokens():
    # Minted ahead, so that a project token outlives the run.
    manage("PUT", "/clock", {"offsetSeconds": 3600})
    user = manage("POST", "/user-tokens", {"expiresIn": 86400})["accessToken"]
    scoped = call("POST", f"{BASE}/v1/sts/create-project-scoped-token", {"projectId": READY["project_id"]}, user)
    consumer = manage("POST", "/consumer-tokens", {"did": "did:key:z6Mk", "expiresIn": 86400})["accessToken"]
    manage("PUT", "/clock", {"offsetSeconds": 0})
    return {"USER_TOKEN": user, "PROJECT_TOKEN": scoped["accessToken"], "CONSUMER_TOKEN": consumer}


def undeclared():
    """The responses beyond the contract, from the table in README.md: operation, status, names."""
    for line in (HERE / "../../README.md").read_text().splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[1].isdigit():
            yield cells[0], cells[1], [name.strip(" `") for name in cells[2].split(",")]


def closed(*required, **properties):
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}


TEXT = {"type": "string"}

# What comes from in front of the service, at every operation: by the gateway, and by its authorizer.
MESSAGE = closed("message", message=TEXT)


def gateway_error(name, code):
    issues = {"type": "array", "items": closed("issue", issue=TEXT)}
    return closed(
        "name", "code", "debugId", "message",
        name={"enum": [name]}, code={"enum": [code]}, debugId=TEXT, message=TEXT, details=issues,
    )


def service_error(name, status):
    issues = {"type": "array", "items": closed("issue", issue=TEXT, field=TEXT, location=TEXT)}
    return closed(
        "name", "message", "httpStatusCode", "traceId",
        name={"enum": [name]}, message=TEXT, httpStatusCode={"enum": [status]}, traceId=TEXT, details=issues,
    )


BAD_REQUEST = gateway_error("BadRequestError", "APIERR-1")
NO_TOKEN = gateway_error("NoAuthorizationError", "APIERR-2")
BAD_TOKEN = service_error("InvalidJwtTokenError", 401)
GRANTED_ALREADY = service_error("AlreadyExistsError", 409)
BESIDE_THE_CONTRACT = {"AlreadyExistsError": GRANTED_ALREADY}

GATEWAY = {
    "400": [BAD_REQUEST, MESSAGE],
    "401": [BAD_TOKEN],
    "403": [NO_TOKEN, BAD_TOKEN, MESSAGE],
    "413": [MESSAGE],
    "415": [MESSAGE],
}


def declare(operation, status, schemas):
    responses = operation["responses"]
    declared = responses.get(status, {}).get("content", {}).get("application/json", {}).get("schema")
    schemas = ([declared] if declared else []) + schemas
    responses[status] = {
        "description": "As README.md declares",
        "content": {"application/json": {"schema": {"anyOf": schemas}}},
    }


def contract():
    """The contract, with the responses of the gateway, and those that the README declares in addition."""
    contract = yaml.safe_load((HERE / "../../openapi.yaml").read_text())
    operations = {
        operation["operationId"]: operation
        for item in contract["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    for operation, status, names in undeclared():
        schema = lambda name: BESIDE_THE_CONTRACT.get(name, {"$ref": f"#/components/schemas/{name}"})
        declare(operations[operation], status, [schema(name) for name in names])
    for operation in operations.values():
        if "default" not in operation["responses"]:
            for status, schemas in GATEWAY.items():
                declare(operation, status, schemas)
    return contract


def main():
    with tempfile.TemporaryDirectory() as folder:
        schema = pathlib.Path(folder, "contract.json")
        schema.write_text(json.dumps(contract(), default=str))
        command = [
            str(pathlib.Path(sys.executable).parent / "schemathesis"),
            "--config-file", str(HERE / "schemathesis.toml"),
            "run", str(schema), "--url", BASE, "--phases", "examples,coverage,fuzzing", "--max-examples", "150",
            "--seed", "1", "--continue-on-failure", "--suppress-health-check", "all", *sys.argv[1:],
        ]
        environment = {**os.environ, **tokens()}
        return subprocess.run(command, env=environment, cwd=folder).returncode


sys.exit(main())
