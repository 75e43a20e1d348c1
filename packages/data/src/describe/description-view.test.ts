import { expect, test } from 'vitest';
import { describeCsv } from './describe.ts';
import { descriptionView } from './description-view.ts';

test('names between backticks are code in the list of messages, and are escaped', () => {
  const described = describeCsv('age,label\n30,0\n40,1\n50,0\n');
  const [finding] = described.warnings; // a small table has one
  const warnings = [{ ...finding!, message: 'Rows of `a<b` and `--seeds 5`, <i>.' }];
  expect(descriptionView({ ...described, warnings, suggestions: [] }).html).toMatch(
    /<ul><li>Rows of <code>a&lt;b<\/code> and <code>--seeds 5<\/code>, &lt;i&gt;\.<\/li><\/ul>$/,
  );
});
