"""What the service in this container says of itself: `healthcheck.py [PATH | URL]`; exit 0 if it is well.

The image's HEALTHCHECK, and what the runbooks ask. A path, by default /live, is asked of the service's metrics port,
as a Kubernetes probe would; /ready and /progress name each problem in a line.
"""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 4.0
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""A proxy in the environment is for what the service asks outside."""


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else "/live"
    if url.startswith("/"):
        url = f"http://127.0.0.1:{os.environ.get('STORYLINE_METRICS_PORT', '9464')}{url}"
    if not url.startswith("http://127.0.0.1:"):
        sys.exit(f"{url}: give a path such as /ready, or an address that begins with http://127.0.0.1:")
    try:
        with DIRECTLY.open(url, timeout=SECONDS) as answer:
            sys.stdout.write(answer.read().decode())
    except urllib.error.HTTPError as refused:
        sys.exit(refused.read().decode().strip() or f"{url}: {refused}")
    except (urllib.error.URLError, OSError, ValueError) as error:
        sys.exit(f"{url}: {error}")


if __name__ == "__main__":
    main()
