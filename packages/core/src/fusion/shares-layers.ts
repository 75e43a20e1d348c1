import type { FusionLevelDeclaration } from './fusion-level.ts';
import { termsOf } from './gate.ts';
import { expertsSeen } from './level-weights.ts';
import { compositeOf, fusionOf, inputLanes, type NetworkSpec } from './network.ts';
import { expertPositions, lanesOf } from './units.ts';

/** By lane: the experts that its vector comes from. */
type Sources = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Whether tasks share layers: an expert's output reaches two of them, or penalties tie their experts. The embeddings of the features don't
 * count, because separate networks share them, too. Nor do coupled outputs: see {@link couplesOutputs}.
 *
 * @param tasks names of the tasks
 * @param contexts names of the schema's contexts. Default: none
 * @returns undefined for an architecture that consists of other networks (`ensemble`), unless its definition says so
 * @throws PolytaskError when the network isn't defined, or its configuration doesn't fit
 * @example
 * sharesLayers(singleTask({ levels: [{ experts: mlp([64]) }] }), ['click', 'buy']); // false
 */
export function sharesLayers(
  spec: NetworkSpec,
  tasks: readonly string[],
  contexts: readonly string[] = [],
): boolean | undefined {
  const config = fusionOf(spec, tasks, contexts);
  if (!config) return compositeOf(spec)?.sharesLayers;
  if (config.levels.some(({ penalties = [] }) => penalties.length > 0)) return true;
  const start: Sources = new Map(inputLanes(config, tasks).map((lane) => [lane, new Set()]));
  const end = config.levels.reduce(after, start);
  const experts = tasks.flatMap((task) => [...(end.get(task) ?? [])]);
  return new Set(experts).size < experts.length;
}

/**
 * Whether the logits of some tasks depend on those of others, as in `esmm`, where P(buy) = P(click) · P(buy | click). Such tasks may share no
 * layer.
 *
 * @returns undefined as {@link sharesLayers} does
 * @throws PolytaskError as {@link sharesLayers} does
 * @example
 * couplesOutputs(esmm({ levels: [{ experts: mlp([64]) }], funnel: ['click', 'buy'] }), ['click', 'buy']); // true
 */
export function couplesOutputs(
  spec: NetworkSpec,
  tasks: readonly string[],
  contexts: readonly string[] = [],
): boolean | undefined {
  const config = fusionOf(spec, tasks, contexts);
  return config && config.finish !== undefined;
}

function after(lanes: Sources, level: FusionLevelDeclaration, l: number): Sources {
  const { units, outputs, gate, gateReads = {}, keeps = [], tied } = level;
  const of = (names: readonly string[]) => names.flatMap((lane) => [...(lanes.get(lane) ?? [])]);
  const places = expertPositions(units);
  const sources = places.map(({ unit, index }) => [
    tied ? `${tied.path}.${index}` : `levels.${l}.${unit}.${index}`,
    ...of(lanesOf(units.find(({ name }) => name === unit)!)),
  ]);
  const seen = termsOf(gate).map((term) => expertsSeen(term, outputs, places));
  const given = outputs.map((name, u): [string, Set<string>] => {
    const experts = sources.filter((_, e) => seen.some((visible) => visible[u]![e]));
    return [name, new Set([...experts.flat(), ...of(gateReads[name] ?? [name])])];
  });
  return new Map([...keeps.map((lane): [string, Set<string>] => [lane, new Set(of([lane]))]), ...given]);
}
