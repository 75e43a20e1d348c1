import { optional, wholeNumber } from '@polytask/components';
import { describe, expect, it } from 'vitest';
import { denseSchema } from '../features/schema.ts';
import { defineExpert } from '../fusion/expert.ts';
import { defineGate } from '../fusion/gate.ts';
import { defineNetwork, fusion } from '../fusion/network.ts';
import { activationName } from '../layers/dense.ts';
import { multiTaskModel } from '../model/model.ts';
import { binary } from '../tasks/binary.ts';
import { tinyExpert, tinyNetwork } from '../testing/tiny.ts';
import { expertSpecs } from './checks.ts';

it('checks names of activations, and the experts of a level', () => {
  expect(() => activationName.read('gelu', 'it')).not.toThrow();
  expect(() => activationName.read('relo', 'it')).toThrow('Did you mean "relu"?');
  const expert = tinyExpert({ units: 2 });
  for (const each of [expert, [expert, tinyExpert({ units: 3 })]])
    expect(() => expertSpecs.read(each, 'it')).not.toThrow();
  expect(() => expertSpecs.read([], 'it')).toThrow('Expected a list of 1 or more for it, received [].');
  expect(() => expertSpecs.read([expert, 64], 'it')).toThrow('Expected an expert for it[1], received 64.');
});

describe('a component defined with options', () => {
  const expert = defineExpert('options-expert', (_, { units }) => ({ outputDim: units, apply: (x) => x }), {
    options: { units: wholeNumber(1) },
  });
  const gate = defineGate('options-gate', ({ mask }) => ({ reads: 'nothing', apply: () => mask }), {
    options: { size: optional(wholeNumber()) },
  });
  const network = defineNetwork('options-network', () => fusion([]), {
    options: { depth: wholeNumber() },
  });

  it('is checked when it is made', () => {
    expect(() => expert({ unit: 1 } as unknown as { units: number })).toThrow('received "unit". Did you mean "units"?');
    expect(() => gate({ sice: 1 } as object)).toThrow('received "sice". Did you mean "size"?');
    expect(() => gate({ sees: 'ow' as 'own' })).toThrow('for options-gate.sees, received "ow". Did you mean "own"?');
    expect(() => network({ depth: 0.5 })).toThrow('for options-network.depth, received 0.5.');
  });

  it('has a configuration of its own, which nobody changes later', () => {
    const config = { units: 3 };
    const spec = expert(config);
    config.units = 9;
    expect(spec).toEqual({ kind: 'expert', name: 'options-expert', config: { units: 3 } });
  });

  it('is checked again when a model is built from a declaration', () => {
    const build = (config: object, beside?: object) => () =>
      multiTaskModel({
        schema: denseSchema(2, { click: binary() }),
        network: tinyNetwork({ units: 2 }),
        tower: { kind: 'expert', name: 'options-expert', config, ...beside },
        seed: 7,
      }).dispose();
    expect(build({ units: 2 })).not.toThrow();
    expect(build({ units: 2, dropout: 1 })).toThrow('Expected an option of options-expert, received "dropout".');
    expect(build({ units: 2 }, { units: 9 })).toThrow('for multiTaskModel.tower, received "units" next to its config.');
  });
});
