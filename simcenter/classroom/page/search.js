"use strict";

/** Binary search in ascending lists of instants. */
const Search = (() => {
  /**
   * How many entries are at or before an instant.
   * @param {ArrayLike<number>} sorted ascending
   * @param {number} instant
   * @returns {number}
   */
  function upTo(sorted, instant) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * How many entries are before an instant.
   * @param {ArrayLike<number>} sorted ascending
   * @param {number} instant
   * @returns {number}
   */
  function before(sorted, instant) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return Object.freeze({ upTo, before });
})();
