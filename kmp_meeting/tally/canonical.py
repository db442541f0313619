"""What is frozen, as bytes: the electoral roll, and the outcome of a vote."""

import hashlib
import json


def roll_bytes(date, members):
    """The electoral roll: UTF-8, one record per line, fields separated by a TAB.

    :param date: the day (ISO) as of which the roll was drawn up
    :param members: (member number, class code) pairs, in any order; they are sorted by code point

    >>> roll_bytes("2026-03-01", [("00002", "PRD"), ("00001", "KNS")])
    b'kmp-roll\\t1\\ndate\\t2026-03-01\\nmember\\t00001\\tKNS\\nmember\\t00002\\tPRD\\n'
    """
    records = [("kmp-roll", "1"), ("date", date), *(("member", *member) for member in sorted(members))]
    return "".join("\t".join(record) + "\n" for record in records).encode()


def json_bytes(value):
    """JSON with sorted keys and no spaces: the same content has the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(data):
    """SHA-256 as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
