"""Why a proposed wording isn't taken: each reason once, as metrics, logs and the model itself are told it."""

UNGROUNDED = "a sentence has words, signs or an order that its source has not"
CITATIONS = "a sentence doesn't cite what it rests on"
LOST = "a sentence of the section is left out or told in another order"
REPEATED = "a sentence repeats another"
UNCHANGED = "the wording is the same"
CONNECTIVE = "the section begins with a connective"
MISSING = "there is no such story"
MERGED = "the story is merged"
GONE = "the story has no such section"
LOCKED = "the section is locked"
CHANGED = "the section has changed since"
HEADING = "headings are not reworded"

REFUSALS = (
    UNGROUNDED, CITATIONS, LOST, REPEATED, UNCHANGED, CONNECTIVE, MISSING, MERGED, GONE, LOCKED, CHANGED, HEADING,
)  # fmt: skip
