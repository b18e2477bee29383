"use strict";

/** What the page says, in the language chosen. */
const Words = (() => {
  const LANGUAGES = ["en", "zh"];
  let tables = { en: {}, zh: {} };
  let chosen = "en";

  /**
   * Take the table of words.
   * @param {{en: Object<string, string>, zh: Object<string, string>}} given
   */
  function load(given) {
    tables = given;
  }

  /** The language chosen: `en` or `zh`. */
  function language() {
    return chosen;
  }

  /** @param {string} asked any other language is English */
  function choose(asked) {
    chosen = LANGUAGES.includes(asked) ? asked : "en";
    document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  }

  /**
   * A sentence or word by its key, its places filled; a key without words is itself.
   * @param {string} key
   * @param {Object<string, string|number>} [values]
   * @returns {string}
   */
  function say(key, values = {}) {
    const text = tables[chosen]?.[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
  }

  /** Whether there are words for a key. */
  function has(key) {
    return Object.hasOwn(tables[chosen] ?? {}, key);
  }

  /**
   * A text that comes in both languages.
   * @param {{en: string, zh: string}|string|null|undefined} both
   * @returns {string}
   */
  function pick(both) {
    if (both === null || both === undefined) return "";
    return typeof both === "string" ? both : both[chosen] ?? both.en ?? "";
  }

  /** A state of an agent in words; states of a roster's own keep their name. */
  function state(name) {
    return has(`state_${name}`) ? say(`state_${name}`) : name;
  }

  /**
   * Fill every element that names its words: `data-word` its text, `data-label` its
   * accessible name, which a control shows as a tooltip too.
   * @param {ParentNode} root
   */
  function apply(root) {
    for (const element of root.querySelectorAll("[data-word]")) {
      element.textContent = say(element.dataset.word);
    }
    for (const element of root.querySelectorAll("[data-label]")) {
      const text = say(element.dataset.label);
      element.setAttribute("aria-label", text);
      if (element.matches("button, input")) element.title = text;
    }
  }

  return Object.freeze({ load, language, choose, say, has, pick, state, apply });
})();
