"""The statement tables: who said what, the numbers in it, and the series that could check each."""

from __future__ import annotations

import pandera.pandas as pa
from pandera.typing.pandas import Series

from dashboard.model.statement_words import COMPARATORS, FORMULAS, LONGEST_QUOTE, PER, SIDES, UNITS
from dashboard.model.tables import Declared


class Statement(Declared):
    """Who said what, when, where, in which language."""

    statement: Series[str] = pa.Field(unique=True, str_matches=r"^[a-z0-9][a-z0-9-]*$", description="Short name.")
    topic: Series[str] = pa.Field(str_length={"min_value": 1}, description="Topic, in plain words.")
    speaker: Series[str] = pa.Field(str_length={"min_value": 1}, description="Who said it.")
    role: Series[str] = pa.Field(description="In which role.")
    side: Series[str] = pa.Field(isin=SIDES, description="For which side: `" + "`, `".join(SIDES) + "`.")
    date: Series[str] = pa.Field(str_matches=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="Day, month or year in which it was said.")
    venue: Series[str] = pa.Field(description="Where it was said.")
    language: Series[str] = pa.Field(str_matches=r"^[a-z]{2}$", description="Language of the wording quoted (ISO 639-1).")
    country: Series[str] = pa.Field(description="Country from or for which the speaker speaks (ISO 3166-1 alpha-3).")
    url: Series[str] = pa.Field(str_matches=r"^https?://", description="Where it can be read.")
    seen: Series[str] = pa.Field(isin=("own page", "reported"), description="Whether on the speaker's own page or reported by another.")
    says: Series[str] = pa.Field(str_length={"min_value": 10}, description="What it says, in our own neutral words.")
    quote: Series[str] = pa.Field(description="An exact fragment of at most 25 words; may be blank.")
    repeats: Series[str] = pa.Field(description="The statement that it retells, if any.")
    drift: Series[str] = pa.Field(description="What changed on the way, in words.")
    note: Series[str] = pa.Field(description="What a reader must know.")
    stands_until: Series[str] = pa.Field(
        str_matches=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$",
        description="For a sentence that is watched, such as “has never …”: the last day, month or year for which it is known to stand; else blank.",
    )
    gone_by: Series[str] = pa.Field(
        str_matches=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$", description="By when it was no longer there; blank where that is not known."
    )
    file: Series[str] = pa.Field(description="The file it stands in.")

    @pa.check("quote", description=f"has more than {LONGEST_QUOTE} words")
    def quote_is_a_fragment(cls, column: Series[str]) -> Series[bool]:
        return column.str.split().str.len() <= LONGEST_QUOTE


class Claim(Declared):
    """One checkable number in a statement, as an interval."""

    statement: Series[str] = pa.Field(description="In which statement.")
    claim: Series[str] = pa.Field(str_length={"min_value": 1}, description="Short name within the statement.")
    low: Series[float] = pa.Field(description="Lower end of what the words allow; `-inf` where they give none.")
    high: Series[float] = pa.Field(description="Upper end of what the words allow; `inf` where they give none.")
    unit: Series[str] = pa.Field(isin=UNITS, description="What the sentence says is counted.")
    period_start: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$", description="First day it speaks of.")
    period_end: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$", description="Last day it speaks of.")
    per: Series[str] = pa.Field(isin=PER, description="Per day, month or year, or for the whole period.")
    comparator: Series[str] = pa.Field(isin=COMPARATORS, description="How the sentence puts the number.")

    @pa.dataframe_check(description="the lower end lies above the upper end")
    def low_not_above_high(cls, table) -> Series[bool]:
        return table["low"] <= table["high"]


class Reading(Declared):
    """One way to check a claim: a formula over series, or why there is none."""

    statement: Series[str] = pa.Field(description="In which statement.")
    claim: Series[str] = pa.Field(description="Of which claim.")
    reading: Series[str] = pa.Field(str_length={"min_value": 1}, description="Short name within the claim.")
    label: Series[str] = pa.Field(str_length={"min_value": 5}, description="Which series and formula, in plain words.")
    formula: Series[str] = pa.Field(isin=("", *FORMULAS), description="How the series is evaluated; blank where there is none.")
    of: Series[object] = pa.Field(description="The selection it is evaluated over, or another claim.")
    whole: Series[object] = pa.Field(description="For a share: the whole.")
    base: Series[object] = pa.Field(description="For a change or a multiple: what it is measured from.")
    no_series: Series[str] = pa.Field(description="Why nobody publishes what would check it.")
    not_comparable: Series[str] = pa.Field(description="How unit, scope or definition differ.")
    settled_by: Series[str] = pa.Field(description="What would settle it.")

    @pa.dataframe_check(description="needs exactly one of formula, no_series and not_comparable")
    def exactly_one_way(cls, table) -> Series[bool]:
        return table[["formula", "no_series", "not_comparable"]].ne("").sum(axis=1) == 1
