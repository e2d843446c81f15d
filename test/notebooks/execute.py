"""Executes a notebook: execute.py NOTEBOOK FOLDER. Prints it with its outputs; the kernel runs in FOLDER.

Not by nbclient: Deno's kernel sends now and then a cell's result behind its status `idle` (6 of 126 results with 2.9.6 on a
busy machine), where nbclient listens no more. Here a cell that has shown nothing yet is waited for a little longer.
"""

import queue
import sys
import time

import nbformat
from jupyter_client.manager import start_new_kernel

CELL_SECONDS = 120
LATE_SECONDS = 4


def execute(client, source):
    request = client.execute(source)
    outputs, end, idle = [], time.monotonic() + CELL_SECONDS, False
    while not (idle and outputs):
        try:
            message = client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
        except queue.Empty:
            if idle:
                break
            raise SystemExit(f"This cell has not ended after {CELL_SECONDS} s:\n{source}") from None
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind in ("execute_result", "display_data", "error", "stream"):
            outputs.append(nbformat.v4.output_from_msg(message))
        elif kind == "status" and content["execution_state"] == "idle":
            idle, end = True, time.monotonic() + LATE_SECONDS
    return outputs


name, folder = sys.argv[1:]
notebook = nbformat.read(name, as_version=4)
manager, client = start_new_kernel(kernel_name="deno", cwd=folder, startup_timeout=60)
try:
    for number, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        cell.execution_count = number
        cell.outputs = execute(client, cell.source)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
nbformat.validate(notebook)
print(nbformat.writes(notebook))
