"""Compiling with numba: code that is kept on disk, and arrays without reference counts.

A module that imports this one is a kernel module. All kernel modules, and whatever they import
from this package, have one stamp (`stamp`): after an edit of any of them everything is compiled
anew. Kernels may therefore stand in several modules and call each other across them. What was
compiled lies in the user's cache folder (`folder`), a file for each function and set of
arguments (`keeping`); nothing is written beside the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np import arrayobj

from simcenter.compiling.keeping import Kept

__all__ = ["borrowed", "found_at", "inlined", "inner", "kept"]

nb: Any = numba  # its types leave out the options below
cg: Any = cgutils
arrays: Any = arrayobj

inner: Any = nb.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Compiles a function that only compiled code calls: nothing is made for Python to call it."""

inlined: Any = nb.njit(forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""The same for a function that becomes part of whoever calls it.

LLVM puts it there: it is translated once. (numba's own ``inline="always"`` translates it anew
wherever it is called, which takes longer, and the code is no faster.)
"""


def kept(function: Callable[..., Any]) -> Any:
    """Compile a function without the GIL; keep the code for the next process if possible."""
    compiled: Any = nb.njit(nogil=True, no_cfunc_wrapper=True)(function)
    compiled._cache = Kept(function)  # as `enable_caching` does with numba's own
    return compiled


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
