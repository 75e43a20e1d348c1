/**
 * Writes the tables of options in the docs from the definitions of components:
 *
 *     npm run write-options
 *
 * `scripts/options/option-tables.test.js` fails if a file would change.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { writeTexts } from './options/option-texts.js';
import { ROOT } from './workspace.js';

writeTexts();
const { pagesWithOptions } = await import('./options/option-tables.js'); // with the texts that were written
for (const [file, text] of pagesWithOptions()) writeFileSync(join(ROOT, file), text);
