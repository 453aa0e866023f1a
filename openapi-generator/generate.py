#!/usr/bin/env python3
"""Regenerates everything that derives from the contracts, which contracts.py lists.

    openapi-generator/generate.py            wipe and regenerate the folders and files that contracts.py names, and the
                                             generated parts of README.md and docs/SUMMARY.md
    openapi-generator/generate.py --check    change nothing; fail when regenerating would change anything

Needs Python 3.11, Java 11 or later and rustfmt. The pinned generator is installed into target/openapi-generator.
"""

import argparse
import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from contract import Refused
from contracts import CONTRACTS, IAM
from local_service import prepare_local_service
from prepare import prepare

GENERATOR = "openapi-generator-cli==7.26.0"
ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "openapi-generator"
BUILD = ROOT / "target" / "openapi-generator"
LOCAL_SERVICE = "local-iam/src/engine/contract.rs"
GENERATED = [path for contract in CONTRACTS for path in [*contract.folders.values(), contract.local_service]]


def run(*command):
    """Runs a command; shows what it printed only when it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}\nfailed: {' '.join(map(str, command))[:200]}")
    return done.stdout


def generator_jar():
    """The jar of the pinned generator, installed on first use."""
    package = BUILD / GENERATOR.replace("==", "-")
    jar = package / "openapi_generator_cli" / "openapi-generator.jar"
    if not jar.exists():
        run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", package, GENERATOR)
    return jar


def generate(jar, contract, output, file=None, local_service=True):
    """Fills a folder below `output` with what the tree should hold of a contract; a test reads it from another `file`. The
    local service supports less than the client."""
    file = file or contract.file
    shutil.rmtree(output, ignore_errors=True)
    run("java", "-jar", jar, "validate", "--input-spec", file)
    run("java", "-jar", jar, "generate", "--generator-name", "openapi", "--input-spec", file,
        "--output", output / "contract")
    document = json.loads((output / "contract" / "openapi.json").read_text())
    try:
        prepare(document, contract)
        if local_service:
            prepare_local_service(document)
    except Refused as reason:
        sys.exit(f"{file} cannot be generated: {reason}")
    prepared = output / "prepared.json"
    prepared.write_text(json.dumps(document))

    tree = output / "tree"
    tree.mkdir()
    shutil.copy(ROOT / ".openapi-generator-ignore", tree)
    run("java", "-jar", jar, "generate", "--config", HERE / "config.yaml", "--input-spec", prepared,
        "--additional-properties", ",".join(f"{name}={value}" for name, value in contract.properties.items()),
        "--output", tree)
    arrange(tree)
    refuse_stock_files(tree, contract)
    run("rustfmt", "--edition", "2024", *sorted(tree.rglob("*.rs")))
    format_snippets(tree, output / "snippets")
    refuse_wide_code(tree)
    give_examples(tree)
    return tree


def arrange(tree):
    """Sorts the pages, which the generator writes into one folder, into one folder per kind."""
    pages = tree / "docs"
    for page in pages.glob("*.md"):
        folder = pages / ("apis" if page.stem.endswith("Api") else "models")
        folder.mkdir(exist_ok=True)
        page.rename(folder / page.name)
    for page in pages.glob("*/*.md"):
        page.write_text(re.sub(r"\n{3,}", "\n\n", page.read_text()).rstrip() + "\n")


# A line of code that is longer has to be scrolled, or is cut on paper.
WIDTH = 100
FENCE = re.compile(r"(?<=^```rust\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)


def format_snippets(tree, folder):
    """Formats the Rust examples of the pages, as the crate is formatted but narrower."""
    folder.mkdir()
    (folder / "rustfmt.toml").write_text(f'max_width = {WIDTH}\nuse_small_heuristics = "Max"\n')
    pages = sorted(tree.glob("docs/*/*.md"))
    snippets = [(page, FENCE.findall(page.read_text())) for page in pages]
    files = [folder / f"{page.stem}_{i}.rs" for page, found in snippets for i in range(len(found))]
    for file, code in zip(files, (code for _, found in snippets for code in found)):
        file.write_text(code)
    run("rustfmt", "--edition", "2024", *files)
    formatted = iter([file.read_text() for file in files])
    for page, _ in snippets:
        page.write_text(FENCE.sub(lambda _: next(formatted), page.read_text()))


def refuse_wide_code(tree):
    """A long text in an example needs a shorter one in the contract."""
    for page in sorted(tree.glob("docs/*/*.md")):
        for code in ("\n" + page.read_text()).split("\n```")[1::2]:
            for line in code.splitlines():
                if len(line) > WIDTH:
                    sys.exit(f"{page.relative_to(tree)}: an example has a line of more than {WIDTH} characters: {line}")


def give_examples(tree):
    """Puts the examples of the pages at the request builders, whose template has a line `/// examples: <method>`."""
    for page in tree.glob("docs/apis/*Api.md"):
        sections = {section.split("`")[0]: FENCE.findall(section) for section in page.read_text().split("\n## `")[1:]}
        for file in tree.glob("src/apis/*_api.rs"):
            if f"struct {page.stem} " in (text := file.read_text()):
                place = re.compile(r"^/// examples: (\w+)\n", re.MULTILINE)
                file.write_text(place.sub(lambda method: example_comment(sections[method[1]]), text))


def example_comment(examples):
    """A documentation comment with the example of a call, and where the operation has pages with that of all of them."""
    blocks = [f"```\n{code}```" for code in examples]
    return "".join(f"/// {line}".rstrip() + "\n" for line in "\n\nThe items of all pages:\n\n".join(blocks).splitlines())


def refuse_stock_files(tree, contract):
    """Only this project's templates open a file with the marker."""
    marker = f"Generated from {contract.file}:"
    shutil.rmtree(tree / ".openapi-generator", ignore_errors=True)
    (tree / ".openapi-generator-ignore").unlink()
    for file in filter(Path.is_file, tree.rglob("*")):
        text = file.read_text()
        if marker not in text.splitlines()[0]:
            sys.exit(f"{file.relative_to(tree)} does not come from a template of this project: "
                     "add it to .openapi-generator-ignore")
        if "Codegen" in text:
            sys.exit(f"{file.relative_to(tree)} holds an object of the generator: "
                     "its template asks for a value that is not there")


def table(folder, tree):
    """The table of all APIs or models, for README.md."""
    page = (tree / "docs" / folder / "README.md").read_text()
    return page[page.index("|") : page.rindex("|") + 2].replace("](", f"](docs/{folder}/")


def chapters(tree, contract):
    """The pages of all APIs and models of a contract, for docs/SUMMARY.md."""
    lines = []
    for folder, title in [("apis", "APIs"), ("models", "Models")]:
        names = sorted(page.stem for page in (tree / "docs" / folder).glob("*.md"))
        place = f"{contract.pages}/{folder}".removeprefix("docs/")
        lines.append(f"- [{contract.title}{title}]({place}/README.md)\n")
        lines += [f"  - [{name}]({place}/{name}.md)\n" for name in names if name != "README"]
    return "".join(lines)


def with_parts(file, parts):
    """A handwritten file with its generated parts renewed."""
    text = (ROOT / file).read_text()
    for name, part in parts.items():
        begin, end = f"<!-- generated: {name} -->\n", f"<!-- end of generated: {name} -->"
        if begin not in text or end not in text:
            sys.exit(f"{file} lacks the lines `{begin.strip()}` and `{end}`")
        head, rest = text.split(begin, 1)
        text = head + begin + part + end + rest.split(end, 1)[1]
    return text


def files_below(folder):
    """The texts of all files below a folder, or of the file that it is, by their paths within it."""
    return {file.relative_to(folder): file.read_text() for file in [folder, *folder.rglob("*")] if file.is_file()}


def wanted_files(tree, contract):
    """What was generated from a contract, by its place in the repository."""
    places = {**contract.folders, LOCAL_SERVICE: contract.local_service}
    return {Path(place) / file: text for made, place in places.items() for file, text in files_below(tree / made).items()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="fail when the tree would change; change nothing")
    check = arguments.parse_args().check

    trees = {contract: generate(generator_jar(), contract, BUILD / Path(contract.file).stem) for contract in CONTRACTS}
    wanted = {file: text for contract, tree in trees.items() for file, text in wanted_files(tree, contract).items()}
    present = {Path(path) / file: text for path in GENERATED for file, text in files_below(ROOT / path).items()}
    for file, parts in {
        Path("README.md"): {folder: table(folder, trees[IAM]) for folder in ["apis", "models"]},
        Path("docs/SUMMARY.md"): {"pages": "".join(chapters(tree, contract) for contract, tree in trees.items())},
    }.items():
        present[file] = (ROOT / file).read_text()
        wanted[file] = with_parts(file, parts)

    changed = sorted(file for file in wanted.keys() | present.keys() if wanted.get(file) != present.get(file))
    if check:
        for file in changed:
            old, new = (text.get(file, "").splitlines(keepends=True) for text in (present, wanted))
            sys.stdout.writelines(list(difflib.unified_diff(old, new, f"tree/{file}", f"generated/{file}"))[:40])
        if changed:
            sys.exit(f"{len(changed)} generated files differ from the contracts: run openapi-generator/generate.py")
        print(f"{len(wanted)} generated files are up to date")
        return
    for file in present.keys() - wanted.keys():
        (ROOT / file).unlink()
    for file, text in wanted.items():
        (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / file).write_text(text)
    print(f"{len(wanted)} files generated, {len(changed)} changed")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    main()
