/**
 * The whole number above 0 that an option holds, or the list of them with commas between.
 *
 * @param {string} name @param {string} text
 */
export function numberOption(name, text) {
  const [number, ...others] = numbersOption(name, text);
  if (others.length > 0) throw new Error(`Expected one number for --${name}, received "${text}".`);
  return number;
}

/** @param {string} name @param {string} text @returns {number[]} */
export function numbersOption(name, text) {
  const numbers = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : 0));
  if (numbers.every((number) => number > 0)) return numbers;
  throw new Error(`Expected whole numbers above 0 for --${name}, received "${text}".`);
}
