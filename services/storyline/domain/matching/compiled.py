"""What is compiled to WebAssembly from the C sources beside it: loads it, and finds its columns.

Not to machine code, which would be another for each system and processor, nor when it is first called, which takes
seconds and a folder to write to. WebAssembly is ready in a few milliseconds, and its floating-point numbers are the
same everywhere, bit for bit.
"""

import atexit
import weakref
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import Fatal

if TYPE_CHECKING:
    from wasmtime import Engine, Module, Store


class Compiled:
    """A memory of its own, and the functions that work on it. Not thread-safe.

    4 GB of addresses are reserved for it, which save looking at each access whether it is inside; pages that nothing
    was written to take no memory.
    """

    def __init__(self, file: str, columns: Mapping[str, tuple[str, int]]) -> None:
        """`columns`: name → type and length, in the order of the C source.

        Raises Fatal where this process may not run it.
        """
        self._store, self._exports = _instance(file)
        weakref.finalize(self, self._store.close)
        self.columns = {name: self._column(at, *shape) for at, (name, shape) in enumerate(columns.items())}
        self.views: dict[str, Any] = {name: memoryview(each) for name, each in self.columns.items()}
        """The same: a memory view takes and gives single numbers in less time than numpy does."""

    def _column(self, at: int, dtype: str, length: int) -> Any:
        begin, size = self._exports["column"](self._store, at), length * np.dtype(dtype).itemsize
        return np.frombuffer(self._exports["memory"].get_buffer_ptr(self._store, size, begin), dtype)

    def call(self, name: str) -> None:
        """Call a function. It costs less the less it takes along, so it reads and writes columns."""
        self._exports[name](self._store)


@lru_cache(maxsize=1)
def _engine() -> "Engine":
    # Here, for who only reads profiles needs none of it.
    from wasmtime import Engine

    engine = Engine()
    atexit.register(engine.close)  # at the end of the process, as long as there is something to close it with
    return engine


@lru_cache
def _module(file: str) -> "Module":
    from wasmtime import Module

    module = Module(_engine(), files(__package__).joinpath(file).read_bytes())
    atexit.register(module.close)
    return module


def _instance(file: str) -> "tuple[Store, Any]":
    from wasmtime import Instance, Store, WasmtimeError

    try:
        module = _module(file)
        store = Store(_engine())
        return store, Instance(store, module, []).exports(store)
    except WasmtimeError as problem:
        raise Fatal(
            f"texts can't be read: {str(problem).splitlines()[0]}; let this process make memory executable (systemd: "
            "no MemoryDenyWriteExecute) and reserve 4 GB of addresses for each language and each space (ulimit -v "
            "unlimited)"
        ) from problem


def check() -> None:
    """Raises Fatal where nothing of it could run."""
    for file in ("reading.wasm", "comparing.wasm"):
        store, _ = _instance(file)
        store.close()
