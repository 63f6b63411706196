"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const COLOURS = ["#2f6fde", "#e4863a", "#3a9d6e", "#b04bb5", "#d2495a", "#2aa5b8", "#8a7a3c", "#6b6fd1", "#7a8794"];
  const MOST = COLOURS.length - 1; // slices; what is left is one more
  const LONGEST = 22; // characters of a label beside a bar
  const BAR = 26; // pixels that a bar needs for its label
  const whole = new Intl.NumberFormat("en");

  function sizeText(bytes) {
    const units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let place = 0;
    let amount = bytes;
    while (amount >= 999.5 && place < units.length - 1) { amount /= 1000; place += 1; }
    return `${place ? amount.toFixed(1) : amount} ${units[place]}`;
  }
  const UNITS = {
    size: { column: 2, text: sizeText },
    items: { column: 1, text: (number) => `${whole.format(number)} items` },
  };

  function make(name, parent, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    parent.append(made);
    return made;
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function paint() {
    Chart.defaults.color = colour("--quiet");
    Chart.defaults.borderColor = colour("--line");
    Chart.defaults.elements.arc.borderColor = colour("--card");
  }

  function shortened(text) {
    const signs = [...text];
    return signs.length > LONGEST ? `${signs.slice(0, LONGEST - 1).join("")}…` : text;
  }

  // For those who cannot see a chart: its largest parts in words.
  function describe(canvas, name, rows, unit) {
    const parts = rows.slice(0, MOST + 1).map((row) => `${row[0]} ${unit.text(row[unit.column])}`);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${name}: ${parts.join(", ")}`);
  }

  function folded(rows) {
    if (rows.length <= MOST + 1) return rows;
    const rest = rows.slice(MOST).reduce((sum, row) => ["others", sum[1] + row[1], sum[2] + row[2]], ["", 0, 0]);
    return [...rows.slice(0, MOST), rest];
  }

  function head() {
    const name = data.server || "Plex library";
    document.title = `${name} – library report`;
    document.getElementById("server").textContent = name;
    const read = data.indexedAt ? `, index of ${data.indexedAt.replace("T", " ").replace("Z", " UTC")}` : "";
    document.getElementById("when").textContent = `Report of ${data.madeAt.replace("T", " ").replace("Z", " UTC")}${read}`;
    const tiles = document.getElementById("tiles");
    for (const [label, value] of data.tiles) {
      const tile = make("div", tiles, undefined, "tile");
      make("b", tile, value);
      make("span", tile, label);
    }
  }

  function drawShare(name, rows) {
    const card = make("div", document.getElementById("shares"), undefined, "card");
    make("h2", card, name);
    if (!rows.length) { make("p", card, "Nothing to show.", "none"); return () => {}; }
    const form = data.forms[name] || "slices";
    const [canvas, options] = form === "slices" ? sliceOptions(card) : barOptions(card, form, rows);
    const shown = form === "slices" ? folded(rows) : rows;
    let unit = UNITS.size;
    options.tick.callback = function (value) { return unit.text(value); };
    options.chart.plugins.tooltip = {
      callbacks: {
        label: (context) => {
          const sum = shown.reduce((total, row) => total + row[unit.column], 0);
          return ` ${unit.text(context.raw)} (${sum ? Math.round((100 * context.raw) / sum) : 0} %)`;
        },
      },
    };
    const chart = new Chart(canvas, {
      type: form === "slices" ? "doughnut" : "bar",
      data: {
        labels: shown.map((row) => row[0]),
        datasets: [{ data: shown.map((row) => row[2]), backgroundColor: form === "slices" ? COLOURS : COLOURS[0],
          borderWidth: form === "slices" && shown.length > 1 ? 1 : 0, maxBarThickness: 60 }],
      },
      options: { maintainAspectRatio: false, animation: false, ...options.chart },
    });
    describe(canvas, name, shown, unit);
    return (next) => {
      unit = next || unit;
      chart.data.datasets[0].data = shown.map((row) => row[unit.column]);
      describe(canvas, name, shown, unit);
      chart.update();
    };
  }

  function sliceOptions(card) {
    const canvas = make("canvas", make("div", card, undefined, "chart"));
    return [canvas, { tick: {}, chart: { plugins: { legend: { position: "right" } } } }];
  }

  // "rows" lie, as many as there are, with their names beside them; "columns" stand.
  function barOptions(card, form, rows) {
    const lying = form === "rows";
    const box = lying ? make("div", card, undefined, "rows") : card;
    const frame = make("div", box, undefined, "chart");
    if (lying) frame.style.height = `${rows.length * BAR + 40}px`;
    const tick = { maxTicksLimit: lying ? 4 : 5, maxRotation: 0 };
    const names = lying
      ? { ticks: { autoSkip: false, callback(value) { return shortened(this.getLabelForValue(value)); } } }
      : {};
    const scales = lying ? { x: { position: "top", ticks: tick }, y: names } : { x: { ticks: { maxRotation: 0 } }, y: { ticks: tick } };
    return [make("canvas", frame), { tick, chart: { indexAxis: lying ? "y" : "x", scales, plugins: { legend: { display: false } } } }];
  }

  function drawGrowth(rows) {
    const card = document.getElementById("growth");
    if (!rows.length) { card.remove(); return () => {}; }
    let unit = UNITS.size;
    const sums = () => { let sum = 0; return rows.map((row) => (sum += row[unit.column])); };
    const ticks = { callback: (value) => unit.text(value), maxTicksLimit: 6 };
    const chart = new Chart(card.querySelector("canvas"), {
      data: {
        labels: rows.map((row) => row[0]),
        datasets: [
          { type: "line", label: "in all", data: sums(), borderColor: COLOURS[0], backgroundColor: COLOURS[0],
            pointRadius: rows.length > 40 ? 0 : 2, yAxisID: "y" },
          { type: "bar", label: "added in the month", data: rows.map((row) => row[2]), backgroundColor: COLOURS[1] + "aa",
            maxBarThickness: 60, yAxisID: "month" },
        ],
      },
      options: {
        maintainAspectRatio: false,
        animation: false,
        interaction: { mode: "index", intersect: false },
        scales: {
          x: { offset: true, ticks: { maxTicksLimit: 12, maxRotation: 0 } },
          y: { beginAtZero: true, ticks },
          month: { beginAtZero: true, position: "right", grid: { drawOnChartArea: false }, ticks },
        },
        plugins: { tooltip: { callbacks: { label: (context) => ` ${context.dataset.label}: ${unit.text(context.raw)}` } } },
      },
    });
    const canvas = card.querySelector("canvas");
    const last = () => [[`${rows[0][0]} to ${rows[rows.length - 1][0]}, in all`, ...[1, 2].map((column) => rows.reduce((sum, row) => sum + row[column], 0))]];
    describe(canvas, "Growth", last(), unit);
    return (next) => {
      unit = next || unit;
      chart.data.datasets[0].data = sums();
      chart.data.datasets[1].data = rows.map((row) => row[unit.column]);
      describe(canvas, "Growth", last(), unit);
      chart.update();
    };
  }

  function drawList(name, list) {
    const card = make("div", document.getElementById("lists"), undefined, "card");
    make("h2", card, name);
    if (!list.rows.length) { make("p", card, "None.", "none"); return; }
    const table = make("table", make("div", card, undefined, "rows"));
    const headings = make("tr", make("thead", table));
    for (const column of list.columns) make("th", headings, column);
    const body = make("tbody", table);
    for (const row of list.rows) {
      const line = make("tr", body);
      for (const value of row) make("td", line, value);
    }
  }

  head();
  paint();
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const redraw = [drawGrowth(data.growth), ...Object.entries(data.shares).map(([name, rows]) => drawShare(name, rows))];
  for (const [name, list] of Object.entries(data.lists)) drawList(name, list);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    paint();
    for (const draw of redraw) draw();
  });
  const buttons = [...document.querySelectorAll("button[data-unit]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      for (const draw of redraw) draw(UNITS[button.dataset.unit]);
    });
  }
})();
