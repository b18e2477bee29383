"use strict";

/**
 * The callers on the floor as marks that glide from place to place.
 *
 * Where a mark should be follows from the tables alone; that it takes a fraction of a second
 * to get there is for the eye only.
 */
const Callers = (() => {
  /** Share of the way that is left after a second of gliding. */
  const LEFT_AFTER_SECOND = 0.0008;
  /** Seconds for which a caller who gave up is still seen. */
  const FAREWELL = 1.1;

  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /** The marks of one floor. */
  function create() {
    /** @type {Map<number, {x: number, y: number, leaving: number}>} */
    const marks = new Map();

    /** Forget all marks: they stand at their places at once. */
    function reset() {
      marks.clear();
    }

    /**
     * Move every mark towards its goal.
     * @param {Map<number, object>} goals by contact: {x, y, from: {x, y}, kind}
     * @param {(contact: number) => {x: number, y: number}|null} exit where who left goes
     * @param {number} elapsed real seconds
     * @param {boolean} jump stand at the goal at once
     * @returns {boolean} whether something still moves
     */
    function move(goals, exit, elapsed, jump) {
      const share = jump || still() ? 1 : 1 - LEFT_AFTER_SECOND ** elapsed;
      let moving = false;
      for (const [contact, mark] of marks) {
        if (!goals.has(contact)) leave(contact, mark, elapsed, share);
      }
      for (const [contact, goal] of goals) {
        const mark = marks.get(contact) ?? { ...(share === 1 ? goal : goal.from) };
        mark.x += (goal.x - mark.x) * share;
        mark.y += (goal.y - mark.y) * share;
        mark.kind = goal.kind;
        mark.leaving = 0;
        marks.set(contact, mark);
        moving ||= Math.abs(goal.x - mark.x) + Math.abs(goal.y - mark.y) > 0.5;
      }
      return moving || [...marks.values()].some((mark) => mark.leaving > 0);

      function leave(contact, mark, seconds, part) {
        const goal = exit(contact);
        mark.leaving += seconds || 0.001;
        if (!goal || part === 1 || mark.leaving > FAREWELL) marks.delete(contact);
        else {
          mark.kind = "leaving";
          mark.x += (goal.x - mark.x) * part * 0.5;
          mark.y += (goal.y - mark.y) * part * 0.5;
        }
      }
    }

    /** The mark nearest to a point within a distance; null: none. */
    function at(x, y, reach) {
      let best = null;
      let least = reach;
      for (const [contact, mark] of marks) {
        const distance = Math.hypot(mark.x - x, mark.y - y);
        if (distance < least && mark.kind !== "agent") [best, least] = [contact, distance];
      }
      return best;
    }

    return Object.freeze({ marks, reset, move, at, fade: (mark) => 1 - mark.leaving / FAREWELL });
  }

  /** The outline of a caller of a type: circle, square, diamond, triangle. */
  function outline(context, type, x, y, radius) {
    context.beginPath();
    const sides = [0, 4, 4, 3][type % 4];
    if (sides === 0) {
      context.arc(x, y, radius, 0, 2 * Math.PI);
      return;
    }
    const turn = [0, Math.PI / 4, 0, -Math.PI / 2][type % 4];
    for (let side = 0; side < sides; side += 1) {
      const angle = turn + (2 * Math.PI * side) / sides;
      context.lineTo(x + radius * 1.15 * Math.cos(angle), y + radius * 1.15 * Math.sin(angle));
    }
    context.closePath();
  }

  /**
   * A waiting caller: a ring closes as the wait grows to the time of the target; from there
   * on the mark is full, and a dark ring closes once more.
   * @param {Surface} surface
   * @param {{type: number, x: number, y: number, size: number, waited: number,
   *   threshold: number}} caller
   */
  function waiting({ context }, { type, x, y, size, waited, threshold }) {
    const radius = size * 0.3;
    const laps = waited / threshold;
    outline(context, type, x, y, radius);
    context.fillStyle = laps >= 1 ? Look.RED : "#fbe3b0";
    context.fill();
    ring(context, x, y, size * 0.41, 1, Look.HAIR, size * 0.1);
    if (laps >= 1) ring(context, x, y, size * 0.41, Math.min(1, laps - 1), Look.INK, size * 0.13);
    else ring(context, x, y, size * 0.41, laps, Look.ORANGE, size * 0.13);
  }

  function ring(context, x, y, radius, share, color, width) {
    context.beginPath();
    context.arc(x, y, radius, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share);
    context.strokeStyle = color;
    context.lineWidth = Math.max(1, width);
    context.stroke();
  }

  /** A caller who gave up: a cross that fades. */
  function gaveUp({ context }, x, y, size, strength) {
    const arm = size * 0.28;
    context.globalAlpha = Math.max(0, strength);
    context.strokeStyle = Look.RED;
    context.lineWidth = Math.max(1.5, size * 0.14);
    context.beginPath();
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
    context.stroke();
    context.globalAlpha = 1;
  }

  /** A caller on the way: in the IVR, or to an agent. */
  function walking({ context }, type, x, y, radius, color) {
    outline(context, type, x, y, radius);
    context.fillStyle = color;
    context.fill();
  }

  return Object.freeze({ create, waiting, gaveUp, walking });
})();
