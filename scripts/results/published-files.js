import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { mergeResults } from '@polytask/bench';
import { groupBy } from '@polytask/components';
import { filesLike } from '../docs-pages.js';

const RESULTS = 'docs/results';
const TRIALS = 'results.jsonl';
const NEWLINE = 10;
/** The study whose fusion weights the page of results averages over seeds. */
const MEANS_OF_WEIGHTS = 'heat-map';

/**
 * Sections that `polytask merge` writes again: of epochs, of the first seed, of values of a context with fewer than a thousand rows,
 * and the table of which pictures are drawn.
 */
const DETAILS =
  'On the \\d{1,3} test rows [^\\]]* with [^\\]]*|All differences|Learning curves|Balancing, [^\\]]*|Fusion weights, [^\\]]*';

/** A report without the sections of single seeds and epochs, which are half of it. @param {string} report */
export function withoutSeedDetails(report) {
  const heading = new RegExp(`^(${DETAILS})$`);
  const link = new RegExp(` · \\[(${DETAILS})\\]\\(#[^)]*\\)`, 'g');
  let hidden = 0; // the level of the heading of a section that is left out
  const lines = report.split('\n').filter((line) => {
    const [, marks, title] = /^(#+) (.*)$/.exec(line) ?? [];
    if (marks && (hidden === 0 || marks.length <= hidden)) hidden = heading.test(String(title)) ? marks.length : 0;
    return hidden === 0;
  });
  return lines.join('\n').replace(link, '');
}

/** The bytes of a published file, unpacked. @param {string} name @param {Uint8Array} bytes */
export const contentOf = (name, bytes) => (name.endsWith('.gz') ? gunzipSync(bytes) : Buffer.from(bytes));

/**
 * The files of a folder of `docs/results`: the trials, and of the report what people read. `polytask merge` writes the rest again.
 *
 * @param {string} directory the `--out` directory of a run, or the folder itself. It stays as it is
 * @param {string} name the name of the folder
 * @returns {Promise<Map<string, Uint8Array>>} by path in the folder
 * @throws {Error} when trials of the plan are missing
 */
export async function publishedFiles(directory, name) {
  const again = await mkdtemp(path.join(tmpdir(), 'polytask-publish-'));
  try {
    const { missing } = await mergeResults([directory], again);
    if (missing.length > 0) throw new Error(`${directory} has no results of ${missing.length} trials of its plan.`);
    const report = withoutSeedDetails(await readFile(path.join(again, 'report.md'), 'utf8'));
    const summary = JSON.parse(await readFile(path.join(again, 'summary.json'), 'utf8'));
    /** @type {[string, Uint8Array][]} */
    const files = [
      ...packed(directory, 'plan.json'),
      [`${TRIALS}.gz`, compressedTrials(directory, name === MEANS_OF_WEIGHTS)],
      ['summary.json.gz', gzipSync(JSON.stringify(summary.map(withoutSlices), digits(5)), { level: 9 })],
      ['report.md', Buffer.from(report)],
    ];
    const shown = picturesShown(name, report);
    for (const file of (await readdir(path.join(again, 'pictures'))).filter((each) => shown.has(each)).sort()) {
      files.push([`pictures/${file}`, await readFile(path.join(again, 'pictures', file))]);
    }
    return new Map(files);
  } finally {
    await rm(again, { recursive: true });
  }
}

/** A summary without the scores of parts of the rows, which are most of it. @param {Record<string, unknown>} summary */
const withoutSlices = ({ byContext: _, unseen: __, ...summary }) => summary;

/** Rounds fractions, for JSON. @param {number} count */
const digits = (count) => (/** @type {string} */ _, /** @type {unknown} */ value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(count)) : value;

/** Rounds a fraction to six digits, more than any page shows. */
export const sixDigits = digits(6);

/** A file with its compressed form. @param {string} directory @param {string} file @returns {[string, Uint8Array][]} */
const packed = (directory, file) => {
  const [[, bytes] = []] = copied(directory, file);
  return bytes ? [[`${file}.gz`, gzipSync(bytes, { level: 9 })]] : copied(directory, `${file}.gz`);
};

/** @param {string} directory @param {string} file @returns {[string, Uint8Array][]} */
const copied = (directory, file) => {
  const from = path.join(directory, file);
  return existsSync(from) ? [[file, readFileSync(from)]] : [];
};

/**
 * All trials, compressed. An incomplete last line, of a run that was killed, is left out. Trials of one model follow each other, which
 * gzip packs best. Fusion weights and the work of balancers, half of all bytes, are those of the first seed, which the report draws.
 *
 * @param {string} directory
 * @param {boolean} [allSeeds] keeps the fusion weights of all seeds. Default: false
 */
export function compressedTrials(directory, allSeeds = false) {
  const [[, packed] = []] = copied(directory, `${TRIALS}.gz`);
  const [[, added] = []] = copied(directory, TRIALS);
  const parts = [packed ? gunzipSync(packed) : Buffer.alloc(0), added ?? Buffer.alloc(0)];
  const lines = parts.flatMap((part) =>
    part
      .toString('utf8', 0, part.lastIndexOf(NEWLINE) + 1)
      .split('\n')
      .slice(0, -1),
  );
  const tested = lines.map(publishedTrial).filter(({ measures }) => measures !== 'validation'); // the plan has the scores of searches
  const trials = groupBy(tested, ({ setting, model }) => `${setting} ${model}`);
  const kept = [...trials.values()].flatMap((each) => (allSeeds ? each : withFirstWeights(each)));
  const text = kept.map((trial) => `${JSON.stringify(trial)}\n`).join('');
  return packed && gunzipSync(packed).equals(Buffer.from(text)) ? packed : gzipSync(text, { level: 9 });
}

/** Trials of a model without the weights of all seeds but the least. @param {readonly any[]} trials */
function withFirstWeights(trials) {
  const first = Math.min(...trials.map(({ seed }) => seed));
  return trials.map(({ balancing, ...trial }) => {
    if (trial.seed === first) return balancing === undefined ? trial : { ...trial, balancing };
    return trial.fusion ? { ...trial, fusion: [] } : trial;
  });
}

/**
 * A trial without its key and digest, which its configuration and gzip's checksum replace. Scores have all digits, as `polytask verify`
 * compares them. Intervals over test rows have six, and scores on unseen rows nine: fewer would make ties, which move ranks. Epochs have five
 * and no seconds: a picture shows fewer, and the trial's seconds say enough of a busy machine.
 *
 * @param {string} line
 */
export function publishedTrial(line) {
  const { key: _, sha256: __, ...trial } = JSON.parse(line);
  for (const [part, rounded] of /** @type {const} */ ([
    ['rowIntervals', sixDigits],
    ['unseen', digits(9)],
    ['curve', digits(5)],
  ]))
    if (trial[part]) trial[part] = JSON.parse(JSON.stringify(trial[part], rounded));
  for (const epoch of trial.curve ?? []) delete epoch.seconds;
  return trial;
}

/**
 * The names of the pictures that a page of the repository shows.
 *
 * @param {string} name of the folder
 * @param {string} report its report
 */
function picturesShown(name, report) {
  const pages = filesLike(/^([A-Z]+|docs\/([^/]+\/)?[^/]+)\.md$/).filter(({ file }) => !file.endsWith('/report.md'));
  const folder = `${RESULTS}/${name}/pictures`;
  const all = [{ file: `${RESULTS}/${name}/report.md`, text: report }, ...pages].flatMap(({ file, text }) =>
    [...text.matchAll(/\]\(([^()\s]+\.svg)\)/g)].map(([, link]) =>
      path.posix.join(path.posix.dirname(file), String(link)),
    ),
  );
  return new Set(all.filter((file) => path.posix.dirname(file) === folder).map((file) => path.posix.basename(file)));
}
