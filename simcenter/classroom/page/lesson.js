"use strict";

/** A lesson on the page: predict first, then step by step, then the question. */
const Lesson = (() => {
  const part = (key) => document.querySelector(`#lesson [data-part="${key}"]`);

  /**
   * @param {object} given
   * @param {(step: object) => void} given.onStep a step is to be shown
   * @param {() => void} given.onPredicted a choice was made: the picture may be seen
   * @param {() => string} given.link the address that restores the scene
   */
  function create({ onStep, onPredicted, link }) {
    let lesson = null;
    let step = 0;
    let choice = null;
    let answered = null;
    part("show").addEventListener("click", predicted);
    part("answer").addEventListener("click", reveal);
    part("before").addEventListener("click", () => go(step - 1));
    part("after").addEventListener("click", () => go(step + 1));
    part("link").addEventListener("click", copy);
    part("print").addEventListener("click", () => window.print());
    addEventListener("beforeprint", () => {
      document.querySelector('#worksheet [data-part="link"]').textContent = decodeURIComponent(link());
    });

    /**
     * Begin a lesson, or none.
     * @param {object|null} given
     * @param {number} [from] number of the step to stand at
     * @param {boolean} [skip] the prediction was made before
     */
    function begin(given, from = 0, skip = false) {
      lesson = given;
      step = Math.min(from, (given?.steps.length ?? 1) - 1);
      choice = skip ? -1 : null;
      answered = null;
      relabel();
    }

    const hidden = () => lesson !== null && Boolean(lesson.predict) && choice === null;

    function predicted() {
      const picked = document.querySelector("#lesson input[name=prediction]:checked");
      if (!picked) {
        part("ask").textContent = Words.say("predict_choose");
        return;
      }
      choice = Number(picked.value);
      relabel();
      onPredicted();
    }

    function reveal() {
      answered = step;
      relabel();
    }

    function go(number) {
      step = Math.min(lesson.steps.length - 1, Math.max(0, number));
      relabel();
      onStep(lesson.steps[step]);
    }

    /** Write the lesson in the language chosen. */
    function relabel() {
      const box = document.getElementById("lesson");
      box.hidden = lesson === null;
      document.body.classList.toggle("predicting", hidden());
      document.body.classList.toggle("in-lesson", lesson !== null);
      if (!lesson) return;
      prediction();
      steps();
      part("question").textContent = Words.pick(lesson.question);
      sheet();
    }

    function prediction() {
      const { predict } = lesson;
      const before = choice === null;
      part("predict").hidden = !predict || !before;
      const told = answered !== null && answered !== step;
      part("said").hidden = !predict || before || choice < 0 || told;
      part("because").hidden = part("said").hidden || answered === null;
      part("answer").hidden = answered !== null;
      if (!predict) return;
      part("asks").textContent = Words.pick(predict.question);
      part("ask").textContent = Words.say("predict_note");
      part("choices").replaceChildren(...predict.choices.map(option));
      if (before || choice < 0) return;
      part("choice").textContent = Words.say("predict_said", { choice: Words.pick(predict.choices[choice]) });
      const right = choice === predict.answer;
      part("because").textContent = [
        Words.say(right ? "predict_right" : "predict_wrong", {
          answer: Words.pick(predict.choices[predict.answer]) }),
        Words.pick(predict.because),
      ].join(Words.language() === "zh" ? "" : " ");
    }

    function option(words, i) {
      const label = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "prediction", value: i });
      label.append(input, document.createTextNode(Words.pick(words)));
      return label;
    }

    function steps() {
      const count = lesson.steps.length;
      part("steps").hidden = hidden();
      part("count").textContent = Words.say("step_of", { step: step + 1, count });
      part("say").textContent = Words.pick(lesson.steps[step]?.say);
      part("before").disabled = step === 0;
      part("after").disabled = step >= count - 1;
      part("asked").hidden = hidden() || step < count - 1;
    }

    /** The worksheet, which only paper shows. */
    function sheet() {
      const paper = (key) => document.querySelector(`#worksheet [data-part="${key}"]`);
      paper("title").textContent = Words.pick(lesson.title);
      paper("asks").textContent = Words.pick(lesson.predict?.question);
      paper("choices").replaceChildren(...(lesson.predict?.choices ?? []).map((words) =>
        item(Words.pick(words))));
      paper("tasks").replaceChildren(...lesson.worksheet.map((words) => item(Words.pick(words))));
      paper("question").textContent = Words.pick(lesson.question);
    }

    function item(text) {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }

    async function copy() {
      const address = location.href.replace(/#.*$/, "") + link();
      const done = await navigator.clipboard?.writeText(address).then(() => true, () => false);
      const field = part("address");
      field.hidden = Boolean(done);
      field.value = address;
      if (!done) field.select();
      part("copied").textContent = done ? Words.say("link_copied") : "";
    }

    return Object.freeze({
      begin, relabel, hidden,
      state: () => ({ key: lesson?.key ?? null, step, choice, answered: answered !== null }),
    });
  }

  return Object.freeze({ create });
})();
