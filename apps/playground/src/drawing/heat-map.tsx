import type { FusionLevel } from '@polytask/study';

/** A part of the weights of a level: what gates give, or what is constant. */
type Part = 'gated' | 'constant';

const TITLES: Readonly<Record<Part, string>> = { gated: 'gates', constant: 'native, constant' };

/** The fusion weights of each level, lane by expert, with the gated and the constant part apart. */
export function HeatMap({ model, levels }: { readonly model: string; readonly levels: readonly FusionLevel[] }) {
  return (
    <div class="heat-maps">
      {levels.map((level, l) =>
        (['gated', 'constant'] as const)
          .filter((part) => level[part].flat().some((value) => value !== 0))
          .map((part) => (
            <table key={`${l} ${part}`} class="heat-map">
              <caption>
                Level {l + 1}: {TITLES[part]} <span class="sr-only">of {model}</span>
              </caption>
              <thead class="sr-only">
                <tr>
                  <th scope="col">lane</th>
                  {level.experts.map((expert) => (
                    <th key={expert} scope="col">
                      {expert}
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
          )),
      )}
    </div>
  );
}

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
      {value === 0 ? <span class="zero">·</span> : value.toFixed(2).replace(/^(-?)0\./, '$1.')}
    </td>
  );
}
