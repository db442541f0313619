from odoo import api, fields, models

ROW_HEIGHT = 30
WIDTH = 1000
# What a letter of a note takes, at most.
NOTE_LETTER = 7


class KmpShuWaterfall(models.AbstractModel):
    """A picture of how a whole falls into its parts, for the scheme and for the run."""

    _name = "kmp.shu.waterfall"
    _description = "SHU waterfall"

    waterfall = fields.Html(compute="_compute_waterfall", sanitize=False)

    def _compute_waterfall(self):
        for record in self:
            bars = record._get_waterfall_bars()
            record.waterfall = bars and self.env["ir.qweb"]._render(
                "kmp_shu.waterfall", record._prepare_waterfall_values(bars)
            )

    def _get_waterfall_bars(self):
        """From top to bottom: name, kind, level, start and width (percent of the whole), label."""
        raise NotImplementedError

    @api.model
    def _prepare_waterfall_values(self, bars):
        return {
            "width": WIDTH + NOTE_LETTER * max((len(bar.get("note") or "") for bar in bars), default=0),
            "height": ROW_HEIGHT * len(bars),
            "bars": [{**bar, "top": ROW_HEIGHT * place} for place, bar in enumerate(bars)],
        }
