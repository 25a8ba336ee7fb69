"""Where one document turned up: which findings speak of it, what joined them, who posted it first.

Pure: postings, with prints of their pictures and texts, come in; matters and time lines come out.
"""

from leakwatch.spread.joining import join
from leakwatch.spread.postings import How, Join, Matter, Posting
from leakwatch.spread.texts import TextPrint
from leakwatch.spread.timeline import Row, Timeline, timeline

__all__ = ["How", "Join", "Matter", "Posting", "Row", "TextPrint", "Timeline", "join", "timeline"]
