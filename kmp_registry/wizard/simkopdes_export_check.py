from odoo import models

from odoo.addons.kmp_membership.tools import is_national_id

from ..simkopdes import FIELDS

# The model behind a part. Only what people enter is looked at: a contribution is complete by its making.
MODELS = {"anggota": "kmp.membership", "modal": "kmp.funding", "rat": "kmp.meeting"}
# A meeting that is only planned has no participants yet.
MAY_BE_EMPTY = {"planned": {"jumlah_peserta_rat"}, "held": set()}


class SimkopdesExport(models.TransientModel):
    """What must be there before a file is made: every field of a record, and a national id of 16 digits."""

    _inherit = "kmp.simkopdes.export"

    def _get_problems(self, parts):
        """Values of `kmp.simkopdes.export.problem`, one per record, in the order of the file."""
        return [
            self._prepare_problem(part, record, missing)
            for part in MODELS
            for record in parts.get(part, ())
            if (missing := self._get_missing(part, record))
        ]

    def _get_missing(self, part, record):
        """The labels of the fields that a record lacks."""
        optional = MAY_BE_EMPTY[self.meeting_state or "planned"]
        row = dict(zip(FIELDS[part], record.values, strict=True))
        labels = self._get_labels()
        missing = [
            labels[name] for name, value in row.items() if value in (None, "") and name not in optional
        ]
        if row.get("nik") and not is_national_id(row["nik"]):
            missing.append(self.env._("national id (NIK) of 16 digits"))
        return missing

    def _prepare_problem(self, part, record, missing):
        return {
            "part": part,
            "res_model": MODELS[part],
            "res_id": record.id,
            "name": record.name,
            "problem": self.env._("Missing: %s", ", ".join(missing)),
        }

    def _get_labels(self):
        """What a user calls the fields that people enter."""
        return {
            **{name: name for fields in FIELDS.values() for name in fields},
            "nama": self.env._("name"),
            "nik": self.env._("national id (NIK)"),
            "kode_wilayah": self.env._("region code of the address"),
            "jenis_kelamin": self.env._("sex"),
            "tanggal_terdaftar": self.env._("date of joining"),
            "pekerjaan": self.env._("occupation"),
            "urutan_rat": self.env._("number of the meeting"),
            "tanggal_rat": self.env._("date of the meeting"),
            "jumlah_peserta_rat": self.env._("number of participants"),
            "laporan_posisi_keuangan": self.env._("file of the statement of financial position"),
            "laporan_hasil_usaha": self.env._("file of the statement of surplus"),
            "rapb_posisi_keuangan": self.env._("file of the budget of financial position"),
            "rapb_hasil_usaha": self.env._("file of the budget of surplus"),
        }
