"""Headless Firefox over Marionette: the second engine, with its own console to read."""

import json
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # old regular expressions and telnetlib inside mozrunner
    from marionette_driver.by import By
    from marionette_driver.geckoinstance import DesktopInstance
    from marionette_driver.marionette import Marionette

from infra.local.prerequisites import find_firefox

START_SECONDS = 40.0
PATIENCE_SECONDS = 15.0
# Firefox's own parts complain of their own things: those are not ours.
READ_CONSOLE = """
const said = Services.console.getMessageArray();
Services.console.reset();
return said.flatMap(one => {
  try { one.QueryInterface(Ci.nsIScriptError); } catch { return []; }
  const serious = !(one.flags & Ci.nsIScriptError.warningFlag) || /CSP/.test(one.category);
  return serious && !/^(chrome:|resource:|$)/.test(one.sourceName)
    ? [`${one.category}: ${one.errorMessage}`] : [];
});
"""
# A window of Firefox is never narrower than its own toolbar, unless told.
LET_IT_BE_NARROW = "document.documentElement.style.minWidth = '0'"


class Firefox:
    """One browser with one profile: a person at a computer or with a phone."""

    def __init__(self, marionette: Marionette) -> None:
        self._marionette = marionette
        with marionette.using_context("chrome"):
            marionette.execute_script(LET_IT_BE_NARROW)

    def open(self, address: str) -> None:
        """Open a page and wait until it is loaded."""
        self._marionette.navigate(address)

    def become(self, stranger: str) -> None:
        """Forget who was signed in and open the sign-in page at this address."""
        self._marionette.delete_all_cookies()
        self.open(stranger)

    def resize(self, width: int, height: int) -> None:
        """Make the window of this size."""
        self._marionette.set_window_rect(width=width, height=height)

    def ask(self, script: str, *arguments: object) -> Any:
        """Return what a script in the page answers."""
        return self._marionette.execute_script(script, script_args=list(arguments))

    def text(self, selector: str = "main") -> str:
        """Return the visible text of the first such element, or nothing."""
        return str(self.ask("return document.querySelector(arguments[0])?.innerText", selector))

    def fill(self, selector: str, text: str) -> None:
        """Type into a field."""
        self._marionette.find_element(By.CSS_SELECTOR, selector).send_keys(text)

    def click(self, selector: str) -> None:
        """Click an element as a hand does."""
        self._marionette.find_element(By.CSS_SELECTOR, selector).click()

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        chain = self._marionette.actions.sequence("key", "keyboard")
        for key in keys:
            chain.key_down(key).key_up(key)
        chain.perform()

    def wait(self, holds: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until the page shows something."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"never happened: {what}"
            time.sleep(0.1)

    def complaints(self) -> list[str]:
        """Return errors of scripts and violations of the policy since the last call."""
        with self._marionette.using_context("chrome"):
            return list(self._marionette.execute_script(READ_CONSOLE))


@contextmanager
def running_firefox() -> Iterator[Firefox]:
    """Start Firefox with an empty profile; nothing is left of it afterwards."""
    with tempfile.TemporaryDirectory(prefix="okrug-firefox-") as folder:
        profile = Path(folder)
        _write_preferences(profile)
        command = [find_firefox() or "firefox", "--headless", "--no-remote", "--marionette"]
        command += ["--remote-allow-system-access", "--profile", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            marionette = Marionette(host="127.0.0.1", port=_port(profile, process))
            marionette.start_session()
            yield Firefox(marionette)
            marionette.delete_session()
        finally:
            process.terminate()
            process.wait(timeout=20)


def _write_preferences(profile: Path) -> None:
    quiet = DesktopInstance.required_prefs | DesktopInstance.desktop_prefs
    preferences = {
        name: value.replace("%(server)s", "127.0.0.1") if isinstance(value, str) else value
        for name, value in quiet.items()
    }
    preferences |= {"marionette.port": 0, "intl.accept_languages": "ru"}
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});"
        for name, value in preferences.items()
    ]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")


def _port(profile: Path, process: "subprocess.Popen[bytes]") -> int:
    """Return the port Firefox has taken: it writes it into its profile."""
    told = profile / "MarionetteActivePort"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if told.exists() and told.read_text(encoding="ascii").strip():
            return int(told.read_text(encoding="ascii"))
        time.sleep(0.05)
    raise TimeoutError("Firefox did not start")
