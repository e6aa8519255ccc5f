"""The web application of `baogao explore`: pages on this machine alone, behind a token in their address."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baogao.errors import BaogaoError
from baogao.explore import views
from baogao.explore.correct import CorrectionFile, make_line
from baogao.explore.render import environment
from baogao.explore.store import Store

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
ASSETS = {"explore.js": "text/javascript", "explore.css": "text/css", "icon.svg": "image/svg+xml"}
LOCAL = ("127.0.0.1", "localhost", "[::1]", "testserver")
MOST_BYTES = 100_000
"""Largest body of a request."""


class Guard:
    """Lets through what comes to this machine's own name with the right token, and gives every answer its headers.

    The name is checked because a hostile page can point a name of its own at this address (DNS rebinding); the token, because
    other users and programs of the machine can reach the port too.
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self.token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *((k.encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        problem = self._problem(Request(scope))
        app = HTMLResponse(_message("This page is not for you", problem), 403) if problem else self.app
        await app(scope, receive, send_with_headers)

    def _problem(self, request: Request) -> str:
        host = request.headers.get("host", "").rsplit(":", 1)[0]
        if host not in LOCAL:
            return "baogao explore answers to 127.0.0.1 and localhost alone."
        origin = request.headers.get("origin")
        if origin and origin.removeprefix("http://") != request.headers["host"]:
            return "The request comes from another site."
        token = request.url.path.split("/")[1]
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return "The address lacks the token: open the one that baogao explore has printed."
        return ""


def make_app(store: Store, corrections: CorrectionFile, token: str) -> Starlette:
    """The application for an opened index and a file of corrections."""
    root = f"/{token}"
    shown = views.Views(store, corrections, root)

    def page(view: Callable[[Request], str]) -> Callable[[Request], HTMLResponse]:
        return lambda request: HTMLResponse(view(request))

    async def correct(request: Request) -> Response:
        return await _correct(request, store, corrections)

    def home(request: Request) -> Response:
        return RedirectResponse(f"{root}/")

    routes = [
        Route("/", page(shown.search)),
        Route("/report/{report_id}", page(shown.report)),
        Route("/report/{report_id}/chart", page(shown.chart)),
        Route("/templates", page(shown.templates)),
        Route("/template/{passage_id}", page(shown.template)),
        Route("/organizations", page(shown.organizations)),
        Route("/calendar", page(shown.calendar)),
        Route("/findings", page(shown.findings)),
        Route("/review", page(shown.review)),
        Route("/corrections", page(shown.corrections)),
        Route("/correct", correct, methods=["POST"]),
        Route("/static/{name}", _asset),
    ]
    return Starlette(
        routes=[Route(root, home), Mount(root, routes=routes)],
        middleware=[Middleware(Guard, token=token)],
        exception_handlers={HTTPException: _not_found, BaogaoError: _refused},
    )


def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        raise HTTPException(404)
    folder = files("baogao.explore")
    palette = (folder / "templates" / "palette.css").read_bytes() if name.endswith(".css") else b""
    return Response(palette + (folder / "static" / name).read_bytes(), media_type=ASSETS[name])


async def _correct(request: Request, store: Store, corrections: CorrectionFile) -> Response:
    """Write one correction, or take one back."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        return JSONResponse({"error": "a correction is sent as JSON"}, 415)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return JSONResponse({"error": "the request is too long"}, 413)
    try:
        said = json.loads(body)
        view = store.report(str(said["report_id"]))
        if view is None:
            return JSONResponse({"error": "there is no such report"}, 404)
        if said["action"] == "undo":
            unit = str(said.get("unit") or "") if said["label"] == "organization" else ""
            key = (str(said["label"]), view.page["sha256"], int(said["was"][0]), int(said["was"][1]), unit)
            return JSONResponse({"undone": corrections.take_back(key)})
        corrections.put(make_line(view.report, view.page["sha256"], view.edited, said))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        return JSONResponse({"error": f"this is no correction: {error}"}, 400)
    return JSONResponse({"written": True})


def _message(title: str, text: str) -> str:
    return environment().get_template("explore/message.html").render(title=title, text=text)


def _not_found(request: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 500
    return HTMLResponse(_message("There is nothing here", "The address is not right, or the record belongs to an earlier run."), code)


def _refused(request: Request, error: Exception) -> Response:
    return HTMLResponse(_message("This does not work", str(error)), 500)
