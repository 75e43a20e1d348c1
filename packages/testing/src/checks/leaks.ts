import '@polytask/training/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { broken } from '../cases/case.ts';
import { outputsOf, withProbe, type Probe } from '../probes/probe.ts';

/** Building and disposing, a pass, and a gradient free all their tensors. */
export function checkLeaks(build: () => Probe): void {
  const empty = tf.memory().numTensors;
  withProbe(build(), (probe) => {
    const built = tf.memory().numTensors;
    const expectBuilt = (what: string) =>
      expectCount(what, built, "Don't keep tensors, and let tf.tidy free what a pass makes.");
    outputsOf(probe);
    expectBuilt('a pass');
    outputsOf(probe, true);
    expectBuilt('a pass in training');
    const parameters = [...probe.store.trainable().map(({ variable }) => variable), ...Object.values(probe.inputs)];
    tf.tidy(() => {
      const parts = () => Object.values(probe.run(true)).map((output) => tf.sum(output));
      tf.variableGrads(() => parts().reduce((a, b) => tf.add(a, b)) as tf.Scalar, parameters);
    });
    expectBuilt('a gradient');
  });
  expectCount(
    'building and disposing',
    empty,
    'Make tensors that last with builder.constant or buffer: they are freed with the model.',
  );
}

function expectCount(what: string, expected: number, fix: string): void {
  const more = tf.memory().numTensors - expected;
  if (more !== 0) broken({ expected: `${what} to leave no tensor behind`, seen: `${more} more than before`, fix });
}
