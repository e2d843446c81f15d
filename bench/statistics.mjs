/**
 * The median; of an even count, the mean of the two in the middle.
 *
 * @param {readonly number[]} numbers at least one
 */
export function middleOf(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = /** @type {number} */ (sorted[half]);
  return sorted.length % 2 === 1 ? upper : (upper + /** @type {number} */ (sorted[half - 1])) / 2;
}
