"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const COLOURS = ["#2f6fde", "#e4863a", "#3a9d6e", "#b04bb5", "#d2495a", "#2aa5b8", "#8a7a3c", "#6b6fd1", "#7a8794"];
  const MOST = COLOURS.length - 1; // slices; what is left is one more
  const LONGEST = 22; // characters of a label beside a bar
  const BAR = 26; // pixels that a bar needs for its label
  const THINNEST = 6; // pixels of a column in time; where months are thinner, quarters or years stand in their place
  const SMALLEST = 0.01; // of the whole, that a slice of its own takes; less cannot be seen
  const NARROW = 340; // pixels of a chart beside which there is no room for a legend
  const SPANS = [
    ["month", (month) => month],
    ["quarter", (month) => `${month.slice(0, 4)} Q${Math.ceil(Number(month.slice(5)) / 3)}`],
    ["year", (month) => month.slice(0, 4)],
  ];
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

  function total(rows, column) {
    return rows.reduce((sum, row) => sum + row[column], 0);
  }

  // Of a ring: the parts that can be seen, the largest first, and all others as one. What is nothing has no entry.
  function slices(rows, column) {
    const sum = total(rows, column);
    const there = rows.filter((row) => row[column] > 0).sort((one, other) => other[column] - one[column]);
    const large = there.filter((row) => row[column] >= sum * SMALLEST);
    const shown = there.length <= MOST + 1 && large.length === there.length ? there : large.slice(0, MOST);
    const rest = there.slice(shown.length);
    if (rest.length === 1) return there;
    return rest.length ? [...shown, ["others", total(rest, 1), total(rest, 2)]] : shown;
  }

  // Months, or longer spans where the chart has no room for them: in each row its name, then numbers.
  function spanned(rows, width) {
    for (const [name, spanOf] of SPANS) {
      const spans = new Map();
      for (const [month, ...numbers] of rows) {
        const span = spanOf(month);
        const [, ...known] = spans.get(span) || [span, ...numbers.map(() => 0)];
        spans.set(span, [span, ...known.map((number, place) => number + numbers[place])]);
      }
      if (spans.size * THINNEST <= width || name === "year") return [name, [...spans.values()]];
    }
    return ["month", rows];
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
    const colours = new Map();
    let unit = UNITS.size;
    const seen = () => (form === "slices" ? slices(rows, unit.column) : rows);
    let shown = seen();
    // A part keeps its colour in whatever unit it is shown.
    const colourOf = (name) => {
      if (name === "others") return COLOURS[MOST];
      if (!colours.has(name)) colours.set(name, COLOURS[colours.size % MOST]);
      return colours.get(name);
    };
    // The smallest slice is drawn so that it can be seen; its number is the true one.
    const drawn = () => {
      const least = form === "slices" ? total(shown, unit.column) * SMALLEST : 0;
      return shown.map((row) => Math.max(row[unit.column], least));
    };
    const fills = () => (form === "slices" ? shown.map((row) => colourOf(row[0])) : COLOURS[0]);
    options.tick.callback = function (value) { return unit.text(value); };
    options.chart.plugins.tooltip = {
      callbacks: {
        label: (context) => {
          const [value, sum] = [shown[context.dataIndex][unit.column], total(rows, unit.column)];
          const share = sum ? (100 * value) / sum : 0;
          return ` ${unit.text(value)} (${share > 0 && share < 1 ? "under 1" : Math.round(share)} %)`;
        },
      },
    };
    const chart = new Chart(canvas, {
      type: form === "slices" ? "doughnut" : "bar",
      data: {
        labels: shown.map((row) => row[0]),
        datasets: [{ data: drawn(), backgroundColor: fills(),
          borderWidth: form === "slices" && shown.length > 1 ? 1 : 0, maxBarThickness: 60 }],
      },
      options: { maintainAspectRatio: false, animation: false, ...options.chart },
    });
    describe(canvas, name, shown, unit);
    return (next) => {
      unit = next || unit;
      shown = seen();
      chart.data.labels = shown.map((row) => row[0]);
      chart.data.datasets[0].data = drawn();
      chart.data.datasets[0].backgroundColor = fills();
      describe(canvas, name, shown, unit);
      chart.update();
    };
  }

  function sliceOptions(card) {
    const canvas = make("canvas", make("div", card, undefined, "chart"));
    const place = (width) => (width < NARROW ? "bottom" : "right");
    const legend = { position: place(canvas.parentElement.clientWidth) };
    const onResize = (chart, size) => { chart.options.plugins.legend.position = place(size.width); };
    return [canvas, { tick: {}, chart: { onResize, plugins: { legend } } }];
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
    const scales = lying ? { x: { position: "top", ticks: tick }, y: names } : { x: { ticks: { autoSkip: false, maxRotation: 90 } }, y: { ticks: tick } };
    return [make("canvas", frame), { tick, chart: { indexAxis: lying ? "y" : "x", scales, plugins: { legend: { display: false } } } }];
  }

  function drawGrowth(rows) {
    const card = document.getElementById("growth");
    if (!rows.length) { card.remove(); return () => {}; }
    const canvas = card.querySelector("canvas");
    let unit = UNITS.size;
    let [span, shown] = spanned(rows, canvas.parentElement.clientWidth);
    const sums = () => { let sum = 0; return shown.map((row) => (sum += row[unit.column])); };
    const ticks = { callback: (value) => unit.text(value), maxTicksLimit: 6 };
    const chart = new Chart(canvas, {
      data: {
        labels: shown.map((row) => row[0]),
        datasets: [
          { type: "line", label: "in all", data: sums(), borderColor: COLOURS[0], backgroundColor: COLOURS[0],
            pointRadius: shown.length > 40 ? 0 : 2, yAxisID: "y" },
          { type: "bar", label: `added in the ${span}`, data: shown.map((row) => row[2]), backgroundColor: COLOURS[1] + "aa",
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
    const last = () => [[`${rows[0][0]} to ${rows[rows.length - 1][0]}, in all`, ...[1, 2].map((column) => rows.reduce((sum, row) => sum + row[column], 0))]];
    describe(canvas, "Growth", last(), unit);
    const draw = (next) => {
      unit = next || unit;
      chart.data.labels = shown.map((row) => row[0]);
      chart.data.datasets[0].data = sums();
      chart.data.datasets[1].data = shown.map((row) => row[unit.column]);
      chart.data.datasets[1].label = `added in the ${span}`;
      describe(canvas, "Growth", last(), unit);
      chart.update();
    };
    addEventListener("resize", () => {
      const before = span;
      [span, shown] = spanned(rows, canvas.parentElement.clientWidth);
      if (span !== before) draw();
    });
    return draw;
  }

  // A column for each month, in it a piece for each user. It is about plays, so that it has no other unit.
  function drawPlays({ users, months }) {
    const card = document.getElementById("plays");
    if (!months.length) { card.remove(); return () => {}; }
    const canvas = card.querySelector("canvas");
    let [, shown] = spanned(months, canvas.parentElement.clientWidth);
    const of = (place) => shown.map((row) => row[place + 1]);
    const colourOf = (place) => COLOURS[users[place] === "others" ? MOST : place % MOST];
    const chart = new Chart(canvas, {
      type: "bar",
      data: {
        labels: shown.map((row) => row[0]),
        datasets: users.map((user, place) => ({
          label: shortened(user), data: of(place), backgroundColor: colourOf(place), maxBarThickness: 60 })),
      },
      options: {
        maintainAspectRatio: false,
        animation: false,
        interaction: { mode: "index", intersect: false },
        scales: {
          x: { stacked: true, ticks: { maxTicksLimit: 12, maxRotation: 0 } },
          y: { stacked: true, beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 6 } },
        },
        plugins: {
          tooltip: {
            filter: (context) => context.raw > 0,
            callbacks: { label: (context) => ` ${context.dataset.label}: ${whole.format(context.raw)} plays` },
          },
        },
      },
    });
    const sums = users.map((user, place) => `${user} ${whole.format(total(months, place + 1))}`);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `Plays, ${months[0][0]} to ${months[months.length - 1][0]}: ${sums.join(", ")}`);
    const draw = () => {
      chart.data.labels = shown.map((row) => row[0]);
      chart.data.datasets.forEach((dataset, place) => { dataset.data = of(place); });
      chart.update();
    };
    addEventListener("resize", () => {
      const before = shown.length;
      [, shown] = spanned(months, canvas.parentElement.clientWidth);
      if (shown.length !== before) draw();
    });
    return draw;
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
  redraw.push(drawPlays(data.plays));
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
