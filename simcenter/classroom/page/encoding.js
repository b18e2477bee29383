"use strict";

/** Columns and scenes as they travel, and back to plain lists. */
const Encoding = (() => {
  /** The value of an instant that never came. */
  const NONE = -1;

  /**
   * A column as a plain list of numbers.
   *
   * A list is itself. `{d, per, none}` holds differences of whole 1/per parts; the rows
   * named in `none` have no value. `{over: [above, below]}` is one column divided by another,
   * null where the second is zero.
   * @param {number[]|{d: number[], per: number, none?: number[]}|{over: object[]}} given
   * @returns {(number|null)[]}
   */
  function column(given) {
    if (Array.isArray(given)) return given;
    if (given.over) {
      const [above, below] = given.over.map(column);
      return above.map((value, row) => (below[row] === 0 ? null : value / below[row]));
    }
    const values = new Array(given.d.length);
    let sum = 0;
    for (let row = 0; row < values.length; row += 1) {
      sum += given.d[row];
      values[row] = sum / given.per;
    }
    for (const row of given.none ?? []) values[row] = NONE;
    return values;
  }

  /** Whether this browser can open a packed scene. */
  function canUnpack() {
    return typeof DecompressionStream === "function";
  }

  /**
   * The object behind a packed text: base64 of raw deflate of UTF-8 JSON.
   * @param {string} packed
   * @returns {Promise<object>}
   */
  async function unpack(packed) {
    const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  }

  return Object.freeze({ NONE, column, canUnpack, unpack });
})();
