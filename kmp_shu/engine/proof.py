"""What one member can check alone: the own weights, the formula, and the way to the published root.

A leaf is what the run says of one member, as records like those of the canonical form::

    kmp-shu-share  1
    run       <SHA-256 of the run>
    rounding  <unit>       <method>
    member    <number>     <salt>
    part      <line code>  <class code>  <pool>  <total weight>  <weight>  <amount>     in order of lines, class codes
    total     <gross>      <tax>         <net>

The salt is ``HMAC-SHA256(key of the run, number)``: without it, anybody who sees a neighbour's hash
in a path could guess numbers and amounts until they fit. Amounts are currency.

A proof is JSON with the keys ``format``, ``leaf`` (the text above), ``path`` (pairs of side and
hash, see ``merkle.path``) and ``root``.
"""

import hmac
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from .exact import EXACT, number, parse, scaled, total
from .merkle import LEFT, RIGHT, climb, leaf_hash
from .scheme import units_of

FORMAT = ("kmp-shu-share", "1")
PROOF_FORMAT = "kmp-shu-proof 1"
TAB, NEWLINE = "\t", "\n"
HASH_BYTES = 32


class ProofError(ValueError):
    """A proof that proves nothing: what is wrong with it, in one sentence."""


@dataclass(frozen=True)
class Part:
    """A member's part of one pool or class pool: ``amount`` of ``pool`` for ``weight`` of ``total``."""

    line: str
    class_code: str
    pool: Decimal
    total: Decimal
    weight: Decimal
    amount: Decimal


def salt(key, member):
    """64 hexadecimal digits that only the owner of the run's key can tell; ``key`` likewise."""
    return hmac.new(bytes.fromhex(key), member.encode(), sha256).hexdigest()


def leaf(run_hash, scheme, key, member, parts, totals):
    """The bytes of a member's leaf; ``parts`` are records' fields, ``totals`` gross, tax and net, as
    plain decimals."""
    records = [
        FORMAT,
        ("run", run_hash),
        ("rounding", number(scheme.unit), scheme.method),
        ("member", member, salt(key, member)),
        *(("part", *part) for part in parts),
        ("total", *totals),
    ]
    return "".join(TAB.join(record) + NEWLINE for record in records).encode()


def verify(proof, root=None):
    """Every check of a member's proof, as ``(what, detail)`` pairs in order.

    ``root`` is the published root; without it the proof's own is taken, and has to be compared with
    the published one by eye. Raises ProofError at the first check that fails.
    """
    text, steps, claimed = _read_proof(proof)
    member, unit, parts, totals = _read_leaf(text)
    yield "member", member
    for part in parts:
        yield "part", check_part(part, unit)
    yield "total", _check_total(parts, totals)
    reached = climb(leaf_hash(text.encode()), steps).hex()
    wanted = (root or claimed).lower()
    if reached != wanted:
        raise ProofError(f"The path leads to {reached}, not to the root {wanted}.")
    yield "root", reached


def check_part(part, unit):
    """The formula of a part with its numbers; ProofError where the amount does not follow."""
    weight, total = scaled([part.weight, part.total])
    if not 0 < weight <= total:
        raise ProofError(f"Pool {part.line}: a weight of {part.weight} in {part.total} is not possible.")
    pool, _rest = units_of(part.pool, unit)
    amount, rest = units_of(part.amount, unit)
    whole, remainder = divmod(pool * weight, total)
    if rest or amount - whole not in (0, 1 if remainder else 0):
        raise ProofError(f"Pool {part.line}: {part.amount} does not follow from {_formula(part)}.")
    rounded = "cut to whole units" if remainder else "exactly"
    if amount > whole:
        rounded = "its remainder takes one unit more"
    return f"{part.line} {part.class_code}: {_formula(part)} -> {number(part.amount)}, {rounded}"


def _formula(part):
    return f"{number(part.pool)} x {number(part.weight)} / {number(part.total)}"


def _check_total(parts, totals):
    gross, tax, net = totals
    if gross != total(part.amount for part in parts):
        raise ProofError(f"The parts do not sum to the share of {number(gross)}.")
    if EXACT.add(net, tax) != gross:
        raise ProofError(f"{number(gross)} less a tax of {number(tax)} is not {number(net)}.")
    return f"{number(gross)}, of which tax {number(tax)}, paid {number(net)}"


def _read_proof(proof):
    try:
        if proof["format"] != PROOF_FORMAT:
            raise ProofError(f"This is not a proof of the form {PROOF_FORMAT!r}.")
        steps = [(side, bytes.fromhex(neighbour)) for side, neighbour in proof["path"]]
        text, claimed = proof["leaf"], proof["root"]
    except (KeyError, TypeError, ValueError) as error:
        raise ProofError(f"This is not a proof: {error}.") from error
    if any(side not in (LEFT, RIGHT) or len(neighbour) != HASH_BYTES for side, neighbour in steps):
        raise ProofError("A step of the path is not a side and a hash.")
    return text, steps, claimed


def _read_leaf(text):
    """Member number, rounding unit, parts and totals of a leaf that is written as ``leaf`` writes."""
    try:
        return _read_records([record.split(TAB) for record in text.removesuffix(NEWLINE).split(NEWLINE)])
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise ProofError(f"The leaf is not one: {error}.") from error


def _read_records(records):
    head, _run, rounding, member, *parts, totals = records
    tags = ["run", "rounding", "member", *["part"] * len(parts), "total"]
    if tuple(head) != FORMAT or [record[0] for record in records[1:]] != tags:
        raise ProofError("The leaf does not have the records of a share.")
    read = [Part(line, class_code, *map(parse, numbers)) for _tag, line, class_code, *numbers in parts]
    return member[1], parse(rounding[1]), read, tuple(map(parse, totals[1:]))
