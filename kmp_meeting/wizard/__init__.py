from . import meeting_second_call, resolution_decision, roll_call, voting_preset
