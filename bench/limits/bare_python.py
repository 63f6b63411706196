"""What no hook can be faster than: an interpreter that has imported what every hook needs, and ends."""

import json
import sqlite3

__all__ = ["json", "sqlite3"]
