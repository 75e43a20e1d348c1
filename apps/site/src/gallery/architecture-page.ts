import path from 'node:path';
import { metricFormat } from '@polytask/study';
import { shortened } from '../head/description.ts';
import { type Architecture, SIZE } from './architectures.ts';
import { capitalized, dataOf, fromHere, frontmatter } from './page-parts.ts';
import { misfit, situationsOf } from './situations.ts';
import { differenceText, type HeatMapFile, type Measured, type Study } from './studies.ts';

/** What was measured of an architecture. */
export interface Evidence {
  readonly results: readonly Measured[];
  /** The comparison that the weights are from. Undefined if no comparison has weights. */
  readonly weighed?: Study | undefined;
  /** Files beside the page. */
  readonly maps: readonly HeatMapFile[];
}

/** The page of one architecture. */
export function architecturePage(
  { row, levels, api, guide, compared }: Architecture,
  { results, weighed, maps }: Evidence,
): string {
  const use = row.useWhen === undefined ? '' : ` Use it when ${row.useWhen}.`;
  const situations = situationsOf(row.name).map(({ title }) => title);
  const description = shortened(`${row.name}: ${row.description}.${use}`);
  return `${frontmatter(description, `titleTemplate: ':title, a multi-task architecture | Polytask'\n`)}
# ${row.name}

${capitalized(row.description)}.${use}

${row.paper === undefined ? '' : `Paper: ${row.paper}.\n\n`}${situations.length === 0 ? '' : `For: ${situations.join(', ')}.\n`}
[Guide](${fromHere(guide)}) · [API](${api}.md) · [Try it in the playground](/playground/index.html#models=${compared}){target="_self"}

\`\`\`sh
npx polytask bench --models ${compared}
\`\`\`

## Network

![The network of ${row.name}, from the input to the towers](${row.name}-network.svg)

${networkCaption(levels.length, weighed)}
${levels.length === 0 ? '' : matrix(row.name)}${maps.length === 0 || weighed === undefined ? '' : weights(maps, weighed)}
${results.length === 0 ? '\n## Results\n\nNo comparison of this repository has it yet.\n' : resultTable(row.name, results)}`;
}

const nameOf = ({ folder }: Study) => `[${path.basename(folder)}](${fromHere(`${folder}/report.md`)})`;

function networkCaption(levels: number, weighed: Study | undefined): string {
  if (levels === 0) return 'This network has no levels of experts, so there are no weights to draw.';
  const widths = 'A line is as wide as the weight of an expert for a task. Dashed weights are negative.';
  return weighed === undefined
    ? `${widths} This is a fresh model for three tasks: training changes the weights.`
    : `${widths} The weights are measured: means over the test rows of ${dataOf(weighed)}, ` +
        `after the training of ${nameOf(weighed)} with its first seed.`;
}

const matrix = (name: string) => `
## Matrix of weights

![The matrix of weights of ${name}, level by level](${name}.svg)

Rows are tasks and shared representations, columns are experts. This is a fresh model for three tasks, with ${SIZE.experts} experts per level if it has the choice.
`;

const weights = (maps: readonly HeatMapFile[], study: Study) => `
## Measured weights

The mean weights over the test rows after a training of ${nameOf(study)}, first seed.

${maps.map(({ name, caption }) => `![${caption}](${name}.svg)`).join('\n')}
`;

function resultTable(model: string, results: readonly Measured[]): string {
  const notes = new Set(results.flatMap(({ study }) => misfit(model, dataOf(study)) ?? []));
  return `
## Results

The difference from the baseline in the main metric of each task, with 95% intervals. ▲ and ▼ are
significant, after Holm's correction.
${[...notes].map((note) => `\n::: warning\n${note}\n:::\n`).join('')}
| comparison | setting | baseline | difference |
|---|---|---|---|
${results
  .map(({ study, setting, baseline, differences }) => {
    const cells = differences.map((row) => `${row.task} ${metricFormat(row.metric).label} ${differenceText(row)}`);
    return `| ${nameOf(study)} | ${setting} | ${baseline} | ${cells.join('<br>') || 'the baseline itself'} |\n`;
  })
  .join('')}`;
}
