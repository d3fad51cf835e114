"""Keeps a learner's process from ending others, where Linux can do that: a filter of system calls.

It says no to signals for other processes than its own, to changing their limits and to looking into them. On
other systems, and where the filter is refused, there is none: whoever grades many starts a process between
(`worker.py`).
"""

from __future__ import annotations

import errno
import os
import platform
import struct
import sys

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NUMBERS = {
    "x86_64": {"own": (62, 200, 234, 129, 297, 302), "never": (424, 101, 311)},
    "aarch64": {"own": (129, 130, 131, 138, 240, 261), "never": (424, 117, 271)},
}
"""Of system calls. own: kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo and prlimit64, whose first
argument is a process: only its own. never: pidfd_send_signal, ptrace and process_vm_writev."""
OTHER_NUMBERS = 0x40000000
"""From here on are the calls of another convention of the same processor."""
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
AT_NUMBER, AT_ARCHITECTURE, AT_ARGUMENT = 0, 4, 16
SET_NO_NEW_PRIVILEGES, SET_FILTER, MODE_FILTER = 38, 22, 2


def confine() -> bool:
    """From now on, for this process and all it starts; whether the system does it."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in ARCHITECTURES or sys.maxsize < 2**32:
        return False
    import ctypes

    program = _program(ARCHITECTURES[machine], NUMBERS[machine], os.getpid())
    code = ctypes.create_string_buffer(program, len(program))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    try:
        libc = ctypes.CDLL(None, use_errno=True)
    except OSError:
        return False
    asked = Filter(len(program) // 8, ctypes.addressof(code))
    if libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return not libc.prctl(SET_FILTER, MODE_FILTER, ctypes.byref(asked), 0, 0)


def _program(architecture: int, numbers: dict[str, tuple[int, ...]], pid: int) -> bytes:
    """The filter, eight bytes an instruction: what to do, where to go on if so and if not, a value."""
    own, never = numbers["own"], numbers["never"]
    lines = [
        (LOAD, 0, 0, AT_ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, AT_NUMBER),
        (JUMP_AT_LEAST, 0, 1, OTHER_NUMBERS),
        (RETURN, 0, 0, REFUSE),
    ]
    for number in never:
        lines += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    for place, number in enumerate(own):
        # To the look at the argument, beyond the other numbers and the answer that allows.
        lines.append((JUMP_EQUAL, len(own) - place, 0, number))
    lines += [
        (RETURN, 0, 0, ALLOW),
        (LOAD, 0, 0, AT_ARGUMENT),
        (JUMP_EQUAL, 2, 0, pid),
        (JUMP_EQUAL, 1, 0, 0),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
