import type { DatasetDocument } from '@polytask/data';

/** A data set file as a person would write it: a line for each feature and task. */
export function datasetJson(document: DatasetDocument): string {
  const entries = Object.entries(document).map(([key, value]) => {
    const block = key === 'features' || key === 'tasks';
    return `  ${JSON.stringify(key)}: ${block ? lines(value as object) : inline(value)}`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}

function lines(entries: object): string {
  const each = Object.entries(entries).map(([name, value]) => `    ${JSON.stringify(name)}: ${inline(value)}`);
  return each.length === 0 ? '{}' : `{\n${each.join(',\n')}\n  }`;
}

/** JSON on one line, with blanks where Prettier has them. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${inline(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
