"""Numbers in and out: exact or refused. And the engine stands alone: no Odoo, package or float."""

import ast
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import exact

KMP_SHU = Path(exact.__file__).parents[1]
SOURCES = sorted((KMP_SHU / "engine").glob("*.py"))
REFUSED = [
    *["1e3", "1E3", "NaN", "Infinity", "-Infinity", " 5 ", "5 ", "\t5", "5\n", "1_000", "1,000"],
    *["", "-", ".", ".5", "5.", "+5", "--5", "007", "00", "0x10", "\uff11", "1.2.3", "½", "five"],
    *["9" * 100, "0." + "1" * 100],
]


@pytest.mark.parametrize("text", REFUSED)
def test_text_that_is_no_plain_decimal_is_refused(text):
    with pytest.raises(ValueError, match=r"not a plain decimal|too many digits"):
        exact.parse(text)


@pytest.mark.parametrize("value", [5, 5.0, None, True, b"5", ["5"], Decimal(5)])
def test_a_number_that_is_not_text_is_refused(value):
    with pytest.raises(ValueError, match="not a plain decimal string"):
        exact.parse(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("1000", 1000), ("0.5", Fraction(1, 2)), ("-12.50", Fraction(-25, 2)), ("0.00", 0)],
)
def test_plain_decimals_are_read(text, value):
    assert exact.parse(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.50"), "0.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1000"), "1000"),
        (Decimal("100.00"), "100"),
        (Decimal("0E-7"), "0"),
        (Decimal("-0"), "0"),
        (Decimal("0.000001"), "0.000001"),
        (Decimal("1E-7"), "0.0000001"),
        (Fraction(1, 8), "0.125"),
        (12, "12"),
    ],
)
def test_numbers_are_written_plainly(value, text):
    assert exact.number(value) == text


def test_more_digits_than_a_decimal_context_keeps():
    """28 digits is where Decimal starts to round, silently."""
    long = "1234567890" * 4 + ".5"
    assert exact.number(exact.parse(long)) == long
    more = exact.total([exact.parse(long), Decimal(1)])
    assert Fraction(more) - Fraction(exact.parse(long)) == 1


@pytest.mark.parametrize("value", [Decimal(-1), Fraction(-1, 2), -3])
def test_a_canonical_number_has_no_sign(value):
    with pytest.raises(ValueError, match="below zero"):
        exact.number(value)


@pytest.mark.parametrize("value", [0.5, "5", None, True])
def test_only_exact_types_are_numbers(value):
    with pytest.raises(TypeError, match="not an exact number"):
        exact.number(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+99"), Decimal("1E-99")])
def test_numbers_without_bounds_are_refused(value):
    with pytest.raises(ValueError, match=r"not a number|too many digits"):
        exact.number(value)


def test_the_bound_is_60_digits_on_either_side_of_the_point():
    for fits in ("9" * 60, "0." + "1" * 60, "0." + "0" * 59 + "1", "-" + "9" * 60):
        assert exact.plain(exact.parse(fits)) == fits
    for does_not in ("1" + "0" * 60, "0." + "1" * 61, "0." + "0" * 60 + "1", "9" * 40 + "." + "9" * 22):
        with pytest.raises(ValueError, match="too many digits"):
            exact.parse(does_not)


def test_bounded_numbers_never_overflow_the_arithmetic():
    """The longest amounts multiplied and summed, against whole numbers."""
    most, least = Decimal("9" * 60), Decimal("0." + "1" * 60)
    product = exact.EXACT.multiply(exact.EXACT.multiply(most, least), most)
    assert Fraction(product) == Fraction(most) ** 2 * Fraction(least)
    assert Fraction(exact.total([most, least])) == Fraction(most) + Fraction(least)


def test_a_third_has_no_decimal_form():
    with pytest.raises(ValueError, match="no exact decimal form"):
        exact.number(Fraction(1, 3))


def test_arithmetic_that_would_round_stops():
    with pytest.raises(ArithmeticError):
        exact.EXACT.divide(Decimal(1), Decimal(3))


def test_scaled_keeps_proportions():
    assert exact.scaled([Decimal("0.5"), Fraction(1, 3), 2]) == [3, 2, 12]


def test_scaled_refuses_floats():
    with pytest.raises(TypeError, match="exact"):
        exact.scaled([1, 0.5])


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_source_imports_the_standard_library_only_and_has_no_float(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert node.module.split(".")[0] in sys.stdlib_module_names
        if isinstance(node, ast.ImportFrom):
            assert node.level < 2, "the engine does not reach out of its folder"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Name) and node.id == "float")
        assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div))


def test_the_engine_runs_alone():
    """An interpreter without site-packages (-I -S) is all that an auditor needs."""
    path = f"import sys; sys.path.append({str(KMP_SHU)!r})"
    code = f"{path}; import engine; print('odoo' in sys.modules)"
    run = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
