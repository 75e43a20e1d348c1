import { binary, embed, multiTaskModel, type Schema } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { expectClose, logitsOf, plain, tinyModel, tinyRows } from '@polytask/testing';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { stem, type StemOptions } from './ple.ts';

const { fuse, gateOf, heads, tanhLayer } = plain;
type Rows = plain.Rows;

const SIZE = 6;
const level = { experts: mlp([4], { activation: 'tanh' }), perTask: 1, shared: 1 };
const schema: Schema = {
  features: { user: { kind: 'categorical', vocabulary: ['u', 'v', 'w'] } },
  tasks: { a: binary(), b: binary() },
};
const model = () =>
  multiTaskModel({
    schema,
    network: stem({ levels: [level, level] }),
    input: embed({ dimension: 3, start: 'pytorch' }),
    seed: 7,
  });

/** Which parameters the logits of a task have a gradient in; a bank's by member. */
function trainedBy(task: 'a' | 'b'): string[] {
  const built = model();
  return tf.tidy(() => {
    const batch = built.toTensors(built.encode([{ user: 'u' }, { user: 'w' }]));
    const variables = built.store.trainable().map(({ variable }) => variable);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(built.forward(batch).logits[task]!)) as tf.Scalar,
      variables,
    );
    return built.store.trainable().flatMap(({ name, variable }) => {
      const values = [...grads[variable.name]!.dataSync()];
      const members = name.includes('experts') ? ['a', 'b', 'shared'] : [''];
      const share = values.length / members.length;
      return members.flatMap((member, m) =>
        values.slice(m * share, (m + 1) * share).some((value) => value !== 0)
          ? [[name, member].filter(Boolean).join('@')]
          : [],
      );
    });
  });
}

describe('stem', () => {
  it('takes from all experts, forward: in plain loops', () => {
    const tiny = tinyModel(stem({ levels: [level, level] }));
    let vectors: Rows[] = [0, 1, 2, 3].map(() => tinyRows(SIZE));
    for (const l of [0, 1]) {
      const experts = vectors.map((x, e) => tanhLayer(tiny, `levels.${l}.experts.0`, e, x));
      vectors = vectors.slice(0, l === 0 ? 4 : 3).map((x, u) => fuse(gateOf(tiny, `levels.${l}.gates`, u, x), experts));
    }
    expectClose(logitsOf(tiny, SIZE), heads(tiny, vectors));
  });

  it('has embeddings of its own for each task and for the shared lane', () => {
    const tables = model()
      .store.all()
      .filter(({ name }) => name.startsWith('input'));
    expect(tables.map(({ name, variable }) => [name, variable.shape])).toEqual([
      ['input.a.table', [5, 3]],
      ['input.b.table', [5, 3]],
      ['input.shared.table', [5, 3]],
    ]);
    expect(tables[0]!.variable.dataSync()).not.toEqual(tables[1]!.variable.dataSync());
  });

  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ] as const)('task %s trains its own and the shared experts of the level below it, not those of %s', (task, other) => {
    const trained = trainedBy(task);
    expect(trained).toEqual(
      expect.arrayContaining([
        `levels.1.experts.0.kernel@${task}`,
        'levels.1.experts.0.kernel@shared',
        `input.${task}.table`,
        'input.shared.table',
      ]),
    );
    expect(trained).not.toContain(`levels.1.experts.0.kernel@${other}`);
  });

  it('with one level, no loss of a task reaches the embeddings of another', () => {
    const one = multiTaskModel({
      schema,
      network: stem({ levels: [level] }),
      input: embed({ dimension: 3 }),
      seed: 7,
    });
    const reach = (task: string) =>
      tf.tidy(() => {
        const batch = one.toTensors(one.encode([{ user: 'u' }]));
        const tables = one.store.all().filter(({ name }) => name.startsWith('input'));
        const { grads } = tf.variableGrads(
          () => tf.sum(one.forward(batch).logits[task as 'a']!) as tf.Scalar,
          tables.map(({ variable }) => variable),
        );
        return tables
          .filter(({ variable }) => grads[variable.name]!.dataSync().some((value) => value !== 0))
          .map(({ name }) => name);
      });
    expect(reach('a')).toEqual(['input.a.table', 'input.shared.table']);
    expect(reach('b')).toEqual(['input.b.table', 'input.shared.table']);
  });

  it("refuses what it doesn't know", () => {
    expect(() => stem({ levels: [{ ...level, shared: 0 }] })).toThrow('for stem.levels[0].shared, received 0.');
    expect(() => stem({ levels: [{ ...level, share: 1 }] } as unknown as StemOptions)).toThrow(
      'Did you mean "shared"?',
    );
  });
});
