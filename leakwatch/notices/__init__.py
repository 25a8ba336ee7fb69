"""Telling people that something waits for them: by file, mail, robot or program of the house.

A notice holds counts, numbers of leads and a link; whoever reads it over a shoulder learns nothing.
"""

from leakwatch.notices.ways import Start, Way, take_secrets, ways
from leakwatch.notices.words import AUDIENCE, Notice, Subject

__all__ = ["AUDIENCE", "Notice", "Start", "Subject", "Way", "take_secrets", "ways"]
