"""The output folder: made, recognised as a run's own, never another's overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from baogao.errors import BaogaoError

MARK = ".baogao"


@dataclass(frozen=True, slots=True)
class Output:
    """Where a run leaves what."""

    root: Path

    @property
    def work(self) -> Path:
        """Checkpoints of finished tasks."""
        return self.root / MARK

    @property
    def dataset(self) -> Path:
        """The tables and datapackage.json."""
        return self.root / "dataset"

    @property
    def manifest(self) -> Path:
        """Settings, versions and figures of the run."""
        return self.root / "run.json"

    @property
    def corrections(self) -> Path:
        """A researcher's corrections, made in `baogao explore` and applied by the next run."""
        return self.root / "corrections.jsonl"

    @property
    def report(self) -> Path:
        """The report to look at in a browser."""
        return self.root / "report.html"


def open_output(path: Path) -> Output:
    """The folder, made if it is not there.

    Raises BaogaoError if it is a file, or a folder that holds something that is not an earlier run's.
    """
    output = Output(path)
    if path.exists() and not path.is_dir():
        raise BaogaoError(f"{path} is a file; give a folder for the output with -o.")
    if path.is_dir() and any(path.iterdir()) and not output.work.is_dir():
        raise BaogaoError(f"{path} holds other files and nothing was written; give an empty or new folder with -o.")
    try:
        output.work.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BaogaoError(f"The output folder {path} cannot be made ({error.strerror}); choose another with -o.") from error
    return output


def find_output(path: Path) -> Output:
    """The folder of an earlier run. Raises BaogaoError if there is none."""
    output = Output(path)
    if not output.work.is_dir():
        raise BaogaoError(f"{path} is no output folder of baogao run; give the folder that was given with -o.")
    return output


@contextmanager
def locked(output: Output) -> Iterator[None]:
    """Keep other runs out of the folder; the lock falls with the process, however it ends.

    Raises BaogaoError if another run holds it.
    """
    lock = FileLock(output.work / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise BaogaoError(f"Another run is writing to {output.root}; wait for it to end, or choose another folder with -o.") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def working_alone(output: Output) -> Iterator[bool]:
    """Note that a run is on, and tell whether an earlier one ended without a word: killed, or crashed in a library.

    The page that it died on would end this one too; the caller then lets worker processes do the work, whose death it outlives.
    """
    mark = output.work / "running"
    died = mark.exists()
    mark.touch()
    try:
        yield died
    finally:
        mark.unlink(missing_ok=True)
