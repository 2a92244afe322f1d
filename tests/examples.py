"""How many examples a property test tries: its own usual number, or that of STORYLINE_TEST_EXAMPLES.

STORYLINE_TEST_EXAMPLES=1000 .venv/bin/python -m pytest tests/property/test_leaks.py --hypothesis-seed=1
"""

import os


def examples(usual: int) -> int:
    return int(os.environ.get("STORYLINE_TEST_EXAMPLES") or usual)
