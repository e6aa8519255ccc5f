"""Serves the pages of `baogao explore` on this machine."""

from __future__ import annotations

import secrets
import socket
import webbrowser
from collections.abc import Callable

import uvicorn

from baogao.errors import BaogaoError
from baogao.explore.app import make_app
from baogao.explore.correct import CorrectionFile
from baogao.explore.index import Index
from baogao.explore.search import Query
from baogao.explore.store import Store

HOST = "127.0.0.1"


def serve(index: Index, corrections: CorrectionFile, *, port: int, browser: bool, tell: Callable[[str], None]) -> None:
    """Serve an indexed dataset until the process is stopped; `tell` is given the address.

    Raises BaogaoError where the port is taken or the file of corrections is none.
    """
    corrections.lines()
    store = Store(index)
    store.search(Query(), 1)  # the first page counts every report: done before anybody waits for it
    token = secrets.token_urlsafe(24)
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen()  # who opens the address at once waits instead of being refused
        except OSError as error:
            raise BaogaoError(f"Port {port} cannot be used ({error.strerror}); choose another with --port.") from error
        address = f"http://{HOST}:{listening.getsockname()[1]}/{token}/"
        tell(f"{address}\nThe address is the key: who has it can read and correct. Ctrl-C stops.")
        if browser:
            webbrowser.open(address)
        uvicorn.Server(uvicorn.Config(make_app(store, corrections, token), log_level="warning", access_log=False)).run([listening])
    store.close()
