"use strict";

/** One side of the page: a scene, its sliders and all its pictures. */
const Side = (() => {
  /**
   * @param {"A"|"B"} name
   * @param {object} given
   * @param {HTMLElement} given.root where the side stands
   * @param {object} given.source of scenes
   * @param {Object<string, object>} given.measures
   * @param {() => {base: string, seed: number}} given.asked what the scenes are of
   * @param {(side: object) => void} given.onScene a new scene has come
   * @param {(words: object|null) => void} given.onFault what is at fault, or that all is well
   */
  function create(name, { root, source, measures, asked, onScene, onFault }) {
    root.append(document.getElementById("side").content.cloneNode(true));
    const part = (key) => root.querySelector(`[data-part="${key}"]`);
    const pictures = {
      floor: Floor.create(part("floor")),
      callers: CallerChart.create(part("callers")),
      gantt: Gantt.create(part("gantt")),
      queue: Curves.create(part("queue"), "queue"),
      level: Curves.create(part("level"), "level"),
    };
    const figures = Figures.create(part("figures"), measures);
    const sliders = Sliders.create(part("sliders"), name, (changes) => load(changes));
    const side = { name, scene: null, changes: {}, chosen: null, latency: null };
    let newest = 0;
    let taken = 0;
    let flying = false;
    let waiting = null;
    let jump = true;
    part("badge").textContent = name;
    Legend.states(part("legend"));
    listen();

    /**
     * Ask for the scene of some changes. One question flies at a time; of those that come
     * meanwhile only the newest is asked.
     * @param {object} changes
     * @returns {Promise<void>}
     */
    async function load(changes) {
      side.changes = { ...changes };
      newest += 1;
      const question = { number: newest, changes: side.changes, begun: performance.now() };
      if (flying) {
        waiting = question;
        return;
      }
      flying = true;
      await answer(question);
      flying = false;
      if (waiting) {
        const next = waiting;
        waiting = null;
        await load(next.changes);
      }
    }

    async function answer({ number, changes, begun }) {
      const { base, seed } = asked();
      root.setAttribute("aria-busy", "true");
      try {
        const raw = await source.scene(base, changes, seed);
        if (number !== newest) return;
        taken = number;
        take(raw, changes, begun);
      } catch (error) {
        if (!error.words) throw error;
        onFault(error.words);
      } finally {
        root.removeAttribute("aria-busy");
      }
    }

    function take(raw, changes, begun) {
      side.scene = Scene.read({ ...raw, key: Sliders.canonical(changes) });
      side.begun = begun;
      jump = true;
      if (side.chosen !== null && side.chosen >= side.scene.count) choose(null);
      else if (side.chosen !== null) choose(side.chosen);
      figures.show(side.scene);
      Legend.types(part("types"), side.scene.types);
      part("promise").textContent = Words.pick(side.scene.promise?.sentence);
      onFault(null);
      onScene(side);
    }

    /**
     * Draw everything at an instant.
     * @param {number} instant
     * @param {{elapsed: number, view: object, peak: number}} how
     * @returns {boolean} whether something still moves
     */
    function draw(instant, { elapsed, view, peak }) {
      if (!side.scene) return false;
      const { scene, chosen } = side;
      const now = Math.min(instant, scene.end);
      const moving = pictures.floor.draw(scene, now, { elapsed, jump, chosen });
      jump = false;
      for (const chart of [pictures.callers, pictures.gantt, pictures.queue, pictures.level]) {
        chart.draw(scene, now, { window: view, chosen, peak });
      }
      figures.update(now);
      if (side.begun) {
        side.latency = performance.now() - side.begun;
        side.begun = null;
      }
      return moving;
    }

    /** Marks stand at their places at once in the next frame. */
    function settle() {
      jump = true;
    }

    function listen() {
      const click = (key, find) => {
        part(key).addEventListener("click", (event) => {
          if (!side.scene) return;
          const contact = find(event.offsetX, event.offsetY);
          if (contact !== null) choose(contact);
        });
      };
      click("floor", (x, y) => pictures.floor.contactAt(side.scene, side.now(), x, y));
      click("callers", (x, y) => pictures.callers.contactAt(side.scene, x, y));
      click("gantt", (x, y) => pictures.gantt.contactAt(side.scene, x, y));
      part("forget").addEventListener("click", () => choose(null));
      part("earlier").addEventListener("click", () => visit(Math.max(0, side.chosen - 1)));
      part("later").addEventListener("click", () => visit(Math.min(side.scene.count - 1, side.chosen + 1)));
      part("number").addEventListener("change", ({ target }) => {
        const number = Number(target.value);
        const known = Number.isInteger(number) && number >= 1 && number <= side.scene?.count;
        if (known) visit(number - 1);
        else choose(null);
      });
    }

    /** Choose a caller by number: the clock goes where it can be seen. */
    function visit(contact) {
      const { NOT_YET, GONE } = Scene.PLACE;
      const where = Scene.place(side.scene, contact, side.now());
      if (where === NOT_YET || where === GONE) {
        const { queue, arrival } = side.scene.contacts;
        side.seek(queue[contact] === Encoding.NONE ? arrival[contact] : queue[contact]);
      }
      choose(contact);
    }

    /** Choose a caller and tell its story; null: none. */
    async function choose(contact) {
      side.chosen = contact;
      part("story").classList.toggle("told", contact !== null);
      part("number").value = contact === null ? "" : contact + 1;
      part("number").max = side.scene?.count ?? 1;
      side.wake();
      if (contact === null) {
        part("words").textContent = "";
        return;
      }
      part("words").textContent = Story.tell(side.scene, contact);
      if (!source.explain) return;
      const { base, seed } = asked();
      const key = side.scene.key;
      const told = await source.explain(base, Sliders.parse(key), seed, contact).catch(() => null);
      if (told && side.chosen === contact && side.scene.key === key) {
        part("words").textContent = Words.pick(told);
      }
    }

    /** Say everything again, in the language chosen. */
    function relabel() {
      Words.apply(root);
      figures.build();
      sliders.build();
      if (!side.scene) return;
      figures.show(side.scene);
      part("promise").textContent = Words.pick(side.scene.promise?.sentence);
      choose(side.chosen);
    }

    /** What the floor shows, in a sentence, for who cannot see the picture. */
    function tell(instant) {
      if (!side.scene) return "";
      const present = Scene.present(side.scene, instant);
      const free = side.scene.agents.filter(
        (_, agent) => Scene.doing(side.scene, agent, instant)?.state === "available").length;
      const sentence = Words.say("floor_told", {
        at: Numbers.clock(instant), waiting: present.queue.length, free,
        talking: present.agent.length,
      });
      part("floor").setAttribute("aria-label", sentence);
      return sentence;
    }

    return Object.assign(side, {
      settled: () => taken === newest && side.scene !== null, load, draw, settle, choose, relabel, tell, sliders, figures, root,
      surfaces: Object.fromEntries(Object.entries(pictures).map(([key, one]) => [key, one.surface])),
      now: () => 0, wake: () => {}, seek: () => {},
    });
  }

  return Object.freeze({ create });
})();
