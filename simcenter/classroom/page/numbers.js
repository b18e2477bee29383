"use strict";

/** Numbers as the reports write them: `97.2 %`, `12.3 s`, `1,204`. */
const Numbers = (() => {
  const NOTHING = "–";

  /** From when on the wall is so many seconds ahead of the page, and its offset from UTC. */
  let wall = [];

  /**
   * A number with so many decimals and commas between thousands.
   * @param {number} value
   * @param {number} decimals
   */
  function plain(value, decimals) {
    return value.toLocaleString("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  }

  /**
   * A measure's value in its unit.
   * @param {number|null|undefined} value null: no data
   * @param {{kind: string, decimals: number}} measure
   * @returns {string}
   */
  function measure(value, measure) {
    if (value === null || value === undefined) return NOTHING;
    if (!Number.isFinite(value)) return value > 0 ? "∞" : NOTHING;
    if (measure.kind === "share") return `${plain(value * 100, measure.decimals)} %`;
    const text = plain(value, measure.decimals);
    return measure.kind === "seconds" ? `${text} s` : text;
  }

  /** A difference of two values: signed, shares in percentage points. */
  function difference(value, given) {
    if (value === null || value === undefined || !Number.isFinite(value)) return NOTHING;
    const scaled = given.kind === "share" ? value * 100 : value;
    const text = plain(Math.abs(scaled), given.decimals);
    const zero = Number(text.replaceAll(",", "")) === 0;
    const sign = zero ? "±" : scaled > 0 ? "+" : "−";
    const unit = { share: ` ${Words.say("points")}`, seconds: " s" }[given.kind] ?? "";
    return `${sign}${text}${unit}`;
  }

  const pad = (number) => String(number).padStart(2, "0");

  /** Read instants as the wall of a scene shows them. */
  function follow(scene) {
    wall = scene.wall;
  }

  /**
   * An instant as `10:05`, or `10:05:09` with seconds; hours run on after midnight. A time that
   * comes twice, since the clocks go back, has its offset from UTC: `02:30+01:00`.
   */
  function clock(instant, seconds = false) {
    const [, ahead, offset] = wall.findLast(([from]) => from <= instant) ?? wall[0] ?? [0, 0, ""];
    const whole = Math.floor(instant + ahead + 1e-6);
    const text = `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}`;
    return (seconds ? `${text}:${pad(whole % 60)}` : text) + offset;
  }

  /** A length of time as `42 s` or `3:05`. */
  function duration(seconds) {
    const whole = Math.round(seconds);
    return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)}:${pad(whole % 60)}`;
  }

  return Object.freeze({ plain, measure, difference, follow, clock, duration });
})();
