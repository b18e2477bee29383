"use strict";

/**
 * The callers' chart: one line a caller, from arrival through the wait to its end.
 *
 * Lines stand in order of arrival, so that the chart falls from left to right; it moves up
 * as the clock runs, and the newest callers stand below.
 */
const CallerChart = (() => {
  const { NONE } = Encoding;
  /** Height of a line, pixels. */
  const LINE = { least: 0.25, most: 9 };
  /** Where the caller who has just come stands, as a share of the height. */
  const NEWEST = 0.9;

  /** @param {HTMLCanvasElement} canvas */
  function create(canvas) {
    const surface = Surface.on(canvas);
    const heights = new WeakMap();
    let shown = null;

    /** The height of a line with which the busiest window finds room; once a scene and span. */
    function lineHeight(scene, length, height) {
      const key = `${length} ${height}`;
      const known = heights.get(scene) ?? new Map();
      heights.set(scene, known);
      if (!known.has(key)) {
        const { arrival } = scene.contacts;
        const most = arrival.reduce(
          (found, at, i) => Math.max(found, Search.upTo(arrival, at + length) - i), 1);
        known.set(key, Math.min(LINE.most, Math.max(LINE.least, (height * 0.95) / most)));
      }
      return known.get(key);
    }

    /** How many have arrived, with the part of the way to the next arrival. */
    function rank(arrival, instant) {
      const count = Search.upTo(arrival, instant);
      if (count === 0 || count === arrival.length) return count;
      const [last, next] = [arrival[count - 1], arrival[count]];
      return count - 1 + (next > last ? (instant - last) / (next - last) : 1);
    }

    /** @param {{window: object, chosen: number|null}} how */
    function draw(scene, instant, { window: view, chosen }) {
      if (!surface.begin()) return;
      const area = Timeline.area(surface);
      const x = Timeline.scale(area, view);
      const height = area.bottom - area.top;
      const whole = view.to - view.from >= scene.end - scene.start - 1;
      const line = lineHeight(scene, view.to - view.from, height);
      const { arrival } = scene.contacts;
      const base = whole ? area.top : area.top + height * NEWEST - rank(arrival, instant) * line;
      shown = { area, view, base, line };
      Timeline.axis(surface, area, view);
      const first = Math.max(0, Math.floor((area.top - base) / line) - 1);
      const last = Math.min(scene.count, Math.ceil((area.bottom - base) / line) + 1);
      Timeline.clipped(surface, area, () => {
        lines(scene, x, base, line, first, last);
        Timeline.pale(surface, area, view, instant);
        if (chosen !== null) mark(area, base + (chosen + 0.5) * line, line);
      });
      Timeline.hand(surface, area, view, instant);
      surface.label(Words.say("axis_callers"), area.left - surface.unit * 0.5, area.top + surface.unit * 0.6,
        { align: "right", color: Look.SOFT, scale: 0.9, most: area.left });
    }

    /** All lines of a kind at once: the IVR, the wait, talk and hold, the wrap, the crosses. */
    function lines(scene, x, base, line, first, last) {
      const { arrival, queue, answer, release, outcome } = scene.contacts;
      const { context } = surface;
      const thick = Math.max(1, line * 0.72);
      const kinds = { ivr: [], wait: [], lost: [], talk: [] };
      for (let i = first; i < last; i += 1) {
        const y = base + (i + 0.5) * line;
        const queued = queue[i] !== NONE;
        const left = Scene.ivrEnd(scene, i);
        kinds.ivr.push([arrival[i], left === NONE ? scene.end : left, y]);
        if (queued) {
          const end = Math.min(Scene.waitEnd(scene, i), scene.end);
          const lost = outcome[i] === scene.abandoned;
          kinds[lost ? "lost" : "wait"].push([queue[i], end, y]);
          if (answer[i] !== NONE) kinds.talk.push([answer[i], release[i], y]);
        }
      }
      stroke(context, x, kinds.ivr, Look.GREY, Math.max(0.6, thick * 0.2));
      stroke(context, x, kinds.talk, Look.BLUE, thick * 0.55);
      stroke(context, x, kinds.wait, Look.ORANGE, thick);
      stroke(context, x, kinds.lost, Look.RED, thick);
      crosses(context, x, kinds.lost, Math.min(4.5, Math.max(1.4, line * 0.55)));
    }

    function stroke(context, x, parts, color, width) {
      context.strokeStyle = color;
      context.lineWidth = width;
      context.beginPath();
      for (const [from, to, y] of parts) {
        context.moveTo(x(from), y);
        context.lineTo(x(to), y);
      }
      context.stroke();
    }

    /** A cross where somebody gave up. */
    function crosses(context, x, parts, arm) {
      context.strokeStyle = Look.RED;
      context.lineWidth = Math.max(1, arm * 0.4);
      context.beginPath();
      for (const [, to, y] of parts) {
        const at = x(to);
        context.moveTo(at - arm, y - arm);
        context.lineTo(at + arm, y + arm);
        context.moveTo(at + arm, y - arm);
        context.lineTo(at - arm, y + arm);
      }
      context.stroke();
    }

    function mark(area, y, line) {
      const { context } = surface;
      context.strokeStyle = Look.INK;
      context.lineWidth = 1.5;
      context.strokeRect(area.left + 1, y - line / 2 - 2, area.right - area.left - 2, line + 4);
    }

    /** The caller whose line lies at a point; null: none. */
    function contactAt(scene, x, y) {
      if (!shown || x < shown.area.left || x > shown.area.right) return null;
      const i = Math.floor((y - shown.base) / shown.line);
      return i >= 0 && i < scene.count ? i : null;
    }

    return Object.freeze({ surface, draw, contactAt });
  }

  return Object.freeze({ create });
})();
