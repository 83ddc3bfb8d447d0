"""The port to registers (数据共享): which of them can supply a paper here. Nobody is asked for what can be fetched
(国务院关于在线政务服务的若干规定 art. 7). The exchange itself fills this port; until then no register is connected and
pages say so."""

from __future__ import annotations

_connected: set[str] = set()


def connect(code: str) -> None:
    """Say that an adapter fetches from the register of that code (table `register`)."""
    _connected.add(code)


def is_connected(code: str) -> bool:
    """Whether papers of this register are fetched here."""
    return code in _connected
