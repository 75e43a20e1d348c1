import * as tf from '@tensorflow/tfjs-core';
import { fail } from '@polytask/components';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createBank, type Bank, type BankOptions } from './bank.ts';
import type { ExpertSpec } from './expert.ts';
import { takeMembers } from '../layers/operations.ts';
import type { Unit } from './units.ts';

export interface TiedLevel extends Pick<BankOptions, 'contexts' | 'modelMembers'> {
  units: readonly Unit[];
  /** The spec of each expert, unit by unit. */
  experts: readonly ExpertSpec[];
  inputDim: readonly number[];
}

/** The tied banks of a network by name, with the width and the specs that they were built with. */
export type TiedBanks = Map<string, { readonly bank: Bank; readonly inputDim: number; readonly experts: string }>;

/** Experts that all units share, for `tied` of a level. */
export interface TiedExperts {
  readonly path: string;
  /** Builds the bank of a level. @param banks the tied banks of the network so far */
  bank(store: ParameterStore, banks: TiedBanks, level: TiedLevel): Bank;
}

/**
 * Ties the experts of a level: expert i of every unit has the same parameters, in this level and in every level with experts
 * tied under this name. It reads the lane of its unit (soft layer ordering, AdaShare).
 *
 * @param name the name in saved models
 * @throws PolytaskError, when the model is built, if units differ in their number of experts, or lanes in their width
 * @example fusion([{ units: ownUnits(tasks, 3), experts: mlp([64]), tied: tiedExperts('layers'), outputs: tasks, gate: softmaxGate() }])
 */
export const tiedExperts = (name: string): TiedExperts => ({
  path: `tied.${name}`,
  bank: (store, banks, level) => tiedBank(store, banks, name, level),
});

/** Each expert runs once, on the rows of all units stacked along the batch axis. The members are the experts of all units. */
function tiedBank(store: ParameterStore, banks: TiedBanks, name: string, { units, ...config }: TiedLevel): Bank {
  const [count, inputDim] = [units[0]!.experts, config.inputDim[0]!];
  const experts = config.experts.slice(0, count);
  if (units.some((unit) => unit.experts !== count) || config.inputDim.some((width) => width !== inputDim)) {
    fail({
      expected: `units with as many experts each, and lanes of one width, where experts are tied ("${name}")`,
      received: `${units.map((unit) => unit.experts).join(', ')} experts, widths ${config.inputDim.join(', ')}`,
      fix: 'Give every unit the same number, and the level before one output width.',
    });
  }
  const entry = banks.get(name) ?? {
    bank: createBank(store, {
      ...config,
      path: tiedExperts(name).path,
      members: experts.map((_, i) => String(i)),
      experts,
      inputDim,
    }),
    inputDim,
    experts: JSON.stringify(experts),
  };
  banks.set(name, entry);
  if (entry.inputDim !== inputDim || entry.experts !== JSON.stringify(experts)) {
    fail({
      expected: `all levels of the tied experts "${name}" to have the same experts on ${entry.inputDim} numbers`,
      received: `others on ${inputDim}`,
      fix: 'Let the experts give as many numbers as they read, or put an encoder before them.',
    });
  }
  const { bank } = entry;
  return {
    outputDim: bank.outputDim,
    parameters: bank.parameters,
    apply(x, call, laneOf) {
      const inputs = x instanceof tf.Tensor ? x : (tf.stack([...x]) as tf.Tensor3D);
      if (inputs.rank === 2) {
        const once = bank.apply(inputs as tf.Tensor2D, call); // [count, batch, out]
        const each = units.map(() => once);
        return each.length === 1 ? once : tf.concat(each, 0);
      }
      const places = units.map((_, u) => laneOf?.[u * count] ?? u * count);
      const lanes = takeMembers(inputs as tf.Tensor3D, places); // [units, batch, in]
      const batch = lanes.shape[1];
      const rows = tf.reshape(lanes, [units.length * batch, inputDim]) as tf.Tensor2D;
      const tall = bank.apply(rows, { ...call, copies: units.length }); // [count, units × batch, out]
      const byUnit = tf.reshape(tall, [count, units.length, batch, bank.outputDim]);
      return tf.reshape(tf.transpose(byUnit, [1, 0, 2, 3]), [units.length * count, batch, bank.outputDim]);
    },
  };
}
