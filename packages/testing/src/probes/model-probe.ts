import { allParts, type MultiTaskModel } from '@polytask/core';
import { tinyRows } from '../tiny/rows.ts';
import { inputOf, type Probe } from './probe.ts';

/** A whole model; its outputs are the logits by task, and the losses that its parts add. */
export function modelProbe(model: MultiTaskModel, rows = 5): Probe {
  const x = inputOf(tinyRows(rows));
  return {
    store: model.store,
    prefix: '',
    inputs: { 'the features': x },
    run(training) {
      const { logits, auxiliary } = model.forward(allParts({ numeric: x }, rows), { training });
      return { ...logits, ...auxiliary };
    },
  };
}
