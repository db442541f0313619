"""Schemes to start from: ordinary drafts once applied, free to change.

What a law or by-laws ask for stands in the citation of the line. Where they leave a percentage to the
meeting, the line says that it is an example.
"""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class LinePreset(NamedTuple):
    """A line as `kmp.shu.scheme.line` has it; `cap` is `(measure, value, reference, excess)`, and
    `roles` are the percentages of the classes by their role."""

    code: str
    name: object
    kind: str
    percent: float
    citation: object
    of: str = ""
    part: str = "surplus"
    floor: float = 0
    cap: tuple = ()
    condition: object = ""
    capital_base: str = "closing"
    roles: tuple = ()


class SchemePreset(NamedTuple):
    name: object
    source: object
    lines: tuple


EXAMPLE = _lt("An example: the meeting sets the percentage (UU 25/1992 art. 45).")
MEETING = _lt("An example: the by-laws or the meeting set the percentage.")
BYLAWS = _lt("Practice: the by-laws of a multi-stakeholder co-operative.")
SCIC = _lt("France, SCIC: at least 57.5% to the indivisible reserve (15% legal + 42.5%).")
SCIC_OTHERS = _lt("France, SCIC: non-member surplus is excluded.")
ITALY = _lt("Italy: 30% legal reserve, 3% mutual fund.")
CATALONIA = _lt("Catalonia: 20% FRO reserve, 10% education.")
PHILIPPINES = _lt("Philippines: reserve at least 10%, education at most 10%.")
FAIRSHARES = _lt("FairShares: 30% reserve, then 35/35/30 between classes. Which classes is an example.")
SUBCHAPTER_T = _lt(
    "USA, Subchapter T: at least 20% of a qualified patronage refund in cash, the rest kept as equity."
)

RESERVE = _lt("Reserve (cadangan)")
EDUCATION = _lt("Education fund (dana pendidikan)")
SOCIAL = _lt("Social fund (dana sosial)")
ON_CAPITAL = _lt("Return on capital (jasa modal)")
ON_BUSINESS = _lt("Patronage refund (jasa usaha)")

PRESETS = {
    "uu25": SchemePreset(
        _lt("Co-operative by UU 25/1992"),
        _lt(
            "UU 25/1992 art. 45: after the reserve, the surplus is shared in proportion to member business, "
            "besides education and other uses. No percentage is statutory; these are examples."
        ),
        (
            LinePreset("R", RESERVE, "reserve", 30, EXAMPLE),
            LinePreset("JM", ON_CAPITAL, "capital", 20, EXAMPLE),
            LinePreset("JU", ON_BUSINESS, "patronage", 40, EXAMPLE),
            LinePreset("PDK", EDUCATION, "fund", 5, EXAMPLE),
            LinePreset("SOS", SOCIAL, "fund", 5, EXAMPLE),
        ),
    ),
    "kmp": SchemePreset(
        _lt("Multi-stakeholder by-laws (KMP)"),
        _lt(
            "Practice, the by-laws of a multi-stakeholder co-operative: 25% reserve, 45% patronage, at most 10% on "
            "capital, 10% research, 5% social, 5% management incentive that falls back to the reserve if the "
            "targets are missed."
        ),
        (
            LinePreset("R", RESERVE, "reserve", 25, BYLAWS),
            LinePreset("JU", ON_BUSINESS, "patronage", 45, BYLAWS),
            LinePreset("JM", ON_CAPITAL, "capital", 10, BYLAWS, cap=("surplus", 10, "", "R")),
            LinePreset("RND", _lt("Research (riset)"), "fund", 10, BYLAWS),
            LinePreset("SOS", SOCIAL, "fund", 5, BYLAWS),
            LinePreset(
                "INS",
                _lt("Management incentive (insentif pengelola)"),
                "fund",
                5,
                BYLAWS,
                cap=("", 0, "", "R"),
                condition=_lt("The targets of the year were met"),
            ),
        ),
    ),
    "kdmp": SchemePreset(
        _lt("Village co-operative (KDMP)"),
        _lt(
            "Permendes 10/2025: at least 20% of the annual net result goes to the village as imbal jasa. What that "
            "is a percentage of is not fixed; here it is the surplus. The other percentages are examples."
        ),
        (
            LinePreset(
                "IJD",
                _lt("Village share (imbal jasa desa)"),
                "fund",
                20,
                _lt("Permendes 10/2025: at least 20% of the annual net result."),
                floor=20,
            ),
            LinePreset("R", RESERVE, "reserve", 30, EXAMPLE),
            LinePreset("JM", ON_CAPITAL, "capital", 15, EXAMPLE),
            LinePreset("JU", ON_BUSINESS, "patronage", 30, EXAMPLE),
            LinePreset("PDK", EDUCATION, "fund", 5, EXAMPLE),
        ),
    ),
    "scic": SchemePreset(
        _lt("France: SCIC"),
        _lt(
            "At least 57.5% indivisible reserve (15% legal + 42.5%); interest on shares at most 42.5%; non-member "
            "surplus excluded."
        ),
        (
            LinePreset("RL", _lt("Legal reserve"), "reserve", 15, SCIC, part="member", floor=15),
            LinePreset("RS", _lt("Statutory reserve"), "reserve", 42.5, SCIC, part="member", floor=42.5),
            LinePreset(
                "JM",
                _lt("Interest on shares"),
                "capital",
                42.5,
                _lt("France, SCIC: interest on shares at most 42.5%."),
                part="member",
                cap=("surplus", 42.5, "", "RS"),
            ),
            LinePreset(
                "RN", _lt("Reserve of non-member surplus"), "reserve", 100, SCIC_OTHERS, part="non_member"
            ),
        ),
    ),
    "italy": SchemePreset(
        _lt("Italy: ristorno"),
        _lt("30% legal reserve, 3% mutual fund; ristorno by quantity and quality, payable as capital."),
        (
            LinePreset("R", _lt("Legal reserve"), "reserve", 30, ITALY, floor=30),
            LinePreset("FM", _lt("Mutual fund"), "fund", 3, ITALY, floor=3),
            LinePreset(
                "RIS",
                _lt("Ristorno"),
                "patronage",
                67,
                _lt(
                    "Italy: ristorno by quantity and quality, payable as capital. The weights of quality stand in the "
                    "patronage basis; the percentage is an example."
                ),
            ),
        ),
    ),
    "catalonia": SchemePreset(
        _lt("Spain: Catalonia"),
        _lt(
            "20% FRO reserve, 10% education; fixed-asset gains 100% reserve. Such gains are no business with members: "
            "they stand in the non-member part, which the example keeps whole."
        ),
        (
            LinePreset("FRO", _lt("FRO reserve"), "reserve", 20, CATALONIA, part="member", floor=20),
            LinePreset("PDK", EDUCATION, "fund", 10, CATALONIA, part="member", floor=10),
            LinePreset("RET", _lt("Patronage return"), "patronage", 70, MEETING, part="member"),
            LinePreset(
                "RN",
                _lt("Reserve of fixed-asset gains"),
                "reserve",
                100,
                _lt(
                    "Catalonia: fixed-asset gains 100% reserve. Keeping the rest of this part, too, is an example."
                ),
                part="non_member",
            ),
        ),
    ),
    "philippines": SchemePreset(
        _lt("Philippines"),
        _lt("Reserve at least 10%, education at most 10%; patronage rate at most 2 times the capital rate."),
        (
            LinePreset("R", RESERVE, "reserve", 20, PHILIPPINES, floor=10),
            LinePreset("PDK", EDUCATION, "fund", 10, PHILIPPINES, cap=("surplus", 10, "", "R")),
            LinePreset("JM", _lt("Interest on share capital"), "capital", 30, MEETING),
            LinePreset(
                "JU",
                ON_BUSINESS,
                "patronage",
                40,
                _lt(
                    "Philippines: patronage rate at most 2 times the capital rate. The percentage is an example."
                ),
                cap=("rate", 2, "JM", "R"),
            ),
        ),
    ),
    "fairshares": SchemePreset(
        _lt("FairShares"),
        _lt("30% reserve, then 35/35/30 between classes: workers, users and investors as an example."),
        (
            LinePreset("R", RESERVE, "reserve", 30, FAIRSHARES),
            LinePreset("M", _lt("Members"), "group", 70, FAIRSHARES),
            LinePreset("JK", _lt("Workers"), "patronage", 35, FAIRSHARES, of="M", roles=(("worker", 100),)),
            LinePreset("JU", _lt("Users"), "patronage", 35, FAIRSHARES, of="M", roles=(("consumer", 100),)),
            LinePreset("JM", _lt("Investors"), "capital", 30, FAIRSHARES, of="M", roles=(("investor", 100),)),
        ),
    ),
    "subchapter_t": SchemePreset(
        _lt("USA: Subchapter T"),
        _lt(
            "At least 20% of a qualified patronage refund in cash, rest retained as equity; revolving by age. Pay the "
            "first line out, and turn the second into shares."
        ),
        (
            LinePreset("R", RESERVE, "reserve", 0, _lt("Takes what rounding leaves.")),
            LinePreset("TUN", _lt("Patronage refund in cash"), "patronage", 20, SUBCHAPTER_T, floor=20),
            LinePreset("EKU", _lt("Patronage refund kept as equity"), "patronage", 80, SUBCHAPTER_T),
        ),
    ),
}
