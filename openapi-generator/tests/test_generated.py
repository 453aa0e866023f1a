"""What the pinned generator makes of a small contract with every kind of part that the templates support."""

import json
import tempfile
import unittest
from pathlib import Path

from small_contract import contract, operation, parameter, thing

from contracts import IAM, Contract
from examples import hoisted
from generate import generate, generator_jar, refuse_wide_code

CHOICE = "#/components/schemas/Choice"


def everything():
    """A contract with every kind of parameter and field, and with deprecated parts."""
    whole = contract()
    operation(whole).update(deprecated=True)
    operation(whole)["parameters"] = [
        parameter("brief", schema={"type": "boolean"}, example=True),
        parameter("age", schema={"type": "integer"}, example=7),
        parameter("limit", schema={"type": "integer", "minimum": 1, "maximum": 9}, example=3),
        parameter("type", schema={"$ref": "#/components/schemas/Color"}, example="red"),
        parameter("old", deprecated=True, example="text"),
        parameter("exact", required=True, schema={"type": "boolean"}, example=False),
        parameter("any", schema={"type": "object", "additionalProperties": {"type": "string"}}, example={}),
    ]
    whole["paths"]["/things/{number}"] = {"put": {
        **operation(whole), "operationId": "writeThing", "deprecated": False, "security": [],
        "parameters": [parameter("number", "path", required=True, schema={"type": "integer"})],
        "requestBody": {"description": "A thing.", "required": True, "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/Thing"}, "example": {"name": "blue"}}}}}}
    thing(whole)["example"]["until"] = "2026-12-31T22:59:59.500Z"
    thing(whole)["properties"].update({
        "use": {"description": "A keyword.", "type": "string"},
        "howMany": {"description": "A number.", "type": "integer"},
        "weight": {"description": "A number with a fraction.", "type": "number"},
        "since": {"description": "A date.", "type": "string", "format": "date-time"},
        "until": {"description": "A time.", "type": "string", "format": "date-time", "x-milliseconds": True},
        "choice": {"description": "This or that.", "allOf": [{"$ref": CHOICE}]},
        "old": {"description": "Not used any more.", "type": "string", "deprecated": True},
        "color": {"description": "Its color, mostly.", "type": "string", "x-known-values": "Color"},
        "validFor": {"description": "Seconds.", "type": "integer", "x-lifetime": True},
    })
    operation(whole)["responses"]["404"] = alternatives()
    whole["components"]["schemas"]["Choice"] = {
        "description": "This or that.", "example": "text", "oneOf": [
            {"description": "Some text.", "type": "string"}, {"description": "Some number.", "type": "integer"}]}
    whole["components"]["schemas"]["Receipt"] = {
        "description": "What was done.", "type": "object", "example": {"done": True, "by": "me"}, "required": ["done"],
        "properties": {"done": {"description": "Whether it was.", "type": "boolean", "x-outcome": True},
                       "by": {"description": "Who did it.", "type": "string"}}}
    whole["components"]["schemas"]["Vault"] = {
        "description": "Keeps a secret.", "type": "object", "additionalProperties": True, "example": {},
        "properties": {"key": {"description": "The secret.", "type": "string", "x-sensitive": True},
                       "old": {"description": "Not used any more.", "type": "string", "deprecated": True}}}
    return whole


def alternatives():
    """A response with one of two errors."""
    return {"description": "There is none.", "content": {"application/json": {
        "schema": {"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"$ref": "#/components/schemas/Vault"}]},
        "examples": {"Thing": {"description": "No thing.", "value": {"name": "ThingError"}},
                     "Vault": {"description": "No vault.", "value": {"name": "VaultError"}}}}}}


class Generated(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Below the repository, where rustfmt finds its settings.
        target = Path(__file__).resolve().parents[2] / "target"
        target.mkdir(exist_ok=True)
        cls.folder = tempfile.TemporaryDirectory(dir=target)
        file = Path(cls.folder.name) / "contract.json"
        file.write_text(json.dumps(everything()))
        cls.tree = cls.generated(IAM)

    @classmethod
    def generated(cls, target):
        folder = Path(cls.folder.name)
        return generate(generator_jar(), target, folder / "output", folder / "contract.json", local_service=False)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def holds(self, file, *parts):
        text = (self.tree / file).read_text()
        for part in parts:
            self.assertIn(part, text)

    def lacks(self, file, *parts):
        text = (self.tree / file).read_text()
        for part in parts:
            self.assertNotIn(part, text)

    def test_every_parameter_has_its_setter(self):
        self.holds(
            "src/apis/things_api.rs",
            "pub fn read_thing(&self, exact: bool) -> ReadThing {",
            'request: Request::new(self.client.settings(), &OPERATION).query("exact", exact)',
            "pub fn brief(mut self, brief: bool) -> Self {",
            "pub fn age(mut self, age: i64) -> Self {",
            "pub fn limit(mut self, limit: u32) -> Self {",
            "pub fn maybe_limit(self, limit: Option<u32>) -> Self {",
            "Some(limit) => self.limit(limit),",
            "pub fn maybe_type(self, r#type: Option<models::Color>) -> Self {",
            "#[allow(deprecated)]\n    pub fn maybe_old(self, old: Option<impl AsRef<str>>) -> Self {",
            "pub fn r#type(mut self, r#type: models::Color) -> Self {",
            "#[deprecated]\n    pub fn old(mut self, old: impl AsRef<str>) -> Self {",
            "pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {",
            "pub fn write_thing(&self, number: i64, input: models::Thing) -> WriteThing {",
            '.path("number", number).json(&input)',
        )

    def test_the_setters_of_a_builder_are_one_block(self):
        text = (self.tree / "src/apis/things_api.rs").read_text()
        self.assertEqual(text.count("impl ReadThing {"), 1)
        self.assertNotIn("impl WriteThing {", text)

    def test_request_builders_show_the_example_of_the_page(self):
        text = (self.tree / "src/apis/things_api.rs").read_text()
        page = (self.tree / "docs/apis/ThingsApi.md").read_text()
        examples = page.split("```rust\n")[1:]
        self.assertEqual(len(examples), 2)
        for example in examples:
            code = "".join(f"/// {line}".rstrip() + "\n" for line in example.split("```")[0].splitlines())
            self.assertIn(f"///\n/// ```\n{code}/// ```\n#[derive(Clone, Debug)]\n", text)

    def test_long_texts_leave_the_line_of_their_example(self):
        texts, code = hoisted(f'new("{"a" * 80}", "short", "b")')
        self.assertEqual((texts, code), ([{"name": "text", "text": f'"{"a" * 80}"'}], 'new(text, "short", "b")'))
        texts, code = hoisted(f'new("{"a" * 80}", "{"b" * 80}")')
        self.assertEqual((len(texts), code), (2, "new(text_1, text_2)"))
        self.assertEqual(hoisted('new("short", "\\"")'), ([], 'new("short", "\\"")'))

    def test_a_line_of_an_example_that_nothing_makes_shorter_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "docs/models/Thing.md"
            page.parent.mkdir(parents=True)
            page.write_text(f"{'x' * 101}\n\n```json\n{'y' * 100}\n```\n")
            refuse_wide_code(Path(folder))
            page.write_text(f"```json\n{'y' * 101}\n```\n")
            with self.assertRaisesRegex(SystemExit, "Thing.md: an example has a line of more than 100 characters: yyy"):
                refuse_wide_code(Path(folder))

    def test_request_builders_are_clone(self):
        self.holds("src/apis/things_api.rs", "#[derive(Clone, Debug)]\n#[must_use")

    def test_deprecated_operations_say_so(self):
        self.holds("src/apis/things_api.rs", "#[doc(alias = \"readThing\")]\n    #[deprecated]\n    pub fn read_thing")
        self.lacks("src/apis/things_api.rs", "#[deprecated]\n    pub fn write_thing")
        self.holds("docs/apis/ThingsApi.md", "**Deprecated.**")

    def test_fields_are_renamed_only_where_json_differs(self):
        self.holds("src/models/thing.rs", 'rename = "howMany"', "pub r#use: Option<String>", "pub how_many: Option<i64>",
                   "pub since: Option<String>", "pub weight: Option<f64>")
        self.lacks("src/models/thing.rs", 'rename = "use"', "model_debug")

    def test_models_derive_what_their_fields_allow(self):
        self.holds("src/models/thing.rs", "#[derive(Clone, Debug, PartialEq, Serialize)]")
        self.holds("src/models/choice.rs", "#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]")
        self.holds("src/models/vault.rs", "#[derive(Clone, Default, PartialEq, Eq, Serialize)]")

    def test_a_lifetime_is_a_duration(self):
        self.holds("src/models/thing.rs", "pub valid_for: Option<i64>,",
                   "pub fn lifetime(&self) -> Option<std::time::Duration> {", "let seconds = self.valid_for?;")
        self.holds("docs/models/Thing.md", "`lifetime()` returns it as a `Duration`")

    def test_an_outcome_must_be_looked_at(self):
        self.holds("src/models/receipt.rs", '#[must_use = "`done` may be false: call `ensure_success`"]',
                   "pub fn ensure_success(&self) -> Result<(), crate::Error> {", "if self.done {")
        self.lacks("src/models/receipt.rs", "#[must_use]")
        self.holds("docs/models/Receipt.md", "`ensure_success()` makes an error of `false`")

    def test_text_with_known_values_is_an_open_enum(self):
        self.holds("src/models/thing.rs", "pub color: Option<models::Color>,",
                   "pub fn with_color(mut self, color: impl Into<models::Color>) -> Self {", "self.color = Some(color.into());")
        self.holds("docs/models/Thing.md", "| `color` | `Option<`[`Color`](Color.md)`>` |")
        self.holds("docs/models/Color.md", "Part of [`Thing`](Thing.md)")

    def test_a_time_in_milliseconds_is_a_system_time(self):
        self.holds("src/models/thing.rs", "pub until: Option<std::time::SystemTime>,",
                   'serialize_with = "crate::wire::milliseconds::serialize"')
        self.holds("docs/models/Thing.md", "written in whole milliseconds",
                   "std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_798_757_999_500)")

    def test_alternatives_of_an_error_are_listed_and_make_no_model(self):
        self.holds("docs/apis/ThingsApi.md", "| 404 | [`ThingError`](../models/Thing.md) | No thing. |",
                   "| 404 | [`VaultError`](../models/Vault.md) | No vault. |")
        self.holds("docs/models/Vault.md", "Error of")
        self.assertEqual(sorted(file.name for file in (self.tree / "src/models").iterdir()),
                         ["choice.rs", "color.rs", "mod.rs", "receipt.rs", "thing.rs", "vault.rs"])

    def test_operations_say_how_to_read_their_errors(self):
        self.holds("src/apis/things_api.rs", "[`error.service_error()`](crate::Error::service_error) has its name and details.")
        self.holds("docs/apis/ThingsApi.md", "`error.service_error()` has its name and details.")

    def test_secrets_are_not_printed(self):
        self.holds("src/models/vault.rs", "optional_secret key,", "open additional_properties,")

    def test_deprecated_fields_say_so_and_do_not_warn_here(self):
        self.holds("src/models/thing.rs", "#[deprecated]\n    pub old: Option<String>,",
                   "#[deprecated]\n    #[must_use]\n    pub fn with_old", "#[allow(deprecated)]\nimpl Thing {")

    def test_alternatives_that_are_primitive_can_be_read(self):
        self.holds("src/models/choice.rs", "pub fn as_str(&self) -> Option<&str>", "pub fn as_i64(&self) -> Option<i64>")

    def test_files_import_what_they_use(self):
        self.lacks("src/models/vault.rs", "use crate::models;", "unused_imports")
        self.holds("src/models/thing.rs", "use crate::models;")
        self.lacks("src/apis/things_api.rs", "unused_imports", "paginated", "RawBody")

    def test_the_lists_of_the_tests_are_complete(self):
        self.holds("tests/generated/models.rs", 'Choice "Choice",', 'Color "Color",', 'Thing "Thing",', 'Vault "Vault",')
        self.holds("tests/generated/operations.rs", '"readThing": json client.things().read_thing(given.example("exact"))',
                   '"writeThing": json client.things().write_thing(given.example("number"), given.body());')


class GeneratedIntoAModule(Generated):
    """The same contract as the second one of the crate: the names that its files use are of its own module."""

    @classmethod
    def generated(cls, target):
        return super().generated(Contract(**{**vars(target), "file": "other.yaml", "module": "other", "owner": "Other",
                                             "client": "self.client()", "entry": "client.other()",
                                             "source": "src/other", "pages": "docs/other"}))

    def test_files_import_what_they_use(self):
        self.holds("src/models/thing.rs", "use crate::other::models;")
        self.holds("src/apis/mod.rs", "use crate::other::Other;", "impl Other {", "ThingsApi::new(self.client())",
                   'include_str!("../../../docs/other/apis/ThingsApi.md")')
        self.holds("docs/apis/ThingsApi.md", "Generated from other.yaml", "[Documentation](../../README.md)",
                   "Obtained from `client.other().things()`.", "client.other().things().write_thing(1, input)",
                   "use affinidi_tdk_iam_client::{Client, Error, other::models};")
        self.holds("docs/models/Thing.md", "use affinidi_tdk_iam_client::other::models;", "[`other().things().read_thing`]")

    def test_the_lists_of_the_tests_are_complete(self):
        self.holds("tests/generated/operations.rs", '"readThing": json client.other().things().read_thing(')


if __name__ == "__main__":
    unittest.main()
