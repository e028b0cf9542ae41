"""A server of files, such as those of an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.servers.local import Handler, Local

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable


class Files(Local):
    """``answers`` are bytes by their path, or functions that answer themselves; ``asked`` is what was asked for."""

    def __init__(self):
        self.answers: dict[str, object] = {}
        self.asked: list[tuple[str, str | None]] = []
        outer = self

        class Serving(Handler):
            def give(self):
                outer.asked.append((self.path, self.headers.get("If-None-Match")))
                answer = outer.answers.get(self.path)
                if answer is None:
                    self.send_error(404)
                elif callable(answer):
                    answer(self)
                else:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            do_GET = give  # noqa: N815 - the name that the base class looks for

        super().__init__(Serving)
        self.url += "/"

    def serve(self, files: dict[str, bytes]) -> str:
        self.answers.update({f"/data/{name}": data for name, data in files.items()})
        return self.url + "data"


def dripping(stop: threading.Event) -> Callable[[Handler], None]:
    """Return an answer that comes byte by byte, each of them soon, until ``stop`` is set or nobody reads it."""

    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        try:
            while not stop.wait(0.01):
                handler.wfile.write(b" ")
        except OSError:
            pass
        handler.close_connection = True

    return drip
