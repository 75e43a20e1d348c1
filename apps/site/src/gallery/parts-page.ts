import { componentsOf } from '@polytask/core';
import type { ApiPackage } from '../api/api-pages.ts';
import { findExport } from './architectures.ts';
import { capitalized, fromHere, frontmatter } from './page-parts.ts';

/** The kinds of parts, their guides and what they are for. */
const KINDS = [
  ['expert', 'experts', 'An expert is what a level computes of its input.'],
  ['gate', 'gating', 'A gate weighs the experts of a level for each task.'],
  ['balancer', 'balancing', 'A balancer makes one step of the losses of the tasks, or of their gradients.'],
] as const;

/** The parts that any architecture takes: all experts, gates and balancers that define themselves. */
export const partsPage = (packages: readonly ApiPackage[]): string => `${frontmatter(
  'All experts, gates and balancers of Polytask, with a line on each and its paper. Any architecture takes them.',
)}
# Experts, gates and balancers

Any architecture takes any of these parts: \`polytask bench --experts NAME --gates NAME --balancers NAME\`.

${KINDS.map(([kind, guide, about]) => section(kind, guide, about, packages)).join('\n')}`;

function section(kind: 'expert' | 'gate' | 'balancer', guide: string, about: string, packages: readonly ApiPackage[]) {
  const rows = componentsOf(kind).map(({ name, description = '', paper = '' }) => {
    const found = findExport(packages, [name, `${name}-${kind}`]);
    const link = found === undefined ? name : `[${name}](${found.page}.md)`;
    return `| ${link} | ${description} | ${paper} |\n`;
  });
  return `## ${capitalized(kind)}s

${about} [When to use which](${fromHere(`docs/${guide}.md`)}).

| name | what it does | paper |
|---|---|---|
${rows.join('')}`;
}
