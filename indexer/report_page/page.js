"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const COLOURS = ["#2f6fde", "#e4863a", "#3a9d6e", "#b04bb5", "#d2495a", "#2aa5b8", "#8a7a3c", "#6b6fd1", "#7a8794"];
  const MOST = COLOURS.length - 1; // slices; what is left is one more
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
    const canvas = make("canvas", make("div", card, undefined, "chart"));
    const bars = name === "Decade" || name === "Libraries";
    const shown = bars ? rows : folded(rows);
    let unit = UNITS.size;
    const chart = new Chart(canvas, {
      type: bars ? "bar" : "doughnut",
      data: {
        labels: shown.map((row) => row[0]),
        datasets: [{ data: shown.map((row) => row[2]), backgroundColor: bars ? COLOURS[0] : COLOURS, borderWidth: bars ? 0 : 1 }],
      },
      options: {
        maintainAspectRatio: false,
        animation: false,
        indexAxis: name === "Libraries" ? "y" : "x",
        scales: bars
          ? { [name === "Libraries" ? "x" : "y"]: { ticks: { callback: (value) => unit.text(value), maxTicksLimit: 5 } } }
          : {},
        plugins: {
          legend: { display: !bars, position: "right" },
          tooltip: { callbacks: { label: (context) => ` ${unit.text(context.raw)}` } },
        },
      },
    });
    return (next) => {
      unit = next;
      chart.data.datasets[0].data = shown.map((row) => row[unit.column]);
      chart.update();
    };
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
          { type: "line", label: "in all", data: sums(), borderColor: COLOURS[0], backgroundColor: COLOURS[0] + "22",
            fill: true, pointRadius: rows.length > 40 ? 0 : 2, tension: 0.2, yAxisID: "y" },
          { type: "bar", label: "added in the month", data: rows.map((row) => row[2]), backgroundColor: COLOURS[1], yAxisID: "month" },
        ],
      },
      options: {
        maintainAspectRatio: false,
        animation: false,
        interaction: { mode: "index", intersect: false },
        scales: {
          x: { ticks: { maxTicksLimit: 12, maxRotation: 0 } },
          y: { beginAtZero: true, ticks },
          month: { beginAtZero: true, position: "right", grid: { drawOnChartArea: false }, ticks },
        },
        plugins: { tooltip: { callbacks: { label: (context) => ` ${context.dataset.label}: ${unit.text(context.raw)}` } } },
      },
    });
    return (next) => {
      unit = next;
      chart.data.datasets[0].data = sums();
      chart.data.datasets[1].data = rows.map((row) => row[unit.column]);
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
  Chart.defaults.color = "#5d6b7a";
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  const redraw = [drawGrowth(data.growth), ...Object.entries(data.shares).map(([name, rows]) => drawShare(name, rows))];
  for (const [name, list] of Object.entries(data.lists)) drawList(name, list);
  const buttons = [...document.querySelectorAll("button[data-unit]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
      for (const draw of redraw) draw(UNITS[button.dataset.unit]);
    });
  }
})();
