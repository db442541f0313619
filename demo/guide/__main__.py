"""Make the small co-op, serve it, take the pictures; see the package."""

import odoo.init  # noqa: F401  # before anything else of Odoo; isort: skip

import argparse
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from ..database import configure, recreate, session, start
from . import camera, village
from .pictures import PICTURES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "guide" / "pictures"
STARTING = 120  # seconds


def main():
    arguments = parse_arguments()
    configure(arguments.database)
    recreate(arguments.database)
    start(arguments.database)
    with session(arguments.database) as odoo:
        ids = village.build(odoo)
    wanted = [picture for picture in PICTURES if not arguments.only or picture.name in arguments.only]
    with server(arguments.database, arguments.port) as url:
        for language in village.LANGUAGES:
            for path in camera.take(url, FOLDER, language, wanted, ids):
                print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB", flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(prog="guide", description=__doc__)
    parser.add_argument("--database", default="kmp_guide", help="is replaced when it exists")
    parser.add_argument("--port", type=int, default=8079)
    parser.add_argument("--only", nargs="*", help="names of pictures; all without it")
    return parser.parse_args()


@contextmanager
def server(database, port):
    """The product on this machine, for as long as it is looked at."""
    odoo_server = [ROOT / "bin" / "odoo", "--max-cron-threads=0", "--log-level=warn"]
    process = subprocess.Popen(  # noqa: S603  # our own script
        [*odoo_server, "-d", database, f"--db-filter=^{database}$", f"--http-port={port}"]
    )
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(port, process):
    for _second in range(STARTING):
        if process.poll() is not None:
            raise RuntimeError("The server ended; what it said stands above.")
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(1)
    raise RuntimeError(f"The server does not answer on port {port}.")


if __name__ == "__main__":
    main()
