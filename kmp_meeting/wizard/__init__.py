from . import meeting_proposal, meeting_second_call, resolution_decision, roll_call, voting_preset
