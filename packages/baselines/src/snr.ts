import { notNegative, optional, type FromDescription, type Written } from '@polytask/components';
import { fusion, levelsOf, poolUnits, seeing, type NetworkSpec, type Unit } from '@polytask/core';
import { linearExpert } from '@polytask/experts';
import { hardConcreteGate, identityGate } from '@polytask/gating';
import { defineNetwork, outputsOf, pooledLevels } from './levels.ts';

const options = {
  ...pooledLevels,
  /** Weight of the loss `l0`, the expected share of open connections. */
  l0: optional(notNegative, 0.01),
};

/** The configuration of {@link snrAver} and {@link snrTrans}. The experts of a pool are the sub-networks. */
export interface SnrOptions extends Written<typeof options>, FromDescription {}

/**
 * SNR-Aver, sub-network routing (Ma et al., AAAI'19): u_i = Σ_j z_i,j v_j, where v_j is the output of sub-network j in the
 * level below. z is a learned hard-concrete gate, the same for all rows. It is exactly 0 for connections that training
 * closed.
 *
 * @example snrAver({ levels: [{ experts: mlp([64]), pool: 4 }, { experts: mlp([32]), pool: 4 }], l0: 0.01 })
 */
export const snrAver: (config: SnrOptions) => NetworkSpec = defineNetwork(
  'snr-aver',
  ({ levels, l0 }, tasks) =>
    fusion(
      levels.map(({ experts, pool, gate = hardConcreteGate({ l0 }) }, l) => ({
        units: poolUnits(pool),
        experts,
        outputs: outputsOf(levels[l + 1], tasks),
        gate: seeing('all', gate),
      })),
    ),
  {
    description: 'sub-networks connected by hard-concrete gates, exactly 0 where training closed them',
    paper: 'Ma et al., AAAI 2019',
    variant: {
      useWhen: 'training should cut connections between the layers of the tasks, exactly to 0',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size, { pool: size.experts }) }),
    },
    options,
  },
);

/**
 * SNR-Trans (Ma et al., AAAI'19): u_i = Σ_j z_i,j W_i,j v_j, with a square matrix W for each connection. Each level becomes
 * two fusion levels: the sub-networks, then a gated linear expert for each connection.
 *
 * @throws PolytaskError as {@link snrAver} does
 * @example snrTrans({ levels: [{ experts: mlp([64]), pool: 4 }, { experts: mlp([32]), pool: 4 }] })
 */
export const snrTrans: (config: SnrOptions) => NetworkSpec = defineNetwork(
  'snr-trans',
  ({ levels, l0 }, tasks) =>
    fusion(
      levels.flatMap(({ experts, pool, gate = hardConcreteGate({ l0 }) }, l) => {
        const subNetworks = poolUnits(pool);
        const outputs = outputsOf(levels[l + 1], tasks);
        const connections = subNetworks.flatMap(({ name }) =>
          outputs.map((output): Unit => ({ name: `${name}.${output}`, kind: 'pool', experts: 1, reads: [name] })),
        );
        const sees = outputs.map((output) => connections.map(({ name }) => (name.endsWith(`.${output}`) ? 1 : 0)));
        return [
          {
            units: subNetworks,
            experts,
            outputs: subNetworks.map(({ name }) => name),
            gate: identityGate({ sees: 'own' }),
          },
          { units: connections, experts: linearExpert({ bias: false }), outputs, gate: seeing(sees, gate) },
        ];
      }),
    ),
  {
    description: 'snr-aver with a matrix for each connection',
    paper: 'Ma et al., AAAI 2019',
    variant: {
      useWhen: 'training should cut connections, and each of the others needs a matrix of its own',
      onlyNamed: true,
      config: (size) => ({ levels: levelsOf(size, { pool: size.experts }) }),
    },
    options,
  },
);
