from odoo import fields, models


class KmpShuProofNode(models.Model):
    """A node of the tree of hashes over a run's shares. Written and read by the run alone."""

    _name = "kmp.shu.proof.node"
    _description = "SHU proof node"
    _log_access = False
    _rec_name = "position"

    run_id = fields.Many2one("kmp.shu.run", required=True, readonly=True, ondelete="cascade")
    share_id = fields.Many2one("kmp.shu.share", readonly=True, ondelete="cascade", help="Of a leaf.")
    level = fields.Integer(required=True, readonly=True, help="0 for the leaves.")
    position = fields.Integer(required=True, readonly=True, help="From the left, from 0.")
    hash = fields.Binary(required=True, readonly=True, attachment=False)

    _place_unique = models.UniqueIndex("(run_id, level, position)", "A tree has one node at a place.")
    _share_index = models.Index("(share_id) WHERE share_id IS NOT NULL")
