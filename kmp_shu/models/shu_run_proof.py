import secrets
from itertools import count

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from ..engine.merkle import LEFT, RIGHT
from ..engine.proof import HASH_BYTES, PROOF_FORMAT
from ..sql import merkle

PROVABLE_STATES = ("approved", "posted", "closed", "reversed")


class KmpShuRun(models.Model):
    """What lets every member check the own share against one published root, see `engine/proof.py`.

    The root is made when a run is approved, so that it can stand in the minutes beside the hash.
    Query budget: one statement per level of the tree, twenty for a million members.
    """

    _inherit = "kmp.shu.run"

    proof_root = fields.Char(
        readonly=True,
        copy=False,
        help="Root of the tree of hashes over all shares. Published, it lets each member verify the "
        "own share without seeing anyone else's.",
    )
    proof_key = fields.Char(
        readonly=True,
        copy=False,
        groups="kmp_membership.group_auditor,kmp_shu.group_shu_accountant",
        help="Makes the salts of the leaves. It stands in the audit bundle and nowhere else.",
    )

    def action_approve(self):
        result = super().action_approve()
        self._publish_proofs()
        return result

    def _get_approval_fields(self):
        return [*super()._get_approval_fields(), "proof_root"]

    def _discard_distribution(self):
        self._discard_proofs()
        return super()._discard_distribution()

    def _discard_proofs(self):
        self.env.cr.execute(SQL("DELETE FROM kmp_shu_proof_node WHERE run_id = %s", self.id))

    def _publish_proofs(self):
        """Build the tree over the shares and keep its root and the key of its salts."""
        self._discard_proofs()
        key = secrets.token_hex(HASH_BYTES)
        self.env.flush_all()
        self.env.cr.execute(merkle.insert_leaves(self, key))
        width = self.env.cr.rowcount
        for level in count(1):
            if width <= 1:
                break
            self.env.cr.execute(merkle.insert_level(self, level))
            width = self.env.cr.rowcount
        # The approver may not read the key, which is the auditor's.
        unsealed(self).sudo().write({"proof_root": self._get_root(), "proof_key": key})

    def _get_root(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT ENCODE(hash, 'hex') FROM kmp_shu_proof_node
                    WHERE run_id = %s ORDER BY level DESC LIMIT 1""",
                self.id,
            )
        )
        return rows[0][0] if rows else False

    def _get_proof(self, share):
        """The proof of one share as a dict for JSON, see `engine/proof.py`.

        Raises UserError when the run is not approved: nothing is published then.
        """
        self.ensure_one()
        if self.state not in PROVABLE_STATES or not self.proof_root:
            raise UserError(
                self.env._(
                    "%(run)s is %(state)s: proofs exist once it is approved.",
                    run=self.name,
                    state=dict(self._fields["state"]._description_selection(self.env))[self.state].lower(),
                )
            )
        return {
            "format": PROOF_FORMAT,
            "leaf": self._get_leaf(share),
            "path": self._get_path(share),
            "root": self.proof_root,
        }

    def _get_leaf(self, share):
        # A member may see the own leaf, for which the key is needed.
        leaves = merkle.leaves(self, self.sudo().proof_key)
        [[leaf]] = self.env.execute_query(
            SQL("SELECT leaf FROM (%s) leaf WHERE share_id = %s", leaves, share.id)
        )
        return leaf

    def _get_path(self, share):
        """The neighbours from the leaf of `share` up to the root: side and hexadecimal hash."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT neighbour.position > place.position, ENCODE(neighbour.hash, 'hex')
                  FROM kmp_shu_proof_node leaf
            CROSS JOIN LATERAL (
                       SELECT level, leaf.position >> level AS position
                         FROM GENERATE_SERIES(0, 31) level) place
                  JOIN kmp_shu_proof_node neighbour
                    ON neighbour.run_id = leaf.run_id AND neighbour.level = place.level
                   AND neighbour.position = place.position # 1
                 WHERE leaf.run_id = %s AND leaf.share_id = %s
                 ORDER BY place.level
                """,
                self.id,
                share.id,
            )
        )
        return [(RIGHT if is_right else LEFT, neighbour) for is_right, neighbour in rows]
