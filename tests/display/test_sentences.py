"""The sentences under a chart: no digit is typed in them, ends are rounded outwards, and what cannot be said is said so."""

import ast
import math
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import analysis, catalog
from dashboard.analysis import bands, with_totals
from dashboard.display import comparisons, sentences
from dashboard.display.languages import LANGUAGES, Language, Numerals
from dashboard.model import tables, vocabulary
from dashboard.model.intervals import Interval

PACKAGE = Path(sentences.__file__).parents[1]
WITH_SENTENCES = [
    *(
        "display/sentences.py",
        "answers/overviews.py",
        "answers/explore.py",
        "analysis/views.py",
        "statements/wording.py",
        "statements/verdicts.py",
    ),
    *(f"app_pages/{path.name}" for path in sorted((PACKAGE / "app_pages").glob("*.py"))),
]


@pytest.fixture(scope="module")
def names() -> Language:
    return Language("en", catalog.bundled())


def literals(source: str) -> Iterator[str]:
    """Every string of a module but docstrings, format specifications in f-strings, declarations of parameters, and examples of what a visitor may type."""
    tree = ast.parse(source)
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            passed.add(id(node.value))
        if isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id.startswith("EXAMPLE") for name in node.targets):
            passed.update(id(inner) for inner in ast.walk(node.value))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_declared":
            passed.update(id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.keyword) and node.arg == "placeholder":
            passed.add(id(node.value))
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            passed.update(id(inner) for inner in ast.walk(node.format_spec))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.value.partition("write it like ")[0]


def typed_digits(source: str) -> list[str]:
    # A word without a space is no sentence: it is the name of an encoding or a date's unchanging part.
    return [
        text
        for text in literals(source.replace("SHA-256", ""))
        if re.search(r"\d", text) and re.search(r"[^\W\d_]", text) and " " in text.strip()
    ]


@pytest.mark.parametrize("module", WITH_SENTENCES)
def test_no_sentence_holds_a_digit(module):
    assert typed_digits((PACKAGE / module).read_text(encoding="utf-8")) == []


def test_a_digit_typed_into_a_sentence_is_found():
    assert typed_digits('"""All 15 publishers."""') == []
    assert typed_digits('x = f"all 15 publishers, {count:,.2f} of them"') == ["all 15 publishers, "]
    assert typed_digits('x = f"{count:.1f} publishers"; y = "-06-30"') == []


# Values


@pytest.mark.parametrize(
    ("low", "high", "measure", "scaled", "shown"),
    [
        (44943, 44943, "requests", False, "44,943"),
        (0, 499, "requests", False, "0–499"),
        (500, math.inf, "requests", False, "500 or more"),
        (math.nan, math.nan, "requests", False, "not published"),
        (0.635, 0.645, "share_some_data", False, "64 %"),
        (0.6395, 0.6405, "share_some_data", False, "64.0 %"),
        (0, 0.005, "share_some_data", False, "0.0–0.5 %"),
        (0.6341, 0.6432, "share_some_data", False, "63.4–64.4 %"),
        (0.3868, 0.3951, "share_some_data", False, "38.6–39.6 %"),
        (0.0004, 0.02, "share_some_data", False, "0.04–2.00 %"),
        (0.99951, 1, "share_some_data", False, "99.9–100.0 %"),
        (0.99996, 0.99996, "share_some_data", False, "99.996 %"),
        (0.5, 0.5, "share_some_data", False, "50 %"),
        (0.00001, 0.00001, "requests", True, "0.00001"),
        (6.5754, 9.5891, "nondisclosure_orders", True, "6.57–9.59"),
        (123.4, 123.6, "requests", True, "123–124"),
        (12.34, 12.34, "requests", True, "12.3"),
        (24, 24, "requests", True, "24"),
        (0.0123, 0.0123, "requests", True, "0.012"),
        (15000, math.inf, "requests", True, "15,000 or more"),
    ],
)
def test_a_value_is_shown_by_its_ends(low, high, measure, scaled, shown):
    assert sentences.value(low, high, measure, scaled) == shown


MARKS = {"en": (",", "."), "de": (".", ","), "fr": ("\u202f", ","), "es": (".", ","), "zh": (",", ".")}
"""What groups thousands and what begins the decimals, in each language."""


def read_back(shown: str, code: str = "en") -> tuple[Interval, float]:
    """The ends that a text shows, and half of its last digit: by so much a single number may differ from what it stands for."""
    group, point = MARKS[code]
    text = re.sub(r"[%\s\u00a0]|\u202f(?=%)", "", shown.replace(group, "")).replace(point, ".")
    low, _, high = text.partition("–")
    return Interval(float(low), float(high or low)), 0 if high else 10.0 ** -len(low.partition(".")[2]) / 2


ENDS = st.floats(0, 10.0**7) | st.floats(0, 1) | st.integers(0, 2000).map(lambda n: n / 1000)
LANGUAGES_SHOWN = {code: Numerals(code) for code in LANGUAGES}


@settings(max_examples=300)
@given(ENDS, ENDS, st.sampled_from(["requests", "share_some_data"]), st.booleans(), st.sampled_from(sorted(LANGUAGES)))
def test_what_is_shown_holds_what_is_held_in_every_language(one, other, measure, scaled, code):
    low, high = sorted((one, other))
    if measure == "requests" and not scaled:
        low, high = float(round(low)), float(round(high))
    is_share = measure == "share_some_data" and not scaled
    if is_share:
        low, high = min(low, 1.0), min(high, 1.0)
    shown, half = read_back(LANGUAGES_SHOWN[code].value(low, high, measure, scaled), code)
    low, high = (Decimal(repr(end)) * (100 if is_share else 1) for end in (low, high))
    half = Decimal(half) * Decimal("1.000001")
    assert Decimal(repr(shown.low)) - half <= low and high <= Decimal(repr(shown.high)) + half
    # And it is not shown as nothing, or as all, where it is not.
    assert (shown.low > 0) == (low > 0) or low < Decimal("1e-9")
    assert not is_share or (shown.high < 100) == (high < 100) or high > 100 - Decimal("1e-9")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_bundled_derived_share_is_shown_no_narrower_than_it_is(bundled_table, code):
    rows = bundled_table[bundled_table["measure"].isin(vocabulary.SHARES) & bundled_table["made_by"].ne("") & bundled_table["low"].notna()]
    pairs = rows[["low", "high"]].drop_duplicates()
    assert len(pairs) > 2000
    for low, high in pairs.sample(600, random_state=5).itertuples(index=False):
        shown, half = read_back(LANGUAGES_SHOWN[code].value(low, high, "share_some_data"), code)
        assert shown.low - half * 1.000001 <= low * 100 + 1e-12 and high * 100 - 1e-12 <= shown.high + half * 1.000001


def test_a_share_of_no_requests_is_called_so():
    assert sentences.value(math.nan, math.nan, "share_some_data", why=analysis.NO_REQUESTS) == "no requests"


@pytest.mark.parametrize("percent", [1, 35, 50, 64, 99])
def test_a_printed_percentage_is_shown_as_it_was_printed(percent):
    assert sentences.share(Interval((percent - 0.5) / 100, (percent + 0.5) / 100)) == f"{percent} %"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_no_band_is_shown_by_its_middle(low, width):
    shown, _ = read_back(sentences.value(low, low + width, "requests"))
    assert (shown.low, shown.high) == (low, low + width)


# What is seen


def test_the_last_value_and_a_certain_movement_are_told(catalog_of, names):
    rows = with_totals(catalog_of("period value\n2018_H1 100\n2018_H2 120-130"))
    assert sentences.seen(rows, names) == "Google: 100 in 2018 H1, 120–130 in 2018 H2 (rose)."


def test_a_movement_within_the_bands_cannot_be_said(catalog_of, names):
    rows = with_totals(catalog_of("period value\n2018_H1 0-499\n2018_H2 250-749"))
    assert sentences.seen(rows, names).endswith("(whether it changed cannot be said).")


def test_periods_of_other_length_have_no_movement(catalog_of, names):
    rows = with_totals(catalog_of("period value\n2018_H1 100\n2019 300"))
    assert sentences.seen(rows, names) == "Google: 100 in 2018 H1, 300 in 2019 (periods of different length, so no change is stated)."


def test_a_peak_and_the_last_step_are_told(catalog_of, names):
    rows = with_totals(catalog_of("period value\n2018_H1 100\n2018_H2 300\n2019_H1 90\n2019_H2 95"))
    assert sentences.seen(rows, names) == "Google: 100 in 2018 H1, 95 in 2019 H2 (fell). Highest: 300 in 2018 H2. Since 2019 H1: rose."


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("shape", ["time", "change"])
def test_a_change_across_a_break_is_told_with_the_break_in_every_language(bundled_table, code, shape):
    data = catalog.bundled()
    language = Language(code, data)
    whole = bundled_table[analysis.is_whole(bundled_table) & bundled_table["measure"].eq("requests") & bundled_table["requester"].eq("USA")]
    broken = whole[whole["reporter"].eq("google") & whole["period_start"].dt.month.eq(1)]
    unbroken = broken[broken["period_start"] >= pd.Timestamp("2016-01-01")]
    months = [language.month(day) for day in (date(2012, 7, 1), date(2013, 7, 1), date(2014, 7, 1))]
    for words in (sentences.seen(broken, language, shape=shape), sentences.alt(broken, language, shape=shape)):
        assert language.phrase("broken", how=language.phrase("rose"), when=language.listed(months)) in words
    assert not any(month in sentences.seen(unbroken, language, shape=shape) for month in months)


@pytest.mark.parametrize("code", LANGUAGES)
def test_among_many_series_those_across_a_break_are_counted(bundled_table, code):
    language = Language(code, catalog.bundled())
    rows = bundled_table[
        analysis.is_whole(bundled_table) & bundled_table["measure"].eq("requests") & bundled_table["reporter"].eq("google")
    ]
    rows = rows[rows["requester"].isin(["USA", "DEU", "FRA", "GBR", "IND"])]
    assert language.phrase("many_broken", count=language.number(5)) in sentences.seen(rows, language)


def test_a_movement_past_periods_without_a_number_says_so(catalog_of, names):
    rows = with_totals(catalog_of("period value\n2018_H1 100\n2018_H2 90\n2020_H1 90"))
    assert sentences.seen(rows, names).endswith("Since 2018 H2: unchanged; no number in between.")
    rows = with_totals(catalog_of("period value\n2018_H1 100\n2020_H1 100"))
    assert sentences.seen(rows, names) == "Google: 100 in 2018 H1, 100 in 2020 H1 (unchanged; no number in between)."
    # Two periods that are compared have others between them that are not asked for.
    assert sentences.seen(rows, names, shape="change") == "Google: 100 in 2018 H1, 100 in 2020 H1 (unchanged)."


def test_series_of_one_period_have_no_change(catalog_of, names):
    rows = with_totals(catalog_of("requester value\nUSA 1\nFRA 1\nDEU 1\nGBR 1\nITA 1"))
    said = sentences.seen(rows[rows["requester"] != "WLD"], names)
    assert said == ("5 series. From the first to the last period with a number: 5 with one period only. United States: 1 in 2019 H1.")


def test_one_value_is_told_without_a_movement(catalog_of, names):
    assert sentences.seen(with_totals(catalog_of("period value\n2018_H1 100")), names) == "Google: 100 in 2018 H1."


def test_many_series_are_counted_by_their_movement(catalog_of, names):
    table = with_totals(
        catalog_of("""
    requester period  value
    USA       2018_H1 100
    USA       2018_H2 200
    FRA       2018_H1 100
    FRA       2018_H2 50
    DEU       2018_H1 100
    DEU       2018_H2 100
    ITA       2018_H1 0-499
    ITA       2018_H2 250-749
    ESP       2018_H1 100
    ESP       2019    300
    PRT       2018_H1 100-199
    PRT       2018_H2 200-299
    """)
    )
    said = sentences.seen(table[table["requester"] != "WLD"], names)
    assert said == (
        "6 series. From the first to the last period with a number: 2 rose, 1 fell, 1 unchanged, 1 cannot be said, "
        "1 with periods of different length. Spain: 100 in 2018 H1, 300 in 2019 (periods of different length, so no change is stated)."
    )


def test_many_series_of_two_periods_are_told_by_both(catalog_of, names):
    rows = [
        f"{place} {period} {value}" for place in ("USA", "FRA", "DEU", "ITA", "ESP") for period, value in (("2018_H1", 1), ("2019_H1", 9))
    ]
    table = with_totals(catalog_of("\n".join(["requester period value", *rows])))
    said = sentences.seen(table[table["requester"] != "WLD"], names)
    assert said.startswith("5 series. From 2018 H1 to 2019 H1: 5 rose. ")


def test_of_many_series_the_last_step_is_counted_and_the_largest_is_told(catalog_of, names):
    places = ("USA", "FRA", "DEU", "ITA", "ESP")
    rows = [
        f"{place} {period} {size * (rank + 1)}"
        for rank, place in enumerate(places)
        for period, size in (("2018_H1", 1), ("2018_H2", 9), ("2019_H1", 5))
    ]
    table = with_totals(catalog_of("\n".join(["requester period value", *rows])))
    assert sentences.seen(table[table["requester"] != "WLD"], names) == (
        "5 series. From the first to the last period with a number: 5 rose. From the period before to the last: 5 fell. "
        "Spain: 5 in 2018 H1, 25 in 2019 H1 (rose). Highest: 45 in 2018 H2. Since 2018 H2: fell."
    )


def test_an_empty_table_says_that_nothing_is_published(catalog_of, names):
    empty = with_totals(catalog_of("value\n1")).iloc[:0]
    for sentence in (sentences.seen(empty, names), sentences.top(empty, names)):
        assert sentence == "Nothing is published for this choice."
    assert sentences.bands(empty) == sentences.gaps(empty, names) == comparisons.comparability(empty, catalog.bundled(), names) == ""


def test_a_ranking_names_the_most_in_order(catalog_of, names):
    table = with_totals(catalog_of("requester value\nUSA 300\nFRA 100-199\nDEU 200\nITA 0"))
    said = sentences.top(table[table["requester"] != "WLD"], names)
    assert said == "Google, 2019 H1: most for United States (300), Germany (200) and France (100–199), of 4 with a number."


# Bands and gaps


def test_a_place_with_several_series_is_named_with_the_kind_and_counted_once(bundled_table, names):
    table = bundled_table[(bundled_table["reporter"] == "apple") & (bundled_table["measure"] == "requests") & bundled_table["low"].notna()]
    table = table[(table["period_start"] == table["period_start"].max()) & (table["requester"] != "WLD")]
    assert table["requester"].duplicated().any()
    said = sentences.top(table, names)
    assert "account" in said.casefold() and f"of {table['requester'].nunique()} with a number" in said


def test_bands_are_explained_where_there_are_any(catalog_of):
    assert sentences.bands(with_totals(catalog_of("value\n100"))) == ""
    said = sentences.bands(with_totals(catalog_of("period value\n2018_H1 0-499\n2018_H2 7")))
    assert said.startswith("Ranges: 1 of 2 values, drawn from the lower to the upper end.")
    assert "nothing says where" in said and "rounding" not in said


def test_the_width_of_a_share_is_explained_by_rounding(catalog_of):
    said = sentences.bands(with_totals(catalog_of("measure value\nshare_some_data 0.635-0.645")))
    assert "rounding of the printed percentages" in said and "nothing says where" not in said


def test_a_gap_is_told_with_its_reason_and_is_no_zero(catalog_of, names):
    rows = analysis.by_year(with_totals(catalog_of("period value\n2018_H1 7\n2019_H2 8")))
    said = sentences.gaps(rows, names)
    assert said.startswith("A gap is a number that is not published, not a zero. Google, 2018: 2018 is not published in full")
    assert said.endswith("; 1 more gap stands in the table.")
    assert sentences.gaps(with_totals(catalog_of("value\n0")), names) == ""


def test_a_gap_is_told_of_the_series_that_has_it(catalog_of, names):
    rows = analysis.by_year(with_totals(catalog_of("requester period value\nUSA 2018_H1 7\nUSA 2018_H2 7\nDEU 2018_H1 8")))
    assert "Germany, 2018: 2018 is not published in full" in sentences.gaps(rows, names)


# Comparability and definitions


def definitions(*rows: tuple) -> pd.DataFrame:
    shown = [
        dict.fromkeys(tables.described(tables.Definition), "")
        | {"reporter": reporter, "measure": "requests", "request_type": kind, "definition": f"{reporter} {kind}", "group": group}
        for reporter, kind, group in rows
    ]
    return pd.DataFrame(shown)


TWO_REPORTERS = "reporter value\ngoogle 1\nmeta 2"


@pytest.mark.parametrize(
    ("groups", "warned"),
    [
        ([("google", "*", "processes"), ("meta", "*", "processes")], False),
        ([("google", "*", "processes"), ("meta", "*", "accounts")], True),
        ([("google", "*", "processes")], True),
        ([], True),
    ],
)
def test_reporters_that_count_differently_or_undefined_are_told_apart(catalog_of, names, groups, warned):
    bundle = catalog_of(
        TWO_REPORTERS, definitions=definitions(*groups).reindex(columns=list(tables.described(tables.Definition)), fill_value="")
    )
    said = comparisons.comparability(with_totals(bundle), bundle, names)
    assert bool(said) == warned
    assert not warned or said.startswith("Google and Meta (Facebook) do not count the same thing")


def test_each_row_says_how_far_its_reporter_counts_the_same_as_the_first(catalog_of, names):
    groups = pd.DataFrame(
        {"group": ["narrow", "broad"], "counts": ["legal process", "legal process; emergencies"], "some": "", "untold": ""}
    )
    bundle = catalog_of(
        "reporter value\ngoogle 1\nmeta 2\napple 3",
        definitions=definitions(("google", "*", "narrow"), ("meta", "*", "broad")),
        definition_groups=groups,
    )
    rows = bundle.observations.iloc[[0, 1, 2, 1]]
    close = "close (only Meta (Facebook) counts emergencies), compared with Google"
    assert comparisons.comparabilities(rows, bundle, names).tolist() == ["", close, "not comparable, compared with Google", close]
    assert comparisons.comparabilities(rows.head(1), bundle, names).tolist() == [""]
    assert comparisons.comparability(rows, bundle, names).endswith("Compared with Google: Meta (Facebook) – close; Apple – not comparable.")
    labelled = rows.assign(label=rows["reporter"])
    assert comparisons.signed_labels(labelled, bundle) == {"google": "google", "meta": "meta ≈", "apple": "apple ≠"}
    brief = comparisons.comparability(rows, bundle, names, brief=True)
    assert brief == "Compared with Google: ≈ close; ≠ not comparable. Compare movements, not levels."
    assert comparisons.comparability(rows.head(2), bundle, names).endswith(
        "Compared with Google: Meta (Facebook) – close (only Meta (Facebook) counts emergencies)."
    )


def test_one_reporter_needs_no_warning(catalog_of, names):
    bundle = catalog_of("value\n1", definitions=definitions(("google", "*", "processes")))
    assert comparisons.comparability(with_totals(bundle), bundle, names) == ""


def test_the_definitions_that_apply_are_those_of_the_reporter_the_measure_and_the_kind(catalog_of):
    rows = [("google", "*", "a"), ("google", "nsl", "b"), ("google", "warrant", "c"), ("meta", "*", "d")]
    bundle = catalog_of("request_type value\nnsl 1", definitions=definitions(*rows))
    assert sentences.definitions_of(with_totals(bundle), bundle)["definition"].tolist() == ["google nsl", "google *"]


def breaks(*rows: tuple) -> pd.DataFrame:
    columns = list(tables.described(tables.Break))
    shown = [
        dict.fromkeys(columns, "")
        | dict(zip(("reporter", "requester", "date", "label"), row, strict=True))
        | {"measure": "*", "request_type": "*"}
        for row in rows
    ]
    return pd.DataFrame(shown, columns=columns).assign(date=lambda table: pd.to_datetime(table["date"]))


def test_a_break_concerns_the_series_that_it_names_within_their_time(catalog_of):
    bundle = catalog_of(
        "requester period value\nFRA 2018_H1 1\nFRA 2019_H2 2",
        breaks=breaks(
            ("google", "*", "2018-07-01", "inside"),
            ("google", "FRA", "2019-01-01", "named"),
            ("google", "USA", "2019-01-01", "another country"),
            ("meta", "*", "2019-01-01", "another reporter"),
            ("google", "*", "2018-01-01", "before"),
            ("google", "*", "2020-01-01", "after"),
        ),
    )
    assert sentences.breaks_of(with_totals(bundle), bundle)["label"].tolist() == ["inside", "named"]


# Titles, sources and names


def test_a_title_names_what_is_the_same_throughout(catalog_of, names):
    rows = with_totals(catalog_of("requester request_type value\nFRA nsl 1\nDEU nsl 2"))
    assert sentences.title(rows, names) == "Requests: National security letters, Google" or sentences.title(rows, names).startswith(
        "Requests: "
    )
    assert sentences.title(rows[rows["requester"] == "FRA"], names, "per day").endswith("Google, France, per day")


def test_series_are_named_by_what_tells_them_apart(catalog_of, names):
    rows = with_totals(catalog_of("reporter requester value\ngoogle USA 1\ngoogle FRA 2\nmeta FRA 3"))
    rows = rows[rows["requester"] != "WLD"]
    assert sorted(sentences.with_labels(rows, names)["label"]) == ["Google · France", "Google · United States", "Meta (Facebook) · France"]


DOCUMENTS = """
document form         seen
own      as_published seen
told     quoted       seen-secondary
"""


def test_the_source_says_who_in_which_form_and_as_known_when(catalog_of, names):
    bundle = catalog_of("period value document\n2018_H1 1 own", DOCUMENTS)
    said = sentences.source_line(with_totals(bundle), bundle, names, date(2020, 1, 2))
    assert said == "Source: Google (as published). As known on 2 January 2020."


def test_the_source_says_where_a_number_was_seen_in_another_party_s_text(catalog_of, names):
    bundle = catalog_of("period value document\n2018_H1 1 own\n2018_H2 2 told", DOCUMENTS)
    said = sentences.source_line(with_totals(bundle), bundle, names, None)
    assert "Google (as published, quoted)." in said
    assert said.endswith("Some numbers were seen in another party’s text or copy.")


def test_the_source_of_a_sum_is_that_of_its_parts(catalog_of, names):
    bundle = catalog_of("requester period value document\nUSA 2018_H1 1 own\nFRA 2018_H1 1 own\nUSA 2018_H2 2 told", DOCUMENTS)
    table = with_totals(bundle)
    for rows in (analysis.by_year(table[table["requester"] == "USA"]), table[table["derivation"] == ""]):
        assert "Google (as published, quoted)." in sentences.source_line(rows, bundle, names, None)
    world = table[table["requester"] == "WLD"]
    assert sentences.source_line(world, bundle, names, date(2020, 1, 2)) == "Source: Google (as published). As known on 2 January 2020."


def test_every_code_that_is_bundled_has_a_name(bundled_table, names):
    for column in ("reporter", "measure", "request_type"):
        assert [code for code in bundled_table[column].unique() if names.of(column, code) == code] == []
    # A service is a proper name, or words that are no code.
    assert [names.service(code) for code in ("wordpress_com", "kakao", "without_end_date")] == [
        "WordPress.com",
        "Kakao",
        "without end date",
    ]


def test_an_alternative_text_says_what_the_chart_shows(catalog_of, names):
    rows = with_totals(catalog_of("period value\n2018_H1 0-499\n2018_H2 7"))
    said = sentences.alt(sentences.with_labels(rows, names), names)
    assert said.startswith("Chart. Requests, Google, United States.") and "0–499 in 2018 H1" in said and "Ranges: 1 of 2 values" in said
    assert sentences.alt(rows.assign(low=math.nan, high=math.nan), names).startswith("An empty chart")


def test_an_alternative_text_of_a_ranking_says_how_many_of_how_many_are_shown(catalog_of, names):
    rows = sentences.with_labels(with_totals(catalog_of("requester value\nUSA 300\nFRA 100-199\nDEU 200\nITA 0")), names)
    rows = rows[rows["requester"] != "WLD"]
    said = sentences.alt(rows[rows["low"] > 0], names, shape="ranking", everything=rows)
    assert "most for United States (300), Germany (200) and France (100–199), of 4 with a number. 3 of 4 are shown." in said
    assert "rose" not in said
    assert "are shown" not in sentences.alt(rows, names, shape="map", everything=rows)


def test_no_sentence_about_bundled_bands_holds_a_middle(bundled_table, names):
    rows = analysis.select(bundled_table, reporters=["microsoft"], requesters=["USA"], measure="nondisclosure_orders")
    banded = rows[rows["low"] < rows["high"]]
    middles = {sentences.value(middle, middle, "requests") for middle in (banded["low"] + banded["high"]) / 2}
    assert middles and not any(middle in sentence for middle in middles for sentence in sentences.sentences(rows, names, "time"))
    assert set(vocabulary.SHARES) <= set(vocabulary.MEASURES)


def test_a_document_is_named_by_its_edition_and_no_two_of_a_reporter_alike():
    documents = catalog.bundled().documents
    named = sentences.document_names(documents)
    assert not documents.assign(name=named.to_numpy()).duplicated(["reporter", "name"]).any()
    assert named["apple/through-2022-h2/device-requests"] == "Transparency Report, through 2022 H2: device requests"
    assert named["google/quoted/atlantic-2014"].startswith(documents.set_index("document")["title"]["google/quoted/atlantic-2014"])
    assert named["meta/prpl-facebook-government-report-2014-h2"] == "Government requests for user data, 2014 H2"
    assert not named.str.contains(r"\.(?:csv|json|pdf|xlsx)$|https?://").any()


def test_what_follows_of_a_band_names_the_number_that_it_follows_from(names):
    derived = bands.by_logic(catalog.bundled())
    assert len(derived) > 0
    for _, row in derived.iterrows():
        sentence = sentences.follows(row, names)
        assert sentences.value(row["derived_low"], row["high"], row["measure"]) in sentence and "our conclusion" in sentence
        assert row["target_printed"] in sentence and f"cell {row['target_cell']}" in sentence
