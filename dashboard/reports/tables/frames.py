"""Observations kept as columns, since there may be a million of them, and as the table of the model."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from dashboard.model.columns import OBSERVATION_COLUMNS

_TYPES = {"period_start": pa.date32(), "period_end": pa.date32(), "low": pa.float64(), "high": pa.float64()}
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in OBSERVATION_COLUMNS])
"""Observations as columns, every word and address spelled out."""
_REPEATED = 1 << 14


def as_frame(observations: pa.Table) -> pd.DataFrame:
    """Observations kept as columns, as a table with the columns of the model."""
    return pd.DataFrame({name: _spelled_out(observations, name) for name in OBSERVATION_COLUMNS}, columns=OBSERVATION_COLUMNS)


def _spelled_out(observations: pa.Table, name: str) -> pd.Series:
    column = observations.column(name)
    if pa.types.is_dictionary(column.type):
        word_type = pa.large_string() if pa.types.is_string(column.type.value_type) else column.type.value_type
        column = pa.chunked_array([block for chunk in column.chunks for block in _decoded(chunk)], word_type)
    if pa.types.is_date32(column.type):
        return column.cast(pa.timestamp("s")).to_pandas()
    if pa.types.is_floating(column.type):
        return column.to_pandas()
    return pd.Series(pd.array(column.cast(pa.large_string()), dtype="str"))


def _decoded(chunk: pa.DictionaryArray) -> list[pa.Array]:
    words, count = chunk.dictionary, len(chunk)
    if pa.types.is_string(words.type):
        words = words.cast(pa.large_string())
        if len(words) == 1 and count > _REPEATED:
            # One word throughout: a short piece, again and again, takes no more room than once.
            piece = pa.array([words[0].as_py()] * _REPEATED, pa.large_string())
            return [piece] * (count // _REPEATED) + [piece.slice(0, count % _REPEATED)]
    return [words.take(chunk.indices)]
