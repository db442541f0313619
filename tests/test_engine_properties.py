"""What holds for every distribution, over hundreds of generated years."""

import sys
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from by_definition import as_fractions, most, recomputed, root_amount
from generated import all_inputs, years
from hypothesis import given

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import distribute, to_bytes, validate_scheme


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_engine_agrees_with_the_definition(inputs):
    assert validate_scheme(inputs.scheme) == []
    outcome = distribute(inputs)
    nodes, members = recomputed(inputs)
    unit = Fraction(inputs.scheme.unit)
    assert as_fractions(outcome.pools) == {code: got * unit for code, got in nodes.items()}
    found = {
        (number, code): Fraction(amount)
        for number, statement in outcome.members.items()
        for code, amount in statement.items()
        if code != "total"
    }
    assert found == {key: got * unit for key, got in members.items()}


@pytest.mark.slow
@years
@given(all_inputs())
def test_no_line_is_below_its_floor_or_above_its_cap(inputs):
    outcome = distribute(inputs)
    unit = Fraction(inputs.scheme.unit)
    units = {code: Fraction(amount) / unit for code, amount in outcome.pools.items()}
    for line in inputs.scheme.lines:
        whole = Fraction(root_amount(inputs, line)) / unit
        assert units[line.code] >= Fraction(line.floor) / 100 * whole
        if line.cap:
            assert units[line.code] <= most(inputs, line, whole, units)


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_tax_is_a_part_of_what_it_is_taken_from(inputs):
    outcome, tax = distribute(inputs), inputs.scheme.tax
    kinds = {line.code: line.kind for line in inputs.scheme.lines}
    unit = Fraction(inputs.scheme.unit)
    for number, statement in outcome.members.items():
        base = sum(
            Fraction(amount)
            for code, amount in statement.items()
            if code != "total" and tax.base in ("all", kinds[code])
        )
        exact = base * Fraction(tax.percent) / 100 if base > tax.exempt else 0
        withheld = Fraction(outcome.taxes.get(number, 0))
        assert 0 <= exact - withheld < unit
        assert withheld % unit == 0
        assert withheld + Fraction(outcome.net(number)) == statement["total"]


@pytest.mark.slow
@years
@given(all_inputs())
def test_every_node_sums(inputs):
    outcome = distribute(inputs)
    roots = inputs.parts or {"surplus": inputs.surplus}
    unit = Fraction(inputs.scheme.unit)
    pools = as_fractions(outcome.pools)
    pools |= {root: Fraction(amount) - Fraction(amount) % unit for root, amount in roots.items()}
    left = as_fractions(outcome.residuals)
    below_unit = sum(Fraction(amount) % unit for amount in roots.values())
    assert left["surplus", ""] >= below_unit
    left["surplus", ""] -= below_unit
    paid = Counter()
    for statement in outcome.members.values():
        parts = as_fractions(statement)
        assert parts.pop("total") == sum(parts.values())
        paid.update(parts)
    for parent in {line.of for line in inputs.scheme.lines}:
        children = sum(pools[line.code] for line in inputs.scheme.lines if line.of == parent)
        assert children + left[parent, ""] == pools[parent]
    for line in inputs.scheme.pools:
        own = sum(rest for (code, _class), rest in left.items() if code == line.code)
        assert paid[line.code] + own == pools[line.code]
        if line.classes:
            classes = sum(map(Fraction, outcome.class_pools[line.code].values()))
            assert classes + left[line.code, ""] == pools[line.code]
    kept = sum(pools[line.code] for line in inputs.scheme.lines if line.kind in ("reserve", "fund"))
    assert kept + sum(paid.values()) + Fraction(outcome.residual_total) == Fraction(inputs.surplus)
    assert Fraction(outcome.residual_total) == sum(left.values()) + below_unit


@pytest.mark.slow
@years
@given(all_inputs())
def test_residuals_are_small_and_named(inputs):
    outcome = distribute(inputs)
    unit = Fraction(inputs.scheme.unit)
    exact_unit = inputs.scheme.method == "largest_remainder"
    for (code, _class), rest in outcome.residuals.items():
        assert rest >= 0
        if exact_unit:
            assert Fraction(rest) < unit * len(inputs.scheme.roots) if code == "surplus" else rest == 0
    first = next(line.code for line in inputs.scheme.lines if line.kind == "reserve")
    assert outcome.residual_line == first


def reordered(inputs):
    """The same inputs with every mapping the other way round."""

    def backwards(mapping):
        turned = {
            key: backwards(value) if isinstance(value, dict) else value for key, value in mapping.items()
        }
        return dict(reversed(turned.items()))

    lines = [replace(line, classes=backwards(line.classes)) for line in inputs.scheme.lines]
    scheme = replace(inputs.scheme, lines=lines)
    return replace(
        inputs,
        surplus=backwards(inputs.parts) or inputs.surplus,
        scheme=scheme,
        weights=backwards(inputs.weights),
    )


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_order_of_members_and_classes_does_not_matter(inputs):
    other = reordered(inputs)
    assert distribute(other) == distribute(inputs)
    assert to_bytes(other) == to_bytes(inputs)
