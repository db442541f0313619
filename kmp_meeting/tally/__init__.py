"""How votes become a decision, in exact arithmetic, without Odoo and without any package.

    ``shares``     2/3, 20%, more than a half: as by-laws write them
    ``weights``    the weights of the classes, between floor and cap
    ``rule``       the voting rules of the by-laws, and what they must keep
    ``quorum``     whether enough have come
    ``motion``     yes or no, in two tiers
    ``election``   candidates for seats, in two tiers
    ``record``     a vote as plain values, and computed again from them
    ``steps``      how the weights in a record came about, for readers
    ``canonical``  what is frozen, as bytes
    ``messages``   sentences that somebody can translate

Two tiers: within a class each member has one vote; what the class decided goes to the plenary with the weight that the
by-laws give it (UU 25/1992 art. 24 gives each member one vote in a primary co-op, so the weight is a practice of
multi-stakeholder co-ops that their by-laws must contain). Every step is kept in the result, so that it can be shown.
"""

from .canonical import digest, json_bytes, roll_bytes
from .election import ElectionCount, ElectionTally, tally_election
from .messages import Message, TallyError
from .motion import MotionCount, MotionTally, tally_motion
from .quorum import Attendance, is_quorate, quorum
from .record import record_election, record_motion, replay
from .rule import ClassRule, Rule, validate_rule
from .shares import Threshold, parse_share, percent_text, ratio_text
from .steps import weight_steps
from .weights import weigh

__all__ = [
    "Attendance",
    "ClassRule",
    "ElectionCount",
    "ElectionTally",
    "Message",
    "MotionCount",
    "MotionTally",
    "Rule",
    "TallyError",
    "Threshold",
    "digest",
    "is_quorate",
    "json_bytes",
    "parse_share",
    "percent_text",
    "quorum",
    "ratio_text",
    "record_election",
    "record_motion",
    "replay",
    "roll_bytes",
    "tally_election",
    "tally_motion",
    "validate_rule",
    "weigh",
    "weight_steps",
]
