import { anything, oneOf, optional, record, shaped, string, text } from './checks.ts';
import type { FromDescription, Option, Written } from './options.ts';

const subject = {
  task: optional(string),
  /** A feature, or a column of the file. */
  column: optional(string),
  /** The rows: `train`, `validation` or `test`. */
  part: optional(string),
  model: optional(string),
};

/** What a finding is about. A finding about all of the data or all of a training has an empty one. */
export interface Subject extends Written<typeof subject>, FromDescription {}

const finding = {
  /** A name for programs, such as `worse-than-constant`. */
  kind: text,
  /** `warning`: a reason to distrust numbers. `note`: says what the numbers are of. */
  severity: oneOf('warning', 'note'),
  about: shaped(subject),
  /** What makes the finding true. */
  evidence: record(anything),
  /** The observation, and what to do about it, in sentences. */
  message: string,
  /** What the message proposes, for programs: options, or a command. */
  remedy: optional(record(anything)),
};

/** Something that was noticed about data, a training, a model or a comparison, as plain JSON. */
export interface Finding extends Written<typeof finding>, FromDescription {}

export const anyFinding: Option<Finding> = /* @__PURE__ */ shaped(finding);

/** What trains a model: advice for one family makes no sense for the other. */
export type ModelFamily = 'gradients' | 'trees';

type Advice<Seen> = string | ((seen: Seen) => string | undefined);

export interface FindingPhrases<Seen> {
  /** Default: `warning`. */
  readonly severity?: Finding['severity'];
  /** The observation. */
  says(seen: Seen): string;
  /** What to do. By family, it is only given for a model whose family is known. */
  readonly remedy?: Advice<Seen> | Readonly<Record<ModelFamily, Advice<Seen>>>;
}

/**
 * Defines a kind of finding. The sentences of a finding are made of its subject and its evidence alone.
 *
 * @typeParam About the parts of the subject that each finding of this kind has
 * @returns makes a finding of this kind
 * @example
 * const deadExpert = defineFinding<never, { expert: string }>('dead-expert', {
 *   says: ({ expert }) => `Expert ${expert} gives the same output for all rows.`,
 *   remedy: 'Lower the learning rate.',
 * });
 * deadExpert({}, { expert: 'shared.0' }).message; // Expert shared.0 gives the same output for all rows. Lower the learning rate.
 */
export const defineFinding =
  <About extends keyof Subject, Evidence extends object = object>(
    kind: string,
    {
      severity = 'warning',
      says,
      remedy,
    }: FindingPhrases<Required<Pick<Subject, About>> & Subject & Readonly<Evidence>>,
  ) =>
  (about: Required<Pick<Subject, About>> & Subject, evidence: Readonly<Evidence>, family?: ModelFamily): Finding => {
    const seen = { ...about, ...evidence };
    const own = typeof remedy === 'object' ? family && remedy[family] : remedy;
    const advice = typeof own === 'function' ? own(seen) : own;
    const message = advice === undefined ? says(seen) : `${says(seen)} ${advice}`;
    return { kind, severity, about, evidence: { ...evidence }, message };
  };
