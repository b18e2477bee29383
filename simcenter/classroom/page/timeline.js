"use strict";

/** What all pictures over time share: the window that follows the clock, axis and hand. */
const Timeline = (() => {
  /** Lengths of the window, seconds; 0: the whole day. */
  const SPANS = [600, 1200, 1800, 3600, 7200, 0];
  /** Where in the window the hand stands when the clock runs. */
  const HAND = 0.72;
  /** Lines of callers that can be told apart. */
  const LINES = 70;
  /** Steps between ticks, seconds. */
  const TICKS = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];

  /**
   * The window at an instant.
   * @param {{start: number, end: number}} day
   * @param {number} instant
   * @param {number} span one of `SPANS`
   * @returns {{from: number, to: number}}
   */
  function window_(day, instant, span) {
    const length = Math.min(span || Infinity, day.end - day.start);
    const latest = day.end - length;
    const from = Math.min(latest, Math.max(day.start, instant - length * HAND));
    return { from, to: from + length };
  }

  /** The longest window in which the callers' lines of a scene can be told apart. */
  function spanFor({ count, start, end }) {
    const rate = count / Math.max(1, end - start);
    const spans = SPANS.filter((span) => span > 0 && span * rate <= LINES);
    return spans.at(-1) ?? SPANS[0];
  }

  /** The part of a canvas on which values are drawn. */
  function area(surface, { axis = true } = {}) {
    const { unit } = surface;
    return {
      left: unit * 4.2, right: surface.width - unit * 0.6,
      top: unit * 0.7, bottom: surface.height - (axis ? unit * 1.7 : unit * 0.5),
    };
  }

  /** From instants to pixels. */
  function scale({ left, right }, { from, to }) {
    return (instant) => left + ((instant - from) / (to - from)) * (right - left);
  }

  /** Lines and times under a picture: as many as have room. */
  function axis(surface, area_, window__) {
    const { context, unit } = surface;
    const x = scale(area_, window__);
    const length = window__.to - window__.from;
    const room = (area_.right - area_.left) / (unit * 4.6);
    const step = TICKS.find((one) => length / one <= room) ?? 28800;
    context.strokeStyle = Look.LIGHT;
    context.lineWidth = 1;
    for (let at = Math.ceil(window__.from / step) * step; at <= window__.to; at += step) {
      line(context, x(at), area_.top, x(at), area_.bottom);
      const clock = Numbers.clock(at).slice(0, 5); // no offset: there is no room, and order tells
      surface.label(clock, x(at), area_.bottom + unit * 0.95, {
        align: "center", color: Look.SOFT, scale: 0.9,
      });
    }
  }

  function line(context, x0, y0, x1, y1) {
    context.beginPath();
    context.moveTo(Math.round(x0) + 0.5, y0);
    context.lineTo(Math.round(x1) + 0.5, y1);
    context.stroke();
  }

  /** The hand of the clock, through a picture. */
  function hand({ context }, area_, window__, instant) {
    const at = scale(area_, window__)(instant);
    context.strokeStyle = Look.INK;
    context.lineWidth = 1.5;
    line(context, at, area_.top - 3, at, area_.bottom + 3);
  }

  /** Draw only inside the area. */
  function clipped({ context }, { left, right, top, bottom }, draw) {
    context.save();
    context.beginPath();
    context.rect(left, top - 1, right - left, bottom - top + 2);
    context.clip();
    draw();
    context.restore();
  }

  /** What is still to come is drawn, but pale. */
  function pale({ context }, { left, right, top, bottom }, window__, instant) {
    const at = Math.max(left, scale({ left, right }, window__)(instant));
    if (at >= right) return;
    context.fillStyle = "rgba(255, 254, 250, 0.8)";
    context.fillRect(at, top - 1, right - at, bottom - top + 2);
  }

  return Object.freeze({ SPANS, spanFor, window: window_, area, scale, axis, hand, clipped, pale });
})();
