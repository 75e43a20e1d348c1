import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { DefaultTheme } from 'vitepress';
import { counted, mainColumns, metricFormat, type Summary } from '@polytask/study';
import type { ApiPackage } from '../api/api-pages.ts';
import { drawLevels } from '../drawing/levels.ts';
import { architectures, type Architecture, SIZE } from './architectures.ts';
import { GALLERY } from '../navigation.ts';
import {
  heatMaps,
  readStudies,
  trialsOf,
  widestOf,
  differenceText,
  type HeatMapFile,
  type Measured,
  measured,
  type Study,
} from './studies.ts';
import { titleOf, WRITTEN_PAGES } from '../repository.ts';

/**
 * Writes the gallery as Markdown: a first page, and a page and drawings for each architecture.
 *
 * @param folder of the written pages
 * @param packages the API reference, which the pages link to
 * @returns the navigation beside the pages
 */
export async function writeGallery(
  folder: string,
  packages: readonly ApiPackage[],
): Promise<DefaultTheme.SidebarMulti> {
  await tf.setBackend('cpu');
  const all = architectures(packages);
  const studies = readStudies();
  const names = all.map(({ row }) => row.name);
  const widest = widestOf(studies, names);
  const trials = await trialsOf(widest);
  const own = path.join(folder, GALLERY);
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'index.md'), galleryPage(all, widest));
  for (const architecture of all) {
    const { row, levels } = architecture;
    const weights = heatMaps(trials, row.name);
    const page = architecturePage(architecture, studies, widest, weights);
    await writeFile(path.join(own, `${row.name}.md`), page);
    if (levels.length > 0) await writeFile(path.join(own, `${row.name}.svg`), drawLevels(row.name, levels));
    for (const { name, svg } of weights) await writeFile(path.join(own, `${name}.svg`), svg);
  }
  const items = names.map((name) => ({ text: name, link: GALLERY + name }));
  return {
    [GALLERY]: [
      { text: 'Gallery', link: GALLERY },
      { text: 'Architectures', items },
    ],
  };
}

/** A link from a page of the gallery to a file of the repository. */
const fromHere = (file: string) => path.posix.relative(`${WRITTEN_PAGES}${GALLERY}`, file);

const frontmatter = (rest = '') => `---\neditLink: false\n${rest}---\n`;

const capitalized = (text: string) => text.replace(/^./, (letter) => letter.toUpperCase());

/** The first page of the gallery: a table of all architectures. */
function galleryPage(all: readonly Architecture[], widest: Study): string {
  const [summary] = widest.summaries as [Summary];
  const columns = mainColumns(summary.columns);
  const titles = columns.map(({ task, metric }) => `${task}, ${metricFormat(metric).label}`);
  const report = `${widest.folder}/report.md`;
  return `${frontmatter('aside: false\n')}
# Gallery

All architectures that \`polytask bench\` compares. Each has a page with its drawing, its measured weights, its paper and its results.

The numbers are differences from \`${summary.baseline}\` with 95% intervals, in [${titleOf(report)}](${fromHere(report)}):
${counted(summary.seeds.length, 'seed')} on ${dataOf(summary)}. ▲ and ▼ are beyond chance.
[More comparisons](${fromHere('docs/results/README.md')}).

| model | use it when | ${titles.join(' | ')} |
|---|---|${titles.map(() => '---:|').join('')}
${all
  .map(({ row }) => {
    const [result] = measured([{ ...widest, summaries: [summary] }], row.name);
    const cells = columns.map(({ task }) => {
      const own = result?.differences.find((difference) => difference.task === task);
      return own ? differenceText(own) : '';
    });
    return `| [${row.name}](${row.name}.md) | ${row.useWhen ?? ''} | ${cells.join(' | ')} |\n`;
  })
  .join('')}`;
}

/** The page of one architecture. @param maps its heat maps, which are beside the page */
function architecturePage(
  architecture: Architecture,
  studies: readonly Study[],
  widest: Study,
  maps: readonly HeatMapFile[],
): string {
  const { row, levels, api, guide, compared } = architecture;
  const results = measured(studies, row.name);
  return `${frontmatter()}
# ${row.name}

${capitalized(row.description)}.${row.useWhen === undefined ? '' : ` Use it when ${row.useWhen}.`}

${row.paper === undefined ? '' : `Paper: ${row.paper}.\n`}
[Guide](${fromHere(guide)}) · [API](${api}.md) · [Try it in the playground](/playground/index.html#models=${compared}){target="_self"}

\`\`\`sh
npx polytask bench --models ${compared}
\`\`\`
${drawing(row.name, levels.length)}
${maps.length === 0 ? '' : weights(maps, widest)}
${results.length === 0 ? '' : resultTable(results)}`;
}

const drawing = (name: string, levels: number) =>
  levels === 0
    ? ''
    : `
## Drawing

![The matrix of weights of ${name}, level by level](${name}.svg)

Rows are lanes, columns are experts. This is a fresh model for three tasks, with ${SIZE.experts} experts a level where it has the choice.
`;

const weights = (maps: readonly HeatMapFile[], { folder }: Study) => `
## Measured weights

The mean weights over the test rows after a training of [${path.basename(folder)}](${fromHere(`${folder}/report.md`)}), first seed.

${maps.map(({ name, caption }) => `![${caption}](${name}.svg)`).join('\n')}
`;

const resultTable = (results: readonly Measured[]) => `
## Results

The difference from the baseline in the main metric of each task, with 95% intervals. ▲ and ▼ are beyond chance, after Holm's correction.

| comparison | setting | baseline | difference |
|---|---|---|---|
${results
  .map(({ study, setting, baseline, differences }) => {
    const cells = differences.map((row) => `${row.task} ${metricFormat(row.metric).label} ${differenceText(row)}`);
    const name = path.basename(study.folder);
    const link = `[${name}](${fromHere(`${study.folder}/report.md`)})`;
    return `| ${link} | ${setting} | ${baseline} | ${cells.join('<br>') || 'the baseline itself'} |\n`;
  })
  .join('')}`;

/** The name of a summary's data. */
const dataOf = ({ config }: Summary) => String((config.data as { readonly set?: unknown }).set ?? 'synthetic tasks');
