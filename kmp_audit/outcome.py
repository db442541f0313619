"""What a tie-out finds. Nothing here knows Odoo."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

OK, FAILED, NOTHING, WAITING = "ok", "failed", "nothing", "waiting"


class Pair(NamedTuple):
    """Two amounts that must be equal: of the books or lists of the co-operative, and of the ledger."""

    name: str
    left: Decimal
    right: Decimal

    @property
    def difference(self):
        return self.left - self.right


@dataclass
class Outcome:
    """Of one tie-out.

    ``pairs`` have amounts on both sides; ``findings`` are sentences, each about one record that is not as it should be; ``count`` is how
    many there are where not all are listed. ``model`` and ``domain`` lead to the records. ``note`` says what was looked at, or
    with ``is_nothing`` why there was nothing to look at.

    >>> Outcome(pairs=[Pair("Cash", Decimal(3), Decimal(1)), Pair("Bank", Decimal(1), Decimal(2))]).difference
    Decimal('3')
    >>> Outcome().status, Outcome(findings=["Entry 7"]).status, Outcome(is_nothing=True).status
    ('ok', 'failed', 'nothing')
    """

    pairs: list = field(default_factory=list)
    findings: list = field(default_factory=list)
    count: int = 0
    note: str = ""
    model: str = ""
    domain: list = field(default_factory=list)
    is_nothing: bool = False

    @property
    def status(self):
        if self.findings or self.difference:
            return FAILED
        return NOTHING if self.is_nothing else OK

    @property
    def difference(self):
        """All differences together: one above and one below do not cancel out."""
        return sum((abs(pair.difference) for pair in self.pairs), Decimal())

    @property
    def found(self):
        """How many things are not as they should be."""
        different = sum(1 for pair in self.pairs if pair.difference)
        return different + max(self.count, len(self.findings))
