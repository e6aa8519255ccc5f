"""A running Dask scheduler as the executor of a run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from baogao.errors import BaogaoError
from baogao.run.checkpoint import code_digest

_WAIT = "10s"
"""Time in which the scheduler must answer."""


@contextmanager
def dask_executor(address: str) -> Iterator[tuple[Executor, int]]:
    """The executor of the scheduler at `address`, and the number of its workers' threads.

    Raises BaogaoError if Dask is not installed, the scheduler does not answer, has no workers, or has some with another version of
    baogao, its configs or its models. Loss of the scheduler later on ends the run with a sentence that says how to go on.
    """
    client = _connect(address)
    try:
        threads = _checked(client, address)
        pool = client.get_executor()
        try:
            yield pool, threads
        except BaogaoError:
            raise
        except Exception as error:
            if client.status != "running" or type(error).__name__ in ("CancelledError", "FutureCancelledError", "CommClosedError"):
                raise BaogaoError(
                    f"The Dask scheduler at {address} was lost; start it again, and run the same command to go on."
                ) from error
            raise
        finally:
            pool.shutdown(wait=False)
    finally:
        client.close(timeout=2)


def _connect(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise BaogaoError("--dask needs the package distributed; install it with: pip install 'baogao[dask]'") from error
    try:
        return Client(address, timeout=_WAIT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise BaogaoError(f"No Dask scheduler answers at {address}; check the address, and that it runs: dask scheduler") from error


def _checked(client: Any, address: str) -> int:
    """Number of threads of all workers, after a look at what they have installed."""
    threads = client.nthreads()
    if not threads:
        raise BaogaoError(f"The Dask scheduler at {address} has no workers; start some: dask worker {address} --nthreads 1")
    own = code_digest()
    for worker, digest in client.run(code_digest, on_error="return").items():
        if isinstance(digest, Exception):
            raise BaogaoError(f"The Dask worker {worker} cannot import baogao ({digest}); install the same version there.") from digest
        if digest != own:
            raise BaogaoError(f"The Dask worker {worker} has another version of baogao or of its models; install the same one there.")
    return sum(threads.values())
