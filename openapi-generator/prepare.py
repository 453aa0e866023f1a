"""Computes from the contract what templates cannot, and refuses what they do not support.

Everything is written into extensions whose names begin with `x-prepared-`; the contract itself stays as it is.
"""

import re

from contract import Refused, bodies, camel, class_name, description, operations, reference, references, resolve, snake
from contracts import IAM
from operations import prepare_operations
from schemas import prepare_schema, refuse_recursion

# A misspelt extension would have no effect: a secret would be printed, a slash encoded.
EXTENSIONS = {"x-pagination", "x-idempotent", "x-authorization-format", "x-greedy", "x-sensitive", "x-lenient-integer",
              "x-lifetime", "x-milliseconds", "x-known-values", "x-outcome", "x-enum-varnames", "x-enum-descriptions"}


def prepare(contract, target=IAM):
    """Prepares a contract for what is generated from it at the places of `target`."""
    refuse_unknown_extensions(contract)
    spread_parameters(contract)
    restore_alternatives(contract)
    schemas = contract["components"]["schemas"]
    refuse_recursion(schemas)
    for name, schema in schemas.items():
        prepare_schema(name, schema, schemas, target)
    # The generator finds the description of a tag only when the tag's name is an identifier.
    for tag in contract.get("tags", []):
        description(tag, f"tag {tag['name']}")
        tag["name"] = camel(tag["name"])
    known = {tag["name"] for tag in contract.get("tags", [])}
    for _, _, operation in operations(contract):
        operation["tags"] = [camel(tag) for tag in operation.get("tags", [])]
        for tag in set(operation["tags"]) - known:
            raise Refused(f"operation {operation.get('operationId')}: the tag {tag} is not described")
    prepare_operations(contract, target)
    prepare_uses(contract, target)
    drop_alternatives(contract)
    for name, scheme in contract["components"].get("securitySchemes", {}).items():
        scheme["x-prepared-guide"] = "consumer-tokens" if name == "ConsumerTokenAuth" else "personal-access-tokens"


def response_bodies(contract):
    """The bodies of all responses, with their schema and examples."""
    for _, _, operation in operations(contract):
        for response in operation["responses"].values():
            yield from response.get("content", {}).values()


def restore_alternatives(contract):
    """Puts a `oneOf` back into its response, of which the generator made a schema named after the operation and the status."""
    schemas = contract["components"]["schemas"]
    moved = {name for name, schema in schemas.items()
             if set(schema) == {"oneOf"} and re.search(r"_[0-9]{3}_response$", name)}
    for body in response_bodies(contract):
        if "$ref" in body["schema"] and reference(body["schema"]) in moved:
            body["schema"] = schemas[reference(body["schema"])]
    for name in moved:
        del schemas[name]


def drop_alternatives(contract):
    """Keeps the generator from making a model of a `oneOf` that no Rust code reads: errors are told apart by their name."""
    for body in response_bodies(contract):
        if "oneOf" in body["schema"]:
            body["schema"] = {}


def refuse_unknown_extensions(part, place="the contract"):
    if isinstance(part, list):
        for item in part:
            refuse_unknown_extensions(item, place)
    elif isinstance(part, dict):
        for name, value in part.items():
            if isinstance(name, str) and name.startswith("x-") and name not in EXTENSIONS:
                raise Refused(f"{place} has the extension `{name}`, which nothing reads")
            if name not in ("example", "default", "enum"):
                refuse_unknown_extensions(value, f"{place} / {name}" if place != "the contract" else name)


def spread_parameters(contract):
    """Gives each operation the parameters that its path has for all of them."""
    for path, item in contract["paths"].items():
        shared = item.pop("parameters", [])
        for keyword in set(item) - {"get", "put", "post", "delete", "options", "head", "patch", "trace"}:
            raise Refused(f"path {path} has `{keyword}`, which is not supported")
        for operation in item.values():
            own = operation.get("parameters", [])
            names = {(p["in"], p["name"]) for p in (resolve(parameter, contract) for parameter in own)}
            inherited = [parameter for parameter in shared
                         if (resolve(parameter, contract)["in"], resolve(parameter, contract)["name"]) not in names]
            if inherited:
                operation["parameters"] = inherited + own


def prepare_uses(contract, target):
    """Where each schema is used: links to the operations and to the other schemas, by what it is to them."""
    uses = {}

    def use(schema, role, link):
        for name in references(schema):
            uses.setdefault(name, {}).setdefault(role, []).append(link)

    for _, _, operation in operations(contract):
        method, tag = snake(operation["operationId"]), operation["tags"][0]
        accessor = operation["x-prepared-accessor"]
        entry = target.entry.removeprefix("client").removeprefix(".")
        accessor = ".".join(filter(None, [entry, accessor]))
        link = f"[`{accessor}().{method}`](../apis/{tag[0].upper()}{tag[1:]}Api.md#{method})"
        taken = [resolve(parameter, contract)["schema"] for parameter in operation.get("parameters", [])]
        for schema in taken + bodies(operation.get("requestBody", {})):
            use(schema, "Taken by", link)
        for status, response in operation["responses"].items():
            role = "Returned by" if status == "default" or status.startswith("2") else "Error of"
            for schema in bodies(response):
                use(schema, role, link)
    for name, schema in contract["components"]["schemas"].items():
        use(schema, "Part of", f"[`{class_name(name)}`]({class_name(name)}.md)")
    for name, roles in uses.items():
        schema = contract["components"]["schemas"][name]
        schema["x-prepared-uses"] = [
            {"role": role, "links": ", ".join(dict.fromkeys(links))} for role, links in roles.items()]
