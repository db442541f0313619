"""Weights and whole years as hypothesis draws them, for the properties of the engine.

The examples come from the seed that `bin/test` prints (``KMP_SEED``), so a failure is reproduced by running the test again.
``KMP_EXAMPLES`` asks for other numbers of them: by default 1,000 allocations and 400 whole years for each property.
"""

import os
import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from hypothesis import assume, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import Cap, DistributionError, Inputs, Line, Scheme, Tax, distribute

allocations = settings(max_examples=int(os.environ.get("KMP_EXAMPLES", "1000")))
years = settings(max_examples=int(os.environ.get("KMP_EXAMPLES", "400")))

MILLIONTHS = 10**6
METHODS = st.sampled_from(["largest_remainder", "truncate"])
UNITS = st.sampled_from([Decimal(text) for text in ("1", "0.01", "100", "0.5", "7", "1000")])
CODES = st.text("aBzZ09-/ é股'%", min_size=1, max_size=4)
WEIGHTS = st.one_of(
    st.integers(0, 3).map(Decimal),
    st.integers(1, 10**15).map(Decimal),
    st.decimals(0, 10**9, places=6, allow_nan=False, allow_infinity=False),
)
FRACTIONS = st.fractions(0, 10**6, max_denominator=1000)
WEIGHT_MAPS = st.dictionaries(CODES, st.one_of(WEIGHTS, FRACTIONS, st.integers(0, 5)), min_size=1)


@st.composite
def percents(draw, count):
    """``count`` percentages with up to six decimals that sum to 100."""
    step = draw(st.sampled_from([25 * MILLIONTHS, MILLIONTHS, 1]))
    ends = st.integers(0, 100 * MILLIONTHS // step)
    cuts = sorted(draw(st.lists(ends, min_size=count - 1, max_size=count - 1)))
    cuts = [0, *(cut * step for cut in cuts), 100 * MILLIONTHS]
    widths = [end - start for start, end in pairwise(cuts)]
    return [Decimal(width).scaleb(-6) for width in widths]


@st.composite
def a_line(draw, code, percent, of, *, may_be_group):
    kinds = ["capital", "patronage", "patronage", "fund", "reserve", *["group"] * may_be_group]
    kind = draw(st.sampled_from(kinds))
    extra = {}
    if kind == "patronage":
        extra["basis"] = draw(CODES)
    if kind == "capital":
        extra["capital_base"] = draw(st.sampled_from(["closing", "average", "day_weighted"]))
    if kind in ("capital", "patronage") and draw(st.booleans()):
        names = draw(st.lists(CODES, min_size=1, max_size=4, unique=True))
        extra["classes"] = dict(zip(names, draw(percents(len(names))), strict=True))
    return Line(code, kind, percent, of, **extra)


@st.composite
def scheme_lines(draw):
    """A tree of up to four levels, or one for each part of the surplus; a reserve of 0 percent takes
    what may be left. Some lines have floors and caps."""
    lines = []
    roots = draw(st.sampled_from([["surplus"], ["surplus"], ["member", "non_member"]]))
    waiting = [(root, 0) for root in roots]
    while waiting:
        parent, depth = waiting.pop()
        for percent in draw(percents(draw(st.integers(1, 4)))):
            may_be_group = depth < 3 and len(lines) < 12
            code = f"{draw(st.sampled_from('XAm'))}{len(lines)}"
            line = draw(a_line(code, percent, parent, may_be_group=may_be_group))
            lines.append(line)
            if line.kind == "group":
                waiting.append((code, depth + 1))
    lines.append(Line("LAST", "reserve", 0, roots[0]))
    lines = draw(st.permutations(lines))
    return draw(bounded(lines)) if draw(st.integers(0, 3)) else lines


VALUES = st.one_of(
    st.integers(0, 100).map(Decimal),
    st.decimals(0, 10**6, places=6, allow_nan=False, allow_infinity=False),
    st.decimals(0, 1, places=6, allow_nan=False, allow_infinity=False),
)


@st.composite
def bounded(draw, lines):
    """The same lines, some with a floor or a cap. At each node one line stays free for the others,
    and the first reserve or fund is kept as a target."""
    found = []
    for line in lines:
        siblings = [sibling for sibling in lines if sibling.of == line.of]
        free = next((sibling for sibling in siblings if sibling.percent), None)
        target = next((sibling for sibling in siblings if sibling.kind in ("reserve", "fund")), None)
        if line in (free, target):
            floor = draw(st.sampled_from([Decimal(0), Decimal(0), Decimal("0.5"), Decimal(5)]))
            found.append(replace(line, floor=floor))
        else:
            pools = [each.code for each in found if each.is_pool and each.of == line.of]
            found.append(replace(line, cap=draw(a_cap(line, pools, free, target))))
    return found


@st.composite
def a_cap(draw, line, references, free, target):
    excess = [*([""] if free else []), *([target.code] if target else [])]
    rates = [Cap("rate", draw(VALUES), code, target.code) for code in references if target and line.is_pool]
    caps = [Cap("surplus", draw(VALUES), excess=code) for code in excess]
    caps += [Cap("weight", draw(VALUES), excess=code) for code in excess if line.is_pool]
    caps += [Cap("condition", 0, excess=target.code)] if target else []
    return draw(st.sampled_from([None, *caps, *rates]))


TAXES = st.one_of(
    st.just(Tax()),
    st.builds(
        Tax,
        st.decimals("0.000001", 100, places=6, allow_nan=False, allow_infinity=False),
        st.sampled_from(["all", "capital", "patronage"]),
        st.decimals(0, 10**6, places=2, allow_nan=False, allow_infinity=False),
    ),
)


@st.composite
def all_inputs(draw):
    """Inputs that can be distributed: every class of every pool has a member with a weight."""
    scheme = Scheme(draw(scheme_lines()), draw(UNITS), draw(METHODS), tax=draw(TAXES))
    members = st.dictionaries(CODES, WEIGHTS, max_size=6)
    weights = {}
    for line in scheme.pools:
        weights[line.code] = {code: draw(members) for code in line.classes or [""]}
        for given_weights in weights[line.code].values():
            given_weights[draw(CODES)] = Decimal(draw(st.integers(1, 5)))
    start = draw(st.dates(date(1, 1, 1), date(9000, 1, 1)))
    end = start + timedelta(days=draw(st.integers(0, 800)))
    amounts = st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False)
    surplus = {"member": draw(amounts), "non_member": draw(amounts)}
    inputs = Inputs("IDR", start, end, surplus, scheme, weights)
    assume(not floors_are_too_high(inputs))
    return inputs


def floors_are_too_high(inputs):
    """Whether this year has too little for the floors of a node; any other refusal is an error."""
    try:
        distribute(inputs)
    except DistributionError as error:
        if "Lower a floor" not in str(error):
            raise
        return True
    return False
