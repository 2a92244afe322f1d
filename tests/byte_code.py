"""Byte code is kept, as where a service is installed, also if this process was told not to write any.

Compiled anew, the start of a service costs 3 to 5 s of CPU and not 1.4; a recovery that waits for a start, and a test
that starts many, take that much longer.
"""

import os
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

FOLDER = Path(tempfile.gettempdir()) / f"storyline-byte-code-{os.getuid()}"


def keep(environment: MutableMapping[str, str]) -> None:
    """For every Python started with this environment."""
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault("PYTHONPYCACHEPREFIX", str(FOLDER))
