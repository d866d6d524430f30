"""The answer to a sentence in words: what the series say, what was not read, what was assumed; the numbers come from the tables."""

from __future__ import annotations

import math
from collections.abc import Iterable

from dashboard.display.comparisons import comparability
from dashboard.display.languages import Language
from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval, number, text
from dashboard.model.periods import Period, day_label, label
from dashboard.statements.claim import Claim, Side, rest_of
from dashboard.statements.files import several
from dashboard.statements.formulas import percent_change, rounded
from dashboard.statements.lexicon import service_name
from dashboard.statements.series import Assumed, Lacking, Reason, span_of
from dashboard.statements.verdicts import Evaluator, Verdict
from dashboard.statements.wording import PER, open_interval, share_of

LABELS = {
    "supported": "Right",
    "compatible": "Fits",
    "contradicted": "Not right",
    "answered": "",
    "cannot be said": "Cannot be said",
    "not comparable": "Not comparable",
    "no public series": "Nobody publishes it",
    "no independent source": "No independent source",
    "not read": "Not read",
}
"""How the sentence of an answer begins."""


def labelled(label: str, words: str) -> str:
    """A sentence after its label, which may be blank."""
    return f"{label}: {words}" if label else words


def claim_phrase(claim: Claim) -> str:
    """The claim as a phrase, in our words."""
    if claim.kind == "when":
        amount = "in which year"
    elif claim.kind == "question":
        amount = f"how many {_unit(claim)}" if claim.unit != "share" else "which share"
    elif claim.kind == "rank":
        among = "countries" if claim.among == "requester" else "times up to then"
        amount = f"which place among {among}" if math.isinf(claim.claimed.high) else f"place {text(claim.claimed)} among {among}"
    elif claim.kind == "order":
        amount = {
            "exactly": "as many",
            "nearly as many": "nearly as many",
            "down": "a fall",
            "up": "a rise",
            "not up": "no rise",
            "not down": "no fall",
        }[claim.comparator]
    elif claim.unit == "change":
        amount = f"a change of {percent_change(claim.claimed)}"
    elif claim.kind == "difference" and claim.unit == "share":
        amount = f"a difference of {_points(claim.claimed)}"
    elif claim.unit == "share":
        amount = f"a share of {share_of(claim.claimed)}"
    elif claim.unit == "times":
        amount = f"{open_interval(claim.claimed, '')} times as many"
    else:
        more = " more" if claim.kind == "difference" else ""
        amount = f"{open_interval(claim.claimed, '')}{more} {_unit(claim)}{PER[claim.per]}".replace("  ", " ")
    span = claim.side.period
    against = f", against {label(claim.other.period)}" if claim.other and claim.other.period and claim.other.period != span else ""
    return f"{amount}, {label(span)}{against}" if span else amount


def reading(of: dict, whole: dict | None, base: dict | None, formula: str, claim: Claim, names: Language) -> str:
    """A reading in words: which series, over or against which, by which rate, for which time."""
    words = [series(of, names)]
    if whole:
        every = "all " if whole["request_type"] != of["request_type"] else ""
        words.append(f"over {every}{_what(whole, names)}{' worldwide' if whole['requester'] != of['requester'] else ''}")
    if formula.startswith("per_"):
        words.append(f"{PER[formula.removeprefix('per_')].strip()} on average")
    words.append(f"in {label(span_of(of))}")
    if base:
        words.append(f"against {_differing(of, base, names)}")
    return ", ".join(words)


def series(selection: dict, names: Language) -> str:
    """A series in words: `Google, Germany: requests (emergency)`."""
    whom = " and ".join("worldwide" if one == places.WORLD else places.name(one) for one in several(selection["requester"]))
    return f"{names.reporter(selection['reporter'])}, {whom}: {_what(selection, names)}"


def order(own: str | Period, series: Interval, first: list, count: int) -> str:
    """A place in an order in words, with the numbers at its head: `place 2 of 84 (United States 93,000, Germany 46,572)`."""
    head = ", ".join(f"{_placed(key)} {text(amount.value)}" for key, amount in first)
    return f"{_placed(own) if isinstance(own, Period) else places.in_sentence(own)} has place {text(series)} of {number(count)} ({head})"


def time_of_all(first: list, next_: list, count: int, claim: Claim) -> str:
    """The time with the highest or lowest number in words: `2021 has the highest number of the 12 years published in full, 46,572`."""
    times = " or ".join(_placed(key) for key, _ in first)
    amounts = " or ".join(dict.fromkeys(text(amount.value) for _, amount in first))
    which = "lowest" if claim.is_lowest else "highest"
    head = ", ".join(f"{_placed(key)} {text(amount.value)}" for key, amount in next_)
    return f"{times} has the {which} number of the {number(count)} {claim.among}s published in full, {amounts}{f' (then {head})' if head else ''}"


def first_beyond(limit: Interval, firsts: list, highest: tuple, all_periods: list) -> str:
    """The first year and half-year with a number beyond a limit in words, or that none has; `all_periods` are the published ones of each."""
    beyond = open_interval(limit, "")
    if not any(firsts):
        return f"None of {number(len(all_periods[0]))} years has {beyond}; the highest number is {text(highest[1].value)}, in {_placed(highest[0])}"
    phrases = [
        f"{'already ' if first[0] == min(periods, key=str) else ''}{_placed(first[0])} ({text(first[1].value)}) as a {unit}"
        for unit, first, periods in zip(("year", "half-year"), firsts, all_periods, strict=True)
        if first
    ]
    return f"First with {beyond}: {', '.join(phrases)}"


def _placed(key: str | Period) -> str:
    return label(key) if isinstance(key, Period) else places.name(key)


_LACKING = {
    Reason.NO_REPORTER: "nobody whose numbers are held here counts this",
    Reason.NO_MEASURE: "the sentence does not say what the number counts",
    Reason.NO_SHARE: "the sentence does not say which part of the requests the share is",
    Reason.OTHER_LENGTH: "the two times that are compared are of different length",
    Reason.NO_PLACE: "{who} publishes no worldwide {what}; name the country whose government asked",
    Reason.OTHER_UNIT: "{who} does not count {what}; another unit is no test of it",
    Reason.NONE_HELD: "of {who} no {what} {be} held here",
    Reason.NOT_BY_AUTHORITY: "{who} does not publish its {what} by {authority} authorities",
    Reason.NOT_BY_SERVICE: "{who} does not publish its {what} for {service} alone, only for all its services together; a total is no part",
    Reason.LEFT_OUT: "{who} printed {printed} for {period} ({document} {cell}), a fraction, which no count can be, so it was left out",
    Reason.NOT_IN_FULL: "{what} of {who} for {period} {be} not published in full",
    Reason.NOT_THEN: "one side of the comparison has no time",
}
"""Why there is no number, in words, where nothing has to be listed."""


def lacking(reason: Lacking, claim: Claim, names: Language) -> str:
    """Why there is no series or no number, in words."""
    values = reason.values
    who = names.reporter(values["reporter"]) if values.get("reporter") else ""
    what = _measure(values.get("measure", ""), names)
    be, of = "is" if values.get("measure") in vocabulary.SHARES else "are", {}
    match reason.reason:
        case Reason.NO_REPORTER if values["publishers"]:
            return f"the sentence does not say whose number it is, and {number(len(values['publishers']))} publishers count it"
        case Reason.NONE_HELD:
            what = _what_of_side(what, values["side"], names)
        case Reason.NOT_BY_AUTHORITY | Reason.NOT_BY_SERVICE:
            of = {
                "authority": names.authority(values.get("authority", "any")),
                "service": service_name(values["reporter"], values.get("service", "")),
            }
        case Reason.NO_TOTAL:
            kinds = ", ".join(_lowered(names.request_type(kind)) for kind in values["kinds"][:6])
            return f"{who} publishes no total over the kinds of {what}{f', only each by itself ({kinds})' if kinds else ''}; a part contradicts no total"
        case Reason.NOT_AVERAGED:
            parts = ", ".join(f"{share_of(value)} for {label(period)}" for period, value in values["parts"])
            return f"shares are not averaged, and the {what} of {who} is not published for {label(values['period'])}, only {parts}"
        case Reason.NOT_THEN if values.get("period"):
            covers = values.get("covers")
            if covers and covers[0] < values["period"].start and values["period"].end < covers[1]:
                whom = "worldwide" if values.get("requester") == places.WORLD else f"for {places.in_sentence(str(values.get('requester')))}"
                return f"{who} published no {what} {whom} for {values['period']}, though it did for earlier and for later times"
            coverage = f"; what is held runs from {covers[0]:%B %Y} to {covers[1]:%B %Y}" if covers else ""
            return f"no {what} of {who} for {values['period']} {be} held here{coverage}"
    return _LACKING[reason.reason].format(**values | of | {"who": who, "what": what, "be": be})


def assumptions(judged: object, evaluator: Evaluator) -> Iterable[str]:
    """What was not said and taken to be so, in words."""
    names = evaluator.names
    for assumed, value in judged.assumed.items():
        match assumed:
            case Assumed.PERIOD:
                yield (
                    f"No time was said; {value} is the latest that is published."
                    if judged.claim.comparator != "never"
                    else f"At any time from {value}."
                )
            case Assumed.NEAR_PERIOD:
                yield f"{value} is the published period nearest to the time that was said."
            case Assumed.REPORTER:
                yield f"No publisher was said; {names.reporter(str(value))} is the one that counts this."
            case Assumed.PLACE:
                yield f"No country was said; the numbers are those of {places.in_sentence(str(value))}."
            case Assumed.BREAK:
                for one in value.itertuples():
                    yield f"The series breaks on {day_label(one.date)}: {_lowered(one.label)}. {one.change}"
            case Assumed.NOT_RANKED:
                yield f"Countries with a number for only a part of {label(value[1])} are left out of the order: {number(value[0])}."
            case Assumed.COUNTED_UNLIKE:
                if unlike := comparability(value, evaluator.data, names):
                    yield unlike
            case Assumed.AUTHORITY:
                yield f"Only the numbers of {names.authority(str(value))} authorities are published."
            case Assumed.ACCOUNTS:
                yield "Accounts are read as accounts specified in requests."
            case Assumed.KINDS:
                kinds = " and ".join(_lowered(names.request_type(kind)) for kind in value)
                yield f"No total is printed; it is the sum of the kinds {kinds}."
            case Assumed.ROUNDED:
                ends = (
                    share_of(rest_of(value) if judged.claim.share_part == "rest" else value)
                    if judged.claim.unit == "share"
                    else percent_change(value)
                    if judged.claim.unit == "change"
                    else open_interval(value, "")
                )
                yield f"The number is taken as rounded: {ends}."


def verdict_sentence(judged: object, evaluator: Evaluator, text_read: str) -> str:
    """One sentence with the numbers, after its label: what the series say to one claim of a text."""
    verdict, claim = judged.verdict, judged.claim
    if verdict.why:
        return f"{verdict.why}."
    amount = _amount(claim, verdict)
    if verdict.verdict == "not comparable":
        return f"{amount}{_of_sides(verdict, claim)}, but the series breaks between the two: {verdict.reading}."
    if verdict.verdict == "no independent source":
        speaker = evaluator.sources.speaker(verdict.rows.iloc[0]["document"])
        title = evaluator.data.documents.set_index("document")["title"].get(verdict.rows.iloc[0]["document"], "")
        whose = f"{speaker}’s own ({title})" if speaker else title
        return f"{amount} is {whose}, and no other source for it is known."
    if claim.comparator == "never" or claim.kind in ("rank", "when") or (claim.kind == "order" and claim.each):
        return f"{verdict.arithmetic}: {verdict.reading}."
    # Words that the text begins with have lost their capital within this sentence.
    words = _lowered(claim.words) if text_read.lstrip().startswith(claim.words) else claim.words
    denied = ""
    if verdict.verdict == "contradicted" and words and claim.claimed.high:
        denied = f", not “{words}”" if any(map(str.isalpha, words)) else f", not {words}"
        if claim.kind == "difference" and claim.unit != "share" and not words.endswith(("more", "fewer", "less")):
            denied += " fewer" if claim.claimed.high < 0 else " more"
    if claim.share_part == "rest" and claim.unit == "share":
        amount, denied = f"{share_of(rest_of(verdict.series))}{denied}", f"; the rest of {amount}"
    return f"{amount}{denied}{_of_sides(verdict, claim)}: {verdict.reading}."


def besides(known: Iterable[Verdict], judged: object, evaluator: Evaluator) -> list[str]:
    """What else is known, a sentence each."""
    known = list(known)
    sentences = []
    if rates := [verdict for verdict in known if verdict.reading == "rate"]:
        sentences.append(
            "Other documents imply " + " and ".join(f"{text(rounded(rate.series))} a year ({rate.claim})" for rate in rates) + "."
        )
    for verdict in known:
        if verdict.reading == "share":
            row = judged.verdict.rows.iloc[0]
            of_all = f"all requests to {evaluator.names.reporter(row['reporter'])} ({places.name(row['requester'])}, {verdict.claim})"
            sentences.append(f"What is claimed comes to {share_of(verdict.series)} of {of_all}.")
        if verdict.reading == "spoken":
            sentences.append(f"The same source says {text(verdict.series)} a day.")
    return list(dict.fromkeys(sentences))


def not_read(unread: Iterable[str]) -> str:
    """Which words were not used."""
    return f"{', '.join(f'“{words}”' for words in unread)}. A sentence is checked whole, so there is no verdict."


def _amount(claim: Claim, verdict: Verdict) -> str:
    if claim.kind == "times":
        return f"{text(verdict.series, 2)} times"
    if claim.kind in ("change", "order"):
        return percent_change(verdict.series)
    if claim.kind == "difference" and claim.unit == "share":
        return _points(verdict.series)
    if claim.kind == "share" or claim.unit == "share":
        return share_of(verdict.series)
    decimals = (
        1
        if claim.per != "whole"
        and verdict.series.high < 1000
        and not all(float(end).is_integer() for end in (verdict.series.low, verdict.series.high))
        else 0
    )
    series, more = verdict.series, ""
    if claim.kind == "difference":
        series, more = (series * -1, " fewer") if series.high < 0 else (series, " more")
    return f"{text(series, decimals)}{more} {_unit(claim)}{PER[claim.per]}".replace("  ", " ")


def _of_sides(verdict: Verdict, claim: Claim) -> str:
    # The two numbers of a comparison, or of a share.
    if len(verdict.sides) != 2:
        return ""
    one, other = (text(rounded(side)) if side.high > 1 else share_of(side) for side in verdict.sides)
    return f" ({one} {'of' if claim.kind == 'share' else 'against'} {other})"


def _unit(claim: Claim) -> str:
    return "" if claim.unit == "other" else claim.unit


def _points(interval: Interval) -> str:
    return percent_change(interval).replace(" %", "") + " percentage points"


def _what_of_side(what: str, side: Side, names: Language) -> str:
    kind = f" ({_lowered(names.request_type(side.request_type))})" if side.request_type else ""
    whom = f" from {places.in_sentence(side.requester)}" if side.requester and side.requester != places.WORLD else ""
    return f"{what}{kind}{whom}"


def _measure(measure: str, names: Language) -> str:
    return _lowered(names.measure(measure)).replace("_", " ")


def _what(selection: dict, names: Language) -> str:
    details = []
    kinds = selection["request_type"]
    if isinstance(kinds, list):
        details.append(" and ".join(_lowered(names.request_type(kind)) for kind in kinds))
    elif kinds != "all":
        details.append(_lowered(names.request_type(kinds)))
    if selection["authority"] != "any":
        details.append(names.authority(selection["authority"]))
    if selection["service"] != "all":
        details.append(names.service(selection["service"]))
    return _lowered(names.measure(selection["measure"])) + (f" ({', '.join(details)})" if details else "")


def _differing(of: dict, base: dict, names: Language) -> str:
    same = all(of[name] == base[name] for name in ("reporter", "requester", "measure", "request_type"))
    words = [] if same else [series(base, names)]
    if (of["from"], of["to"]) != (base["from"], base["to"]):
        words.append(label(span_of(base)))
    return ", ".join(words) or "itself"


def _lowered(words: str) -> str:
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
