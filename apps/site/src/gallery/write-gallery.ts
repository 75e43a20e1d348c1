import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import type { DefaultTheme } from 'vitepress';
import type { ApiPackage } from '../api/api-pages.ts';
import { drawLevels } from '../drawing/levels.ts';
import { architectures } from './architectures.ts';
import { architecturePage, galleryPage } from './gallery-text.ts';
import { GALLERY } from '../navigation.ts';
import { heatMaps, readStudies, trialsOf, widestOf } from './studies.ts';

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
