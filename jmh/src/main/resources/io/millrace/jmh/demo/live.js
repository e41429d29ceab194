"use strict";

// Draws what the feed tells: the last minute, as charts and as figures. No library, nothing from elsewhere.
(() => {
  const MINUTE_MS = 60_000;
  const FIRST_DELAY_MS = 500;
  const LONGEST_DELAY_MS = 10_000;
  const ANSWER_MS = 8_000;
  const SILENCE_MS = 5_000;
  const CALM_MS = 2_000;
  const SVG = "http://www.w3.org/2000/svg";

  const main = document.getElementById("main");
  const status = document.getElementById("status");
  const pause = document.getElementById("pause");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
  const tenth = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

  const micros = (ns) => (ns < 99_950 ? tenth : whole).format(ns / 1000);
  const time = (ns) => ns < 1e6 ? `${short.format(ns / 1e3)} µs` : ns < 1e9 ? `${short.format(ns / 1e6)} ms` : `${short.format(ns / 1e9)} s`;

  // ---- what is known

  let hello = null;
  let samples = [];
  let intervalMs = 250;

  const add = (sample) => {
    const last = samples[samples.length - 1];
    if (last && sample.sequence <= last.sequence) {
      return; // It was in the minute that the feed began with.
    }
    samples.push(sample);
    while (samples[0].timeMs < sample.timeMs - MINUTE_MS) {
      samples.shift();
    }
  };

  const begin = (message) => {
    if (hello && hello.run !== message.run) {
      samples = [];
    }
    hello = message;
    intervalMs = message.intervalMs;
    main.dataset.run = message.run;
    message.samples.forEach(add);
    describe();
  };

  const text = (id, value) => {
    document.getElementById(id).textContent = value;
  };

  const describe = () => {
    text("load", `${hello.senders} senders share one connection (${hello.link}); others send one message back and forth, or come, `
      + "are greeted and leave.");
    text("steady", `${whole.format(hello.steadyRate)} messages per second in all, for ${hello.steadySeconds} of every `
      + `${hello.steadySeconds + hello.flatOutSeconds} seconds`);
    text("pingEvery", tenth.format(1000 / hello.pingsPerSecond).replace(".0", ""));
    text("machine", `${hello.input}, sent as ${hello.link}. JDK ${hello.jdk}, ${hello.cores} cores.`);
    if (!hello.tls) {
      text("handshakeMeaning", "Connections made per second. Without TLS there is nothing to resume: all count as full.");
    }
  };

  // ---- charts

  const charts = {
    messages: { lines: [{ of: (s) => s.messageRate, kind: "a", name: "" }], area: true, format: (v) => short.format(v), unit: "/s" },
    roundTrip: {
      lines: [
        { of: (s) => s.roundTrip && s.roundTrip.max, kind: "c", name: "longest " },
        { of: (s) => s.roundTrip && s.roundTrip.p99, kind: "b", name: "99 % " },
        { of: (s) => s.roundTrip && s.roundTrip.p50, kind: "a", name: "50 % " },
      ],
      log: true,
      format: time,
      unit: "",
    },
    backPressure: { lines: [{ of: (s) => s.backPressureRate, kind: "a", name: "" }], area: true, format: (v) => short.format(v), unit: "/s" },
    connections: { lines: [{ of: (s) => s.connections, kind: "a", name: "" }], area: true, format: (v) => whole.format(v), unit: "" },
    handshakes: {
      // Over a second: a quarter of one has but one handshake or two.
      lines: [
        { of: (s, i, all) => overASecond(all, i, (each) => each.fullRate), kind: "c", name: "full " },
        { of: (s, i, all) => overASecond(all, i, (each) => each.resumedRate), kind: "a", name: "resumed " },
      ],
      format: (v) => short.format(v),
      unit: "/s",
    },
  };

  const overASecond = (all, index, of) => {
    const count = Math.max(1, Math.round(1000 / intervalMs));
    const part = all.slice(Math.max(0, index + 1 - count), index + 1);
    return part.reduce((sum, each) => sum + of(each), 0) / part.length;
  };

  const element = (parent, name, attributes) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    parent.append(made);
    return made;
  };

  const prepare = ([id, chart]) => {
    const card = document.querySelector(`[data-chart="${id}"]`);
    chart.svg = card.querySelector("svg");
    chart.title = card.querySelector("title");
    chart.label = chart.title.textContent;
    chart.readout = card.querySelector(".readout");
    chart.bands = element(chart.svg, "path", { class: "bands" });
    chart.scale = element(chart.svg, "g", {});
    if (chart.area) {
      chart.fill = element(chart.svg, "path", { class: "area" });
    }
    chart.lines.forEach((line) => {
      line.path = element(chart.svg, "path", { class: `line ${line.kind}` });
    });
    chart.cursor = element(chart.svg, "path", { class: "cursor", hidden: "" });
    chart.svg.addEventListener("pointermove", (event) => point(chart, event));
    chart.svg.addEventListener("pointerdown", (event) => point(chart, event));
    chart.svg.addEventListener("pointerleave", () => {
      pointed = null;
      draw();
    });
  };

  /** A round number that is not less. */
  const ceiling = (value) => {
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value * 0.9999);
  };

  const scaleOf = (chart, values) => {
    const known = values.flat().filter((value) => value !== null && value > 0);
    const most = Math.max(...known, chart.log ? 1e5 : 1);
    if (chart.log) {
      const from = Math.floor(Math.log10(Math.min(...known, most)));
      const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
      const ticks = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
      return { ticks, at: (value) => (Math.log10(Math.max(value, 10 ** from)) - from) / (to - from) };
    }
    // Not to jump with every sample, it falls by a round step only when much is free.
    const wanted = ceiling(most * 1.05);
    chart.top = chart.top && wanted < chart.top && wanted > chart.top / 2 ? chart.top : wanted;
    // Whole numbers alone, so that no tick is rounded.
    const parts = chart.top < 4 ? chart.top : [2, 3, 5].find((count) => Number.isInteger(chart.top / count));
    const ticks = Array.from({ length: parts + 1 }, (_, i) => chart.top * i / parts);
    return { ticks, at: (value) => value / chart.top };
  };

  const LEFT = 52;
  const BOTTOM = 20;
  const TOP = 8;

  const drawChart = (chart, shown, end) => {
    const width = chart.svg.clientWidth;
    const height = chart.svg.clientHeight;
    const right = width - 6;
    const floor = height - BOTTOM;
    const values = chart.lines.map((line) => shown.map(line.of));
    const scale = scaleOf(chart, values);
    const x = (timeMs) => LEFT + (right - LEFT) * (1 - (end - timeMs) / MINUTE_MS);
    const y = (value) => floor - (floor - TOP) * scale.at(value);
    chart.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawScale(chart, scale, x, y, end, right, floor);
    chart.bands.setAttribute("d", bandsOf(shown, x, TOP, floor));
    chart.lines.forEach((line, i) => line.path.setAttribute("d", lineOf(shown, values[i], x, y)));
    if (chart.fill) {
      chart.fill.setAttribute("d", areaOf(shown, values[0], x, y, floor));
    }
    drawCursor(chart, shown, values, x, floor, end);
  };

  const drawScale = (chart, scale, x, y, end, right, floor) => {
    const made = [];
    scale.ticks.forEach((tick) => {
      const at = Math.round(y(tick)) + 0.5;
      made.push(["path", { class: tick === scale.ticks[0] ? "axis" : "grid", d: `M${LEFT} ${at}H${right}` }, ""]);
      made.push(["text", { x: LEFT - 6, y: at + 4, "text-anchor": "end" }, chart.format(tick) + (tick > 0 ? chart.unit : "")]);
    });
    [60, 40, 20, 0].forEach((ago) => {
      const anchor = ago === 0 ? "end" : "middle";
      made.push(["text", { x: x(end - ago * 1000), y: floor + 15, "text-anchor": anchor }, ago === 0 ? "now" : `−${ago} s`]);
    });
    const key = JSON.stringify(made);
    if (chart.drawn !== key) {
      chart.drawn = key;
      chart.scale.replaceChildren();
      made.forEach(([name, attributes, words]) => {
        element(chart.scale, name, attributes).textContent = words;
      });
    }
  };

  const isGap = (shown, i) => i > 0 && shown[i].timeMs - shown[i - 1].timeMs > 4 * intervalMs + 500;

  const lineOf = (shown, values, x, y) => {
    let pen = false;
    return shown.map((sample, i) => {
      if (values[i] === null) {
        pen = false;
        return "";
      }
      const move = pen && !isGap(shown, i) ? "L" : "M";
      pen = true;
      return `${move}${x(sample.timeMs).toFixed(1)} ${y(values[i]).toFixed(1)}`;
    }).join("");
  };

  const areaOf = (shown, values, x, y, floor) => {
    let path = "";
    shown.forEach((sample, i) => {
      const at = x(sample.timeMs).toFixed(1);
      if (i === 0 || isGap(shown, i)) {
        path += `${i === 0 ? "" : `V${floor}Z`}M${at} ${floor}`;
      }
      path += `L${at} ${y(values[i]).toFixed(1)}`;
      if (i === shown.length - 1) {
        path += `V${floor}Z`;
      }
    });
    return path;
  };

  const bandsOf = (shown, x, top, floor) => {
    let path = "";
    let from = null;
    shown.forEach((sample, i) => {
      if (sample.flatOut && from === null) {
        from = x(sample.timeMs - intervalMs);
      }
      const last = i === shown.length - 1;
      if (from !== null && (!sample.flatOut || last)) {
        const to = x(sample.flatOut ? sample.timeMs : sample.timeMs - intervalMs);
        path += `M${Math.max(LEFT, from).toFixed(1)} ${top}H${to.toFixed(1)}V${floor}H${Math.max(LEFT, from).toFixed(1)}Z`;
        from = null;
      }
    });
    return path;
  };

  // ---- a moment that is pointed at

  /** How far along the charts, from 0 to 1; null for nowhere. */
  let pointed = null;

  const point = (chart, event) => {
    const box = chart.svg.getBoundingClientRect();
    pointed = Math.min(1, Math.max(0, (event.clientX - box.left - LEFT) / (box.width - 6 - LEFT)));
    draw();
  };

  const drawCursor = (chart, shown, values, x, floor, end) => {
    chart.cursor.toggleAttribute("hidden", pointed === null);
    if (pointed === null) {
      chart.readout.textContent = "\u00a0";
      return;
    }
    const wanted = end - (1 - pointed) * MINUTE_MS;
    let nearest = 0;
    shown.forEach((sample, i) => {
      if (Math.abs(sample.timeMs - wanted) < Math.abs(shown[nearest].timeMs - wanted)) {
        nearest = i;
      }
    });
    const at = x(shown[nearest].timeMs).toFixed(1);
    chart.cursor.setAttribute("d", `M${at} ${TOP}V${floor}`);
    const words = chart.lines
      .map((line, i) => line.name + (values[i][nearest] === null ? "none" : chart.format(values[i][nearest]) + chart.unit))
      .reverse();
    chart.readout.textContent = `${tenth.format((end - shown[nearest].timeMs) / 1000)} s ago: ${words.join(", ")}`;
  };

  // ---- figures

  const figures = {};
  document.querySelectorAll("[data-figure]").forEach((cell) => {
    figures[cell.dataset.figure] = cell;
  });

  const set = (name, value) => {
    if (figures[name].textContent !== value) {
      figures[name].textContent = value;
    }
  };

  const fill = (shown) => {
    const last = shown[shown.length - 1];
    const second = shown.slice(-Math.max(1, Math.round(1000 / intervalMs)));
    const mean = (list, of) => list.reduce((sum, each) => sum + of(each), 0) / list.length;
    const first = shown[0].total;
    const made = last.total.opened - first.opened;
    const trips = last.roundTripMinute;
    set("messageRate", whole.format(mean(second, (s) => s.messageRate)));
    set("p50", last.roundTrip ? micros(last.roundTrip.p50) : "–");
    set("backPressureRate", whole.format(mean(second, (s) => s.backPressureRate)));
    set("connections", whole.format(last.connections));
    set("resumedShare", made > 0 ? whole.format(100 * (last.total.resumed - first.resumed) / made) : "–");
    set("minuteMean", whole.format(mean(shown, (s) => s.messageRate)));
    set("minutePeak", whole.format(Math.max(...shown.map((s) => s.messageRate))));
    set("minuteBytes", tenth.format(mean(shown, (s) => s.byteRate) / 1e6));
    set("minuteP50", trips ? micros(trips.p50) : "–");
    set("minuteP99", trips ? micros(trips.p99) : "–");
    set("minuteP999", trips ? micros(trips.p999) : "–");
    set("minuteMax", trips ? micros(trips.max) : "–");
    set("minuteOpened", whole.format(made));
    set("minuteRefused", whole.format(last.total.backPressured - first.backPressured));
    set("totalMessages", whole.format(last.total.messages));
    set("totalOpened", whole.format(last.total.opened));
    set("totalResumed", whole.format(last.total.resumed));
    set("totalMissing", whole.format(last.total.missing));
    set("totalCorrupted", whole.format(last.total.corrupted));
    set("viewers", whole.format(last.viewers));
    set("totalMissed", whole.format(last.total.missed));
    figures.totalMissing.classList.toggle("alarm", last.total.missing > 0);
    figures.totalCorrupted.classList.toggle("alarm", last.total.corrupted > 0);
  };

  // ---- drawing

  let frozen = null;
  let asked = false;
  let drawnAtMs = -Infinity;
  let titledAtMs = -Infinity;

  const draw = () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        drawNow(frozen || samples);
      });
    }
  };

  const drawNow = (shown) => {
    if (shown.length === 0) {
      return;
    }
    const last = shown[shown.length - 1];
    Object.values(charts).forEach((chart) => drawChart(chart, shown, last.timeMs));
    fill(shown);
    main.dataset.sequence = last.sequence;
    drawnAtMs = performance.now();
    if (drawnAtMs - titledAtMs > 5000) {
      titledAtMs = drawnAtMs;
      Object.values(charts).forEach((chart) => {
        const words = chart.lines.map((line) => {
          const value = line.of(last, shown.length - 1, shown);
          return line.name + (value === null ? "none" : chart.format(value) + chart.unit);
        });
        chart.title.textContent = `${chart.label}, the last minute; now ${words.reverse().join(", ")}`;
      });
    }
  };

  pause.addEventListener("click", () => {
    frozen = frozen ? null : samples.slice();
    pause.setAttribute("aria-pressed", String(frozen !== null));
    pause.textContent = frozen ? "Go on" : "Pause";
    tell();
    draw();
  });
  addEventListener("resize", draw);

  // ---- the connection

  let socket = null;
  let attempts = 0;
  let heardAtMs = 0;
  let retryAtMs = 0;
  let said = "";

  const say = (state, words, countdown = "") => {
    if (said !== state + words) {
      said = state + words;
      status.dataset.state = state;
      text("state", words);
    }
    // Apart, and for the eye alone: a screen reader would read out each second.
    if (document.getElementById("countdown").textContent !== countdown) {
      text("countdown", countdown);
    }
  };

  const tell = () => {
    if (retryAtMs > 0) {
      const seconds = Math.max(0, Math.ceil((retryAtMs - performance.now()) / 1000));
      say("waiting", "Connection lost: trying again by itself", `(attempt ${attempts}${seconds > 0 ? `, in ${seconds} s` : ""})`);
    } else if (!socket || socket.readyState !== WebSocket.OPEN) {
      if (attempts > 0) {
        say("waiting", "Connection lost: trying again by itself", `(attempt ${attempts})`);
      } else {
        say("connecting", "Connecting");
      }
    } else if (frozen) {
      say("paused", "Paused: the charts stand still, the load goes on");
    } else {
      say("connected", `Connected by ${location.protocol === "https:" ? "wss" : "ws"}`);
    }
  };

  const connect = () => {
    retryAtMs = 0;
    heardAtMs = performance.now();
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/feed`);
    socket = mine;
    mine.addEventListener("message", (event) => {
      heardAtMs = performance.now();
      attempts = 0;
      const message = JSON.parse(event.data);
      if (message.type === "hello") {
        begin(message);
        pause.disabled = false;
      } else {
        add(message);
      }
      tell();
      if (!frozen && (!calm.matches || performance.now() - drawnAtMs >= CALM_MS)) {
        draw();
      }
    });
    mine.addEventListener("close", () => lost(mine));
    tell();
  };

  const lost = (whose) => {
    if (whose !== socket) {
      return;
    }
    socket = null;
    attempts++;
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempts - 1));
    // Not all viewers of a server that comes back at the same moment.
    retryAtMs = performance.now() + delay * (0.75 + Math.random() / 2);
    tell();
  };

  const watch = () => {
    const now = performance.now();
    if (!socket && now >= retryAtMs) {
      connect();
    } else if (socket && now - heardAtMs > (socket.readyState === WebSocket.OPEN ? SILENCE_MS : ANSWER_MS)) {
      const silent = socket;
      silent.close();
      lost(silent);
    }
    tell();
  };

  const atOnce = () => {
    if (!socket) {
      retryAtMs = 0;
      watch();
    }
  };

  addEventListener("online", atOnce);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && atOnce());
  Object.entries(charts).forEach(prepare);
  setInterval(watch, 250);
  connect();
})();
