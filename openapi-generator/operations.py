"""Operations: what the templates need to declare, send and document each, and what they cannot do."""

import json

from contract import (
    Refused, class_name, description, is_reference, only, operations, reference, references, resolve, snake)
from examples import hoisted, imported, pretty, rust
from parameters import prepare_parameter

KEYWORDS = {"tags", "operationId", "summary", "description", "deprecated", "security", "parameters", "requestBody",
            "responses"}
METHODS = {"get", "post", "put", "patch", "delete"}
# What every request builder has, so that no parameter may be called so.
BUILDER_METHODS = {"timeout", "retry_policy", "header", "send", "with_response", "into_future", "into_stream", "into_pages",
                   "clone"}
# Where generated operations find what they are made of.
RUNTIME = {
    "SecurityScheme": "crate::auth::token",
    "Operation": "crate::call",
    "RawBody": "crate::call",
    "Request": "crate::call",
    "decode": "crate::call",
    "raw": "crate::call",
    "request_builder": "crate::call",
    "paginated": "crate::call::pagination",
    "Client": "crate::client",
}
# What turns the body of a response into the output of an operation.
DECODERS = {"json": "decode::json", "empty": "decode::empty", "raw": "raw"}


def prepare_operations(contract, target):
    by_tag = {}
    for path, method, operation in operations(contract):
        prepare_operation(path, method, operation, contract, target)
        by_tag.setdefault(operation["tags"][0], []).append(operation)
    for tagged in by_tag.values():
        for operation in tagged:
            operation["x-prepared-imports"] = runtime_imports(tagged, target)


def runtime_imports(tagged, target):
    """The `use` lines of a file with these operations."""
    used = {"Client", "Operation", "Request", "request_builder"}
    for operation in tagged:
        code = json.dumps([operation["x-prepared-signature"], operation["x-prepared-response"]["output"],
                           operation["x-prepared-errors"]])
        used |= {"SecurityScheme"} if operation["security"] else set()
        used |= {"paginated"} if "x-prepared-page" in operation else set()
        used |= {"RawBody", "raw"} if operation["x-prepared-response"]["raw"] else {"decode"}
        used |= {"models"} if "models::" in code or operation["x-prepared-errors"] else set()
    homes = {**RUNTIME, "models": target.properties["module"]}
    paths = {path: sorted(name for name in used if homes[name] == path) for path in homes.values()}
    return [{"line": f"use {path}::{{{', '.join(names)}}};"} for path, names in paths.items() if names]


def prepare_operation(path, method, operation, contract, target):
    if "operationId" not in operation:
        raise Refused(f"{method.upper()} {path} has no operationId")
    name = operation["operationId"]
    place = f"operation {name}"
    if method not in METHODS:
        raise Refused(f"{place}: the method {method.upper()} is not supported")
    only(operation, KEYWORDS, place)
    description(operation, place)
    if len(operation.get("tags", [])) != 1:
        raise Refused(f"{place} needs one tag: it names the API that the operation belongs to")
    if not operation.get("summary"):
        raise Refused(f"{place} has no summary")
    schemas = contract["components"]["schemas"]
    prepare_security(place, operation, contract)
    operation["x-prepared-deprecated"] = operation.get("deprecated", False)

    responses = [(status, response) for status, response in operation["responses"].items()
                 if status == "default" or status.startswith("2")]
    if len(responses) != 1:
        raise Refused(f"{place} needs one response of success, and has {len(responses)}")
    prepare_response(place, operation, *responses[0], schemas)
    operation["x-prepared-errors"] = [
        each for status, response in operation["responses"].items() if status != responses[0][0]
        for each in errors(f"{place}, response {status}", status, response)]

    resolved = [resolve(parameter, contract) for parameter in operation.get("parameters", [])]
    parameters = [prepare_parameter(name, parameter, schemas) for parameter in resolved]
    body = prepare_body(place, operation, schemas)
    prepare_sending(place, path, operation, parameters, body)
    prepare_example(operation, resolved, parameters, body, schemas, target)


def prepare_security(place, operation, contract):
    alternatives = operation.setdefault("security", contract.get("security", []))
    if len(alternatives) > 1 or any(len(alternative) != 1 for alternative in alternatives):
        raise Refused(f"{place}: more than one security scheme, or an optional one, is not supported")
    for name in (name for alternative in alternatives for name in alternative):
        scheme = contract["components"]["securitySchemes"][name]
        if (scheme["type"], scheme.get("in"), scheme.get("name", "").lower()) != ("apiKey", "header", "authorization"):
            raise Refused(f"{place}: the security scheme {name} is not a token in the header `authorization`")
    if operation.get("x-authorization-format", "Bearer") != "Bearer":
        raise Refused(f"{place}: `x-authorization-format` can only be `Bearer`")


def prepare_response(place, operation, status, response, schemas):
    content = response.get("content", {})
    media = content.get("application/json")
    if not content:
        output, decode = "()", "empty"
    elif set(content) == {"*/*"}:
        output, decode = "RawBody", "raw"
    elif set(content) != {"application/json"}:
        raise Refused(f"{place}, response {status}: {', '.join(content)} is not supported, only application/json and */*")
    elif is_reference(media["schema"]):
        output, decode = f"models::{class_name(reference(media['schema']))}", "json"
    elif media["schema"].get("type") == "object" and not media["schema"].get("properties"):
        output, decode = "serde_json::Map<String, serde_json::Value>", "json"
    else:
        raise Refused(f"{place}, response {status}: the schema of the body needs a name")
    if media and "example" not in media:
        raise Refused(f"{place}, response {status}: the body has no example")
    operation["x-prepared-response"] = {
        "status": "2xx or 3xx" if status == "default" else status, "output": output, "decoder": DECODERS[decode],
        "description": description(response, f"{place}, response {status}"),
        "model": output.removeprefix("models::") if output.startswith("models::") else None,
        "raw": decode == "raw", "json": pretty(media["example"]) if media else None,
    }
    if "x-pagination" in operation:
        prepare_page(place, operation, media, schemas)


def prepare_page(place, operation, media, schemas):
    paging = operation["x-pagination"]
    if not media or not is_reference(media["schema"]):
        raise Refused(f"{place}: `x-pagination` needs a response whose schema has a name")
    page = reference(media["schema"])
    properties = schemas[page].get("properties", {})
    for field in [paging["items"], paging["next"]]:
        if field not in properties:
            raise Refused(f"{place}: `x-pagination` names the field `{field}`, which {page} does not have")
    operation["x-prepared-page"] = {
        "page": class_name(page), "items": snake(paging["items"]),
        "item": class_name(reference(properties[paging["items"]]["items"])),
        "next": snake(paging["next"]), "cursor": paging["cursor"],
    }


def errors(place, status, response):
    """The errors with one status: one, or several that are told apart by their `name`."""
    media = response.get("content", {}).get("application/json", {})
    schema = media.get("schema", {})
    if "oneOf" not in schema:
        return [error(place, status, schema, media.get("example", {}), response)]
    examples = media.get("examples", {})
    if {reference(branch) for branch in schema["oneOf"] if is_reference(branch)} != set(examples):
        raise Refused(f"{place}: `oneOf` needs alternatives with a name, and `examples` with one example of each by that name")
    return [error(f"{place}, {reference(branch)}", status, branch, examples[reference(branch)].get("value", {}),
                  examples[reference(branch)]) for branch in schema["oneOf"]]


def error(place, status, schema, example, described):
    if not is_reference(schema) or "name" not in example:
        raise Refused(f"{place}: an error needs a JSON body with a named schema and an example that has a `name`")
    return {"status": status, "name": example["name"], "model": class_name(reference(schema)),
            "description": description(described, place)}


def prepare_body(place, operation, schemas):
    """`json` when the operation takes a JSON body, `any` when it takes a body of any media type."""
    operation["x-prepared-secrets"] = []
    if "requestBody" not in operation:
        return None
    request, place = operation["requestBody"], f"{place}, request body"
    description(request, place)
    content = request["content"]
    if set(content) == {"*/*"} and not request.get("required"):
        return "any"
    media = content.get("application/json", {})
    if set(content) != {"application/json"} or not request.get("required") or not is_reference(media["schema"]):
        raise Refused(f"{place}: {', '.join(content)} as described is not supported, only a required application/json body "
                      "whose schema has a name, and an optional */* body")
    if "example" not in media:
        raise Refused(f"{place} has no example")
    model = reference(media["schema"])
    secrets = [name for name, schema in schemas[model].get("properties", {}).items() if schema.get("x-sensitive")]
    refuse_deep_secrets(place, model, schemas)
    operation["x-prepared-secrets"] = [{"name": name} for name in secrets]
    operation["x-prepared-request-json"] = pretty(media["example"])
    code = rust(media["example"], media["schema"], schemas)
    operation["x-prepared-texts"], operation["x-prepared-input"] = hoisted(code)
    operation["x-prepared-input-type"] = class_name(model)
    return "json"


def refuse_deep_secrets(place, model, schemas):
    """A service may echo what was sent; only secrets at the top level of a body are masked then."""
    left, seen = set(references(schemas[model])), set()
    while left:
        name = left.pop()
        seen.add(name)
        properties = schemas[name].get("properties", {})
        if schemas[name].get("x-sensitive") or any(schema.get("x-sensitive") for schema in properties.values()):
            raise Refused(f"{place}: `x-sensitive` in {name}, below the top level of a request body, is not supported")
        left |= set(references(schemas[name])) - seen


def prepare_sending(place, path, operation, parameters, body):
    """The signature of the method, the setters of the request builder, and the calls that fill in the request."""
    required = sorted((p for p in parameters if p["required"]), key=lambda p: p["in"] != "path")
    optional = [p for p in parameters if not p["required"]]
    for parameter in required:
        if parameter["in"] == "path" and f"{{{parameter['json_name']}}}" not in path:
            raise Refused(f"{place}: the path has no `{{{parameter['json_name']}}}`")
    for missing in set(part.split("}")[0] for part in path.split("{")[1:]) - {p["json_name"] for p in required}:
        raise Refused(f"{place}: the path parameter `{missing}` is not described")

    shown = [{"label": p["name"], "is_setter": False, "place": p["in"], "text": p["description"], "about": p["facts"],
              "page": p["page_type"]} for p in required]
    arguments = [f"{p['name']}: {p['type']}" for p in required]
    calls = [p["call"] for p in required]
    if body == "json":
        model = operation["x-prepared-input-type"]
        arguments.append(f"input: models::{model}")
        calls.append(".json(&input)")
        shown.append({"label": "input", "is_setter": False, "place": "body", "text": operation["requestBody"]["description"],
                      "about": "Required", "page": f"[`{model}`](../models/{model}.md)"})
    setters = [method for p in optional for method in setters_of(p)]
    shown += [{"label": p["name"], "is_setter": True, "place": p["in"], "text": p["description"], "about": p["facts"],
               "page": p["page_type"]} for p in optional]
    if body == "any":
        text = operation["requestBody"]["description"]
        setters.append({
            "lines": [f"Sets the body, of any media type. {text}"], "outdated": False,
            "head": "body(mut self, content_type: impl AsRef<str>, body: impl Into<bytes::Bytes>)",
            "body": sending(".any_body(content_type.as_ref(), body.into())")})
        shown.append({"label": "body", "is_setter": True, "place": "body", "text": text, "about": "Optional",
                      "page": "media type and bytes"})
    labels = [each["label"] for each in shown]
    for label in labels:
        if label in BUILDER_METHODS or labels.count(label) > 1:
            raise Refused(f"{place}: a parameter cannot be called `{label}`, because the request builder has that already")
    operation["x-prepared-parameters"] = shown
    operation["x-prepared-signature"] = "".join(f", {argument}" for argument in arguments)
    operation["x-prepared-request"] = "".join(calls)
    operation["x-prepared-setters"] = setters


def sending(call):
    """The body of a method of the request builder that sends something more."""
    return f"self.request = self.request{call}; self"


def setters_of(parameter):
    """The methods of the request builder that set an optional parameter: to a value, and to a value that may be there."""
    name, text = parameter["name"], parameter["description"]
    if parameter["free"]:
        return [{"lines": [f"Adds a query parameter; call it once for each. {text}"], "outdated": False,
                 "head": "query(mut self, name: impl AsRef<str>, value: impl AsRef<str>)",
                 "body": sending(".any_query(name.as_ref(), value.as_ref())")}]
    lines = [text]
    if parameter["bounded"]:
        lines += ["", "With any other value the call fails with "
                      "[`Error::is_invalid_input`](crate::Error::is_invalid_input) and nothing is sent."]
    plain = name.removeprefix("r#")
    return [{"lines": lines, "outdated": parameter["deprecated"],
             "head": f"{name}(mut self, {name}: {parameter['type']})", "body": sending(parameter["call"])},
            {"lines": [f"As [`{plain}`](Self::{plain}), with a value that may be there: `None` changes nothing."],
             "outdated": parameter["deprecated"], "allow": parameter["deprecated"],
             "head": f"maybe_{plain}(self, {name}: Option<{parameter['type']}>)",
             "body": f"match {name} {{ Some({name}) => self.{name}({name}), None => self }}"}]


def prepare_example(operation, resolved, parameters, body, schemas, target):
    """How the operation is called with the examples of the contract, on its page and in the tests."""
    pairs = list(zip(resolved, parameters))
    required = sorted((pair for pair in pairs if pair[1]["required"]), key=lambda pair: pair[1]["in"] != "path")
    optional = [pair for pair in pairs if not pair[1]["required"]]
    values = [example(raw, schemas) for raw, _ in required] + ["input"] * (body == "json")
    setters = "".join('.query("prompt", "none")' if prepared["free"] else f".{prepared['name']}({example(raw, schemas)})"
                      for raw, prepared in optional)
    if body == "any":
        setters += '.body("application/json", r#"{"a":1}"#)'
    accessor = snake(operation["tags"][0])
    method = snake(operation["operationId"])
    # The compiler refuses an alias that is the name.
    operation["x-prepared-alias"] = operation["operationId"] if operation["operationId"] != method else None
    operation["x-prepared-accessor"] = "default_api" if accessor == "default" else accessor
    operation["x-prepared-call"] = f"{method}({', '.join(values)}){setters}"
    statement = f"    let response = {target.entry}.{operation['x-prepared-accessor']}().{operation['x-prepared-call']}.await?;"
    operation["x-prepared-long"] = len(statement) > 100
    if "x-prepared-page" in operation:
        operation["x-prepared-page"]["first"] = f"{method}({', '.join(values)})"
    used = operation["x-prepared-call"] + operation.get("x-prepared-input", "")
    operation["x-prepared-page-imports"] = "".join(f", {module}" for module in target.imports(imported(used)))

    given = [given_value(p, schemas) for _, p in required] + ["given.body()"] * (body == "json")
    setters = "".join(".query(PAIR.0, PAIR.1)" if prepared["free"]
                      else f".{prepared['name']}({given_value(prepared, schemas)})" for _, prepared in optional)
    setters += ".body(MEDIA_TYPE, BODY)" if body == "any" else ""
    operation["x-prepared-test-call"] = f"{operation['x-prepared-accessor']}().{method}({', '.join(given)}){setters}"
    operation["x-prepared-reader"] = "raw" if operation["x-prepared-response"]["raw"] else "json"


def example(parameter, schemas):
    value = parameter.get("example", parameter["schema"].get("example"))
    return rust(value, parameter["schema"], schemas)


def given_value(parameter, schemas):
    """How a test takes the value of a parameter from the contract."""
    name = parameter["json_name"]
    if parameter["type"] != "impl AsRef<str>":
        return f'given.example("{name}")'
    return f'given.text("{name}")' if parameter["in"] == "path" else f'given.example::<String>("{name}")'
