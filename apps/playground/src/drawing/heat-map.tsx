import type { FusionLevel } from '@polytask/study';
import { unitColor } from './colors.ts';
import { unitOf } from './fusion-graph.ts';

/** A part of the weights of a level: what gates give, or what is constant. */
type Part = 'gated' | 'constant';

const TITLES: Readonly<Record<Part, string>> = { gated: 'gates', constant: 'constant' };

export interface HeatMapProps {
  readonly model: string;
  readonly levels: readonly FusionLevel[];
  readonly tasks: readonly string[];
}

/** The fusion weights of each level, lane by expert, with the gated and the constant part apart. */
export const HeatMap = ({ model, levels, tasks }: HeatMapProps) => (
  <>
    {levels.map((level, l) => (
      <section key={l} class="level" aria-label={`Weights of ${model}, level ${l + 1}`}>
        <div class="heat-maps">
          {(['gated', 'constant'] as const)
            .filter((part) => level[part].flat().some((value) => value !== 0))
            .map((part) => (
              <PartTable key={part} {...{ level, part, tasks }} caption={`Level ${l + 1}: ${TITLES[part]}`} />
            ))}
        </div>
        {level.effectiveExperts && (
          <p class="hint">
            Effective experts:{' '}
            {level.outputs.map((lane, u) => `${lane} ${level.effectiveExperts![u]!.toFixed(1)}`).join(', ')} of{' '}
            {level.experts.length}.
          </p>
        )}
      </section>
    ))}
  </>
);

interface PartTableProps extends Pick<HeatMapProps, 'tasks'> {
  readonly level: FusionLevel;
  readonly part: Part;
  readonly caption: string;
}

const PartTable = ({ level, part, caption, tasks }: PartTableProps) => (
  <table class="heat-map">
    <caption>{caption}</caption>
    <thead>
      <tr>
        <td />
        {level.experts.map((expert) => (
          <th key={expert} scope="col" title={expert} style={{ borderColor: unitColor(unitOf(expert), tasks) }}>
            <span class="sr-only">{expert}</span>
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {level.outputs.map((lane, u) => (
        <tr key={lane}>
          <th scope="row">{lane}</th>
          {level.experts.map((expert, e) => (
            <Cell key={expert} lane={lane} expert={expert} value={level[part][u]![e]!} />
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);

interface CellProps {
  readonly lane: string;
  readonly expert: string;
  readonly value: number;
}

function Cell({ lane, expert, value }: CellProps) {
  const hue = value < 0 ? 'var(--bad)' : 'var(--accent)';
  const share = Math.min(1, Math.abs(value)).toFixed(3);
  return (
    <td
      title={`${lane} takes ${value.toFixed(3)} of ${expert}`}
      style={{ backgroundColor: `color-mix(in srgb, ${hue} calc(${share} * var(--heat)), var(--cell))` }}
    >
      {value === 0 ? '' : value.toFixed(2).replace(/^(-?)0\./, '$1.')}
    </td>
  );
}
