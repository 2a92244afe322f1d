"""How far behind a group is and whether that is all right: rules and measures over what was seen, all of it pure.

`rules` are Burrow's, over a window of commits; `glance` decides from two looks; `measures` turns offsets and record
times into seconds, rates and warnings; `window` is what is remembered of one partition.
"""
