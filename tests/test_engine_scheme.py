"""Every way for a scheme to be wrong, and what the user is told."""

import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import Line, Scheme, scheme_rules, validate_scheme


def fund(code, percent, of="surplus"):
    return Line(code, "fund", Decimal(percent), of)


def group(code, percent, of="surplus"):
    return Line(code, "group", Decimal(percent), of)


def pool(code="JU", percent=100, **kwargs):
    return Line(code, "patronage", percent, **{"basis": "sales", **kwargs})


def capital(code="JM", percent=100, **kwargs):
    return Line(code, "capital", percent, **{"capital_base": "closing", **kwargs})


RESERVE = Line("CADANGAN", "reserve", 0)


def errors(*lines, **kwargs):
    return validate_scheme(Scheme(lines, **kwargs))


def test_a_good_scheme_has_no_errors():
    lines = [
        Line("CADANGAN", "reserve", 30),
        group("ANGGOTA", 70),
        pool(percent=60, of="ANGGOTA", classes={"K1": Decimal("99.5"), "K2": Decimal("0.5")}),
        group("MODAL", 40, of="ANGGOTA"),
        capital(of="MODAL", capital_base="day_weighted"),
    ]
    assert errors(*lines, unit=Decimal("0.01"), method="truncate") == []


def test_siblings_must_sum_to_100_and_the_message_names_node_and_sum():
    lines = [group("ANGGOTA", 100), fund("A", 65, "ANGGOTA"), fund("B", 40, "ANGGOTA")]
    assert errors(*lines) == [
        "Scheme: the lines under ANGGOTA sum to 105 percent. They must sum to 100 percent."
    ]


def test_the_root_must_sum_to_100():
    assert errors(fund("A", 90), fund("B", 5)) == [
        "Scheme: the lines under surplus sum to 95 percent. They must sum to 100 percent."
    ]


def test_a_millionth_of_a_percent_is_not_overlooked():
    assert "100.000001 percent" in errors(fund("A", 100), fund("B", "0.000001"))[0]
    assert errors(fund("A", "33.333333"), fund("B", "66.666667")) == []


def test_the_label_names_the_scheme():
    assert errors(fund("A", 90), label="Scheme AD-2025")[0].startswith("Scheme AD-2025: ")


def test_schemes_are_equal_by_content_whatever_they_are_called():
    assert Scheme([RESERVE], label="A") == Scheme([RESERVE], label="B")
    assert Scheme([RESERVE], unit=100) != Scheme([RESERVE])


def test_numbers_become_decimals():
    line = pool(percent=50, classes={"K1": Fraction(1, 2)})
    numbers = [line.percent, line.classes["K1"], Scheme([line], unit=Fraction(1, 4)).unit]
    assert numbers == [Decimal(50), Decimal("0.5"), Decimal("0.25")]
    assert {type(number) for number in numbers} == {Decimal}


def test_every_level_is_reported():
    lines = [group("G", 50), fund("A", 50, "G")]
    assert [error.split("under ")[1][:7] for error in errors(*lines)] == ["surplus", "G sum t"]


def test_class_splits_must_sum_to_100():
    assert errors(pool(classes={"K1": 60, "K2": 30})) == [
        "Scheme: the classes of line JU sum to 90 percent. They must sum to 100 percent."
    ]


WRONG = [
    ([], {}, ["there are no lines under surplus"]),
    ([fund("A", 100, "NOPE")], {}, ["line A is part of NOPE, an unknown line", "no lines under"]),
    ([fund("A", 100), fund("B", 50, "A")], {}, ["line B is part of A, which is a fund line"]),
    ([fund("A", 100), pool(of="A")], {}, ["line JU is part of A, which is a fund line"]),
    ([pool(), fund("B", 100, "JU")], {}, ["line B is part of JU, which is a patronage line"]),
    ([fund("A", 50), fund("A", 50)], {}, ["two lines have the code A"]),
    ([group("G", 100)], {}, ["group G has no lines under it"]),
    ([fund("A", -5), fund("B", 105)], {}, ["A has -5 percent", "B has 105 percent"]),
    ([fund("A", "0.0000001"), fund("B", "99.9999999")], {}, ["At most 6 decimals"] * 2),
    ([pool(basis="")], {}, ["patronage line JU has no basis"]),
    ([pool(basis="a\tb")], {}, ["patronage line JU: basis 'a\\tb' holds a tab"]),
    ([pool(capital_base="closing")], {}, ["JU is no capital line but has a capital base"]),
    ([capital(basis="sales")], {}, ["JM is no patronage line but has a basis"]),
    ([capital(capital_base="")], {}, ["JM has the unknown capital base ''"]),
    ([capital(capital_base="opening")], {}, ["JM has the unknown capital base 'opening'"]),
    ([Line("A", "gift", 100)], {}, ["line A is of the unknown kind 'gift'"]),
    ([fund("A", 100)], {"method": "half_up"}, ["unknown rounding method 'half_up'"]),
    ([fund("A", 100)], {"unit": Decimal(0)}, ["rounding unit is 0. It must be above zero"]),
    ([fund("A", 100)], {"unit": Decimal(-1)}, ["rounding unit is -1. It must be above zero"]),
    ([fund("A", 100)], {"method": "truncate"}, ["there is no reserve line"]),
    ([fund("surplus", 100)], {}, ["the line code surplus is reserved"]),
    ([fund("total", 100)], {}, ["the line code total is reserved"]),
    ([fund("", 100)], {}, ["line code '' is not a code"]),
    ([Line("A", "fund", 100, classes={"K": 100})], {}, ["classes of line A have no effect"]),
    (
        [pool(classes={"K": 105, "L": -5})],
        {},
        ["JU/K has 105 percent", "JU/L has -5 percent"],
    ),
    ([pool(classes={"": 100})], {}, ["line JU: class code '' is not a code"]),
    ([pool(classes={"a\nb": 100})], {}, ["class code 'a\\nb' holds a tab, a newline"]),
]


@pytest.mark.parametrize(("lines", "kwargs", "messages"), WRONG)
def test_each_error_is_reported_alone_and_says_what_to_do(lines, kwargs, messages):
    found = errors(*lines, **kwargs)
    assert len(found) == len(messages), found
    for error, message in zip(found, messages, strict=True):
        assert message in error
        assert error.startswith("Scheme: ")
        assert error.endswith(".")


@pytest.mark.parametrize("bad", ["\t", "\n", "\r", "\\", "\0", "\x1f", "\x7f", "\x85", "\u2028"])
def test_codes_hold_no_character_that_breaks_a_record(bad):
    assert "another control character" in errors(fund(f"A{bad}B", 100))[0]


@pytest.mark.parametrize("code", ["Jasa Usaha", "50%", "é", "股", "A/B", "'", '"'])
def test_other_characters_are_welcome(code):
    assert errors(fund(code, 100)) == []


def test_a_group_of_itself():
    found = scheme_rules.validate_cycles(Scheme([group("G", 100, "G")]))
    assert found == ["Scheme: group G is part of itself, a cycle (G under G). Put one of them under surplus."]


def test_a_longer_cycle_is_reported_once_and_only_its_members():
    lines = [fund("X", 100, "A"), group("A", 100, "B"), group("B", 50, "C"), group("C", 100, "A")]
    found = scheme_rules.validate_cycles(Scheme([*lines, group("D", 50, "B")]))
    assert len(found) == 1
    assert "(A under B under C under A)" in found[0]


def test_two_cycles_are_two_errors():
    lines = [group("A", 100, "B"), group("B", 100, "A"), group("C", 100, "C")]
    assert len(scheme_rules.validate_cycles(Scheme(lines))) == 2


def test_deep_nesting_is_no_cycle():
    lines = [group(f"G{i}", 100, f"G{i - 1}" if i else "surplus") for i in range(5000)]
    assert errors(*lines, fund("A", 100, "G4999")) == []


def test_a_surplus_that_is_no_multiple_of_the_unit_needs_a_reserve():
    without = Scheme([fund("A", 100)], unit=Decimal(100))
    assert validate_scheme(without) == []
    assert scheme_rules.validate_reserve(without, [Decimal(500)]) == []
    assert (
        "550 is not a multiple of the rounding unit 100"
        in (scheme_rules.validate_reserve(without, [Decimal(550)])[0])
    )
    with_reserve = Scheme([fund("A", 100), RESERVE], unit=Decimal(100))
    assert scheme_rules.validate_reserve(with_reserve, [Decimal(550)]) == []


def test_the_first_reserve_is_the_one():
    lines = [fund("A", 100), Line("R2", "reserve", 0), Line("R1", "reserve", 0)]
    assert Scheme(lines).reserve.code == "R2"


@pytest.mark.parametrize("percent", [10.5, "10", None])
def test_percentages_are_exact_numbers(percent):
    with pytest.raises(TypeError, match="not an exact number"):
        Line("A", "fund", percent)


def test_texts_are_texts():
    """Odoo gives False for an empty field."""
    with pytest.raises(TypeError, match="codes, kind and base are texts"):
        Line("A", "fund", 100, basis=False)
