"use strict";

/**
 * Colours, hatchings and shapes.
 *
 * The colours are those of Okabe and Ito (Color Universal Design, 2008), as in the plots of
 * the reports; they differ in lightness, and nothing is told by colour alone.
 */
const Look = (() => {
  const INK = "#1d1d1b";
  const SOFT = "#6b6a66";
  const HAIR = "#d6d3cb";
  const PAPER = "#fffefa";
  const BLUE = "#0072B2";
  const SKY = "#56B4E9";
  const ORANGE = "#E69F00";
  const RED = "#D55E00";
  const GREEN = "#009E73";
  const PURPLE = "#CC79A7";
  const GREY = "#8c8a85";
  const LIGHT = "#e6e3dc";

  /**
   * How the state of an agent looks: colour of the desk and of what is written on it,
   * hatching, and the shape of the desk.
   */
  const STATES = Object.freeze({
    ring: { fill: "#9ad0f2", ink: INK, hatch: "dots", shape: "desk" },
    talk: { fill: BLUE, ink: "#fff", hatch: null, shape: "desk" },
    hold: { fill: PURPLE, ink: INK, hatch: "dots", shape: "desk" },
    wrap: { fill: SKY, ink: INK, hatch: "rising", shape: "desk" },
    available: { fill: PAPER, ink: "#00674b", edge: GREEN, hatch: null, shape: "open" },
    break: { fill: LIGHT, ink: SOFT, edge: GREY, hatch: "level", shape: "round" },
    lunch: { fill: LIGHT, ink: SOFT, edge: GREY, hatch: "level", shape: "round" },
    late: { fill: RED, ink: INK, edge: RED, hatch: "crossed", shape: "triangle" },
    absent: { fill: PAPER, ink: SOFT, edge: GREY, hatch: null, shape: "dashed" },
    off: { fill: PAPER, ink: GREY, edge: HAIR, hatch: null, shape: "point" },
  });

  /** Meetings, training, time away, and all else that a roster may name. */
  const OTHER = Object.freeze({
    fill: LIGHT, ink: SOFT, edge: GREY, hatch: "falling", shape: "round",
  });

  /** @param {string} name a state of the activity table */
  const state = (name) => STATES[name] ?? OTHER;

  /** States that a picture's legend names, in this order. */
  const LEGEND = ["talk", "hold", "wrap", "available", "break", "late"];

  const FAMILY =
    '"simcenter Chinese", "Helvetica Neue", Helvetica, Arial, "PingFang SC", "Microsoft YaHei", ' +
    '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif';

  /** Strokes of each hatching on a tile of 6 by 6, as moves: [x0, y0, x1, y1]. */
  const STROKES = Object.freeze({
    rising: [[-1, 7, 7, -1]],
    falling: [[-1, -1, 7, 7]],
    crossed: [[-1, 7, 7, -1], [-1, -1, 7, 7]],
    level: [[0, 3, 6, 3]],
    dots: [[2, 3, 4, 3]],
  });

  const tiles = new Map();

  /** A tile of a hatching over a colour. */
  function tile(fill, hatch, ink) {
    const key = `${fill} ${hatch} ${ink}`;
    if (tiles.has(key)) return tiles.get(key);
    const canvas = document.createElement("canvas");
    canvas.width = 6;
    canvas.height = 6;
    const context = canvas.getContext("2d");
    context.fillStyle = fill;
    context.fillRect(0, 0, 6, 6);
    context.strokeStyle = ink;
    context.lineWidth = 1.1;
    context.beginPath();
    for (const [x0, y0, x1, y1] of STROKES[hatch]) {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
    context.stroke();
    tiles.set(key, canvas);
    return canvas;
  }

  /**
   * What to fill a surface of a state with: its hatching where it can be seen, else its colour.
   * @param {CanvasRenderingContext2D} context
   * @param {string} name
   * @param {number} height of the surface, pixels
   */
  function paint(context, name, height) {
    const { fill, hatch } = state(name);
    if (!hatch || height < 4) return fill;
    const ink = hatch === "crossed" || hatch === "dots" ? "#ffffffcc" : "#ffffffb0";
    const dark = fill === LIGHT ? "#8c8a8599" : ink;
    return context.createPattern(tile(fill, hatch, dark), "repeat");
  }

  return Object.freeze({
    INK, SOFT, HAIR, PAPER, BLUE, ORANGE, RED, GREEN, GREY, LIGHT,
    LEGEND, FAMILY, state, paint,
  });
})();
