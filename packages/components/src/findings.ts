import { anything, oneOf, optional, record, shaped, string, text } from './checks.ts';
import type { FromDescription, Option, Written } from './options.ts';

const subject = /* @__PURE__ */ (() => ({
  task: optional(string),
  /** A feature, or a column of the file. */
  column: optional(string),
  /** The rows: `train`, `validation` or `test`. */
  part: optional(string),
  model: optional(string),
}))();

/** What a finding is about. A finding about all of the data or all of a training has an empty one. */
export interface Subject extends Written<typeof subject>, FromDescription {}

const remedy = /* @__PURE__ */ (() => ({
  /** A command line: `polytask calibrate people-model march.csv --calibration platt`. */
  command: optional(text),
  /** Options to train with, as `train` takes them: `{ learningRate: 'find' }`. */
  train: optional(record(anything)),
  /** Options to describe the file with: `{ leaveOut: ['visit'] }`. */
  describe: optional(record(anything)),
  /** What to add to the data set file: `{ split: { kind: 'time', column: 'day' } }`. */
  dataset: optional(record(anything)),
}))();

/** What a finding proposes, for programs: one of these. */
export interface Remedy extends Written<typeof remedy>, FromDescription {}

const FAMILIES = ['gradients', 'trees'] as const;

/** What trains a model: advice for one family makes no sense for the other. */
export type ModelFamily = (typeof FAMILIES)[number];

const finding = /* @__PURE__ */ (() => ({
  /** A name for programs, such as `worse-than-constant`. */
  kind: text,
  /** `warning`: a reason to distrust numbers. `note`: says what the numbers are of. */
  severity: oneOf('warning', 'note'),
  about: shaped(subject),
  /** What makes the finding true. */
  evidence: record(anything),
  /** The observation, and what to do about it, in sentences. */
  message: string,
  /** What the message proposes. Missing where only words can say it. */
  remedy: optional(shaped(remedy)),
  /** Whose model the message advises on. Missing where the advice is for all models. */
  family: optional(oneOf(...FAMILIES)),
}))();

/** Something that was noticed about data, a training, a model or a comparison, as plain JSON. */
export interface Finding extends Written<typeof finding>, FromDescription {}

export const anyFinding: Option<Finding> = /* @__PURE__ */ shaped(finding);

/** What to do: in words, or with a remedy. A command line and what to add to a data set file are shown after the words. */
export type Advice = string | ({ readonly says: string } & Remedy);
type AdviceOf<Seen> = Advice | ((seen: Seen) => Advice | undefined);

export interface FindingPhrases<Seen> {
  /** Default: `warning`. */
  readonly severity?: Finding['severity'];
  /** The observation. */
  says(seen: Seen): string;
  /** What to do. By family, it is only given for a model whose family is known. */
  readonly remedy?: AdviceOf<Seen> | Readonly<Record<ModelFamily, AdviceOf<Seen>>>;
}

/**
 * Defines a kind of finding. The sentences of a finding are made of its subject and its evidence alone.
 *
 * @typeParam About the parts of the subject that each finding of this kind has
 * @returns makes a finding of this kind
 * @example
 * const oldRows = defineFinding<'column', { file: string }>('old-rows', {
 *   says: ({ column }) => `The latest row by ${column} is a year old.`,
 *   remedy: ({ file }) => ({ says: 'Describe it again', command: `polytask describe ${file}` }),
 * });
 * oldRows({ column: 'day' }, { file: 'a.csv' }).message; // The latest row by day is a year old. Describe it again: `polytask describe a.csv`.
 */
export const defineFinding =
  <About extends keyof Subject, Evidence extends object = object>(
    kind: string,
    {
      severity = 'warning',
      says,
      remedy,
    }: FindingPhrases<Readonly<Record<About, string>> & Subject & Readonly<Evidence>>,
  ) =>
  (about: Readonly<Record<About, string>> & Subject, evidence: Readonly<Evidence>, family?: ModelFamily): Finding => {
    const seen = { ...about, ...evidence };
    const isByFamily = typeof remedy === 'object' && 'trees' in remedy;
    const own = isByFamily ? family && remedy[family] : remedy;
    const advice = typeof own === 'function' ? own(seen) : own;
    const { says: words, ...proposed } = typeof advice === 'object' ? advice : { says: advice };
    const { command, dataset } = proposed as Remedy;
    const toPaste = command ?? (dataset && JSON.stringify(dataset, null, 1).replace(/\n */g, ' '));
    return {
      ...{ kind, severity, about, evidence: { ...evidence } },
      message: `${says(seen)}${words ? ` ${words}` : ''}${toPaste ? `: \`${toPaste}\`.` : ''}`,
      ...(Object.keys(proposed).length > 0 && { remedy: proposed }),
      ...(isByFamily && words && { family }),
    };
  };

/**
 * A command line for a shell, with quotes where a word needs them.
 *
 * @example commandLine('polytask', 'describe', 'my file.csv') // polytask describe 'my file.csv'
 */
export const commandLine = (...words: readonly string[]): string =>
  words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
