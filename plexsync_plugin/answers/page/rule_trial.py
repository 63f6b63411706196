"""What a path rule made of two paths would do, before it is written: how many scenes without an item would have one."""

from plexsync_plugin.answers.page.order_shapes import RuleTrial
from plexsync_plugin.answers.page.question import NoAnswer, Question
from plexsync_plugin.answers.page.shapes import Action
from plexsync_plugin.base.rules import PathRule, parse_path_map
from plexsync_plugin.core.pathmap import is_windows, rule_between, same_path, to_plex
from plexsync_plugin.jobs.problem_list import ProblemList
from plexsync_plugin.plex.page_views import open_index

EXAMPLES = 3


def rule_of(stash: str, plex: str) -> PathRule:
    """From two files of one name, or two folders. Raises NoAnswer where no rule leads from one to the other."""
    if not stash or not plex:
        raise NoAnswer("A rule needs a path of Stash and a path of Plex.")
    if same_path(stash, plex):
        raise NoAnswer("Both paths are the same, so no rule is needed.")
    rule = rule_between(stash, plex) or PathRule(stash=stash, plex=plex)
    text = written(rule)
    try:
        parsed = parse_path_map(text)
    except ValueError as error:
        raise NoAnswer(f"No rule can be made of this pair: path_map {error}.") from error
    if len(parsed) != 1 or written(parsed[0]) != text:
        raise NoAnswer(
            "No rule can be made of this pair: a folder's name holds ; or =>, which path_map cannot."
        )
    return parsed[0]


def written(rule: PathRule) -> str:
    """As it stands in path_map."""
    return f"{rule.stash.rstrip('/') or '/'} => {rule.plex.rstrip('/') or '/'}"


def trial(question: Question, rule: PathRule) -> RuleTrial:
    separator = "\\" if is_windows(rule.stash) else "/"
    begin = rule.stash.rstrip("/\\") + separator
    with question.state() as state:
        files = ProblemList(state).files_below(begin, begin[:-1] + chr(ord(separator) + 1)) if state else []
    places = [(scene, path, _place(path, rule)) for scene, path in files]
    with open_index(question.folder.index) as index:
        if index is None:
            raise NoAnswer(
                "There is no index of the Plex libraries yet, so nobody knows what the rule would match.",
                Action(name="index", task="Index Plex Library"),
            )
        there = index.there([place for _, _, place in places])
    hits = [(scene, path, place) for scene, path, place in places if place in there]
    return RuleTrial(
        stash=rule.stash,
        plex=rule.plex,
        rule=written(rule),
        matched=len({scene for scene, _, _ in hits}),
        looked_at=len({scene for scene, _, _ in places}),
        examples=tuple((path, place) for _, path, place in hits[:EXAMPLES]),
    )


def _place(path: str, rule: PathRule) -> str:
    if is_windows(path) or is_windows(rule.plex):
        return next(iter(to_plex(path, [rule])), "")
    return rule.plex.rstrip("/") + path[len(rule.stash.rstrip("/")) :]  # the same, for tens of thousands
