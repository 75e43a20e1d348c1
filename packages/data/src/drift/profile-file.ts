import { checks, fail, openFolder, readDocument, readSealed, writeSealed } from '@polytask/core';
import { modelId } from '../dataset/trained-model.ts';
import { nodeModule } from '../platform/node-module.ts';
import type { RowProfile } from './row-profile.ts';

const PROFILE = 'profile.json';

const { listOf, number, optional, record, shaped, text, wholeNumber } = checks;

const column = shaped({
  counts: listOf(wholeNumber(), 3),
  edges: optional(listOf(number())),
  range: optional(listOf(number(), 2)),
  codes: optional(listOf(wholeNumber())),
  mean: optional(number()),
});
const document = shaped({ model: text, features: record(column), predictions: record(column) });

/**
 * Writes the profile of the rows of a trained model to its folder, as `profile.json`. It belongs to the model that is there now.
 * Needs Node.
 *
 * @throws PolytaskError for a folder without a model
 * @example await writeProfile('people-model', await profileRows(model, raw.train, raw.validation));
 */
export async function writeProfile(folder: string, profile: RowProfile): Promise<void> {
  const model = await modelId(folder);
  const content = await writeSealed({ model, ...profile });
  await openFolder(folder).write((writer) => writer.replace(PROFILE, `${content}\n`));
}

/**
 * Reads the profile of a trained model. Needs Node.
 *
 * @param id of the model, as {@link modelId} gives it. Default: that of the model in the folder
 * @returns undefined for a model without a profile, or with that of an earlier model
 * @throws PolytaskError for a `profile.json` that was changed
 * @example const counts = new RowCounts(model.schema, await readProfile('people-model'));
 */
export async function readProfile(folder: string, id?: string): Promise<RowProfile | undefined> {
  const content = await openFolder(folder).read(PROFILE);
  if (!content) return undefined;
  const { join } = nodeModule('node:path', 'reading a profile');
  const place = `a profile as JSON in ${join(folder, PROFILE)}`;
  const fix = 'Remove the file, and pass rows of the training as reference.';
  const { model, ...profile } = readDocument(document, await readSealed(content, place, fix), place);
  if (model !== (id ?? (await modelId(folder)))) return undefined;
  for (const { counts, edges, codes } of [profile.features, profile.predictions].flatMap(Object.values)) {
    const bins = (edges ?? codes ?? []).length + 3;
    if (counts.length !== bins) fail({ expected: `${bins} counts in ${place}`, received: String(counts.length), fix });
  }
  return profile;
}
