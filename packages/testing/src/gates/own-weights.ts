import type { GateSpec } from '@polytask/core';
import * as tf from '@tensorflow/tfjs';
import { expectAgreement, type Numbers } from '../checks/agreement.ts';
import { gateProbe } from '../probes/gate-probe.ts';
import { outputsOf, withProbe } from '../probes/probe.ts';

/** The weights that are read are their reader's: disposing them changes nothing. */
export function checkOwnWeights(spec: GateSpec): void {
  withProbe(gateProbe(spec), (probe) => {
    const before: Numbers = outputsOf(probe);
    tf.dispose(tf.tidy(() => ['gated', 'constant'].flatMap((part) => probe.run(false)[part] ?? [])));
    expectAgreement(outputsOf(probe), before, 0, { what: 'the same weights after they were read and disposed', mend: 'Keep no tensor between passes.' });
  });
}
