"use strict";

/** Play, step, scrub, speed: the clock's controls at the foot of the page. */
const Transport = (() => {
  const of = (key) => document.querySelector(`.transport [data-part="${key}"]`);

  /**
   * @param {object} clock from `Clock.create`
   * @param {object} given
   * @param {(step: 1|-1) => void} given.onStep to the next or last event
   * @param {() => void} given.onScrub the hand was moved
   */
  function create(clock, { onStep, onScrub }) {
    const { state } = clock;
    const scrub = of("scrub");
    const speed = of("speed");
    speed.max = Clock.SPEEDS.length - 1;
    of("play").addEventListener("click", () => clock.play(!state.playing));
    of("next").addEventListener("click", () => onStep(1));
    of("last").addEventListener("click", () => onStep(-1));
    scrub.addEventListener("input", () => {
      clock.seek(Number(scrub.value));
      onScrub();
    });
    speed.addEventListener("input", () => clock.hasten(Clock.SPEEDS[Number(speed.value)]));
    clock.onChange(update);

    function update() {
      const playing = state.playing ? "pause" : "play";
      if (of("play").dataset.label !== playing) relabel();
      text(of("time"), Numbers.clock(state.now, true));
      text(of("times"), `${state.speed}×`);
      if (Number(scrub.min) !== state.start) scrub.min = state.start;
      if (Number(scrub.max) !== state.end) scrub.max = state.end;
      scrub.value = state.now;
      scrub.setAttribute("aria-valuetext", Numbers.clock(state.now, true));
      speed.value = Clock.SPEEDS.indexOf(state.speed);
      speed.setAttribute("aria-valuetext", Words.say("speed_times", { speed: state.speed }));
    }

    function relabel() {
      const button = of("play");
      button.dataset.label = state.playing ? "pause" : "play";
      button.classList.toggle("running", state.playing);
      Words.apply(button.parentElement);
    }

    function text(element, content) {
      if (element.textContent !== content) element.textContent = content;
    }

    return Object.freeze({ update, relabel });
  }

  return Object.freeze({ create });
})();
