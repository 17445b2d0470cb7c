"""Downloads that are not finished, told by the names in their folder. Pure.

Browsers and download programs find them again by name and place; one that is moved is lost or begun anew.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import PurePath

# Chromium, Firefox and many others, Edge, Safari, Opera; aria2, µTorrent, BitTorrent, qBittorrent, BitComet, Resilio,
# Free Download Manager, Xunlei, FlashGet, WinSCP, DownThemAll, DC++, yt-dlp; and what is temporary by its name.
_BROWSERS = "crdownload crswap part partial download opdownload"
_PROGRAMS = "aria2 !ut !bt !qb bc! !sync fdmdownload td xltd jc! filepart dtapart dctmp ytdl"
ENDINGS = frozenset(f"{_BROWSERS} {_PROGRAMS} tmp temp".split(" "))
_CHROMIUM = re.compile(r"Unconfirmed \d+\b", re.IGNORECASE)
_FRAGMENT = re.compile(r"part-frag\d+", re.IGNORECASE)
# Firefox puts eight characters before the ending of what it downloads, and an empty file where it will be.
_FIREFOX = re.compile(r"(?P<stem>.+)\.[\w-]{8}(?P<ending>\.[^.]+)\.part", re.IGNORECASE)


def unfinished(names: Collection[str]) -> frozenset[str]:
    """Those of a folder's names that belong to a download that is not finished, and so must stay beside each other."""
    begun = {name for name in names if is_unfinished(name)}
    partners = {partner for name in begun for partner in _partners(name)}
    return frozenset(begun | {name for name in names if name in partners or _belongs_to(name, begun)})


def is_unfinished(name: str) -> bool:
    ending = PurePath(name).suffix[1:]
    return ending.lower() in ENDINGS or bool(_FRAGMENT.fullmatch(ending) or _CHROMIUM.match(name))


def _partners(name: str) -> Iterator[str]:
    """What will be there when it is finished, and may be there already, empty or half full."""
    yield PurePath(name).stem
    if found := _FIREFOX.fullmatch(name):
        yield found["stem"] + found["ending"]


def _belongs_to(name: str, begun: Collection[str]) -> bool:
    """`001.part.met` belongs to `001.part`."""
    return PurePath(name).stem in begun
