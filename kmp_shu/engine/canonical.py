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
from .scheme import Line, Scheme, code_errors
from .scheme_rules import validate_shape

FORMAT = ("kmp-shu", "1")
TAB, NEWLINE = "\t", "\n"
#: Tag and number of fields of the records that open the text, in this order.
HEADER = (("kmp-shu", 2), ("currency", 2), ("period", 3), ("rounding", 3), ("surplus", 2))
#: The same for the records that repeat; fields of ``line``, ``class`` and ``weight``.
BODY = {"line": 6, "class": 4, "weight": 5}

__all__ = ["digest", "from_bytes", "number", "to_bytes"]


def to_bytes(inputs):
    """The canonical UTF-8 bytes; CanonicalError where codes, bases or weights do not fit.

    Percentages need not add up: whether a scheme may be distributed is not the form's to judge.
    """
    errors = validate_shape(inputs.scheme) + _text_errors(inputs.scheme) + validate_weights(inputs)
    if errors:
        raise CanonicalError("\n".join(errors))
    try:
        records = [*_header(inputs), *_lines(inputs), *_classes(inputs), *_weights(inputs)]
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
        for code in (line.of, *line.classes):
            errors += code_errors(code, f"Line {line.code}: code")
    return errors


def _header(inputs):
    scheme = inputs.scheme
    yield _record(*FORMAT)
    yield _record("currency", inputs.currency)
    yield _record("period", inputs.start.isoformat(), inputs.end.isoformat())
    yield _record("rounding", number(scheme.unit), scheme.method)
    yield _record("surplus", number(inputs.surplus))


def _lines(inputs):
    for line in inputs.scheme.lines:
        yield _record("line", line.code, line.kind, number(line.percent), line.of, line.base)


def _classes(inputs):
    for line in inputs.scheme.lines:
        for code in sorted(line.classes):
            yield _record("class", line.code, code, number(line.classes[code]))


def _weights(inputs):
    for line in inputs.scheme.pools:
        for code, members in inputs.members(line).items():
            for member, weight in members.items():
                yield _record("weight", line.code, code, member, number(weight))


def _record(*fields):
    return TAB.join(fields)


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
    (_, currency), (_, start, end), (_, unit, method), (_, surplus) = heads[1:]
    lines, classes, weights = _read_body(bodies)
    scheme = Scheme([_read_line(line, classes) for line in lines], parse(unit), method)
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return Inputs(currency, first, last, parse(surplus), scheme, weights)


def _read_body(records):
    lines, classes, weights = [], {}, {}
    for record in records:
        tag = record[0]
        if BODY.get(tag) != len(record):
            raise ValueError(f"the record {record} has an unknown tag or number of fields.")
        if tag == "line":
            lines.append(record[1:])
        elif tag == "class":
            classes.setdefault(record[1], {})[record[2]] = parse(record[3])
        else:
            _tag, line, code, member, weight = record
            weights.setdefault(line, {}).setdefault(code, {})[member] = parse(weight)
    return lines, classes, weights


def _read_line(fields, classes):
    code, kind, percent, of, base = fields
    bases = {"capital_base": base} if kind == "capital" else {"basis": base}
    return Line(code, kind, parse(percent), of, classes=classes.get(code, {}), **bases)


def _first_difference(records, written):
    pairs = zip_longest(records, _split(written), fillvalue=[])
    for position, (given, expected) in enumerate(pairs, 1):
        if given != expected:
            return f"record {position} is {given}, where {expected} belongs."
    raise AssertionError("The bytes differ, the records do not.")
