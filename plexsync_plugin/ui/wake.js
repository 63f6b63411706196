// Wakes PlexSync's worker: soon after Stash's page was opened, and every five minutes while the page is visible.
// After a restart of Stash nothing else may happen for hours; the edits that wait would wait as long.
// Says nothing and shows nothing, whatever fails. Plain ES5: Stash serves this file as it stands.
(function () {
  "use strict";

  var FIRST = 1000; // milliseconds; the page's own first requests come before
  var EVERY = 300000;
  var BODY = JSON.stringify({
    query: "mutation($id:ID!,$args:Map){runPluginOperation(plugin_id:$id,args:$args)}",
    variables: { id: "PlexSync", args: { operation: "wake" } }
  });
  var last = 0;

  function ignore() {}

  function wake() {
    try {
      if (document.visibilityState === "hidden") {
        return;
      }
      last = Date.now();
      // Relative to the page's <base>, so that it works behind a path prefix too.
      window.fetch(new URL("graphql", document.baseURI).href, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: BODY
      }).then(ignore, ignore);
    } catch (error) {
      ignore(error);
    }
  }

  function shown() {
    if (Date.now() - last >= EVERY) {
      wake();
    }
  }

  window.setTimeout(wake, FIRST);
  window.setInterval(wake, EVERY);
  document.addEventListener("visibilitychange", shown);
})();
