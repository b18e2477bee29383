"use strict";

/** What the colours, hatchings and shapes of the pictures mean. */
const Legend = (() => {
  const WIDTH = 22;
  const HEIGHT = 13;

  /** An entry: a small picture and its word. */
  function entry(draw) {
    const item = document.createElement("li");
    const swatch = document.createElement("canvas");
    const word = document.createElement("span");
    swatch.width = WIDTH;
    swatch.height = HEIGHT;
    draw(swatch.getContext("2d"));
    item.append(swatch, word);
    return { item, swatch, word };
  }

  /** The states of agents, in `list`. */
  function states(list) {
    list.replaceChildren(...Look.LEGEND.map((state) => {
      const { item, word } = entry((context) => {
        context.fillStyle = Look.paint(context, state, HEIGHT);
        context.fillRect(0, 0, WIDTH, HEIGHT);
        if (state !== "available") return;
        context.fillStyle = Look.GREEN;
        context.fillRect(0, HEIGHT - 3, WIDTH, 3);
      });
      word.dataset.word = `state_${state}`;
      return item;
    }));
  }

  /** The shapes of callers by type, in `list`; nothing where there is one type. */
  function types(list, names) {
    list.replaceChildren(...(names.length < 2 ? [] : names).map(({ name }, type) => {
      const { item, swatch, word } = entry((context) =>
        Callers.walking({ context }, type, WIDTH / 2, HEIGHT / 2, 5, Look.ORANGE));
      swatch.className = "bare";
      word.textContent = name;
      return item;
    }));
  }

  return Object.freeze({ states, types });
})();
