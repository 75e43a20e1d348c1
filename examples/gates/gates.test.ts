import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aitm, mmoe, relationshipNetwork, sluice, snrAver } from '@polytask/baselines';
import { multiTaskModel, sumGate, type GateSpec, type NetworkSpec } from '@polytask/core';
import { syntheticTasks } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { constantGate, dselectKGate, hardConcreteGate, noisyTopKGate, selectGate } from '@polytask/gating';
import { fit } from '@polytask/training';
import { describe, expect, it, vi } from 'vitest';
import { byTurns } from '../../cases.base.ts';

const tasks = syntheticTasks({ tasks: ['click', 'like'], kind: 'binary', dimension: 6, seed: 3 });
const train = tasks.sample(120, 1);
const experts = mlp([4]);
const gated = (gate: GateSpec) => mmoe({ levels: [{ experts, pool: 4, gate }] });
const spread = noisyTopKGate({ k: 2, importance: 0.1, load: 0.1 });

/** The losses of one epoch of three batches, all of one size. */
async function lossesOf(network: NetworkSpec, engine: 'eager' | 'auto', auxiliary: Record<string, number> = {}) {
  const model = multiTaskModel({ schema: tasks.schema, network, auxiliary, seed: 7 });
  const { history } = await fit(model, train, { epochs: 1, batchSize: 40, engine });
  model.dispose();
  return history[0]!;
}

describe('the losses that parts of a network add', () => {
  const networks: [string, NetworkSpec, string[]][] = [
    ['noisy top-k', gated(spread), ['importance', 'load']],
    ['hard concrete', gated(hardConcreteGate({ l0: 0.1 })), ['l0']],
    ['DSelect-k', gated(dselectKGate({ entropy: 0.1 })), ['entropy']],
    ['select', gated(selectGate({ sees: 'all', sparsity: 0.1 })), ['sparsity']],
    ['one of a sum', gated(sumGate(spread, constantGate())), ['importance', 'load']],
    ['sluice', sluice({ levels: [{ experts }], orthogonality: 0.1 }), ['orthogonality']],
    ['SNR', snrAver({ levels: [{ experts, pool: 2 }], l0: 0.1 }), ['l0']],
    ['MRN', relationshipNetwork({ levels: [{ experts }] }), ['tensor-normal']],
    ['AITM', aitm({ levels: [{ experts }], funnel: ['click', 'like'] }), ['calibration']],
  ];
  const onEngines = (['eager', 'auto'] as const).flatMap((engine, i) =>
    byTurns(networks, i).map(([name, network, names]) => ({ engine, name, network, names })),
  );
  it.each(onEngines)(
    'are in the history by name, and in what is minimized: $name, $engine engine',
    async ({ engine, network, names }) => {
      const { loss, losses, auxiliary } = await lossesOf(network, engine);
      expect(Object.keys(auxiliary)).toEqual(names);
      for (const name of names) expect(Math.abs(auxiliary[name]!), name).toBeGreaterThan(0);
      const all = [...Object.values(losses), ...Object.values(auxiliary)].reduce((total, each) => total + each, 0);
      expect(loss).toBeCloseTo(all, 5);
    },
  );

  it("are weighed by the gate's options, and by the model's auxiliary once more", async () => {
    const first = async (importance: number, auxiliary?: Record<string, number>) => {
      const model = multiTaskModel({
        schema: tasks.schema,
        network: gated(noisyTopKGate({ importance, load: 0.1 })),
        ...(auxiliary && { auxiliary }),
        seed: 7,
      });
      let seen: Readonly<Record<string, number>> = {};
      await fit(model, train, {
        engine: 'eager',
        callbacks: { onStep: ({ auxiliary: losses }) => ((seen = losses), 'stop') },
      });
      return seen;
    };
    const plain = await first(0.1);
    const tenfold = await first(1);
    const halved = await first(0.1, { load: 0.5 });
    expect(tenfold['importance']).toBeCloseTo(10 * plain['importance']!, 5);
    expect(tenfold['load']).toBeCloseTo(plain['load']!, 6);
    expect(halved['importance']).toBeCloseTo(plain['importance']!, 6);
    expect(halved['load']).toBeCloseTo(plain['load']! / 2, 6);
  });
});

describe('the example of docs/evaluating.md', () => {
  it('runs, and stands there word for word', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const { history, level } = await import('./gates.ts');
    const [auxiliary, click, like, shares] = log.mock.calls.map(([first]) => first as unknown);
    log.mockRestore();
    expect(auxiliary).toEqual(history.at(-1)!.auxiliary);
    expect(Object.keys(history.at(-1)!.auxiliary)).toEqual(['importance', 'load']);
    expect(click).toMatch(/^click: entropy 0\.\d\d of 1\.39, \d\.\d of 4 experts used$/);
    expect(like).toMatch(/^like: /);
    expect(shares).toEqual(level!.overall.shares);
    for (const { entropy, effectiveExperts } of Object.values(level!.units)) {
      expect(entropy).toBeLessThanOrEqual(Math.log(2) + 1e-6); // each row takes two experts
      expect(effectiveExperts).toBeGreaterThan(3); // and all four are used
    }
    const [docs, example] = await Promise.all([
      readFile(join(import.meta.dirname, '../../docs/evaluating.md'), 'utf8'),
      readFile(join(import.meta.dirname, 'gates.ts'), 'utf8'),
    ]);
    const shown = example
      .slice(example.indexOf('const gate ='))
      .replace(/^export /gm, '')
      .trimEnd();
    expect(docs).toContain(`\n${shown}\n\`\`\``);
  });
});
