"""The words of the minutes and lists. They are Indonesian whatever the reader's language. Nothing here knows Odoo."""

from types import SimpleNamespace

from babel.dates import format_datetime

from odoo.addons.kmp_membership.report import indonesian

LOCALE = indonesian.LOCALE
KINDS = {
    "annual": "Rapat Anggota Tahunan",
    "extraordinary": "Rapat Anggota Luar Biasa",
    "class": "Rapat Anggota Kelompok",
    "plenary": "Rapat Anggota Paripurna",
}
CALLS = {"first": "panggilan pertama", "second": "panggilan kedua"}
RESOLUTION_KINDS = {"ordinary": "Keputusan biasa", "special": "Keputusan khusus", "election": "Pemilihan"}
METHODS = {
    "consensus": "musyawarah mufakat",
    "hands": "pemungutan suara terbuka (angkat tangan)",
    "ballot": "pemungutan suara dengan surat suara bernama",
    "secret": "pemungutan suara rahasia",
    "mandate": "mandat rapat anggota kelompok",
}
RESULTS = {"carried": "DITERIMA", "rejected": "TIDAK DITERIMA", "tied": "SUARA IMBANG"}
REASONS = {
    "consensus": "mufakat",
    "majority": "mayoritas tercapai",
    "no_majority": "mayoritas tidak tercapai",
    "veto": "veto kelompok",
    "tie": "suara setuju dan tidak setuju sama banyak",
    "casting_vote": "diputuskan oleh pimpinan rapat",
    "votes": "suara terbanyak",
    "lot": "diundi",
    "no_votes": "tidak ada suara",
}
CLASS_RESULTS = {"yes": "setuju", "no": "tidak setuju", "open": "imbang"}
DENOMINATORS = {
    "all": "semua anggota dalam daftar pemilih",
    "present": "anggota yang hadir atau diwakili",
    "cast": "suara setuju dan tidak setuju yang diberikan",
}
ELECTION_DENOMINATORS = DENOMINATORS | {"cast": "surat suara yang menyebut nama"}
TRANSFERS = {
    "winner": "pihak yang menang dalam kelompok memperoleh seluruh bobot kelompok itu",
    "proportional": "bobot kelompok dibagi menurut perbandingan suaranya",
}
WEIGHTS = {
    "fixed": "bobot kelompok yang tidak dihitung beralih ke kelompok lain menurut perbandingan bobotnya",
    "equal": "setiap kelompok yang dihitung berbobot sama",
    "votes": "bobot kelompok sebanyak suaranya yang dihitung",
}
BOUNDS = {"floor": "batas bawah", "cap": "batas atas"}


def percent(text):
    """A percent as Indonesians write it.

    >>> percent("33.33%")
    '33,33%'
    """
    return (text or "").replace(".", ",")


def moment(value, zone):
    """Sunday 1 March 2026 at 09.00 as it is written: Minggu, 1 Maret 2026 pukul 09.00.

    :param value: a naive datetime in UTC
    """
    return format_datetime(value, "EEEE, d MMMM y 'pukul' HH.mm", tzinfo=zone, locale=LOCALE) if value else ""


# What a template may call: QWeb takes no module.
TEXT = SimpleNamespace(
    percent=percent,
    moment=moment,
    words=indonesian.words,
    count=indonesian.count,
    date=indonesian.date,
    kinds=KINDS,
    calls=CALLS,
    resolution_kinds=RESOLUTION_KINDS,
    methods=METHODS,
    results=RESULTS,
    reasons=REASONS,
    class_results=CLASS_RESULTS,
    denominators=DENOMINATORS,
    election_denominators=ELECTION_DENOMINATORS,
    transfers=TRANSFERS,
    weights=WEIGHTS,
    bounds=BOUNDS,
)
