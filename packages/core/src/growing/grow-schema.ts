import { fail, mapValues } from '@polytask/components';
import { formOf } from '../features/feature-kind.ts';
import type { Feature, Schema } from '../features/schema.ts';
import type { Tasks } from '../tasks/tasks.ts';

/**
 * The schema of a model that is trained on with further rows. Vocabularies grow at their ends; means, deviations, bins and classes stay. Further
 * tasks come last.
 *
 * @param further features that were fitted to the further rows, and at least the tasks that are new
 * @throws PolytaskError that names each feature that is gone, new, or of another kind, and each task of another kind
 * @example const { model } = await growModel(old, grownSchema(old.schema, fitSchema(table)));
 */
export function grownSchema<T extends Tasks, F extends Tasks>(
  schema: Schema<T>,
  further: Pick<Schema<F>, 'features' | 'tasks'>,
): Schema<T & F> {
  const faults = [
    ...differencesOf('feature', schema.features, further.features),
    ...Object.keys(schema.features).flatMap((name) => (name in further.features ? [] : `feature "${name}" is gone`)),
    ...Object.keys(further.features).flatMap((name) => (name in schema.features ? [] : `feature "${name}" is new`)),
    ...differencesOf('task', schema.tasks, further.tasks),
  ];
  if (faults.length > 0)
    fail({
      expected: 'the features and kinds of the model that is trained on',
      received: `others: ${faults.join('; ')}`,
      fix: 'Give columns their earlier names and kinds, or train a new model on old and new rows together.',
    });
  const grown = mapValues(schema.features, (feature, name) => grownFeature(feature, further.features[name]!, name));
  const news = Object.entries(further.tasks).filter(([name]) => !(name in schema.tasks));
  return {
    ...schema,
    features: grown,
    tasks: { ...schema.tasks, ...Object.fromEntries(news) } as unknown as T & F,
  };
}

/** A feature whose form has codes of known texts: its vocabulary, or that of its values. */
type WithVocabulary = Feature & { readonly vocabulary?: readonly string[]; readonly values?: Feature };

/** The feature with the further texts of its vocabulary, which follow the others: each text keeps its row of the table. */
function grownFeature(old: WithVocabulary, further: WithVocabulary, name: string): Feature {
  const form = formOf(old, name);
  if (!('codes' in form) || !('known' in form.codes)) return old;
  if (old.values && further.values)
    return { ...old, values: grownFeature(old.values, further.values, name) } as Feature;
  const known = new Set(old.vocabulary);
  return {
    ...old,
    vocabulary: [...known, ...(further.vocabulary ?? []).filter((text) => !known.has(text))],
  } as Feature;
}

type Kinds = Readonly<Record<string, { readonly kind: string }>>;

const differencesOf = (what: string, old: Kinds, further: Kinds): string[] =>
  Object.entries(old).flatMap(([name, { kind }]) => {
    const other = further[name]?.kind ?? kind;
    return other === kind ? [] : `${what} "${name}" is ${other}, and was ${kind}`;
  });
