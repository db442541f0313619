"""Starting points for a co-operative: ordinary records once applied, free to change. No amount is preset: by-laws set amounts."""

from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class ClassPreset(NamedTuple):
    code: str
    name: object
    role: str
    vote_weight: float = 0


class SharePreset(NamedTuple):
    code: str
    name: object
    kind: str


class Preset(NamedTuple):
    name: object
    source: object
    classes: tuple
    shares: tuple


POKOK = SharePreset("SP", _lt("Membership share"), "membership")
WAJIB = SharePreset("SW", _lt("Compulsory contribution"), "compulsory")
SUKARELA = SharePreset("SS", _lt("Voluntary savings"), "voluntary")
PENYERTAAN = SharePreset("MP", _lt("Participation capital"), "participation")

PRODUCERS = ClassPreset("PRD", _lt("Producers"), "producer")
CONSUMERS = ClassPreset("KNS", _lt("Consumers"), "consumer")
WORKERS = ClassPreset("PKJ", _lt("Workers"), "worker")
INVESTORS = ClassPreset("INV", _lt("Investors"), "investor")
MEMBERS = ClassPreset("AGT", _lt("Members"), "consumer")

PRESETS = {
    "kmp": Preset(
        _lt("Multi-stakeholder co-operative, four classes"),
        _lt(
            "Permenkop UKM 8/2021 asks for at least two classes, grouped by role. The four classes are an example."
        ),
        (PRODUCERS, CONSUMERS, WORKERS, INVESTORS),
        (POKOK, WAJIB, SUKARELA, PENYERTAAN),
    ),
    "kdmp": Preset(
        _lt("Village co-operative (KDMP)"),
        _lt("The people of a village as one class; share types as UU 25/1992 art. 41 names them."),
        (MEMBERS,),
        (POKOK, WAJIB, SUKARELA),
    ),
    "worker": Preset(
        _lt("Worker co-operative"),
        _lt("Those who work own it: one class. Share types as UU 25/1992 art. 41 names them."),
        (WORKERS,),
        (POKOK, WAJIB),
    ),
    "consumer": Preset(
        _lt("Consumer co-operative"),
        _lt("Those who buy own it: one class. Share types as UU 25/1992 art. 41 names them."),
        (CONSUMERS,),
        (POKOK, WAJIB, SUKARELA),
    ),
    "scic": Preset(
        _lt("Colleges as in a French SCIC"),
        _lt(
            "In a SCIC the members may form colleges that hold 10% to 50% of the votes each. Equal weights are an example."
        ),
        (
            ClassPreset("FDR", _lt("Founders"), "founder", 20),
            ClassPreset("PKJ", _lt("Workers"), "worker", 20),
            ClassPreset("PRD", _lt("Producers"), "producer", 20),
            ClassPreset("KNS", _lt("Users"), "consumer", 20),
            ClassPreset("LOK", _lt("Local partners"), "other", 20),
        ),
        (POKOK, PENYERTAAN),
    ),
}
