"""The classes of a map: every range lies in one class, across classes, or at none."""

import itertools
import math

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.display import maps
from dashboard.display.languages import ENGLISH

ranges = st.lists(st.tuples(st.floats(0, 1e7), st.floats(0, 1e6)).map(lambda pair: (pair[0], pair[0] + pair[1])), min_size=1)


@given(ranges)
def test_a_range_is_in_a_class_only_where_it_lies_in_it_whole(found):
    edges = maps.class_edges(found, is_share=False)
    for low, high in found:
        place = maps.class_of(low, high, edges)
        if place is None:
            assert not any(start <= low and high < end for start, end in edges)
        elif place >= 0:
            assert edges[place][0] <= low and high < edges[place][1]
        else:
            assert high == 0


@given(ranges)
@example([(0.0, 1.0), (1.3e-38, 1.3e-38), (6.1e-43, 6.1e-43), (2.6e-49, 2.6e-49)])
@example([(10.0**-power, 10.0**-power) for power in range(10)])
def test_classes_follow_each_other_from_zero_without_end_and_have_names_of_their_own(found):
    edges = maps.class_edges(found, is_share=False)
    if edges:
        assert edges[0][0] == 0 and math.isinf(edges[-1][1])
        assert all(before[1] == after[0] for before, after in itertools.pairwise(edges))
        names = [maps.MapClass("class", "", [], pd.DataFrame(), *edge).name(ENGLISH, is_share=False) for edge in edges]
        assert len(set(names)) == len(names)


def test_the_only_class_with_places_keeps_its_own_ends():
    rows = pd.DataFrame(
        {"requester": ["DEU", "FRA"], "measure": "share_some_data", "low": [0.61, 0.7], "high": [0.61, 0.7], "reporter": "google"}
    )
    names = [trace.name for trace in maps.world_map(rows).data]
    assert names == ["not published", "60 % to under 80 %"]


@pytest.mark.parametrize(("measure", "name"), [("requests", "no requests"), ("accounts", "0"), ("share_some_data", "0 %")])
def test_places_with_nothing_have_a_class_that_says_of_what(measure, name):
    rows = pd.DataFrame({"requester": ["DEU", "FRA"], "measure": measure, "low": [0.0, 0.7], "high": [0.0, 0.7], "reporter": "google"})
    assert maps.world_map(rows).data[1].name == name
