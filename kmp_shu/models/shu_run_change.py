from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

LISTED_MEMBERS = 10
# How many fields of a record of the canonical form say what it is about; the others are its value.
KEY_FIELDS = {"line": 2, "floor": 2, "cap": 2, "class": 3}


class KmpShuRun(models.Model):
    """What the books give now, beside what a run was computed from.

    `changes` has the shape `{"hash", "records": [[key..., old, new]], "pools": [{"pool_id",
    "members", "weight"}], "members": [{"pool_id", "number", "name", "weight"}], "new", "gone",
    "other"}`, where a pair is `[old, new]`, amounts and weights are exact texts, and nothing is
    `None`. It is empty when nothing has changed.
    """

    _inherit = "kmp.shu.run"

    frozen_header = fields.Text(
        readonly=True, copy=False, help="The canonical form without the weights, as it was computed."
    )
    changes = fields.Json(readonly=True, copy=False)
    changes_table = fields.Html("Changed Inputs", compute="_compute_changes_table", sanitize=False)

    @api.depends("changes")
    def _compute_changes_table(self):
        for run in self:
            run.changes_table = run.changes and self.env["ir.qweb"]._render(
                "kmp_shu.run_changes", run._prepare_changes_values(run.changes)
            )

    def action_show_changes(self):
        """Compare with the books as they are now, and show it on the run."""
        self.ensure_one()
        self.check_access("write")
        self._lock("computed", "approved", "posted", "closed")
        changes = self._get_changes()
        unsealed(self).changes = changes
        if not changes:
            return self._notify(
                self.env._("The books still give what %(run)s was computed from.", run=self.name)
            )
        return True

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_changes(self):
        """Frozen and current inputs, section by section. Query budget: one beside the header."""
        self.env.flush_all()
        records = self._get_changed_records()
        pools, members = self._read_changed_weights()
        if not records and not pools:
            return {}
        counts = {key: sum(pool.pop(key) for pool in pools) for key in ("new", "gone", "other")}
        return {"hash": self.hash, "records": records, "pools": pools, "members": members, **counts}

    # The header

    def _get_frozen_header_text(self):
        header = self._get_header(self._get_frozen_surplus_query())
        return "\n".join("\t".join(record) for record in header)

    def _get_changed_records(self):
        frozen = [tuple(line.split("\t")) for line in (self.frozen_header or "").split("\n")]
        old = _by_key(frozen) if self.frozen_header else {}
        new = _by_key(self._get_header(self._get_current_surplus_query()))
        return [
            [list(key), old.get(key), new.get(key)]
            for key in dict.fromkeys([*old, *new])
            if old.get(key) != new.get(key)
        ]

    # The weights

    def _read_changed_weights(self):
        """The pools that differ, with all their members, and the first members that differ."""
        pools, members = [], []
        for pool, member, number, name, *values in self.env.execute_query(self._get_changed_weight_query()):
            old_members, new_members, old, new, came, gone, other = values
            if member:
                members.append({"pool_id": pool, "number": number, "name": name, "weight": [old, new]})
            else:
                counts = {"members": [old_members, new_members], "new": came, "gone": gone, "other": other}
                pools.append({"pool_id": pool, "weight": [old, new], **counts})
        return pools, members

    def _get_changed_weight_query(self) -> SQL:
        return SQL(
            """
            WITH pair AS MATERIALIZED (
                SELECT pool_id, membership_id, frozen.weight AS old, now.weight AS new
                  FROM (%(frozen)s) frozen
             FULL JOIN (%(current)s) now USING (pool_id, membership_id)),
            differing AS (
                SELECT pair.*, membership.number, partner.name, pool.sequence
                  FROM pair
                  JOIN kmp_shu_pool pool ON pool.id = pair.pool_id
                  JOIN kmp_membership membership ON membership.id = pair.membership_id
                  JOIN res_partner partner ON partner.id = membership.partner_id
                 WHERE pair.old IS DISTINCT FROM pair.new
                 ORDER BY membership.number COLLATE "C", pool.sequence
                 LIMIT %(listed)s),
            total AS (
                SELECT pool_id, COUNT(old) AS old_members, COUNT(new) AS new_members,
                       SUM(old) AS old, SUM(new) AS new,
                       COUNT(*) FILTER (WHERE old IS NULL) AS came,
                       COUNT(*) FILTER (WHERE new IS NULL) AS gone,
                       COUNT(*) FILTER (WHERE old != new) AS other
                  FROM pair GROUP BY pool_id
                HAVING BOOL_OR(old IS DISTINCT FROM new))
            (SELECT pool_id, NULL, NULL, NULL, old_members, new_members,
                    TRIM_SCALE(total.old)::text, TRIM_SCALE(total.new)::text, came, gone, other
               FROM total JOIN kmp_shu_pool pool ON pool.id = pool_id ORDER BY pool.sequence)
             UNION ALL
            (SELECT pool_id, membership_id, number, name, 0, 0,
                    TRIM_SCALE(old)::text, TRIM_SCALE(new)::text, 0, 0, 0
               FROM differing ORDER BY number COLLATE "C", sequence)
            """,
            frozen=self._get_frozen_weight_query(),
            current=self._get_weight_query(),
            listed=LISTED_MEMBERS,
        )

    # In words

    def _log_changes(self):
        """Say in the chatter what another computation changed, and that it changed nothing."""
        changes = self.changes
        if changes and changes["hash"] != self.hash:
            body = self.env._("Computed again: %(old)s became %(new)s.", old=changes["hash"], new=self.hash)
            self._message_log(body="\n".join([body, *self._describe_changes(changes)]))

    def _describe_changes(self, changes):
        """The changes as lines of text."""
        values = self._prepare_changes_values(changes)
        lines = [f"{label}: {old} → {new}" for label, old, new in values["records"]]
        for pool, members, weight in values["pools"]:
            lines.append(
                self.env._(
                    "%(pool)s: members %(old)s → %(new)s, total weight %(old_weight)s → %(new_weight)s",
                    pool=pool,
                    old=members[0],
                    new=members[1],
                    old_weight=weight[0],
                    new_weight=weight[1],
                )
            )
        lines += [
            f"{number} {name}, {pool}: {old} → {new}" for number, name, pool, (old, new) in values["members"]
        ]
        return [*lines, values["more"]] if values["more"] else lines

    def _prepare_changes_values(self, changes):
        pools = self.env["kmp.shu.pool"].browse(row["pool_id"] for row in changes["pools"])
        names = {pool.id: pool.display_name for pool in pools.exists()}
        text = self._format_exact
        listed = len(changes["members"])
        more = changes["new"] + changes["gone"] + changes["other"] - listed
        return {
            "records": [
                (self._get_record_label(key), self._format_record(old), self._format_record(new))
                for key, old, new in changes["records"]
            ],
            "pools": [
                (names.get(row["pool_id"], ""), row["members"], [text(weight) for weight in row["weight"]])
                for row in changes["pools"]
            ],
            "members": [
                (row["number"], row["name"], names.get(row["pool_id"], ""), [text(w) for w in row["weight"]])
                for row in changes["members"]
            ],
            "more": more > 0 and self.env._("… and %(count)s more", count=more),
            "counts": {key: changes[key] for key in ("new", "gone", "other")},
        }

    def _get_record_label(self, key):
        labels = {
            "currency": self.env._("Currency"),
            "period": self.env._("Year"),
            "rounding": self.env._("Rounding"),
            "surplus": self.env._("Surplus"),
            "tax": self.env._("Tax"),
            "line": self.env._("Line"),
            "floor": self.env._("Floor"),
            "cap": self.env._("Cap"),
            "class": self.env._("Class"),
        }
        return " ".join([labels.get(key[0], key[0]), *key[1:]])

    def _format_record(self, values):
        return " · ".join(map(self._format_exact, filter(None, values))) if values else "—"

    def _format_exact(self, text):
        """A plain decimal as the user's language groups it, without going through a float."""
        if not text:
            return "—"
        if not text.replace(".", "", 1).isdigit():
            return text
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        grouped = f"{Decimal(text):,f}"
        return grouped.translate({ord(","): lang.thousands_sep or "", ord("."): lang.decimal_point or "."})


def _by_key(records):
    """The records of a header by what they are about, e.g. `("line", "JM")`."""
    keyed = {}
    for record in records:
        size = KEY_FIELDS.get(record[0], 1)
        keyed[tuple(record[:size])] = list(record[size:])
    return keyed
