"""Split whole rounding units among claimants in proportion to their weights, exactly.

Every function takes `claims`, a query with the columns

- `node`: what is split;
- `claimant`: who gets a part;
- `units`: the whole rounding units of the node, the same on all its rows;
- `weight`: numeric above zero;
- `tie`: who comes first among equal remainders;

and returns a query with the columns `node`, `claimant`, `weight`, `units`.
"""

from odoo.tools import SQL


def largest_remainder(claims: SQL) -> SQL:
    """Hamilton's method: everyone gets the whole units of their exact share, and the units that
    are left go one each to the largest remainders. `div` and `mod` of numeric are exact."""
    return SQL(
        """
        SELECT node, claimant, weight,
               quota + CASE WHEN ROW_NUMBER() OVER nearest <= units - SUM(quota) OVER (PARTITION BY node)
                            THEN 1 ELSE 0 END AS units
          FROM (%s) share
        WINDOW nearest AS (PARTITION BY node ORDER BY remainder DESC, tie)
        """,
        _quotas(claims),
    )


def truncate(claims: SQL) -> SQL:
    """Everyone gets the whole units of their exact share; what is left stays at the node."""
    return SQL("SELECT node, claimant, weight, quota AS units FROM (%s) share", _quotas(claims))


METHODS = {"largest_remainder": largest_remainder, "truncate": truncate}


def _quotas(claims: SQL) -> SQL:
    return SQL(
        """
        SELECT node, claimant, weight, units, tie,
               DIV(units * weight, total) AS quota,
               MOD(units * weight, total) AS remainder
          FROM (SELECT claim.*, SUM(weight) OVER (PARTITION BY node) AS total
                  FROM (%s) claim) claim
        """,
        claims,
    )
