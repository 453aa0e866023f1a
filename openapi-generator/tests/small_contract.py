"""A contract that is as small as one can be, for tests that add to it the part that they are about."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def contract():
    """One operation, `readThing`, that returns the one schema, `Thing`."""
    thing = {"name": "blue"}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "1.0.0"},
        "tags": [{"name": "things", "description": "Things to test with."}],
        "paths": {"/things": {"get": {
            "tags": ["things"],
            "operationId": "readThing",
            "summary": "Read a thing",
            "description": "Reads a thing.",
            "security": [{"UserTokenAuth": []}],
            "parameters": [],
            "responses": {"200": {"description": "The thing.", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Thing"}, "example": thing}}}},
        }}},
        "components": {
            "securitySchemes": {"UserTokenAuth": {
                "type": "apiKey", "in": "header", "name": "authorization", "description": "A token."}},
            "schemas": {
                "Thing": {
                    "description": "A thing.", "type": "object", "additionalProperties": False, "required": ["name"],
                    "properties": {"name": {"description": "Its name.", "type": "string"}}, "example": thing},
                "Color": {
                    "description": "A color.", "type": "string", "enum": ["red"], "x-enum-varnames": ["Red"],
                    "x-enum-descriptions": ["Like blood."], "example": "red"},
            },
        },
    }


def operation(whole):
    """The operation of the contract."""
    return next(iter(whole["paths"]["/things"].values()))


def thing(whole):
    return whole["components"]["schemas"]["Thing"]


def parameter(name="size", where="query", **others):
    """A parameter with everything that one needs."""
    return {"name": name, "in": where, "description": "What it is.", "example": 1, "schema": {"type": "string"}, **others}
