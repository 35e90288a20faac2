"""Each decision has one page of one shape, and the index names them all."""

import re
from pathlib import Path

DECISIONS = Path(__file__).resolve().parents[2] / "docs" / "decisions"
INDEX = (DECISIONS / "README.md").read_text(encoding="utf-8")
PAGES = sorted(DECISIONS.glob("[0-9]*.md"))
SECTIONS = ["Context", "Options compared", "Decision", "Consequences", "What would change our minds"]
LONGEST = 700
"""Words: one page."""


def test_pages_are_numbered_without_gaps_and_the_index_has_them_in_order() -> None:
    numbers = [int(page.name.partition("-")[0]) for page in PAGES]

    assert numbers == list(range(1, len(PAGES) + 1))
    assert re.findall(r"^\| \[\d+\]\((.+?)\) \|", INDEX, re.MULTILINE) == [page.name for page in PAGES]


def test_each_page_says_what_was_compared_and_what_would_change_it() -> None:
    wrong = []
    for number, page in enumerate(PAGES, 1):
        text = page.read_text(encoding="utf-8")
        if not text.startswith(f"# {number}. "):
            wrong.append(f"{page.name}: its title has another number")
        if re.findall(r"^## (.+)$", text, re.MULTILINE) != SECTIONS:
            wrong.append(f"{page.name}: its sections are others than {SECTIONS}")
        if len(text.split()) > LONGEST:
            wrong.append(f"{page.name}: it is longer than a page")
    assert wrong == []


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*DECISIONS.glob("*.md"), *DECISIONS.parents[1].glob("*.md"), *DECISIONS.parent.glob("*.md")]

    assert [
        f"{document.name}: {target}"
        for document in documents
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
        if not (document.parent / target).exists()
    ] == []
