# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""README tells the truth: its code is the example that the build compiles, and its links lead somewhere."""

import re

from conftest import ROOT


def test_the_code_of_readme_is_the_example():
    example = (ROOT / "docs/examples/hello/main.swift").read_text().split("\n", 3)[3].strip()
    assert f"```swift\n{example}\n```" in (ROOT / "README.md").read_text()


def test_every_line_of_code_in_the_guides_is_in_an_example():
    """The examples are compiled with the build; a list there may need a comma after a line."""
    examples = "\n".join(path.read_text() for path in (ROOT / "docs/examples").rglob("*.swift"))
    known = {line.strip().replace("),  //", ")  //").removesuffix(",") for line in examples.splitlines()}
    foreign = [
        f"{guide.name}: {line}"
        for guide in (ROOT / "docs/guides").glob("*.md")
        for block in re.findall(r"```swift\n(.*?)\n```", guide.read_text(), re.DOTALL)
        for line in block.splitlines()
        if line.strip() and line.strip() not in known
    ]
    assert not foreign


def test_links_between_documents_lead_somewhere():
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    documents += [*(ROOT / "docs").rglob("*.md"), *(ROOT / "dashboards").rglob("*.md")]
    broken = [
        f"{document.relative_to(ROOT)}: {link}"
        for document in documents
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", document.read_text())
        if "://" not in link and not (document.parent / link).exists()
    ]
    assert not broken


def test_every_variable_of_readme_is_read_by_the_code_and_every_one_read_is_in_readme():
    source = "\n".join(path.read_text() for path in (ROOT / "Sources/Wingbeat").glob("*.swift"))
    read = set(re.findall(r'"((?:OTEL|WINGBEAT|LOG)_[A-Z_]+)"', source))
    told = set(re.findall(r"`((?:OTEL|WINGBEAT|LOG)_[A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert read == told
