"""The canonical form of a run's inputs: one text for one set of inputs, so a hash can name it.

``docs/architecture.md`` gives the records. The parser accepts nothing that the writer would not
have written, byte for byte: two different texts are never the same inputs, and the approval of a
hash is the approval of exactly these numbers.
"""

import hashlib
from datetime import date
from itertools import zip_longest

from .errors import CanonicalError
from .exact import number, parse
from .inputs import Inputs, validate_weights
from .scheme import PARTS, Cap, Line, Scheme, Tax, code_errors
from .scheme_rules import validate_shape

FORMAT = ("kmp-shu", "2")
TAB, NEWLINE = "\t", "\n"
#: Tag and number of fields of the records that open the text, in this order.
HEADER = (("kmp-shu", 2), ("currency", 2), ("period", 3), ("rounding", 3), ("surplus", 4), ("tax", 4))
#: The same for the records that repeat.
BODY = {"line": 6, "floor": 3, "cap": 6, "class": 4, "weight": 5}

__all__ = ["digest", "from_bytes", "number", "to_bytes"]


def to_bytes(inputs):
    """The canonical UTF-8 bytes; CanonicalError where codes, bases or weights do not fit.

    Percentages need not add up: whether a scheme may be distributed is not the form's to judge.
    """
    errors = validate_shape(inputs.scheme) + _text_errors(inputs.scheme) + validate_weights(inputs)
    if errors:
        raise CanonicalError("\n".join(errors))
    try:
        records = [TAB.join(fields) for fields in _records(inputs)]
    except ValueError as error:
        raise CanonicalError(f"No canonical form: {error}") from error
    return (NEWLINE.join(records) + NEWLINE).encode()


def digest(data):
    """The SHA-256 of the bytes as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def from_bytes(data):
    """The inputs that the canonical bytes write; CanonicalError for any other bytes."""
    records = _split(data)
    try:
        inputs = _read(records)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise CanonicalError(f"Not a canonical form: {error}") from error
    written = to_bytes(inputs)
    if written != data:
        raise CanonicalError(f"Not a canonical form: {_first_difference(records, written)}")
    return inputs


def _text_errors(scheme):
    """Codes that the shape of a scheme leaves to its rules, but that a record has to hold."""
    errors = []
    for line in scheme.lines:
        named = (line.cap.reference, line.cap.excess) if line.cap else ()
        for code in (line.of, *line.classes, *filter(None, named)):
            errors += code_errors(code, f"Line {line.code}: code")
    return errors


def opening(currency, start, end, surplus, scheme):
    """The records that open the text, each a list of fields; ``surplus`` holds the last three of its."""
    tax = scheme.tax
    yield [*FORMAT]
    yield ["currency", currency]
    yield ["period", start.isoformat(), end.isoformat()]
    yield ["rounding", number(scheme.unit), scheme.method]
    yield ["surplus", *surplus]
    yield ["tax", number(tax.percent), tax.base, number(tax.exempt)]


def scheme_records(scheme):
    """The records of the lines, their floors, caps and classes, each a list of fields."""
    for line in scheme.lines:
        yield ["line", line.code, line.kind, number(line.percent), line.of, line.base]
    for line in scheme.lines:
        if line.floor:
            yield ["floor", line.code, number(line.floor)]
    for line in scheme.lines:
        if cap := line.cap:
            yield ["cap", line.code, cap.measure, number(cap.value), cap.reference, cap.excess]
    for line in scheme.lines:
        for code in sorted(line.classes):
            yield ["class", line.code, code, number(line.classes[code])]


def _records(inputs):
    scheme = inputs.scheme
    parts = [number(inputs.parts[part]) if inputs.parts else "" for part in PARTS]
    surplus = number(inputs.surplus), *parts
    yield from opening(inputs.currency, inputs.start, inputs.end, surplus, scheme)
    yield from scheme_records(scheme)
    for line in scheme.pools:
        for code, members in inputs.members(line).items():
            for member, weight in members.items():
                yield "weight", line.code, code, member, number(weight)


def _split(data):
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise CanonicalError(f"Not a canonical form: it is not UTF-8 ({error}).") from error
    if not text.endswith(NEWLINE):
        raise CanonicalError("Not a canonical form: the last record does not end with a newline.")
    return [record.split(TAB) for record in text[: -len(NEWLINE)].split(NEWLINE)]


def _read(records):
    """The inputs, wherever the records stand: the comparison with the writer finds what moved."""
    heads, bodies = records[: len(HEADER)], records[len(HEADER) :]
    for (tag, width), record in zip_longest(HEADER, heads, fillvalue=("", 0)):
        if record[0] != tag or len(record) != width:
            raise ValueError(f"{tag!r} with {width} fields is missing; there is {record}.")
    if tuple(heads[0]) != FORMAT:
        raise ValueError(f"version {heads[0][1]!r} of the form is unknown; {FORMAT[1]} is read.")
    (_, currency), (_, start, end), (_, unit, method), (_, *surplus), (_, *tax) = heads[1:]
    lines, weights = _read_body(bodies)
    scheme = Scheme(lines, parse(unit), method, tax=_read_tax(*tax))
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return Inputs(currency, first, last, _read_surplus(*surplus), scheme, weights)


def _read_tax(percent, base, exempt):
    return Tax(parse(percent), base, parse(exempt))


def _read_surplus(total, *parts):
    """The whole where the parts are empty; whether they sum to it, the comparison finds."""
    whole = parse(total)
    return dict(zip(PARTS, map(parse, parts), strict=True)) if any(parts) else whole


def _read_body(records):
    """The lines and the weights; there may be millions of these, so each is taken up at once."""
    found, weights = {tag: [] for tag in BODY}, {}
    for record in records:
        if BODY.get(record[0]) != len(record):
            raise ValueError(f"the record {record} has an unknown tag or number of fields.")
        if record[0] == "weight":
            _tag, line, code, member, weight = record
            weights.setdefault(line, {}).setdefault(code, {})[member] = parse(weight)
        else:
            found[record[0]].append(record[1:])
    extras = {
        "floor": {code: parse(percent) for code, percent in found["floor"]},
        "cap": {code: _read_cap(*fields) for code, *fields in found["cap"]},
        "classes": _read_classes(found["class"]),
    }
    return [_read_line(*fields, extras) for fields in found["line"]], weights


def _read_line(code, kind, percent, of, base, extras):
    bases = {"capital_base": base} if kind == "capital" else {"basis": base}
    given = {name: values[code] for name, values in extras.items() if code in values}
    return Line(code, kind, parse(percent), of, **bases, **given)


def _read_cap(measure, value, reference, excess):
    return Cap(measure, parse(value), reference, excess)


def _read_classes(records):
    classes = {}
    for line, code, percent in records:
        classes.setdefault(line, {})[code] = parse(percent)
    return classes


def _first_difference(records, written):
    pairs = zip_longest(records, _split(written), fillvalue=[])
    for position, (given, expected) in enumerate(pairs, 1):
        if given != expected:
            return f"record {position} is {given}, where {expected} belongs."
    raise AssertionError("The bytes differ, the records do not.")
