import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@polytask/balancing'; // the balancers define themselves
import type { DefaultTheme } from 'vitepress';
import type { TrialResult } from '@polytask/study';
import type { ApiPackage } from '../api/api-pages.ts';
import { drawLevels } from '../drawing/levels.ts';
import { drawNetwork } from '../drawing/network.ts';
import { TASKS } from '../drawing/weight-pattern.ts';
import { GALLERY } from '../navigation.ts';
import { architecturePage } from './architecture-page.ts';
import { architectures } from './architectures.ts';
import { galleryPage } from './gallery-page.ts';
import { dataOf } from './page-parts.ts';
import { partsPage } from './parts-page.ts';
import { misfit } from './situations.ts';
import {
  firstTrial,
  heatMaps,
  measured,
  type Measured,
  readStudies,
  type Study,
  trialsOf,
  widestOf,
} from './studies.ts';

/**
 * Writes the gallery as Markdown: a first page, a page of parts, and a page and drawings for each architecture.
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
  const read = onceRead();
  const own = path.join(folder, GALLERY);
  const write = (name: string, text: string) => writeFile(path.join(own, name), text);
  await mkdir(own, { recursive: true });
  await write('index.md', galleryPage(all, widest));
  await write('parts.md', partsPage(packages));
  for (const architecture of all) {
    const { row, levels } = architecture;
    const results = measured(studies, row.name);
    const weighed = weighedBy(row.name, results, widest);
    const trial = weighed && firstTrial(await read(weighed), row.name);
    const maps = trial ? heatMaps(trial) : [];
    await write(`${row.name}.md`, architecturePage(architecture, { results, maps, weighed: trial?.fusion && weighed }));
    const fresh = levels.map(({ weights }) => weights);
    const tasks = trial?.fusion ? Object.keys(trial.metrics) : TASKS;
    await write(`${row.name}-network.svg`, drawNetwork(row.name, trial?.fusion ?? fresh, tasks));
    if (levels.length > 0) await write(`${row.name}.svg`, drawLevels(row.name, levels));
    for (const { name, svg } of maps) await write(`${name}.svg`, svg);
  }
  const items = names.map((name) => ({ text: name, link: GALLERY + name }));
  return {
    [GALLERY]: [
      { text: 'Gallery', link: GALLERY },
      { text: 'Experts, gates, balancers', link: `${GALLERY}parts` },
      { text: 'Architectures', items },
    ],
  };
}

/** The comparison that shows the weights of a model: one whose data fits the model, and of these the widest. */
function weighedBy(model: string, results: readonly Measured[], widest: Study): Study | undefined {
  const studies = results.map(({ study }) => study);
  const fit = studies.filter((study) => misfit(model, dataOf(study)) === undefined);
  return [fit, studies].map((some) => some.find((study) => study === widest) ?? some[0]).find(Boolean);
}

/** Reads the trials of a comparison when they are first asked for. */
function onceRead(): (study: Study) => Promise<readonly TrialResult[]> {
  const trials = new Map<Study, Promise<readonly TrialResult[]>>();
  return (study) => {
    if (!trials.has(study)) trials.set(study, trialsOf(study));
    return trials.get(study)!;
  };
}
