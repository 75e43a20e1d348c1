import { codeBlocks } from '../docs-code/code-blocks.js';

/**
 * What a README tells its reader to do, in order. A code block says how it runs in the paragraph before it:
 *
 * - a block of `sh`: its lines are commands
 * - "Save it as `first.mjs` and run `node first.mjs`:", then a block of code
 * - "Save [`people.csv`](examples/people.csv)": a file of the repository
 * - "In a clone of this repository:", then a block of `sh`
 * - "Save it as `suite.json`", then a block of data
 * - `not run: REASON` behind the language of a block: it is left out
 *
 * @typedef {{ line: number } & (
 *   { kind: 'command', command: string, inClone: boolean }
 *   | { kind: 'text', path: string, text: string }
 *   | { kind: 'download', path: string, source: string }
 *   | { kind: 'omission', reason: string }
 *   | { kind: 'fault', message: string })} Step
 */

const SAVE_AND_RUN = /\bSave it as `[^`]+` and run `([^`]+)`/;
const SAVE = /\bSave it as `([^`]+)`/;
const SAVE_LINK = /\bSave \[`([^`]+)`\]\(([^)]+)\)/g;
const SHELL = ['sh', 'bash'];
const CODE = ['ts', 'js', 'mts', 'mjs', 'tsx', 'typescript', 'javascript'];

/**
 * The steps of a README. A code block without a word on how it runs is a fault.
 * @param {string} markdown @returns {Step[]}
 * @example readSteps('```sh\nnpm install polytask\n```\n') // [{ kind: 'command', command: 'npm install polytask', … }]
 */
export function readSteps(markdown) {
  /** @type {Step[]} */
  const steps = [];
  let end = 0;
  for (const block of codeBlocks(markdown)) {
    const prose = markdown.slice(end, block.start);
    const paragraph = prose.trimEnd().split(/\n\n/).at(-1)?.replace(/\s+/g, ' ') ?? '';
    steps.push(...downloads(prose, lineAt(markdown, end)), ...stepsOf(block, paragraph));
    end = block.end;
  }
  return [...steps, ...downloads(markdown.slice(end), lineAt(markdown, end))];
}

/** @param {import('../docs-code/code-blocks.js').CodeBlock} block @param {string} paragraph the one before it @returns {Step[]} */
function stepsOf({ line, language, text, notRun }, paragraph) {
  if (notRun !== undefined) return SHELL.includes(language) ? [{ kind: 'omission', line, reason: notRun }] : [];
  if (SHELL.includes(language)) return commands(text, line, /^In a clone\b/.test(paragraph));
  if (CODE.includes(language)) return program(`${text}\n`, line - 1, paragraph);
  const [, path] = SAVE.exec(paragraph) ?? [];
  return path === undefined ? [] : [{ kind: 'text', line, path, text }];
}

/** @param {string} text @param {number} index */
const lineAt = (text, index) => text.slice(0, index).split('\n').length;

/** @param {string} prose @param {number} firstLine @returns {Step[]} */
const downloads = (prose, firstLine) =>
  [...prose.matchAll(SAVE_LINK)].map(({ 1: path = '', 2: source = '', index }) => ({
    kind: 'download',
    line: firstLine + lineAt(prose, index) - 1,
    path,
    source,
  }));

/** A line is a command; one that ends in a backslash goes on. @param {string} body @param {number} firstLine @param {boolean} inClone @returns {Step[]} */
function commands(body, firstLine, inClone) {
  /** @type {Step[]} */
  const steps = [];
  let command = '';
  body.split('\n').forEach((text, i) => {
    command += text;
    if (command.endsWith('\\')) command += '\n';
    else {
      if (command.trim() && !command.startsWith('#'))
        steps.push({ kind: 'command', line: firstLine + i, command, inClone });
      command = '';
    }
  });
  return steps;
}

/** @param {string} text @param {number} line @param {string} paragraph @returns {Step[]} */
function program(text, line, paragraph) {
  const path = SAVE.exec(paragraph)?.[1];
  const command = SAVE_AND_RUN.exec(paragraph)?.[1];
  if (path === undefined)
    return [
      { kind: 'fault', line, message: 'the paragraph before this code lacks "Save it as `FILE` and run `COMMAND`"' },
    ];
  /** @type {Step[]} */
  const saved = [{ kind: 'text', line, path, text }];
  return command === undefined ? saved : [...saved, { kind: 'command', line, command, inClone: false }];
}
