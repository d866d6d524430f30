"""What the words of a header, or of a cell that names a kind of request, mean; the words themselves stand in `headers.toml`.

Every word must be known, or the header means nothing here: “requests withdrawn” is not “requests”, and a guess would be a wrong figure.
"""

from __future__ import annotations

import functools
import itertools
import re
import re._parser as pattern_parser
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dashboard.model import places, vocabulary
from dashboard.reports.words.period_words import word_file


@dataclass(frozen=True)
class Meaning:
    """What a header says: the column's role, or what it counts; `rest` are the words that are not known."""

    role: str = ""
    measure: str = ""
    request_type: str = ""
    authority: str = ""
    bound: str = ""
    is_share: bool = False
    is_percent: bool = False
    is_total: bool = False
    language: str = ""
    rest: str = ""
    tags: frozenset[str] = field(default=frozenset())
    scale: int = 1
    """By how much figures are to be multiplied: 1,000 where the words say “in thousands”."""

    @property
    def counts(self) -> bool:
        """Whether it says what is counted, in full."""
        return bool(self.measure) and not self.rest


@functools.lru_cache(maxsize=4096)
def meaning_of(text: str) -> Meaning:
    """What a header's words say together, whatever their order."""
    folded = _folded(text)
    tags: list[str] = []
    languages: list[str] = []
    unknown: list[str] = []
    for word, meant in _matches(word_file("headers")["alone"].get(folded, folded)):
        if meant is None:
            unknown.append(word)
            continue
        tags.append(meant.tag)
        if meant.tag != "neutral" and meant.language:
            languages.append(meant.language)
    rest = " ".join(unknown)
    language = max(set(languages), key=lambda name: (languages.count(name), name == "en")) if languages else ""
    return _composed(frozenset(tags), rest, language)


def named_type(text: str) -> tuple[str, str] | None:
    """The request type and authority that a cell names, in words or as our own code name; None where it names none."""
    code = _code_name(text)
    if code in vocabulary.REQUEST_TYPES:
        return code, ""
    meant = meaning_of(text)
    kinds = {tag.partition(":")[0] for tag in meant.tags}
    if meant.rest or kinds - {"type", "authority", "subject", "neutral", "total"} or meant.measure not in ("", "requests"):
        return None
    if meant.request_type or meant.authority:
        return meant.request_type or "all", meant.authority
    return ("all", "") if meant.is_total or (meant.measure == "requests" and "total" in meant.tags) else None


def named_measure(text: str) -> Meaning | None:
    """What a cell of a column of measures says is counted, in words or as our own code name; None where that is not known."""
    code = _code_name(text)
    if code in vocabulary.MEASURES:
        return Meaning(measure=code, is_share=code in vocabulary.SHARES)
    meant = meaning_of(text)
    return meant if meant.counts and not meant.bound else None


def named_authority(text: str) -> str | None:
    """The authority that a cell names; None where it names none."""
    code = _code_name(text)
    if code in vocabulary.AUTHORITIES:
        return code
    meant = meaning_of(text)
    if meant.rest:
        return None
    return meant.authority or ("any" if meant.is_total or meant.request_type == "all" else None)


def language_name(code: str) -> str:
    """The English name of a language that is read, by its code."""
    return word_file("headers")["languages"][code]


def _code_name(text: str) -> str:
    return re.sub("[ -]", "_", text.strip().lower())


def _composed(tags: frozenset[str], rest: str, language: str) -> Meaning:
    def of(kind: str) -> list[str]:
        return sorted(tag.partition(":")[2] for tag in tags if tag.startswith(f"{kind}:"))

    subjects, outcomes, types, authorities = of("subject"), of("outcome"), of("type"), of("authority")
    bound = of("bound")[0] if len(of("bound")) == 1 else ""
    is_percent = "share:percent" in tags
    is_share = is_percent or "share:part" in tags
    measure = ""
    if len(outcomes) <= 1 and len(subjects) <= 1 and len(types) <= 1 and len(authorities) <= 1:
        measure = _measure(subjects[0] if subjects else "", outcomes[0] if outcomes else "", is_share, types)
    roles = of("role")
    about_other, is_derived = "other_subject" in tags, "derived" in tags
    if about_other or is_derived:
        measure = ""
    role = "not_about_data" if about_other else "no_count" if is_derived else roles[0] if len(roles) == 1 and not measure else ""
    return Meaning(
        role=role,
        measure=measure,
        request_type=types[0] if len(types) == 1 else "preservation" if measure == "accounts_preserved" else "",
        authority=authorities[0] if len(authorities) == 1 else "",
        bound=bound,
        is_share=is_share,
        is_percent=is_percent,
        is_total="total" in tags and not measure and not roles,
        language=language,
        rest=rest,
        tags=tags,
        scale=int(of("scale")[0]) if len(of("scale")) == 1 else 1,
    )


def _measure(subject: str, outcome: str, is_share: bool, types: list[str]) -> str:
    if is_share:
        # A share of accounts, or of the world's requests, has no word in the vocabulary.
        return _SHARES.get(outcome, "") if subject in ("", "requests") else ""
    if outcome:
        measure, subjects = _MEASURES.get(outcome, ("", ()))
        return "identifiers" if (subject, outcome) == ("identifiers", "specified") else measure if subject in subjects else ""
    if subject == "accounts":
        return "accounts_specified"
    return subject if subject and subject != "orders" else "requests" if types else ""


_SHARES = {"some_data": "share_some_data", "disclosure": "share_some_data", "nondisclosure": "nondisclosure_share"}
_MEASURES = {
    **{of: (f"requests_{of}", ("", "requests")) for of in ("some_data", "content", "noncontent", "no_data", "rejected", "challenged")},
    **{of: (f"accounts_{of}", ("accounts",)) for of in ("affected", "specified", "preserved")},
    **{of: (f"users_{of}", ("", "requests", "accounts")) for of in ("notified", "not_notified")},
    "nondisclosure": ("nondisclosure_orders", ("", "orders")),
    "received": ("requests", ("", "requests", "orders", "letters")),
}
"""What is counted of each outcome, and of which subjects; blank where none is named."""
_FOOTNOTE = re.compile(r"(?:\s*(?:[*†‡§¶]+|[⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈ]+|\[(?!k\])\w{1,2}\]|\((?:\d{1,2}|(?!k)[a-z])\)))+\s*$")
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class _Phrase:
    # What one phrase means, and in which language alone it does; blank where it is shared.
    tag: str
    language: str


def spaced(name: str) -> str:
    """A name as words: `requestsReceived` is `requests Received`."""
    return re.sub(r"(?<=[a-z\d])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", " ", name)


def is_phrase(text: str) -> bool:
    """Whether a text is one phrase of the lexicon that says more than nothing."""
    phrase = _lexicon()[0].get(places.fold(text))
    return phrase is not None and phrase.tag != "neutral"


def footnote_of(text: str) -> str:
    """The footnote mark at the end of a header or a name, such as `¹` or `*`; blank where there is none or nothing else."""
    match = _FOOTNOTE.search(text)
    return match[0].strip() if match and match.start() else ""


def _folded(text: str) -> str:
    bare = text.rstrip().removesuffix(footnote_of(text))
    folded = places.fold(spaced(re.sub(r"%", " percent ", bare.replace("#", " number "))))
    return re.sub(r"([\u3000-\u9fff])\s+(?=[\u3000-\u9fff])", r"\1", folded)


def _matches(folded: str) -> Iterator[tuple[str, _Phrase | None]]:
    # From left to right the longest phrase that fits; words that no phrase knows with None. Chinese words need no spaces between them.
    lexicon, words = _lexicon()
    start = 0
    while start < len(folded):
        if folded[start] == " ":
            start += 1
            continue
        is_chinese = folded[start] >= "\u3000"
        if is_chinese:
            ends = range(min(len(folded), start + _LONGEST), start, -1)
        else:
            cuts = [boundary.start() for boundary in itertools.islice(re.finditer(r" |$|(?=[\u3000-\u9fff])", folded[start:]), words)]
            ends = [start + cut for cut in reversed(cuts) if cut]
        end = next((end for end in ends if folded[start:end] in lexicon), None)
        if end is None:
            end = start + 1 if is_chinese else ends[-1]
            yield folded[start:end], None
        else:
            yield folded[start:end], lexicon[folded[start:end]]
        start = end


@functools.cache
def _lexicon() -> tuple[dict[str, _Phrase], int]:
    # Every phrase spelled out, and the number of words of the longest. A phrase of several languages tells none of them, unless it is English.
    spoken: dict[str, tuple[str, set[str]]] = {}
    meanings = {tag: by_language for tag, by_language in word_file("headers").items() if tag not in ("alone", "languages")}
    for tag, by_language in meanings.items():
        for language, patterns in by_language.items():
            for phrase in (phrase for pattern in patterns for phrase in _spelled_out(pattern)):
                known, languages = spoken.setdefault(phrase, (tag, set()))
                if known == tag:
                    languages.add(language)
    lexicon = {
        phrase: _Phrase(tag, "en" if "en" in languages else next(iter(languages)) if len(languages) == 1 else "")
        for phrase, (tag, languages) in spoken.items()
    }
    return lexicon, max(phrase.count(" ") for phrase in lexicon) + 1


def _spelled_out(pattern: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in _sequences(pattern_parser.parse(pattern))]


def _sequences(parts: pattern_parser.SubPattern) -> Iterator[str]:
    # The texts that a pattern of letters, alternatives and what may be missing stands for.
    yield from map("".join, itertools.product(*(list(_choices(kind, content)) for kind, content in parts)))


def _choices(kind: object, content: object) -> Iterator[str]:
    match str(kind):
        case "LITERAL":
            yield chr(content)
        case "IN":
            yield from (chr(letter) for _, letter in content)
        case "BRANCH":
            yield from itertools.chain.from_iterable(map(_sequences, content[1]))
        case "MAX_REPEAT" if content[:2] == (0, 1):
            yield ""
            yield from _sequences(content[2])
        case other:
            raise ValueError(f"a phrase holds {other}, which is no letter, alternative or what may be missing")


def meaning_of_group(words: list[str]) -> Meaning:
    """The meaning of the parts of a header; of “Law enforcement requests” over “Accounts affected” the lower says what is counted."""
    meant = meaning_of(" ".join(words))
    if len(words) != 2 or meant.measure or meant.rest:
        return meant
    upper, lower = map(meaning_of, words)
    if not lower.counts or upper.measure not in ("", "requests") or meant.role == "not_about_data":
        return meant
    return replace(
        lower,
        request_type=lower.request_type or upper.request_type,
        authority=lower.authority or upper.authority,
        tags=lower.tags | upper.tags,
    )
