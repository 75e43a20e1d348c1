import { readFileSync } from 'node:fs';
import path from 'node:path';
import { componentsOf } from '@polytask/core';
import { BASELINE, type ModelParts, type RegisteredModel, models } from '@polytask/study';
import { slug } from 'github-slugger';
import type { ApiPackage } from '../api/api-pages.ts';
import { type LevelPattern, TASKS, weightPattern } from '../drawing/weight-pattern.ts';
import { API } from '../navigation.ts';
import { ROOT } from '../repository.ts';

/** What the gallery shows of an architecture, besides results. */
export interface Architecture {
  /** A row of `polytask list models`. */
  readonly row: RegisteredModel;
  /** W of a fresh model, level by level. */
  readonly levels: readonly LevelPattern[];
  /** The page of the API reference. */
  readonly api: string;
  /** The section of a guide, relative to the repository. */
  readonly guide: string;
  /** The model and the baseline, as `--models` and the playground name them. */
  readonly compared: string;
}

/** The size of the drawn models. */
export const SIZE = { levels: [4, 4], experts: 6, tower: [4], embedding: 2 };

/**
 * All architectures that comparisons know.
 *
 * @param packages the API reference
 * @throws Error when one has no page there
 */
export const architectures = (packages: readonly ApiPackage[]): Architecture[] =>
  models().map((row) => {
    const parts = row.build(SIZE, TASKS);
    const factory = factoryOf(packages, [row.name, parts.network.name]);
    return {
      row,
      levels: weightPattern(parts, row.needsContext),
      api: factory.page,
      guide: guideOf(parts, factory.name),
      compared: [...new Set([BASELINE, row.name])].join(','),
    };
  });

/** The export that makes a model: `snrAver` for `snr-aver`. @param names the model's own, then its network's */
function factoryOf(packages: readonly ApiPackage[], names: readonly string[]): FoundExport {
  const found = findExport(packages, names);
  if (found === undefined) throw new Error(`The API reference has no export for ${names.join(' or ')}.`);
  return found;
}

/** An export and its page in the API reference. */
export interface FoundExport {
  readonly name: string;
  readonly page: string;
}

/** The first export that is called so, in capitals or not and without hyphens. */
export function findExport(packages: readonly ApiPackage[], names: readonly string[]): FoundExport | undefined {
  for (const wanted of names.map((name) => name.replaceAll('-', ''))) {
    for (const { model, pages } of packages) {
      for (const page of pages) {
        const found = page.exports.find(({ name }) => name.toLowerCase() === wanted);
        if (found) return { name: found.name, page: `${API}${model.name}/${page.model.name}` };
      }
    }
  }
  return undefined;
}

/** The heading that names the factory in the page of its package, or that page. */
function guideOf({ network }: ModelParts, factory: string): string {
  const owner = componentsOf('network').find(({ name }) => name === network.name)?.package ?? '';
  const guide = `docs/${path.basename(owner)}.md`;
  const headings = [...readFileSync(path.join(ROOT, guide), 'utf8').matchAll(/^## (.+)$/gm)].map(([, text]) => text!);
  const heading = headings.find((text) => new RegExp(`\\b${factory}\\b`).test(text));
  return heading === undefined ? guide : `${guide}#${slug(heading)}`;
}
