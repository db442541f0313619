"""Small rules that several models share. No model is defined here."""

import re

KEY_MAX_LENGTH = 32
# Class codes and member numbers are fields of the canonical form of a surplus run, which separates them by TAB and line feed.
KEY_CHECK = r"CHECK (%s !~ '[\t\n\r\\]' AND %s <> '')"

_SEAL = object()


def unsealed(records):
    """The same records, allowed to change what only an explicit step may change.

    The mark is an object of this process: a client that sends a context over RPC cannot forge it.
    """
    return records.with_context(kmp_seal=_SEAL)


def is_unsealed(env):
    return env.context.get("kmp_seal") is _SEAL


def in_indonesian(records):
    """The same records with their Indonesian names, where that language is installed: statutory documents are written in it."""
    is_installed = bool(records.env["res.lang"]._get_data(code="id_ID"))
    return records.with_context(lang="id_ID") if is_installed else records


def is_key(value):
    r"""Whether a text may stand in the canonical form: printable, trimmed, short, without a backslash.

    >>> is_key("A-0001"), is_key("a\tb"), is_key("a\\b"), is_key(" a"), is_key("")
    (True, False, False, False, False)
    """
    return (
        bool(value)
        and value.isprintable()
        and value == value.strip()
        and "\\" not in value
        and len(value) <= KEY_MAX_LENGTH
    )


def is_national_id(value):
    """Whether a text has the form of an Indonesian national identity number (NIK): 16 digits.

    >>> is_national_id("3201012345678901"), is_national_id("32010123")
    (True, False)
    """
    return bool(re.fullmatch(r"[0-9]{16}", value or "", re.ASCII))
