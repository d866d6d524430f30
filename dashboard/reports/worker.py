"""Foreign files are read in a process of their own, with limits on memory and time: what kills it is a refusal, not an outage.

A waiting process has everything loaded; for each file it forks a child that reads just that file and ends. So a normal read costs little,
and nothing of one visitor's file is left for the next. A server starts that process apart, since it has threads and a session's tables; a
command, which has loaded the reader and nothing else, forks it off itself. What comes back is plain data: JSON and Arrow, never pickled objects.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import gc
import json
import logging
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from dashboard.reports.cells.limits import MEMORY_BYTES, MIB, SECONDS
from dashboard.reports.problems import Refused, refuse

Progress = Callable[[float, str], None]
"""Called with how much is done, from 0 to 1, and what is being done."""
Ask = Callable[[list[str]], pa.Table]
"""Asked in the middle of a job for what is held of some reporters, which only the one who ordered it has."""
Job = Callable[[dict[str, Any], list[bytes], Progress, Ask], tuple[dict[str, Any], list[pa.Table]]]
"""What a child does with an order and a file, which comes in a list so that it can be let go once it has been read."""
Jobs = dict[str, tuple[Job, int]]
"""Jobs by name, each with the bytes of memory that it may take."""

AT_ONCE = 2
"""Files read at the same time; others wait."""
WALL_SECONDS = 3 * SECONDS
"""Longest that we wait for a file on a machine that is busy with other things."""

_ORDER, _DATA, _PROGRESS, _QUESTION, _RESULT, _TABLE, _ENDED = b"O", b"D", b"P", b"Q", b"R", b"T", b"E"
_READY_SECONDS = 120
_PIPE_BYTES = 1 << 20
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _THRESHOLD_BYTES = -1, -3, 262_144
_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (
    "import sys; sys.path.insert(0, sys.argv[1]); from dashboard.reports import door, figure_records, worker; "
    "worker.serve(door.JOBS | figure_records.JOBS, door.warm_up)"
)
_log = logging.getLogger(__name__)
_places = threading.BoundedSemaphore(AT_ONCE)
_idle: list[_Worker] = []
_own_jobs: Jobs = {}
_lock = threading.Lock()


def is_possible() -> bool:
    """Whether this system can fork and limit processes; elsewhere files are read in the process itself."""
    return hasattr(os, "fork") and sys.platform != "win32"


def warm_up() -> None:
    """Start a waiting process, so that the first file does not wait for it."""
    with _lock:
        if not _idle:
            _idle.append(_Worker())


def fork_from_here(jobs: Jobs) -> None:
    """Fork the waiting process off this one, which has loaded these jobs; for a command, before it has begun any thread."""
    _own_jobs.update(jobs)
    if is_possible():
        warm_up()


def run(
    order: dict[str, Any], data: bytes, progress: Progress | None = None, answer: Ask | None = None
) -> tuple[dict[str, Any], list[pa.Table]]:
    """Have the job that the order names under `job` done in a child, whose questions are answered; raises `Refused` where it took too long or too much memory."""
    with _places:
        with _lock:
            worker = _idle.pop() if _idle else None
        if worker is None or not worker.is_alive():
            worker = _Worker()
        try:
            result = worker.run(order, data, progress, answer)
        except BaseException:
            worker.close()
            raise
        with _lock:
            _idle.append(worker)
        return result


@atexit.register
def close() -> None:
    """End the waiting processes."""
    with _lock:
        while _idle:
            _idle.pop().close()


class _Worker:
    """One waiting process, and the pipes to and from it."""

    def __init__(self):
        self._process = _Fork(_own_jobs) if _own_jobs else _started_apart()
        self._ready = False

    def is_alive(self) -> bool:
        """Whether it still waits."""
        return self._process.poll() is None

    def run(
        self, order: dict[str, Any], data: bytes, progress: Progress | None, answer: Ask | None
    ) -> tuple[dict[str, Any], list[pa.Table]]:
        """Have one file read."""
        if not self._ready:
            try:
                self._receive(time.monotonic() + _READY_SECONDS)
            except Refused:
                raise RuntimeError(f"the process that reads files could not be started with {sys.executable}") from None
            self._ready = True
        writer = threading.Thread(target=self._send, args=(order, data), daemon=True)
        writer.start()
        limit = time.monotonic() + WALL_SECONDS
        result: dict[str, Any] | None = None
        tables: list[pa.Table] = []
        while True:
            kind, body = self._receive(limit)
            if kind == _PROGRESS and progress:
                progress(*json.loads(body))
            elif kind == _QUESTION and answer:
                self._answer(answer(json.loads(body)))
            elif kind == _RESULT:
                result = json.loads(body)
            elif kind == _TABLE:
                tables.append(pa.ipc.open_stream(pa.py_buffer(body)).read_all())
            elif kind == _ENDED:
                if result is None:
                    raise _stopped(**json.loads(body))
                writer.join()
                return result, tables

    def close(self) -> None:
        """End the process and whatever it has forked."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()

    def _send(self, order: dict[str, Any], data: bytes) -> None:
        # In a thread of its own: a child that ends early reads no further.
        with contextlib.suppress(OSError, ValueError):
            pipe = self._process.stdin.fileno()
            _write(pipe, _ORDER, json.dumps(order).encode())
            _write(pipe, _DATA, data)

    def _answer(self, table: pa.Table) -> None:
        with contextlib.suppress(OSError, ValueError):
            _write(self._process.stdin.fileno(), _DATA, _as_stream(table))

    def _receive(self, limit: float) -> tuple[bytes, bytearray]:
        pipe = self._process.stdout.fileno()
        head = _exactly(pipe, 9, limit)
        return bytes(head[:1]), _exactly(pipe, struct.unpack(">Q", head[1:])[0], limit)


class _Fork:
    """A waiting process that is a copy of this one, with the few attributes of `subprocess.Popen` that are used here."""

    stderr: BinaryIO | None = None

    def __init__(self, jobs: Jobs):
        orders, order_end = os.pipe()
        answer_end, answers = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                os.dup2(orders, 0)
                os.dup2(answers, 1)
                for end in {orders, order_end, answer_end, answers} - {0, 1}:
                    os.close(end)
                serve(jobs, lambda: None)
            finally:
                os._exit(0)
        os.close(orders)
        os.close(answers)
        self.stdin, self.stdout = os.fdopen(order_end, "wb", buffering=0), os.fdopen(answer_end, "rb", buffering=0)
        self._status: int | None = None

    def poll(self) -> int | None:
        """The status with which it ended; None while it runs."""
        return self._ended(os.WNOHANG)

    def wait(self) -> int | None:
        """The same, once it has ended."""
        return self._ended(0)

    def _ended(self, how: int) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, how)
            self._status = status if pid else None
        return self._status


def _started_apart() -> subprocess.Popen:
    # One thread is enough for one file, and each would take its stack from the memory that is allowed.
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", _COMMAND, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | single,
        start_new_session=True,
    )
    threading.Thread(target=_log_words_of, args=(process,), daemon=True).start()
    return process


def _log_words_of(process: subprocess.Popen) -> None:
    # What the process itself says, such as why it cannot start; of a file it says nothing.
    with contextlib.suppress(OSError, ValueError):
        for line in process.stderr:
            _log.warning("The process that reads files: %s", line.decode("utf-8", "replace").rstrip()[:500])


def serve(jobs: Jobs, warm_up: Callable[[], None]) -> None:
    """Wait for files on the standard input, and read each in a child with its own limits, by the job that its order names."""
    # What is printed by mistake must not get between the answers.
    orders, answers = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    _let_memory_go()
    warm_up()
    # What is loaded stays; to look for garbage in it would give each child a copy of its own.
    gc.collect()
    gc.freeze()
    _write(answers, _PROGRESS, b'[0, ""]')
    while True:
        try:
            head = _exactly(orders, 9)
        except EOFError:
            return
        child = os.fork()
        if child == 0:
            try:
                _work(jobs, orders, answers, struct.unpack(">Q", head[1:])[0])
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        stopped = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        _write(answers, _ENDED, json.dumps({"by_signal": stopped}).encode())


def _let_memory_go() -> None:
    # Memory that is let go is given back at once, and none is set aside in advance.
    pa.set_memory_pool(pa.system_memory_pool())
    with contextlib.suppress(AttributeError, OSError, TypeError):
        libc = ctypes.CDLL(None)
        for threshold in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            libc.mallopt(threshold, _THRESHOLD_BYTES)


def _work(jobs: Jobs, orders: int, answers: int, length: int) -> None:
    order = json.loads(_exactly(orders, length))
    job, memory_bytes = jobs[order.pop("job", "report")]
    _limit(memory_bytes)
    contents = [bytes(_next(orders))]
    try:
        result, tables = job(
            order,
            contents,
            lambda done, doing: _write(answers, _PROGRESS, json.dumps([done, doing]).encode()),
            functools.partial(_past_of, orders, answers),
        )
    except MemoryError:
        return
    except Exception:
        _write(answers, _RESULT, json.dumps({"fault": traceback.format_exc(limit=-8)}).encode())
        return
    _write(answers, _RESULT, json.dumps(result).encode())
    for table in tables:
        counted = pa.MockOutputStream()
        with pa.ipc.new_stream(counted, table.schema) as stream:
            stream.write_table(table)
        os.write(answers, _TABLE + struct.pack(">Q", counted.size()))
        with os.fdopen(os.dup(answers), "wb", buffering=_PIPE_BYTES) as pipe, pa.ipc.new_stream(pipe, table.schema) as stream:
            stream.write_table(table)


def _past_of(orders: int, answers: int, reporters: list[str]) -> pa.Table:
    _write(answers, _QUESTION, json.dumps(reporters).encode())
    return pa.ipc.open_stream(pa.py_buffer(_next(orders))).read_all()


def _next(pipe: int) -> bytearray:
    return _exactly(pipe, struct.unpack(">Q", _exactly(pipe, 9)[1:])[0])


def _as_stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _limit(memory_bytes: int) -> None:
    import resource

    with contextlib.suppress(ValueError, OSError):
        resident = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (resident + memory_bytes, resident + memory_bytes))
    # A second more until the system kills without saying why.
    for limit, soft, certain in ((resource.RLIMIT_CPU, SECONDS, SECONDS + 1), (resource.RLIMIT_CORE, 0, 0), (resource.RLIMIT_FSIZE, 0, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (soft, certain))
    with contextlib.suppress(OSError):
        os.nice(5)


def _stopped(by_signal: int) -> Refused:
    if by_signal == signal.SIGXCPU:
        return _too_long()
    return refuse(
        "too_large",
        f"Reading the file would take more than {MEMORY_BYTES // MIB:,} MiB of memory.",
        "Split it, or save the table by itself as CSV.",
    )


def _too_long() -> Refused:
    return refuse("too_large", f"Reading the file takes longer than {SECONDS} seconds.", "Split it, or save the table by itself as CSV.")


def _write(pipe: int, kind: bytes, body: bytes) -> None:
    view = memoryview(kind + struct.pack(">Q", len(body)))
    for piece in (view, memoryview(body)):
        while len(piece):
            piece = piece[os.write(pipe, piece[:_PIPE_BYTES]) :]


def _exactly(pipe: int, length: int, limit: float | None = None) -> bytearray:
    read = bytearray(length)
    view, so_far = memoryview(read), 0
    while so_far < length:
        if limit is not None and not select.select([pipe], [], [], max(0.0, limit - time.monotonic()))[0]:
            raise _too_long()
        got = os.readv(pipe, [view[so_far : so_far + _PIPE_BYTES]])
        if not got:
            if limit is None:
                raise EOFError
            raise _stopped(0)
        so_far += got
    return read
