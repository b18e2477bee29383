"use strict";

/** The one clock that all pictures follow. */
const Clock = (() => {
  /** Simulated seconds per second. */
  const SPEEDS = [1, 2, 5, 10, 20, 30, 60, 120, 200, 300, 500, 1000];

  /**
   * A clock over a day.
   *
   * `draw(now, elapsed)` is called before a frame is shown, while the clock runs, after a
   * change, and as long as it returns true (something still moves); `elapsed` is in real
   * seconds.
   * @param {(now: number, elapsed: number) => boolean} draw
   */
  function create(draw) {
    const clock = { now: 0, start: 0, end: 0, playing: false, speed: 60 };
    const listeners = [];
    let frame = 0;
    let last = 0;

    function tell() {
      for (const listener of listeners) listener(clock);
    }

    function tick(time) {
      frame = 0;
      const elapsed = last ? Math.min(0.1, (time - last) / 1000) : 0;
      last = time;
      if (clock.playing) advance(elapsed);
      const moving = draw(clock.now, elapsed);
      tell();
      if (clock.playing || moving) wake();
      else last = 0;
    }

    function advance(elapsed) {
      clock.now = Math.min(clock.end, clock.now + elapsed * clock.speed);
      if (clock.now >= clock.end) clock.playing = false;
    }

    /** Draw once more. */
    function wake() {
      if (!frame) frame = requestAnimationFrame(tick);
    }

    /** Set the day's first and last instant; the hand stays inside. */
    function span(start, end) {
      clock.start = start;
      clock.end = end;
      seek(clock.now);
    }

    function seek(instant) {
      clock.now = Math.min(clock.end, Math.max(clock.start, instant));
      wake();
    }

    /** Run or stop; at the end of the day a new start begins at its start. */
    function play(on) {
      if (on && clock.now >= clock.end) clock.now = clock.start;
      clock.playing = on;
      wake();
    }

    /** Set the speed to the nearest one there is. */
    function hasten(speed) {
      clock.speed = SPEEDS.reduce((best, one) =>
        Math.abs(Math.log(one / speed)) < Math.abs(Math.log(best / speed)) ? one : best,
      );
      wake();
    }

    /** One speed up (+1) or down (-1). */
    function shift(by) {
      const at = SPEEDS.indexOf(clock.speed) + by;
      hasten(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))]);
    }

    return Object.freeze({
      state: clock, span, seek, play, hasten, shift, wake,
      onChange: (listener) => listeners.push(listener),
    });
  }

  return Object.freeze({ SPEEDS, create });
})();
