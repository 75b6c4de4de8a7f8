# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""The rows of a run, for people and for programs."""

from dataclasses import asdict, dataclass

MEGABYTE = 1 << 20
MOST_MEMORY = 300_000_000 / MEGABYTE


@dataclass
class Row:
    what: str
    figure: float | None  # None when it could not be measured
    unit: str
    target: float | None = None
    least: bool = False  # whether the target is the least or the most that is promised
    remark: str = ""

    @property
    def ratio(self):
        return None if self.target is None or self.figure is None else self.figure / self.target

    @property
    def promise(self):
        if self.target is None:
            return ""
        if self.figure is None:
            return "missed"
        return "met" if (self.figure >= self.target if self.least else self.figure <= self.target) else "missed"


def shown(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"


def text(rows):
    header = ("what", "figure", "unit", "target", "ratio", "promise", "remark")
    lines = [header] + [
        (row.what, shown(row.figure), row.unit, shown(row.target), "–" if row.ratio is None else f"{row.ratio:.2f}", row.promise,
         row.remark)
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    right = {1, 3, 4}
    return "\n".join(
        "  ".join(cell.rjust(width) if column in right else cell.ljust(width)
                  for column, (cell, width) in enumerate(zip(line, widths))).rstrip()
        for line in lines
    )


def objects(rows):
    return [{**asdict(row), "ratio": row.ratio, "promise": row.promise or None} for row in rows]
