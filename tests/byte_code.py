"""Byte code is kept, as where a service is installed, also if this process was told not to write any.

Compiled anew, the start of a service costs 3 to 5 s of CPU and not 1.4; a recovery that waits for a start, and a test
that starts many, take that much longer. The folder is in the working copy: who may write there could change the
source just as well.
"""

from collections.abc import MutableMapping
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".byte-code"


def keep(environment: MutableMapping[str, str]) -> None:
    """For every Python started with this environment."""
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault("PYTHONPYCACHEPREFIX", str(FOLDER))
