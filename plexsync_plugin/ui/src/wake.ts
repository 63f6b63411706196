// Wakes PlexSync's worker: soon after Stash's page was opened, and every five minutes while the page is visible.
// After a restart of Stash nothing else may happen for hours; the edits that wait would wait as long.
// Says nothing and shows nothing, whatever fails.

const FIRST = 1000; // milliseconds; the page's own first requests come before
const EVERY = 300000;
const BODY = JSON.stringify({
  query: "mutation($id:ID!,$args:Map){runPluginOperation(plugin_id:$id,args:$args)}",
  variables: { id: "PlexSync", args: { operation: "wake" } },
});

export function keepWorkerAwake(): void {
  let last = 0;
  const ignore = () => undefined;

  function wake(): void {
    try {
      if (document.visibilityState === "hidden") return;
      last = Date.now();
      // Relative to the page's <base>, so that it works behind a path prefix too.
      window
        .fetch(new URL("graphql", document.baseURI).href, {
          method: "POST",
          credentials: "same-origin",
          headers: { "Content-Type": "application/json", Accept: "application/json" },
          body: BODY,
        })
        .then(ignore, ignore);
    } catch {
      // A browser without fetch is left in peace.
    }
  }

  window.setTimeout(wake, FIRST);
  window.setInterval(wake, EVERY);
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - last >= EVERY) wake();
  });
}
