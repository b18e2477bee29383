"use strict";

/** Why one caller waited, told from the rows of the day's tables. */
const Story = (() => {
  const { NONE } = Encoding;
  const HANDLING = new Set(["ring", "talk", "hold", "wrap"]);

  /**
   * The sentences of one contact, in the language chosen.
   * @param {object} scene
   * @param {number} i number of the contact, from 0
   * @returns {string}
   */
  function tell(scene, i) {
    const { contacts } = scene;
    const parts = [Words.say("story_arrived", {
      number: i + 1, type: scene.types[contacts.type[i]].name,
      at: Numbers.clock(contacts.arrival[i], true),
    })];
    const outcome = scene.outcomes[contacts.outcome[i]];
    if (contacts.queue[i] === NONE) parts.push(end(scene, i, outcome));
    else parts.push(...queued(scene, i, outcome));
    return parts.join(Words.language() === "zh" ? "" : " ");
  }

  function queued(scene, i, outcome) {
    const { contacts } = scene;
    const parts = [];
    const spent = contacts.queue[i] - contacts.arrival[i];
    if (spent > 0) parts.push(Words.say("story_ivr", { spent: Numbers.duration(spent) }));
    const wait = Scene.waited(scene, i);
    const agent = contacts.agent[i] >= 0 ? scene.agents[contacts.agent[i]].name : "";
    if (outcome === "answered" && wait === 0) {
      parts.push(Words.say("story_at_once", { agent }));
      return parts;
    }
    parts.push(room(scene, i));
    if (outcome === "answered") {
      parts.push(Words.say("story_answered", { agent, wait: Numbers.duration(wait) }));
    } else {
      parts.push(end(scene, i, outcome, wait));
    }
    return parts;
  }

  /** What the agents did, and who stood ahead, when the contact came into the queue. */
  function room(scene, i) {
    const at = scene.contacts.queue[i];
    let [busy, away] = [0, 0];
    scene.agents.forEach((_, agent) => {
      const doing = Scene.doing(scene, agent, at);
      if (!doing || doing.state === "off" || doing.state === "absent") return;
      if (HANDLING.has(doing.state)) busy += 1;
      else if (doing.state !== "available") away += 1;
    });
    const ahead = Scene.present(scene, at).queue.filter((other) => other !== i).length;
    return Words.say("story_room", { busy, away, ahead });
  }

  function end(scene, i, outcome, wait = 0) {
    const key = `story_${outcome}`;
    const spent = scene.contacts.release[i] === NONE
      ? 0 : scene.contacts.release[i] - scene.contacts.arrival[i];
    return Words.has(key)
      ? Words.say(key, { wait: Numbers.duration(wait), spent: Numbers.duration(spent) })
      : outcome;
  }

  return Object.freeze({ tell });
})();
