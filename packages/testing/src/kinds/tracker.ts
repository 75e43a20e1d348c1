import { anything, mapValues, optional, type Option } from '@polytask/components';
import type { Spec } from '@polytask/core';
import { openTracker, type Tracker } from '@polytask/training';
import { check, expectThat, inDirectory } from '../cases/case.ts';
import { tester } from '../tester.ts';

const options = {
  /** All that the place has received, as bytes or text. Default: the names and bytes of the files in `{directory}`. */
  recorded: optional(anything as Option<() => Promise<string | Uint8Array> | string | Uint8Array>),
};

/** The spec, which is JSON, with a directory in place of `{directory}`. */
const inPlace = (spec: Spec<'tracker'>, directory: string): typeof spec =>
  JSON.parse(JSON.stringify(spec).replaceAll('{directory}', JSON.stringify(directory).slice(1, -1))) as typeof spec;

/** Names and bytes of all files of a directory, one after the other. It waits for nothing: a write that nobody awaits isn't there yet. */
function filesIn(directory: string, { readdirSync, readFileSync }: typeof import('node:fs')): Uint8Array {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .sort();
  return Buffer.concat(names.flatMap((name) => [Buffer.from(name.slice(directory.length)), readFileSync(name)]));
}

/** A tracker, and the place that it writes to. */
interface Place {
  readonly tracker: Tracker;
  /** All that is there. */
  readonly content: () => Promise<Buffer>;
}

/** Requires that the place has texts, and numbers as text or as floats of 32 or 64 bits. @param when the moment */
async function expectThere({ content }: Place, values: readonly (string | number)[], when: string): Promise<void> {
  const seen = await content();
  for (const value of values) {
    const floats = [Float32Array, Float64Array].map((type) => Buffer.from(type.of(Number(value)).buffer));
    const forms = [String(value), ...(typeof value === 'number' ? floats : [])];
    const isThere = forms.some((form) => seen.includes(form));
    expectThat(isThere, `${JSON.stringify(value)} in the place ${when}`, `${seen.length} bytes there`);
  }
}

/** Numbers that 32 bits hold, and that nothing else has. */
const STEPS = [
  { loss: 0.7197265625, 'validation/click/auc': 0.6416015625 },
  { loss: 0.4931640625, 'validation/click/auc': 0.7783203125 },
] as const;

const valuesOf = (step: Readonly<Record<string, number>>) =>
  Object.entries(step).flatMap(([name, value]) => [name.split('/').at(-1)!, value]);

const [FIRST, SECOND] = ['first-run-of-the-kit', 'second-run-of-the-kit'];
const PARAMETERS = { model: 'adatt-of-the-kit', learningRate: 0.0341796875 };
const started = ({ tracker }: Place, name = FIRST) => tracker.start({ name, parameters: PARAMETERS });

const OF_PLACES: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  async 'a run begins with its name and parameters'(place) {
    const run = await started(place);
    await expectThere(place, [FIRST, ...Object.values(PARAMETERS).map(String)], 'once a run has started');
    await run.end('finished');
  },
  async 'each step is there once it was logged'(place) {
    const run = await started(place);
    for (const [i, values] of STEPS.entries()) {
      await run.log(i + 1, values);
      await expectThere(place, valuesOf(values), `once step ${i + 1} was logged`);
    }
    await run.log(3, { loss: NaN, 'validation/click/auc': 0.8759765625 });
    await expectThere(place, [0.8759765625], 'although another number of the step is NaN');
    await run.end('finished');
  },
  async 'nothing is written after the end'(place) {
    const run = await started(place);
    await run.log(1, STEPS[0]);
    await run.end('finished');
    const before = await place.content();
    await new Promise((resolve) => setTimeout(resolve, 150));
    const isSame = before.equals(await place.content());
    expectThat(isSame, 'nothing new after the end of a run', 'a write', 'Wait for all writes in `end`.');
  },
  async 'two runs leave one another as they are'(place) {
    const one = await started(place);
    await one.log(1, STEPS[0]);
    const two = await started(place, SECOND);
    await two.log(1, STEPS[1]);
    await Promise.all([one.end('finished'), two.end('failed')]);
    await expectThere(place, [FIRST, SECOND, ...STEPS.flatMap(valuesOf)], 'after two runs at once');
  },
};

/**
 * Tests a tracker. In the options of the spec, `{directory}` stands for a new directory. For a place that isn't a directory, such as a
 * server, pass what it has `recorded`.
 *
 * @example testTracker(folder({ path: '{directory}/runs' }), { runner });
 */
export const testTracker = tester({ kind: 'tracker', options }, (spec: Spec<'tracker'>, { recorded }) => ({
  spec,
  numbers: () => ({}), // it computes nothing
  own: mapValues(OF_PLACES, (holds) =>
    check(async () => {
      const fs = await import('node:fs');
      await inDirectory((directory) => {
        const content = async () => Buffer.from((recorded ? await recorded() : filesIn(directory, fs)) as Uint8Array);
        return holds({ content, tracker: openTracker(inPlace(spec, directory)) });
      });
    }, 'Write all that a call got before it returns.'),
  ),
}));
