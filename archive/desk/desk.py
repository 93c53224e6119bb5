"""The pages and what their buttons do: which address is answered by what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from archive.desk.folder import known_archive, list_archives
from archive.desk.gate import Gate, Gated, stale_form
from archive.desk.orders import Fields, export_order, save_order
from archive.desk.problem import FormError
from archive.desk.readers import NotServedError, Readers
from archive.desk.render import (
    Shown,
    home_page,
    job_page,
    language_of,
    plain_page,
)
from archive.desk.worker import BusyError, Job, Worker
from archive.web import server as web_server
from archive.web.language import COOKIE, LANGUAGES

_OWN_STYLE: Final = Path(__file__).parent / "static" / "desk.css"
_MAX_COOKIES_BYTES: Final = 1_000_000
_YEAR_S: Final = 365 * 86_400
_BUSY_STATUS: Final = 409
_MISTAKE_STATUS: Final = 422


@dataclass(frozen=True, slots=True)
class Setup:
    """What the pages work with: the folder of the archives, the words that start this
    program, and how it is called in a terminal."""

    folder: Path
    program: tuple[str, ...]
    called: str


class Desk:
    """The application's state, and a method for each address."""

    def __init__(self, setup: Setup, gate: Gate, on_quit: Callable[[], object]) -> None:
        self._setup = setup
        self._gate = gate
        self._on_quit = on_quit
        self._worker = Worker(setup.program, setup.folder)
        self._readers = Readers(setup.program, setup.folder)

    def application(self) -> Any:
        """The pages, behind the gate."""
        buttons = (
            ("save", self._save),
            ("export", self._export),
            ("stop", self._stop),
            ("repeat", self._repeat),
            ("read", self._read),
            ("quit", self._quit),
        )
        place = self._gate.place
        routes = [
            Route(f"{place}/", self._home),
            Route(f"{place}/job", self._job),
            Route(f"{place}/enter", self._enter),
            Route(f"{place}/language", self._language),
            Route(f"{place}/style.css", _style),
            Route(f"{place}/desk.css", _own_style),
        ]
        for name, press in buttons:
            button = self._button(press)
            routes.append(Route(f"{place}/{name}", button, methods=["POST"]))
        app = Starlette(
            routes=routes,
            lifespan=self._lifespan,
            exception_handlers={404: self._no_page},
        )
        return Gated(app, self._gate)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(self._readers.close)
        await run_in_threadpool(self._worker.close)

    async def _enter(self, request: Request) -> Response:
        if request.method != "GET":  # a look at it takes no token
            return Response()
        return self._gate.enter(request)

    async def _language(self, request: Request) -> Response:
        """Keep the language that was chosen, for the reading pages, too."""
        chosen = request.query_params.get("to")
        answer = RedirectResponse(f"{self._gate.place}/", 303)
        if chosen in LANGUAGES:
            answer.set_cookie(
                COOKIE,
                chosen,
                max_age=_YEAR_S,
                samesite="lax",
            )
        return answer

    async def _home(self, request: Request) -> Response:
        return await self._home_page(request, {})

    async def _job(self, request: Request) -> Response:
        view = self._worker.view()
        if view is None:
            return self._to("")
        return job_page(self._shown(request), view)

    async def _no_page(self, request: Request, _error: Exception) -> Response:
        return plain_page(
            self._shown(request),
            "no_page",
            status=404,
        )

    def _button(self, press: Any) -> Any:
        """What answers a form: not without the run's key, and with what is wrong of it."""

        async def answer(request: Request) -> Response:
            form = await self._gate.read_form(request)
            if form is None:
                return stale_form()
            fields = {
                name: value for name, value in form.items() if isinstance(value, str)
            }
            try:
                pressed: Response = await press(request, fields, form)
            except FormError as error:
                return await self._home_page(request, fields, error)
            except BusyError:
                return await self._home_page(request, fields, self._busy())
            except OSError as error:
                said = FormError(
                    "not_written",
                    said=error.strerror or error,
                )
                return await self._home_page(request, fields, said)
            return pressed

        return answer

    async def _save(self, request: Request, fields: Fields, form: FormData) -> Response:
        self._check_idle()  # before cookies are written
        cookies = await _cookies(fields, form)
        job = await run_in_threadpool(save_order, self._setup.folder, fields, cookies)
        return self._begin(request, job)

    async def _export(
        self, request: Request, fields: Fields, _form: FormData
    ) -> Response:
        job = await run_in_threadpool(export_order, self._setup.folder, fields)
        return self._begin(request, job)

    async def _stop(
        self, _request: Request, _fields: Fields, _form: FormData
    ) -> Response:
        self._worker.stop()
        return self._to("job")

    async def _repeat(
        self, request: Request, _fields: Fields, _form: FormData
    ) -> Response:
        """The last command once more: a crawl goes on where it was."""
        view = self._worker.view()
        if view is None:
            return self._to("")
        return self._begin(request, view.job)

    async def _read(
        self, _request: Request, fields: Fields, _form: FormData
    ) -> Response:
        folder = self._setup.folder
        name = fields.get("archive", "")
        archive = await run_in_threadpool(known_archive, folder, name)
        try:
            address = await run_in_threadpool(self._readers.open, archive)
        except NotServedError as error:
            raise FormError("not_served", said=error) from error
        query = fields.get("q", "").strip()
        if query:
            address += "search?" + urlencode({"q": query})
        return RedirectResponse(address, 303)

    async def _quit(
        self, request: Request, _fields: Fields, _form: FormData
    ) -> Response:
        self._on_quit()
        return plain_page(
            self._shown(request),
            "ended",
            words="ended_words",
        )

    def _begin(self, request: Request, job: Job) -> Response:
        self._worker.begin(job, language_of(request))
        return self._to("job")

    def _check_idle(self) -> None:
        view = self._worker.view()
        if view and view.is_running:
            raise BusyError

    def _busy(self) -> FormError:
        view = self._worker.view()
        return FormError(
            "busy",
            name=view.job.archive if view else "",
        )

    def _to(self, page: str) -> Response:
        return RedirectResponse(f"{self._gate.place}/{page}", 303)

    def _shown(self, request: Request) -> Shown:
        return Shown(
            request=request,
            place=self._gate.place,
            form_key=self._gate.form_key,
            folder=self._setup.folder,
            called=self._setup.called,
        )

    async def _home_page(
        self, request: Request, fields: Fields, error: FormError | None = None
    ) -> Response:
        archives = await run_in_threadpool(list_archives, self._setup.folder)
        status = 200
        if error:
            status = _BUSY_STATUS if error.key == "busy" else _MISTAKE_STATUS
        return home_page(
            self._shown(request),
            archives,
            self._worker.view(),
            fields,
            error,
            status,
        )


async def _cookies(fields: Fields, form: FormData) -> str:
    """The cookies of a file, else those that were pasted."""
    file = form.get("cookies_file")
    if not isinstance(file, UploadFile) or not file.filename:
        return fields.get("cookies", "")
    body = await file.read(_MAX_COOKIES_BYTES + 1)
    if len(body) > _MAX_COOKIES_BYTES or b"\0" in body:
        raise FormError("cookies_too_long")
    return body.decode(
        "utf-8-sig",
        errors="replace",
    )


async def _style(_request: Request) -> Response:
    return FileResponse(
        web_server.STYLESHEET,
        media_type="text/css",
    )


async def _own_style(_request: Request) -> Response:
    return FileResponse(_OWN_STYLE, media_type="text/css")
