"""Owns one real llama.cpp server, as a process of its own that serves one model until its parent is gone.

Started by `tests.servers.llama` with one argument, a JSON object with the fields of `LlamaSpec`. Prints ``ready URL``.
A process can always be ended; deleting a server object in place may hang, and a parameter that llama.cpp dislikes may
abort the process that it runs in.
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from pathlib import Path
from typing import Any

import xllamacpp  # type: ignore[import-untyped]


def start(
    path: str,
    n_ctx: int,
    n_batch: int,
    n_gpu_layers: int,
    n_threads: int,
    embeds: bool,
    ranks: bool,
    port: int,
    api_keys: list[str],
    cors_origins: str,
) -> Any:
    """A llama.cpp server that answers. `RuntimeError` when the model cannot be loaded."""
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = {Path(path).name}
    params.port = port
    params.api_keys = api_keys
    params.cors_origins = cors_origins
    params.n_ctx = n_ctx
    params.n_batch = n_batch
    params.n_gpu_layers = n_gpu_layers
    params.n_parallel = 1
    params.cpuparams.n_threads = n_threads
    params.verbosity = -1
    if embeds or ranks:
        kinds = xllamacpp.llama_pooling_type
        params.embedding = True
        params.pooling_type = kinds.LLAMA_POOLING_TYPE_RANK if ranks else kinds.LLAMA_POOLING_TYPE_MEAN
    return xllamacpp.Server(params)


def main() -> None:
    """Serve until standard input ends."""
    server = start(**json.loads(sys.argv[1]))
    with urllib.request.urlopen(f"{server.listening_address}/health"):
        print("ready", server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
