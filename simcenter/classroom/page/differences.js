"use strict";

/** What stands between A and B: the differences of the two days, with their meaning. */
const Differences = (() => {
  const SHOWN = ["asa", "service_level", "abandoned", "occupancy", "queue_length_max"];

  /**
   * Fill the list.
   * @param {HTMLElement} list
   * @param {object} a scene of A
   * @param {object} b scene of B
   * @param {Object<string, object>} measures
   */
  function show(list, a, b, measures) {
    const items = SHOWN.filter((key) => measures[key] && key in a.figures)
      .map((key) => item(key, a, b, measures[key]));
    list.replaceChildren(...items);
  }

  function item(key, a, b, measure) {
    const [left, right] = [a.figures[key], b.figures[key]];
    const known = left !== null && right !== null;
    const whole = measure.kind === "number" && Number.isInteger(left) && Number.isInteger(right);
    const about = whole ? { ...measure, decimals: 0 } : measure;
    const difference = known ? right - left : null;
    const part = document.createElement("li");
    part.append(
      text("span", "measure", Words.pick(measure)),
      text("span", "pair", `${shown(a, key, about)} | ${shown(b, key, about)}`),
      text("strong", "gap", Numbers.difference(difference, about)),
      text("span", "meaning", known ? meaning(key, difference, about) : Words.say("no_data")),
    );
    return part;
  }

  /** A figure as the report writes it; a longest queue without decimals. */
  const shown = (scene, key, about) =>
    (about.kind === "number" ? null : scene.shown[key]) ?? Numbers.measure(scene.figures[key], about);

  function text(tag, name, content) {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = content;
    return element;
  }

  /** What the difference means for who calls and who answers. */
  function meaning(key, difference, measure) {
    const amount = Numbers.difference(Math.abs(difference), measure)
      .replace(/^[+±]/, "").replaceAll(" ", "\u00a0");
    const nothing = Numbers.difference(difference, measure).startsWith("±");
    const turn = nothing ? "same" : difference > 0 ? "more" : "less";
    return Words.say(`meaning_${key}_${turn}`, { amount });
  }

  return Object.freeze({ show });
})();
