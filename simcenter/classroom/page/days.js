"use strict";

/** Twenty days: asked for, drawn as dots one after the other, told in a sentence. */
const Days = (() => {
  const MEASURES = ["service_level", "asa", "abandonment_rate", "answer_rate", "occupancy"];

  /**
   * @param {object} given
   * @param {object} given.source of days
   * @param {Object<string, object>} given.measures
   * @param {() => {base: string, seed: number}} given.asked what the days are of
   * @param {() => object[]} given.sides those that are shown
   * @param {(words: object) => void} given.onFault
   * @param {() => void} given.wake draw again
   */
  function create({ source, measures, asked, sides, onFault, wake }) {
    const picture = DayDots.create(document.getElementById("days-picture"));
    const select = document.getElementById("days-measure");
    const known = MEASURES.filter((key) => measures[key]);
    let found = [];
    let since = 0;
    let flying = false;
    let again = false;
    let measure = known[0];
    select.addEventListener("change", () => {
      measure = select.value;
      tell();
      wake();
    });

    /** Ask for the days of all sides, and let the dots fall anew; one question at a time. */
    async function load() {
      again = flying;
      if (flying) return;
      flying = true;
      await answer();
      flying = false;
      if (again) load();
    }

    async function answer() {
      const { base, seed } = asked();
      document.getElementById("days-caption").textContent = Words.say("days_asked");
      try {
        const answers = await Promise.all(sides().map(async (side) => ({
          side: side.name, promise: side.scene?.promise ?? null, ...(await source.days(base, side.changes, seed)),
        })));
        if (again) return;
        found = answers;
        since = 0;
        tell();
        wake();
      } catch (error) {
        if (!error.words) throw error;
        document.getElementById("days-caption").textContent = "";
        found = [];
        onFault(error.words);
      }
    }

    /** @returns {boolean} whether dots are still to come */
    function draw(elapsed) {
      if (found.length === 0) return false;
      since += elapsed;
      const at = matchMedia("(prefers-reduced-motion: reduce)").matches ? Infinity : since;
      return picture.draw(found, measure, measures[measure], at);
    }

    function relabel() {
      select.replaceChildren(...known.map((key) => new Option(Words.pick(measures[key]), key)));
      select.value = measure;
      tell();
    }

    /** The least, the greatest and the mean of the days, in a sentence. */
    function tell() {
      if (found.length === 0) return;
      const sentences = found.map(({ side, days, mean }) => {
        const values = days.map(({ figures }) => figures[measure]).filter((value) => value !== null);
        const write = (value) => Numbers.measure(value, measures[measure]);
        const values_ = {
          side, count: days.length, measure: Words.pick(measures[measure]),
          least: write(Math.min(...values)), most: write(Math.max(...values)),
          mean: write(mean[measure]?.mean),
        };
        return Words.say(found.length > 1 ? "days_told_side" : "days_told", values_);
      });
      document.getElementById("days-caption").textContent =
        sentences.join(Words.language() === "zh" ? "" : " ");
    }

    return Object.freeze({
      load, draw, relabel, surface: picture.surface, busy: () => flying,
      forget: () => { found = []; },
    });
  }

  return Object.freeze({ create });
})();
