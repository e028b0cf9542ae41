"""A provider over HTTP/2, without encryption: every request gets the same answer, in as many frames as pieces."""

from __future__ import annotations

import socket
import threading


class Http2:
    """Answers every stream of every connection; ``asked`` are the bodies that came.

    Attributes:
        url: its address.
    """

    def __init__(self, pieces, content_type):
        self.pieces, self.content_type, self.asked = pieces, content_type, []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                connected, _ = self._listening.accept()
            except OSError:
                return
            with connected:
                self._talk(connected)

    def _talk(self, connected):
        import h2.connection as h2
        from h2.config import H2Configuration
        from h2.events import DataReceived, RequestReceived, StreamEnded

        connection, bodies = h2.H2Connection(H2Configuration(client_side=False)), {}
        connection.initiate_connection()
        connected.sendall(connection.data_to_send())
        while data := connected.recv(65536):
            for event in connection.receive_data(data):
                if isinstance(event, RequestReceived):
                    bodies[event.stream_id] = b""
                elif isinstance(event, DataReceived):
                    bodies[event.stream_id] += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, StreamEnded):
                    self.asked.append(bodies.pop(event.stream_id))
                    connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", self.content_type)])
                    for piece in self.pieces:
                        connection.send_data(event.stream_id, piece)
                    connection.end_stream(event.stream_id)
            connected.sendall(connection.data_to_send())

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(10)
