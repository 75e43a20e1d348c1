import { fail, PolytaskError } from '@polytask/core';
import { contentKey, readTrials, type TrialResult } from '@polytask/study';
import { deflateSync, inflateSync } from 'fflate';
import type { Asked } from '../comparison/run-state.ts';
import { asResults } from './result-sets.ts';

/** A result as an address has it: the trials of a comparison without curves, weights, rows or descriptions of columns. */
export interface SharedResult {
  readonly asked: Asked;
  readonly trials: readonly TrialResult[];
  /** The day, such as `2026-11-30`. */
  readonly day: string;
}

/** The version of the format, which is the first part of the text. */
const FORMAT = '1';
/** The digits of the checksum, which is the second part. */
const DIGITS = 8;
/** The longest text, and the most bytes that it may unpack to. */
const LONGEST = 60_000;
const MOST_BYTES = 4_000_000;
/** The significant digits of scores, twice those that the page shows, and of the intervals over samples of rows. */
const PRECISION = { scores: 8, rows: 5 };

const MEND = 'Ask for the link again, or take the setup below and run it yourself.';

/**
 * Writes a result as a text for an address: the trials with their scores, compressed, with a checksum. Another page computes means,
 * intervals and the verdict from them. Names of models and tasks are part of it; names and values of features are not.
 *
 * @throws PolytaskError for a result that no address has room for
 */
export function sharedText({ asked, trials, day }: SharedResult): string {
  const lines = asResults(trials.map(sharedTrial));
  const payload = encoded(
    deflateSync(new TextEncoder().encode(`${JSON.stringify({ asked, day })}\n${lines}`), { level: 9 }),
  );
  const text = [FORMAT, contentKey(payload).slice(0, DIGITS), payload].join('.');
  if (text.length <= LONGEST) return text;
  return fail({
    expected: `a result of at most ${LONGEST} characters for an address`,
    received: `${trials.length} trials with ${text.length}`,
    fix: 'Download results.jsonl or the report, and send the file.',
  });
}

/**
 * Reads a text of {@link sharedText}.
 *
 * @throws PolytaskError for a text that is damaged, or was never one
 */
export async function readShared(text: string): Promise<SharedResult> {
  const [format, checksum, payload = ''] = text.split('.');
  if (format !== FORMAT || text.length > LONGEST)
    fail({
      expected: 'a shared result in the address',
      received: `a text that begins with "${text.slice(0, 12)}"`,
      fix: MEND,
    });
  if (contentKey(payload).slice(0, DIGITS) !== checksum)
    fail({
      expected: 'a whole shared result in the address',
      received: 'one that was cut or changed on its way',
      fix: MEND,
    });
  try {
    const bytes = inflateSync(decoded(payload), { out: new Uint8Array(MOST_BYTES) });
    const end = bytes.indexOf(0x0a);
    const { asked, day } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as SharedResult;
    const trials = await readTrials(bytes.slice(end + 1), 'the address');
    if (trials.length === 0 || !isAsked(asked) || typeof day !== 'string') throw new Error('no trial');
    return { asked, day, trials };
  } catch (error) {
    const received = error instanceof PolytaskError ? `something else. ${error.message}` : 'something else';
    return fail({ expected: 'trials in the shared result of the address', received, fix: MEND });
  }
}

const isNames = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isAsked = ({ models, seeds, baseline, order }: Asked): boolean =>
  isNames(models) &&
  isNames(order) &&
  typeof baseline === 'string' &&
  Array.isArray(seeds) &&
  seeds.every(Number.isInteger);

/** A trial with all that a summary reads, and none of the machine, of the table's columns, and of the training. */
function sharedTrial(trial: TrialResult): TrialResult {
  const { config, metrics, normalizedLosses, constants, seconds, curve, bestEpoch } = trial;
  const { file: _, ...data } = config.data;
  const best = curve[bestEpoch - 1];
  return shortened({
    ...{ suite: trial.suite, setting: trial.setting, model: trial.model, parts: trial.parts, seed: trial.seed },
    ...{ metrics, normalizedLosses, constants, sharesLayers: trial.sharesLayers },
    rowIntervals: shortened(trial.rowIntervals, PRECISION.rows),
    ...{ parameters: trial.parameters, multiplyAdds: trial.multiplyAdds, seconds: Number(seconds.toPrecision(4)) },
    ...{ engine: trial.engine, versions: trial.versions, epochs: trial.epochs, bestEpoch: best ? 1 : bestEpoch },
    config: { ...config, data, model: { network: {}, rate: 1 } },
    curve: best ? [{ loss: NaN, validation: best.validation, seconds: 0 }] : [],
    ...{ warnings: trial.warnings, fusion: [] },
  });
}

/** A value with fewer digits in all numbers that aren't whole. In JSON, null stands for NaN. */
const shortened = <V>(value: V, digits = PRECISION.scores): V =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' && Number.isFinite(each) && !Number.isInteger(each)
        ? Number(each.toPrecision(digits))
        : each,
    ),
  ) as V;

/** Bytes in the letters of addresses (base64url, RFC 4648). */
const encoded = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
const decoded = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
