"use strict";

/**
 * A canvas that is sharp on every screen, and on which no label lies over another.
 *
 * A label is measured before it is written, and left out where there is no room for it.
 */
const Surface = (() => {
  /** Free pixels around every label. */
  const GAP = 2;

  /**
   * @param {HTMLCanvasElement} canvas its size is that of its style
   */
  function on(canvas) {
    const context = canvas.getContext("2d");
    const surface = {
      canvas, context, width: 0, height: 0, unit: 14, labels: [],
      begin, label, measure,
    };

    /** Start a frame: take the size that the canvas has now, and wipe it. */
    function begin() {
      const ratio = window.devicePixelRatio || 1;
      const width = canvas.clientWidth;
      const height = canvas.clientHeight;
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== wide || canvas.height !== high) {
        canvas.width = wide;
        canvas.height = high;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      surface.width = width;
      surface.height = height;
      const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
      surface.unit = Math.round(root * 0.82);
      surface.labels = [];
      return width > 0 && height > 0;
    }

    /** Set the font: `scale` times the size of body text. */
    function font(scale = 1, weight = 400) {
      context.font = `${weight} ${Math.round(surface.unit * scale)}px ${Look.FAMILY}`;
    }

    /** How wide a text is, in pixels. */
    function measure(text, scale = 1, weight = 400) {
      font(scale, weight);
      return context.measureText(text).width;
    }

    /** Whether a box lies on the canvas and over no label. */
    function fits({ x, y, width, height }) {
      if (x < 0 || y < 0 || x + width > surface.width || y + height > surface.height) return false;
      return surface.labels.every(
        (other) =>
          x >= other.x + other.width + GAP || other.x >= x + width + GAP ||
          y >= other.y + other.height || other.y >= y + height,
      );
    }

    /**
     * Write a text where there is room for it; of several texts the first that fits.
     * @param {string|string[]} texts the longest first
     * @param {number} x of the text's left, middle or right (`align`)
     * @param {number} y of its middle
     * @param {{align?: string, scale?: number, weight?: number, color?: string, most?: number,
     *   halo?: boolean}} [style] `most`: the greatest width
     * @returns {object|null} its box
     */
    function label(texts, x, y, style = {}) {
      const { align = "left", scale = 1, weight = 400, color = Look.INK, most = Infinity } = style;
      font(scale, weight);
      const height = Math.round(surface.unit * scale * 1.25);
      for (const text of [texts].flat()) {
        const width = context.measureText(text).width;
        const left = { left: x, center: x - width / 2, right: x - width }[align];
        const box = { text, x: left, y: y - height / 2, width, height };
        if (text === "" || width > most || !fits(box)) continue;
        context.textAlign = "left";
        context.textBaseline = "middle";
        if (style.halo) {
          context.strokeStyle = Look.PAPER;
          context.lineWidth = 3;
          context.lineJoin = "round";
          context.strokeText(text, left, y);
        }
        context.fillStyle = color;
        context.fillText(text, left, y);
        surface.labels.push(box);
        return box;
      }
      return null;
    }

    return surface;
  }

  /** The written labels of a surface as boxes in the window. */
  function boxes(surface) {
    const frame = surface.canvas.getBoundingClientRect();
    if (frame.width === 0) return [];
    return surface.labels
      .map(({ text, x, y, width, height }) => ({
        text, x: frame.left + x, y: frame.top + y, width, height,
      }));
  }

  return Object.freeze({ on, boxes });
})();
