"""The surplus distribution (SHU) in exact arithmetic, without Odoo and without any package.

What it is
    The second of two engines that must agree. Odoo computes the shares in SQL; this one recomputes
    them from the canonical bytes that were frozen with the run, so that an auditor can check a
    distribution with a Python interpreter and nothing else.

How to use it
    As ``odoo.addons.kmp_shu.engine``, or stand-alone with the folder ``kmp_shu`` on ``sys.path``::

        from engine import distribute, from_bytes, digest
        data = open("run.txt", "rb").read()
        assert digest(data) == approved_hash
        distribution = distribute(from_bytes(data))
        distribution.members["00012"]   # {"JM": Decimal("83333333"), ..., "total": ...}

    A reference case (JSON) is read with ``case.read`` and compared with ``case.differences``.

How it works
    ``exact``       decimals in and out; refuses floats, and whatever would be rounded silently
    ``allocation``  shares whole units by weight: ``largest_remainder`` and ``truncate``
    ``capital``     the weight of share capital: ``closing``, ``average``, ``day_weighted``
    ``scheme``      the tree of lines; ``scheme_rules`` and ``bound_rules`` what it must keep
    ``inputs``      all that a distribution depends on
    ``bounds``      the lines of a node by percent, none below its floor or above its cap
    ``nodes``       surplus -> lines -> classes, each node summing to its parent
    ``waterfall``   classes -> members, and the whole again
    ``tax``         what is withheld from the members
    ``canonical``   the inputs as bytes, and back
    ``case``        reference cases
    ``merkle``      a tree of hashes; ``proof`` what one member can check alone
    ``tables``      the outcome as tables; ``bundle`` the audit bundle, ``verify`` its command
    ``messages``    sentences that somebody can translate

    A line is a share (percent of the node above), with a floor (at least a percent of the surplus)
    or a cap (at most a percent of the surplus or of the members' capital, at most so many times the
    rate of another pool, or nothing, because its condition was not met). What a cap leaves is shared
    by the lines beside it, or goes to the one that the scheme names. Where the scheme divides the
    surplus that was earned with members and with others apart, each part is a tree of its own.

    Amounts are divided as integers of the rounding unit. What a node cannot divide (``truncate``,
    or a surplus that is not a multiple of the unit) is its residual; residuals go to the first
    reserve line. Nothing is made and nothing is lost: the engine stops where a sum does not hold.
"""

from .allocation import allocate, largest_remainder, truncate
from .canonical import digest, from_bytes, number, to_bytes
from .errors import CanonicalError, CaseError, DistributionError
from .inputs import Inputs, validate_weights
from .scheme import Cap, Line, Scheme, Tax
from .scheme_rules import validate_scheme
from .waterfall import Distribution, distribute

__all__ = [
    "CanonicalError",
    "Cap",
    "CaseError",
    "Distribution",
    "DistributionError",
    "Inputs",
    "Line",
    "Scheme",
    "Tax",
    "allocate",
    "digest",
    "distribute",
    "from_bytes",
    "largest_remainder",
    "number",
    "to_bytes",
    "truncate",
    "validate_scheme",
    "validate_weights",
]
