import { anything, type Option } from '@polytask/components';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { denseSchema } from '../features/schema.ts';
import { defineExpert } from '../fusion/expert.ts';
import { defineGate } from '../fusion/gate.ts';
import { defineNetwork, fusion, type FusionDeclaration } from '../fusion/network.ts';
import { definePenalty } from '../fusion/penalty.ts';
import { ownUnits } from '../fusion/units.ts';
import { defineInput } from '../inputs/input.ts';
import { binary } from '../tasks/binary.ts';
import { tinyExpert } from '../testing/tiny.ts';
import { multiTaskModel } from './model.ts';

type Level = FusionDeclaration['levels'][number];

const one = defineGate('test-builders.one', ({ mask }) => ({ reads: 'nothing', apply: () => mask }));
const oneLevel = defineNetwork(
  'test-builders.level',
  ({ level }, tasks) =>
    fusion([
      { ...{ units: ownUnits(tasks, 1), experts: tinyExpert({ units: 2 }), gate: one() }, outputs: tasks, ...level },
    ]),
  { options: { level: anything as Option<Partial<Level>> } },
);

const nothing = (() => ({})) as never;
const wrong = {
  expert: defineExpert('test-builders.expert', nothing),
  gate: defineGate('test-builders.gate', nothing),
  penalty: definePenalty('test-builders.penalty', (() => tf.scalar(0)) as never),
  network: defineNetwork('test-builders.network', nothing),
  input: defineInput('test-builders.input', nothing),
};

const building = (more: Partial<Parameters<typeof multiTaskModel>[0]>) => () =>
  multiTaskModel({ schema: denseSchema(2, { a: binary() }), network: oneLevel({ level: {} }), seed: 7, ...more });
const ofLevel = (level: Partial<Level>) => building({ network: oneLevel({ level }) });

it('builds a model of whole parts', () => building({})().dispose());

it.each<[string, () => unknown, string]>([
  ['expert', ofLevel({ experts: wrong.expert() }), 'apply'],
  ['gate', ofLevel({ gate: wrong.gate() }), 'reads, apply'],
  ['penalty', ofLevel({ penalties: [wrong.penalty()] }), 'a function'],
  ['network', building({ network: wrong.network() }), 'levels'],
  ['input', building({ input: wrong.input() }), 'outputDim, apply'],
])('says what the builder of the %s left out', (kind, build, members) => {
  expect(build).toThrow(`Expected the ${kind} "test-builders.${kind}" with ${members}, received`);
});
