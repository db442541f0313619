"""A tie-out of a document: two sides that must be equal."""

from dataclasses import dataclass
from decimal import Decimal

OK, DIFFERENT, NOT_POSTED = "OK", "BEDA", "belum diposting"


@dataclass(frozen=True)
class Check:
    """The right side is the ledger's where there is one; it is None while there is no entry."""

    name: str
    left_name: str
    left: Decimal
    right_name: str
    right: Decimal | None

    @property
    def difference(self):
        return None if self.right is None else self.left - self.right

    @property
    def status(self):
        if self.right is None:
            return NOT_POSTED
        return DIFFERENT if self.difference else OK
