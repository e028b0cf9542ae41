"""Session logs of Kilo: the rows of its database, which has OpenCode's tables and messages.

Its own gateway sells models under the names of their makers, and states what it charged as ``cost``.
https://github.com/Kilo-Org/kilocode/blob/main/packages/core/src/database/database.ts
https://github.com/Kilo-Org/kilocode/blob/main/packages/opencode/src/session/session.sql.ts
"""

from __future__ import annotations

from .opencode import Calls, Lines, Mark

__all__ = ["Calls", "Lines", "Mark"]
