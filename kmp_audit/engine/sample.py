"""A sample of journal entries that anybody can draw again: same ledger, same seed, same sample.

The population is every posted entry of the year. An entry is named by the code of its journal and its number; its value is the sum of
its debits, in hundredths of the currency, what is smaller left away. Chance comes from SHA-256 alone:

    ticket(entry) = SHA-256 of the UTF-8 text   seed LF journal LF number          (LF is one line feed)

Tickets compare as 32 bytes, the smallest first.

``random``: the entries with the smallest tickets, as many as asked. A larger sample with the same seed holds the smaller one.

``value`` (monetary unit sampling): all entries stand in a row in the order of their tickets, each as long as its value, T units
together. Of n points, point k (k = 0 ... n - 1) lies on unit floor((k T + r) / n), where r is SHA-256 of ``seed LF stratum``, as
a number, modulo T. An entry is drawn when a point lies on it; ``hits`` counts them. So each unit has the same chance, n / T, an entry
worth T / n or more is always drawn, and one worth nothing never.

Strata: one (its name is empty), or one per journal (its code); each is drawn by itself, n entries or points in each. Key items, the
entries worth at least a limit, are all taken, with no hits, before anything is drawn from the others.
"""

from decimal import ROUND_DOWN, Context, Decimal
from hashlib import sha256
from typing import NamedTuple

LF = "\n"
HUNDREDTHS = 100
RANDOM, VALUE = "random", "value"
METHODS = (RANDOM, VALUE)
EXACT = Context(prec=100)


class Entry(NamedTuple):
    journal: str
    number: str
    units: int


class Drawn(NamedTuple):
    stratum: str
    journal: str
    number: str
    hits: int


def digest(*texts):
    return sha256(LF.join(texts).encode()).digest()


def ticket(seed, entry):
    return digest(seed, entry.journal, entry.number)


def units(value):
    """
    >>> units(Decimal("12.345"))
    1234
    """
    return int(EXACT.multiply(value, HUNDREDTHS).to_integral_value(ROUND_DOWN))


def entries(items):
    """The entries behind the items of a ledger (see ``ledger.items``), in the order in which they come."""
    sums = {}
    for item in items:
        key = item["journal"], item["entry"]
        sums[key] = EXACT.add(sums.get(key, Decimal()), item["debit"])
    return [Entry(*key, units(value)) for key, value in sums.items()]


def draw(population, seed, size, method=RANDOM, by_journal=False, key_value=None):
    """The sample as a list of ``Drawn``: stratum by stratum in order of their names, key items first, then by ticket.

    :param population: list of ``Entry``
    :param size: entries (or points) per stratum
    :param key_value: Decimal; entries worth as much or more are all taken. None for no such limit
    """
    strata = {}
    for entry in population:
        strata.setdefault(entry.journal if by_journal else "", []).append(entry)
    limit = None if key_value is None else units(key_value)
    return [
        drawn
        for name in sorted(strata)
        for drawn in _draw_stratum(name, strata[name], seed, size, method, limit)
    ]


def _draw_stratum(name, members, seed, size, method, limit):
    rows = sorted(members, key=lambda entry: ticket(seed, entry))
    keys = [entry for entry in rows if limit is not None and entry.units >= limit]
    rest = [entry for entry in rows if limit is None or entry.units < limit]
    drawn = _draw_random(rest, size) if method == RANDOM else _draw_value(rest, seed, name, size)
    for entry, hits in [*((entry, 0) for entry in keys), *drawn]:
        yield Drawn(name, entry.journal, entry.number, hits)


def _draw_random(rows, size):
    return [(entry, 1) for entry in rows[:size]]


def _draw_value(rows, seed, stratum, size):
    total = sum(entry.units for entry in rows)
    if not total:
        return
    start = offset(seed, stratum, total)
    before = 0
    for entry in rows:
        after = before + entry.units
        hits = points_below(after, size, start, total) - points_below(before, size, start, total)
        if hits:
            yield entry, hits
        before = after


def offset(seed, stratum, total):
    """``r``: where the first point lies, in ``size``-ths of a unit."""
    return int.from_bytes(digest(seed, stratum), "big") % total


def points_below(unit, size, start, total):
    """How many points lie on the units before ``unit``.

    >>> [points_below(unit, 2, 3, 10) for unit in range(11)]  # points on the units 1 and 6
    [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2]
    """
    return (size * unit - start + total - 1) // total
