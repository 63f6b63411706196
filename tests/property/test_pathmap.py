"""Path rules there and back again, for folders and names of every kind."""

from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st

from plexsync_plugin.base.rules import PathRule, parse_path_map
from plexsync_plugin.core.pathmap import depth_below, parts, rule_between, same_path, to_plex, to_stash

Pieces = list[str]
Kind = Callable[[Pieces], str]

# What both systems allow in a name. A POSIX path begins with a separator, so no piece makes a drive of it.
PIECES = st.text(
    st.characters(codec="utf-8", exclude_characters='/\\\0;=><"|?*:'), min_size=1, max_size=8
).filter(lambda piece: piece.strip() == piece)
FOLDERS = st.lists(PIECES, max_size=3)
RESTS = st.lists(PIECES, min_size=1, max_size=3)


def posix(pieces: list[str]) -> str:
    return "/" + "/".join(pieces)


def drive(pieces: list[str]) -> str:
    return "\\".join(["M:", *pieces])


def share(pieces: list[str]) -> str:
    return "\\\\" + "\\".join(["nas", *pieces])


KINDS = st.sampled_from([posix, drive, share])


@given(KINDS, KINDS, FOLDERS, FOLDERS, RESTS)
def test_path_comes_back_from_plex_as_it_went(
    stash: Kind, plex: Kind, here: Pieces, there: Pieces, rest: Pieces
) -> None:
    rule = PathRule(stash=stash(here), plex=plex(there))
    path = stash([*here, *rest])
    (mapped,) = to_plex(path, [rule])
    assert same_path(mapped, plex([*there, *rest]))
    assert to_stash(mapped, [rule]) == (path,)


@given(KINDS, KINDS, FOLDERS, FOLDERS, RESTS)
def test_rule_as_it_is_typed_does_the_same(
    stash: Kind, plex: Kind, here: Pieces, there: Pieces, rest: Pieces
) -> None:
    rules = parse_path_map(f" {stash(here)} => {plex(there)} ;")
    assert to_plex(stash([*here, *rest]), rules) == (plex([*there, *rest]),)


@given(KINDS, FOLDERS, RESTS, st.booleans())
def test_case_counts_on_posix_alone(kind: Kind, folder: Pieces, rest: Pieces, upper: bool) -> None:
    changed = [piece.upper() if upper else piece.lower() for piece in folder]
    # Letters such as the Turkish dotless i do not come back from their capitals.
    assume([piece.casefold() for piece in changed] == [piece.casefold() for piece in folder])
    found = to_plex(kind([*folder, *rest]), [PathRule(stash=kind(changed), plex="/plex")])
    if kind is posix and changed != folder:
        assert found == ()
    else:
        assert found == (posix(["plex", *rest]),)


@given(KINDS, FOLDERS, FOLDERS, RESTS)
def test_longest_prefix_wins_in_any_order(kind: Kind, folder: Pieces, deeper: Pieces, rest: Pieces) -> None:
    assume(deeper)
    rules = [
        PathRule(stash=kind(folder), plex="/wide"),
        PathRule(stash=kind([*folder, *deeper]), plex="/narrow"),
    ]
    path = kind([*folder, *deeper, *rest])
    assert to_plex(path, rules) == to_plex(path, rules[::-1]) == (posix(["narrow", *rest]),)


@given(KINDS, KINDS, FOLDERS, FOLDERS, RESTS)
def test_learned_rule_leads_from_the_one_path_to_the_other(
    stash: Kind, plex: Kind, here: Pieces, there: Pieces, rest: Pieces
) -> None:
    one, other = stash([*here, *rest]), plex([*there, *rest])
    rule = rule_between(one, other)
    if rule is None:
        assert same_path(one, other)
        return
    (mapped,) = to_plex(one, [rule])
    assert same_path(mapped, other)
    assert depth_below(one, rule.stash) == len(parts(rule.stash))
