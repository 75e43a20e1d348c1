import type { ReportDocument } from '@polytask/study';
import type { Invocation } from './io.ts';
import { fail, number, optional, positive, splitList, text } from '@polytask/components';
import type { EvaluateFileOptions } from '../evaluate/evaluate-file.ts';
import type { ExplainFileOptions } from '../explain/explain.ts';
import type { ExplainFileRowsOptions } from '../explain/explain-file-rows.ts';
import { argument, defineCommand, grouped, option, optionsOf, fromText } from './command.ts';
import * as shared from './shared-options.ts';
import { inputFile, STANDARD } from './standard-streams.ts';

// The commands that look at a saved model with the rows of a file.

const modelAndRows = {
  model: argument('the folder of the model', text),
  rows: argument('a file like the training rows, with labels: CSV, JSON, JSON lines or Parquet', text),
};

export const diagnose = defineCommand({
  options: { ...modelAndRows, engine: shared.engine, json: shared.json('the findings') },
  run: async ({ model, rows, engine }, { plugins }) =>
    (await import('../diagnose/diagnose-folder.ts')).diagnoseFolder(model, rows, { engine, plugins }),
  document: async (diagnosis, { model }) =>
    (await import('../diagnose/diagnose-folder.ts')).diagnosisDocument(model, diagnosis),
});

export const drift = defineCommand({
  options: {
    model: argument('the directory of a trained model', text),
    rows: argument('the file to look at: CSV, JSON, JSON lines or Parquet', text),
    reference: option('<file>', 'rows to compare with (default: those of the training)', text),
    failAbove: option('<psi>', 'exit with 1 if a feature or a prediction has a larger PSI, such as 0.25', positive),
    ...shared.files('as in training'),
    engine: shared.engine,
    json: shared.json('the drift'),
  },
  async run({ model, rows, reference, engine, failAbove: _, json: __, format, ...csv }, { plugins }) {
    const { measureDrift } = await import('../drift/measure-drift.ts');
    return measureDrift(model, rows, { reference, engine, plugins, format, csv });
  },
  document: async (found, { model }) => (await import('../drift/drift-document.ts')).driftDocument(model, found),
  async finish({ features, predictions }, { failAbove }, { stderr, exit }) {
    if (failAbove === undefined) return;
    const { hasDrifted } = await import('../drift/drift-findings.ts');
    const drifted = [...features, ...predictions].filter((each) => hasDrifted(each, failAbove));
    if (drifted.length === 0) return;
    stderr.write(`Above ${failAbove}: ${drifted.map(({ name }) => name).join(', ')}\n`);
    exit(1);
  },
});

/** What commands have that write what they found as a page, or as JSON. */
const pageOptions = (found: string) => ({
  engine: shared.engine,
  out: shared.out('file', `${found} as .html or .json`, optional(shared.fileEndingIn('.html', '.json'))),
  force: shared.force(),
  json: shared.json(found),
});

async function writePage(
  found: object,
  { out }: { readonly out?: string },
  { stderr }: Invocation,
  document: ReportDocument,
): Promise<void> {
  if (out === undefined) return;
  const { renderHtml } = await import('@polytask/study');
  const { writeWhole } = await import('../text-files.ts');
  await writeWhole(out, out.endsWith('.html') ? renderHtml(document) : `${JSON.stringify(found, null, 2)}\n`);
  stderr.write(`Written: ${out}\n`);
}

export const evaluate = defineCommand({
  options: {
    ...modelAndRows,
    rows: argument(`${modelAndRows.rows.words}; - for stdin`, text),
    ...optionsOf<EvaluateFileOptions>(async () => (await import('../evaluate/evaluate-file.ts')).evaluateOptions)({
      by: { place: '<column>', words: 'compare the segments of this column' },
      against: {
        place: '<model>',
        words:
          'another model, or a CSV of its predictions for this file, by polytask predict or test-predictions.csv of train',
      },
      metrics: {
        place: '<names>',
        words: "with commas between, of 'polytask list metrics': f1,mcc,lift@10% (default: those of train)",
      },
      threshold: {
        place: '<rule>',
        words:
          "decisions of yes and no: 0.3, f1 or 'cost(falsePositive=1,falseNegative=5)' (default: the model's, or 0.5)",
      },
      worst: { place: '<n>', words: 'how many of the rows with the largest errors to list (default: 5)' },
    }),
    ...shared.files('as in training'),
    ...pageOptions('the evaluation'),
  },
  async run({ model, rows, out, force, delimiter, encoding, json: _, ...options }, invocation) {
    if (out !== undefined) shared.refuseReplacing([out], force);
    const { plugins } = invocation;
    const file = await inputFile(rows, invocation);
    const csv = { ...(delimiter !== undefined && { delimiter }), ...(encoding !== undefined && { encoding }) };
    return (await import('../evaluate/evaluate-file.ts')).evaluateFile(model, file, { ...options, csv, plugins });
  },
  document: async (found, { model, rows }) =>
    (await import('@polytask/study')).evaluationDocument(`${model} on ${rows === STANDARD ? 'stdin' : rows}`, found),
  finish: (...page) => writePage(...page),
});

export const explain = defineCommand({
  options: {
    model: modelAndRows.model,
    file: modelAndRows.rows,
    ...optionsOf<ExplainFileOptions>(async () => (await import('../explain/explain.ts')).explainOptions)({
      by: { place: '<column>', words: 'compare the segments of this column' },
      importance: { words: 'only the fusion weights: the rows need no labels', isNegated: true },
      repeats: { place: '<n>', words: 'how often each feature is permuted (default: 5)' },
    }),
    limitRows: shared.limitRows('drawn at random (default: 5,000)'),
    seed: shared.seed('the drawn rows and the permutations (default: 0)'),
    ...grouped('Explain predictions of single rows, without labels:', {
      rows: shared.rows('the rows to explain, by the contributions of their features'),
      ...optionsOf<ExplainFileRowsOptions>(
        async () => (await import('../explain/explain-file-rows.ts')).explainFileRowsOptions,
      )({
        background: {
          place: '<file>',
          words:
            'rows that explained rows are compared with: 100 random ones (default: the file itself; for boosted trees, their training rows)',
        },
      }),
    }),
    ...pageOptions('the explanation'),
  },
  async run({ model, file, out, force, json: _, rows, background, ...options }, { plugins, isGiven, misuse }) {
    const ofAllRows = { by: '--by', importance: '--no-importance', repeats: '--repeats', limitRows: '--limit-rows' };
    const other = Object.entries(ofAllRows).find(([name]) => rows && isGiven(name));
    if (other) misuse(`${other[1]} is for an explanation of all rows. Leave it out, or leave out --rows.`);
    if (background !== undefined && !rows) misuse('--background needs --rows, such as --rows 5.');
    if (out !== undefined) shared.refuseReplacing([out], force);
    if (!rows) return (await import('../explain/explain.ts')).explain(model, file, { ...options, plugins });
    const { seed, engine } = options;
    const { explainFileRows } = await import('../explain/explain-file-rows.ts');
    return explainFileRows(model, file, { rows, background, seed, engine, plugins });
  },
  async document(found, { model }) {
    const { explanationDocument, rowExplanations } = await import('@polytask/study');
    return 'source' in found ? rowExplanations(`${model}, explained`, found) : explanationDocument(model, found);
  },
  finish: (...page) => writePage(...page),
});

/** `isotonic`, or by task, `income=isotonic,kind=temperature`. @param valueOf the value of one text */
const byTask = <V>(place: string, words: string, valueOf: (text: string) => V) =>
  option(
    place,
    words,
    fromText((written): V | Readonly<Record<string, V>> => {
      const entries = splitList(written);
      const named = entries.map((entry) => /^([^=(]+)=([^]+)$/.exec(entry));
      if (entries.length === 1 && !named[0]) return valueOf(entries[0]!);
      const pairs = named.map((match, i): [string, V] => {
        if (match) return [match[1]!.trim(), valueOf(match[2]!.trim())];
        const received = `"${entries[i]}" in "${written}"`;
        const fix = 'Write income=isotonic,kind=temperature, for example.';
        return fail({ expected: 'one value for all tasks, or TASK=VALUE for each', received, fix });
      });
      return Object.fromEntries(pairs);
    }),
  );

export const calibrationOptions = grouped('Calibration:', {
  calibration: byTask(
    '<names>',
    'of probabilities: temperature, platt, isotonic or none; by task: income=isotonic,kind=temperature',
    (name) => name,
  ),
  intervals: byTask(
    '<shares>',
    'intervals of numbers and sets of classes that hold this share of labels: 0.9, or visits=0.9,kind=0.8',
    (share) => number({ from: 0, below: 1 }).read(share.trim() === '' ? NaN : Number(share), '--intervals'),
  ),
  threshold: byTask(
    '<rules>',
    "decisions of yes and no: f1, 'cost(falsePositive=1,falseNegative=5)' or 'rate(share=0.1)'; or by task",
    (rule) => rule,
  ),
});

export const calibrate = defineCommand({
  options: { ...modelAndRows, engine: shared.engine, json: shared.json('what was fitted'), ...calibrationOptions },
  run: async ({ model, rows, json: _, ...options }, { plugins }) =>
    (await import('../calibrate/calibrate-folder.ts')).calibrateFolder(model, rows, { ...options, plugins }),
  async document({ tasks, leftOut }) {
    const { calibratedLines } = await import('../calibrate/calibrate-folder.ts');
    const { leftOutSentences } = await import('@polytask/study');
    return [...calibratedLines(tasks), ...leftOutSentences(leftOut)].map((line) => `${line}\n`).join('');
  },
});
