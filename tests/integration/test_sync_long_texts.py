"""Texts too long for a request: sent whole once, and cut at a word only where Plex refuses them."""

from tests.rig import Rig
from tests.stage import item_key

LONG = "\n\n".join(f"Paragraph {number}: äöü and some more words of it." for number in range(300))


def test_long_text_arrives_whole_when_plex_takes_it(rig: Rig) -> None:
    rig.stage.plex.control("set", {"url_limit": 60_000})
    rig.stage.edit(1, title="Long", details=LONG)
    rig.settle()
    assert rig.stage.item(item_key(1))["summary"] == LONG
    assert len(rig.stage.puts()) == 2  # split by field


def test_text_is_cut_at_a_word_when_plex_refuses_it(rig: Rig) -> None:
    rig.stage.plex.control("set", {"url_limit": 8_192})
    rig.stage.edit(1, title="Long", details=LONG)
    rig.settle()
    item = rig.stage.item(item_key(1))
    assert item["title"] == "Long"
    cut = item["summary"].removesuffix("…")
    assert cut != item["summary"]
    assert LONG.startswith(cut)
    assert LONG[len(cut)].isspace()
    assert rig.job(1)["state"] == "done"


def test_limit_is_remembered_and_a_cut_text_is_not_sent_again(rig: Rig) -> None:
    rig.stage.plex.control("set", {"url_limit": 8_192})
    rig.stage.edit(1, details=LONG)
    rig.settle()
    rig.start_worker()
    rig.stage.plex.clear_log()
    rig.stage.edit(1, title="Only the title", details=LONG)
    rig.stage.edit(2, details=LONG)
    rig.settle()
    assert [entry["status"] for entry in rig.stage.plex.log("PUT")] == [200, 200]
    rig.stage.edit(1, details="")
    rig.settle()
    assert rig.stage.item(item_key(1))["summary"] == "What the agent found."
