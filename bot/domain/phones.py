"""Telephone numbers: grouped for the eye, bare for the telephone."""

from __future__ import annotations

import re

# Numbers without an area code: short ones, and the free and shared-cost services, which are not reached from abroad.
NO_AREA = re.compile(r"0(800|180|137|700|900)|[1-9]")


def copy_number(phone: str) -> str:
    """The number to copy: digits only, with +49 where there is an area code ("089 123-45" gives "+498912345")."""
    if phone.strip().startswith(("+", "00")):
        abroad = re.sub(r"\(0\)|[^0-9]", "", phone)  # "+49 (0)89": that zero is dialled only inside the country
        return f"+{abroad.removeprefix('00')}"
    digits = re.sub(r"[^0-9]", "", phone)
    return digits if NO_AREA.match(digits) or not digits else f"+49{digits[1:]}"
