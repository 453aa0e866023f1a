#!/usr/bin/env python3
"""Regenerates everything that derives from openapi.yaml.

    openapi-generator/generate.py            wipe and regenerate src/apis, src/models, docs/apis, docs/models,
                                             tests/generated, local-iam/src/engine/contract.rs and the generated
                                             parts of README.md and docs/SUMMARY.md
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
from local_service import prepare_local_service
from prepare import prepare

GENERATOR = "openapi-generator-cli==7.26.0"
ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "openapi-generator"
BUILD = ROOT / "target" / "openapi-generator"
GENERATED_FOLDERS = ["src/apis", "src/models", "docs/apis", "docs/models", "tests/generated"]
GENERATED_FILES = ["local-iam/src/engine/contract.rs"]
MARKER = "Generated from openapi.yaml"


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


def generate(jar, contract_file, output, local_service=True):
    """Fills a folder below `output` with what the tree should hold. The local service supports less than the client."""
    shutil.rmtree(output, ignore_errors=True)
    run("java", "-jar", jar, "validate", "--input-spec", contract_file)
    run("java", "-jar", jar, "generate", "--generator-name", "openapi", "--input-spec", contract_file,
        "--output", output / "contract")
    contract = json.loads((output / "contract" / "openapi.json").read_text())
    try:
        prepare(contract)
        if local_service:
            prepare_local_service(contract)
    except Refused as reason:
        sys.exit(f"{contract_file} cannot be generated: {reason}")
    prepared = output / "prepared.json"
    prepared.write_text(json.dumps(contract))

    tree = output / "tree"
    tree.mkdir()
    shutil.copy(ROOT / ".openapi-generator-ignore", tree)
    run("java", "-jar", jar, "generate", "--config", HERE / "config.yaml", "--input-spec", prepared,
        "--output", tree)
    arrange(tree)
    refuse_stock_files(tree)
    run("rustfmt", "--edition", "2024", *sorted(tree.rglob("*.rs")))
    format_snippets(tree, output / "snippets")
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


def format_snippets(tree, folder):
    """Formats the Rust examples of the pages. rustfmt leaves everything around a string that is too long for a line as it
    is, so such strings, tokens mostly, give way to shorter ones meanwhile."""
    fence = re.compile(r"(?<=^```rust\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
    long = []

    def shorten(string):
        if len(string[0]) < 60:
            return string[0]
        long.append(string[0])
        return f'"{len(long):060}"'

    folder.mkdir()
    (folder / "rustfmt.toml").write_text("max_width = 100\n")
    pages = sorted(tree.glob("docs/*/*.md"))
    snippets = [(page, fence.findall(page.read_text())) for page in pages]
    files = [folder / f"{page.stem}_{i}.rs" for page, found in snippets for i in range(len(found))]
    for file, code in zip(files, (code for _, found in snippets for code in found)):
        file.write_text(re.sub(r'"[^"\n]*"', shorten, code))
    run("rustfmt", "--edition", "2024", *files)
    restore = lambda code: re.sub(r'"(\d{60})"', lambda number: long[int(number[1]) - 1], code)
    formatted = iter([restore(file.read_text()) for file in files])
    for page, _ in snippets:
        page.write_text(fence.sub(lambda _: next(formatted), page.read_text()))


def refuse_stock_files(tree):
    """Only this project's templates open a file with the marker."""
    shutil.rmtree(tree / ".openapi-generator", ignore_errors=True)
    (tree / ".openapi-generator-ignore").unlink()
    for file in filter(Path.is_file, tree.rglob("*")):
        text = file.read_text()
        if MARKER not in text.splitlines()[0]:
            sys.exit(f"{file.relative_to(tree)} does not come from a template of this project: "
                     "add it to .openapi-generator-ignore")
        if "Codegen" in text:
            sys.exit(f"{file.relative_to(tree)} holds an object of the generator: "
                     "its template asks for a value that is not there")


def table(folder, tree):
    """The table of all APIs or models, for README.md."""
    page = (tree / "docs" / folder / "README.md").read_text()
    return page[page.index("|") : page.rindex("|") + 2].replace("](", f"](docs/{folder}/")


def chapters(tree):
    """The pages of all APIs and models, for docs/SUMMARY.md."""
    lines = []
    for folder, title in [("apis", "APIs"), ("models", "Models")]:
        names = sorted(page.stem for page in (tree / "docs" / folder).glob("*.md"))
        lines.append(f"- [{title}]({folder}/README.md)\n")
        lines += [f"  - [{name}]({folder}/{name}.md)\n" for name in names if name != "README"]
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


def files_below(root):
    return {file.relative_to(root): file.read_text()
            for path in GENERATED_FOLDERS + GENERATED_FILES for file in [root / path, *(root / path).rglob("*")]
            if file.is_file()}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="fail when the tree would change; change nothing")
    check = arguments.parse_args().check

    tree = generate(generator_jar(), "openapi.yaml", BUILD / "output")
    wanted, present = files_below(tree), files_below(ROOT)
    for file, parts in {
        Path("README.md"): {folder: table(folder, tree) for folder in ["apis", "models"]},
        Path("docs/SUMMARY.md"): {"pages": chapters(tree)},
    }.items():
        present[file] = (ROOT / file).read_text()
        wanted[file] = with_parts(file, parts)

    changed = sorted(file for file in wanted.keys() | present.keys() if wanted.get(file) != present.get(file))
    if check:
        for file in changed:
            old, new = (text.get(file, "").splitlines(keepends=True) for text in (present, wanted))
            sys.stdout.writelines(list(difflib.unified_diff(old, new, f"tree/{file}", f"generated/{file}"))[:40])
        if changed:
            sys.exit(f"{len(changed)} generated files differ from the contract: run openapi-generator/generate.py")
        print(f"{len(wanted)} generated files are up to date")
        return
    for folder in GENERATED_FOLDERS:
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    for file, text in wanted.items():
        (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / file).write_text(text)
    print(f"{len(wanted)} files generated, {len(changed)} changed")


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    main()
