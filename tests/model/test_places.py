"""Places: names are known exactly, in many languages and with the slips we have seen; what merely resembles one is offered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model import places

pytestmark = pytest.mark.quick

NAMED = sorted(places.codes())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("United States", "USA"),
        ("USA", "USA"),
        ("U.S.", "USA"),
        ("United States of America", "USA"),
        ("UK", "GBR"),
        ("Korea, Republic of", "KOR"),
        ("South Korea", "KOR"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("TURKIYE", "TUR"),
        ("China mainland", "CHN"),
        ("Allemagne", "DEU"),
        ("Vereinigte Staaten", "USA"),
        ("Brasil", "BRA"),
        ("España", "ESP"),
        ("日本", "JPN"),
        ("대한민국", "KOR"),
        ("Россия", "RUS"),
        ("ألمانيا", "DEU"),
        ("Niemcy", "DEU"),
        ("Côte d’Ivoire", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Bosnia & Herzegovina", "BIH"),
        ("Trinidad and Tobago", "TTO"),
        ("  united   states ", "USA"),
        ("Czech Republic", "CZE"),
        ("Macedonia (FYROM)", "MKD"),
        ("Hong Kong", "HKG"),
        ("Macau", "MAC"),
        ("Taiwan", "TWN"),
        ("Palestine, State of", "PSE"),
        ("Worldwide", "WLD"),
        ("Total", "WLD"),
    ],
)
def test_a_place_is_known_by_any_of_its_names(text, code):
    assert places.code(text) == code


@pytest.mark.parametrize("text", ["NA", "na", "NAM", "Namibia"])
def test_namibia_is_a_country_and_no_missing_value(text):
    assert places.code(text) == "NAM"
    assert places.alpha2("NAM") == "NA"


@pytest.mark.parametrize("text", ["XK", "XKX", "Kosovo", "Republic of Kosovo", "Косово"])
def test_kosovo_keeps_its_own_code(text):
    assert places.code(text) == "XKX"
    assert places.alpha2("XKX") == "XK" and places.name("XKX") == "Kosovo"


@pytest.mark.parametrize(
    ("text", "code"), [("Beligum", "BEL"), ("Cypress", "CYP"), ("Paraquay", "PRY"), ("Venezuala", "VEN"), ("Isreal", "ISR")]
)
def test_a_known_slip_is_corrected_and_told(text, code):
    assert places.code(text) == code
    assert places.is_slip(text)
    assert not places.is_slip(places.name(code))


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Congo", {"COD", "COG"}), ("Korea", {"KOR", "PRK"}), ("Saint Martin", {"MAF", "SXM"}), ("Virgin Islands", {"VGB", "VIR"})],
)
def test_a_name_of_two_places_names_none_and_both_are_told(text, meant):
    assert places.code(text) is None
    assert set(places.meanings(text)) == meant


def test_a_plain_name_has_no_other_meanings():
    assert places.meanings("France") == places.meanings("Nowhere") == ()


@pytest.mark.parametrize(
    ("text", "offered"),
    [("Belguim", "Belgium"), ("Germny", "Germany"), ("Irelands", "Ireland"), ("Untied States", "United States"), ("Austrlia", "Australia")],
)
def test_a_look_alike_is_offered_and_never_assumed(text, offered):
    assert places.code(text) is None
    assert places.nearest(text)[0] == offered


def test_no_name_with_one_wrong_letter_is_taken_for_a_country():
    names = [places.fold(places.name(code)) for code in NAMED]
    wrong = [name[:2] + "q" + name[3:] for name in names if len(name) > 4]
    assert [name for name in wrong if places.code(name)] == []


@given(st.text(max_size=12))
def test_a_text_that_is_no_name_is_no_place(text):
    found = places.code(text)
    assert found is None or found in places.codes()
    assert found is None or places.code(places.fold(text)) == found


@pytest.mark.parametrize("text", ["", "-", "n/a", "Other", "All", "European Union", "12", "Germany France"])
def test_what_names_no_country_is_none(text):
    assert places.code(text) is None


def test_every_code_and_its_english_name_lead_back_to_it():
    assert [code for code in NAMED if not places.code(code) == places.code(places.name(code)) == code] == []
    assert [code for code in NAMED if (short := places.alpha2(code)) and places.code(short) != code] == []


@pytest.mark.parametrize("language", places.LANGUAGES)
def test_names_in_every_language_lead_back_to_their_code_unless_they_are_ambiguous(language):
    lost = {places.name(code, language) for code in NAMED if places.code(places.name(code, language)) not in (code, None)}
    unknown = {places.name(code, language) for code in NAMED if places.code(places.name(code, language)) is None}
    assert not lost
    assert {name for name in unknown if not places.meanings(name)} == set()


@pytest.mark.parametrize("code", ["HKG", "MAC", "TWN", "XKX", "PSE"])
def test_places_whose_standing_is_disputed_keep_a_name_of_their_own(code):
    assert places.code(places.name(code)) == code
    assert code in places.codes()


def test_what_is_offered_is_a_name_that_would_be_accepted():
    for text in ("Belguim", "Korea", "Congo", "Virgin Islands", "Germny"):
        assert places.nearest(text) and all(places.code(name) for name in places.nearest(text))


def test_a_name_may_have_its_article_and_a_code_has_none():
    assert places.code("Netherlands (the)") == "NLD"
    assert {places.code(f"{code} the") for alpha3 in places.codes() for code in (alpha3, places.alpha2(alpha3) or alpha3)} == {None}


def test_within_a_sentence_a_name_has_its_article():
    named = [places.in_sentence(code) for code in ("USA", "CYM", "NLD", "DOM", "DEU")]
    assert named == ["the United States", "the Cayman Islands", "the Netherlands", "the Dominican Republic", "Germany"]
