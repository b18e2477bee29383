"use strict";

/** Agents' desks: state by shape and word or letter, not by colour alone. */
const Desks = (() => {
  /** Long enough for a desk's bar to be full, seconds. */
  const LONG = 600;

  /**
   * Draw one desk.
   * @param {object} surface
   * @param {{x: number, y: number, width: number, height: number}} desk
   * @param {{state: string, start: number, contact: number}|null} doing null: not there
   * @param {string} name of the agent
   * @param {number} instant
   * @param {boolean} chosen drawn with a strong edge
   */
  function draw(surface, desk, doing, name, instant, chosen) {
    const state = doing?.state ?? "off";
    const look = Look.state(state);
    shape(surface, desk, look, state);
    if (chosen) outline(surface, desk);
    if (doing) {
      write(surface, desk, state, look, name);
      if (desk.width > 26 && look.shape === "desk") bar(surface, desk, instant - doing.start);
    }
  }

  function shape({ context }, { x, y, width, height }, look, state) {
    const [middle, centre] = [x + width / 2, y + height / 2];
    context.beginPath();
    if (look.shape === "point") {
      context.arc(middle, centre, Math.min(2, height / 3), 0, 2 * Math.PI);
    } else if (look.shape === "triangle") {
      context.moveTo(middle, y);
      context.lineTo(x + width, y + height);
      context.lineTo(x, y + height);
      context.closePath();
    } else {
      const round = look.shape === "round" ? height / 2 : Math.min(4, height / 5);
      context.roundRect(x, y, width, height, round);
    }
    context.fillStyle = look.shape === "point" ? Look.HAIR : Look.paint(context, state, height);
    context.fill();
    if (!look.edge) return;
    context.strokeStyle = look.edge;
    context.lineWidth = height > 12 ? 1.5 : 1;
    if (look.shape === "dashed") context.setLineDash([4, 4]);
    context.stroke();
    context.setLineDash([]);
  }

  function outline({ context }, { x, y, width, height }) {
    context.strokeStyle = Look.INK;
    context.lineWidth = 2.5;
    context.strokeRect(x - 2, y - 2, width + 4, height + 4);
  }

  /** The word of the state where it fits, else its letter, else nothing; the name below it. */
  function write(surface, desk, state, look, name) {
    const { x, y, width, height } = desk;
    if (height < surface.unit * 0.85) return;
    const texts = [Words.state(state), letter(state)];
    const triangle = look.shape === "triangle";
    const named = !triangle && height > surface.unit * 2.7;
    const middle = x + width / 2;
    const line = y + height * (triangle ? 0.7 : named ? 0.34 : 0.5);
    const most = (triangle ? width * 0.6 : width) - 5;
    const style = { align: "center", color: look.ink, most };
    if (look.hatch) ground(surface, desk, look, named, line, texts, most);
    surface.label(texts, middle, line, { ...style, weight: 600, scale: named ? 1 : 0.92 });
    if (named) {
      surface.label([name, name.split(/\s/)[0]], middle, y + height * 0.68, { ...style, scale: 0.86 });
    }
  }

  const letter = (state) => Words.has(`letter_${state}`)
    ? Words.say(`letter_${state}`) : Words.state(state).slice(0, 1).toUpperCase();

  /** A quiet ground on a hatching: within the desk's edge, or just under the word. */
  function ground(surface, { x, y, width, height }, look, named, line, texts, most) {
    const { context, unit } = surface;
    context.fillStyle = look.shape === "triangle" ? Look.PAPER : look.fill;
    if (named) {
      const edge = look.shape === "round" ? height * 0.16 : 5;
      context.beginPath();
      context.roundRect(x + edge, y + edge, width - 2 * edge, height - 2 * edge,
        look.shape === "round" ? height : 2);
      context.fill();
      return;
    }
    const text = texts.find((one) => surface.measure(one, 0.92, 600) <= most);
    if (!text) return;
    const wide = surface.measure(text, 0.92, 600) + 4;
    context.fillRect(x + width / 2 - wide / 2, line - unit * 0.55, wide, unit * 1.1);
  }

  /** How long the state has lasted, as a bar at the foot of the desk. */
  function bar({ context }, { x, y, width, height }, seconds) {
    const inner = width - 6;
    context.fillStyle = "#ffffff55";
    context.fillRect(x + 3, y + height - 5, inner, 2.5);
    context.fillStyle = "#ffffff";
    context.fillRect(x + 3, y + height - 5, inner * Math.min(1, seconds / LONG), 2.5);
  }

  /** The agent whose desk lies at a point; -1: none. */
  function at(desks, x, y) {
    return desks.findIndex(
      (desk) => desk && x >= desk.x && x <= desk.x + desk.width &&
        y >= desk.y && y <= desk.y + desk.height,
    );
  }

  return Object.freeze({ draw, at });
})();
