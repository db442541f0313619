"""Who belongs to the co-op. Every name is invented: two lists of common Indonesian names,
combined by a fixed rule. A likeness to a person is chance."""

from dataclasses import dataclass
from datetime import date

from .year import JOINING_DAYS

FIRST = (  # noqa: SIM905  # easier to read than a list
    "Agus Ani Arif Asep Ayu Bagus Bambang Bayu Budi Cahya Dedi Dewi Dian Dwi Eka Endang Fajar Fitri "
    "Galih Gita Hadi Hendra Heri Ida Imam Indah Intan Jaka Kartika Lina Made Maya Nanda Nia Novi "
    "Nur Putri Putu Rahmat Rani Ratna Rina Rizki Rudi Sari Sinta Siti Slamet Sri Surya Teguh Tono "
    "Tri Tuti Umi Wahyu Wayan Yanti Yoga Yuni"
).split()
LAST = (  # noqa: SIM905  # easier to read than a list
    "Anggraini Ardiansyah Astuti Aryani Basuki Cahyono Darmawan Fauzi Firmansyah Gunawan Halim "
    "Handayani Hapsari Harahap Hartono Hasanah Hidayat Irawan Iskandar Kurniawan Kusuma Laksono "
    "Lubis Mahardika Marlina Maulana Mulyadi Nainggolan Nasution Nugroho Oktaviani Pamungkas "
    "Permata Pertiwi Pradana Prasetyo Pratama Purnomo Purwanti Rahayu Rahman Ramadhan Ritonga "
    "Saputra Saragih Setiawan Siregar Sitorus Subagyo Suhendra Sulistyo Suryani Susanti Syahputra "
    "Utami Wibowo Wicaksono Wijaya Wulandari Yulianto"
).split()
# Without a common divisor with the number of combinations, so that none comes twice.
STRIDE = 1579

PRODUCERS, WORKERS, INVESTORS = 12, 8, 4


@dataclass(frozen=True)
class Person:
    number: str
    name: str
    class_code: str
    joined: date


def name_of(place):
    """
    >>> name_of(0), name_of(1), name_of(2)
    ('Agus Anggraini', 'Gita Mulyadi', 'Rahmat Susanti')
    """
    pick = place * STRIDE % (len(FIRST) * len(LAST))
    return f"{FIRST[pick % len(FIRST)]} {LAST[pick // len(FIRST)]}"


def consumer_number(household):
    """The member number of a household of the data.

    >>> consumer_number(900)
    'KON-0900'
    """
    return f"KON-{household:04d}"


def people(households):
    """All members: the households first, then the other classes."""
    numbers = [("KON", consumer_number(household)) for household in households]
    for class_code, count in (("PRO", PRODUCERS), ("KRJ", WORKERS), ("INV", INVESTORS)):
        width = len(str(count))
        numbers += [(class_code, f"{class_code}-{n:0{width}d}") for n in range(1, count + 1)]
    return [
        Person(number, name_of(place), class_code, JOINING_DAYS[place % len(JOINING_DAYS)])
        for place, (class_code, number) in enumerate(numbers)
    ]
