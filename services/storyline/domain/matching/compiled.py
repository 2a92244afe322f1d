"""What is compiled to WebAssembly from the C sources beside it: loads it, and finds its columns.

Not to machine code, which would be another for each system and processor, nor when it is first called, which takes
seconds and a folder to write to. WebAssembly is ready in a few milliseconds, and its floating-point numbers are the
same everywhere, bit for bit.
"""

import atexit
import weakref
from collections.abc import Callable, Mapping
from ctypes import POINTER, byref
from functools import lru_cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import Fatal

if TYPE_CHECKING:
    from wasmtime import Engine, Module, Store

PAGE_BYTES = 1 << 16
"""WebAssembly's memory grows by these."""


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
        self._shapes = columns
        self._functions: dict[str, Callable[[], None]] = {}
        self._look()

    def _look(self) -> None:
        self.columns = {name: self._column(at, *shape) for at, (name, shape) in enumerate(self._shapes.items())}
        self.views: dict[str, Any] = {name: memoryview(each) for name, each in self.columns.items()}
        """The same: a memory view takes and gives single numbers in less time than numpy does."""

    def _column(self, at: int, dtype: str, length: int) -> Any:
        begin, size = self._exports["column"](self._store, at), length * np.dtype(dtype).itemsize
        return np.frombuffer(self._exports["memory"].get_buffer_ptr(self._store, size, begin), dtype)

    def call(self, name: str) -> None:
        """Call a function. It costs less the less it takes along, so it reads and writes columns.

        Raises wasmtime.Trap where it goes wrong.
        """
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = _function(self._store, self._exports[name])
        function()

    def grow(self, size: int) -> None:
        """Give it so many bytes more. Columns and views are others then. Raises Fatal beyond 4 GB."""
        from wasmtime import WasmtimeError

        try:
            self._exports["memory"].grow(self._store, -(-size // PAGE_BYTES))
        except WasmtimeError as problem:
            raise Fatal(
                "the live stories of a space need more than the 4 GB they may have, or than there is "
                f"({str(problem).splitlines()[0]}): lower STORYLINE_MATCHER_STORIES_MAX or give the process more memory"
            ) from problem
        self._look()


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


def _function(store: "Store", function: Any) -> Callable[[], None]:
    """A function without arguments, called at once: what the library looks up each time takes longer than most calls.

    If it has that under other names one day, its own call does.
    """
    from wasmtime import Trap, WasmtimeError

    try:
        from wasmtime import _ffi

        call, context, address = _ffi.wasmtime_func_call, store._context(), byref(function._func)
        a_trap = POINTER(_ffi.wasm_trap_t)
    except (ImportError, AttributeError):
        return partial(function, store)

    def at_once() -> None:
        trap = a_trap()
        if error := call(context, address, None, 0, None, 0, byref(trap)):
            raise WasmtimeError._from_ptr(error)
        if trap:
            raise Trap._from_ptr(trap)

    return at_once


def _instance(file: str) -> "tuple[Store, Any]":
    from wasmtime import Instance, Store, WasmtimeError

    try:
        module = _module(file)
        store = Store(_engine())
        return store, Instance(store, module, []).exports(store)
    except WasmtimeError as problem:
        raise Fatal(
            f"texts can't be read or compared: {str(problem).splitlines()[0]}; let this process make memory executable "
            "(systemd: no MemoryDenyWriteExecute) and reserve 4 GB of addresses for each language, and 8 for each "
            "space (ulimit -v unlimited; sysctl vm.max_map_count: ten mappings for each)"
        ) from problem


def check() -> None:
    """Raises Fatal where nothing of it could run."""
    for file in ("reading.wasm", "finding.wasm", "comparing.wasm"):
        store, _ = _instance(file)
        store.close()
