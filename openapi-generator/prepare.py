"""Computes from the contract what templates cannot: flags that need a look at other parts, and examples in Rust.

Everything is written into extensions whose names begin with `x-prepared-`; the contract itself stays as it is.
"""

import json
import re


def prepare(contract):
    schemas = contract["components"]["schemas"]
    for name, schema in schemas.items():
        prepare_schema(name, schema, schemas)
    # The generator finds the description of a tag only when the tag's name is an identifier.
    for tag in contract["tags"]:
        tag["name"] = camel(tag["name"])
    for path in contract["paths"].values():
        for operation in path.values():
            operation["tags"] = [camel(tag) for tag in operation["tags"]]
            prepare_operation(operation, contract)
    prepare_uses(contract)
    for name, scheme in contract["components"]["securitySchemes"].items():
        scheme["x-prepared-guide"] = "consumer-tokens" if name == "ConsumerTokenAuth" else "personal-access-tokens"


def prepare_schema(name, schema, schemas):
    for property_name, property_schema in schema.get("properties", {}).items():
        property_schema["x-prepared-setter"] = snake(property_name)
        if snake(property_name) != property_name:
            property_schema["x-prepared-json-name"] = property_name
    schema["x-prepared-summary"] = re.split(r"(?<=\.) (?=[A-Z])", schema["description"])[0]
    if "example" in schema:
        schema["x-prepared-json"] = pretty(schema["example"])
        schema["x-prepared-rust"] = rust(schema["example"], {"$ref": f"#/components/schemas/{name}"}, schemas)
        imports = imported(schema["x-prepared-rust"], always="models")
        schema["x-prepared-imports"] = imports[0] if len(imports) == 1 else "{" + ", ".join(imports) + "}"
    if "oneOf" in schema:
        schema["x-prepared-variants"] = [variant(name, branch, schemas) for branch in schema["oneOf"]]


def variant(name, branch, schemas):
    """A branch of a one-of is named by what its schema's name adds to the name of the whole."""
    if "$ref" in branch:
        model = reference(branch)
        return {"name": model.removeprefix(name), "type": f"models::{class_name(model)}", "page": class_name(model),
                "description": schemas[model]["description"]}
    types = {"string": ("String", "String"), "integer": ("Integer", "i64")}
    variant_name, rust_type = types[branch["type"]]
    return {"name": variant_name, "type": rust_type, "description": branch["description"]}


def prepare_operation(operation, contract):
    schemas = contract["components"]["schemas"]
    parameters = [resolve(parameter, contract) for parameter in operation.get("parameters", [])]
    setters = "".join(f".{snake(p['name'])}({rust(p['example'], p['schema'], schemas)})"
                      for p in parameters if not p.get("required") and p["schema"].get("type") != "object")
    if any(p["schema"].get("type") == "object" for p in parameters):
        setters += '.query("prompt", "none")'
    required = sorted((p for p in parameters if p.get("required")), key=lambda p: p["in"] != "path")
    values = [rust(p["example"], p["schema"], schemas) for p in required]

    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        operation["x-prepared-input"] = rust(body["example"], body["schema"], schemas)
        operation["x-prepared-request-json"] = pretty(body["example"])
        properties = schemas[reference(body["schema"])]["properties"]
        secrets = [{"name": name} for name, schema in properties.items() if schema.get("x-sensitive")]
        operation["x-prepared-secrets"] = secrets
        values.append("input")
    elif "requestBody" in operation:
        setters += '.body("application/json", r#"{"a":1}"#)'
    accessor = snake(operation["tags"][0])
    operation["x-prepared-accessor"] = "default_api" if accessor == "default" else accessor
    operation["x-prepared-call"] = f"{snake(operation['operationId'])}({', '.join(values)}){setters}"
    used = operation["x-prepared-call"] + operation.get("x-prepared-input", "")
    operation["x-prepared-imports"] = "".join(f", {module}" for module in imported(used))

    operation["x-prepared-errors"] = []
    for status, response in operation["responses"].items():
        if status == "default" or status.startswith("2"):
            prepare_answer(operation, status, response, schemas)
        else:
            model = class_name(reference(response["content"]["application/json"]["schema"]))
            name = response["content"]["application/json"]["example"]["name"]
            error = {"status": status, "name": name, "model": model, "description": response["description"]}
            operation["x-prepared-errors"].append(error)


def prepare_answer(operation, status, response, schemas):
    content = response.get("content", {})
    media = content.get("application/json")
    if media is None:
        output, decode = ("RawBody", "raw") if content else ("()", "empty")
    elif "$ref" in media["schema"]:
        output, decode = f"models::{class_name(reference(media['schema']))}", "json"
        if operation.get("x-pagination"):
            prepare_page(operation, reference(media["schema"]), schemas)
    else:
        output, decode = "serde_json::Map<String, serde_json::Value>", "json"
    operation["x-prepared-answer"] = {
        "status": "2xx or 3xx" if status == "default" else status, "output": output, "decode": decode,
        "description": response["description"],
        "model": output.removeprefix("models::") if output.startswith("models::") else None,
        "raw": decode == "raw",
    }
    if media:
        operation["x-prepared-answer"]["json"] = pretty(media["example"])


def prepare_page(operation, page, schemas):
    paging = operation["x-pagination"]
    item = reference(schemas[page]["properties"][paging["items"]]["items"])
    operation["x-prepared-page"] = {
        "page": class_name(page), "items": snake(paging["items"]), "item": class_name(item),
        "next": snake(paging["next"]), "cursor": paging["cursor"],
    }


def prepare_uses(contract):
    """Where each schema is used: links to the operations and to the other schemas, by what it is to them."""
    uses = {}

    def use(schema, role, link):
        for name in references(schema):
            uses.setdefault(name, {}).setdefault(role, []).append(link)

    for path in contract["paths"].values():
        for operation in path.values():
            method, tag = snake(operation["operationId"]), operation["tags"][0]
            accessor = operation["x-prepared-accessor"]
            link = f"[`{accessor}().{method}`](../apis/{tag[0].upper()}{tag[1:]}Api.md#{method})"
            taken = [resolve(parameter, contract)["schema"] for parameter in operation.get("parameters", [])]
            for schema in taken + bodies(operation.get("requestBody", {})):
                use(schema, "Taken by", link)
            for status, response in operation["responses"].items():
                role = "Answered by" if status == "default" or status.startswith("2") else "Error of"
                for schema in bodies(response):
                    use(schema, role, link)
    for name, schema in contract["components"]["schemas"].items():
        use(schema, "Part of", f"[`{class_name(name)}`]({class_name(name)}.md)")
    for name, roles in uses.items():
        schema = contract["components"]["schemas"][name]
        schema["x-prepared-uses"] = [
            {"role": role, "links": ", ".join(dict.fromkeys(links))} for role, links in roles.items()]


def bodies(message):
    """The schemas of the bodies that a request or an answer may have."""
    return [media["schema"] for media in message.get("content", {}).values()]


def references(schema):
    """The names of the schemas that a schema is made of."""
    if "$ref" in schema:
        yield reference(schema)
    parts = [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("properties", {}).values()]
    if "items" in schema:
        parts.append(schema["items"])
    for part in parts:
        yield from references(part)


def rust(value, schema, schemas):
    """A Rust expression that builds `value`, as a reader would write it."""
    if "allOf" in schema:
        schema = schema["allOf"][0]
    if "$ref" in schema:
        name = reference(schema)
        return rust_model(value, name, schemas[name], schemas)
    match schema.get("type"):
        case "array":
            return "[" + ", ".join(rust(item, schema["items"], schemas) for item in value) + "]"
        case "string" if schema.get("format") == "uuid":
            return f"uuid::uuid!({json.dumps(value)})"
        case "string" | "integer" | "boolean":
            return json.dumps(value, ensure_ascii=False)
    raise ValueError(f"no Rust example for {schema}")


def rust_model(value, name, schema, schemas):
    model = f"models::{class_name(name)}"
    if "enum" in schema:
        return f"{model}::{schema['x-enum-varnames'][schema['enum'].index(value)]}"
    if "oneOf" in schema:
        for branch in schema["oneOf"]:
            if "$ref" not in branch:
                return f"{model}::String({rust(value, branch, schemas)}.into())"
            if set(schemas[reference(branch)]["properties"]) >= set(value):
                return f"{rust(value, branch, schemas)}.into()"
    properties, required = schema["properties"], schema.get("required", [])
    arguments = ", ".join(rust(value[p], s, schemas) for p, s in properties.items() if p in required)
    setters = "".join(f".with_{snake(p)}({rust(value[p], s, schemas)})"
                      for p, s in properties.items() if p in value and p not in required)
    others = "".join(f".with_additional_property({json.dumps(p)}, {json.dumps(v)})"
                     for p, v in value.items() if p not in properties)
    return f"{model}::new({arguments}){setters}{others}"


def imported(code, always=None):
    """The modules of the crate that `code` names."""
    return [module for module in ["models", "uuid"] if module == always or f"{module}::" in code]


def pretty(value):
    return json.dumps(value, indent=2, ensure_ascii=False)


def reference(schema):
    if "allOf" in schema:
        schema = schema["allOf"][0]
    return schema["$ref"].rsplit("/", 1)[1]


def resolve(parameter, contract):
    return contract["components"]["parameters"][reference(parameter)] if "$ref" in parameter else parameter


def camel(name):
    return re.sub(r"[^a-zA-Z0-9]+(.)", lambda letter: letter[1].upper(), name)


def snake(name):
    """As the generator names fields and methods."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def class_name(name):
    """As the generator names types: an acronym is a word."""
    return re.sub(r"[A-Z]{2,}(?=[A-Z][a-z])", lambda acronym: acronym[0].capitalize(), name)
