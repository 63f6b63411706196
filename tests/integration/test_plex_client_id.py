"""Plex knows the plugin as one device, whichever process asks."""

from tests.pictures import drawn, encoded
from tests.stage import Stage, item_key


def test_plex_sees_one_device_in_every_request_of_every_process(stage: Stage) -> None:
    stage.stash.control("set_cover", {"kind": "scene", "id": 1, "image": encoded(drawn())})
    workers = set()
    for title in ("One", "Two"):
        stage.edit(1, title=title)
        stage.wait_title(1, title)
        stage.wait_synced(1)
        workers.update(stage.workers())
        stage.kill_workers()
    stage.run_task("Index Plex Library")
    stage.run_task("Check Setup")
    stage.plex.control("set", {"starting": True})
    stage.edit(1, title="Three")
    stage.wait(
        lambda: bool(stage.rows("SELECT * FROM outages")), "an outage, which begins and ends with a probe"
    )
    stage.plex.control("set", {"starting": False})
    stage.wait_title(1, "Three")
    stage.kill_workers()
    kept = (stage.data / "client_id").read_text(encoding="ascii")
    assert len(kept) >= 16
    assert len(workers) >= 2
    sent = {f"{entry['method']} {entry['path']}" for entry in stage.plex.log()}
    assert sent >= {"GET /", "GET /identity", "GET /photo/:/transcode", "PUT /library/sections/1/all"}
    assert f"POST /library/metadata/{item_key(1)}/posters" in sent
    assert stage.plex.control("clients") == {kept: len(stage.plex.log())}
