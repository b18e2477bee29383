"""Compiling with numba: code that is kept on disk, and arrays without reference counts.

numba keeps code under the stamp of the one source file in which the function stands: it sees an
edit of whatever stands there and of nothing else. So a module that keeps a function defines all
that the function calls, and takes no constant from elsewhere; only what stands here is common.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

import numba
from numba.core import caching, cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

__all__ = ["beside", "borrowed", "found_at", "inlined", "inner", "kept"]

PATIENCE = 60.0
"""Seconds for which code is awaited that another process compiles: several times what it takes."""

nb: Any = numba  # its types leave out the options below
FunctionCache: Any = caching.FunctionCache
cg: Any = cgutils
arrays: Any = arrayobj

inner: Any = nb.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Compiles a function that only compiled code calls: nothing is made for Python to call it."""

inlined: Any = nb.njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""The same for a function that becomes part of whoever calls it.

LLVM puts it there: it is translated once. (numba's own ``inline="always"`` translates it anew
wherever it is called, which takes longer, and the code is no faster.)
"""


class _Cache(FunctionCache):  # type: ignore[misc]
    """numba's, but for which no state of the disk is a reason not to run.

    A full disk or a file cut short by a crash can fail in more ways than can be listed.

    Attributes
    ----------
    meanwhile
        Python code for another process to run while this function is compiled: it is to compile
        others, for which numba lets only one thread of a process at a time.
    helper
        That process, while it may still keep what is needed here.
    """

    helper: ClassVar[subprocess.Popen[bytes] | None] = None
    meanwhile = ""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what was kept; None, so that it is compiled, where that cannot be read."""
        until = time.monotonic() + PATIENCE
        while True:
            helper = _Cache.helper
            at_work = helper is not None and helper.poll() is None and time.monotonic() < until
            with suppress(Exception):
                found = super().load_overload(sig, target_context)
                if found is not None:
                    return found
            if not at_work:
                break
            time.sleep(0.02)
        _Cache.helper = None
        if self.meanwhile:
            _Cache.helper = _another_process(self.meanwhile)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, in place of a damaged index if need be, or not at all."""
        with suppress(Exception):
            super().save_overload(sig, data)
            return
        with suppress(Exception):
            self.flush()
            super().save_overload(sig, data)


def kept(function: Callable[..., Any]) -> Any:
    """Compile a function without the GIL; keep the code for the next process if possible."""
    compiled: Any = nb.njit(nogil=True, no_cfunc_wrapper=True)(function)
    with suppress(RuntimeError):  # no place to keep it: compiled in every process
        compiled._cache = _Cache(function)  # as `enable_caching` does with its own
    return compiled


def beside(function: Any, meanwhile: str) -> None:
    """Let another process run Python code while a function made by `kept` is compiled.

    It runs only where the function has to be compiled and can be kept. Until it ends, or for a
    minute, a function that has not been compiled is looked for among what it keeps.
    """
    if isinstance(getattr(function, "_cache", None), _Cache):
        function._cache.meanwhile = meanwhile


def _another_process(lines: str) -> subprocess.Popen[bytes] | None:
    """Start Python anew, with the same modules in reach; None where that cannot be done."""
    if not sys.executable or getattr(sys, "frozen", False):  # then it is not Python that starts
        return None
    nothing = subprocess.DEVNULL
    settings = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        started = subprocess.Popen(
            [sys.executable, "-c", lines],
            env=settings, stdin=nothing, stdout=nothing, stderr=nothing,
        )  # fmt: skip
    except OSError:
        return None
    atexit.register(_end, started)
    return started


def _end(process: subprocess.Popen[bytes]) -> None:
    """See to it that a process does not outlive this one."""
    process.kill()
    process.wait()


@intrinsic
def borrowed(_: Any, array: Any) -> Any:
    """Return the same array, owned by nobody: the caller keeps it alive.

    numba counts references to every array that a function is given, with an atomic operation
    each time; in the loop of the floor that was two fifths of all time. Whoever calls a kernel
    holds its arrays until it returns, so inside nobody need count.
    """

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = arrays.make_array(signature.args[0])(context, builder, arguments[0])
        found.meminfo = cg.get_null_value(found.meminfo.type)
        return found._getvalue()

    return array(array), build


@intrinsic
def found_at(_: Any, address: Any, place: Any, like: Any) -> Any:
    """Return one value, of the type of ``like``, of a column that begins at an address.

    So a kernel can be given any number of columns; whoever gives their addresses
    (``column.ctypes.data``) holds the columns until it returns.
    """
    kind = nb.types.unliteral(like)

    def build(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        model = context.data_model_manager[kind]
        column = builder.inttoptr(arguments[0], model.get_data_type().as_pointer())
        return model.load_from_data_pointer(builder, builder.gep(column, [arguments[1]]))

    return kind(address, place, like), build
