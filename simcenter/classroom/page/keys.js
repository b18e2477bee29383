"use strict";

/** The keyboard: what a trainer needs without looking down. */
const Keys = (() => {
  /** Elements that use keys themselves. */
  const TYPING = "input[type=text], input[type=number], select, textarea";
  const RANGES = new Set(["ArrowLeft", "ArrowRight", "Home", "End", "+", "-", "PageUp", "PageDown"]);

  /**
   * @param {Object<string, () => void>} actions by name: play, next, last, start, end, faster,
   *   slower, language, help, and lesson1 to lesson8
   */
  function listen(actions) {
    const names = {
      " ": "play", ArrowRight: "next", ArrowLeft: "last", Home: "start", End: "end",
      "+": "faster", "=": "faster", "-": "slower", l: "language", L: "language", "?": "help",
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
      if (document.querySelector("dialog[open]")) return;
      const { key, target } = event;
      if (target.matches("input") && RANGES.has(key)) return;
      if (key === " " && target.closest("button, input:not([type=range])")) return;
      const name = names[key] ?? (/^[1-8]$/.test(key) ? `lesson${key}` : null);
      if (!name || !actions[name]) return;
      event.preventDefault();
      actions[name]();
    });
  }

  /** A button that was clicked with the mouse gives the keyboard back to the page. */
  function release() {
    document.addEventListener("click", (event) => {
      if (event.detail > 0) event.target.closest("button")?.blur();
    });
  }

  return Object.freeze({ listen, release });
})();
