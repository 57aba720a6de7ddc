"""The browser of the tests: which Chromium, and whether it can write Khmer; `--ensure` installs what lacks or stops.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

# Under these names Debian, Ubuntu, Fedora and Google install it. The first is the same engine without windows and menus,
# which nobody looks at here: it takes a seventh less time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FONT_PACKAGES = ("fontconfig", "fonts-noto-core")


def find() -> str | None:
    """The path of the Chromium to test with: $CHROMIUM, else the one on PATH, else None.

    A $CHROMIUM that cannot be run is not replaced by another one in silence: it counts as none.
    """
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def has_khmer() -> bool:
    """Whether an installed font can write Khmer; without one a page is boxes, and its layout a fiction."""
    lister = shutil.which("fc-list")
    return lister is not None and bool(subprocess.run([lister, ":lang=km"], capture_output=True, check=False).stdout)


def missing(browser: str = "chromium") -> list[str]:
    """The Debian packages that would mend what is missing; empty when the browser tests can run."""
    return ([browser] if find() is None else []) + (list(_FONT_PACKAGES) if not has_khmer() else [])


def ensure() -> str | None:
    """None when the browser tests can run, after installing what is missing where that is allowed; else why not."""
    if not (packages := missing()):
        return None
    if os.environ.get("CHROMIUM") and find() is None:
        return f"CHROMIUM is {os.environ['CHROMIUM']!r}, which cannot be run: correct it or unset it."
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "-q", "update"], env=quiet, stdin=subprocess.DEVNULL, check=False)
        for browser in _NAMES[:2]:  # the first is one of Debian's alone
            if packages := missing(browser):
                print(f"Installing {' '.join(packages)} …", flush=True)
                install = [apt, "-q", "install", "-y", "--no-install-recommends", *packages]
                subprocess.run(install, env=quiet, stdin=subprocess.DEVNULL, check=False)
    if packages := missing():
        return (
            f"The browser tests need these packages: {' '.join(packages)}\n"
            f"Install them (sudo apt-get install {' '.join(packages)}), or set CHROMIUM to a Chromium of yours."
        )
    return None


if __name__ == "__main__":
    why = ensure() if "--ensure" in sys.argv[1:] else " ".join(missing())
    if why:
        print(why, file=sys.stderr)
        raise SystemExit(2)
    print(f"Browser: {find()}")
