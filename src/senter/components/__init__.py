"""The components of Senter, in one list; third parties add theirs by the entry-point group `senter.components`."""

from __future__ import annotations
