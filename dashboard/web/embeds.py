"""Figures to be embedded in other sites' pages: a light page with the chart, its table and its source; a picture; a snippet.

A figure is live, or frozen: then its address names the day as on which it is shown and a hash of the numbers drawn, so that a page can tell
whether they have been restated since, and nothing has to be kept for it.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pandas as pd

from dashboard import analysis, figures
from dashboard.analysis import views
from dashboard.analysis.parameters import with_query
from dashboard.analysis.views import View
from dashboard.catalog.shipped import Catalog
from dashboard.display import changes, comparisons, fonts, sentences
from dashboard.display.languages import Language
from dashboard.display.series import earlier_numbers, muted_series
from dashboard.figures import THEMES, evidence, plain_svg, texts
from dashboard.figures.plain_svg import Span, text
from dashboard.model.columns import KEY
from dashboard.web import heads
from dashboard.web.embed_blocks import EDGE, MARGINS, NAMES, PAIR, WIDTH, Bar, Bars, Block, Chart, Legend, Pairs, Panels, Words, lines

HASH = r"[0-9a-f]{12}"
"""How the hash of a frozen figure is written."""
MAX_SERIES = views.MAX_SERIES | {"ranking": 25, "map": 25, "table": views.MAX_SERIES["time"]}
"""Series in one light page, by shape."""
MOST_ROWS, MOST_BREAKS = 250, 8
"""Rows of its table, and breaks told below its chart."""
HEIGHT = 405
"""Height of a picture where the chart does not ask for more."""
NARROWEST = 320
"""Width of the narrowest screen that a frame has room for."""
_TIME, _PANEL = 290, 96
"""Heights of a chart over time, and of a small one."""
_FONT = "'Source Sans 3',system-ui,sans-serif"


@dataclass(frozen=True)
class Embed:
    """A view as it is embedded: the rows that are drawn, of how many series, and the words around them; `everything` has those without room too."""

    view: View
    language: Language
    rows: pd.DataFrame
    series: int
    everything: pd.DataFrame = field(default_factory=pd.DataFrame)
    title: str = ""
    subtitle: str = ""
    alt: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    breaks: tuple[tuple[str, pd.Timestamp, str], ...] = ()
    earlier: pd.DataFrame | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    def phrase(self, key: str, **values: str) -> str:
        """A fixed word or sentence in its language, with what is said filled in."""
        return self.language.phrase(key, **values)

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it has a number."""
        return bool(self.rows["low"].isna().all())

    @property
    def shape(self) -> str:
        """The shape in which it is drawn; a map is drawn as a ranking, or as the changes between two periods, and a chart of one period as bars."""
        if self.view.shape == "time" and len(analysis.spans_of(self.rows)) == 1:
            return "ranking"
        return self.view.shape if self.view.shape != "map" else "change" if self.view.against else "ranking"

    @property
    def nothing(self) -> str:
        """What is said where nothing is drawn."""
        return self.phrase("no_change" if self.shape == "change" else "nothing")

    @functools.cached_property
    def inks(self) -> dict[str, int]:
        """The number of the ink of each series, by its label."""
        return plain_svg.inks_of(self.rows, self.view, muted_series(self.rows, self.view.focus, self.view.muted))

    @property
    def hash(self) -> str:
        """A hash of the numbers drawn; the same numbers have the same."""
        lines = [
            "|".join([*(str(getattr(row, column)) for column in KEY), f"{row.low:.9g}", f"{row.high:.9g}"])
            for row in self.rows.sort_values(KEY, kind="stable").itertuples()
        ]
        return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:12]

    @property
    def query(self) -> str:
        """The query that asks for it again."""
        return urlencode([*self.view.query(), *([("lang", self.language.code)] if self.language.code != "en" else [])])


@dataclass(frozen=True)
class Frozen:
    """A frozen figure as it was asked for: the hash in its address, and the same view as known today."""

    hash: str
    today: Embed

    def notice(self, shown: Embed, day: date) -> tuple[str, bool]:
        """What a reader is told of it, and whether the numbers differ: from those frozen, or from those known today."""
        now, then = shown.language.day(day), shown.language.day(shown.view.known_on)
        if self.hash != shown.hash:
            return shown.phrase("other", now=now, then=then), True
        there = shown.rows.dropna(subset=["low"])
        both = there.merge(self.today.rows[[*KEY, "low", "high"]], on=KEY, how="left", suffixes=("", "_now"))
        same = evidence.close(both["low"], both["low_now"]) & evidence.close(both["high"], both["high_now"])
        if same.all():
            return shown.phrase("frozen", now=now, then=then), False
        number = shown.language.number
        return shown.phrase("restated", now=now, then=then, some=number(int((~same).sum())), all=number(len(both))), True


def embed(view: View, data: Catalog, table: pd.DataFrame, lang: str = "en", *, whole: bool = False) -> Embed:
    """A view to be embedded, out of the complete table of its day; `whole` leaves out no series, for a comparison."""
    language = Language(lang, data)
    rows = figures.rows_of(view, data, language, table)
    if whole or rows["low"].isna().all():
        return Embed(view, language, rows, 0)
    rows, without_total = figures.totalled(view, rows, language)
    everything = rows
    shown, series = views.largest(everything, min(MAX_SERIES[view.shape], view.max_bars))
    lone = sentences.one_period_only(rows, language) if view.compares else ""
    if view.compares:
        both = changes.between(rows, view.is_scaled)["label"]
        if both.empty:
            return Embed(view, language, rows.iloc[:0], 0)
        everything = rows[rows["label"].isin(both)]
        shown, series = views.largest(everything, MAX_SERIES["change"])
    title, subtitle = texts.title(shown, language, view)
    largest = texts.largest(shown["label"].nunique(), series, language)
    earlier = earlier_numbers(view, shown, data)
    if len(analysis.spans_of(shown)) == 1:
        # Bars have no room for it.
        earlier = earlier.iloc[:0]
    notes = (
        texts.two_periods(shown, language) if view.compares else "",
        lone,
        language.phrase("mapped") if view.shape == "map" and not view.compares else "",
        *(sentence for sentence, _ in texts.reading(shown, data, language, largest, without_total, earlier, drawn=view.shape != "table")),
    )
    breaks = texts.numbered(shown, data, language) if view.shape in ("time", "multiples") or view.compares else []
    return Embed(
        view=view,
        language=language,
        rows=shown,
        series=series,
        everything=everything,
        title=title,
        subtitle=subtitle,
        alt=sentences.alt(
            shown,
            language,
            scaled=view.is_scaled,
            shape=view.shape,
            everything=rows,
            heading=language.phrase("comma").join(filter(None, (title, subtitle))),
        ),
        source=sentences.source_line(shown, data, language, view.known_on, uploads=False),
        notes=tuple(note for note in notes if note),
        breaks=tuple(breaks),
        earlier=earlier,
        names=comparisons.signed_labels(shown, data),
    )


def as_known_today(shown: Embed) -> View:
    """The same view as known today, of the very period and base that are drawn, for a comparison."""
    view = replace(shown.view, known="")
    if view.shape in ("ranking", "map") and not view.period and not shown.is_empty:
        view = replace(view, period=str(views.latest_period(shown.rows)))
    if view.scale == "index" and not view.base:
        view = replace(view, base=str(views.base_of(view, shown.rows) or ""))
    return view


def page(shown: Embed, site: str, *, day: date, frozen: Frozen | None = None, card: str = "svg") -> str:
    """The page of a figure: light, in the reader's light or dark theme; its only script tells the page around it how high it is. `card` is the kind of picture for its card."""
    view, notice = attribute(explore(site, shown.view)), ""
    if frozen:
        notice_text, differs = frozen.notice(shown, day)
        today = attribute(explore(site, frozen.today.view))
        link = f' <a href="{today}" target="_blank" rel="noopener">{text(shown.phrase("todays"))}</a>'
        notice = f'<p class="{"w" if differs else "o"}">{text(notice_text)}{link}</p>'
    body = "" if shown.is_empty else _figure(shown, site)
    heading, link = (
        text(shown.title or shown.nothing),
        f'<a href="{view}" target="_blank" rel="noopener">{text(shown.phrase("opened"))}</a>',
    )
    image = site + with_query(f"/embed/picture.{card}", shown.query)
    head = heads.card(shown.title or shown.nothing, shown.alt, explore(site, shown.view), picture=image, kind="article")
    return document(shown, head, f'{notice}<h1>{heading}</h1>{body}<p class="q">{link}</p>')


def document(shown: Embed, head: str, body: str) -> str:
    """A page of ours in another site's frame: its title, what else stands in its head, and what it shows."""
    return f"""<!DOCTYPE html>
<html lang="{shown.language.code}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{text(shown.title or shown.nothing)}</title>{head}<style>{STYLE}</style></head>
<body><main>{body}</main><script>{SCRIPT}</script></body></html>
"""


def picture(shown: Embed) -> str:
    """The same figure as one SVG with its letters in it, for places that show no page."""
    room = WIDTH - 2 * EDGE
    parts, y = [], 14.0
    for words, size, bold in ((shown.title or shown.nothing, 18, True), (shown.subtitle, 14, False)):
        for line in fonts.wrapped(fonts.plain(words), size, room, bold=bold, max_lines=2):
            y += size * fonts.LINE_HEIGHT
            parts.append(f'<text class="t{size}" x="16" y="{y - size * 0.3:.1f}">{text(line)}</text>')
    y += 10
    for block in [] if shown.is_empty else _blocks(shown):
        drawn, y = block.picture(y)
        parts.append(drawn)
    foot = [line for words in ([] if shown.is_empty else _footnotes(shown)) for line in fonts.wrapped(fonts.plain(words), 12, room)]
    y = max(y + 14, HEIGHT - 10 - 16 * len(foot))
    for line in foot:
        y += 16
        parts.append(f'<text x="16" y="{y - 4:.1f}">{text(line)}</text>')
    height, body, theme = y + 10, "".join(parts), THEMES["light"]
    letters = html.unescape(re.sub(r"<[^>]*>", "", body))
    css = (
        f"{fonts.embedded(letters)}{plain_svg.style(theme, fonts.STACK)}.t18{{font:600 18px {fonts.STACK};fill:{theme.ink}}}"
        f".t14{{font-size:14px}}.o{{fill:{theme.ink}}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'xml:lang="{shown.language.code}" aria-labelledby="t d"><title id="t">{text(shown.title)}</title><desc id="d">{text(shown.alt)}</desc>'
        f'<style>{css}</style><rect width="100%" height="100%" fill="{theme.background}"/>{body}</svg>\n'
    )


def snippet(shown: Embed, site: str, *, frozen: bool = False) -> str:
    """The HTML to paste into a page: a frame with the figure and its title, in it the picture for readers that show no frames, and a script.

    The script gives the frame the height that its page tells. Where it is left out the frame is as high as the narrowest screen needs.
    A figure that is to be frozen is of a view fixed to a day; see `as_known`.
    """
    drawn = attribute(site + with_query("/embed/picture.svg", shown.query))
    instead = f'<a href="{attribute(explore(site, shown.view))}"><img src="{drawn}" alt="{attribute(shown.alt)}" width="{WIDTH}"></a>'
    return frame(f"{site}{address(shown, frozen=frozen)}", shown.title, height(shown, frozen=frozen), instead)


def frame(source: str, title: str, high: int, instead: str) -> str:
    """A frame that becomes as high as its page tells, from `high` pixels on; `instead` is shown by readers without frames."""
    return (
        f'<iframe src="{attribute(source)}" title="{attribute(title)}" width="100%" height="{high}" loading="lazy" '
        f'style="border:0;max-width:{WIDTH + 40}px">{instead}</iframe><script>{_LISTENING}</script>'
    )


def address(shown: Embed, *, frozen: bool = False) -> str:
    """The path and query at which it is served, live or with the hash of its numbers."""
    return with_query(f"/embed/{shown.hash}" if frozen else "/embed", shown.query)


def as_known(view: View, day: date) -> View:
    """A view fixed to the day as on which it is shown, so that it can be frozen."""
    return view if view.known else replace(view, known=day.isoformat())


def height(shown: Embed, width: float = NARROWEST, *, frozen: bool = False) -> int:
    """Pixels that the page needs at a width, its table folded; the reader’s own font may be wider than ours, and words break where they fall."""
    room = width - 2 * EDGE
    if shown.is_empty:
        return int(130 + 25 * lines(shown.nothing, 19, room, bold=True))
    drawn = sum(block.height(room) for block in _blocks(shown)) + (440 if shown.shape == "table" else 0)
    words = 25 * lines(shown.title, 19, room, bold=True) + 8 + 21 * lines(shown.subtitle, 15, room)
    words += sum(19 * lines(one, 13.5, room) + 4 for one in _footnotes(shown))
    notice = 24 + 20 * lines("x" * 150, 14, room) if frozen else 0
    return int(28 + words + notice + drawn + 84)


def explore(site: str, view: View) -> str:
    """The address of a view on Explore."""
    return site + view.address()


def _figure(shown: Embed, site: str) -> str:
    notes = "".join(f"<p>{text(note)}</p>" for note in _footnotes(shown))
    drawn = "".join(block.page() for block in _blocks(shown))
    return f'<p class="s">{text(shown.subtitle)}</p>{drawn}<div class="q">{notes}</div>{_table(shown, site)}'


def _footnotes(shown: Embed) -> list[str]:
    """What stands below the chart: what changed, how to read it, and who published it."""
    return [*([_breaks(shown)] if shown.breaks else []), *shown.notes, shown.source]


def _blocks(shown: Embed) -> list[Block]:
    """What is drawn, from above."""
    return {"ranking": _ranking, "multiples": _panels, "change": _changes, "table": lambda _: []}.get(shown.shape, _time)(shown)


def _time(shown: Embed) -> list[Block]:
    span = Span.of(pd.concat([shown.rows, shown.earlier]), shown.language, _TIME, scaled=shown.view.is_scaled)
    marks = [(sign, day) for sign, day, _ in shown.breaks]
    drawn = plain_svg.over_time(shown.rows, span, height=_TIME, breaks=marks, inks=shown.inks, earlier=shown.earlier)
    chart = Chart(drawn, _TIME, span.width, shown.title, shown.alt)
    series = list(shown.rows.groupby("label", sort=False))
    # The title names a lone series.
    names = shown.names if len(series) > 1 else {}
    samples = [
        (
            plain_svg.sample(shown.inks[name], _is_band(rows)),
            " ".join(filter(None, (names.get(name), sentences.last_value(rows, shown.language, shown.view.is_scaled)))),
        )
        for name, rows in series
    ]
    return [Legend(samples), Words(_unit(shown)), chart]


def _panels(shown: Embed) -> list[Block]:
    span = Span.of(pd.concat([shown.rows, shown.earlier]), shown.language, _PANEL, scaled=shown.view.is_scaled)
    panels = []
    for number, (name, rows) in enumerate(shown.rows.groupby("label", sort=False)):
        heading = shown.phrase("comma").join((shown.title, name))
        alt = sentences.alt(rows, shown.language, scaled=shown.view.is_scaled, heading=heading)
        before = shown.earlier[shown.earlier["label"] == name]
        drawn = plain_svg.over_time(rows, span, height=_PANEL, inks=shown.inks, sparse=True, earlier=before)
        last = sentences.last_value(rows, shown.language, shown.view.is_scaled)
        panels.append(Chart(drawn, _PANEL, span.width, shown.names[name], alt, number, last))
    return [Words(_unit(shown)), Panels(panels)]


def _ranking(shown: Embed) -> list[Block]:
    ordered = _ordered(shown)
    highest = plain_svg.highest(ordered)
    bars = [
        Bar(
            shown.names[row.label],
            plain_svg.bar(row.low, row.high, highest, ink=shown.inks[row.label]),
            min(row.high, highest) / highest if highest else 0,
            shown.language.value(row.low, row.high, row.measure, shown.view.is_scaled),
            shown.view.shape != "time"
            and (row.reporter in shown.view.reporter if shown.view.ranks_reporters else row.requester in shown.view.requester),
        )
        for row in ordered.itertuples()
    ]
    return [Bars(_unit(shown), bars)]


def _changes(shown: Embed) -> list[Block]:
    moved = changes.between(shown.rows, shown.view.is_scaled, shown.language)
    highest = plain_svg.highest(shown.rows)
    pairs = [
        (
            shown.names[row.label],
            row.words,
            plain_svg.pair((row.first_low, row.first_high), (row.last_low, row.last_high), highest, ink=shown.inks[row.label], height=PAIR),
        )
        for row in moved.itertuples()
    ]
    return [Words(_unit(shown)), Pairs(pairs)]


def _table(shown: Embed, site: str) -> str:
    phrase, rows = shown.phrase, shown.rows
    rows = _ordered(shown) if shown.shape == "ranking" else rows.sort_values(["label", "period_start"], kind="stable")
    some = rows.head(MOST_ROWS)
    link = f"{site}/api/v1/observations.csv?{urlencode([*shown.view.query(), ('rows', 'shown')])}"
    number = shown.language.number
    cut = f"{text(shown.phrase('some_rows', some=number(len(some)), all=number(len(rows))))} " if len(some) < len(rows) else ""
    opened = " open" if shown.shape == "table" else ""
    some = some.assign(label=some["label"].map(shown.names))
    return (
        f'<details{opened}><summary>{text(phrase("table"))}</summary><div class="t" tabindex="0" role="region" aria-label="{attribute(phrase("table"))}">'
        f"{texts.html_table(texts.table(some, shown.language, shown.view.is_scaled))}</div>"
        f'<p class="q">{cut}<a href="{attribute(link)}">{text(shown.phrase("data"))}</a></p></details>'
    )


def _breaks(shown: Embed) -> str:
    lines = [f"[{sign}] {text}" if shown.shape == "time" else text for sign, _, text in shown.breaks[:MOST_BREAKS]]
    if more := len(shown.breaks) - len(lines):
        lines.append(shown.phrase("more", count=str(more)))
    return f"{shown.phrase('breaks')} {'; '.join(lines)}"


def _ordered(shown: Embed) -> pd.DataFrame:
    return shown.rows.dropna(subset=["low"]).sort_values(["low", "high", "label"], ascending=[False, False, True])


def _is_band(rows: pd.DataFrame) -> bool:
    numbers = rows.dropna(subset=["low"])
    return len(numbers) > 0 and bool((numbers["low"] < numbers["high"]).all())


def _unit(shown: Embed) -> str:
    return sentences.axis(shown.rows, shown.language, sentences.scale_words(shown.view, shown.rows, shown.language))


attribute = html.escape
"""A text as the value of an attribute."""


def _inks() -> str:
    light, dark = THEMES["light"], THEMES["dark"]
    return (
        f":root{{color-scheme:light dark;--font:{_FONT};{''.join(f'--{name}:{getattr(light, name)};' for name in _INKS)}--link:#001266}}"
        f"@media(prefers-color-scheme:dark){{:root{{{''.join(f'--{name}:{getattr(dark, name)};' for name in _INKS)}--link:#b3dcf3}}}}"
    )


_INKS = ("background", "ink", "quiet", "grid")
_RULES = Path(__file__).with_suffix(".css").read_text(encoding="utf-8").splitlines()[1:]
_ROOMS = [f".w{room}{{padding-left:{room}px}}" for room in MARGINS] + [f".n{room} th{{min-width:min(38vw,{room}px)}}" for room in NAMES]
_VARIABLES = replace(THEMES["light"], **{name: f"var(--{name})" for name in _INKS})
STYLE = "".join([_inks(), *_RULES, *_ROOMS, plain_svg.style(_VARIABLES, "var(--font)")])
"""The style of every page, the same for all, so that its policy can name it by its hash."""

SCRIPT = (
    "new ResizeObserver(()=>parent.postMessage({transparencyHeight:Math.ceil(document.body.getBoundingClientRect().height)},'*'))"
    ".observe(document.body)"
)
"""The script of every page: it tells how high the page is, and nothing else."""
# The page around may hold several; each is given the height that its own window tells.
_LISTENING = (
    "addEventListener('message',function(e){var h=e.data&&+e.data.transparencyHeight;h>0&&document.querySelectorAll('iframe')"
    ".forEach(function(f){if(f.contentWindow===e.source)f.height=Math.ceil(Math.min(h,9999))})})"
)


def _source_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


POLICY = (
    f"default-src 'none'; style-src {_source_of(STYLE)}; script-src {_source_of(SCRIPT)}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)
"""The policy of a page that any site may frame: it loads nothing, and runs only the script that tells its height."""
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:"
"""The policy of a picture that is opened by itself."""
