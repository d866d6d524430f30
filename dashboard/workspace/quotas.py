"""How much may be kept: by one person, in all, and within an hour."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.workspace.place import StoreProblem


@dataclass(frozen=True)
class Use:
    """What is kept: reports and bytes, in all and of one owner, and how many reports that owner kept within the last hour."""

    reports: int
    own_reports: int
    bytes: int
    own_bytes: int
    own_in_the_hour: int


@dataclass(frozen=True)
class Quotas:
    """Limits, each 0 where there is none: reports and mebibytes of one owner and in all, and reports kept by one owner in an hour."""

    own_reports: int = 0
    own_mebibytes: int = 0
    reports: int = 0
    mebibytes: int = 0
    per_hour: int = 0

    def check(self, size: int, name: str, use: Use) -> None:
        """Raise `StoreProblem` where a report of `size` bytes would be one too many for `name`."""
        room = "Delete a kept report for good to make room, or ask the administrator for more."
        limits = [
            (self.own_reports, use.own_reports + 1, f"{name} may keep {self.own_reports:,} reports, and as many are kept", room),
            (self.reports, use.reports + 1, f"this workspace may hold {self.reports:,} reports, and as many are kept", room),
            (_bytes(self.own_mebibytes), use.own_bytes + size, f"{name} may keep {self.own_mebibytes:,} MiB, and this would be more", room),
            (_bytes(self.mebibytes), use.bytes + size, f"this workspace may hold {self.mebibytes:,} MiB, and this would be more", room),
            (self.per_hour, use.own_in_the_hour + 1, f"{name} may keep {self.per_hour:,} reports in an hour", "Try again later."),
        ]
        for limit, wanted, says, remedy in limits:
            if limit and wanted > limit:
                raise StoreProblem(f"Nothing was kept: {says}. {remedy}")


def _bytes(mebibytes: int) -> int:
    return mebibytes * 1024 * 1024
