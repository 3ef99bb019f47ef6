"""Action ids of the buttons about archives."""

from __future__ import annotations

TURN_ON, TURN_OFF = "spyglass_archive_on", "spyglass_archive_off"
BACKFILL, STOP = "spyglass_archive_backfill", "spyglass_archive_stop"
ERASE, KEEP = "spyglass_archive_erase", "spyglass_archive_keep"
ALL = (TURN_ON, TURN_OFF, BACKFILL, STOP, ERASE, KEEP)
