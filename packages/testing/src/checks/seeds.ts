import { broken } from '../cases/conformance-error.ts';
import { momentOf, outputsOf, parametersOf, restore, withProbe, type Probe } from '../probes/probe.ts';
import { areSame, expectAgreement, type Numbers } from './agreement.ts';

const MEND = 'Make parameters with the builder (weight, bias, buffer), whose starts come from the seed.';

/** One seed gives one start, bit for bit; another seed another, where the start is random at all. */
export function checkSeeds(
  build: (seed: number) => Probe,
  { random, learned }: { random: boolean; learned: boolean },
): void {
  const start = (seed: number): Numbers => withProbe(build(seed), ({ store, prefix }) => parametersOf(store, prefix));
  const first = start(7);
  expectAgreement(start(7), first, 0, { what: 'the same start from the same seed', mend: MEND });
  const names = Object.keys(first);
  if (names.length > 0 !== learned) {
    broken({
      expected: learned ? 'parameters' : 'no parameters',
      seen: names.join(', ') || 'none',
      mend: `Pass { learned: ${!learned} } to the conformance test if that is meant.`,
    });
  }
  if (areSame(start(8), first) === random) {
    broken({
      expected: random ? 'another start from another seed' : 'the same start from every seed',
      seen: random ? 'the same' : 'another',
      mend: `${MEND} Pass { random: ${!random} } to the conformance test if that is meant.`,
    });
  }
}

/** A pass in training can be repeated: what is random in it comes from the model's streams. */
export function checkStreams(build: () => Probe): void {
  withProbe(build(), (probe) => {
    outputsOf(probe, true); // some streams are made when they are first used
    const moment = momentOf(probe);
    const first = outputsOf(probe, true);
    restore(probe, moment);
    expectAgreement(outputsOf(probe, true), first, 0, {
      what: 'the same outputs when the random streams are set back',
      mend: 'Draw with randomTensor(builder.random(name), …), and not with Math.random or the random operations of TF.js.',
    });
  });
}
