"""Starting points for voting rules: ordinary records once applied, free to change. Quorum and notice are not preset: by-laws set them."""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class ClassLine(NamedTuple):
    """What a class gets in a preset."""

    weight: str = ""
    floor: str = ""
    cap: str = ""
    has_veto: bool = False


class VotingPreset(NamedTuple):
    """``line`` is for every class, ``by_role`` for classes of a role; ``class_count`` is how many classes it is made for, if any."""

    name: object
    source: object
    weight_source: str
    transfer: str
    line: ClassLine | None = None
    by_role: dict | None = None
    class_count: int = 0


PRESETS = {
    "one_vote": VotingPreset(
        _lt("One member, one vote"),
        _lt("UU 25/1992 art. 24: consensus, else by majority; each member has one vote."),
        "votes",
        "proportional",
    ),
    "kmp": VotingPreset(
        _lt("Multi-stakeholder co-operative: five classes with 20% each"),
        _lt(
            "Practice of one Indonesian multi-stakeholder co-operative: five classes with 20% of the votes each; the meetings of the "
            "classes give a mandate to the plenary."
        ),
        "fixed",
        "winner",
        ClassLine(weight="20%"),
        class_count=5,
    ),
    "scic": VotingPreset(
        _lt("Colleges as in a French SCIC: 10% to 50% each"),
        _lt(
            "In a SCIC the members may form colleges that hold 10% to 50% of the votes each. Equal weights are an example."
        ),
        "equal",
        "proportional",
        ClassLine(floor="10%", cap="50%"),
    ),
    "italy": VotingPreset(
        _lt("Investors at most a third, as in Italy"),
        _lt(
            "In Italian co-operatives investors have at most 1/3 of the votes. The other members have one vote each."
        ),
        "votes",
        "proportional",
        by_role={"investor": ClassLine(cap="1/3")},
    ),
    "fairshares": VotingPreset(
        _lt("One member, one vote, with a veto of each class (FairShares)"),
        _lt("FairShares model rules: one person, one vote; a class may veto."),
        "votes",
        "proportional",
        ClassLine(has_veto=True),
    ),
}


def line_for(preset, role):
    """The ClassLine of a class with this role; None where the preset says nothing about it."""
    return (preset.by_role or {}).get(role, preset.line)
