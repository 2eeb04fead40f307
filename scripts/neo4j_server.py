"""A real Neo4j Community server for tests and trials: fetched by Maven, run by the machine's Java.

    python scripts/neo4j_server.py fetch [VERSION]     have the server's jars in .neo4j/VERSION/lib
    python scripts/neo4j_server.py run [VERSION]       start a server on a free port; Ctrl-C stops it
    python scripts/neo4j_server.py admin VERSION …     run neo4j-admin

VERSION is `lts` (5.26, Java 17 or later), `newest` (Java 21 or later), or a number. It needs the standard library
only.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parent / ".neo4j"
VERSIONS = {"lts": "5.26.30", "newest": "2026.08.1"}
_STARTUP_SECONDS = 180
_OPENED = tuple(
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.nio", "java.lang", "sun.nio.ch", "java.util.concurrent")
)


class UnavailableError(Exception):
    """There can be no server on this machine; the message says why."""


class Server:
    """A running server."""

    def __init__(
        self, version: str, folder: Path, port: int, password: str, options: tuple[str, ...]
    ) -> None:
        self.version, self.folder, self.port, self.password = version, folder, port, password
        self._options = options
        self.start_again()

    @property
    def uri(self) -> str:
        """The address of the server."""
        return f"bolt://127.0.0.1:{self.port}"

    def stop(self, *, kill: bool = False) -> None:
        """Stop the server; ``kill`` gives it no time to tidy up."""
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(30)

    def start_again(self) -> None:
        """Start a stopped server on the same data and port."""
        self.process = _launch(self.version, self.folder, self._options)
        _await(self.port, self.process, self.folder)


def fetch(asked: str) -> Path:
    """Have the jars of a version, fetched by Maven where they are not there yet.

    Raises
    ------
    UnavailableError
        There is no Java new enough, no Maven, or it cannot reach a repository.
    """
    version = VERSIONS.get(asked, asked)
    java(version)
    lib = HOME / version / "lib"
    if (lib / ".complete").exists():
        return lib
    maven = shutil.which("mvn")
    if maven is None:
        raise UnavailableError("Neo4j is fetched by Maven, and there is no mvn here")
    lib.mkdir(parents=True, exist_ok=True)
    command = [
        maven, "-q", "-B", "-f", str(HERE / "neo4j.xml"), f"-Dneo4j.version={version}",
        "dependency:copy-dependencies", f"-DoutputDirectory={lib}", "-Dmdep.prependGroupId=true",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        raise UnavailableError(
            f"Maven could not fetch Neo4j {version}: {lines[0] if lines else done.returncode}"
        )
    (lib / ".complete").touch()
    return lib


def java(version: str) -> Path:
    """Return the java that can run a version of Neo4j.

    Raises
    ------
    UnavailableError
        There is none.
    """
    least = 17 if version.startswith("5.") else 21
    found: list[tuple[int, Path]] = []
    places = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    places += sorted(Path("/usr/lib/jvm").glob("*")) if Path("/usr/lib/jvm").is_dir() else []
    candidates = [place / "bin" / "java" for place in places]
    if on_path := shutil.which("java"):
        candidates.insert(0, Path(on_path))
    for candidate in candidates:
        if not candidate.exists():
            continue
        said = subprocess.run([candidate, "-version"], capture_output=True, text=True, check=False).stderr
        match = re.search(r'version "(\d+)', said)
        if match and int(match[1]) >= least:
            found.append((int(match[1]), candidate))
    if not found:
        raise UnavailableError(f"Neo4j {version} needs Java {least} or later, and there is none here")
    return min(found)[1]


def admin(asked: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run neo4j-admin for the server in ``folder``."""
    command = [*admin_command(asked), *arguments]
    return subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=False)


def admin_command(asked: str) -> list[str]:
    """Return the command that is neo4j-admin; :func:`environment` says whose."""
    version = VERSIONS.get(asked, asked)
    return [str(java(version)), *_OPENED, "-cp", f"{fetch(version)}/*", "org.neo4j.cli.AdminTool"]


def start(
    asked: str, folder: Path, *, settings: dict[str, str] | None = None, options: tuple[str, ...] = ()
) -> Server:
    """Start a server with its data in ``folder``, on a free port and with a password made up for it.

    ``settings`` are the server's, ``options`` those of Java.
    """
    version = VERSIONS.get(asked, asked)
    lib = fetch(version)
    port, password = _free_port(), secrets.token_hex(12)
    configuration = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "server.memory.heap.max_size": "1g",
        "server.memory.pagecache.size": "256m",
        "dbms.usage_report.enabled": "false",
        "db.tx_log.preallocate": "false",
    } | (settings or {})
    (folder / "conf").mkdir(parents=True, exist_ok=True)
    lines = [f"{key}={value}" for key, value in configuration.items()]
    (folder / "conf" / "neo4j.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = admin(version, folder, "dbms", "set-initial-password", password)
    if done.returncode:
        raise UnavailableError(
            f"Neo4j {version} in {lib} does not run: {done.stderr.strip().splitlines()[-1]}"
        )
    return Server(version, folder, port, password, options)


def _launch(version: str, folder: Path, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    main = "CommunityEntryPoint" if version.startswith("5.") else "Neo4jCommunity"
    command = [
        str(java(version)), "-Xmx1g", "-XX:+UseParallelGC", *options, "-cp", f"{fetch(version)}/*",
        *_OPENED, f"org.neo4j.server.{main}", f"--home-dir={folder}", f"--config-dir={folder / 'conf'}",
    ]  # fmt: skip
    with (folder / "out.log").open("ab") as log:
        return subprocess.Popen(command, env=environment(folder), stdout=log, stderr=log)


def _await(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the server answers the first words of its protocol."""
    until = time.monotonic() + _STARTUP_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), 2) as talk:
                talk.settimeout(5)
                talk.sendall(bytes.fromhex("6060b017 00000405 00000404 00000003 00000000"))
                if talk.recv(4):
                    return
        except OSError:
            pass
        time.sleep(0.2)
    process.kill()
    said = (folder / "out.log").read_text(errors="replace").strip().splitlines()
    raise UnavailableError(f"Neo4j did not start: {said[-1] if said else 'it said nothing'}")


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of the server in ``folder``."""
    return {**os.environ, "NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    asked: str = "lts", *, settings: dict[str, str] | None = None, options: tuple[str, ...] = ()
) -> Iterator[Server]:
    """Give a server that lives in a folder of its own for the time of a block."""
    with tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as folder:
        server = start(asked, Path(folder), settings=settings, options=options)
        try:
            yield server
        finally:
            server.stop(kill=True)  # to tidy up takes ten seconds, and the folder goes anyway


def main(arguments: list[str]) -> int:
    """Run a command."""
    command, *rest = arguments or ["help"]
    try:
        if command == "fetch":
            print(fetch(rest[0] if rest else "lts"))
        elif command == "run":
            with running(rest[0] if rest else "lts") as server:
                print(f"Neo4j {server.version} answers; Ctrl-C stops it. To reach it:\n")
                print(
                    f"    export NEO4J_URI={server.uri} NEO4J_USERNAME=neo4j NEO4J_PASSWORD={server.password}\n",
                    flush=True,
                )
                server.process.wait()
        elif command == "admin" and rest:
            done = admin(rest[0], HOME / "admin", *rest[1:])
            print(done.stdout, done.stderr, sep="", end="")
            return done.returncode
        else:
            print(__doc__)
            return 2
    except UnavailableError as error:
        print(f"{error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
