"""An S3 server of this machine (moto), over the wire."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tools.backends.workers import PebbleWorkers
from tools.kit.parts import Parts


@contextmanager
def serving(bucket: str) -> Iterator[str]:
    """The address of a server that has that bucket, for the length of a block."""
    pytest.importorskip("moto.server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _make(bucket, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


SIGNED = {"Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request"}


def put_raw(address: str, place: str, data: bytes) -> None:
    """Put an object under any key, also one that obstore would not take. place: bucket and key, as in a URL."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.request("PUT", f"/{place}", body=data, headers=SIGNED)
    assert connection.getresponse().status == 200
    connection.close()


def _make(bucket: str, port: int) -> None:
    """Once the server listens."""
    for _ in range(150):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("PUT", f"/{bucket}", headers=SIGNED)
            assert connection.getresponse().status == 200
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the S3 server did not start")


def s3_parts(home: Path, endpoint: str) -> Parts:
    keys = {"s3_access_key_id": "key", "s3_secret_access_key": "secret", "s3_region": "us-east-1"}
    return Parts(home, PebbleWorkers(), options={"s3_endpoint": endpoint, **keys})
