"""Periods as printed: in many forms and languages, and settled by the column or asked."""

import tomllib
from datetime import date
from importlib import resources

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from dashboard.model.periods import Period
from dashboard.reports.words import period_words, periods
from dashboard.reports.words.period_columns import column_of, ended_by
from dashboard.reports.words.period_words import folded
from dashboard.reports.words.periods import day_of, found_in, label_of, part_of_year

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2016 H2", "2016 H2"),
        ("H1/2020", "2020 H1"),
        ("1H20", "2020 H1"),
        ("Jan – Jun 2020", "2020 H1"),
        ("First half 2020", "2020 H1"),
        ("1er semestre 2020", "2020 H1"),
        ("deuxième semestre 2020", "2020 H2"),
        ("1. Halbjahr 2020", "2020 H1"),
        ("Januar bis Juni 2020", "2020 H1"),
        ("segundo semestre de 2020", "2020 H2"),
        ("enero a junio de 2020", "2020 H1"),
        ("1º semestre de 2020", "2020 H1"),
        ("secondo semestre 2020", "2020 H2"),
        ("2020年上半年", "2020 H1"),
        ("2020年1月至6月", "2020 H1"),
        ("2020年第三季度", "2020 Q3"),
        ("T4 2020", "2020 Q4"),
        ("3. Quartal 2020", "2020 Q3"),
        ("2020Q1", "2020 Q1"),
        ("März 2020", "Mar 2020"),
        ("2020-07", "Jul 2020"),
        ("07/2020", "Jul 2020"),
        ("2020年", "2020"),
        ("1 January 2020 – 30 June 2020", "2020 H1"),
        ("01.07.2020-31.12.2020", "2020 H2"),
        ("2020-01-01/2020-06-30", "2020 H1"),
        ("Oct 2014 – Mar 2016", "Oct 2014 – Mar 2016"),
        ("I pół. 2020", "2020 H1"),
        ("1. półrocze 2020", "2020 H1"),
        ("II półrocze 2020 r.", "2020 H2"),
        ("drugie półrocze 2020", "2020 H2"),
        ("styczeń–czerwiec 2020", "2020 H1"),
        ("marca 2020", "Mar 2020"),
        ("I kwartał 2020", "2020 Q1"),
        ("druhé pololetí 2020", "2020 H2"),
        ("I. pololetí 2020", "2020 H1"),
        ("3. čtvrtletí 2020", "2020 Q3"),
        ("leden–červen 2020", "2020 H1"),
        ("červenec 2020", "Jul 2020"),
        ("I полугодие 2020 г.", "2020 H1"),
        ("второе полугодие 2020 года", "2020 H2"),
        ("январь – июнь 2020", "2020 H1"),
        ("4 квартал 2020", "2020 Q4"),
        ("2020 год", "2020"),
        ("eerste helft van 2020", "2020 H1"),
        ("2e halfjaar 2020", "2020 H2"),
        ("januari t/m juni 2020", "2020 H1"),
        ("1e kwartaal 2020", "2020 Q1"),
    ],
)
def test_a_label_says_its_period_by_itself(text, period):
    assert str(label_of(text)) == period


def test_the_names_of_months_are_those_of_the_languages_and_none_means_two():
    content = tomllib.loads(resources.files(period_words.__package__).joinpath("periods.toml").read_text(encoding="utf-8"))
    for language, names in content["months"].items():
        wide = [{folded(context["wide"][number]) for context in Locale.parse(language).months.values()} for number in range(1, 13)]
        assert all(full <= set(folded(of_month).split()) for full, of_month in zip(wide, names, strict=True))
    named = {(folded(name), number) for names in content["months"].values() for number, of in enumerate(names) for name in of.split()}
    assert len({name for name, _ in named}) == len(named)


@pytest.mark.parametrize("text", ["Germany", "12", "H3 2020", "2020-13", "Q1", "2020-06-30", "", "2019 - 2", "01/02/2020 - 03/04/2020"])
def test_what_names_no_period_for_certain_names_none(text):
    assert label_of(text) is None


@pytest.mark.parametrize(
    ("text", "first_month", "period"),
    [
        ("FY2020", 7, "Jul 2019 – Jun 2020"),
        ("FY 2019/20", 4, "Apr 2019 – Mar 2020"),
        ("2019/20", 10, "Oct 2019 – Sep 2020"),
        ("Geschäftsjahr 2020", 1, "2020"),
        ("FY20 H1", 7, "2019 H2"),
        ("FY2020 Q1", 10, "2019 Q4"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in_and_needs_its_first_month(text, first_month, period):
    assert str(label_of(text, first_month)) == period
    assert not isinstance(label_of(text), Period)


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["FY2019"], "ambiguous_period"),
        (["2009-10", "2010-11", "2011-12"], "ambiguous_period"),
        (["01/02/2020", "03/04/2020"], "ambiguous_date"),
        (["2009-10", "2009-11"], None),
        (["01/02/2020", "31/12/2020"], None),
        (["2019 H1", "2019 H2"], None),
    ],
)
def test_a_column_asks_where_nothing_in_it_settles_what_is_meant(texts, code):
    question = column_of(texts).question
    assert (question[1] if question else None) == code


@pytest.mark.parametrize(
    ("days", "periods"),
    [
        (["2019-06-30", "2019-12-31"], ["2019 H1", "2019 H2"]),
        (["2019-12-31", "2020-12-31"], ["2019", "2020"]),
        (["2019-01-01", "2019-04-01"], ["2019 Q1", "2019 Q2"]),
        (["2019-12-31"], None),
        (["2019-06-30", "2019-12-31", "2020-12-31"], None),
        (["2019-06-15", "2019-12-15"], None),
    ],
)
def test_days_a_constant_distance_apart_give_the_length_and_others_do_not(days, periods):
    found, question = ended_by({day: date.fromisoformat(day) for day in days})
    assert (None if question else [str(found[day]) for day in days]) == periods


@pytest.mark.parametrize(
    ("year", "part", "kind", "period"),
    [
        ("2019", "1", "half", "2019 H1"),
        ("2019", "H2", "half", "2019 H2"),
        ("2019", "second", "half", "2019 H2"),
        ("2019", "3", "quarter", "2019 Q3"),
        ("2019", "11", "month", "Nov 2019"),
        ("2019", "Jan-Jun", "month", "2019 H1"),
        ("2019", "3", "half", None),
    ],
)
def test_a_year_and_its_part_in_two_cells(year, part, kind, period):
    found = part_of_year(year, part, kind)
    assert (str(found) if found else None) == period


@pytest.mark.parametrize(
    "text", ["30 June 2020", "June 30, 2020", "30 juin 2020", "30. Juni 2020", "30-Jun-20", "2020年6月30日", "2020/6/30", "30/06/2020"]
)
def test_a_day_in_many_forms(text):
    assert day_of(text, day_first=True) == date(2020, 6, 30)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Transparency report January–June 2020", "2020 H1"),
        ("Bericht 1. Halbjahr 2020, Stand März 2021", "2020 H1"),
        ("Report 2020", None),
        ("Published in March 2021", None),
        ("2019 H1 and 2019 H2", None),
    ],
)
def test_a_title_names_a_period_only_where_no_day_of_publication_can_be_meant(text, period):
    found = found_in(text)
    assert (str(found) if found else None) == period


@given(st.lists(st.text(max_size=12), max_size=6), st.one_of(st.none(), st.integers(1, 12)))
def test_any_column_is_read_or_says_what_is_wrong(texts, first_month):
    column = column_of(texts, first_month)
    for text in texts:
        if text.strip() and not column.question:
            assert (text in column.periods) + (text in column.days) + (text in column.wrong) == 1


WAYS = {
    "2020 H1": [
        "H1 2020",
        "2020 H1",
        "2020H1",
        "H1/2020",
        "2020/H1",
        "2020-H1",
        "H1-2020",
        "1H20",
        "1H 2020",
        "H1 20",
        "H1'20",
        "H1 '20",
        "2020 (H1)",
        "2020 first half",
        "First Half of 2020",
        "first half 2020",
        "2020, first half",
        "1st half 2020",
        "2020 1st half",
        "2020 (1st half)",
        "Half 1 2020",
        "2020 Half 1",
        "half-year 1, 2020",
        "1. Halbjahr 2020",
        "2020, 1. Halbjahr",
        "Erstes Halbjahr 2020",
        "1. Hj. 2020",
        "HJ1 2020",
        "1HJ2020",
        "1er semestre 2020",
        "premier semestre 2020",
        "S1 2020",
        "2020 S1",
        "2020-S1",
        "I semestre 2020",
        "primer semestre de 2020",
        "1º semestre 2020",
        "1° semestre 2020",
        "1.º semestre de 2020",
        "primeiro semestre de 2020",
        "primo semestre 2020",
        "janvier à juin 2020",
        "janvier - juin 2020",
        "Januar bis Juni 2020",
        "Januar–Juni 2020",
        "enero a junio de 2020",
        "enero-junio 2020",
        "janeiro a junho de 2020",
        "gennaio - giugno 2020",
        "gen-giu 2020",
        "Jan-Jun 2020",
        "Jan–Jun '20",
        "Jan - Jun 2020",
        "January to June 2020",
        "January through June 2020",
        "from January to June 2020",
        "January 2020 - June 2020",
        "Jan 2020 – Jun 2020",
        "2020 Jan-Jun",
        "2020 (Jan-Jun)",
        "2020-01/2020-06",
        "2020-01 to 2020-06",
        "01/2020-06/2020",
        "01/2020 – 06/2020",
        "2020.01-2020.06",
        "1.1.2020–30.6.2020",
        "01.01.2020 - 30.06.2020",
        "1 Jan 2020 - 30 Jun 2020",
        "January 1 - June 30, 2020",
        "January 1, 2020 – June 30, 2020",
        "2020-01-01/2020-06-30",
        "2020-01-01 to 2020-06-30",
        "2020-01-01 - 2020-06-30",
        "2020-01-01..2020-06-30",
        "20200101-20200630",
        "from 2020-01-01 to 2020-06-30",
        "01/01/2020 - 06/30/2020",
        "01/01/2020–30/06/2020",
        "1/1/20-6/30/20",
        "2020年上半年",
        "2020年1月至6月",
        "2020年1月-6月",
        "2020上半年",
        "du 1er janvier au 30 juin 2020",
        "vom 1. Januar bis 30. Juni 2020",
        "1 de enero de 2020 al 30 de junio de 2020",
        "January–June 2020",
        "Jan. – Jun. 2020",
        "2020: H1",
        "H1, 2020",
        "H1_2020",
        "2020_H1",
        "1 January 2020 to 30 June 2020",
    ],
    "2019 Q4": [
        "Q4 2019",
        "2019 Q4",
        "4Q19",
        "4Q 2019",
        "4Q2019",
        "Q4/19",
        "Q4-2019",
        "2019Q4",
        "Q4 '19",
        "fourth quarter 2019",
        "4th quarter of 2019",
        "4. Quartal 2019",
        "4e trimestre 2019",
        "T4 2019",
        "cuarto trimestre de 2019",
        "4º trimestre 2019",
        "IV trimestre 2019",
        "2019年第四季度",
        "Oct-Dec 2019",
        "October to December 2019",
        "2019 (Q4)",
        "10/2019-12/2019",
    ],
    "Mar 2021": [
        "Mar 2021",
        "March 2021",
        "March, 2021",
        "2021-03",
        "2021/03",
        "03/2021",
        "03.2021",
        "Mar-21",
        "2021 March",
        "2021-M03",
        "2021M03",
        "2021M3",
        "mars 2021",
        "März 2021",
        "marzo 2021",
        "marzo de 2021",
        "março de 2021",
        "2021年3月",
        "2021-03-01/2021-03-31",
        "1-31 March 2021",
    ],
    "2020": [
        "2020",
        "CY2020",
        "CY 2020",
        "calendar year 2020",
        "Year 2020",
        "full year 2020",
        "Jahr 2020",
        "année 2020",
        "2020年",
        "Jan-Dec 2020",
        "2020 (full year)",
        "2020-01-01/2020-12-31",
        "January - December 2020",
    ],
}


@pytest.mark.parametrize(("period", "text"), [(period, text) for period, texts in WAYS.items() for text in texts])
def test_a_period_is_read_in_the_ways_that_people_write_it(period, text):
    assert str(label_of(text)) == period


SAID_OTHERWISE = {
    "2020 H1": ["2020 H1 (Jan-Jun)", "2020H1: January–June", "2020 (Jan–Jun)", "Q1-Q2 2020", "2020 Q1–Q2", "Six months ended June 30, 2020",
                "half year ended 30 June 2020", "semestre clos le 30 juin 2020", "Halbjahr bis 30. Juni 2020"],
    "2020": ["H1 and H2 2020", "Year ended 31 December 2020", "12 months to December 2020"],
    "2020 Q1": ["Jan, Feb and Mar 2020", "quarter ended 03/31/2020"],
    "Oct 2019 – Mar 2020": ["Q4 2019 to Q1 2020", "six months to 31 March 2020"],
    "Jul 2020 – Jun 2021": ["FY2021 (Jul 2020 – Jun 2021)", "Year to June 30, 2021"],
}  # fmt: skip


@pytest.mark.parametrize(("period", "text"), [(period, text) for period, texts in SAID_OTHERWISE.items() for text in texts])
def test_several_parts_a_last_day_and_an_explanation_say_the_period(period, text):
    assert str(label_of(text)) == period


@pytest.mark.parametrize(
    "text", ["2020 H1 (Jul-Dec)", "2019 H2: January–June", "Q1 and Q2, Q4 2020", "six months ended 29 June 2020", "H1, Q3 2020"]
)
def test_what_contradicts_itself_names_no_period(text):
    assert label_of(text) is None


@pytest.mark.parametrize(
    "text", ["Requests 2017/1", "Requests 1/2017", "Requests 2020-II", "Report 2020 H1 (Jul-Dec)", "Requests 2020/03/01"]
)
def test_a_title_names_no_period_where_a_part_of_it_is_left_over(text):
    assert periods.mentions(text) == []


@pytest.mark.parametrize(
    "texts", [["2017-I", "2017-II"], ["2017/1", "2017/2"], ["1/2017", "2/2017"], ["2017-1", "2017-2", "2017-3", "2017-4"]]
)
def test_a_year_and_a_small_number_may_be_halves_and_are_asked_about(texts):
    assert column_of(texts).question[1] == "ambiguous_period"


def test_a_higher_number_or_the_header_tells_what_the_number_is():
    assert str(column_of(["2017/1", "2017/9"]).periods["2017/1"]) == "Jan 2017"
    assert str(column_of(["2017/1", "2017/2"], kind="half").periods["2017/2"]) == "2017 H2"


@given(st.text(max_size=60))
def test_the_letters_of_a_folded_text_are_those_of_the_text_folded(text):
    assert "".join(letter for letter, _ in periods.folded_letters(text)).strip() == periods.folded(text)


@pytest.mark.parametrize(
    "text, words",
    [
        ("Google,  from\u00a01 January to 30 June 2021, received", "1 January to 30 June 2021"),
        ("Im ersten Halbjahr 2021 (H2 ’20: 5)", "ersten Halbjahr 2021"),
        ("Au deuxième semestre 2020, Google", "deuxième semestre 2020"),
        ("谷歌2021年上半年收到", "2021年上半年"),
        ("in the six months to June 2021.", "the six months to June 2021"),
    ],
)
def test_a_period_in_a_text_stands_where_its_words_are(text, words):
    found = periods.mentions_at(text)
    assert [text[start:end] for _, start, end in found][:1] == [words]
    assert [period for period, _, _ in found] == [period for period, _ in periods.mentions(text)]
