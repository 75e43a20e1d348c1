import { adatt } from '@polytask/adatt';
import {
  binary,
  gateVariants,
  growModel,
  multiTaskModel,
  PolytaskError,
  grownSchema,
  type Schema,
  type Tasks,
} from '@polytask/core';
import { mlp } from '@polytask/experts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { type ModelParts, models, smallParts } from './models.ts';

beforeAll(() => tf.setBackend('cpu'));

const old: Schema = {
  features: {
    age: { kind: 'numeric', mean: 40, deviation: 10 },
    state: { kind: 'categorical', vocabulary: ['Utah', 'Ohio'] },
    tags: {
      ...{ kind: 'multi-valued', separator: '|', maxLength: 2, pooling: 'mean' },
      values: { kind: 'categorical', vocabulary: ['a', 'b'] },
    },
    user: { kind: 'hashed', buckets: 5 },
  },
  tasks: { a: binary(), b: binary() },
  context: ['state'],
};
const rows = [
  { age: 30, state: 'Utah', tags: 'a|b', user: 'u1' },
  { age: 50, state: 'Ohio', tags: 'b', user: 'u2' },
  { age: null, state: null, tags: '', user: null },
];
const further = (vocabulary: readonly string[], tasks: Tasks): Pick<Schema, 'features' | 'tasks'> => ({
  tasks,
  features: {
    ...old.features,
    age: { kind: 'numeric', mean: 400, deviation: 1 },
    state: { kind: 'categorical', vocabulary },
    tags: { ...old.features['tags']!, values: { kind: 'categorical', vocabulary: ['c', 'a'] } } as never,
  },
});
const more = {
  ids: further(['Iowa', 'Utah', 'Maine'], {}),
  tasks: { features: old.features, tasks: { share: binary() } },
};

const partsOf = (name: string) => smallParts(models().find((each) => each.name === name)!);

/** The tasks whose predictions of old rows changed, or the reason why the model can't grow. */
async function grown(parts: ModelParts, what: keyof typeof more, members = 1): Promise<string> {
  const model = multiTaskModel({
    schema: old,
    ...parts,
    ...(members > 1 && { members, rotations: {} }),
    seed: 7,
  });
  try {
    const next = (await growModel(model, grownSchema(old, more[what]))).model;
    const [before, after] = [model.predict(rows), next.predict(rows)];
    next.dispose();
    const changed = Object.keys(old.tasks).filter(
      (task) => !before[task]!.every((value, i) => value === after[task]![i]),
    );
    return changed.length === 0 ? 'same' : `changed: ${changed.join()}`;
  } catch (error) {
    if (!(error instanceof PolytaskError)) throw error;
    return error.message;
  } finally {
    model.dispose();
  }
}

/** The models that can't grow so, with a part of the reason. All others have the same predictions. */
const REFUSED: Readonly<Record<keyof typeof more, Readonly<Record<string, string>>>> = {
  ids: {
    'logistic-regression': 'parameter "heads.kernel" to grow with its numbers, received [2,16,1]',
    ...Object.fromEntries(['star', 'sar-net', 'hinet', 'm3oe'].map((name) => [name, 'to grow with its numbers'])),
  },
  tasks: {
    home: 'home.groups to have each of a, b, share once',
    branched: 'branched.branches[0] to have each of a, b, share once',
    'relationship-network': 'kernel.task" to grow with its numbers, received [2,2]',
  },
};

test.each(['ids', 'tasks'] as const)(
  'old rows have the same predictions to the bit after %s are added',
  async (what) => {
    for (const { name } of models())
      expect(await grown(partsOf(name), what), name).toEqual(expect.stringContaining(REFUSED[what][name] ?? 'same'));
  },
);

test.each(['ids', 'tasks'] as const)('members keep their scales and heads after %s are added', async (what) => {
  for (const name of ['adatt', 'ple', 'shared-bottom']) expect(await grown(partsOf(name), what, 3), name).toBe('same');
});

test('old tasks have the same predictions with another gate, unless its scores are not one for each expert', async () => {
  const changed: string[] = [];
  for (const { name, gate } of gateVariants()) {
    const network = adatt({ levels: [{ experts: mlp([4]), shared: 1, gate: gate('unit') }] });
    if ((await grown({ network }, 'tasks')) !== 'same') changed.push(name);
  }
  expect(changed).toEqual(['dselect-k', 'attention']); // their codes and keys are for all experts together
});
