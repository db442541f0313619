"""The tree of hashes over the shares of a run, built in PostgreSQL; `engine/merkle.py` and
`engine/proof.py` are the twins and say what a leaf is.

A node is a row of `kmp_shu_proof_node`: the leaves are on level 0, in the order of member numbers.
"""

from odoo.tools import SQL

from ..engine.merkle import LEAF, NODE
from .canonical import number

BLOCK_BYTES = 64
INNER_PAD, OUTER_PAD = 0x36, 0x5C


def hmac(key: str, message: SQL) -> SQL:
    """HMAC-SHA256 (RFC 2104) of a text under a key of hexadecimal digits, as such digits.

    PostgreSQL has the hash but, without an extension, not the HMAC.
    """
    block = bytes.fromhex(key).ljust(BLOCK_BYTES, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (INNER_PAD, OUTER_PAD))
    return SQL(
        "ENCODE(SHA256(%(outer)s || SHA256(%(inner)s || CONVERT_TO(%(message)s, 'UTF8'))), 'hex')",
        outer=outer,
        inner=inner,
        message=message,
    )


def leaves(run, key) -> SQL:
    """The leaf of every share of a run: columns `share_id`, `number`, `leaf` (text)."""
    return SQL(
        """
        SELECT share.id AS share_id, share.number,
               CONCAT(%(head)s::text, 'member', %(tab)s, share.number, %(tab)s, %(salt)s, %(lf)s,
                      STRING_AGG(CONCAT_WS(%(tab)s, 'part', pool.code, COALESCE(class.code, ''),
                                           %(pool)s, %(total)s, %(weight)s, %(amount)s) || %(lf)s, ''
                                 ORDER BY pool.line_sequence, class.code COLLATE "C" NULLS FIRST),
                      CONCAT_WS(%(tab)s, 'total', %(gross)s, %(tax)s, %(net)s), %(lf)s) AS leaf
          FROM kmp_shu_share share
          JOIN kmp_shu_share_line line ON line.share_id = share.id
          JOIN kmp_shu_pool pool ON pool.id = line.pool_id
     LEFT JOIN kmp_stakeholder_class class ON class.id = pool.class_id
         WHERE share.run_id = %(run)s
         GROUP BY share.id
        """,
        head=head(run),
        tab="\t",
        lf="\n",
        salt=hmac(key, SQL("share.number")),
        pool=number(SQL("pool.amount")),
        total=number(SQL("pool.total_weight")),
        weight=number(SQL("line.weight")),
        amount=number(SQL("line.amount")),
        gross=number(SQL("share.amount")),
        tax=number(SQL("share.tax_amount")),
        net=number(SQL("share.net_amount")),
        run=run.id,
    )


def head(run) -> str:
    """The records of a leaf that are the same for every member of the run."""
    records = (
        ("kmp-shu-share", "1"),
        ("run", run.hash),
        ("rounding", run.scheme_id.rounding_unit, run.scheme_id.rounding_method),
    )
    return "".join("\t".join(record) + "\n" for record in records)


def insert_leaves(run, key) -> SQL:
    """Write the lowest level: a node per share."""
    return SQL(
        """
        INSERT INTO kmp_shu_proof_node (run_id, level, position, share_id, hash)
        SELECT %(run)s, 0, ROW_NUMBER() OVER (ORDER BY number COLLATE "C") - 1, share_id,
               SHA256(%(leaf)s || CONVERT_TO(leaf, 'UTF8'))
          FROM (%(leaves)s) leaf
        """,
        run=run.id,
        leaf=LEAF,
        leaves=leaves(run, key),
    )


def insert_level(run, level) -> SQL:
    """Write `level` from the one below it; the last node without a neighbour goes up unchanged."""
    return SQL(
        """
        INSERT INTO kmp_shu_proof_node (run_id, level, position, hash)
        SELECT node.run_id, %(level)s, node.position / 2,
               COALESCE(SHA256(%(node)s || node.hash || neighbour.hash), node.hash)
          FROM kmp_shu_proof_node node
     LEFT JOIN kmp_shu_proof_node neighbour
            ON neighbour.run_id = node.run_id AND neighbour.level = node.level
           AND neighbour.position = node.position + 1
         WHERE node.run_id = %(run)s AND node.level = %(below)s AND node.position %% 2 = 0
        """,
        level=level,
        below=level - 1,
        node=NODE,
        run=run.id,
    )
