"""A text of a file is shown as it is: nothing in it becomes a link, in the browser's own reading of Markdown."""

import re
import weakref

import pytest

from dashboard.app_pages.parts import markdown
from dashboard.workspace import StoreProblem

# What the page's Markdown makes links of, as its library (mdast-util-gfm-autolink-literal) looks for it, after all escapes are gone.
WEB = re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE)
MAIL = re.compile(r"(?<![-.\w+])([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)")


@pytest.mark.parametrize(
    "text",
    [
        "www.evil.example",
        "WWW.evil.example",
        "see https://evil.example/x?y",
        "HTTP://evil.example",
        "a@evil.example",
        "ann.b+c@evil.example.org",
        "(www.evil.example)",
    ],
)
def test_an_address_in_a_text_is_no_link(text):
    assert WEB.search(text) or MAIL.search(text)
    shown = re.sub(r"\\(.)", r"\1", markdown(text))
    assert not WEB.search(shown) and not MAIL.search(shown)
    assert shown.replace("\u2060", "") == text


def test_what_is_remembered_of_a_text_is_the_text_and_not_the_exception_that_it_was_taken_from():
    def sentence_of_a_problem() -> weakref.ref:
        try:
            raise StoreProblem("The folder cannot be read.")
        except StoreProblem as problem:
            assert markdown(problem) == "The folder cannot be read."
            return weakref.ref(problem)

    assert sentence_of_a_problem()() is None
