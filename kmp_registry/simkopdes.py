"""The files of SIMKOPDES, the national system of village co-operatives: names and order of the fields of its public sample schema.

The sample names the fields and no code lists; the words in them are those of the registers. Nothing here knows Odoo.
"""

import csv
import io
import json
import re
from decimal import Decimal

FIELDS = {
    "anggota": (
        "nama",
        "nik",
        "kode_wilayah",
        "jenis_kelamin",
        "status_keanggotaan",
        "tanggal_terdaftar",
        "pekerjaan",
    ),
    "simpanan": ("periode_pembayaran", "jumlah_simpanan", "status", "dibayar_pada"),
    "modal": ("nomor_perjanjian", "tipe_sumber", "nama_sumber", "tipe_modal", "jumlah", "tanggal_diterima"),
    "rat": (
        "urutan_rat",
        "tahun_buku",
        "tanggal_rat",
        "jumlah_peserta_rat",
        "status_rat",
        "tahap_rat",
        "laporan_posisi_keuangan",
        "laporan_hasil_usaha",
        "rapb_posisi_keuangan",
        "rapb_hasil_usaha",
    ),
}
# Province, regency, district and village, as the home ministry numbers them: 32.04.05.2001
REGION_CODE = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})\.?(\d{4})", re.ASCII)
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def region_code(text):
    """The code in its usual form with dots, or None where it has another form.

    >>> region_code("3204052001"), region_code("32.04.05.2001"), region_code("3204"), region_code("")
    ('32.04.05.2001', '32.04.05.2001', None, None)
    """
    found = REGION_CODE.fullmatch((text or "").strip())
    return ".".join(found.groups()) if found else None


def to_json(parts):
    """Bytes of ``{part: [row, ...]}``; a row is a tuple in the order of FIELDS."""
    objects = {
        part: [dict(zip(FIELDS[part], map(_plain, row), strict=True)) for row in rows]
        for part, rows in parts.items()
    }
    return (json.dumps(objects, ensure_ascii=False, indent=2) + "\n").encode()


def to_csv(part, rows):
    """Bytes of one part, with its heading. A text that a spreadsheet would take for a formula begins with an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(FIELDS[part])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode()


def _plain(value):
    """What JSON holds: an amount in whole rupiah as a number, one with decimals as exact text.

    >>> _plain(Decimal("50000.00")), _plain(Decimal("0.50")), _plain(None), _plain("Ani")
    (50000, '0.50', None, 'Ani')
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value if value is None or isinstance(value, int | str) else str(value)


def _cell(value):
    """
    >>> _cell("=cmd|' /C calc'!A0"), _cell(None), _cell(Decimal("50000.00"))
    ("'=cmd|' /C calc'!A0", '', 50000)
    """
    plain = _plain(value)
    if isinstance(plain, str) and plain.startswith(FORMULA_SIGNS):
        return f"'{plain}"
    return "" if plain is None else plain
