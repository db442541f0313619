from . import (
    test_attendance,
    test_ballot,
    test_bylaws,
    test_election,
    test_meeting,
    test_minutes,
    test_portal,
    test_portal_vote,
    test_resolution,
    test_security,
    test_voting_rule,
)
