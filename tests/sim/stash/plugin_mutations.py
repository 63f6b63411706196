"""The fields of Mutation about plugins, jobs and the configuration."""

from typing import Any

from tests.sim.stash.criteria import to_id
from tests.sim.stash.execution import QueryFailed, Resolver
from tests.sim.stash.installation import Context
from tests.sim.stash.jobs import Job
from tests.sim.stash.plugin_process import Cancelled, StartFailed
from tests.sim.stash.runner import Caller

Arguments = dict[str, Any]
_NIL = "Internal system error. Error <runtime error: invalid memory address or nil pointer dereference>"


def job_caller(context: Context, job: Job) -> Caller:
    """A job acts for the user who asked for it, until it is stopped."""
    caller = context.caller
    return Caller(base=caller.base, user=caller.user, visited=caller.visited, is_gone=job.stopped.is_set)


def _run_task(context: Context, _root: None, arguments: Arguments) -> int:
    """Accepted in any case: an unknown plugin or task shows when the job runs."""
    plugin_id, name = arguments["plugin_id"], arguments.get("task_name")
    given = arguments.get("args_map")
    if given is None:
        given = {each["key"]: _plain(each.get("value")) for each in arguments.get("args") or []}

    def work(job: Job) -> None:
        caller = job_caller(context, job)
        context.stash.runner.run_task(caller, (plugin_id, name), given, job.set_progress)

    shown = arguments.get("description") or name or plugin_id
    return context.stash.jobs.add(f"Running plugin task: {shown}", work).number


def _plain(value: dict[str, Any] | None) -> Any:
    """A PluginValueInput: the one key that is set tells the type."""
    if value is None:
        return None
    name, content = next((key, each) for key, each in value.items() if each is not None)
    if name == "o":
        return {each["key"]: _plain(each.get("value")) for each in content}
    return [_plain(each) for each in content] if name == "a" else content


def _run_operation(context: Context, _root: None, arguments: Arguments) -> Any:
    plugin = context.stash.plugins.find(arguments["plugin_id"])
    if plugin is None:
        context.stash.log.write("Error", "runtime error: invalid memory address or nil pointer dereference")
        raise QueryFailed(_NIL)
    try:
        result = context.stash.runner.run_operation(context.caller, plugin, arguments.get("args") or {})
    except Cancelled as error:
        raise QueryFailed("operation cancelled") from error
    except StartFailed as error:
        raise QueryFailed(str(error)) from error
    if result.error is not None:
        raise QueryFailed(result.error)
    return result.output


def _stop_job(context: Context, _root: None, arguments: Arguments) -> bool:
    context.stash.jobs.stop(to_id(arguments["job_id"]))
    return True


def _stop_all_jobs(context: Context, _root: None, _arguments: Arguments) -> bool:
    context.stash.jobs.stop()
    return True


def _reload_plugins(context: Context, _root: None, _arguments: Arguments) -> bool:
    context.stash.plugins.reload()
    return True


def _set_plugins_enabled(context: Context, _root: None, arguments: Arguments) -> bool:
    disabled = context.stash.plugins.disabled
    for name, enabled in arguments["enabledMap"].items():
        (disabled.discard if enabled else disabled.add)(name)
    return True


def _configure_plugin(context: Context, _root: None, arguments: Arguments) -> dict[str, Any]:
    return context.stash.configuration.configure_plugin(arguments["plugin_id"], arguments["input"])


def _configure_general(context: Context, _root: None, arguments: Arguments) -> dict[str, Any]:
    try:
        context.stash.configuration.configure_general(arguments["input"])
    except KeyError as error:
        raise QueryFailed(f"the simulator does not know general.{error.args[0]}") from error
    return context.stash.configuration.general()


def _configure_ui(context: Context, _root: None, arguments: Arguments) -> dict[str, Any]:
    configuration = context.stash.configuration
    if arguments.get("input") is not None:
        configuration.ui = dict(arguments["input"])
    configuration.ui |= arguments.get("partial") or {}
    return configuration.ui


def _generate_api_key(context: Context, _root: None, arguments: Arguments) -> str:
    sessions = context.stash.sessions
    if arguments["input"].get("clear"):
        sessions.api_key = ""
        return ""
    return sessions.new_api_key()


def _metadata_scan(context: Context, _root: None, _arguments: Arguments) -> int:
    """Finds nothing: new and changed files come from the control interface."""
    return context.stash.jobs.add("Scanning...", lambda _job: None).number


PLUGIN_MUTATIONS: dict[str, Resolver] = {
    "runPluginTask": _run_task,
    "runPluginOperation": _run_operation,
    "stopJob": _stop_job,
    "stopAllJobs": _stop_all_jobs,
    "reloadPlugins": _reload_plugins,
    "setPluginsEnabled": _set_plugins_enabled,
    "configurePlugin": _configure_plugin,
    "configureGeneral": _configure_general,
    "configureUI": _configure_ui,
    "generateAPIKey": _generate_api_key,
    "metadataScan": _metadata_scan,
}
