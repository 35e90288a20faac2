"""The least that a threaded server can do with a request: read it, check its signature, answer 200. The reference."""

import hmac
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bot.playground.slack.delivery.http import sign


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        good = hmac.compare_digest(
            sign(sys.argv[2], self.headers["X-Slack-Request-Timestamp"], body),
            self.headers["X-Slack-Signature"],
        )
        self.send_response(200 if good else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), _Handler).serve_forever()
