"""The contracts of the crate, and where what is generated from each one goes. A further contract is a further entry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contract:
    """One contract. Folders are named from the root of the repository."""

    file: str
    # The module of the crate that holds its `apis` and `models`; empty for the crate itself.
    module: str
    # The type whose methods lead to the groups of operations, how such a value yields a `Client`, and how a user gets one.
    owner: str
    client: str
    entry: str
    # Folders that get `apis` and `models`: one of source files, one of pages.
    source: str
    pages: str
    # What the pages are called in the table of contents.
    title: str
    # The folder of the tests' lists, and the file with the operations and schemas of the local service.
    tests: str
    local_service: str

    @property
    def folders(self):
        """Where generated folders go, by where the generator puts them."""
        return {"src/apis": f"{self.source}/apis", "src/models": f"{self.source}/models",
                "docs/apis": f"{self.pages}/apis", "docs/models": f"{self.pages}/models", "tests/generated": self.tests}

    @property
    def properties(self):
        """What the templates need to know of the contract."""
        path = f"{self.module}::" if self.module else ""
        owner = f"crate::{path or 'client::'}{self.owner}"
        up = lambda folder: "/".join([".."] * (folder.count("/") + 1))
        return {"contract": self.file, "module": f"crate::{path}".removesuffix("::"), "modulePath": path,
                "owner": self.owner, "ownerPath": owner, "ownerClient": self.client, "entry": self.entry,
                "documentation": up(self.pages), "pages": f"{up(self.source)}/../{self.pages}"}

    def imports(self, names):
        """What a user imports from the crate for code that names these modules."""
        path = self.properties["modulePath"]
        return [f"{path}models" if name == "models" else name for name in names]


IAM = Contract(
    file="openapi.yaml", module="", owner="Client", client="self.clone()", entry="client", source="src", pages="docs", title="",
    tests="tests/generated", local_service="local-iam/src/engine/contract.rs")

CONSUMER_IAM = Contract(
    file="openapi.consumer-iam.yaml", module="consumer_iam", owner="ConsumerIam", client="self.client()",
    entry="client.consumer_iam()", source="src/consumer_iam", pages="docs/consumer-iam", title="Consumer IAM: ",
    tests="tests/generated/consumer_iam", local_service="local-iam/src/engine/consumer_contract.rs")

CONTRACTS = [IAM, CONSUMER_IAM]
