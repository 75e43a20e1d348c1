import { createSpec, load, toBytes, type ComponentKind, type MultiTaskModel, type Spec } from '@polytask/core';
import { eagerEngine, sgd } from '@polytask/training';
import { outputsOf, withProbe, type Probe } from '../probes/probe.ts';
import { logitsOf, tinyBatch } from '../tiny/tiny-model.ts';
import { expectAgreement } from './agreement.ts';

/** A trained model that is saved, and loaded from its bytes, gives the same numbers bit for bit. */
export async function checkSaving(build: () => MultiTaskModel): Promise<void> {
  const model = build();
  let loaded: MultiTaskModel | undefined;
  try {
    const step = await eagerEngine.train(model, { optimizer: sgd(0.1), clip: {} });
    for (let i = 0; i < 3; i++) await step.run(tinyBatch(model, 8), 0.1); // away from the start that the seed would give
    await step.close();
    loaded = await load(await toBytes(model));
    expectAgreement(logitsOf(loaded, 5), logitsOf(model, 5), 0, {
      what: 'the same outputs after saving and loading',
      mend: 'Keep what is learned in parameters and buffers of the builder, and all else in the configuration.',
    });
  } finally {
    model.dispose();
    loaded?.dispose();
  }
}

/** The spec is plain JSON, and all that there is to know: from its JSON the same component is built. */
export function checkSpecJson<S extends Spec<ComponentKind>>(spec: S, build: (spec: S) => Probe): void {
  createSpec(spec.kind, spec.name, spec.config); // refuses what isn't plain JSON, saying what
  const outputs = (each: S) => withProbe(build(each), (probe) => outputsOf(probe));
  expectAgreement(outputs(JSON.parse(JSON.stringify(spec)) as S), outputs(spec), 0, {
    what: "the same outputs from the spec's JSON",
    mend: 'Put all that the component needs into its configuration.',
  });
}
