"use strict";

/** The table of figures of one day: so far, the whole day, and what the formulas promised. */
const Figures = (() => {
  /** The measures of the table, in its order. */
  const SHOWN = ["answer_rate", "asa", "abandonment_rate", "service_level", "occupancy"];
  const COLUMNS = ["sofar", "day", "erlang_c", "erlang_a"];

  /**
   * @param {HTMLTableElement} table filled by this
   * @param {Object<string, object>} measures names, kinds and decimals
   */
  function create(table, measures) {
    const cells = {};
    const keys = SHOWN.filter((key) => measures[key]);
    let scene = null;

    /** Make the table anew, in the language chosen. */
    function build() {
      const head = row("th", ["", ...COLUMNS.map((column) => Words.say(`column_${column}`))]);
      const body = keys.map((key) => {
        const line = row("td", COLUMNS.map(() => ""));
        const name = document.createElement("th");
        name.scope = "row";
        name.textContent = Words.pick(measures[key]);
        line.prepend(name);
        cells[key] = Object.fromEntries(
          COLUMNS.map((column, i) => [column, line.children[i + 1]]));
        cells[key].sofar.className = "sofar";
        return line;
      });
      head.querySelectorAll("th").forEach((cell) => { cell.scope = "col"; });
      table.replaceChildren(wrap("thead", [head]), wrap("tbody", body));
    }

    function row(tag, texts) {
      const line = document.createElement("tr");
      for (const text of texts) {
        const cell = document.createElement(tag);
        cell.textContent = text;
        line.append(cell);
      }
      return line;
    }

    function wrap(tag, rows) {
      const part = document.createElement(tag);
      part.append(...rows);
      return part;
    }

    /** Take a scene: the day and the promises do not change with the clock. */
    function show(given) {
      scene = given;
      for (const key of keys) {
        write(cells[key].day, day(key));
        for (const formula of ["erlang_c", "erlang_a"]) {
          write(cells[key][formula], promised(formula, key));
        }
      }
    }

    const day = (key) => scene.shown[key] ?? Numbers.measure(scene.figures[key], measures[key]);

    function promised(formula, key) {
      const told = scene.promise?.shown?.[formula]?.[key];
      return told ?? Numbers.measure(scene.promise?.[formula]?.[key], measures[key]);
    }

    /** So far; once the day is over, the figures of the report themselves. */
    function update(instant) {
      const over = instant >= scene.end;
      for (const key of keys) {
        const value = over ? null : Scene.step(scene.sofar, key, instant);
        write(cells[key].sofar, over ? day(key) : Numbers.measure(value, measures[key]));
      }
    }

    function write(cell, text) {
      if (cell.textContent !== text) cell.textContent = text;
    }

    /** The texts that stand in the table. */
    function texts() {
      return Object.fromEntries(keys.map((key) => [key, Object.fromEntries(
        COLUMNS.map((column) => [column, cells[key][column].textContent]))]));
    }

    build();
    return Object.freeze({ build, show, update, texts });
  }

  return Object.freeze({ create });
})();
