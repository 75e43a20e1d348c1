/**
 * A phrase that makes a riddle of a short sentence.
 * @typedef {{ name: string, pattern: RegExp, instead: string }} Phrase
 */

/** @type {readonly Phrase[]} */
export const PHRASES = [
  {
    name: 'a clause with "what" as a noun',
    pattern: /\bwhat (an?|each|has|is|it|its|one|that|the|they|was|you)\b(?![^.\n|]*\?)/gi,
    instead: 'a noun: "the arguments"',
  },
  {
    name: '"of its own"',
    pattern: /\bof (her|his|its|our|their|your) own\b/gi,
    instead: '"its", "only", or nothing',
  },
  { name: '"alone"', pattern: /\balone\b/gi, instead: '"only"' },
  { name: '"beside"', pattern: /\bbeside\b/gi, instead: '"next to", "compared with" or "as well as"' },
  { name: '"goes on"', pattern: /\bgo(es|ing)? on\b/gi, instead: '"continues"' },
  {
    name: '"an expert a task"',
    pattern:
      /(?<!which )\b(experts?|networks?|weights?|gradients?|values?|logits?|ids?|lines?|rows|tables?|seeds|towers?|heads?|steps) an? (task|row|step|seed|level|class|epoch|unit|layer|batch|model)\b/gi,
    instead: 'one expert per task',
  },
  { name: '"by rows"', pattern: /\bby rows\b/gi, instead: '"sparse updates"' },
  { name: '"numbers"', pattern: /\bnumbers\b/gi, instead: 'the exact noun: values, parameters, options' },
  { name: '"where"', pattern: /\bwhere\b/gi, instead: '"if" or "when", unless it is a place' },
];

/**
 * How often pages have each phrase. Code and addresses of links don't count.
 *
 * @param {readonly { file: string, text: string }[]} pages
 * @param {readonly Phrase[]} [phrases]
 * @returns {(Phrase & { found: { file: string, line: number, text: string }[] })[]}
 * @example phrasesIn([{ file: 'a.md', text: 'It goes on.' }])[4].found // [{ file: 'a.md', line: 1, text: 'goes on' }]
 */
export function phrasesIn(pages, phrases = PHRASES) {
  const prose = pages.map(({ file, text }) => ({ file, lines: withoutCode(text).split('\n') }));
  return phrases.map((phrase) => ({
    ...phrase,
    found: prose.flatMap(({ file, lines }) =>
      lines.flatMap((text, i) => [...text.matchAll(phrase.pattern)].map(([all]) => ({ file, line: i + 1, text: all }))),
    ),
  }));
}

/** Lines keep their places. @param {string} text */
const withoutCode = (text) =>
  text
    .replace(/^```[^]*?^```|`[^`\n]+`/gm, (all) => all.replace(/[^\n]/g, ''))
    .replace(/\]\([^()\s]*\)/g, ']')
    .replace(/<!--[^]*?-->/g, (all) => all.replace(/[^\n]/g, ''));
