#!/usr/bin/env node
/**
 * Writes the suite of tables (docs/known-data.md): a CSV file and its data set file for each.
 *
 *     npm run fetch-tables -- --out DIR [--library DIR] [NAME …]
 *
 * One table is in an npm package, which your npm installs into a temporary folder. The others are in R packages, which `--library` has
 * as R's `install.packages` or Debian's packages unpack them. R needn't be installed. A table is written only if its text has
 * the sha256 that is written here, so that everybody has the same rows.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../workspace.js';
import { columnsOf, readPackageData } from './r-data.js';

/**
 * A data frame of an R package.
 *
 * @param {string} name the package @param {string} version that the sha256 is of @param {string} object @param {string} sha256
 * @param {string} [file] its .rda file, if it has another name
 */
const r = (name, version, object, sha256, file = object) => ({ npm: undefined, name, version, object, sha256, file });
/** A file of an npm package. @param {string} name @param {string} version @param {string} file @param {string} sha256 */
const npm = (name, version, file, sha256) => ({ npm: `${name}@${version}`, name, version, object: file, sha256, file });

/** @type {Record<string, ReturnType<typeof r | typeof npm>>} */
const TABLES = {
  'bird-strikes': npm(
    'vega-datasets',
    '3.2.1',
    'data/birdstrikes.csv',
    '45777edf69984b37599e73dbfb34dbc976055243547407214261a4fcb9466462',
  ),
  diamonds: r('ggplot2', '3.5.1', 'diamonds', '243996d7650e84e190a88d505b44c3a0be1bcfc7b4f32606d60d103a51494b9e'),
  developers: r(
    'modeldata',
    '1.4.0',
    'stackoverflow',
    '8a0686db0e3fe13a026079335ec0b2bd3deaab37ea8f364b3a0e1d476b08086a',
  ),
  'doctor-visits': r('AER', '1.2-14', 'NMES1988', '3df78c87fb67793702fa5291a8ec19e9682b6f14905468d2e3670ba4f9a9a6eb'),
  'hotel-stays': r(
    'modeldata',
    '1.4.0',
    'hotel_rates',
    'e70e86eded4f28487e6e4ffcb8b63e0d5054b0e3dc411d7a021248b608244736',
  ),
  insurance: r('kernlab', '0.9-33', 'ticdata', '1840f530b5c0d8dccb0367573e10e374ac722c440000d4399edd50bdbcf2c2d1'),
  movielens: r('dslabs', '0.8.0', 'movielens', 'a860b63534f4b2ce9f0700d8b14ed58d6569b9d365175c38e6bb8dd7e64052bb'),
  personality: r('psych', '2.4.12', 'bfi', 'f57183f97a0cda4eee504b9de0f4cc80206cd95d612266d23b97d45963a8d468'),
  'police-stops': r(
    'carData',
    '3.0-5',
    'MplsStops',
    '16fd70070faa6bf9ac768ab9d436e1dd338f5bcdbdb2fa15a8a69bf9254925e2',
  ),
  pupils: r('mlmRev', '1.0-8', 'star', '22e6c20f2f3fc45d967b0eb21e93ab59e0d0de066b1da1ada51833c488431d2e'),
  schools: r('survey', '4.4-2', 'apipop', 'd659bf145f406283aef7ca5e49169d9d1a9ff89e76539229a5072739944be2ed', 'api'),
};

const DEBIAN_LIBRARY = '/usr/lib/R/site-library';
const DOCUMENTS = path.join(ROOT, 'examples/tables');

const { values: options, positionals } = parseArgs({
  options: { out: { type: 'string' }, library: { type: 'string', default: DEBIAN_LIBRARY } },
  allowPositionals: true,
});
const { out = stop('Pass --out DIR, the folder for the tables.'), library } = options;

/** @param {string} message @returns {never} */
function stop(message) {
  console.error(message);
  process.exit(1);
}

/** The text of a file in an npm package. @param {string} npm its name and version @param {string} file */
function fromNpm(npm, file) {
  const folder = mkdtempSync(path.join(tmpdir(), 'polytask-tables-'));
  try {
    const { npm_execpath: script } = process.env; // `npm run` sets it; where npm is a .cmd file, it can't be run by name
    const [program, first] = script ? [process.execPath, [script]] : ['npm', []];
    const wanted = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', npm];
    execFileSync(program, [...first, ...wanted], { stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(path.join(folder, 'node_modules', npm.slice(0, npm.lastIndexOf('@')), file), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string | null} cell */
const csvCell = (cell) => (cell === null ? '' : /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** The text of a data frame as CSV. @param {string} name the package @param {string} object @param {string} file */
function fromR(name, object, file) {
  const columns = columnsOf(readPackageData(path.join(library, name), object, file));
  const [first] = Object.values(columns);
  const rows = first.map((_, row) => Object.values(columns).map((column) => column[row]));
  return [Object.keys(columns), ...rows].map((cells) => `${cells.map(csvCell).join(',')}\n`).join('');
}

/** How to get R packages without R, and with it. @param {string[]} names @param {string} folder */
const howToGet = (
  names,
  folder,
) => `Expected the R packages ${names.join(', ')} in ${folder}, received no such folders. Get them in one of two ways.
On Debian and Ubuntu, without R:
    apt-get download ${names.map((name) => `r-cran-${name.toLowerCase()}`).join(' ')}
    for each in r-cran-*.deb; do dpkg-deb -x "$each" r-data; done
  and then pass --library r-data${DEBIAN_LIBRARY}
With R, on any system:
    install.packages(c(${names.map((name) => `"${name}"`).join(', ')}))
  and then pass a folder that .libPaths() prints as --library.`;

const names = positionals.length > 0 ? positionals : Object.keys(TABLES);
const unknown = names.filter((name) => !(name in TABLES));
if (unknown.length > 0)
  stop(`Expected tables among ${Object.keys(TABLES).join(', ')}, received ${unknown.join(', ')}.`);
const needed = new Set(names.map((name) => TABLES[name]).flatMap(({ npm, name }) => (npm ? [] : [name])));
const missing = [...needed].filter((name) => !existsSync(path.join(library, name, 'data')));
if (missing.length > 0) stop(howToGet(missing, library));

mkdirSync(out, { recursive: true });
for (const table of names) {
  const { npm, name, version, object, file, sha256 } = TABLES[table];
  const text = npm ? fromNpm(npm, file) : fromR(name, object, file);
  const received = createHash('sha256').update(text).digest('hex');
  if (received !== sha256) {
    stop(
      `Expected ${object} of ${name} ${version} with the sha256 ${sha256}, received ${received}. Get that version of ${name}.`,
    );
  }
  writeFileSync(path.join(out, `${table}.csv`), text);
  copyFileSync(path.join(DOCUMENTS, `${table}.json`), path.join(out, `${table}.json`));
  console.log(`${path.join(out, `${table}.json`)}: ${object} of ${name} ${version}`);
}
