"""The benchmarks by name, in the order in which they run."""

BENCHMARKS = {
    "register": "bench.register",
    "member_import": "bench.member_import",
    "dues": "bench.dues",
    "surplus": "bench.surplus",
    "dashboard": "bench.dashboard",
    "audit": "bench.audit",
    "convocation": "bench.convocation",
    "ballots": "bench.ballots",
    "portal": "bench.portal",
    "statements": "bench.statements",
    "pack": "bench.pack",
}
