"use strict";

/** Many days as dots, then their mean with its interval: noise seen as noise. */
const DayDots = (() => {
  /** Seconds between one dot and the next. */
  const PACE = 0.09;
  const FORMULAS = ["erlang_c", "erlang_a"];

  /**
   * @param {HTMLCanvasElement} canvas
   */
  function create(canvas) {
    const surface = Surface.on(canvas);

    /**
     * Draw the days of one or two sides.
     * @param {{side: string, days: object[], mean: object, promise: object|null}[]} sides
     * @param {string} measure key
     * @param {object} about kind and decimals of the measure
     * @param {number} since real seconds since the first dot; Infinity: all
     * @returns {boolean} whether dots are still to come
     */
    function draw(sides, measure, about, since) {
      if (!surface.begin() || sides.length === 0) return false;
      const { unit, height, width } = surface;
      const area = { left: unit * 5.5, right: width - unit, top: unit * 1.5, bottom: height - unit * 2.2 };
      const values = sides.flatMap(({ days }) => days.map(({ figures }) => figures[measure]));
      const range = rangeOf(withPromises(values.filter((value) => value !== null), sides, measure), about.kind);
      const y = (value) => area.bottom - ((value - range.low) / (range.high - range.low)) * (area.bottom - area.top);
      scale(area, y, range, about);
      const count = Math.max(...sides.map(({ days }) => days.length));
      const shown = Math.min(count, Math.floor(since / PACE));
      sides.forEach((side, n) => {
        const column = columnOf(area, n, sides.length);
        promises(side, measure, column, y, range);
        dots(side, measure, column, y, shown, n);
        if (shown >= count) mean(side, measure, about, column, y);
        surface.label(sides.length > 1 ? side.side : Words.say("days_axis"), (column.left + column.right) / 2,
          area.bottom + unit * 1.2, { align: "center", weight: sides.length > 1 ? 700 : 400 });
      });
      return shown < count;
    }

    const promised = ({ promise }, measure) => FORMULAS
      .map((formula) => [formula, promise?.[formula]?.[measure]])
      .filter(([, value]) => Number.isFinite(value));

    /** The values, and those promises that would not press the dots together. */
    function withPromises(values, sides, measure) {
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const near = (value) => value >= 2 * least - most && value <= 2 * most - least;
      const found = sides.flatMap((side) => promised(side, measure).map(([, value]) => value));
      return [...values, ...found.filter(near)];
    }

    /** Room for the names of promises, left of the dots. */
    const margin = (left, right) => Math.min(surface.unit * 5.5, (right - left) * 0.18);

    /** What the formulas promised for a side, as dashed lines with their names. */
    function promises(side, measure, { left, right }, y, { low, high }) {
      const { context, unit } = surface;
      const end = left + (right - left) * 0.68;
      for (const [formula, value] of promised(side, measure)) {
        if (value < low || value > high) continue;
        context.strokeStyle = Look.SOFT;
        context.lineWidth = 1.5;
        context.setLineDash([7, 5]);
        context.beginPath();
        context.moveTo(left + unit * 0.5, y(value));
        context.lineTo(end, y(value));
        context.stroke();
        context.setLineDash([]);
        const name = Words.say(`column_${formula}`);
        surface.label([name, name.slice(-1)], left + unit * 0.5, y(value) - unit * 0.7,
          { color: Look.SOFT, scale: 0.9, halo: true, most: margin(left, right) - unit * 0.6 });
      }
    }

    function columnOf(area, n, count) {
      const width = (area.right - area.left) / count;
      return { left: area.left + n * width, right: area.left + (n + 1) * width };
    }

    /** A range with round ends, a share within 0 to 1. */
    function rangeOf(values, kind) {
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const reach = Math.max(most - least, kind === "share" ? 0.02 : 1);
      const power = 10 ** Math.floor(Math.log10(reach / 3));
      const step = [1, 2, 5, 10].map((one) => one * power).find((one) => reach / one <= 5);
      const low = Math.max(0, Math.floor((least - reach * 0.05) / step) * step);
      let high = Math.ceil((most + reach * 0.05) / step) * step;
      if (kind === "share") high = Math.min(high, Math.ceil(1 / step) * step);
      return { low, high: high > low ? high : low + step, step };
    }

    function scale(area, y, { low, high, step }, about) {
      const { context, unit } = surface;
      context.strokeStyle = Look.LIGHT;
      context.lineWidth = 1;
      for (let value = low; value <= high + step / 2; value += step) {
        context.beginPath();
        context.moveTo(area.left, Math.round(y(value)) + 0.5);
        context.lineTo(area.right, Math.round(y(value)) + 0.5);
        context.stroke();
        const decimals = about.kind === "share" ? (step < 0.0099 ? 1 : 0) : step < 1 ? 1 : 0;
        surface.label(Numbers.measure(value, { ...about, decimals }), area.left - unit * 0.5, y(value),
          { align: "right", color: Look.SOFT, scale: 0.9 });
      }
    }

    /** One dot a day, in the order of the days; A round and full, B square and open. */
    function dots({ days }, measure, { left, right }, y, shown, n) {
      const { context, unit } = surface;
      const begin = left + margin(left, right);
      const inner = left + (right - left) * 0.68 - begin;
      const radius = Math.min(7, unit * 0.42);
      days.slice(0, shown).forEach(({ figures }, day) => {
        const value = figures[measure];
        if (value === null) return;
        const x = begin + (inner * (day + 0.5)) / days.length;
        context.beginPath();
        if (n === 0) context.arc(x, y(value), radius, 0, 2 * Math.PI);
        else context.rect(x - radius * 0.9, y(value) - radius * 0.9, radius * 1.8, radius * 1.8);
        context.fillStyle = n === 0 ? Look.BLUE : Look.PAPER;
        context.fill();
        context.strokeStyle = n === 0 ? Look.BLUE : Look.RED;
        context.lineWidth = 2;
        context.stroke();
      });
    }

    /** The mean as a bar, its interval as whiskers, both in words. */
    function mean({ mean: means }, measure, about, { left, right }, y) {
      const found = means[measure];
      if (!found || found.mean === null) return;
      const { context, unit } = surface;
      const x = left + (right - left) * 0.76;
      context.strokeStyle = Look.INK;
      context.lineWidth = 2.5;
      const bar = (value, half) => {
        context.beginPath();
        context.moveTo(x - half, y(value));
        context.lineTo(x + half, y(value));
        context.stroke();
      };
      bar(found.mean, unit * 0.9);
      if (found.low !== null && found.high !== null) {
        context.lineWidth = 1.5;
        bar(found.low, unit * 0.4);
        bar(found.high, unit * 0.4);
        context.beginPath();
        context.moveTo(x, y(found.low));
        context.lineTo(x, y(found.high));
        context.stroke();
      }
      const text = Numbers.measure(found.mean, about);
      const half = found.low === null ? "" : ` ± ${Numbers.plain(
        ((found.high - found.low) / 2) * (about.kind === "share" ? 100 : 1), about.decimals)}`;
      surface.label([text + half, text], x + unit * 1.2, y(found.mean), { weight: 700, halo: true }) ??
        surface.label([text + half, text], (left + right) / 2, surface.unit * 0.8, { align: "center", weight: 700, halo: true });
    }

    return Object.freeze({ surface, draw });
  }

  return Object.freeze({ create });
})();
