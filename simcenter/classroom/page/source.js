"use strict";

/**
 * Where scenes come from: the server (live), or the grid inside the document (file).
 *
 * Both answer the same questions with the same objects; what is at fault is thrown as an
 * `Error` whose `words` hold the sentence in both languages.
 */
const Source = (() => {
  const DAYS = 20;

  function fault(words) {
    const error = new Error(words.en ?? String(words));
    error.words = words;
    return error;
  }

  /** The server of this page. */
  function live() {
    async function ask(path, body) {
      let response;
      try {
        response = await fetch(path, body && {
          method: "POST", headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        });
      } catch {
        throw fault({ en: Words.say("no_server"), zh: Words.say("no_server") });
      }
      const answer = await response.json().catch(() => ({}));
      if (!response.ok) throw fault(answer.error ?? { en: `HTTP ${response.status}` });
      return answer;
    }
    return Object.freeze({
      seeds: null,
      scene: (base, changes, seed) => ask("api/scene", { base, changes, seed }),
      days: (base, changes, seed) => ask("api/days", { base, changes, seed, days: DAYS }),
      explain: (base, changes, seed, contact) => ask(`api/explain?${new URLSearchParams({
        base, changes: Sliders.canonical(changes), seed, contact: contact + 1 })}`),
    });
  }

  /**
   * The grid in the document: what is not in it cannot be asked for.
   * @param {object} grid
   */
  function file(grid) {
    const opened = new Map();

    /** The key of a place of the grid: the sliders that do not stand at their default. */
    function place(changes) {
      const moved = grid.sliders.filter(({ key, default: given }) => (changes[key] ?? given) !== given);
      return Sliders.canonical(Object.fromEntries(moved.map(({ key }) => [key, changes[key]])));
    }

    async function scene(base, changes, seed) {
      const key = `${place(changes)}|${seed}`;
      const packed = grid.scenes[key];
      if (packed === undefined) throw fault({ en: Words.say("not_in_file"), zh: Words.say("not_in_file") });
      if (typeof packed !== "string") return packed;
      if (!Encoding.canUnpack()) throw fault({ en: Words.say("old_browser"), zh: Words.say("old_browser") });
      if (!opened.has(key)) opened.set(key, Encoding.unpack(packed));
      return opened.get(key);
    }

    async function days(base, changes) {
      const found = grid.days[place(changes)];
      if (!found) throw fault({ en: Words.say("not_in_file"), zh: Words.say("not_in_file") });
      return found;
    }

    return Object.freeze({ seeds: grid.seeds, scene, days, explain: null });
  }

  return Object.freeze({ live, file });
})();
