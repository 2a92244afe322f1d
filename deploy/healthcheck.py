"""Whether the service in this container is alive: exit 0 or 1, with one line that says why not.

The image's HEALTHCHECK. It asks the service's own metrics port, as a Kubernetes probe would.
"""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 4.0


def main() -> None:
    port = os.environ.get("STORYLINE_METRICS_PORT", "9464")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/live", timeout=SECONDS):
            return
    except (urllib.error.URLError, OSError, ValueError) as error:
        sys.exit(f"/live on port {port}: {error}")


if __name__ == "__main__":
    main()
