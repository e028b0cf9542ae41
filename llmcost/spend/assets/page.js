"use strict";
// Text reaches the page by textContent alone: a name may hold anything.
(() => {
  const PER_PAGE = 50;
  const SCALE = 40;
  // Statuses of calls that may have cost more.
  const OPEN = new Set(["partial", "unpriced", "maybe_billed"]);
  const DAY = 86_400_000;
  const byId = (id) => document.getElementById(id);
  const count = new Intl.NumberFormat("en-US");
  const state = { words: "", status: "", column: "at", down: true, page: 0, open: new Set() };
  let data, calls, order, amounts, ranks, lowered, when, chart, quick;

  function node(tag, attributes, ...inside) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "class") made.className = value;
      else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
    }
    for (const part of inside) if (part !== null) made.append(part);
    return made;
  }

  // A name stays in its own reading direction, and in its cell.
  function named(text, attributes) {
    const own = node("bdi", attributes);
    own.textContent = text;
    return own;
  }

  function short(text) {
    return text.length > 200 ? `${text.slice(0, 199)}…` : text;
  }

  // Money: decimal text, added up as whole numbers of 10^-40 USD.
  function whole(text) {
    const [units, places = ""] = text.replace("-", "").split(".");
    const value = BigInt(units + places.slice(0, SCALE).padEnd(SCALE, "0"));
    return text.startsWith("-") ? -value : value;
  }

  function written(value) {
    const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, "0");
    const places = digits.slice(-SCALE).replace(/0+$/, "");
    return `${value < 0n ? "-" : ""}${digits.slice(0, -SCALE)}${places ? "." + places : ""}`;
  }

  // To the cent or to four significant digits, whichever says more; a lower bound is rounded down.
  function money(text, bound) {
    const value = whole(text);
    const size = value < 0n ? -value : value;
    const sign = (bound ? "≥ " : "") + (value < 0n ? "-$" : "$");
    if (!size) return `${sign}0.00`;
    const places = Math.min(SCALE, Math.max(2, SCALE + 4 - size.toString().length));
    const unit = 10n ** BigInt(SCALE - places);
    const rounded = (bound ? size : size + unit / 2n) / unit;
    const digits = rounded.toString().padStart(places + 1, "0");
    const rest = digits.slice(-places).replace(/0+$/, "").padEnd(2, "0");
    return `${sign}${count.format(BigInt(digits.slice(0, -places)))}.${rest}`;
  }

  function exactly(text, bound) {
    return node("span", { class: "usd", title: `${bound ? "at least " : ""}${text} USD` }, money(text, bound));
  }

  // Money of a column stands on its decimal point: an amount with fewer places gets room for the others.
  function onThePoint(table) {
    const columns = new Map();
    for (const usd of table.querySelectorAll(":scope > tbody > tr > td > .usd")) {
      const column = usd.parentNode.cellIndex;
      columns.set(column, [...(columns.get(column) || []), usd]);
    }
    for (const found of columns.values()) {
      const places = found.map((usd) => (usd.textContent.split(".")[1] || "").length);
      const most = Math.max(...places);
      found.forEach((usd, at) => {
        if (places[at] < most) usd.after(node("span", { "aria-hidden": "true" }, "\u2007".repeat(most - places[at])));
      });
    }
    return table;
  }

  function share(part, all) {
    if (all <= 0n) return "";
    const size = part < 0n ? -part : part;
    if (part > 0n && part * 1000n < all) return "<0.1%";
    return `${part < 0n ? "-" : ""}${(Number((size * 1000n + all / 2n) / all) / 10).toFixed(1)}%`;
  }

  function words(status) {
    return status.replace("_", " ");
  }

  function tile(title, big, small) {
    return node("div", {}, node("dt", {}, title), node("dd", { class: "big" }, big),
      small ? node("dd", { class: "small" }, small) : null);
  }

  function drawTotal() {
    const total = data.total;
    byId("span").textContent = `${data.asked || "All calls"}. Days and times are ${data.zone}.`;
    const tiles = [
      tile("Total", exactly(total.cost, total.lower_bound), `${total.lower_bound ? "at least " : ""}${total.cost} USD`),
      tile("Calls", count.format(total.calls), total.statuses.failed ? `${count.format(total.statuses.failed)} failed` : ""),
      tile("Input tokens", count.format(total.input), ""),
      tile("Output tokens", count.format(total.output), ""),
      tile("Saved by caching", exactly(data.saved, false), "less what writing to caches cost on top"),
    ];
    byId("tiles").replaceChildren(...tiles);
    byId("bound").hidden = !total.lower_bound;
    byId("bound").textContent = `The total is a lower bound: ${total.reasons.join(", ")}.`;
    byId("made").textContent =
      `Costs ${total.prices === "recorded" ? "as recorded" : "of " + total.prices}. Made ${data.made} by llmcost.`;
  }

  function dayMs(text) {
    const [year, month, day] = text.split("-").map(Number);
    return Date.UTC(year, month - 1, day);
  }

  function drawDays() {
    const rows = data.days;
    byId("days-table").replaceChildren(node("table", {},
      node("caption", {}, `Cost by day, ${data.zone}`),
      node("thead", {}, node("tr", {}, ...["Day", "Calls", "Input", "Output", "USD"].map((title, place) =>
        node("th", { scope: "col", class: place ? "number" : "" }, title)))),
      node("tbody", {}, ...rows.map((row) => node("tr", {},
        node("th", { scope: "row" }, row.value),
        ...[row.calls, row.input, row.output].map((number) => node("td", { class: "number" }, count.format(number))),
        node("td", { class: "number" }, `${row.lower_bound ? "≥ " : ""}${row.cost}`))))));
    if (chart) chart.destroy();
    chart = null;
    const place = byId("days");
    if (!rows.length || typeof uPlot !== "function") {
      place.replaceChildren(node("p", { class: "quiet" }, rows.length ? "" : "No calls."));
      return;
    }
    place.replaceChildren();
    const found = new Map(rows.map((row) => [dayMs(row.value), row]));
    const times = [], costs = [];
    for (let at = dayMs(rows[0].value); at <= dayMs(rows[rows.length - 1].value); at += DAY) {
      times.push(at / 1000);
      costs.push(found.has(at) ? Number(found.get(at).cost) : 0);
    }
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--quiet"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false },
      font: "12px system-ui, sans-serif" };
    const half = DAY / 2000;
    chart = new uPlot({
      width: place.clientWidth, height: 240, legend: { show: false }, cursor: { y: false, drag: { x: false, y: false } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      scales: { x: { time: true, range: () => [times[0] - half, times[times.length - 1] + half] },
        y: { range: (_, low, high) => [0, (high || 1) * 1.08] } },
      axes: [{ ...axis, grid: { show: false }, space: 70, incrs: [1, 2, 3, 7, 14, 28, 91, 365].map((days) => days * 86_400),
        values: (_, marks) => marks.map((seconds) => new Date(seconds * 1000).toLocaleDateString("en-GB",
          { day: "numeric", month: "short", timeZone: "UTC" })) },
      { ...axis, size: 64, values: (_, marks) => marks.map((mark) => `$${mark < 1 && mark ? Number(mark.toPrecision(3)) : count.format(mark)}`) }],
      series: [{}, { stroke: colour("--mark"), fill: colour("--mark"), points: { show: false },
        paths: uPlot.paths.bars({ size: [0.72, 48], radius: 0.12 }) }],
      hooks: { setCursor: [(own) => {
        const row = own.cursor.idx === null ? undefined : found.get(times[own.cursor.idx] * 1000);
        byId("readout").textContent = row ? `${row.value}: ${money(row.cost, row.lower_bound)}, ${count.format(row.calls)} calls` : "";
      }] },
    }, [times, costs], place);
  }

  const TITLES = { model: "Model", provider: "Provider", team: "Team", user: "User", tag: "Tag", meter: "Meter" };

  function drawGroups() {
    const cards = data.groups.map((group) => {
      const title = TITLES[group.by], all = whole(data.total.cost);
      const most = group.rows.reduce((found, row) => { const own = whole(row.cost); return own > found ? own : found; }, 1n);
      const rows = group.rows.slice(0, 12), rest = group.rows.slice(12);
      const line = (row) => {
        const bar = node("span");
        bar.style.width = `${Number((whole(row.cost) * 1000n) / most) / 10}%`;
        return node("tr", {},
          node("th", { scope: "row" }, named(short(row.value ?? "(not stated)"), { class: "name" }), node("span", { class: "bar", "aria-hidden": "true" }, bar)),
          node("td", { class: "number" }, exactly(row.cost, row.lower_bound)),
          node("td", { class: "number share" }, share(whole(row.cost), all)));
      };
      const table = (some) => onThePoint(node("table", { class: "bars" },
        node("caption", { class: "unseen" }, `Cost by ${group.by}`),
        node("thead", { class: "unseen" }, node("tr", {}, ...[title, "USD", "Share"].map((text) => node("th", { scope: "col" }, text)))),
        node("tbody", {}, ...some.map(line))));
      return node("section", { class: "card", "aria-labelledby": `by-${group.by}` },
        node("div", { class: "head" }, node("h2", { id: `by-${group.by}` }, `Cost by ${group.by}`),
          group.overlap === "0" ? null : node("p", { class: "quiet" }, `A call counts once for each of its tags: ${money(group.overlap, false)} more than the total`)),
        group.rows.length ? table(rows) : node("p", { class: "quiet" }, "No calls."),
        rest.length ? node("details", {}, node("summary", {}, `${count.format(rest.length)} more`), table(rest)) : null);
    });
    byId("groups").replaceChildren(...cards);
  }

  // An amount without a finite decimal is a fraction, and is shown as it is.
  function dollars(text) {
    return text.includes("/") ? text : exactly(text, false);
  }

  function plainTable(caption, titles, rows) {
    return onThePoint(node("table", { class: "plain" }, node("caption", {}, caption),
      node("thead", {}, node("tr", {}, ...titles.map(([title, look]) => node("th", { scope: "col", class: look }, title)))),
      node("tbody", {}, ...rows.map((row) => node("tr", {}, ...row.map((cell, place) => place
        ? node("td", { class: titles[place][1] }, cell) : node("th", { scope: "row" }, cell)))))));
  }

  // Only of a page that was made with a bill.
  function drawBill() {
    const bill = data.bill;
    byId("bill").hidden = !bill;
    if (!bill) return;
    byId("bill-sums").replaceChildren(`${bill.first} to ${bill.last}: billed `, dollars(bill.billed), ", logged ",
      dollars(bill.recorded), ", difference ", dollars(bill.difference));
    byId("bill-causes").replaceChildren(bill.causes.length
      ? plainTable("Why they differ, and what to do; the causes add up to the difference", [["Why", ""], ["USD", "number"]],
        bill.causes.map((cause) => [node("div", {}, named(short(cause.text)), node("p", { class: "quiet" }, cause.advice)), dollars(cause.amount)]))
      : node("p", {}, "The bill and the log agree."));
    const titles = (axis) => [[axis[0].toUpperCase() + axis.slice(1), ""], ["Bill", "number"], ["Log", "number"], ["Difference", "number"]];
    byId("bill-rows").replaceChildren(...Object.entries(bill.rows).map(([axis, rows]) => node("details", {},
      node("summary", {}, `By ${axis}`), node("div", { class: "scroll", role: "region", "aria-label": `The bill and the log by ${axis}`, tabindex: "0" },
        plainTable(`The bill and the log by ${axis}`, titles(axis),
          rows.map((row) => [named(short(row.value)), dollars(row.billed), dollars(row.recorded), dollars(row.difference)]))))));
    byId("bill-remarks").textContent = bill.remarks.join(" · ");
  }

  const COLUMNS = [
    ["at", "Time", "when", false], ["model", "Model", "", false], ["team", "Team", "wide", false],
    ["user", "User", "wide", false], ["status", "Status", "wide", false], ["input", "Input", "number wide", true],
    ["output", "Output", "number wide", true], ["cost", "USD", "number", true],
  ];

  function shownColumns() {
    return COLUMNS.filter(([name]) => name !== "user" || data.users);
  }

  function prepare() {
    calls = data.calls;
    const names = calls.names;
    lowered = { names: names.map((name) => name.toLowerCase()), ids: calls.id.map((id) => id.toLowerCase()) };
    const sorted = names.map((_, place) => place).sort((a, b) => (lowered.names[a] < lowered.names[b] ? -1 : 1));
    ranks = new Int32Array(names.length);
    sorted.forEach((place, rank) => { ranks[place] = rank; });
    amounts = null;
    quick = calls.cost.map(Number);
    when = new Intl.DateTimeFormat("sv-SE", { timeZone: data.zone, dateStyle: "short", timeStyle: "medium" });
  }

  function value(column, row) {
    if (column === "cost") return quick[row];
    const cell = calls[column][row];
    if (column === "model" || column === "team" || column === "user") return cell < 0 ? Infinity : ranks[cell];
    return cell;
  }

  function choose() {
    const begun = performance.now();
    const wanted = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    const hits = wanted.map((word) => {
      const hit = new Uint8Array(lowered.names.length);
      lowered.names.forEach((name, place) => { hit[place] = name.includes(word) ? 1 : 0; });
      return hit;
    });
    const named = ["model", "provider", "deployment", "team", "user", "session"].filter((name) => calls[name]);
    const found = [];
    for (let row = 0; row < calls.id.length; row++) {
      if (state.status && calls.status[row] !== state.status) continue;
      const all = wanted.every((word, place) => {
        const hit = hits[place];
        for (const name of named) { const cell = calls[name][row]; if (cell >= 0 && hit[cell]) return true; }
        return calls.tags[row].some((tag) => hit[tag]) || calls.status[row].includes(word) || lowered.ids[row].includes(word);
      });
      if (all) found.push(row);
    }
    const { column, down } = state;
    if (column !== "at") {
      const keys = new Map(found.map((row) => [row, value(column, row)]));
      found.sort((a, b) => {
        const x = keys.get(a), y = keys.get(b);
        return x === y ? a - b : (x < y ? -1 : 1) * (down ? -1 : 1);
      });
    } else if (!down) {
      // They come with the latest first.
      found.reverse();
    }
    order = found;
    state.page = Math.min(state.page, Math.max(0, Math.ceil(order.length / PER_PAGE) - 1));
    drawTable();
    sum();
    document.body.dataset.chosen = String(performance.now() - begun);
  }

  function sum() {
    let total = 0n, open = false;
    const all = order.length === calls.id.length;
    if (!all) amounts = amounts || calls.cost.map(whole);
    for (const row of order) {
      if (!all) total += amounts[row];
      open = open || OPEN.has(calls.status[row]);
    }
    const text = all ? calls.sum : written(total);
    byId("found").replaceChildren(`${count.format(order.length)} calls, `, exactly(text, open));
    byId("found").dataset.cost = text;
  }

  // A phone has no room for the year and the seconds.
  function moment(at) {
    const full = when.format(at);
    return [node("span", { class: "wide" }, full.slice(0, -14)), full.slice(-14, -3), node("span", { class: "wide" }, full.slice(-3))];
  }

  function text(column, row) {
    const cell = calls[column][row];
    return cell < 0 ? "" : calls.names[cell];
  }

  function drawTable() {
    const columns = shownColumns();
    const head = node("tr", {}, ...columns.map(([name, title, look]) => node("th",
      { scope: "col", class: look, "aria-sort": state.column === name ? (state.down ? "descending" : "ascending") : "none" },
      node("button", { type: "button", "data-column": name, onclick: () => sortBy(name) }, title))));
    const rows = [];
    for (const row of order.slice(state.page * PER_PAGE, (state.page + 1) * PER_PAGE)) {
      const opened = state.open.has(calls.id[row]);
      const cells = columns.map(([name, , look]) => {
        if (name === "at") {
          return node("td", { class: look }, node("button", { type: "button", class: "open", "aria-expanded": String(opened),
            "data-row": row, onclick: () => toggle(row) }, ...moment(calls.at[row])));
        }
        if (name === "cost") {
          const status = calls.status[row];
          const unknown = status === "unpriced" || status === "maybe_billed";
          return node("td", { class: look }, unknown && quick[row] === 0 ? "not known" : exactly(calls.cost[row], status === "partial" || unknown));
        }
        if (name === "status") return node("td", { class: look }, node("span", { class: `state ${calls.status[row]}` }, words(calls.status[row])));
        if (name === "input" || name === "output") return node("td", { class: look }, count.format(calls[name][row]));
        return node("td", { class: look }, named(short(text(name, row)), { class: "name" }));
      });
      rows.push(node("tr", {}, ...cells));
      if (opened) rows.push(details(row, columns.length));
    }
    if (!rows.length) rows.push(node("tr", {}, node("td", { colspan: columns.length }, "No call is like that.")));
    const focused = document.activeElement && { ...document.activeElement.dataset };
    byId("table").replaceChildren(node("caption", { class: "unseen" }, "Calls; the button in the first column shows the lines of the bill"),
      node("thead", {}, head), node("tbody", {}, ...rows));
    onThePoint(byId("table"));
    if (focused && focused.column) byId("table").querySelector(`[data-column="${focused.column}"]`)?.focus();
    if (focused && focused.row) byId("table").querySelector(`[data-row="${focused.row}"]`)?.focus();
    const pages = Math.max(1, Math.ceil(order.length / PER_PAGE));
    byId("page").textContent = `Page ${count.format(state.page + 1)} of ${count.format(pages)}`;
    byId("first").disabled = byId("before").disabled = state.page === 0;
    byId("after").disabled = byId("last").disabled = state.page >= pages - 1;
  }

  function details(row, columns) {
    const facts = [["Id", calls.id[row]], ["Status", words(calls.status[row])]];
    for (const name of ["provider", "deployment", "team", "user", "session"]) {
      if (calls[name] && text(name, row)) facts.push([name[0].toUpperCase() + name.slice(1), text(name, row)]);
    }
    if (calls.tags[row].length) facts.push(["Tags", calls.tags[row].map((tag) => calls.names[tag]).join(", ")]);
    if (calls.latency[row] !== null) facts.push(["Took", `${(calls.latency[row] / 1e6).toFixed(2)} s`]);
    if (calls.error[row]) facts.push(["Error", calls.error[row]]);
    const lines = calls.lines[row], several = lines.length > 1, total = whole(calls.cost[row]);
    const bill = lines.length ? onThePoint(node("table", { class: "lines" },
      node("caption", { class: "unseen" }, "Lines of the bill"),
      node("thead", {}, node("tr", {}, node("th", { scope: "col" }, "Meter"), node("th", { scope: "col", class: "number" }, "Quantity"),
        node("th", { scope: "col", class: "number" }, "USD"), several ? node("th", { scope: "col", class: "number" }, "Share") : null)),
      node("tbody", {}, ...lines.map(([meter, quantity, usd]) => node("tr", {}, node("th", { scope: "row" }, named(calls.names[meter].replaceAll("_", " "))),
        node("td", { class: "number" }, typeof quantity === "number" ? count.format(quantity) : String(quantity)),
        node("td", { class: "number" }, node("span", { class: "usd" }, usd)), several ? node("td", { class: "number" }, share(whole(usd), total)) : null))))) : node("p", { class: "quiet" }, "No line of a bill is known.");
    return node("tr", { class: "more" }, node("td", { colspan: columns },
      node("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [node("dt", {}, name), node("dd", {}, named(value))])), bill));
  }

  function toggle(row) {
    const id = calls.id[row];
    if (!state.open.delete(id)) state.open.add(id);
    drawTable();
  }

  function sortBy(column) {
    const number = COLUMNS.find(([name]) => name === column)[3] || column === "at";
    state.down = state.column === column ? !state.down : number;
    state.column = column;
    state.page = 0;
    choose();
  }

  function turn(to) {
    state.page = Math.max(0, to);
    drawTable();
  }

  function drawCalls() {
    const all = data.total.calls, held = calls.id.length;
    byId("held").textContent = held < all ? `The last ${count.format(held)} of ${count.format(all)} calls; the totals above are of all.` : "";
    const statuses = [...new Set(calls.status)].sort();
    byId("status").replaceChildren(node("option", { value: "" }, "all"),
      ...statuses.map((status) => node("option", { value: status, selected: status === state.status }, words(status))));
    choose();
  }

  function draw(given) {
    const begun = performance.now();
    data = given;
    prepare();
    drawTotal();
    drawDays();
    drawGroups();
    drawBill();
    drawCalls();
    document.body.dataset.drawn = String(performance.now() - begun);
  }

  byId("search").addEventListener("input", (event) => { state.words = event.target.value; state.page = 0; choose(); });
  byId("status").addEventListener("change", (event) => { state.status = event.target.value; state.page = 0; choose(); });
  byId("first").addEventListener("click", () => turn(0));
  byId("before").addEventListener("click", () => turn(state.page - 1));
  byId("after").addEventListener("click", () => turn(state.page + 1));
  byId("last").addEventListener("click", () => turn(Math.ceil(order.length / PER_PAGE) - 1));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => data && drawDays());
  let width = innerWidth;
  addEventListener("resize", () => {
    if (data && innerWidth !== width) { width = innerWidth; requestAnimationFrame(drawDays); }
  });

  // A live page asks for its data, and again every few seconds.
  let tag = "";
  async function ask() {
    try {
      const answer = await fetch("data.json", { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
      if (answer.ok) { tag = answer.headers.get("ETag") || ""; draw(await answer.json()); }
      else if (answer.status !== 304) throw new Error(String(answer.status));
      document.body.dataset.live = "yes";
    } catch {
      document.body.dataset.live = "no";
      byId("span").textContent = "The server of this page does not answer; the figures are those of its last answer.";
    }
    setTimeout(ask, 3000);
  }

  const block = byId("data").textContent;
  if (block) draw(JSON.parse(block)); else ask();
})();
