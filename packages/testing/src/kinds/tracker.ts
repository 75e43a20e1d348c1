import { anything, mapValues, optional, type Option } from '@polytask/components';
import type { Spec } from '@polytask/core';
import { openTracker, type Tracker } from '@polytask/training';
import { broken } from '../cases/case.ts';
import { inDirectory } from '../cases/in-directory.ts';
import { tester } from '../tester.ts';

/** What stands for a new directory in the options of a tracker that is tested. */
const DIRECTORY = '{directory}';

const options = {
  /** All that the place has received, as bytes or text. Default: the names and bytes of the files in `{directory}`. */
  recorded: optional(anything as Option<() => Promise<string | Uint8Array> | string | Uint8Array>),
};

/** The spec with a directory in place of `{directory}`. */
const inPlace = <T>(value: T, directory: string): T => {
  if (typeof value === 'string') return value.replaceAll(DIRECTORY, directory) as T;
  if (typeof value !== 'object' || value === null) return value;
  return (
    Array.isArray(value)
      ? value.map((each: unknown) => inPlace(each, directory))
      : mapValues(value, (each) => inPlace(each, directory))
  ) as T;
};

/** Names and bytes of all files of a directory, one after the other. */
async function filesIn(directory: string): Promise<Uint8Array> {
  const { readdir, readFile } = await import('node:fs/promises');
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .sort();
  const pieces: Buffer[] = [];
  for (const name of names) pieces.push(Buffer.from(name.slice(directory.length)), await readFile(name));
  return Buffer.concat(pieces);
}

interface Place {
  readonly tracker: Tracker;
  /** Requires that the place has what was recorded. @param what it is, by the bytes that may stand for each @param when the moment */
  has(what: readonly Mark[], when: string): Promise<void>;
  /** All that is there. */
  all(): Promise<Buffer>;
}

/** A text or number to find, and the bytes that may stand for it. */
interface Mark {
  readonly name: string;
  readonly forms: readonly (string | Buffer)[];
}

const textMark = (what: string, text: string): Mark => ({ name: `${what} "${text}"`, forms: [text] });

/** A number as text, and as a float of 32 or 64 bits. */
function numberMark(value: number): Mark {
  const [single, double] = [Float32Array.of(value), Float64Array.of(value)];
  return {
    name: `the number ${value}`,
    forms: [String(value), ...[single, double].map(({ buffer }) => Buffer.from(buffer))],
  };
}

function placeOf(spec: Spec<'tracker'>, directory: string, recorded?: () => unknown): Place {
  const all = async () => {
    const content = recorded ? await recorded() : await filesIn(directory);
    return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as Uint8Array);
  };
  return {
    all,
    tracker: openTracker(inPlace(spec, directory)),
    async has(what, when) {
      const content = await all();
      const missing = what.find(({ forms }) => !forms.some((form) => content.includes(form)));
      if (!missing) return;
      broken({
        expected: `${missing.name} in the place ${when}`,
        seen: content.length === 0 ? `nothing${recorded ? '' : ` in ${DIRECTORY}`}` : `none in ${content.length} bytes`,
        fix: 'Write all that a call got before it returns.',
      });
    },
  };
}

/** Numbers that 32 bits hold, and that nothing else has. */
const STEPS = [
  { loss: 0.7197265625, 'validation/click/auc': 0.6416015625 },
  { loss: 0.4931640625, 'validation/click/auc': 0.7783203125 },
];

const marksOf = (values: Readonly<Record<string, number>>): Mark[] =>
  Object.entries(values).flatMap(([name, value]) => [textMark('the name', name.split('/').at(-1)!), numberMark(value)]);

/** Starts a run with parameters of its own. */
const PARAMETERS = { model: 'adatt-of-the-kit', learningRate: 0.0341796875 };
const started = ({ tracker }: Place, name: string) => tracker.start({ name, parameters: PARAMETERS });

async function checkStart(place: Place): Promise<void> {
  const run = await started(place, 'first-run-of-the-kit');
  const marks = [textMark('the name', 'first-run-of-the-kit'), textMark('the parameter', PARAMETERS.model)];
  await place.has([...marks, textMark('the parameter', String(PARAMETERS.learningRate))], 'once a run has started');
  await run.end('finished');
}

async function checkSteps(place: Place): Promise<void> {
  const run = await started(place, 'first-run-of-the-kit');
  for (const [i, values] of STEPS.entries()) {
    await run.log(i + 1, values);
    await place.has(marksOf(values), `once step ${i + 1} was logged`);
  }
  await run.log(3, { loss: NaN, 'validation/click/auc': 0.8759765625 });
  await place.has([numberMark(0.8759765625)], 'although another number of the step is NaN');
  await run.end('finished');
}

/** How long the place is watched after the end, in milliseconds. */
const WATCHED = 150;

async function checkEnd(place: Place): Promise<void> {
  const run = await started(place, 'first-run-of-the-kit');
  await run.log(1, STEPS[0]!);
  await run.end('finished');
  const before = await place.all();
  await new Promise((resolve) => setTimeout(resolve, WATCHED));
  if (before.equals(await place.all())) return;
  broken({ expected: 'nothing new after the end of a run', seen: 'a write', fix: 'Wait for all writes in `end`.' });
}

async function checkRuns(place: Place): Promise<void> {
  const [first, second] = ['first-run-of-the-kit', 'second-run-of-the-kit'] as const;
  const one = await started(place, first);
  await one.log(1, STEPS[0]!);
  const two = await started(place, second);
  await two.log(1, STEPS[1]!);
  await Promise.all([one.end('finished'), two.end('failed')]);
  const names = [first, second].map((name) => textMark('the name', name));
  await place.has([...names, ...STEPS.flatMap(marksOf)], 'after two runs at once');
}

/**
 * Tests a tracker: the promises of its kind, and those of every component. In the options of the spec, `{directory}` stands for a new
 * directory. For a place that isn't a directory, such as a server, pass what it has `recorded`.
 *
 * @throws PolytaskError when there is no test runner
 * @example
 * import * as runner from 'vitest'; // or 'node:test'
 * testTracker(folder({ path: '{directory}/runs' }), { runner });
 */
export const testTracker = tester('tracker', options, (spec: Spec<'tracker'>, { recorded }) => {
  const check = (of: (place: Place) => Promise<void>) => () =>
    inDirectory((directory) => of(placeOf(spec, directory, recorded)));
  return {
    spec,
    numbers: () => ({}), // it computes nothing
    own: {
      'a run begins with its name and parameters': check(checkStart),
      'each step is there once it was logged': check(checkSteps),
      'nothing is written after the end': check(checkEnd),
      'two runs leave one another as they are': check(checkRuns),
    },
  };
});
