"""A query must be valid in both supported versions; what is refused, is refused in the recorded form."""

from collections.abc import Iterator

import pytest

from tests.sim.stash.client import GraphQLError, StashProcess
from tests.sim.stash.schema import VERSIONS, QueryRefused, Schemas

NEW_FIELD = "{findScenes(scene_filter:{files_filter:{}}){count}}"
OLD_AND_NEW = "{findScenes(ids:[1]){count scenes{id groups{scene_index}}}}"


@pytest.fixture(scope="module", params=VERSIONS)
def stash(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StashProcess]:
    with StashProcess(tmp_path_factory.mktemp("schema"), "--version", request.param) as process:
        yield process


@pytest.mark.parametrize("version", VERSIONS)
def test_query_is_refused_when_only_the_new_version_knows_a_field(version: str) -> None:
    with pytest.raises(QueryRefused) as refused:
        Schemas(version).check(NEW_FIELD)
    assert refused.value.errors[0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert 'Field "files_filter" is not defined' in refused.value.errors[0]["message"]


def test_query_of_the_running_version_alone_passes_when_asked_for() -> None:
    schemas = Schemas("v0.30.1")
    schemas.both = False
    assert schemas.check(NEW_FIELD).kind == "document"
    old = Schemas("v0.27.2")
    old.both = False
    with pytest.raises(QueryRefused):
        old.check(NEW_FIELD)


@pytest.mark.parametrize("version", VERSIONS)
def test_query_of_both_versions_passes(version: str) -> None:
    assert Schemas(version).check(OLD_AND_NEW).kind == "document"


def test_refusal_has_the_recorded_form_and_status(stash: StashProcess) -> None:
    answer = stash.post(NEW_FIELD)
    assert answer.status == 422
    assert list(answer.json) == ["errors", "data"]
    assert answer.json["data"] is None
    assert set(answer.json["errors"][0]) == {"message", "locations", "extensions"}


def test_wrong_type_of_a_variable_is_refused(stash: StashProcess) -> None:
    answer = stash.post("query($p:Int){findScenes(filter:{page:$p}){count}}", {"p": "x"})
    assert answer.status == 422
    assert answer.json["errors"][0]["path"] == ["variable", "p"]
    assert answer.json["errors"][0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}


def test_unknown_key_of_an_input_is_refused_and_nothing_is_saved(stash: StashProcess) -> None:
    stash.control("load", {"scenes": [{"id": 1, "title": "before"}]})
    query = "mutation($i:SceneUpdateInput!){sceneUpdate(input:$i){id}}"
    answer = stash.post(query, {"i": {"id": "1", "title": "after", "colour": "red"}})
    assert answer.status == 422
    assert stash.query('{findScene(id:"1"){title}}') == {"findScene": {"title": "before"}}


def test_client_that_accepts_anything_gets_the_newer_type(stash: StashProcess) -> None:
    """v0.30.1 (docs/facts/stash-ui.md section 9); for v0.27.2 the older behaviour is assumed."""
    is_recent = stash.query("{version{version}}")["version"]["version"] == "v0.30.1"
    good = stash.post("{version{version}}", headers={"Accept": "*/*"})
    bad = stash.post("{nope}", headers={"Accept": "*/*"})
    kind = "application/graphql-response+json" if is_recent else "application/json"
    assert (good.headers["content-type"], good.status) == (kind, 200)
    assert (bad.headers["content-type"], bad.status) == (kind, 400 if is_recent else 422)


def test_partial_date_is_refused_by_the_old_version_only(stash: StashProcess) -> None:
    stash.control("load", {"scenes": [{"id": 1, "date": "2020-01-02"}]})
    is_recent = stash.query("{version{version}}")["version"]["version"] == "v0.30.1"
    if is_recent:
        stash.update_scene(id="1", date="2021-05")
    else:
        with pytest.raises(GraphQLError, match="2021-05"):
            stash.update_scene(id="1", date="2021-05")
    expected = "2021-05" if is_recent else "2020-01-02"
    assert stash.query('{findScene(id:"1"){date}}') == {"findScene": {"date": expected}}


def test_introspection_is_answered_with_the_running_schema(stash: StashProcess) -> None:
    data = stash.query('{__type(name:"SceneFilterType"){inputFields{name}} version{version}}')
    names = {field["name"] for field in data["__type"]["inputFields"]}
    assert ("files_filter" in names) == (data["version"]["version"] == "v0.30.1")


def test_alias_fragment_and_directives_are_followed(stash: StashProcess) -> None:
    stash.control("load", {"scenes": [{"id": 1, "title": "T"}]})
    query = """query($no:Boolean!){one:findScene(id:1){...S ... on Scene{organized} code @include(if:$no)
        details @skip(if:$no) __typename}} fragment S on Scene{name:title}"""
    expected = {"name": "T", "organized": False, "details": "", "__typename": "Scene"}
    assert stash.query(query, {"no": False}) == {"one": expected}
