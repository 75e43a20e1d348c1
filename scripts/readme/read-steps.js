/**
 * What a README tells its reader to do, in order. A code block says how it runs in the paragraph before it:
 *
 * - a block of `sh`: its lines are commands
 * - "Save it as `first.mjs` and run `node first.mjs`:", then a block of code
 * - "Save [`people.csv`](examples/people.csv)": a file of the repository
 * - "In a clone of this repository:", then a block of `sh`
 *
 * @typedef {{ line: number } & (
 *   { kind: 'command', command: string, inClone: boolean }
 *   | { kind: 'text', path: string, text: string }
 *   | { kind: 'download', path: string, source: string }
 *   | { kind: 'fault', message: string })} Step
 */

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm;
const SAVE_AND_RUN = /\bSave it as `([^`]+)` and run `([^`]+)`/;
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
  for (const { 0: fence, 1: language = '', 2: body = '', index } of markdown.matchAll(FENCE)) {
    const prose = markdown.slice(end, index);
    steps.push(...downloads(prose, lineAt(markdown, end)));
    const line = lineAt(markdown, index);
    const paragraph = prose.trimEnd().split(/\n\n/).at(-1)?.replace(/\s+/g, ' ') ?? '';
    if (SHELL.includes(language)) steps.push(...commands(body, line + 1, /^In a clone\b/.test(paragraph)));
    else if (CODE.includes(language)) steps.push(...program(body, line, paragraph));
    end = index + fence.length;
  }
  return [...steps, ...downloads(markdown.slice(end), lineAt(markdown, end))];
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
  const [, path, command] = SAVE_AND_RUN.exec(paragraph) ?? [];
  if (path === undefined || command === undefined)
    return [
      { kind: 'fault', line, message: 'the paragraph before this code lacks "Save it as `FILE` and run `COMMAND`"' },
    ];
  return [
    { kind: 'text', line, path, text },
    { kind: 'command', line, command, inClone: false },
  ];
}
