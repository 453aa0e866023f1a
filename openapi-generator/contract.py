"""Reading a contract: its parts, the names they get in Rust, and what to say when a part cannot be generated."""

import re

# Raw identifiers (`r#type`) stand for these; the words that cannot be raw are refused.
KEYWORDS = set(
    "abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in let "
    "loop macro match mod move mut override priv pub ref return static struct trait true try type typeof unsafe unsized use "
    "virtual where while yield".split())
NEVER_RAW = {"crate", "self", "super", "_"}


class Refused(Exception):
    """The contract has something that the templates do not support. The message says what, and where."""


def operations(contract):
    """Every operation with its path and method."""
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def description(part, place):
    """The description of a part. It becomes a comment of one line, and the crate denies missing documentation."""
    text = part.get("description", "").strip()
    if not text:
        raise Refused(f"{place} has no description")
    if "\n" in text:
        raise Refused(f"the description of {place} has line breaks: write one paragraph (`>-` in YAML)")
    return text


def only(part, keywords, place):
    """Refuses keywords that change the meaning of a part and that nothing reads."""
    for keyword in part:
        if keyword not in keywords and not keyword.startswith("x-"):
            raise Refused(f"{place} has `{keyword}`, which is not supported")


def bodies(message):
    """The schemas of the bodies that a request or a response may have."""
    return [media["schema"] for media in message.get("content", {}).values()]


def references(schema):
    """The names of the schemas that a schema is made of."""
    if "$ref" in schema:
        yield reference(schema)
    if "x-known-values" in schema:
        yield schema["x-known-values"]
    parts = [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("properties", {}).values()]
    if "items" in schema:
        parts.append(schema["items"])
    for part in parts:
        yield from references(part)


def is_reference(schema):
    """Whether a schema is another one, by its name. `allOf` with one part gives a reference its own description."""
    return "$ref" in schema or (len(schema.get("allOf", [])) == 1 and "$ref" in schema["allOf"][0])


def reference(schema):
    """The name of the schema or parameter that is referred to."""
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


def identifier(name, place):
    """The name of a field or a parameter in Rust."""
    word = snake(name)
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", word) or word in NEVER_RAW:
        raise Refused(f"{place}: `{name}` cannot be a name in Rust")
    return f"r#{word}" if word in KEYWORDS else word
