"""A small OpenID Connect provider over real HTTP: whoever asks is at once the person that the test has put there."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "nang-luc-so", "bi-mat-cua-thu-nghiem-" + "k" * 30


class Provider:
    """`person`: claims of the token; `userinfo`: what differs in the user information. `turned` counts bad requests."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.person: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.challenges: dict[str, str] = {}
        self.redirects: list[str] = []

    def configuration(self) -> dict[str, Any]:
        ends = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token", "userinfo")}
        return ends | {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}

    def authorization(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to. Asserts what the product must send."""
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert asked["code_challenge_method"] == "S256"
        code = f"ma-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"]
        self.redirects.append(asked["redirect_uri"])
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        proof = base64.urlsafe_b64encode(hashlib.sha256(asked["code_verifier"].encode()).digest()).rstrip(b"=")
        assert proof.decode() == self.challenges.pop(asked["code"])
        assert asked["client_secret"] == SECRET
        told = {"iss": self.issuer, "aud": CLIENT, "exp": int(time.time()) + 60, "iat": int(time.time())}
        return {"access_token": "the", "token_type": "Bearer", "id_token": jwt.encode(told | self.person, SECRET)}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: Any) -> None:
            pass

        def _send(self, told: dict[str, Any]) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
            if parts.path == "/authorization":
                self.send_response(302)
                self.send_header("Location", provider.authorization(asked))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/userinfo":
                self._send(provider.person | provider.userinfo)
            else:
                self._send(provider.configuration())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(provider.token({key: values[0] for key, values in parse_qs(body).items()}))

    return Handler


@contextmanager
def running(port: int) -> Iterator[Provider]:
    provider = Provider(port)
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(provider))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
