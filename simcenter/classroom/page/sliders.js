"use strict";

/** The controls of one side, drawn from their declarations. */
const Sliders = (() => {
  /**
   * Changes as one text: `agents:12,volume:1.1`, in order of their names.
   * @param {Object<string, number|string>} changes
   */
  function canonical(changes) {
    return Object.keys(changes).sort().map((key) => `${key}:${changes[key]}`).join(",");
  }

  /** The changes behind such a text; numbers as numbers. */
  function parse(text) {
    const changes = {};
    for (const part of text.split(",").filter(Boolean)) {
      const [key, ...rest] = part.split(":");
      const value = rest.join(":");
      if (key === "__proto__" || value === "") continue;
      changes[key] = Number.isFinite(Number(value)) ? Number(value) : value;
    }
    return changes;
  }

  /**
   * @param {HTMLElement} root filled by this
   * @param {string} name of the side, for the ids
   * @param {(changes: object) => void} onChange
   */
  function create(root, name, onChange) {
    let declared = [];
    let values = {};
    let controls = [];

    /** Take the sliders to show and their values; what is not given stands at its default. */
    function show(given, changes) {
      declared = given;
      values = { ...changes };
      build();
    }

    function build() {
      controls = declared.map((slider) => (slider.kind === "choice" ? choice(slider) : range(slider)));
      root.replaceChildren(...controls.map((control) => control.element));
    }

    const current = (slider) => values[slider.key] ?? slider.default;

    function set(slider, value) {
      if (current(slider) === value) return;
      values = { ...values, [slider.key]: value };
      onChange(values);
    }

    /** A range over the positions there are. */
    function range(slider) {
      const positions = slider.positions ?? steps(slider);
      const { element, head } = frame(slider);
      const input = document.createElement("input");
      const shown = document.createElement("output");
      Object.assign(input, { type: "range", min: 0, max: positions.length - 1, step: 1,
        id: `${name}-${slider.key}` });
      input.value = nearest(positions, current(slider));
      input.dataset.slider = slider.key;
      shown.htmlFor = input.id;
      const tell = () => {
        const text = valueText(slider, positions[Number(input.value)]);
        shown.textContent = text;
        input.setAttribute("aria-valuetext", text);
      };
      input.addEventListener("input", () => {
        tell();
        set(slider, positions[Number(input.value)]);
      });
      head.htmlFor = input.id;
      tell();
      element.append(head, shown, input);
      return { element };
    }

    function choice(slider) {
      const { element, head } = frame(slider);
      const select = document.createElement("select");
      select.id = `${name}-${slider.key}`;
      select.dataset.slider = slider.key;
      head.htmlFor = select.id;
      const known = slider.positions ?? slider.choices.map(({ key }) => key);
      for (const { key, words } of slider.choices.filter((one) => known.includes(one.key))) {
        select.append(new Option(Words.pick(words), key));
      }
      select.value = current(slider);
      select.addEventListener("change", () => set(slider, select.value));
      element.append(head, select);
      return { element };
    }

    function frame(slider) {
      const element = document.createElement("div");
      element.className = `slider ${slider.kind}`;
      const head = document.createElement("label");
      head.textContent = Words.pick(slider.words);
      return { element, head };
    }

    return Object.freeze({ show, build, values: () => ({ ...values }) });
  }

  /** The values of a range in order, its default among them; words like "never" after them. */
  function steps({ min, max, step, choices, default: given }) {
    const count = Math.round((max - min) / step);
    const decimals = (String(step).split(".")[1] ?? "").length;
    const values = Array.from({ length: count + 1 }, (_, i) => Number((min + i * step).toFixed(decimals)));
    if (typeof given === "number" && !values.includes(given)) values.push(given);
    values.sort((a, b) => a - b);
    return [...values, ...(choices ?? []).map(({ key }) => key)];
  }

  function nearest(positions, value) {
    const exact = positions.indexOf(value);
    if (exact >= 0) return exact;
    let best = 0;
    positions.forEach((one, i) => {
      if (Math.abs(one - value) < Math.abs(positions[best] - value)) best = i;
    });
    return best;
  }

  function valueText(slider, value) {
    if (typeof value === "string") {
      return Words.pick(slider.choices?.find(({ key }) => key === value)?.words) || value;
    }
    if (slider.share) return `${Numbers.plain(value * 100, 0)} %`;
    const unit = Words.pick(slider.unit);
    return unit ? `${value} ${unit}` : String(value);
  }

  return Object.freeze({ canonical, parse, create });
})();
