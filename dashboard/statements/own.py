"""A sentence that a visitor types: what it is understood to say, and one answer to it with the readings behind.

Everything happens here, from the words and the tables: nothing is stored, nobody else is asked. A sentence is read whole or it has no
verdict: what was not used is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from dashboard.catalog.shipped import Catalog
from dashboard.display import downloads
from dashboard.model import places, vocabulary
from dashboard.model.intervals import Interval
from dashboard.model.periods import Period
from dashboard.model.statement_words import PER
from dashboard.statements import answer_words, known_besides, mentions, readings
from dashboard.statements.claim import PARTS_OF_REQUESTS, UNIT_OF, Claim, Side, Understanding
from dashboard.statements.composing import compose
from dashboard.statements.readings import Reading
from dashboard.statements.spoken_numbers import InvalidClaim
from dashboard.statements.verdicts import Evaluator, Verdict


@dataclass(frozen=True)
class Answer:
    """One answer to a sentence: its verdict, a label and the words after it, the words not read, what was assumed, and the readings.

    `as_of` is the day on which the newest of the documents that it could rest on was seen, `data_version` names the numbers.
    """

    verdict: str
    label: str
    words: str
    unread: tuple[str, ...]
    assumed: tuple[str, ...]
    readings: tuple[Reading, ...] = ()
    besides: tuple[Verdict, ...] = field(default=(), repr=False)
    as_of: str = ""
    data_version: str = ""

    @property
    def says(self) -> str:
        """What it says in one sentence."""
        return answer_words.labelled(self.label, self.words)

    @property
    def beside_verdict(self) -> str:
        """The same beside its verdict, which its label may repeat."""
        return self.words if self.label.lower() == self.verdict else self.says

    def plain(self) -> dict:
        """As the command line and the interface give it."""
        return {
            "verdict": self.verdict,
            "says": self.says,
            "unread": list(self.unread),
            "assumed": list(self.assumed),
            "as_of": self.as_of,
            "data_version": self.data_version,
        }


def understood(text: str, catalog: Catalog) -> Understanding:
    """What a sentence says, as far as it is understood; raises `InvalidClaim` with one clear sentence where nothing can be checked."""
    reporters = catalog.reporters[catalog.reporters["reporter"].isin(catalog.observations["reporter"].unique())]
    understanding = compose(mentions.read(text, reporters))
    if not understanding.claims:
        raise InvalidClaim(_NO_QUESTION if re.search("[?？]", text) else _NO_NUMBER)
    return understanding


_NO_NUMBER = "No number is found in this text: write who received how many of what, from whom, and when."
_NO_QUESTION = "This question is not read: ask how many, how often, which share, by how much, which country or in which year."


def answer(understanding: Understanding, evaluator: Evaluator, claims: tuple[Claim, ...] | None = None) -> Answer:
    """The one answer to a sentence; with `claims`, that to the claims as a visitor corrected them, where nothing counts as unread."""
    unread = understanding.unread if claims is None else ()
    known = {"as_of": evaluator.data.documents["seen_on"].max(), "data_version": evaluator.data.version}
    if unread:
        return Answer("not read", answer_words.LABELS["not read"], answer_words.not_read(unread), unread, (), **known)
    judged = [readings.reading_of(claim, evaluator) for claim in (claims or understanding.claims)]
    decisive = readings.worst(judged)
    assumed = dict.fromkeys(words for reading in judged for words in answer_words.assumptions(reading, evaluator))
    besides = known_besides.of(decisive, evaluator)
    without_source = [reading for reading in judged if reading.verdict.verdict == "no independent source"]
    shown = [reading for reading in judged if reading not in without_source[1:]]
    sentences = dict.fromkeys(
        (answer_words.LABELS[reading.verdict.verdict], answer_words.verdict_sentence(reading, evaluator, understanding.sentence.text))
        for reading in shown
    )
    (label, first), *others = sentences
    words = [first, *(answer_words.labelled(*other) for other in others)]
    if decisive.verdict.verdict == "no independent source":
        words += answer_words.besides(besides, decisive, evaluator)
    return Answer(decisive.verdict.verdict, label, " ".join(words), (), tuple(assumed), tuple(judged), tuple(besides), **known)


def corrected(claim: Claim, catalog: Catalog, **corrections: object) -> Claim:
    """The claim with what the reader put right: `low`, `high`, `per`, `reporter`, `requester`, `measure`, `request_type`, `authority`,
    `period_start`, `period_end`; `other_reporter`, `other_requester`, `other_period_start`, `other_period_end` are of the side that it is
    compared with. Raises `InvalidClaim` where that cannot be.
    """
    changes = {name: value for name, value in corrections.items() if value is not None}
    others = {name.removeprefix(_OTHER): changes.pop(name) for name in list(changes) if name.startswith(_OTHER)}
    if others and claim.other is None:
        raise InvalidClaim("This claim is compared with nothing; correct the sentence itself.")
    for name, known in _choices(catalog).items() if changes or others else ():
        for chosen in (changes.get(name), others.get(name)):
            if chosen and chosen not in known:
                raise InvalidClaim(f"There is no such {name.replace('_', ' ')}; choose one from the list.")
    named = {name: str(changes[name]) for name in _NAMES if name in changes}
    claim = replace(_with_sides(claim, named), per=str(changes.get("per", claim.per)))
    if claim.per not in PER:
        raise InvalidClaim(f"A number is meant per {', '.join(PER[:-1])} or for the whole period.")
    if "measure" in changes and changes["measure"] != claim.measure:
        measure = str(changes["measure"])
        if measure not in measures_for(claim, catalog):
            raise InvalidClaim("A share is held against shares, and every other number against counts.")
        unit = claim.unit if claim.unit in ("share", "change", "times", "place") else UNIT_OF.get(measure, "requests")
        claim = replace(claim, measure=measure, unit=unit, share_part="outcome" if claim.kind == "share" else "")
    try:
        if "low" in changes or "high" in changes:
            ends = Interval(float(changes.get("low", claim.claimed.low)), float(changes.get("high", claim.claimed.high)))
            claim = replace(claim, claimed=ends, rounded=ends, comparator="between" if not ends.is_exact else "exactly", words="")
        if "period_start" in changes or "period_end" in changes:
            claim = _with_sides(claim, _times(changes, claim.side))
        if others:
            named = {name: str(others[name]) for name in _NAMES if name in others}
            named |= {"added": ()} if "requester" in named else {}
            claim = replace(claim, other=replace(claim.other, **named, **_times(others, claim.other)))
    except ValueError as error:
        raise InvalidClaim(f"This cannot be: {error}.") from None
    return claim


_OTHER = "other_"
_NAMES = ("reporter", "requester", "request_type", "authority", "service")


def _times(changes: dict[str, object], side: Side) -> dict[str, date | None]:
    start, end = (_day(changes.get(f"period_{name}", getattr(side, name))) for name in ("start", "end"))
    if start and end:
        Period(start, end)
    return {"start": start, "end": end}


def _with_sides(claim: Claim, changes: dict[str, object]) -> Claim:
    """The claim with other values on its side, and on the side it is compared with where that had the same ones."""
    changes = {name: value for name, value in changes.items() if getattr(claim.side, name) != value}
    shared = {name: value for name, value in changes.items() if claim.other and getattr(claim.other, name) == getattr(claim.side, name)}
    if "requester" in changes:
        changes["added"] = ()
    return replace(claim, side=replace(claim.side, **changes), other=replace(claim.other, **shared) if claim.other else None)


def measures_for(claim: Claim, catalog: Catalog) -> list[str]:
    """The measures that a claim can be about: shares for a percentage, counts for every other number."""
    if claim.kind == "share":
        return [*vocabulary.SHARES, *PARTS_OF_REQUESTS]
    return list(catalog.measures["measure"][catalog.measures["kind"] == "count"])


def plain(claim: Claim) -> dict:
    """A claim as the command line gives it."""
    return {
        "words": claim.words,
        "claim": answer_words.claim_phrase(claim),
        "kind": claim.kind,
        "low": downloads.plain(claim.claimed.low),
        "high": downloads.plain(claim.claimed.high),
        "comparator": claim.comparator,
        "unit": claim.unit,
        "measure": claim.measure,
        "per": claim.per,
        **_side(claim.side),
        "against": _side(claim.other) if claim.other else None,
    }


def _side(side: Side) -> dict:
    return {
        "reporter": side.reporter,
        "requester": side.requester,
        "request_type": side.request_type,
        "authority": side.authority,
        "period_start": side.start.isoformat() if side.start else "",
        "period_end": side.end.isoformat() if side.end else "",
    }


def _choices(catalog: Catalog) -> dict[str, set[str]]:
    return {
        "reporter": set(catalog.reporters["reporter"]),
        "requester": set(places.codes()),
        "measure": set(catalog.measures["measure"]),
        "request_type": set(catalog.request_types["request_type"]),
        "authority": set(vocabulary.AUTHORITIES),
        "service": set(catalog.observations["service"].unique()),
    }


def _day(value: object) -> date | None:
    if value in (None, ""):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))
