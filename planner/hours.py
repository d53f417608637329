"""Hours at the wheel that the law allows one driver, for planning, explaining and printing.

``planner/check`` keeps its own copy on purpose: a wrong figure here must not hide there.
"""

from __future__ import annotations

from typing import Final

REST_S: Final = 20 * 60
"""The shortest stop that counts as a rest."""
UNBROKEN_S: Final = 4 * 3600
"""Longest drive without a rest: 道路交通安全法实施条例 第62条(7)."""
DAY_S: Final = 8 * 3600
"""Longest drive in 24 h: 道路旅客运输企业安全管理规范 第38条(2)."""
