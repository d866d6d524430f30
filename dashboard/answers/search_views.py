"""Views that a query of the search names: its reporters, countries, what is counted and the time lead straight to the chart."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dashboard.analysis import views
from dashboard.analysis.series import PEOPLE_PER
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import geometry
from dashboard.display.languages import Language
from dashboard.model import periods, places, vocabulary
from dashboard.model.intervals import number
from dashboard.model.periods import Period
from dashboard.statements import mentions
from dashboard.statements.lexicon import Role
from dashboard.statements.spoken_numbers import InvalidClaim
from dashboard.statements.spoken_periods import TimeSpan

FORMS = {form: frozenset(words) for form, words in tomllib.loads(Path(__file__).with_name("search_words.toml").read_text("utf-8")).items()}
"""Words that ask for an order of the countries, for a number for so many inhabitants, for a map."""
TOP = "10"
"""The bars of a ranking to which a query leads that names no other number of them."""
_UNITED_STATES = re.compile(r"(?<!\w)(?:us|usa|u\.s\.(?:a\.)?)(?!\w)", re.IGNORECASE)
_CODE = re.compile(r"\b[A-Z]{3}\b")


@dataclass(frozen=True)
class NamedViews:
    """The views of a query with their titles, the nearest first; the codes that it names; and its words that none of this has used."""

    views: tuple[tuple[str, View], ...] = ()
    reporters: tuple[str, ...] = ()
    requesters: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def named_views(query: str, catalog: Catalog, names: Language, publishers: Publishers) -> NamedViews:
    """What a query leads to: the series of its reporters, or of those who publish what it names. A reporter alone, or a country alone, has no view."""
    # In a query of capitals any word looks like a code.
    coded = query if query.isupper() else _CODE.sub(_name_of_code, query)
    text = _UNITED_STATES.sub(places.name("USA"), coded).lower()
    try:
        sentence = mentions.read(text, catalog.reporters)
    except InvalidClaim:
        return NamedViews()
    named = [str(mention.value).partition("/") for mention in sentence.all(Role.REPORTER, Role.SERVICE)]
    reporters = tuple(dict.fromkeys(reporter for reporter, _, _ in named))
    countries = tuple(dict.fromkeys(mention.value for mention in sentence.all(Role.REQUESTER)))
    words = {word for mention in sentence.mentions for word in _words(sentence, mention)}
    is_per_head = bool((FORMS["people"] - {"per"}) & words) or f"{PEOPLE_PER:,}" in text or str(PEOPLE_PER) in text
    is_ranked = bool((FORMS["ranking"] | FORMS["map"]) & words) or is_per_head
    first, last = next((_days(mention.value) for mention in sentence.all(Role.PERIOD)), (None, None))
    if not reporters:
        chosen = _by_publishers(_counted(View(reporter=(), requester=countries), sentence, catalog), sentence, names, publishers)
        return NamedViews(chosen, requesters=countries, unread=_unread(sentence, chosen[0][1]) if chosen else ())
    services = tuple(dict.fromkeys(service for _, _, service in named if service))
    view = _counted(View(reporter=reporters, requester=countries, service=services), sentence, catalog)
    own = catalog.observations[catalog.observations["reporter"].isin(reporters) & catalog.observations["measure"].eq(view.measure)]
    only = own["requester"].unique()
    if not countries and len(only) == 1:
        view = replace(view, requester=(only[0],))
    chosen = []
    if view.requester:
        chosen = _over_time(view, first, last, views.periods_of(own), names)
    elif first or last or is_ranked:
        # One reporter's countries have an order.
        view = replace(view, reporter=reporters[:1], top=_top(sentence))
        period = Period(first, last) if first and last else None
        chosen = _ranked(view, period, is_per_head, views.periods_of(own[own["reporter"].eq(reporters[0])]), names)
    if not chosen:
        return NamedViews((), reporters, countries)
    # A map that is asked for stands before the ranking.
    ordered = chosen[::-1] if FORMS["map"] & words else chosen
    return NamedViews(tuple(ordered), reporters, countries, _unread(sentence, ordered[0][1]))


def _words(sentence: mentions.Sentence, mention: mentions.Mention) -> list[str]:
    return re.findall(r"\w+", sentence.words(mention))


def _top(sentence: mentions.Sentence) -> str:
    counts = [mention.value.interval for mention in sentence.all(Role.NUMBER)]
    return next((text for text in map(number, (one.low for one in counts if one.is_exact)) if text in views.TOPS), TOP)


def _unread(sentence: mentions.Sentence, view: View) -> tuple[str, ...]:
    """The words of a query that a view to which it leads makes no use of."""
    is_across = view.shape in views.OF_PERIODS
    used = (FORMS["ranking"] if is_across else frozenset()) | (FORMS["people"] if view.scale == "people" else frozenset())
    used |= FORMS["map"] if is_across and not view.ranks_reporters else frozenset()
    numbers = {view.top if is_across else "", str(PEOPLE_PER) if view.scale == "people" else ""}

    def is_used(mention: mentions.Mention) -> bool:
        value = mention.value
        match mention.role:
            case Role.NEUTRAL | Role.QUESTION | Role.DIRECTION:
                return True
            case Role.REPORTER | Role.SERVICE:
                return str(value).partition("/")[0] in view.reporter
            case Role.REQUESTER:
                return value in view.requester
            case Role.COUNTED:
                return value.measure == view.measure or value.request_type in view.type
            case Role.KIND:
                return value in view.type
            case Role.OUTCOME:
                return value == vocabulary.SHARES[0] and view.scale == "share"
            case Role.PERIOD:
                is_first = mention is sentence.all(Role.PERIOD)[0]
                return is_first and any(_days(value)) and bool(view.start or view.end or view.period)
            case Role.NUMBER:
                return value.interval.is_exact and number(value.interval.low).replace(",", "") in numbers
        return False

    return tuple(word for mention in sentence.mentions if not is_used(mention) for word in _words(sentence, mention) if word not in used)


def _by_publishers(counted: View, sentence: mentions.Sentence, names: Language, publishers: Publishers) -> tuple[tuple[str, View], ...]:
    # Of those who publish what is counted, or of all reporters of one country.
    view = None
    if counted.measure != "requests" or counted.type:
        view = publishers.view(counted.measure, counted.type[0] if counted.type else "", counted.requester)
    elif counted.requester and sentence.all(Role.COUNTED):
        view = View(reporter=(), requester=counted.requester[:1], shape="ranking", over="reporters", top=TOP)
    if view is None:
        return ()
    origin = f" from {names.listed(list(map(names.requester, view.requester)))}" if counted.requester else ""
    return ((f"{_counted_by(replace(view, reporter=()), names)}{origin}, by reporter", view),)


class Publishers:
    """Who publishes which measure and kind of demand, of which country, and how many numbers; made once for a catalog."""

    def __init__(self, catalog: Catalog):
        columns = (catalog.observations[name].tolist() for name in ("measure", "request_type", "requester", "reporter"))
        self._of_measure: dict[str, list[tuple]] = {}
        self._of_kind: dict[str, list[tuple]] = {}
        for key, count in Counter(zip(*columns, strict=True)).items():
            self._of_measure.setdefault(key[0], []).append((*key, count))
            self._of_kind.setdefault(key[1], []).append((*key, count))

    def view(self, measure: str, kind: str = "", requesters: tuple[str, ...] = ()) -> View | None:
        """A view of those who publish a measure, or a kind of demand: of one country, where most of them do; None where nobody does."""
        own = self._of_kind.get(kind, ()) if kind else self._of_measure.get(measure, ())
        if kind:
            measures = _summed((measure, count) for measure, *_, count in own)
            measure = measure if measure in measures else max(measures, key=measures.get, default="")
        own = [row for row in own if row[0] == measure and (not requesters or row[2] in requesters)]
        if not own:
            return None
        # Of two countries with as many publishers the one of which more is published.
        numbers, publishers = _summed((row[2], row[4]) for row in own), Counter(requester for requester, _ in {row[2:4] for row in own})
        requester = max(publishers, key=lambda code: (publishers[code], numbers[code]))
        reporters = _summed((row[3], row[4]) for row in own if row[2] == requester)
        largest = sorted(reporters, key=lambda code: (-reporters[code], code))[: views.MAX_SERIES["time"]]
        return View(measure=measure, reporter=tuple(sorted(largest)), requester=(requester,), type=(kind,) if kind else ())


def _summed(pairs: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for code, count in pairs:
        sums[code] += count
    return sums


def _counted(view: View, sentence: mentions.Sentence, catalog: Catalog) -> View:
    # What nobody of them counts is no measure of the view; a kind of demand is what the word for it implies.
    own = catalog.observations
    counts = set(own["measure"][own["reporter"].isin(view.reporter)] if view.reporter else own["measure"])
    for mention in sentence.all(Role.COUNTED):
        kind = mention.value.request_type
        view = replace(view, type=(kind,) if kind in vocabulary.REQUEST_TYPES and kind != "all" else view.type)
        view = replace(view, measure=mention.value.measure if mention.value.measure in counts else view.measure)
    kinds = [mention.value for mention in sentence.all(Role.KIND) if mention.value in vocabulary.REQUEST_TYPES]
    is_share = any(mention.value == vocabulary.SHARES[0] for mention in sentence.all(Role.OUTCOME))
    return replace(view, type=tuple(kinds) or view.type, scale="share" if is_share and view.measure == "requests" else view.scale)


def _over_time(view: View, first: date | None, last: date | None, own: list[Period], names: Language) -> list[tuple[str, View]]:
    title = f"{_counted_by(view, names)} from {names.listed(list(map(names.requester, view.requester)))}"
    if not (first or last):
        return [(title, view)]
    period = Period(first, last) if first and last else None
    timed = replace(view, start=_half(first), end=_half(last))
    title += f", {period}" if period else f", since {_half(first)}" if first else f", until {_half(last)}"
    # A year has one number where it or both its halves are published, and its halves beside it; shares are not added up.
    halves = [periods.half(last.year, half) for half in (1, 2)] if period and period == periods.year(last.year) else []
    is_year = bool(halves) and (period in own or all(half in own for half in halves))
    counts = replace(timed, scale="calendar" if is_year else "published")
    if view.measure != "requests":
        return [(title, counts)]
    by_half = [(f"{title}, by half-year", replace(timed, scale="published"))] if is_year else []
    share = (f"{title}: share with some data disclosed", replace(timed, scale="share"))
    return [share, (title, counts), *by_half] if view.scale == "share" else [(title, counts), *by_half, share]


def _ranked(view: View, period: Period | None, is_per_head: bool, own: list[Period], names: Language) -> list[tuple[str, View]]:
    scale = "people" if is_per_head else view.scale
    if period and period not in own:
        # A year of which halves are published is summed; a number for each inhabitant is of a period that is published.
        if period != periods.year(period.end.year) or scale != "published":
            return []
        scale = "calendar"
    per_head = names.phrase("people_scale", people=names.number(PEOPLE_PER)) if is_per_head else ""
    title = ", ".join(filter(None, (f"{_counted_by(view, names)} by country", period and str(period), per_head)))
    ranked = replace(view, shape="ranking", of=view.reporter[0], scale=scale, period=str(period or ""))
    return [(title, ranked), (f"{title}, on a map", replace(ranked, shape="map", top=""))]


def _counted_by(view: View, names: Language) -> str:
    who = "".join(f"{name}: " for name in [", ".join(map(names.reporter, view.reporter))] if name)
    kinds = [*map(names.service, view.service), *(names.request_type(kind).lower() for kind in view.type)]
    measure = names.measure(view.measure)
    return who + (measure.lower() if who else measure) + (f" ({', '.join(kinds)})" if kinds else "")


def _days(span: TimeSpan) -> tuple[date | None, date | None]:
    if span.years:
        # Several years are seen in the time from the first to the last.
        return periods.year(min(span.years)).start, periods.year(max(span.years)).end
    return (span.ends[0].start, span.ends[1].end) if span.ends else (span.start, span.end)


def _half(day: date | None) -> str:
    return geometry.halves(day, day)[0] if day else ""


def _name_of_code(match: re.Match) -> str:
    return places.name(match[0]) if match[0] in places.codes() else match[0]
