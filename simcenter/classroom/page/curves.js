"use strict";

/** Step curves on the same clock: how many wait, and the service level so far. */
const Curves = (() => {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {"queue"|"level"} kind
   */
  function create(canvas, kind) {
    const surface = Surface.on(canvas);

    /** @param {{window: object, peak: number}} how `peak`: the top of the queue's axis */
    function draw(scene, instant, { window: view, peak }) {
      if (!surface.begin()) return;
      const area = Timeline.area(surface);
      const x = Timeline.scale(area, view);
      const top = kind === "queue" ? nice(peak) : 1;
      const y = (value) => area.bottom - (value / top) * (area.bottom - area.top);
      Timeline.axis(surface, area, view);
      values(area, y, kind === "queue" ? [0, top / 2, top] : [0, 0.5, 1]);
      Timeline.clipped(surface, area, () => {
        if (kind === "queue") queue(scene, x, y, area);
        else level(scene, x, y, area);
        Timeline.pale(surface, area, view, instant);
      });
      Timeline.hand(surface, area, view, instant);
      now(scene, instant, area, x, y);
    }

    /** The next even number of 1, 2 or 5 times a power of ten. */
    function nice(peak) {
      const power = 10 ** Math.floor(Math.log10(Math.max(2, peak)));
      return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= peak && one >= 2);
    }

    function values(area, y, marks) {
      const { context, unit } = surface;
      context.strokeStyle = Look.LIGHT;
      context.lineWidth = 1;
      for (const value of marks) {
        const line = Math.round(y(value)) + 0.5;
        context.beginPath();
        context.moveTo(area.left, line);
        context.lineTo(area.right, line);
        context.stroke();
        const text = kind === "queue" ? String(value) : `${value * 100} %`;
        surface.label(text, area.left - unit * 0.4, y(value), {
          align: "right", color: Look.SOFT, scale: 0.9,
        });
      }
    }

    /** The corners of a step curve in view, those without data left out. */
    function steps(curve, key, end) {
      const parts = [];
      for (let n = 0; n < curve.at.length; n += 1) {
        const value = curve[key][n];
        if (value !== null) parts.push([curve.at[n], curve.at[n + 1] ?? end, value]);
      }
      return parts;
    }

    function queue(scene, x, y, area) {
      const { context } = surface;
      context.fillStyle = Look.ORANGE;
      for (const [from, to, value] of steps(scene.queue, "length", scene.end)) {
        if (value > 0 && x(to) > area.left && x(from) < area.right) {
          context.fillRect(x(from), y(value), Math.max(0.7, x(to) - x(from)), y(0) - y(value));
        }
      }
    }

    function level(scene, x, y, area) {
      const { context } = surface;
      const target = scene.types.find((type) => type.service_level_target)?.service_level_target;
      if (target) {
        context.strokeStyle = Look.SOFT;
        context.lineWidth = 1.2;
        context.setLineDash([6, 4]);
        context.beginPath();
        context.moveTo(area.left, y(target));
        context.lineTo(area.right, y(target));
        context.stroke();
        context.setLineDash([]);
      }
      context.strokeStyle = Look.BLUE;
      context.lineWidth = 2;
      context.lineJoin = "round";
      context.beginPath();
      for (const [from, to, value] of steps(scene.sofar, "service_level", scene.end)) {
        if (x(to) < area.left || x(from) > area.right) continue;
        context.lineTo(x(from), y(value));
        context.lineTo(x(to), y(value));
      }
      context.stroke();
    }

    /** The value under the hand. */
    function now(scene, instant, area, x, y) {
      const value = kind === "queue"
        ? Scene.step(scene.queue, "length", instant) ?? 0
        : Scene.step(scene.sofar, "service_level", instant);
      if (value === null) return;
      const text = kind === "queue" ? String(value) : `${Numbers.plain(value * 100, 1)} %`;
      const right = x(instant) < area.right - surface.unit * 5;
      const at = Math.min(area.bottom - surface.unit * 0.7, Math.max(area.top + surface.unit * 0.6, y(value)));
      surface.label(text, x(instant) + (right ? 6 : -6), at, {
        align: right ? "left" : "right", weight: 700, halo: true,
      });
    }

    return Object.freeze({ surface, draw });
  }

  return Object.freeze({ create });
})();
