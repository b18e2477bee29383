"use strict";

/** Where everything stands on the floor: pure geometry, no drawing. */
const Floorplan = (() => {
  /** Widest desk, in heights of body text. */
  const WIDEST = 12;
  /** A desk's height over its width. */
  const SHAPE = 0.66;
  /** Smallest and largest place in the queue, pixels. */
  const SLOT = { least: 9, most: 50 };

  /**
   * Lay out a floor.
   * @param {number} width
   * @param {number} height
   * @param {number} unit height of body text
   * @param {object} scene
   * @returns {{ivr: object|null, queue: object, team: object, desks: object[], slots: object}}
   */
  function lay(width, height, unit, scene) {
    const head = unit * 3.3;
    const foot = unit * 1.9;
    const [top, bottom] = [head, height - foot];
    const narrow = width < 520;
    const ivrShare = scene.hasIvr ? (narrow ? 0.17 : 0.15) : 0;
    const queueShare = narrow ? 0.3 : 0.29;
    const edges = [0, ivrShare, ivrShare + queueShare, 1].map((share) => share * width);
    const zone = (from, to) => ({ left: from, right: to, top, bottom, foot: height - foot / 2 });
    const queue = zone(edges[1], edges[2]);
    const team = zone(edges[2], edges[3]);
    return {
      ivr: scene.hasIvr ? zone(edges[0], edges[1]) : null,
      queue,
      team,
      head,
      slots: slots(queue, scene.queuePeak, unit),
      ...desks(team, scene, unit),
    };
  }

  /** The places of the queue: the first at the top right, column after column to the left. */
  function slots(zone, peak, unit) {
    const [width, height] = [zone.right - zone.left - unit, zone.bottom - zone.top];
    let size = Math.min(SLOT.most, unit * 3.3);
    while (size > SLOT.least && places(width, height, size) < peak) size -= 1;
    const rows = Math.max(1, Math.floor(height / size));
    return { size, rows, count: places(width, height, size) };
  }

  const places = (width, height, size) =>
    Math.max(1, Math.floor(height / size)) * Math.max(1, Math.floor(width / size));

  /** The middle of the queue's place of a number, from 0. */
  function slot({ queue, slots: { size, rows } }, number, unit) {
    const column = Math.floor(number / rows);
    return {
      x: queue.right - unit * 0.5 - (column + 0.5) * size,
      y: queue.top + ((number % rows) + 0.5) * size,
    };
  }

  /** One desk for each agent, group under group, as large as the zone allows. */
  function desks(zone, scene, unit) {
    const groups = scene.groups.map((group, code) => ({
      name: group.name,
      members: scene.agents.flatMap((agent, i) => (agent.group === code ? [i] : [])),
    })).filter((group) => group.members.length > 0);
    const heading = groups.length > 1 ? unit * 1.5 : 0;
    const [width, height] = [zone.right - zone.left - unit, zone.bottom - zone.top];
    const size = deskWidth(groups, width, height - heading * groups.length, WIDEST * unit);
    const columns = Math.max(1, Math.floor(width / size));
    const places = [];
    const headings = [];
    let y = zone.top;
    for (const { name, members } of groups) {
      if (heading) headings.push({ name, x: zone.left + unit * 0.5, y: y + heading / 2 });
      y += heading;
      members.forEach((agent, i) => {
        places[agent] = {
          x: zone.left + unit * 0.5 + (i % columns) * size,
          y: y + Math.floor(i / columns) * size * SHAPE,
          width: size - gap(size),
          height: (size - gap(size)) * SHAPE,
        };
      });
      y += Math.ceil(members.length / columns) * size * SHAPE;
    }
    return { desks: places, headings };
  }

  const gap = (size) => Math.max(1.5, size * 0.1);

  /** The widest desk with which all rows of all groups find room. */
  function deskWidth(groups, width, height, widest) {
    for (let size = widest; size > 5; size -= 1) {
      const columns = Math.floor(width / size);
      const rows = groups.reduce((sum, { members }) => sum + Math.ceil(members.length / columns), 0);
      if (columns > 0 && rows * size * SHAPE <= height) return size;
    }
    return 5;
  }

  return Object.freeze({ lay, slot });
})();
