import type { ExpertSpec } from '@polytask/core';
import { broken } from '../cases/conformance-error.ts';
import { expectFinite } from '../checks/agreement.ts';
import { expertProbe, MEMBERS } from '../probes/expert-probe.ts';
import { outputsOf, withProbe } from '../probes/probe.ts';

/** [bank, batch, outputDim] for an input each and for one input for all, for one row and for more, in training and not. */
export function checkExpertShapes(spec: ExpertSpec, outputDim: number | undefined): void {
  for (const same of [false, true]) {
    for (const rows of [1, 5]) {
      withProbe(expertProbe(spec, { rows, same }), (probe) => {
        const width = probe.bank.outputDim;
        if (outputDim !== undefined && width !== outputDim) {
          broken({
            expected: `an outputDim of ${outputDim}`,
            seen: String(width),
            mend: 'Return the width of the outputs as outputDim.',
          });
        }
        for (const training of [false, true]) {
          const outputs = outputsOf(probe, training); // the bank throws if the shape isn't what outputDim says
          const count = MEMBERS.length * rows * width;
          if (outputs['outputs']!.length !== count) {
            broken({
              expected: `${count} numbers`,
              seen: String(outputs['outputs']!.length),
              mend: 'Return { outputDim, apply }.',
            });
          }
          expectFinite(outputs, 'Guard logarithms, divisions and roots at 0, and the statistics of a single row.');
        }
      });
    }
  }
}
