"""The canonical form of generated years, and of bytes that are none."""

import sys
from pathlib import Path

import pytest
from generated import all_inputs, years
from hypothesis import assume, given
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import CanonicalError, digest, from_bytes, to_bytes


@pytest.mark.slow
@years
@given(all_inputs())
def test_the_canonical_form_gives_the_inputs_back(inputs):
    data = to_bytes(inputs)
    assert from_bytes(data) == inputs
    assert to_bytes(from_bytes(data)) == data
    records = data.decode().split("\n")
    assert records.pop() == ""
    weights = [record.split("\t")[1:4] for record in records if record.startswith("weight\t")]
    order = [line.code for line in inputs.scheme.lines]
    assert weights == sorted(weights, key=lambda key: (order.index(key[0]), *key[1:]))


@pytest.mark.slow
@years
@given(all_inputs(), st.data())
def test_any_change_of_the_bytes_is_refused_or_other_inputs(inputs, data):
    original = to_bytes(inputs)
    text = original.decode()
    place = data.draw(st.integers(0, len(text) - 1))
    put = data.draw(st.sampled_from(["", *"\t\n\r 0123456789.-+eEKXAm_\\\0"]) | st.characters())
    changed = (text[:place] + put + text[place + 1 :]).encode(errors="surrogatepass")
    assume(changed != original)
    try:
        other = from_bytes(changed)
    except CanonicalError:
        return
    assert other != inputs
    assert to_bytes(other) == changed
    assert digest(changed) != digest(original)


@years
@given(st.binary() | st.text().map(str.encode))
def test_arbitrary_bytes_raise_nothing_but_a_canonical_error(data):
    try:
        assert to_bytes(from_bytes(data)) == data
    except CanonicalError:
        return
