"use strict";

/** What the page shows, as a test or a curious reader of the console may ask for it. */
const Hook = (() => {
  /**
   * What a test may read of the page; nothing can be changed through it.
   * @param {object} page from `open`
   */
  function of({ app, clock, sides, shown, days, lessons }) {
    const surfaces = () => [
      ...(app.view === "days" ? [days.surface] : shown().flatMap((one) => Object.values(one.surfaces))),
    ];
    return Object.freeze({
      state: () => ({
        ...clock.state, language: Words.language(), view: app.view, seed: app.seed, scenes: app.scenes,
        lesson: lessons.state(), paired: app.paired, hidden: lessons.hidden(),
        changes: { A: sides.A.changes, B: app.paired ? sides.B.changes : null },
        drawn: Object.fromEntries(shown().map((one) => [one.name, one.scene?.key ?? null])),
        chosen: shown().map((one) => one.chosen), ready: shown().every((one) => one.settled()) && !days.busy(),
      }),
      figures: () => Object.fromEntries(shown().map((one) => [one.name, one.figures.texts()])),
      labels: () => surfaces().map(Surface.boxes),
      latency: () => shown().map((one) => one.latency),
      contacts: () => shown().map((one) => one.scene?.contacts),
      next: (instant) => Math.min(...shown().map((one) => Scene.next(one.scene, instant))),
    });
  }

  return Object.freeze({ of });
})();
