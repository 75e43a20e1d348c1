import { counted, mainColumns, metricFormat, type Summary } from '@polytask/study';
import { titleOf } from '../repository.ts';
import type { Architecture } from './architectures.ts';
import { dataOf, fromHere, frontmatter, linkedFromHere } from './page-parts.ts';
import { misfit, type Situation, SITUATIONS, situationsOf } from './situations.ts';
import { differenceText, measured, type Study } from './studies.ts';

/** The first page of the gallery: a filter, a card for each architecture, and their results in one comparison. */
export const galleryPage = (all: readonly Architecture[], widest: Study): string => `${frontmatter(
  `${all.length} architectures for several tasks, as pictures: when to use each, its paper, its measured weights and its results.`,
  'aside: false\n',
)}
# Gallery

All architectures that \`polytask bench\` compares. Their [experts, gates and balancers](parts.md) are exchangeable.

<fieldset class="gallery-filter">
<legend>What do you have?</legend>
${choice('all', 'anything', ' checked')}
${SITUATIONS.map(({ id, title }) => choice(id, title)).join('\n')}
</fieldset>

<div role="status">

${SITUATIONS.map(noteOf).join('\n')}
</div>

<div class="gallery-cards">

${all.map(cardOf).join('\n')}
</div>

In a card, a line is as wide as the weight of an expert for a task: measured if a comparison has the model, else of a fresh model.

${results(all, widest)}
<style>
${SITUATIONS.map(({ id }) => `main:has(#for-${id}:checked) .gallery-cards > :not([data-for~='${id}']) { display: none; }`).join('\n')}
${SITUATIONS.map(({ id }) => `main:has(#for-${id}:checked) .note-${id} { display: block; }`).join('\n')}
</style>
`;

const choice = (id: string, title: string, rest = '') =>
  `<label><input type="radio" name="situation" id="for-${id}"${rest}>${title}</label>`;

const noteOf = ({ id, note }: Situation) => `<div class="gallery-note note-${id}">

${linkedFromHere(note)}

</div>
`;

const cardOf = ({ row: { name, paper, useWhen } }: Architecture) => `<div data-for="${situationsOf(name)
  .map(({ id }) => id)
  .join(' ')}">

[![](./${name}-network.svg)**${name}**](${name}.md)

${useWhen === undefined ? '' : `Use it when ${useWhen}.`}
${paper === undefined ? '' : `<small>${paper}</small>`}

</div>
`;

function results(all: readonly Architecture[], widest: Study): string {
  const [summary] = widest.summaries as [Summary];
  const columns = mainColumns(summary.columns);
  const titles = columns.map(({ task, metric }) => `${task}, ${metricFormat(metric).label}`);
  const report = `${widest.folder}/report.md`;
  const set = dataOf(widest);
  const rows = all.flatMap(({ row: { name } }) => {
    const [result] = measured([{ ...widest, summaries: [summary] }], name);
    if (result === undefined || name === summary.baseline) return [];
    const cells = columns.map(({ task }) => {
      const own = result.differences.find((difference) => difference.task === task);
      return own ? differenceText(own) : '';
    });
    return misfit(name, set) === undefined
      ? [`| [${name}](${name}.md) | ${cells.join(' | ')} |\n`]
      : [`| [${name}](${name}.md) | ${columns.map(() => 'no funnel').join(' | ')} |\n`];
  });
  return `## Results

Differences from \`${summary.baseline}\` with 95% intervals, in [${titleOf(report)}](${fromHere(report)}): ${counted(summary.seeds.length, 'seed')} on
${set}. ▲ and ▼ are significant. *No funnel*: the model takes the tasks for steps of a funnel, and these aren't. The page of
each model has all its results. [More comparisons](${fromHere('docs/results/README.md')}).

| model | ${titles.join(' | ')} |
|---|${titles.map(() => '---:|').join('')}
${rows.join('')}`;
}
