"""The tables: what each column is, declared once with its meaning, and checked with pandera.

The words shown on the upload page, in the README and in a download's metadata are read from here.
"""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

from dashboard.model import places, vocabulary


class Declared(pa.DataFrameModel):
    """A table with just the columns that are declared, in their order."""

    class Config:
        strict = True
        ordered = True


class Observation(Declared):
    """One published number: who published it, what it counts, for when, its interval, and where it is printed."""

    reporter: Series[str] = pa.Field(description="Who published the count, as a short lower-case name: `microsoft`, `odni`.")
    service: Series[str] = pa.Field(
        str_length={"min_value": 1}, description="Which of the reporter's services; `all` unless the document splits."
    )
    requester: Series[str] = pa.Field(
        description="Whose government asked: ISO 3166-1 alpha-3 code, `XKX` Kosovo, `UNO` the United Nations, `WLD` the publisher's own worldwide total."
    )
    authority: Series[str] = pa.Field(
        isin=vocabulary.AUTHORITIES,
        description="Which authority asked: `any` unless the document splits into `federal`, `state_local`, `private`.",
    )
    request_type: Series[str] = pa.Field(isin=vocabulary.REQUEST_TYPES, description="The kind of demand, from the list of request types.")
    measure: Series[str] = pa.Field(isin=vocabulary.MEASURES, description="What is counted, from the list of measures.")
    period_start: Series[pd.Timestamp] = pa.Field(description="First day of the period, included (YYYY-MM-DD).")
    period_end: Series[pd.Timestamp] = pa.Field(description="Last day of the period, included (YYYY-MM-DD).")
    low: Series[float] = pa.Field(ge=0, description="Lower end of the interval printed; equal to `high` for an exact number.")
    high: Series[float] = pa.Field(
        ge=0, description="Upper end of the interval printed; `inf` where only a lower end is printed. Shares are 0 to 1."
    )
    printed: Series[str] = pa.Field(str_length={"min_value": 1}, description="The text as printed: `0 - 499`, `1,234`, `64%`.")
    document: Series[str] = pa.Field(str_length={"min_value": 1}, description="Which edition of which document it was printed in.")
    cell: Series[str] = pa.Field(
        str_length={"min_value": 1}, description="Where in the document: `Criminal!C14`, `B12`, or the place in a text."
    )

    @pa.dataframe_check(description="the lower end lies above the upper end")
    def low_not_above_high(cls, table: pd.DataFrame) -> Series[bool]:
        return table["low"] <= table["high"]

    @pa.dataframe_check(description="the period ends before it starts")
    def period_in_order(cls, table: pd.DataFrame) -> Series[bool]:
        return table["period_start"] <= table["period_end"]

    @pa.dataframe_check(description="a count is a whole number")
    def counts_are_whole(cls, table: pd.DataFrame) -> Series[bool]:
        whole = (table["low"] % 1 == 0) & ((table["high"] % 1 == 0) | (table["high"] == float("inf")))
        return whole | _is_share(table)

    @pa.dataframe_check(description="a share lies between 0 and 1")
    def shares_within_one(cls, table: pd.DataFrame) -> Series[bool]:
        return (table["high"] <= 1) | ~_is_share(table)

    @pa.check("requester", description="is not a country code we know (ISO 3166-1 alpha-3, XKX or WLD)")
    def requester_is_known(cls, column: Series[str]) -> Series[bool]:
        return column.isin(places.codes())


class OwnObservation(Observation):
    """The same in a report that a visitor brought: a place that is not known is kept as it was written."""

    @pa.check("requester", description="is blank")
    def requester_is_known(cls, column: Series[str]) -> Series[bool]:
        return column.str.strip().str.len() > 0


class Document(Declared):
    """One edition of one report, court filing or testimony."""

    document: Series[str] = pa.Field(unique=True, str_length={"min_value": 1}, description="Short name of this edition.")
    reporter: Series[str] = pa.Field(description="Whose figures it holds.")
    title: Series[str] = pa.Field(str_length={"min_value": 1}, description="What it is called.")
    edition: Series[str] = pa.Field(description="Which printing: the last period it covers, or its date.")
    published: Series[str] = pa.Field(
        str_matches=r"^(\d{4}-\d{2}-\d{2})?$", description="Day of publication (YYYY-MM-DD), where it is known; else blank."
    )
    known_from: Series[pd.Timestamp] = pa.Field(
        description="Day from which we count it as known: the day of publication, else the earlier of the day by which it "
        "was certainly seen and nine months after the last period it covers."
    )
    known_from_basis: Series[str] = pa.Field(
        isin=("published", "seen", "estimated"), description="What `known_from` rests on: `published`, `seen`, or `estimated`."
    )
    url: Series[str] = pa.Field(description="Public address of the publisher's page or document.")
    sha256: Series[str] = pa.Field(str_matches=r"^([0-9a-f]{64})?$", description="SHA-256 of the file read; blank where a text was quoted.")
    form: Series[str] = pa.Field(isin=vocabulary.FORMS, description="How we have it: `" + "`, `".join(vocabulary.FORMS) + "`.")
    seen: Series[str] = pa.Field(
        isin=("seen", "seen-secondary"),
        description="`seen`: on the publisher's own page or file; `seen-secondary`: in another party's text or copy.",
    )
    replaces: Series[str] = pa.Field(
        description="The earlier edition that this one replaces: what it leaves out of the periods both cover is withdrawn."
    )
    note: Series[str] = pa.Field(description="What a reader must know about this edition.")
    seen_on: Series[str] = pa.Field(
        str_matches=r"^(\d{4}-\d{2}-\d{2})?$",
        description="Day by which the file read had certainly been seen (YYYY-MM-DD); blank if unknown.",
    )
    archived: Series[str] = pa.Field(
        str_matches=r"^(https?://\S+)?$", description="Address of a copy that does not change, where one is known; else blank."
    )
    licence: Series[str] = pa.Field(
        str_length={"min_value": 1}, description="What may be done with the document, or that its publisher states nothing of that."
    )


class Reporter(Declared):
    """One publisher of counts."""

    reporter: Series[str] = pa.Field(unique=True, str_matches=r"^[a-z0-9][a-z0-9_]*$", description="Short name.")
    name: Series[str] = pa.Field(str_length={"min_value": 1}, description="Name as shown.")
    kind: Series[str] = pa.Field(
        isin=("company", "government", "court", "intergovernmental"), description="Company, government, court, or a body of several states."
    )
    country: Series[str] = pa.Field(description="Home country, ISO 3166-1 alpha-3.")
    report: Series[str] = pa.Field(description="What its report is called.")
    url: Series[str] = pa.Field(description="Address of its report.")


class Measure(Declared):
    """One thing that is counted."""

    measure: Series[str] = pa.Field(unique=True, description="Code name.")
    label: Series[str] = pa.Field(description="Name as shown.")
    unit: Series[str] = pa.Field(description="Unit in words, for one and for many alike.")
    kind: Series[str] = pa.Field(isin=("count", "share"), description="Count (whole, not negative) or share (0 to 1).")
    parent: Series[str] = pa.Field(description="The measure of which it counts a part, if any.")
    definition: Series[str] = pa.Field(description="What it counts.")


class RequestType(Declared):
    """One kind of demand."""

    request_type: Series[str] = pa.Field(unique=True, description="Code name.")
    label: Series[str] = pa.Field(description="Name as shown.")
    parent: Series[str] = pa.Field(description="The wider kind it belongs to, if any.")
    definition: Series[str] = pa.Field(description="What it is.")


class Part(Declared):
    """One kind of demand that is counted in a reporter's total, so that disjoint parts can be added to it."""

    reporter: Series[str] = pa.Field(description="Whose total.")
    request_type: Series[str] = pa.Field(description="A kind of demand that this reporter prints apart.")
    in_total: Series[bool] = pa.Field(description="Whether it is one of the disjoint parts that make up the reporter's total.")


class DefinitionGroup(Declared):
    """What definitions of one group count, in words that can be held against those of another group."""

    group: Series[str] = pa.Field(description="The group, as the definitions name it.", unique=True)
    counts: Series[str] = pa.Field(
        description="What is counted, the main thing first: words joined by `; `; two groups differ by the words that one of them lacks."
    )
    some: Series[str] = pa.Field(description="What is counted only in part.")
    untold: Series[str] = pa.Field(description="What may be counted: the publisher does not say.")


class Definition(Declared):
    """What one reporter means by one measure, and request type where it matters."""

    reporter: Series[str] = pa.Field(description="Whose definition.")
    measure: Series[str] = pa.Field(description="Of which measure.")
    request_type: Series[str] = pa.Field(description="Of which request type; `*` for every one not named apart.")
    definition: Series[str] = pa.Field(str_length={"min_value": 10}, description="The definition in our words.")
    url: Series[str] = pa.Field(description="Where it is stated.")
    valid_from: Series[str] = pa.Field(
        str_matches=r"^(\d{4}-\d{2}-\d{2})?$", description="First day it applies to; blank if from the start."
    )
    valid_to: Series[str] = pa.Field(str_matches=r"^(\d{4}-\d{2}-\d{2})?$", description="Last day it applies to; blank if still valid.")
    group: Series[str] = pa.Field(
        str_length={"min_value": 1},
        description="Comparability group: series whose definitions share a group may be read side by side as like with like.",
    )


class Break(Declared):
    """One change of definition, format or coverage that a series carries."""

    reporter: Series[str] = pa.Field(description="Whose series.")
    requester: Series[str] = pa.Field(description="For which requester; `*` for all.")
    measure: Series[str] = pa.Field(description="For which measure; `*` for all.")
    request_type: Series[str] = pa.Field(description="For which request type; `*` for all.")
    date: Series[pd.Timestamp] = pa.Field(description="First day of the new state.")
    label: Series[str] = pa.Field(str_length={"min_value": 3, "max_value": 60}, description="A few words for the chart.")
    change: Series[str] = pa.Field(str_length={"min_value": 10}, description="What changed.")
    effect: Series[str] = pa.Field(str_length={"min_value": 10}, description="What it does to the series.")
    url: Series[str] = pa.Field(description="Where it is stated or can be seen.")


class Correction(Declared):
    """One correction of our own data: when, whose numbers, how many, what stood before and what stands now, and why."""

    date: Series[pd.Timestamp] = pa.Field(description="Day of the correction (YYYY-MM-DD).")
    reporter: Series[str] = pa.Field(description="Whose numbers.")
    numbers: Series[int] = pa.Field(ge=1, description="How many numbers it concerns.")
    before: Series[str] = pa.Field(str_length={"min_value": 10}, description="What stood before.")
    after: Series[str] = pa.Field(str_length={"min_value": 10}, description="What stands now.")
    why: Series[str] = pa.Field(str_length={"min_value": 10}, description="Why it was wrong.")


class Population(Declared):
    """People in one place in one year."""

    place: Series[str] = pa.Field(description="ISO 3166-1 alpha-3 code, or XKX.")
    year: Series[int] = pa.Field(ge=1900, le=2100, description="Calendar year (mid-year estimate).")
    people: Series[int] = pa.Field(ge=0, description="People.")
    document: Series[str] = pa.Field(description="Which document it was read from.")
    cell: Series[str] = pa.Field(description="Where in it.")


class Letter(Declared):
    """One national security letter of which the recipient may speak, with the day of issue and the day on which its gag had ended.

    Only letters whose gag has ended are there: how long the gags of all letters last cannot be told from them.
    """

    reporter: Series[str] = pa.Field(description="Who received the letter.")
    number: Series[str] = pa.Field(description="The letter's number as printed; blank where it has none.")
    issued: Series[pd.Timestamp] = pa.Field(description="Day on which it was issued (YYYY-MM-DD).")
    released: Series[pd.Timestamp] = pa.Field(description="Day on which the recipient was told that it may speak, or spoke (YYYY-MM-DD).")
    document: Series[str] = pa.Field(str_length={"min_value": 1}, description="Which edition of which document it was printed in.")
    cell: Series[str] = pa.Field(str_length={"min_value": 1}, description="Where in it: the first and the last cell of the letter's row.")

    @pa.dataframe_check(description="the gag ended before the letter was issued")
    def days_in_order(cls, table: pd.DataFrame) -> Series[bool]:
        return table["issued"] <= table["released"]


def broken_rules(model: type[pa.DataFrameModel], table: pd.DataFrame) -> pa.errors.SchemaErrors | None:
    """Every rule of its model that a table breaks, with the cells that break it; None where it is sound."""
    try:
        model.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return errors
    return None


def described(model: type[pa.DataFrameModel]) -> dict[str, str]:
    """Column names of a table with their meanings, in order."""
    return {name: column.description or "" for name, column in model.to_schema().columns.items()}


def _is_share(table: pd.DataFrame) -> pd.Series:
    return table["measure"].isin(vocabulary.SHARES)
