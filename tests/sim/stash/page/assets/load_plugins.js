// Loads plugins as Stash's page does: asks GraphQL which scripts and styles there are, puts them into the page, and shows nothing
// until each script has loaded or failed. A page of another folder loads this file too, and waits for `stashPlugins`.
(function () {
  "use strict";

  var QUERY = "query Plugins{plugins{id name description url version enabled requires settings{name display_name description type} paths{css javascript}}}";

  function add(tag, attributes) {
    return new Promise(function (resolve) {
      var element = document.createElement(tag);
      Object.keys(attributes).forEach(function (name) { element[name] = attributes[name]; });
      element.onload = element.onerror = function () { resolve(); };
      document.head.appendChild(element);
    });
  }

  // Each plugin after those that it requires, as far as they are there.
  function inOrder(plugins) {
    var placed = [], seen = {};
    function place(plugin) {
      if (seen[plugin.id]) { return; }
      seen[plugin.id] = true;
      (plugin.requires || []).forEach(function (id) {
        plugins.filter(function (other) { return other.id === id; }).forEach(place);
      });
      placed.push(plugin);
    }
    plugins.forEach(place);
    return placed;
  }

  window.stashPlugins = fetch(new URL("graphql", document.baseURI), {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ operationName: "Plugins", variables: {}, query: QUERY })
  }).then(function (answer) { return answer.json(); }).then(function (answer) {
    var plugins = inOrder(answer.data.plugins.filter(function (each) { return each.enabled && each.paths; }));
    var scripts = [], styles = [];
    plugins.forEach(function (each) {
      scripts = scripts.concat(each.paths.javascript || []);
      styles = styles.concat(each.paths.css || []);
    });
    styles.forEach(function (address) { add("link", { rel: "stylesheet", href: address }); });
    return Promise.all(scripts.map(function (address) { return add("script", { src: address, async: false }); }));
  });
  window.stashPlugins.then(function () {
    if (!window.stashKeepsRoot) { document.getElementById("root").textContent = ""; }
    document.documentElement.setAttribute("data-plugins", "loaded");
  });
})();
