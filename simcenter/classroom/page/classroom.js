"use strict";

/** The page: one clock, one or two sides, lessons, and the address that restores it all. */
(() => {
  const { SPANS } = Timeline;
  const $ = (id) => document.getElementById(id);

  /**
   * @param {object} data what the document holds: see `simcenter/classroom/document.py`
   */
  function open(data) {
    Words.load(data.words);
    const source = data.mode === "live" ? Source.live() : Source.file(data.grid);
    const app = {
      lesson: null, base: "scenario", seed: 1, view: "floor", span: null, paired: false,
      scenes: 0,
    };
    const clock = Clock.create(draw);
    const asked = () => ({ base: app.base, seed: app.seed });
    const sides = { A: side("A"), B: side("B") };
    const shown = () => (app.paired ? [sides.A, sides.B] : [sides.A]);
    const days = Days.create({
      source, measures: data.measures, asked, sides: shown, onFault: fault, wake: clock.wake,
    });
    const lessons = Lesson.create({ onStep: step, onPredicted: predicted, link: () => Address.text(address()) });
    const transport = Transport.create(clock, { onStep: event, onScrub: settle });
    const patience = setTimeout(() => {
      if (!sides.A.scene) fault({ en: Words.say("warming"), zh: Words.say("warming") });
    }, 800);
    controls();
    restore();
    addEventListener("hashchange", restore);
    new ResizeObserver(clock.wake).observe(document.body);
    document.fonts.addEventListener("loadingdone", clock.wake); // pictures are drawn anew with it

    function side(name) {
      const made = Side.create(name, {
        root: $(`side-${name}`), source, measures: data.measures, asked,
        onScene: arrived, onFault: fault,
      });
      made.now = () => clock.state.now;
      made.wake = clock.wake;
      made.seek = jump;
      return made;
    }

    /** Set the page as the address says, and where it says nothing, as the document does. */
    function restore() {
      const told = Address.read();
      const { start } = data;
      const key = told.lesson ?? start.lesson;
      const lesson = data.lessons.find((one) => one.key === key) ?? null;
      const first = lesson?.steps[told.step ?? 0] ?? lesson?.steps[0];
      const fresh = told.a === undefined;
      Words.choose(told.lang ?? data.language);
      Object.assign(app, {
        lesson,
        base: lesson?.base ?? start.base ?? "scenario",
        seed: known(told.seed ?? lesson?.seed ?? start.seed),
      });
      clock.state.now = told.t ?? -Infinity;
      setView(told.view ?? (fresh ? first?.view : null) ?? "floor");
      lessons.begin(lesson, told.step ?? 0, !fresh);
      const changes = fresh && first ? first : null;
      begin(told.a ?? changes?.changesA ?? start.changesA ?? {},
        fresh ? (changes ? changes.changesB : start.changesB) ?? null : told.b ?? null);
      relabel();
    }

    /** A seed that there is: a file holds a few. */
    function known(seed) {
      return source.seeds && !source.seeds.includes(seed) ? source.seeds[0] : seed;
    }

    /** Show A, and B if it is given. */
    function begin(a, b) {
      pair(b !== null);
      load(sides.A, a);
      if (b !== null) load(sides.B, b);
    }

    function load(one, changes) {
      one.sliders.show(declared(), changes);
      one.load(changes);
    }

    /** The sliders to draw: all of a scenario, those that a lesson names. */
    function declared() {
      const wanted = app.lesson?.sliders;
      if (!wanted) return data.sliders;
      if (wanted.some((one) => typeof one === "object")) return wanted;
      return data.sliders.filter(({ key }) => wanted.includes(key));
    }

    function pair(on) {
      app.paired = on;
      $("sides").className = `sides ${on ? "pair" : "alone"} view-${app.view}`;
      $("side-B").hidden = !on;
      $("between").hidden = !on;
      $("pair").setAttribute("aria-pressed", on);
    }

    function setView(view) {
      app.view = ["floor", "chart", "days"].includes(view) ? view : "floor";
      for (const button of $("views").children) {
        button.setAttribute("aria-pressed", button.dataset.view === app.view);
      }
      $("days").hidden = app.view !== "days";
      pair(app.paired);
      settle();
    }

    /** A scene has come: the clock spans all days shown, and what depends on it is drawn. */
    function arrived() {
      const scenes = shown().map((one) => one.scene).filter(Boolean);
      const first = clock.state.now === -Infinity;
      clearTimeout(patience);
      Numbers.follow(scenes[0]);
      app.scenes += 1;
      const end = Math.max(...scenes.map((scene) => scene.end));
      clock.span(Math.min(...scenes.map((scene) => scene.start)), end);
      if (first) clock.seek(Math.min(...scenes.map((scene) => scene.opens)));
      if (app.span === null) {
        app.span = Timeline.spanFor(scenes[0]);
        $("span").value = app.span;
      }
      title();
      compare();
      if (app.view !== "days") days.forget();
      else askDays();
      remember();
      clock.wake();
    }

    /** The head: a lesson's title and its scenario, or the scenario alone. */
    function title() {
      const name = sides.A.scene?.name ?? "";
      const lesson = app.lesson ? Words.pick(app.lesson.title) : "";
      $("name").textContent = lesson || name;
      $("scenario").textContent = name;
      $("scenario").hidden = lesson === "" || lesson === name;
      document.title = `${lesson || name} · simcenter`;
    }

    /** Ask for the days, once all that is shown is there. */
    function askDays() {
      if (shown().every((one) => one.settled())) days.load();
    }

    function compare() {
      if (app.paired && sides.A.scene && sides.B.scene) {
        Differences.show($("differences"), sides.A.scene, sides.B.scene, data.measures);
      }
    }

    function fault(words) {
      $("message").hidden = words === null;
      $("message").textContent = Words.pick(words);
    }

    /** One frame of every picture. */
    function draw(now, elapsed) {
      if (lessons.hidden()) return false;
      if (app.view === "days") {
        for (const one of shown()) if (one.scene) one.figures.update(Math.min(now, one.scene.end));
        return days.draw(elapsed);
      }
      const scenes = shown().map((one) => one.scene).filter(Boolean);
      if (scenes.length === 0) return false;
      const day = { start: clock.state.start, end: clock.state.end };
      const view = Timeline.window(day, now, app.span);
      const peak = Math.max(...scenes.map((scene) => scene.queuePeak));
      return shown().map((one) => one.draw(now, { elapsed, view, peak })).some(Boolean);
    }

    function event(direction) {
      clock.play(false);
      const { now } = clock.state;
      const scenes = shown().map((one) => one.scene).filter(Boolean);
      const instants = scenes.map((scene) =>
        direction > 0 ? Scene.next(scene, now) : Scene.previous(scene, now));
      clock.seek(direction > 0 ? Math.min(...instants.filter((at) => at > now), clock.state.end)
        : Math.max(...instants.filter((at) => at < now), clock.state.start));
      tell();
      remember();
    }

    function settle() {
      for (const one of shown()) one.settle();
      clock.wake();
    }

    function jump(instant) {
      clock.seek(instant);
      settle();
      tell();
      remember();
    }

    /** Say what is seen, once the clock stands: nothing is said while it runs. */
    function tell() {
      $("told").textContent = clock.state.playing ? "" : shown().map((one) =>
        one.tell(clock.state.now)).join(" ");
    }

    function step(given) {
      setView(given.view ?? "floor");
      begin(given.changesA ?? {}, given.changesB ?? null);
      remember();
    }

    function predicted() {
      settle();
      if (app.view !== "days") clock.play(true);
    }

    /** What the address is to restore. */
    function address() {
      return {
        lesson: app.lesson?.key, a: sides.A.changes, b: app.paired ? sides.B.changes : null,
        seed: app.seed, t: clock.state.now, step: lessons.state().step, view: app.view,
        lang: Words.language(),
      };
    }

    /** Keep the address up to date, but not while the picture is hidden or the clock runs. */
    function remember() {
      if (lessons.hidden() || clock.state.playing || !sides.A.scene) return;
      Address.write(address());
    }

    function relabel() {
      Words.apply(document);
      for (const one of Object.values(sides)) one.relabel();
      lessons.relabel();
      transport.relabel();
      days.relabel();
      options();
      title();
      compare();
      tell();
      clock.wake();
    }

    /** Words of the controls that come from the data. */
    function options() {
      $("language").textContent = Words.language() === "en" ? "中文" : "English";
      $("language").lang = Words.language() === "en" ? "zh-CN" : "en";
      $("seed").textContent = Words.say("day_number", { seed: app.seed });
      $("span").replaceChildren(...SPANS.map((span) =>
        new Option(span ? Words.say("minutes", { count: span / 60 }) : Words.say("whole_day"), span)));
      if (app.span !== null) $("span").value = app.span;
      const none = data.start.lesson && data.mode === "file" ? [] : [new Option(Words.say("no_lesson"), "")];
      $("lessons").replaceChildren(...none, ...data.lessons.map((lesson, i) =>
        new Option(`${i + 1}  ${Words.pick(lesson.title)}`, lesson.key)));
      $("lessons").value = app.lesson?.key ?? "";
      $("lesson-pick").hidden = data.lessons.length === 0;
      $("new-day").hidden = source.seeds !== null && source.seeds.length < 2;
      $("help-list").replaceChildren(...["space", "arrows", "home", "plus", "digits", "l", "question"]
        .flatMap((key) => [text("dt", Words.say(`key_${key}`)), text("dd", Words.say(`key_${key}_does`))]));
    }

    function text(tag, content) {
      const element = document.createElement(tag);
      element.textContent = content;
      return element;
    }

    function language() {
      Words.choose(Words.language() === "en" ? "zh" : "en");
      relabel();
      remember();
    }

    function newDay() {
      const { seeds } = source;
      app.seed = seeds ? seeds[(seeds.indexOf(app.seed) + 1) % seeds.length] : app.seed + 1;
      options();
      for (const one of shown()) one.load(one.changes);
    }

    function togglePair() {
      pair(!app.paired);
      if (app.paired) load(sides.B, sides.B.scene ? sides.B.changes : sides.A.changes);
      else arrived();
    }

    function chooseLesson(key) {
      clock.play(false);
      const lesson = data.lessons.find((one) => one.key === key);
      history.replaceState(null, "", `#${lesson ? `lesson=${key}&` : "lesson=&"}lang=${Words.language()}`);
      restore();
    }

    function large() {
      const on = document.documentElement.classList.toggle("large");
      $("large").setAttribute("aria-pressed", on);
      clock.wake();
    }

    function controls() {
      $("language").addEventListener("click", language);
      $("large").addEventListener("click", large);
      $("help").addEventListener("click", () => $("help-box").showModal());
      $("pair").addEventListener("click", togglePair);
      $("new-day").addEventListener("click", newDay);
      $("lessons").addEventListener("change", ({ target }) => chooseLesson(target.value));
      $("span").addEventListener("change", ({ target }) => {
        app.span = Number(target.value);
        clock.wake();
      });
      for (const button of $("views").children) {
        button.addEventListener("click", () => {
          setView(button.dataset.view);
          if (app.view === "days") askDays();
          remember();
        });
      }
      let running = false;
      clock.onChange(({ playing }) => {
        if (running === playing) return;
        running = playing;
        tell();
        remember();
      });
      Keys.release();
      Keys.listen({
        play: () => clock.play(!clock.state.playing),
        next: () => event(1), last: () => event(-1),
        start: () => jump(clock.state.start), end: () => jump(clock.state.end),
        faster: () => clock.shift(1), slower: () => clock.shift(-1),
        language, help: () => $("help-box").showModal(),
        ...Object.fromEntries(data.lessons.slice(0, 8).map((lesson, i) =>
          [`lesson${i + 1}`, () => chooseLesson(lesson.key)])),
      });
    }

    return Object.freeze({ app, clock, sides, shown, days, lessons });
  }

  window.simcenterPage = Hook.of(open(JSON.parse($("simcenter").textContent)));
})();
