"""One command at a time changes an installation."""

import fcntl
import os

from infra.ctl.errors import Refusal
from infra.ctl.place import Place


def hold(place: Place) -> int:
    """Keep other commands out until this process and what it becomes ends; return the handle.

    Raises `Refusal` while another one is at it.
    """
    place.opt.mkdir(parents=True, exist_ok=True)
    handle = os.open(place.opt / ".okrugctl.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Refusal("Уже идёт другая команда okrugctl: дождитесь её конца.") from None
    os.set_inheritable(handle, True)  # the release's own program goes on with it
    return handle
