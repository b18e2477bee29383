"use strict";

/** The address of the page restores a scene: `#lesson=…&a=agents:12&b=agents:13&seed=7&t=36000`. */
const Address = (() => {
  /** What the address says; what it does not say is missing. */
  function read(hash = location.hash) {
    const given = new URLSearchParams(hash.replace(/^#/, ""));
    const state = {};
    if (given.has("lesson")) state.lesson = given.get("lesson");
    if (given.has("a")) state.a = Sliders.parse(given.get("a"));
    if (given.has("b")) state.b = Sliders.parse(given.get("b"));
    for (const key of ["seed", "t", "step"]) {
      const value = Number(given.get(key));
      if (given.has(key) && Number.isInteger(value) && value >= 0) state[key] = value;
    }
    for (const key of ["lang", "view"]) if (given.has(key)) state[key] = given.get(key);
    return state;
  }

  /** The part after `#` that restores a state. */
  function text({ lesson, a, b, seed, t, step, view, lang }) {
    const parts = [];
    if (lesson) parts.push(`lesson=${encodeURIComponent(lesson)}`);
    parts.push(`a=${encodeURI(Sliders.canonical(a))}`);
    if (b) parts.push(`b=${encodeURI(Sliders.canonical(b))}`);
    parts.push(`seed=${seed}`);
    if (Number.isFinite(t)) parts.push(`t=${Math.round(t)}`);
    if (step) parts.push(`step=${step}`);
    if (view && view !== "floor") parts.push(`view=${view}`);
    parts.push(`lang=${lang}`);
    return `#${parts.join("&")}`;
  }

  /** Set the address without a new entry in the history. */
  function write(state) {
    const hash = text(state);
    if (hash !== location.hash) history.replaceState(null, "", hash);
  }

  return Object.freeze({ read, text, write });
})();
