import type { FusionLevel } from '../trials/trial-result.ts';

/** How evenly a lane takes from its experts. */
export interface LaneShares {
  readonly lane: string;
  readonly effectiveExperts: number;
  /** How many it takes anything from. */
  readonly experts: number;
  /** Mean over rows, in nats. */
  readonly entropy: number;
}

/** Lane by lane; none where a level's weights are a fixed choice, or an older line doesn't say. */
export const laneShares = ({
  outputs,
  experts,
  gated,
  gatedDeviation,
  constant,
  entropy,
  effectiveExperts,
}: FusionLevel): LaneShares[] =>
  entropy === undefined || effectiveExperts === undefined
    ? []
    : outputs.map((lane, u) => ({
        lane,
        effectiveExperts: effectiveExperts[u]!,
        experts: experts.filter((_, e) => [gated, gatedDeviation, constant].some((table) => table[u]![e] !== 0)).length,
        entropy: entropy[u]!,
      }));

/** `2.7 of 6` */
export const formatShares = ({ effectiveExperts, experts }: LaneShares): string =>
  Number.isNaN(effectiveExperts) ? '–' : `${effectiveExperts.toFixed(1)} of ${experts}`;
