"use strict";

/** The picture of the floor: callers from the IVR through the queue to a desk, or away. */
const Floor = (() => {
  const { PLACE } = Scene;
  /** From this size on, a place in the queue holds the seconds waited, pixels. */
  const ROOM_FOR_SECONDS = 30;

  /**
   * @param {HTMLCanvasElement} canvas
   */
  function create(canvas) {
    const surface = Surface.on(canvas);
    const callers = Callers.create();
    let plan = null;
    let planned = "";

    /** The plan of the floor, made anew when the canvas, the letters or the scene change. */
    function lay(scene) {
      const key = [surface.width, surface.height, surface.unit, scene.hash, scene.key].join();
      if (key !== planned) plan = Floorplan.lay(surface.width, surface.height, surface.unit, scene);
      planned = key;
    }

    /**
     * Draw the floor at an instant.
     * @param {object} scene
     * @param {number} instant
     * @param {{elapsed: number, jump: boolean, chosen: number|null}} how
     * @returns {boolean} whether something still moves
     */
    function draw(scene, instant, { elapsed, jump, chosen }) {
      if (!surface.begin()) return false;
      lay(scene);
      const present = Scene.present(scene, instant);
      const goals = goalsOf(scene, present, instant);
      const moving = callers.move(goals, (i) => exit(scene, i, instant), elapsed, jump);
      walls();
      titles(scene, present, instant);
      const host = chosen !== null && present.agent.includes(chosen)
        ? scene.contacts.agent[chosen] : -1;
      plan.desks.forEach((desk, agent) => {
        const doing = Scene.doing(scene, agent, instant);
        Desks.draw(surface, desk, doing, scene.agents[agent].name, instant, agent === host);
      });
      for (const { name, x, y } of plan.headings) {
        surface.label(name, x, y, { weight: 600, color: Look.SOFT, scale: 0.9,
          most: plan.team.right - x });
      }
      marks(scene, instant, chosen);
      overflow(present);
      return moving;
    }

    /** Where each caller who is in should stand, and where a new one comes from. */
    function goalsOf(scene, present, instant) {
      const goals = new Map();
      const { contacts } = scene;
      const door = { x: plan.queue.left + 4, y: (plan.queue.top + plan.queue.bottom) / 2 };
      for (const i of present.ivr) {
        const spot = ivrSpot(scene, i, instant);
        goals.set(i, { ...spot, from: { x: 0, y: spot.y }, kind: PLACE.IVR });
      }
      present.queue.slice(0, plan.slots.count).forEach((i, number) => {
        const spot = Floorplan.slot(plan, number, surface.unit);
        const from = scene.hasIvr ? { x: door.x, y: ivrSpot(scene, i, instant).y } : door;
        goals.set(i, { ...spot, from, kind: PLACE.QUEUE });
      });
      for (const i of present.agent) {
        const desk = plan.desks[contacts.agent[i]];
        const spot = { x: desk.x + desk.width / 2, y: desk.y + desk.height / 2 };
        goals.set(i, { ...spot, from: { x: plan.queue.right - 6, y: door.y }, kind: PLACE.AGENT });
      }
      return goals;
    }

    /** In the IVR a caller walks from the left to the right, in a lane of its own. */
    function ivrSpot(scene, i, instant) {
      if (!plan.ivr) return { x: plan.queue.left, y: plan.queue.top };
      const { left, right, top, bottom } = plan.ivr;
      const start = scene.contacts.arrival[i];
      const end = Scene.ivrEnd(scene, i);
      const share = end > start ? Math.min(1, (instant - start) / (end - start)) : 1;
      const lane = ((i + 1) * 0.618034) % 1;
      return {
        x: left + 8 + share * (right - left - 16),
        y: top + 8 + lane * (bottom - top - 16),
      };
    }

    /** Where a caller goes who has left: who gave up to the door below the queue. */
    function exit(scene, i, instant) {
      if (Scene.place(scene, i, instant) !== PLACE.GONE) return null;
      if (scene.contacts.outcome[i] !== scene.abandoned) return null;
      return { x: (plan.queue.left + plan.queue.right) / 2, y: plan.queue.foot };
    }

    function walls() {
      const { context } = surface;
      context.strokeStyle = Look.HAIR;
      context.lineWidth = 1;
      for (const x of [plan.queue.left, plan.team.left]) {
        if (x <= 0) continue;
        context.beginPath();
        context.moveTo(Math.round(x) + 0.5, 4);
        context.lineTo(Math.round(x) + 0.5, surface.height - 4);
        context.stroke();
      }
    }

    /** What each part of the floor is, and what is in it, in words. */
    function titles(scene, present, instant) {
      const ended = Scene.ended(scene, instant);
      const { unit } = surface;
      if (plan.ivr) {
        const { outcomes } = scene;
        zone(plan.ivr, Words.say("ivr"), [String(present.ivr.length)], outcomes.includes("self_served")
          ? [Words.say("self_served_count", { count: ended.self_served }),
             Words.say("self_served_short", { count: ended.self_served })] : []);
      }
      const longest = present.queue.reduce(
        (most, i) => Math.max(most, Scene.waited(scene, i, instant)), 0);
      zone(plan.queue, Words.say("queue"), [
        Words.say("queue_now", { count: present.queue.length, longest: Numbers.duration(longest) }),
        Words.say("queue_now_short", { count: present.queue.length,
          longest: Numbers.duration(longest) }),
        String(present.queue.length),
      ], [Words.say("gave_up_count", { count: ended.abandoned }),
        Words.say("gave_up_short", { count: ended.abandoned })], ended.abandoned > 0);
      zone(plan.team, Words.say("agents"), crowd(scene, instant, plan.team.right - plan.team.left - unit), [
        Words.say("answered_count", { count: Numbers.plain(ended.answered + present.agent.length, 0) })]);
    }

    function zone(place, title, facts, foot, marked = false) {
      const { unit } = surface;
      const x = place.left + unit * 0.5;
      const most = place.right - x - 4;
      surface.label(title, x, unit * 1.0, { weight: 700, scale: 1.05, most });
      surface.label(facts, x, unit * 2.35, { color: Look.SOFT, most });
      surface.label(foot, x, place.foot, {
        color: marked ? Look.RED : Look.SOFT, weight: marked ? 600 : 400, most });
    }

    /** How many agents are in which state; the fewest words when there is little room. */
    function crowd(scene, instant, most) {
      const counts = new Map();
      scene.agents.forEach((_, agent) => {
        const state = Scene.doing(scene, agent, instant)?.state;
        if (state && state !== "off") counts.set(state, (counts.get(state) ?? 0) + 1);
      });
      const order = [...counts].sort((a, b) => rank(a[0]) - rank(b[0]));
      if (order.length === 0) return [Words.say("nobody_here")];
      const line = (parts) =>
        parts.map(([state, count]) => `${count} ${Words.state(state)}`).join(" · ");
      const options = [line(order)];
      for (let kept = order.length - 1; kept > 0; kept -= 1) {
        const rest = order.slice(kept).reduce((sum, [, count]) => sum + count, 0);
        options.push(`${line(order.slice(0, kept))} · ${Words.say("others", { count: rest })}`);
      }
      return options.filter((text) => surface.measure(text) <= most);
    }

    const rank = (state) => {
      const at = Look.LEGEND.indexOf(state);
      return at < 0 ? Look.LEGEND.length : at;
    };

    function marks(scene, instant, chosen) {
      const { size } = plan.slots;
      const { type } = scene.contacts;
      for (const [i, mark] of callers.marks) {
        const caller = { type: type[i], x: mark.x, y: mark.y, size };
        if (mark.kind === PLACE.QUEUE) wait(scene, i, caller, instant);
        else if (mark.kind === PLACE.IVR) Callers.walking(surface, type[i], mark.x, mark.y, 4.5, Look.GREY);
        else if (mark.kind === "leaving") Callers.gaveUp(surface, mark.x, mark.y, size, callers.fade(mark));
        else arriving(scene, i, mark);
        if (i === chosen && mark.kind !== PLACE.AGENT) ringed(mark, size);
      }
    }

    function wait(scene, i, caller, instant) {
      const waited = Scene.waited(scene, i, instant) ?? 0;
      const threshold = scene.types[caller.type].within ?? scene.threshold;
      Callers.waiting(surface, { ...caller, waited, threshold });
      if (caller.size < ROOM_FOR_SECONDS) return;
      surface.label(String(Math.round(waited)), caller.x, caller.y, {
        align: "center", weight: 600, scale: (caller.size * 0.27) / surface.unit, most: caller.size * 0.58,
        color: waited >= threshold ? "#fff" : Look.INK,
      });
    }

    /** An answered caller is seen until it stands at the desk, whose colour then tells. */
    function arriving(scene, i, mark) {
      const desk = plan.desks[scene.contacts.agent[i]];
      const far = Math.hypot(mark.x - desk.x - desk.width / 2, mark.y - desk.y - desk.height / 2);
      if (far > Math.max(4, desk.height * 0.5)) {
        Callers.walking(surface, scene.contacts.type[i], mark.x, mark.y,
          Math.min(7, plan.slots.size * 0.3), Look.BLUE);
      }
    }

    function ringed({ x, y }, size) {
      surface.context.strokeStyle = Look.INK;
      surface.context.lineWidth = 2;
      surface.context.strokeRect(x - size / 2, y - size / 2, size, size);
    }

    /** Who finds no place in the picture is told in words. */
    function overflow(present) {
      const more = present.queue.length - plan.slots.count;
      if (more <= 0) return;
      surface.label(Words.say("more_waiting", { count: more }), plan.queue.left + 4,
        plan.queue.bottom + surface.unit * 0.2, { weight: 700, color: Look.RED });
    }

    /**
     * The contact at a point of the canvas: a caller's mark, or who is at a desk.
     * @returns {number|null}
     */
    function contactAt(scene, instant, x, y) {
      if (!plan) return null;
      const caller = callers.at(x, y, Math.max(12, plan.slots.size * 0.6));
      if (caller !== null) return caller;
      const agent = Desks.at(plan.desks, x, y);
      const doing = agent >= 0 ? Scene.doing(scene, agent, instant) : null;
      return doing && doing.contact >= 0 ? doing.contact : null;
    }

    return Object.freeze({ surface, draw, contactAt, reset: callers.reset });
  }

  return Object.freeze({ create });
})();
