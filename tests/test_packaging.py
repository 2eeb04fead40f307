"""What a user installs: the package, all of it, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOT_SHIPPED = {"tests", "docs", "examples", "benchmarks", "scripts", "build", "dist"}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of the tracked files, since building leaves traces in the folder it builds in."""
    copy = tmp_path_factory.mktemp("source")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: the files that belong to the project are not known")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(source):
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", source / "dist"],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    (built,) = (source / "dist").glob("*.whl")
    return built


def package_folders(source: Path) -> set[str]:
    found = {init.parent.relative_to(source) for init in source.rglob("__init__.py")}
    return {str(folder) for folder in found if not folder.parts or folder.parts[0] not in NOT_SHIPPED}


def test_the_wheel_holds_every_package_folder_and_nothing_else(source, wheel):
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name for name in names if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in shipped} == {"citegraph"}
    folders = {str(Path(name).parent.relative_to("citegraph")) for name in shipped if name.endswith(".py")}
    assert folders == package_folders(source)


def test_every_module_and_data_file_of_the_package_is_in_the_wheel(source, wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in package_folders(source):
        for path in (source / folder).iterdir():
            if path.suffix == ".py":
                assert f"citegraph/{path.relative_to(source)}" in names
    for path in [
        *source.glob("loaders/extract/data/*.toml"),
        *source.glob("viz/assets/*"),
        source / "py.typed",
    ]:
        assert f"citegraph/{path.relative_to(source)}" in names


def test_the_installed_command_works_without_the_checkout(wheel, tmp_path):
    """A smoke test of the wheel's own files, with the dependencies of this environment."""
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    (tmp_path / "p.jsonl").write_text('{"title": "TinyLoom: Weaving", "abstract": "We propose TinyLoom."}\n')
    program = (
        "import sys; sys.path.insert(0, 'site'); import citegraph; "
        "assert 'site' in citegraph.__file__, citegraph.__file__; from citegraph.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "build", "p.jsonl", "-g", "g.db"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 papers new" in done.stdout
