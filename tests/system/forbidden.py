# SPDX-License-Identifier: Apache-2.0
"""Makes a process that runs call the kernel as one would who broke into it: by ptrace, x86-64 alone."""
import ctypes
import os
import platform
import re
import signal

ATTACH, CONT, GETREGS, SETREGS = 16, 7, 12, 13
SETNS = 308
REGISTERS = ("r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
             "fs_base gs_base ds es fs gs").split()

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in REGISTERS]


def can_inject():
    """Whether this test may attach to processes that are not its children."""
    return platform.machine() == "x86_64" and os.geteuid() == 0


def ptrace(what, pid, data=None):
    if libc.ptrace(what, pid, None, data) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace {what}")


def syscall_instruction(pid):
    """An address at which the process has one, in libc or what the kernel put beside it."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            begin, end = (int(x, 16) for x in line.split()[0].split("-"))
            if " r-xp " in line and re.search(r"libc\.so|ld-linux|\[vdso\]", line):
                memory.seek(begin)
                at = memory.read(end - begin).find(b"\x0f\x05")
                if at >= 0:
                    return begin + at
    raise LookupError(f"no system call in {pid}")


def call_setns(pid):
    """The signal that the process dies by for it; None when it lives on. Nobody but a tracer is told
    of a signal that kills, so its parent hears it, too."""
    ptrace(ATTACH, pid)
    os.waitpid(pid, 0)
    registers = Registers()
    ptrace(GETREGS, pid, ctypes.byref(registers))
    registers.rip, registers.rax, registers.orig_rax = syscall_instruction(pid), SETNS, 2**64 - 1
    ptrace(SETREGS, pid, ctypes.byref(registers))
    ptrace(CONT, pid)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    os.kill(pid, signal.SIGKILL)
    return None
