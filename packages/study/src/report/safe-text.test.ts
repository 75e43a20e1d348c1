import { expect, test } from 'vitest';
import { svgFile } from './pictures/chart.ts';
import { summarize } from '../summary/summarize.ts';
import { trialOf } from '../testing/trial-of.ts';
import { settingKey } from '../results/trial-result.ts';
import { picturesOf } from './blocks.ts';
import { resultsCsv } from './csv.ts';
import { comparisonDocument } from './comparison-document.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { renderText } from './terminal.ts';

test('no writer lets a name of the data do harm', () => {
  const name = '=cmd|\u001b[31m\u202e<script>alert(1)</script>`<b>`![i](http://e)$&"\u0000\ud800\u2028\n';
  const trials = [name, 'constructor', 'single-task'].flatMap((model) =>
    [1, 2].map((seed) =>
      trialOf({
        ...{ suite: name, setting: name, model, seed },
        metrics: { [name]: { auc: 0.8 + seed / 100, ne: 0.5 } },
        curve: [{ epoch: 1, loss: { [name]: 1 }, validation: { [name]: { auc: 0.7 } } }] as never,
        warnings: [],
      }),
    ),
  );
  const summary = summarize(trials, { baseline: 'single-task' });
  expect(settingKey(trials[0]!)).toBe(summary.key);
  const document = comparisonDocument({ summaries: [summary], trials });

  const terminal = renderText(document, { width: 80, colors: true });
  expect(terminal).toContain('\\u001b[31m');
  expect(terminal).not.toContain('\u001b[31m');
  expect(terminal).not.toContain('\u0000');

  const markdown = renderMarkdown(document, { pictures: 'pictures' });
  expect(markdown).toContain('&lt;script>alert(1)');
  expect(markdown).not.toMatch(/<script|<b>|(?!\n)\p{Cc}|\u202e|!\[i\]\(/u);

  const html = renderHtml(document);
  expect(html).toContain('&lt;script&gt;alert(1)');
  expect(html).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
  expect(html.split('<script')).toHaveLength(2); // the one that sorts tables
  expect(html).not.toContain('<b>');

  const cells = resultsCsv(trials).split('\n').slice(1, -1).join('\n');
  expect(cells).toContain(`"'=cmd|`);
  expect(cells).not.toMatch(/(^|,|")=cmd|(?!\n)\p{Cc}|\u202e/u);

  const drawn = picturesOf(document.blocks);
  expect(drawn.length).toBeGreaterThan(1);
  for (const picture of drawn) {
    const file = svgFile(picture);
    expect(file).not.toMatch(/(?![\t\n\r])[\p{Cc}\p{Cs}]/u);
    expect(file).not.toMatch(/<script|<b>/);
    expect(file.match(/<style>/g)).toHaveLength(1);
    expect(file.slice(0, file.indexOf('<style>'))).toMatch(/^<svg [^<>]*role="img" aria-label="[^"<>]*">$/s);
    expect(picture.name).toMatch(/^[a-z0-9-]+$/);
  }
});
