"use strict";

/** The agents' Gantt chart: one row an agent, one bar a state. */
const Gantt = (() => {
  /** @param {HTMLCanvasElement} canvas */
  function create(canvas) {
    const surface = Surface.on(canvas);
    let shown = null;

    /** @param {{window: object, chosen: number|null}} how */
    function draw(scene, instant, { window: view, chosen }) {
      if (!surface.begin()) return;
      const area = Timeline.area(surface);
      const x = Timeline.scale(area, view);
      const row = (area.bottom - area.top) / Math.max(1, scene.agents.length);
      shown = { area, view, row, x };
      Timeline.axis(surface, area, view);
      Timeline.clipped(surface, area, () => {
        scene.agents.forEach((_, agent) => bars(scene, agent, x, area.top + agent * row, row, view));
        if (chosen !== null) mark(scene, chosen, x, area, row);
        Timeline.pale(surface, area, view, instant);
      });
      names(scene, area, row);
      Timeline.hand(surface, area, view, instant);
    }

    function bars(scene, agent, x, top, row, view) {
      const { context } = surface;
      const { activities, states } = scene;
      const { starts, places } = scene.rows[agent];
      const first = Math.max(0, Search.upTo(starts, view.from) - 1);
      const last = Search.upTo(starts, view.to);
      const height = Math.max(0.8, row > 4 ? row - 1.5 : row * 0.86);
      for (let n = first; n < last; n += 1) {
        const place = places[n];
        const name = states[activities.state[place]];
        if (name === "off" || name === "absent") continue;
        const [from, to] = [x(activities.start[place]), x(activities.end[place])];
        if (name === "available") {
          if (row > 3) rail(from, to, top + height, row);
          continue;
        }
        context.fillStyle = Look.paint(context, name, height);
        context.fillRect(from, top, Math.max(0.7, to - from), height);
      }
    }

    /** A free agent is an empty bar on a thin line. */
    function rail(from, to, y, row) {
      const { context } = surface;
      context.fillStyle = Look.GREEN;
      context.fillRect(from, y - Math.min(1.5, row * 0.2), to - from, Math.min(1.5, row * 0.2));
    }

    /** A strong edge around the handling of the caller chosen. */
    function mark(scene, chosen, x, area, row) {
      const { agent, answer, wrap_end: end } = scene.contacts;
      if (agent[chosen] < 0 || answer[chosen] < 0) return;
      const { context } = surface;
      context.strokeStyle = Look.INK;
      context.lineWidth = 2;
      const left = x(answer[chosen]);
      context.strokeRect(left, area.top + agent[chosen] * row, Math.max(3, x(end[chosen]) - left), row);
    }

    /** The agents' names where rows are high enough, else how many agents there are. */
    function names(scene, area, row) {
      const { unit } = surface;
      const right = area.left - unit * 0.4;
      if (row < unit * 0.85) {
        surface.label([Words.say("axis_agents", { count: scene.agents.length }), String(scene.agents.length)],
          right, area.top + unit * 0.6, { align: "right", color: Look.SOFT, scale: 0.9, most: right });
        return;
      }
      scene.agents.forEach(({ name }, agent) => {
        const scale = Math.min(0.9, (row / unit) * 0.78);
        surface.label([name, name.split(/\s/)[0], `${name.slice(0, 4)}…`], right, area.top + (agent + 0.5) * row,
          { align: "right", color: Look.SOFT, scale, most: right });
      });
    }

    /** The contact whose bar lies at a point; null: none. */
    function contactAt(scene, x, y) {
      if (!shown) return null;
      const { area, view, row } = shown;
      const agent = Math.floor((y - area.top) / row);
      if (!scene.agents[agent] || x < area.left || x > area.right) return null;
      const share = (x - area.left) / (area.right - area.left);
      const doing = Scene.doing(scene, agent, view.from + share * (view.to - view.from));
      return doing && doing.contact >= 0 ? doing.contact : null;
    }

    return Object.freeze({ surface, draw, contactAt });
  }

  return Object.freeze({ create });
})();
