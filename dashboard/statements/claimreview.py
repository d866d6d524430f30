"""Claims and their verdicts as schema.org ClaimReview, in JSON-LD: a form that search engines and archives read.

One review is one reading of one claim. The verdict stands in words; there is no rating on a scale, since a verdict is about
a number and its unit and not about how true somebody is.
"""

from __future__ import annotations

import math
import re
from datetime import date
from urllib.parse import urlencode

import pandas as pd

from dashboard.display.downloads import plain
from dashboard.statements.files import Statements
from dashboard.statements.verdicts import Verdict
from dashboard.statements.wording import PER, flag, sentence
from dashboard.statements.wording import claim as claim_in_words

AUTHOR = "Data request statistics, an open-source dashboard"
"""Who reviews: the program itself, from the published tables, under the reading that is named."""
_OFFICES = re.compile(
    r"\b(?:counsel|vice president|president|senator|speaker|spokes\w+|secretary|judge|ceo|attorney|legal director|reporter|editor)\b",
    re.IGNORECASE,
)


def reviews(statement_tables: Statements, verdicts: list[Verdict], *, site: str, day: date) -> dict:
    """Every reading of every claim as a ClaimReview; `site` is the address at which the pages are served."""
    statements = statement_tables.statements.set_index("statement")
    claims = statement_tables.claims.set_index(["statement", "claim"])
    readings = statement_tables.readings.set_index(["statement", "claim", "reading"])
    graph = []
    for verdict in verdicts:
        claim = claims.loc[(verdict.statement, verdict.claim)]
        reading = readings.loc[(verdict.statement, verdict.claim, verdict.reading)]
        graph.append(_review(verdict, statements.loc[verdict.statement], claim, reading, site, day))
    return {"@context": "https://schema.org", "@graph": graph}


def _review(verdict: Verdict, statement: pd.Series, claim: pd.Series, reading: pd.Series, site: str, day: date) -> dict:
    address = f"{site.rstrip('/')}/statements?{urlencode({'statement': verdict.statement})}"
    flags = "; ".join(flag(flag_code) for flag_code in verdict.flags)
    shown = f"{verdict.verdict} ({flags})" if flags else verdict.verdict
    body = [f"Reading: {sentence(reading['label'])}"]
    if verdict.arithmetic:
        body.append(f"Arithmetic: {sentence(verdict.arithmetic)}")
    if verdict.why:
        body.append(sentence(verdict.why))
    return {
        "@type": "ClaimReview",
        "@id": f"{address}#{verdict.claim}-{verdict.reading}",
        "url": address,
        "datePublished": day.isoformat(),
        "author": {"@type": "Organization", "name": AUTHOR, "url": site},
        "inLanguage": "en",
        "claimReviewed": f"{statement['says']} The number in it: {claim_in_words(claim)}.",
        "reviewRating": {"@type": "Rating", "alternateName": shown},
        "reviewBody": " ".join(body),
        "itemReviewed": _claim(statement, claim),
    }


def _claim(statement: pd.Series, claim: pd.Series) -> dict:
    amount: dict = {"@type": "QuantitativeValue", "name": claim_in_words(claim)}
    if claim["unit"] != "other":
        amount["unitText"] = claim["unit"] + PER[claim["per"]]
    for name, end in (("minValue", claim["low"]), ("maxValue", claim["high"])):
        if not math.isinf(end):
            amount[name] = plain(end)
    fields = {
        "@type": "Claim",
        "text": statement["quote"] or statement["says"],
        "inLanguage": statement["language"] if statement["quote"] else "en",
        "datePublished": statement["date"],
        # Whoever holds an office is a person; a paper, a company or an authority speaks as a body.
        "author": {"@type": "Person" if _OFFICES.search(statement["role"]) else "Organization", "name": statement["speaker"]},
        "creditText": f"{statement['speaker']}, {statement['role']}",
        "appearance": {"@type": "CreativeWork", "url": statement["url"], "name": statement["venue"]},
        "about": amount,
    }
    if claim["period_start"] and claim["period_end"]:
        fields["temporalCoverage"] = f"{claim['period_start']}/{claim['period_end']}"
    return fields
