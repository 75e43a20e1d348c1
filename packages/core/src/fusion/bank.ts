import * as tf from '@tensorflow/tfjs';
import { PolytaskError, fail } from '../errors/errors.ts';
import type { Call } from '../layers/layer.ts';
import { unstack } from '../layers/unstack.ts';
import type { ParameterStore } from '../parameters/parameter-store.ts';
import { createScope, type Scope } from '../parameters/scope.ts';
import { builderOf, checkSpec } from '../specs/registry.ts';
import type { Expert, ExpertDefinition, ExpertSpec } from './expert.ts';
import { takeMembers } from './take-members.ts';

/** Experts that run at once. */
export interface Bank {
  readonly outputDim: number;
  /** One input [batch, inputDim] for all members, or one each, [members, batch, inputDim] → [members, batch, outputDim]. */
  apply(x: tf.Tensor2D | tf.Tensor3D, call: Call): tf.Tensor3D;
}

export interface BankConfig {
  path: string;
  /** Names of the members, such as `income.0`; they name the members' random streams. */
  members: readonly string[];
  /** One expert for all members, or one a member. */
  experts: ExpertSpec | readonly ExpertSpec[];
  inputDim: number;
}

/**
 * Builds the members of one kind as a bank (parameters with a leading axis, a few wide products), those that can't be
 * banked one by one, and puts their outputs together in the members' order.
 */
export function createBank(store: ParameterStore, config: BankConfig): Bank {
  const groups = groupsOf(config);
  const built = groups.map((group, g) => ({
    ...group,
    run: buildGroup(store, { ...config, path: groups.length === 1 ? config.path : `${config.path}.${g}` }, group),
  }));
  const outputDim = built[0]!.run.outputDim;
  for (const { spec, run } of built) {
    if (run.outputDim !== outputDim) {
      fail({
        expected: `all experts of ${config.path} to give ${outputDim} numbers`,
        received: `${run.outputDim} from "${spec.name}"`,
        mend: 'Give them the same output width: the level adds their outputs up.',
      });
    }
  }
  return {
    outputDim,
    apply(x, call) {
      const outputs = built.map(({ at, run }) => run.apply(x.rank === 2 ? x : takeMembers(x as tf.Tensor3D, at), call));
      if (outputs.length === 1) return outputs[0]!;
      const slots: tf.Tensor[] = [];
      built.forEach(({ at }, g) => unstack(outputs[g]!).forEach((output, i) => (slots[at[i]!] = output)));
      return tf.stack(slots) as tf.Tensor3D;
    },
  };
}

interface Group {
  spec: ExpertSpec;
  /** Which members, by their place. */
  at: number[];
}

function groupsOf({ experts, members, path }: BankConfig): Group[] {
  const specs = Array.isArray(experts) ? (experts as ExpertSpec[]) : members.map(() => experts as ExpertSpec);
  const groups = new Map<string, Group>();
  members.forEach((_, at) => {
    const spec = specs[at]!;
    checkSpec('expert', spec, path);
    const key = JSON.stringify([spec.name, spec.config]);
    const group = groups.get(key);
    if (group) group.at.push(at);
    else groups.set(key, { spec, at: [at] });
  });
  return [...groups.values()];
}

function buildGroup(store: ParameterStore, { path, members, inputDim }: BankConfig, { spec, at }: Group): Bank {
  const definition = builderOf<ExpertDefinition<unknown>>(spec);
  const build = (scope: Scope) => createExpert(scope, spec, inputDim);
  const names = at.map((member) => members[member]!);

  if (definition.bankable) {
    const expert = build(createScope(store, path, { members: names }));
    return {
      outputDim: expert.outputDim,
      apply(x, call) {
        return expected(spec, expert.apply(x, call), [names.length, x.shape.at(-2)!, expert.outputDim]);
      },
    };
  }
  const experts = names.map((name) => build(createScope(store, `${path}.${name}`)));
  const outputDim = experts[0]!.outputDim;
  return {
    outputDim,
    apply(x, call) {
      const inputs = x.rank === 2 ? experts.map(() => x) : unstack(x);
      const outputs = experts.map((expert, i) =>
        expected(spec, expert.apply(inputs[i]!, call), [inputs[i]!.shape[0]!, outputDim]),
      );
      return tf.stack(outputs) as tf.Tensor3D;
    },
  };
}

/**
 * Builds what a spec says in a scope: one expert, or all of a scope's members. {@link createBank} is what models use; this is
 * for tests, and for networks of one's own.
 */
export function createExpert(scope: Scope, spec: ExpertSpec, inputDim: number): Expert {
  const expert = builderOf<ExpertDefinition<unknown>>(spec).build({ ...scope, inputDim }, spec.config);
  if (!Number.isInteger(expert.outputDim) || expert.outputDim < 1) {
    throw new PolytaskError(
      `Expected expert "${spec.name}" to say its outputDim, a positive whole number, received ` +
        `${String(expert.outputDim)}. Return { outputDim, apply } from its builder.`,
    );
  }
  return expert;
}

function expected<T extends tf.Tensor>(spec: ExpertSpec, output: tf.Tensor, shape: number[]): T {
  if (output.shape.length !== shape.length || output.shape.some((side, i) => side !== shape[i])) {
    fail({
      expected: `expert "${spec.name}" to give [${shape}]`,
      received: `[${output.shape}]`,
      mend: 'Write it with operations on the last two axes (linear does), or define it with { bankable: false }.',
    });
  }
  return output as T;
}
