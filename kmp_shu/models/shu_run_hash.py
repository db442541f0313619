import io

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.canonical import opening, scheme_records
from ..engine.scheme import PARTS, ROOT
from ..sql import canonical


class KmpShuRun(models.Model):
    """The canonical bytes of a run and their hash: as it was computed, and as it would be now."""

    _inherit = "kmp.shu.run"

    def _get_frozen_weight_query(self) -> SQL:
        """The weights that the run was computed from: `pool_id`, `membership_id`, `number`, `weight`."""
        return SQL(
            """
            SELECT line.pool_id, share.membership_id, share.number, line.weight
              FROM kmp_shu_share_line line JOIN kmp_shu_share share ON share.id = line.share_id
             WHERE share.run_id = %s
            """,
            self.id,
        )

    def _get_current_weight_query(self) -> SQL:
        """The weights as the books have them now, in the columns of `_get_frozen_weight_query`."""
        return SQL(
            """
            SELECT base.pool_id, base.membership_id, membership.number, base.weight
              FROM (%s) base JOIN kmp_membership membership ON membership.id = base.membership_id
            """,
            self._get_weight_query(),
        )

    def _write_canonical(self, sink, surplus: SQL, weights: SQL):
        """Write the canonical bytes of docs/architecture.md to `sink.write(bytes)`."""
        for record in self._get_header(surplus):
            sink.write(("\t".join(record) + "\n").encode())
        canonical.copy_out(self.env.cr, canonical.weights(self, weights), sink)

    def _get_header(self, surplus: SQL):
        """The records before the weights, as lists of texts. `surplus` selects the surplus, and its
        member and non-member part."""
        scheme = self._get_engine_scheme()
        columns = SQL(", ").join(
            SQL("(%s)::text", canonical.number(SQL.identifier(name))) for name in (ROOT, *PARTS)
        )
        [[whole, *parts]] = self.env.execute_query(
            SQL("SELECT %s FROM (%s) AS amount (surplus, member, non_member)", columns, surplus)
        )
        amounts = [whole, *(part or "" for part in parts)] if scheme.roots == PARTS else [whole, "", ""]
        return [
            *opening(self.currency_id.name, self.date_from, self.date_to, amounts, scheme),
            *scheme_records(scheme),
        ]

    def _get_frozen_surplus_query(self) -> SQL:
        return SQL(
            "SELECT surplus, surplus_member, surplus_non_member FROM kmp_shu_run WHERE id = %s", self.id
        )

    def _get_current_surplus_query(self) -> SQL:
        if self._get_engine_scheme().roots != PARTS:
            return SQL("SELECT (%s), NULL::numeric, NULL::numeric", self._get_surplus_query())
        found = self._get_surplus_parts()
        amounts = [found[name].amount if name in found else None for name in ("total", *PARTS)]
        return SQL("SELECT %s::numeric, %s::numeric, %s::numeric", *amounts)

    def _get_frozen_hash(self):
        """SHA-256 of the run as it was computed."""
        digest = canonical.Digest()
        self._write_canonical(digest, self._get_frozen_surplus_query(), self._get_frozen_weight_query())
        return digest.hexdigest()

    def _get_current_hash(self):
        """SHA-256 of the run as it would be computed from the books now."""
        self.env.flush_all()
        digest = canonical.Digest()
        self._write_canonical(digest, self._get_current_surplus_query(), self._get_current_weight_query())
        return digest.hexdigest()

    def _get_canonical_bytes(self):
        """The canonical bytes of the run as it was computed; their SHA-256 is its hash."""
        sink = io.BytesIO()
        self._write_canonical(sink, self._get_frozen_surplus_query(), self._get_frozen_weight_query())
        return sink.getvalue()

    def _check_unchanged(self):
        """Refuse to post when the books no longer give what was approved."""
        if self.approved_hash != self._get_frozen_hash():
            raise UserError(
                self.env._(
                    "%(run)s is not what was approved: its shares were changed. Reset it to draft and "
                    "compute it again.",
                    run=self.name,
                )
            )
        if self.approved_hash != self._get_current_hash():
            raise UserError(
                self.env._(
                    "%(run)s was approved as %(hash)s, but the books have changed since. Withdraw the "
                    "approval and compute it again.\n%(changes)s",
                    run=self.name,
                    hash=self.hash_short,
                    changes="\n".join(self._describe_changes(self._get_changes())),
                )
            )
