"""The questions of docs/questions.md, as SQL by title."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "questions.md"
_QUESTION = re.compile(r"^## \d+\. (?P<title>[^\n]+)\n.*?```sql\n(?P<sql>.*?)\n```", re.M | re.S)


def questions() -> dict[str, str]:
    return {found["title"]: found["sql"] for found in _QUESTION.finditer(PAGE.read_text("utf-8"))}
