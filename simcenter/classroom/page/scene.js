"use strict";

/**
 * One simulated day as the engine left it, with an index for "what is at this instant".
 *
 * Nothing is simulated here: every question is answered from the rows of the contact table
 * and the activity table.
 */
const Scene = (() => {
  const { NONE } = Encoding;

  /** Where a contact is at an instant. */
  const PLACE = Object.freeze({
    NOT_YET: "not yet",
    IVR: "ivr",
    QUEUE: "queue",
    AGENT: "agent",
    GONE: "gone",
  });

  /**
   * Read a scene as it travels.
   * @param {object} raw see the seam of server and page
   * @returns {object} the scene, indexed
   */
  function read(raw) {
    const contacts = table(raw.contacts);
    const activities = table(raw.activities);
    const scene = {
      ...raw,
      contacts,
      activities,
      sofar: table(raw.sofar),
      queue: table(raw.queue),
      count: contacts.arrival.length,
    };
    scene.rows = rowsByAgent(scene);
    scene.start = Math.min(raw.opens, ...starts(scene));
    scene.events = events(scene);
    scene.hasIvr = contacts.queue.some((entry, i) => entry !== contacts.arrival[i]);
    scene.queuePeak = scene.queue.length.reduce((most, one) => Math.max(most, one), 1);
    scene.threshold = Math.min(...raw.types.map((type) => type.within ?? Infinity));
    if (!Number.isFinite(scene.threshold)) scene.threshold = 60;
    scene.abandoned = raw.outcomes.indexOf("abandoned");
    return Object.freeze(scene);
  }

  /** Every column of a table as a plain list. */
  function table(columns) {
    return Object.fromEntries(
      Object.entries(columns).map(([key, given]) => [key, Encoding.column(given)]),
    );
  }

  /** The rows of the activity table by agent, each with its starts for the search. */
  function rowsByAgent({ agents, activities }) {
    const rows = agents.map(() => ({ starts: [], places: [] }));
    activities.agent.forEach((agent, place) => {
      rows[agent].starts.push(activities.start[place]);
      rows[agent].places.push(place);
    });
    return rows;
  }

  function starts(scene) {
    return scene.rows.filter((row) => row.starts.length).map((row) => row.starts[0]);
  }

  /** Every instant at which something happens, ascending, each once. */
  function events({ contacts, activities, end }) {
    const all = ["arrival", "queue", "answer", "release", "wrap_end"].flatMap((key) =>
      contacts[key].filter((instant) => instant !== NONE),
    );
    const sorted = Float64Array.from([...all, ...activities.start, end]).sort();
    return sorted.filter((instant, i) => i === 0 || instant !== sorted[i - 1]);
  }

  /** The first event after an instant, else the end of the day. */
  function next(scene, instant) {
    return scene.events[Search.upTo(scene.events, instant)] ?? scene.end;
  }

  /** The last event before an instant, else the start of the day. */
  function previous(scene, instant) {
    return scene.events[Search.before(scene.events, instant) - 1] ?? scene.start;
  }

  /** When a contact left the IVR: into the queue, or for good. */
  function ivrEnd({ contacts }, i) {
    return contacts.queue[i] === NONE ? contacts.release[i] : contacts.queue[i];
  }

  /** When the wait of a queued contact ended: answered, or gone; never, for who still waits. */
  function waitEnd({ contacts }, i) {
    if (contacts.answer[i] !== NONE) return contacts.answer[i];
    return contacts.release[i] === NONE ? Infinity : contacts.release[i];
  }

  /**
   * Where a contact is.
   * @returns {string} one of `PLACE`
   */
  function place(scene, i, instant) {
    const { contacts } = scene;
    if (instant < contacts.arrival[i]) return PLACE.NOT_YET;
    const queued = contacts.queue[i];
    if (queued === NONE || instant < queued) {
      const end = ivrEnd(scene, i);
      return end === NONE || instant < end ? PLACE.IVR : PLACE.GONE;
    }
    if (instant < waitEnd(scene, i)) return PLACE.QUEUE;
    if (contacts.answer[i] === NONE) return PLACE.GONE;
    return instant < contacts.release[i] ? PLACE.AGENT : PLACE.GONE;
  }

  /**
   * Who is where at an instant; the queue in order of entry.
   * @returns {{ivr: number[], queue: number[], agent: number[]}} contact numbers from 0
   */
  function present(scene, instant) {
    const found = { ivr: [], queue: [], agent: [] };
    const arrived = Search.upTo(scene.contacts.arrival, instant);
    for (let i = 0; i < arrived; i += 1) {
      const where = place(scene, i, instant);
      if (where !== PLACE.GONE) found[where].push(i);
    }
    const { queue } = scene.contacts;
    found.queue.sort((a, b) => queue[a] - queue[b] || a - b);
    return found;
  }

  /**
   * What an agent is doing.
   * @returns {{state: string, start: number, end: number, contact: number}|null} null: not there
   */
  function doing(scene, agent, instant) {
    const { starts: begun, places } = scene.rows[agent];
    const row = places[Search.upTo(begun, instant) - 1];
    const { activities } = scene;
    if (row === undefined || activities.end[row] <= instant) return null;
    return {
      state: scene.states[activities.state[row]],
      start: activities.start[row],
      end: activities.end[row],
      contact: activities.contact[row],
    };
  }

  /** The value of a step curve at an instant: that of the last step at or before it. */
  function step(curve, key, instant) {
    return curve[key][Search.upTo(curve.at, instant) - 1] ?? null;
  }

  /** Seconds that a queued contact waited, or has waited by an instant; null: never queued. */
  function waited(scene, i, instant = Infinity) {
    const entry = scene.contacts.queue[i];
    if (entry === NONE || instant < entry) return null;
    return Math.min(instant, waitEnd(scene, i), scene.end) - entry;
  }

  /** How many contacts have ended each way by an instant, by name of the outcome. */
  function ended(scene, instant) {
    const counts = Object.fromEntries(scene.outcomes.map((name) => [name, 0]));
    const arrived = Search.upTo(scene.contacts.arrival, instant);
    for (let i = 0; i < arrived; i += 1) {
      if (place(scene, i, instant) === PLACE.GONE) {
        counts[scene.outcomes[scene.contacts.outcome[i]]] += 1;
      }
    }
    return counts;
  }

  return Object.freeze({
    PLACE, read, next, previous, ivrEnd, waitEnd, place, present, doing, step, waited, ended,
  });
})();
