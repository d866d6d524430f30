"""Statement files: what does not exist or cannot be is refused at load, with file, statement and rule; what is sound is found again."""

import pandas as pd
import pytest

from dashboard import catalog
from dashboard.catalog.shipped import DatasetError
from dashboard.display.languages import Language
from dashboard.statements import bundled, claimed_series, concerning, files, quotes_with, search

STATEMENT = """
[[statement]]
id = "one"
topic = "volume of requests"
speaker = "Somebody"
role = "speaker"
side = "press"
date = "2021-07-05"
venue = "a page"
language = "en"
country = "USA"
url = "https://example.org/one"
seen = "own page"
says = "Somebody said how many requests Google received from Germany in 2020."
quote = "many requests"
"""
CLAIM = """
[[statement.claim]]
id = "requests"
low = 26_000
high = 27_000
unit = "requests"
period_start = "2020-01-01"
period_end = "2020-12-31"
per = "year"
comparator = "between"
"""
SERIES = '{ reporter = "google", requester = "DEU", measure = "requests", from = "2020-01-01", to = "2020-12-31" }'
READING = f"""
[[statement.claim.reading]]
id = "a-file"
label = "Requests from Germany in the file"
formula = "sum"
of = {SERIES}
"""
SOUND = STATEMENT + CLAIM + READING
OTHER = STATEMENT.replace('id = "one"', 'id = "two"')


@pytest.fixture
def folder(tmp_path):
    """A folder for statement files."""
    return tmp_path


def loaded(folder, text: str):
    """The statements of a folder with one file."""
    (folder / "said.toml").write_text(text, encoding="utf-8")
    return files.load(folder, catalog.bundled())


def test_a_sound_file_is_loaded(folder):
    found = loaded(folder, SOUND)
    assert found.statements["statement"].tolist() == ["one"]
    assert found.claims[["low", "high"]].to_numpy().tolist() == [[26_000, 27_000]]
    assert found.readings["of"].iloc[0]["requester"] == "DEU"


REFUSED = {
    "a reporter that does not exist": (SOUND.replace('"google"', '"gogle"'), "there is no reporter “gogle”"),
    "a measure that does not exist": (SOUND.replace('measure = "requests"', 'measure = "asks"'), "there is no measure “asks”"),
    "a requester that does not exist": (SOUND.replace('"DEU"', '"XYZ"'), "there is no requester “XYZ”"),
    "a kind of demand that does not exist": (
        SOUND.replace('requester = "DEU"', 'requester = "DEU", request_type = "plea"'),
        "there is no request type “plea”",
    ),
    "an authority that does not exist": (
        SOUND.replace('requester = "DEU"', 'requester = "DEU", authority = "royal"'),
        "there is no authority “royal”",
    ),
    "a series that nobody publishes": (SOUND.replace('measure = "requests"', 'measure = "queries"'), "google publishes no queries for DEU"),
    "a series for a country that its reporter does not print": (
        SOUND.replace('"google"', '"odni"'),
        "odni publishes no requests for DEU",
    ),
    "a document, which a selection does not name": (
        SOUND.replace('requester = "DEU"', 'requester = "DEU", document = "google/none"'),
        "a selection has no “document”",
    ),
    "a series without a measure": (SOUND.replace(', measure = "requests"', ""), "a selection needs a reporter and a measure"),
    "a series it concerns that does not exist": (
        STATEMENT + 'concerns = [{ reporter = "nobody", measure = "requests" }]\n',
        "there is no reporter “nobody”",
    ),
    "a statement that does not exist": (STATEMENT + 'repeats = "two"\n', "repeats “two”, which does not exist"),
    "a claim of a statement that does not exist": (
        SOUND.replace(SERIES, '{ statement = "two", claim = "requests" }'),
        "reads the claim “requests” of “two”, which does not exist",
    ),
    "a claim that its statement does not have": (
        SOUND.replace(SERIES, '{ statement = "one", claim = "accounts" }'),
        "reads the claim “accounts” of “one”, which does not exist",
    ),
    "a statement that repeats itself": (STATEMENT + 'repeats = "one"\n', "the repetitions run in a loop"),
    "a loop of repetitions": (STATEMENT + 'repeats = "two"\n' + OTHER + 'repeats = "one"\n', "the repetitions run in a loop"),
    "a loop of three repetitions": (
        STATEMENT + 'repeats = "two"\n' + OTHER + 'repeats = "three"\n' + OTHER.replace("two", "three") + 'repeats = "one"\n',
        "the repetitions run in a loop",
    ),
    "a quote of 26 words": (
        SOUND.replace('quote = "many requests"', 'quote = "' + "word " * 26 + '"'),
        "has more than 25 words",
    ),
    "a claim without a unit": (SOUND.replace('unit = "requests"\n', ""), "unit: “” is none of requests, orders"),
    "a claim in a unit of its own": (SOUND.replace('unit = "requests"', 'unit = "asks"'), "unit: “asks” is none of requests, orders"),
    "a claim without a number": (SOUND.replace("low = 26_000\nhigh = 27_000\n", ""), "has neither a lower nor an upper end"),
    "a claim with a word for a number": (SOUND.replace("low = 26_000", 'low = "many"'), "has no number in low"),
    "a claim with its ends crossed": (SOUND.replace("low = 26_000", "low = 28_000"), "the lower end lies above the upper end"),
    "a claim that ends before it begins": (
        SOUND.replace('period_end = "2020-12-31"', 'period_end = "2019-12-31"'),
        "the period starts on 2020-01-01, after its end on 2019-12-31",
    ),
    "a selection of a day that does not exist": (
        SOUND.replace('from = "2020-01-01"', 'from = "2020-02-30"'),
        "“2020-02-30” is not a date",
    ),
    "a statement of a month that does not exist": (SOUND.replace("2021-07-05", "2021-13"), "“2021-13-01” is not a date"),
    "a side that does not exist": (SOUND.replace('side = "press"', 'side = "north"'), "side: “north” is none of company, government"),
    "an address that is none": (SOUND.replace("https://example.org/one", "example"), "is not in the form of this column"),
    "a number where a text belongs": (SOUND.replace('"many requests"', "3"), "quote: “3” is no text"),
    "the same id twice": (STATEMENT + STATEMENT, "stands twice, and must stand once"),
    "two claims with one id": (SOUND + CLAIM + READING, "two claims have the same id, requests"),
    "two readings with one id": (SOUND + READING, "two readings have the same id, a-file"),
    "a reading that says nothing": (SOUND.replace('formula = "sum"\n', ""), "needs exactly one of formula, no_series and not_comparable"),
    "a reading that says two things": (
        SOUND.replace('formula = "sum"', 'formula = "sum"\nno_series = "None."'),
        "needs exactly one of formula, no_series and not_comparable",
    ),
    "a formula that does not exist": (SOUND.replace('"sum"', '"mean"'), "formula: “mean” is none of"),
    "a formula over nothing": (SOUND.replace(f"of = {SERIES}\n", ""), "the formula sum needs a selection called “of”"),
    "a share of nothing": (SOUND.replace('"sum"', '"share"'), "the formula share needs a selection called “whole”"),
    "a change from nothing": (SOUND.replace('"sum"', '"change"'), "the formula change needs a selection called “base”"),
    "a misspelt key": (STATEMENT + 'qoute = "x"\n', "nothing here is called “qoute”"),
    "a misspelt key in a claim": (SOUND.replace('per = "year"', 'pre = "year"'), "nothing here is called “pre”"),
}


@pytest.mark.parametrize("text, says", REFUSED.values(), ids=REFUSED)
def test_what_does_not_exist_or_cannot_be_is_refused_with_file_statement_and_rule(folder, text, says):
    assert text != SOUND
    with pytest.raises(DatasetError) as refused:
        loaded(folder, text)
    assert str(refused.value).startswith("said.toml, statement ")
    assert says in str(refused.value)


def test_an_id_used_in_two_files_is_refused(folder):
    (folder / "another.toml").write_text(STATEMENT, encoding="utf-8")
    with pytest.raises(DatasetError, match="“one” stands twice, and must stand once"):
        loaded(folder, STATEMENT)


@pytest.mark.parametrize("data", [b"[[statement]\n", b"\xff\xfe\x00", b'id = "a" id = "b"'])
def test_a_file_that_is_no_toml_is_refused_by_name(folder, data):
    (folder / "broken.toml").write_bytes(data)
    with pytest.raises(DatasetError, match=r"^broken\.toml: the file is no sound TOML"):
        files.load(folder, catalog.bundled())


def test_a_quote_of_25_words_is_a_fragment(folder):
    loaded(folder, SOUND.replace('quote = "many requests"', 'quote = "' + "word " * 25 + '"'))


def test_no_file_is_no_statement(folder):
    assert files.load(folder, catalog.bundled()).statements.empty


def test_there_are_statements_from_every_side_and_every_claim_has_a_reading():
    found = bundled()
    assert len(found.statements) >= 80
    assert set(found.statements["side"]) == {"company", "government", "court", "press", "civil society"}
    assert {"USA", "CHN", "RUS", "FRA"} <= set(found.statements["country"])
    assert len(found.claims) >= 60
    read = found.readings[["statement", "claim"]].drop_duplicates()
    assert len(found.claims.merge(read)) == len(found.claims)


NEWS_ITEM = {
    "the orders": "item-question",
    "court oversight": "item-courts",
    "the Patriot Act": "item-patriot",
    "the cookie decisions": "item-cnil",
    "the order on transfers": "item-ireland",
    "ten years ago": "item-snowden",
    "the undersea cables": "item-cables",
}


@pytest.mark.parametrize("name", NEWS_ITEM.values(), ids=NEWS_ITEM)
def test_every_assertion_of_the_news_item_says_what_can_be_checked(name):
    statement = bundled().statements.set_index("statement").loc[name]
    assert statement["note"] or statement["drift"]


def test_the_chain_of_the_flagship_begins_with_the_testimony_and_holds_the_news_item():
    chain = dict(bundled().chain("item-question"))
    assert next(iter(chain)) == "burt-written-2400-3500"
    assert chain["burt-written-2400-3500"] < chain["mfa-q-zh"] < chain["item-question"]


def test_a_search_finds_by_word_and_by_facet():
    said = bundled()
    assert "burt-written-2400-3500" in set(search(said, {}, text="secrecy 2,400")["statement"])
    assert set(search(said, {}, side=["court"])["side"]) == {"court"}
    assert search(said, {}, text="no such word anywhere").empty


def test_statements_concern_the_series_of_a_table():
    table = catalog.bundled().as_of()
    orders = table[(table["reporter"] == "microsoft") & (table["measure"] == "nondisclosure_orders")]
    named = set(concerning(bundled(), orders)["statement"])
    assert "burt-written-2400-3500" in named


def test_the_quotes_on_a_number_are_those_of_its_own_address_that_hold_it():
    address = bundled().statements.set_index("statement").at["ms-2016-1752", "url"]
    assert len(quotes_with(address, ["1,752"])) == 1
    assert quotes_with(address, ["1,75", "752"]) == []
    assert quotes_with("", ["1,752"]) == []


def test_statements_that_were_kept_for_the_next_process_are_those_of_the_files():
    fresh = files.load(catalog.datasets_folder() / "statements", catalog.bundled())
    for read in (files.of_tables(files.as_tables(fresh)), bundled()):
        assert read.concerns == fresh.concerns
        for table in ("statements", "claims", "readings", "left_out"):
            pd.testing.assert_frame_equal(getattr(read, table), getattr(fresh, table))


def test_a_series_beside_a_claim_says_for_how_long_each_number_counts(bundled_table):
    names = Language("en", catalog.bundled())
    panels = claimed_series(bundled(), "burt-written-2400-3500", bundled_table, names)
    assert [panel.axis for panel in panels] == ["orders a year", "requests per half-year"]
