"""Citations: figure, document and dataset, as reference lists, BibTeX and CSL-JSON take them."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from dashboard import figures
from dashboard.analysis.views import View
from dashboard.display.languages import Language
from dashboard.figures import Figure, citations, evidence

MADE = date(2026, 2, 3)


@pytest.fixture(scope="module")
def drawing(bundle, table):
    view = View(reporter=("google",), requester=("DEU",), start="2011", end="2012", known="2020-05-04")
    return figures.draw(Figure(view, title="Requests & 50% more {x}", byline="Jane Doe"), bundle, table=table)


def test_a_figure_is_cited_with_title_edition_and_day(drawing, bundle):
    cited = citations.of_figure(drawing, bundle, address="https://example.org/figure?x=1", made=MADE)
    assert cited.short == "Jane Doe (2026)"
    assert cited.long == (
        f"Jane Doe (2026). Requests & 50% more {{x}}. Edition: data version {bundle.version}. In: Government requests for user data, "
        "as published. Transparency dashboard. As known on 4 May 2020. https://example.org/figure?x=1"
    )


def test_a_figure_without_a_byline_stands_under_its_title(drawing, bundle, table):
    cited = citations.of_figure(figures.draw(Figure(View()), bundle, table=table), bundle, made=MADE)
    assert cited.short == "Requests, United States (2026)"


def test_bibtex_reads_every_letter_as_a_letter(drawing, bundle):
    entry = citations.of_figure(drawing, bundle, address="https://example.org/a_b?x={1}", made=MADE).bibtex
    assert r"title = {{Requests \& 50\% more \{x\}}}" in entry
    assert "url = {https://example.org/a_b?x=1}" in entry
    assert re.match(r"@misc\{[a-z0-9-]+,\n", entry)
    assert entry.replace(r"\{", "").replace(r"\}", "").count("{") == entry.replace(r"\{", "").replace(r"\}", "").count("}")


def test_csl_json_has_parts_of_dates_and_literal_authors(drawing, bundle):
    item = json.loads(json.dumps(citations.of_figure(drawing, bundle, made=MADE).csl))
    assert item["issued"] == {"date-parts": [[2026, 2, 3]]}
    assert item["author"] == [{"literal": "Jane Doe"}]
    assert item["version"] == f"data version {bundle.version}"


def test_every_document_can_be_cited(bundle):
    names = Language("en", bundle)
    for _, document in bundle.documents.iterrows():
        cited = citations.of_document(document, names, seen=MADE)
        assert document["title"] in cited.long and names.reporter(document["reporter"]) in cited.long
        if document["published"]:
            assert cited.short.endswith(f"({document['published'][:4]})")
        else:
            # A day that is only inferred is never given as the day of publication.
            assert (cited.published is None and "issued" not in cited.csl) or "literal" in cited.csl["issued"]


def test_the_dataset_is_cited_with_its_version(bundle):
    cited = citations.of_dataset(bundle, seen=MADE)
    assert bundle.version in cited.long and cited.csl["type"] == "dataset"


def test_a_figure_cites_each_document_in_it(drawing, bundle, table):
    cited = citations.all_of(drawing, bundle, Language("en", bundle), table=table, made=MADE)
    documents = evidence.documents(drawing, bundle, table=table)
    assert len(cited) == len(documents) + 2 and documents
    assert len({one.key for one in cited}) == len(cited)


def test_a_total_cites_the_documents_of_its_parts(bundle, table):
    total = figures.draw(Figure(View(reporter=("google",), requester=("WLD",), start="2012", end="2012")), bundle, table=table)
    assert total.rows["made_by"].ne("").all()
    assert evidence.documents(total, bundle, table=table)


def test_the_description_for_wikimedia_is_one_template_that_no_text_can_leave(drawing, bundle, table):
    hostile = replace(drawing, figure=replace(drawing.figure, alt="a}} {{delete|x}} [[b|c]] ''d'' <script> |permission=mine ~~~~"))
    cited = citations.all_of(drawing, bundle, Language("en", bundle), table=table, made=MADE)
    text = citations.wikimedia(hostile, cited[1:], made=MADE)
    assert text.count("{{") == text.count("}}") == 5
    assert "[[" not in text and "<" not in text and "~~" not in text and text.count("permission=") == 1
    assert text.count("\n* ") == len(cited) - 1
