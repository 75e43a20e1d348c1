import * as tf from '@tensorflow/tfjs';
import { fail } from '../errors/errors.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createBank, type Bank } from './bank.ts';
import type { ExpertSpec } from './expert.ts';
import { takeMembers } from '../layers/members.ts';
import type { Unit } from './units.ts';

export interface TiedBankConfig {
  name: string;
  units: readonly Unit[];
  /** The expert of each place of one unit. */
  experts: readonly ExpertSpec[];
  inputDim: readonly number[];
}

/** Where the parameters of tied experts stand. */
export const tiedPath = (name: string): string => `tied.${name}`;

/** Banks by name that levels have in common, with the width that they read. */
export type TiedBanks = Map<string, { readonly bank: Bank; readonly inputDim: number; readonly experts: string }>;

/**
 * Experts that every unit has in common: one set of parameters for each index, run once on the units' rows one below the
 * other. Its members are the places of all units, in their order, as in a bank of their own.
 */
export function tiedBank(store: ParameterStore, banks: TiedBanks, config: TiedBankConfig): Bank {
  const { name, units } = config;
  const [count, inputDim] = [units[0]!.experts, config.inputDim[0]!];
  const experts = config.experts.slice(0, count);
  if (units.some((unit) => unit.experts !== count) || config.inputDim.some((width) => width !== inputDim)) {
    fail({
      expected: `units with as many experts each, and lanes of one width, where experts are tied ("${name}")`,
      received: `${units.map((unit) => unit.experts).join(', ')} experts, widths ${config.inputDim.join(', ')}`,
      mend: 'Give every unit the same number, and the level before one output width.',
    });
  }
  const known = banks.get(name) ?? {
    bank: createBank(store, { path: tiedPath(name), members: experts.map((_, i) => String(i)), experts, inputDim }),
    inputDim,
    experts: JSON.stringify(experts),
  };
  banks.set(name, known);
  if (known.inputDim !== inputDim || known.experts !== JSON.stringify(experts)) {
    fail({
      expected: `all levels of the tied experts "${name}" to have the same experts on ${known.inputDim} numbers`,
      received: `others on ${inputDim}`,
      mend: 'Let the experts give as many numbers as they read, or put an encoder before them.',
    });
  }
  const { bank } = known;
  return {
    outputDim: bank.outputDim,
    parameters: bank.parameters,
    apply(x, call, laneOf) {
      const given = x instanceof tf.Tensor ? x : (tf.stack([...x]) as tf.Tensor3D);
      if (given.rank === 2) {
        const once = bank.apply(given as tf.Tensor2D, call); // [count, batch, out]
        return units.length === 1
          ? once
          : tf.concat(
              units.map(() => once),
              0,
            );
      }
      const lanes = takeMembers(
        given as tf.Tensor3D,
        units.map((_, u) => laneOf?.[u * count] ?? u * count),
      ); // [units, batch, in]
      const batch = lanes.shape[1];
      const below = tf.reshape(lanes, [units.length * batch, inputDim]) as tf.Tensor2D; // one lane below the other
      const tall = bank.apply(below, call); // [count, units × batch, out]
      const apart = tf.reshape(tall, [count, units.length, batch, bank.outputDim]);
      return tf.reshape(tf.transpose(apart, [1, 0, 2, 3]), [units.length * count, batch, bank.outputDim]);
    },
  };
}
