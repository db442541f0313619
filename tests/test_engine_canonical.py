"""The canonical form: the records of the architecture page, and nothing that only looks alike."""

import hashlib
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import (
    CanonicalError,
    Cap,
    DistributionError,
    Inputs,
    Line,
    Scheme,
    Tax,
    digest,
    distribute,
    from_bytes,
    to_bytes,
)

TEXT = """\
kmp-shu|2
currency|IDR
period|2025-01-01|2025-12-31
rounding|0.01|largest_remainder
surplus|60000000.5|50000000.5|10000000
tax|10|all|240000
line|JU|patronage|70|member|sales
line|CADANGAN|reserve|9.5|member|
line|DANA|fund|0.5|member|
line|ANGGOTA|group|20|member|
line|JM|capital|90|ANGGOTA|average
line|JU2|patronage|0|ANGGOTA|sales
line|SISA|fund|10|ANGGOTA|
line|LAIN|reserve|100|non_member|
floor|CADANGAN|5.5
cap|JU|surplus|75||
cap|DANA|condition|0||CADANGAN
cap|JM|weight|6||
cap|JU2|rate|2|JM|SISA
class|JU|K1|0.25
class|JU|K2|99.75
weight|JU|K1|10|1000
weight|JU|K1|9|0.5
weight|JU|K2|é|12
weight|JM||10|3
""".replace("|", "\t")
DATA = TEXT.encode()
LINES = (
    Line(
        "JU",
        "patronage",
        70,
        "member",
        basis="sales",
        classes={"K2": Decimal("99.750"), "K1": Decimal("0.25")},
        cap=Cap("surplus", 75),
    ),
    Line("CADANGAN", "reserve", Decimal("9.50"), "member", floor=Decimal("5.50")),
    Line("DANA", "fund", Decimal("0.5"), "member", cap=Cap("condition", 0, excess="CADANGAN")),
    Line("ANGGOTA", "group", 20, "member"),
    Line("JM", "capital", 90, "ANGGOTA", capital_base="average", cap=Cap("weight", 6)),
    Line("JU2", "patronage", 0, "ANGGOTA", basis="sales", cap=Cap("rate", 2, "JM", "SISA")),
    Line("SISA", "fund", 10, "ANGGOTA"),
    Line("LAIN", "reserve", 100, "non_member"),
)
PARTS = {"member": Decimal("50000000.50"), "non_member": 10000000}
SCHEME = Scheme(LINES, Decimal("0.010"), tax=Tax(10, "all", 240000))
WEIGHTS = {
    "JM": {"": {"10": Decimal("3E+0"), "11": 0}},
    "JU": {"K2": {"é": 12}, "K1": {"9": Decimal("0.50"), "10": Decimal("1E+3")}},
}


def inputs(**changes):
    values = {
        "currency": "IDR",
        "start": date(2025, 1, 1),
        "end": date(2025, 12, 31),
        "surplus": PARTS,
        "scheme": SCHEME,
        "weights": WEIGHTS,
    }
    return Inputs(**(values | changes))


def test_the_records_are_those_of_the_architecture_page():
    assert to_bytes(inputs()).decode() == TEXT


def test_reading_gives_the_inputs_back():
    assert from_bytes(DATA) == inputs()
    assert distribute(from_bytes(DATA)) == distribute(inputs())


def test_the_digest_is_the_sha_256():
    """Against a digest computed elsewhere (sha256sum), so that the form cannot drift unnoticed."""
    assert digest(DATA) == hashlib.sha256(DATA).hexdigest()
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(to_bytes(inputs())) == "4c5615e1ca4ceafbfb5643e2e9b0c5b2ad83191bf08ec48cea813e791b417192"


def test_the_parts_are_written_only_where_the_scheme_divides_them():
    scheme = Scheme([Line("R", "reserve", 100)])
    whole, parted = (
        to_bytes(inputs(surplus=surplus, scheme=scheme, weights={}))
        for surplus in (Decimal("60000000.5"), PARTS)
    )
    assert whole == parted
    assert b"\nsurplus\t60000000.5\t\t\ntax\t0\t\t0\nline" in whole


def test_the_label_of_a_scheme_is_not_part_of_the_form():
    scheme = Scheme(LINES, Decimal("0.01"), label="AD-2025", tax=SCHEME.tax)
    assert to_bytes(inputs(scheme=scheme)) == DATA


CHANGED = [
    ("kmp-shu\t2", "kmp-shu\t1", "version '1' of the form is unknown"),
    ("currency\tIDR\n", "", "'currency' with 2 fields is missing"),
    ("currency\tIDR", "currency\t", "Currency '' is not a code"),
    ("2025-12-31", "2025-12-32", "day is out of range"),
    ("2025-12-31", "2024-12-31", "The period"),
    ("2025-01-01", "20250101", "Not a canonical form"),
    ("0.01\tl", "0.010\tl", r"record 4 is .*'0.010'.* where .*'0.01'"),
    ("0.01\tl", "0\tl", "rounding unit is 0"),
    ("largest_remainder", "half_up", "unknown rounding method"),
    ("60000000.5", "60000000.50", "record 5"),
    ("60000000.5", "-60000000.5", "record 5"),
    ("\t50000000.5\t10000000\n", "\t50000000.5\t10000001\n", "record 5"),
    ("\t50000000.5\t10000000\n", "\t70000000.5\t-10000000\n", "below zero"),
    ("\t50000000.5\t10000000\n", "\t60000000.5\t\n", "not a plain decimal"),
    ("\t50000000.5\t10000000\n", "\t\t\n", "divides the parts of the surplus"),
    ("tax\t10", "tax\t0", "no percent"),
    ("tax\t10", "tax\t010", "not a plain decimal"),
    ("\tall\t", "\tnet\t", "tax has the unknown base"),
    ("\t240000\n", "\t-1\n", "exemption of the tax is below zero"),
    ("floor\tCADANGAN\t5.5\n", "floor\tCADANGAN\t0\n", "record 15"),
    ("floor\tCADANGAN", "floor\tNOPE", "record 15"),
    ("cap\tDANA", "cap\tNOPE", "record"),
    ("\tcondition\t", "\twish\t", "unknown measure 'wish'"),
    ("\trate\t2\t", "\trate\t-2\t", "below zero"),
    ("\tJM\tSISA", "\tJM\\\tSISA", "holds a tab, a newline, a backslash"),
    ("cap\tJM\tweight\t6\t\t\n", "cap\tJM\tweight\t6\t\t\n" * 2, "record"),
    ("60000000.5", "6e7", "not a plain decimal"),
    ("\t1000\n", "\t1_000\n", "not a plain decimal"),
    ("\t1000\n", "\t01000\n", "not a plain decimal"),
    ("\t1000\n", "\t+1000\n", "not a plain decimal"),
    ("\t1000\n", "\t1000 \n", "not a plain decimal"),
    ("\t1000\n", "\t\uff11000\n", "not a plain decimal"),
    ("\t1000\n", "\tNaN\n", "not a plain decimal"),
    ("\t1000\n", "\t0\n", "record 22"),
    ("\t1000\n", "\t-5\n", "below zero"),
    ("\t1000\n", "\t1000\t\n", "number of fields"),
    ("weight\tJM", "Weight\tJM", "unknown tag"),
    ("weight\tJM\t\t", "weight\tNOPE\t\t", "NOPE, which is not a pool"),
    ("weight\tJM\t\t", "weight\tJM\tK1\t", "class 'K1', which has no part"),
    ("JU\tK2\té", "JU\tK3\té", "class 'K3', which has no part"),
    ("\té\t", "\t\t", "member number '' is not a code"),
    ("\té\t", "\t\\N\t", "holds a tab, a newline, a backslash"),
    ("\té\t", "\té\r\t", "another control character"),
    ("class\tJU\tK2", "class\tDANA\tK2", "have no effect|has no part|record"),
    ("\tcapital\t", "\tgift\t", "unknown kind"),
    ("average", "opening", "unknown capital base"),
    ("\tsales", "\t", "has no basis"),
    ("9.5\tmember\t", "9.5\tmember\tsales", "no patronage line but has a basis"),
    ("line\tDANA", "line\tCADANGAN", "two lines have the code CADANGAN"),
    ("9.5\tmember", "9.5\t", "code '' is not a code"),
    ("weight\tJU\tK1\t9\t0.5\n", "weight\tJU\tK1\t9\t0.5\n" * 2, "record 24"),
    ("weight\tJU\tK1\t9\t0.5\n", "weight\tJU\tK1\t9\t0.5\nweight\tJU\tK1\t9\t7\n", "record"),
    ("class\tJU\tK1\t0.25\n", "class\tJU\tK1\t0.25\n" * 2, "record 21"),
    ("\n", "\r\n", "Not a canonical form"),
    ("\n", "\n\n", "Not a canonical form"),
    ("kmp-shu", "\ufeffkmp-shu", "'kmp-shu' with 2 fields is missing"),
]


@pytest.mark.parametrize(("old", "new", "message"), CHANGED)
def test_near_misses_are_refused(old, new, message):
    assert old in TEXT
    with pytest.raises(CanonicalError, match=message):
        from_bytes(TEXT.replace(old, new).encode())


def test_records_out_of_order_are_refused():
    records = TEXT.splitlines(keepends=True)
    for first in range(len(records) - 1):
        swapped = [*records]
        swapped[first : first + 2] = records[first + 1], records[first]
        data = "".join(swapped).encode()
        if records[first].startswith("line") and records[first + 1].startswith("line"):
            continue  # the order of lines means something: another scheme, another digest
        with pytest.raises(CanonicalError):
            from_bytes(data)


@pytest.mark.parametrize("data", [b"", b"\n", DATA[:-1], DATA + b"\n", DATA + b"x", DATA * 2])
def test_the_end_is_exact(data):
    with pytest.raises(CanonicalError):
        from_bytes(data)


def test_every_cut_is_refused_or_other_inputs():
    """A text cut at a record's end may be a whole one with fewer weights, never the same inputs."""
    for end in range(len(DATA)):
        assert_refused_or_other(DATA[:end])


def test_bytes_that_are_not_utf_8_are_refused():
    with pytest.raises(CanonicalError, match="not UTF-8"):
        from_bytes(DATA.replace("é".encode(), b"\xe9"))


def assert_refused_or_other(data):
    try:
        other = from_bytes(data)
    except CanonicalError:
        return
    assert other != inputs(), data
    assert to_bytes(other) == data
    assert digest(data) != digest(DATA)


def test_every_replaced_byte_is_refused_or_other_inputs():
    for place in range(len(DATA)):
        for byte in (*range(128), 0xC3, 0xFF):
            if byte != DATA[place]:
                assert_refused_or_other(DATA[:place] + bytes([byte]) + DATA[place + 1 :])


def test_every_inserted_or_deleted_byte_is_refused_or_other_inputs():
    for place in range(len(DATA)):
        assert_refused_or_other(DATA[:place] + DATA[place + 1 :])
        for byte in b"\t\n\r 01.-+eKJ\\\x00":
            assert_refused_or_other(DATA[:place] + bytes([byte]) + DATA[place:])


def test_a_scheme_that_does_not_add_up_is_read_and_then_refused():
    data = TEXT.replace("9.5\tmember", "19.5\tmember").encode()
    with pytest.raises(DistributionError, match="sum to 110 percent"):
        distribute(from_bytes(data))


@pytest.mark.parametrize(
    "changes",
    [
        {"surplus": {"member": -1}},
        {"scheme": Scheme([Line("A", "fund", -5)]), "weights": {}},
        {"scheme": Scheme([Line("A", "fund", 5), Line("A", "fund", 95)]), "weights": {}},
        {"scheme": Scheme([Line("A", "fund", 5, "a\tb")]), "weights": {}},
        {"scheme": Scheme([Line("A", "fund", 5, basis="sales")]), "weights": {}},
        {"weights": {"CADANGAN": {"": {"1": 1}}}},
    ],
)
def test_inputs_without_a_canonical_form_are_refused(changes):
    with pytest.raises(CanonicalError):
        to_bytes(inputs(**changes))


def test_a_currency_is_a_code_and_a_day_is_a_date():
    with pytest.raises(ValueError, match="Currency"):
        inputs(currency="ID\tR")
    for day in ("start", "end"):
        with pytest.raises(ValueError, match="period"):
            inputs(**{day: datetime(2025, 6, 1)})  # noqa: DTZ001 it is the class that is wrong
