import { createSpec, load, toBytes, type ComponentKind, type MultiTaskModel, type Spec } from '@polytask/core';
import { eagerEngine, sgd } from '@polytask/training';
import { broken } from '../cases/case.ts';
import { passStateOf, outputsOf, parametersOf, restore, withProbe, type Probe } from '../probes/probe.ts';
import { logitsOf, tinyBatch } from '../tiny/tiny-model.ts';
import { areSame, expectAgreement, type Numbers } from '../cases/agreement.ts';

const MEND = 'Make parameters with the builder (weight, bias, buffer), whose starts come from the seed.';

/**
 * The same seed gives the same start, bit for bit, and another seed another start.
 *
 * @param options `random` is false for a start that doesn't depend on the seed, `learned` for a component without parameters
 */
export function checkSeeds(
  build: (seed: number) => Probe,
  { random, learned }: { random: boolean; learned: boolean },
): void {
  const start = (seed: number): Numbers => withProbe(build(seed), ({ store, prefix }) => parametersOf(store, prefix));
  const first = start(7);
  expectAgreement(start(7), first, 0, { what: 'the same start from the same seed', fix: MEND });
  const names = Object.keys(first);
  if (names.length > 0 !== learned) {
    broken({
      expected: learned ? 'parameters' : 'no parameters',
      seen: names.join(', ') || 'none',
      fix: `Pass { learned: ${!learned} } to the conformance test if that is meant.`,
    });
  }
  if (areSame(start(8), first) === random) {
    broken({
      expected: random ? 'another start from another seed' : 'the same start from every seed',
      seen: random ? 'the same' : 'another',
      fix: `${MEND} Pass { random: ${!random} } to the conformance test if that is meant.`,
    });
  }
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

/** The spec is plain JSON, and gives the same values again from that JSON. */
export function checkJson<S extends Spec<ComponentKind>>(
  spec: S,
  numbersOf: (spec: S) => Numbers,
  { what, of }: { what: string; of: string },
): void {
  createSpec(spec.kind, spec.name, spec.config as object); // throws when the configuration isn't plain JSON
  expectAgreement(numbersOf(JSON.parse(JSON.stringify(spec)) as S), numbersOf(spec), 0, {
    what: `the same ${what} from the spec's JSON`,
    fix: `Put all that the ${of} needs into its configuration.`,
  });
}

/** The spec is plain JSON, and the component built from that JSON has the same outputs. */
export const checkSpecJson = <S extends Spec<ComponentKind>>(spec: S, build: (spec: S) => Probe): void =>
  checkJson(spec, (each) => withProbe(build(each), (probe) => outputsOf(probe)), { what: 'outputs', of: 'component' });
