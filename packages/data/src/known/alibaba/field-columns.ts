import type { Lists, Texts } from '../../columns/columns.ts';

/** The characters between the features of a list, between field and id of a feature, and between the id and its value. */
export const BETWEEN = { features: '\u0001', id: '\u0002', value: '\u0003' } as const;

/**
 * Takes fields out of lists of features, as Ali-CCP has them: `205␂4281␃1.0␁206␂9␃1.0`. The value of a feature is not read.
 *
 * @param lists the features of each row
 * @param fields the names of the fields, such as `205`
 * @returns by field: the id of each row's feature, or missing
 */
export function fieldColumns(
  { offsets, codes, dictionary }: Lists,
  fields: readonly string[],
): Readonly<Record<string, Texts>> {
  const size = offsets.length - 1;
  const indexOf = new Map(fields.map((field, index) => [field, index]));
  const columns = fields.map(() => ({ codes: new Int32Array(size).fill(-1), dictionary: [] as string[] }));
  const fieldOf = new Int32Array(dictionary.length).fill(-1);
  const idOf = new Int32Array(dictionary.length);
  dictionary.forEach((feature, code) => {
    const [field, id] = feature.split(BETWEEN.value, 1)[0]!.split(BETWEEN.id) as [string, string?];
    const index = indexOf.get(field);
    if (index === undefined || id === undefined) return;
    fieldOf[code] = index;
    idOf[code] = columns[index]!.dictionary.push(id) - 1;
  });
  for (let row = 0; row < size; row++) {
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const field = fieldOf[codes[at]!]!;
      if (field >= 0) columns[field]!.codes[row] = idOf[codes[at]!]!;
    }
  }
  return Object.fromEntries(fields.map((field, index) => [field, columns[index]!]));
}
