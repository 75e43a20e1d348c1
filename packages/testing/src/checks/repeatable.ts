import { traitsOf } from '@polytask/components';
import { createSpec, load, toBytes, type MultiTaskModel, type Spec } from '@polytask/core';
import { eagerEngine, sgd } from '@polytask/training';
import { broken } from '../cases/case.ts';
import { passStateOf, outputsOf, parametersOf, restore, withProbe, type Probe } from '../probes/probe.ts';
import { logitsOf, tinyBatch } from '../tiny/tiny-model.ts';
import type { Subject } from '../subject.ts';
import { areSame, expectAgreement, type Numbers } from '../cases/agreement.ts';

const MEND = 'Make parameters with the builder (weight, bias, buffer), whose starts come from the seed.';

/** The same seed gives the same start, bit for bit, and another seed another start, unless the component says otherwise. */
export function checkSeeds({ spec, probe }: Pick<Subject, 'spec'> & { readonly probe: (seed: number) => Probe }): void {
  const start = (seed: number): Numbers => withProbe(probe(seed), ({ store, prefix }) => parametersOf(store, prefix));
  const first = start(7);
  expectAgreement(start(7), first, 0, { what: 'the same start from the same seed', fix: MEND });
  const isFixed = traitsOf(spec).fixedStart === true;
  if (Object.keys(first).length === 0 || areSame(start(8), first) === isFixed) return;
  broken({
    expected: isFixed ? 'the same start from every seed, as `traits` says' : 'another start from another seed',
    seen: isFixed ? 'another' : 'the same',
    fix: isFixed
      ? 'Leave out `fixedStart`.'
      : `${MEND} Say \`traits: { fixedStart: true }\` in the definition if that is meant.`,
  });
}

/** A pass in training can be repeated, because all random numbers come from the model's streams. */
export function checkStreams(build: () => Probe): void {
  withProbe(build(), (probe) => {
    outputsOf(probe, true); // some streams are made when they are first used
    const state = passStateOf(probe);
    const first = outputsOf(probe, true);
    restore(probe, state);
    expectAgreement(outputsOf(probe, true), first, 0, {
      what: 'the same outputs when the random streams are set back',
      fix: 'Draw with randomTensor(builder.random(name), …), and not with Math.random or the random operations of TF.js.',
    });
  });
}

/** A trained model has the same outputs after saving and loading, bit for bit. */
export async function checkSaving(build: () => MultiTaskModel): Promise<void> {
  const model = build();
  let loaded: MultiTaskModel | undefined;
  try {
    const step = await eagerEngine.train(model, { optimizer: sgd(0.1), clip: {} });
    for (let i = 0; i < 3; i++) await step.run(tinyBatch(model, 8), 0.1); // so that the parameters differ from their start
    await step.close();
    loaded = await load(await toBytes(model));
    expectAgreement(logitsOf(loaded, 5), logitsOf(model, 5), 0, {
      what: 'the same outputs after saving and loading',
      fix: 'Keep what is learned in parameters and buffers of the builder, and all else in the configuration.',
    });
  } finally {
    model.dispose();
    loaded?.dispose();
  }
}

/** The spec is plain JSON, and the component of that JSON computes the same. */
export function checkJson({ spec, numbers }: Required<Pick<Subject, 'spec' | 'numbers'>>): void {
  createSpec(spec.kind, spec.name, spec.config as object); // throws when the configuration isn't plain JSON
  expectAgreement(numbers(JSON.parse(JSON.stringify(spec)) as Spec), numbers(spec), 0, {
    what: "the same numbers from the spec's JSON",
    fix: 'Put all that the component needs into its configuration.',
  });
}
