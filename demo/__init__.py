"""One co-op's real year: from an empty database to a posted distribution, and what it prints.

``python -m demo`` (``make demo``) makes the database anew, fills the year 2017 of an invented
multi-stakeholder rice co-op and closes it. One idea per file; ``__main__`` tells the story.
"""
