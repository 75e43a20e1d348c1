/**
 * Whether a file has the code of a block, whatever its indentation, and whatever it exports.
 * @param {string} file @param {string} block
 * @example hasCode('  export const a = 1;\n  b();\n', 'const a = 1;\nb();') // true
 */
export const hasCode = (file, block) => plain(file).includes(plain(block));

/** @param {string} text */
const plain = (text) => text.replace(/^[ \t]*(export )?/gm, '').trim();
