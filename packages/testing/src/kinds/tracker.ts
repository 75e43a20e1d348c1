import { anything, mapValues, optional, type Option } from '@polytask/components';
import type { Spec } from '@polytask/core';
import { openTracker, type Tracker } from '@polytask/training';
import { expectThat, type Check } from '../cases/case.ts';
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
  has(what: Marks, when: string): Promise<void>;
  /** All that is there. */
  all(): Promise<Buffer>;
}

/** Texts and numbers to find, each with the bytes that may stand for it. */
type Marks = Readonly<Record<string, readonly (string | Buffer)[]>>;

const textMark = (what: string, text: string): Marks => ({ [`${what} "${text}"`]: [text] });

/** A number as text, and as a float of 32 or 64 bits. */
const numberMark = (value: number): Marks => ({
  [`the number ${value}`]: [
    String(value),
    ...[Float32Array.of(value), Float64Array.of(value)].map(({ buffer }) => Buffer.from(buffer)),
  ],
});

function placeOf(spec: Spec<'tracker'>, directory: string, recorded?: () => unknown): Place {
  const all = async () => Buffer.from((recorded ? await recorded() : await filesIn(directory)) as Uint8Array);
  return {
    all,
    tracker: openTracker(inPlace(spec, directory)),
    async has(what, when) {
      const content = await all();
      const size = content.length === 0 ? `nothing${recorded ? '' : ` in ${DIRECTORY}`}` : `${content.length} bytes`;
      for (const [name, forms] of Object.entries(what)) {
        const isThere = forms.some((form) => content.includes(form));
        expectThat(isThere, `${name} in the place ${when}`, size, 'Write all that a call got before it returns.');
      }
    },
  };
}

/** Numbers that 32 bits hold, and that nothing else has. */
const STEPS = [
  { loss: 0.7197265625, 'validation/click/auc': 0.6416015625 },
  { loss: 0.4931640625, 'validation/click/auc': 0.7783203125 },
] as const;

const marksOf = (...steps: readonly Readonly<Record<string, number>>[]): Marks =>
  steps
    .flatMap((values) => Object.entries(values))
    .reduce<Marks>(
      (marks, [name, value]) => ({
        ...marks,
        ...textMark('the name', name.split('/').at(-1)!),
        ...numberMark(value),
      }),
      {},
    );

/** The names of runs, and the parameters of each. */
const [FIRST, SECOND] = ['first-run-of-the-kit', 'second-run-of-the-kit'];
const PARAMETERS = { model: 'adatt-of-the-kit', learningRate: 0.0341796875 };
const started = ({ tracker }: Place, name = FIRST) => tracker.start({ name, parameters: PARAMETERS });

/** How long the place is watched after the end, in milliseconds. */
const WATCHED = 150;

/** What a tracker promises of a place. */
const OF_PLACES: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  async 'a run begins with its name and parameters'(place) {
    const run = await started(place);
    const [model, rate] = Object.values(PARAMETERS).map((value) => textMark('the parameter', String(value)));
    await place.has({ ...textMark('the name', FIRST), ...model, ...rate }, 'once a run has started');
    await run.end('finished');
  },
  async 'each step is there once it was logged'(place) {
    const run = await started(place);
    for (const [i, values] of STEPS.entries()) {
      await run.log(i + 1, values);
      await place.has(marksOf(values), `once step ${i + 1} was logged`);
    }
    await run.log(3, { loss: NaN, 'validation/click/auc': 0.8759765625 });
    await place.has(numberMark(0.8759765625), 'although another number of the step is NaN');
    await run.end('finished');
  },
  async 'nothing is written after the end'(place) {
    const run = await started(place);
    await run.log(1, STEPS[0]);
    await run.end('finished');
    const before = await place.all();
    await new Promise((resolve) => setTimeout(resolve, WATCHED));
    const isSame = before.equals(await place.all());
    expectThat(isSame, 'nothing new after the end of a run', 'a write', 'Wait for all writes in `end`.');
  },
  async 'two runs leave one another as they are'(place) {
    const one = await started(place);
    await one.log(1, STEPS[0]);
    const two = await started(place, SECOND);
    await two.log(1, STEPS[1]);
    await Promise.all([one.end('finished'), two.end('failed')]);
    const names = { ...textMark('the name', FIRST), ...textMark('the name', SECOND) };
    await place.has({ ...names, ...marksOf(...STEPS) }, 'after two runs at once');
  },
};

/**
 * Tests a tracker. In the options of the spec, `{directory}` stands for a new directory. For a place that isn't a directory, such as a
 * server, pass what it has `recorded`.
 *
 * @example testTracker(folder({ path: '{directory}/runs' }), { runner });
 */
export const testTracker = tester('tracker', options, (spec: Spec<'tracker'>, { recorded }) => ({
  spec,
  numbers: () => ({}), // it computes nothing
  own: mapValues(OF_PLACES, (holds): Check => [
    '',
    () => inDirectory((directory) => holds(placeOf(spec, directory, recorded))),
  ]),
}));
