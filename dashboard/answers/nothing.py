"""What was asked for and is not on the screen, each in one sentence with the reason: nothing of a choice is dropped without a word."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pandas as pd

from dashboard.analysis import views
from dashboard.analysis.views import View
from dashboard.display.languages import Language
from dashboard.model import periods, places, vocabulary

CHOOSE_REPORTER = "Choose at least one reporter."
CHOOSE_REQUESTER = "Choose at least one country, or Worldwide."
MAX_OTHERS = 8
"""Reporters that are named as those who publish what a chosen one does not."""
_DIMENSIONS = (("request_type", "type"), ("service", "service"), ("authority", "authority"))


def why_nothing(view: View, table: pd.DataFrame, names: Language) -> str:
    """Why a view has no number at all, in a sentence or a few; `table` is the complete table of its day."""
    if not view.reporter and not _reporter_across(view) and not view.ranks_reporters:
        return CHOOSE_REPORTER
    if not view.requester and not _is_across(view):
        return CHOOSE_REQUESTER
    if view.ranks_reporters and view.period and not view.type:
        return f"No reporter prints a total of {view.period} for {', '.join(map(places.name, view.requester[:1]))}; try another period."
    return " ".join(unshown(view, table.head(0), table, names)) or "Nothing is published for this choice."


def unshown(view: View, rows: pd.DataFrame, table: pd.DataFrame, names: Language) -> list[str]:
    """A sentence for each chosen reporter, country, kind, service and authority of which `rows` hold no number.

    `rows` are those of the view, `table` is the complete table of its day. Both need the columns of an observation.
    """
    has_number = rows["low"].notna().to_numpy()
    reporters = [_reporter_across(view)] if _reporter_across(view) else list(view.reporter)
    if view.ranks_reporters:
        reporters = []
    there = set(itertools.compress(rows["reporter"].tolist(), has_number))
    lacking = [reporter for reporter in reporters if reporter not in there]
    # What holds of the view and not of a reporter is told once.
    sentences = list(dict.fromkeys(_why_no_reporter(reporter, view, table, names) for reporter in lacking))
    sentences += _others_that_do(view, table, names) if sentences else []
    if not has_number.any():
        return sentences
    chosen = {"request_type": view.type, "service": view.service, "authority": view.authority}
    if not _is_across(view):
        chosen["requester"] = view.requester
    for column, codes in chosen.items():
        values = set(itertools.compress(rows[column].tolist(), has_number)) if codes else set()
        lacking = [names.of(column, code) for code in codes if code not in values]
        if lacking:
            sentences.append(f"Not published here: {', '.join(lacking)}.")
    return sentences


def _why_no_reporter(reporter: str, view: View, table: pd.DataFrame, names: Language) -> str:
    """The first condition of a view that leaves nothing of a reporter."""
    name, counted = names.reporter(reporter), names.measure(view.counted).lower()
    own = table[(table["reporter"] == reporter) & table["low"].notna()]
    if own.empty:
        return (
            f"{name} has published nothing known on {periods.day_label(view.known)}."
            if view.known
            else f"{name} has published nothing that is held here."
        )
    requester = () if _is_across(view) else view.requester
    of_kind = own[own["request_type"].isin(view.type)] if view.type else own
    rows = of_kind[of_kind["measure"] == view.counted]
    if rows.empty:
        kinds = f" for {_listed(names.request_type(code) for code in view.type)}" if view.type else ""
        others = _others(of_kind["measure"], vocabulary.MEASURES, names.measure)
        return f"{name} publishes no {counted}{kinds}{f'; it publishes {others}' if others else ''}."
    if requester and not rows["requester"].isin(requester).any():
        if set(rows["requester"]) == {places.WORLD}:
            return f"{name} publishes no {counted} by country."
        return f"{name} publishes no {counted} for {', '.join(map(places.name, requester))}."
    if requester:
        rows = rows[rows["requester"].isin(requester)]
    for column, field in _DIMENSIONS:
        codes = getattr(view, field)
        if codes and not rows[column].isin(codes).any():
            others = _others(rows[column], sorted(set(rows[column])), lambda code, column=column: names.of(column, code))
            lacking = _listed(names.of(column, code) for code in codes)
            return f"{name} publishes no {counted} for {lacking}; it publishes {others}."
        rows = rows[rows[column].isin(codes)] if codes else rows
    begin, end = periods.parse(view.start), periods.parse(view.end)
    if begin and end and begin.start > end.end:
        return f"The time from {view.start} to {view.end} ends before it begins."
    wanted = [period for period in map(periods.parse, (view.against, view.period)) if period] if view.shape in views.OF_PERIODS else []
    inside = [own for own in views.periods_of(rows) if any(one.start <= own.start and own.end <= one.end and own != one for one in wanted)]
    if inside:
        more = f" and {len(inside) - 4} more" if len(inside) > 4 else ""
        wanted_periods = " and ".join(dict.fromkeys(map(str, wanted)))
        return (
            f"{name} publishes no {counted} of {wanted_periods} as one period; there are some of {', '.join(map(str, inside[:4]))}{more}."
        )
    if view.start or view.end or view.period:
        first, last = rows["period_start"].min(), rows["period_end"].max()
        return f"{name} publishes no {counted} in this time; there are some from {periods.day_label(first)} to {periods.day_label(last)}."
    return f"{name} publishes no {counted} that can be shown so."


def _others_that_do(view: View, table: pd.DataFrame, names: Language) -> list[str]:
    """Who else publishes what some chosen reporter does not, in a sentence, where they are few."""
    numbers = table[(table["measure"] == view.counted) & table["low"].notna()]
    by_measure = set(numbers["reporter"])
    fitting = numbers if _is_across(view) else numbers[numbers["requester"].isin(view.requester)]
    others = sorted(set(fitting["reporter"]) - set(view.reporter), key=lambda code: names.reporter(code).casefold())
    if by_measure.issuperset(view.reporter) or not 0 < len(others) <= MAX_OTHERS:
        return []
    return [f"Others that publish {names.measure(view.counted).lower()}: {', '.join(map(names.reporter, others))}."]


def _is_across(view: View) -> bool:
    return view.shape in ("ranking", "map") and not view.ranks_reporters


def _reporter_across(view: View) -> str:
    return view.of if _is_across(view) else ""


def _others(values: pd.Series, order: Iterable[str], name: Callable[[str], str]) -> str:
    there = set(values)
    return _listed(name(code) for code in order if code in there)


def _listed(names: Iterable[str]) -> str:
    """Names inside a sentence: the first letter is small unless the word is an abbreviation or one letter."""
    return ", ".join(name[0].lower() + name[1:] if name[:1].isupper() and name[1:2].islower() else name for name in names)
