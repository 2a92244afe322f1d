"""What the service in this container says of itself: `healthcheck.py [/live | /ready | /progress]`; exit 0 if it is well.

The image's HEALTHCHECK, and what the runbooks ask. It asks the service's own metrics port, as a Kubernetes probe would.
"""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 4.0


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else "/live"
    port = os.environ.get("STORYLINE_METRICS_PORT", "9464")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=SECONDS) as answer:
            sys.stdout.write(answer.read().decode())
    except urllib.error.HTTPError as refused:
        sys.exit(refused.read().decode().strip() or f"{path} on port {port}: {refused}")
    except (urllib.error.URLError, OSError, ValueError) as error:
        sys.exit(f"{path} on port {port}: {error}")


if __name__ == "__main__":
    main()
