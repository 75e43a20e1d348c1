import { fail, suggestion } from '@polytask/core';
import { fittedLoss } from '@polytask/core/internal';
import { columnIn, needOf, wrongValue } from '../columns/columns.ts';
import { anyOf, plainText, quoted } from '../words/words.ts';
import {
  binaryLabel,
  type LabeledTask,
  type LabelFit,
  type LabelReading,
  matches,
  textReader,
  yesAndNo,
  type YesNo,
} from './label-reading.ts';

export const yesNo: LabelReading<YesNo> = {
  needs({ name, column, label: { above, positive } }) {
    if (above !== undefined && (!Number.isFinite(above) || positive !== undefined)) {
      fail({
        expected: `either positive values or a number above which a label of task "${name}" is yes`,
        received: positive === undefined ? `above: ${above}` : 'both',
        fix: 'Write binary({ above: 0 }) for a column of numbers.',
      });
    }
    return [needOf(above === undefined ? 'texts' : 'numbers', column)];
  },
  reader(table, { name, column, label }) {
    const { above } = label;
    if (above !== undefined) {
      const values = columnIn(table, 'numbers', column);
      return (row) => (Number.isNaN(values[row]!) ? NaN : Number(values[row]! > above));
    }
    return textReader(table, column, binaryLabel(label), (text, row) => {
      const expected = `0, 1, false, true or an empty cell as the label of task "${name}"`;
      const fix = yesMend(text, columnIn(table, 'texts', column).dictionary);
      return wrongValue(text, expected, column, table.where(row), fix);
    });
  },
  fit,
  parts: () => [{ what: 'the labels', type: 'classes', valueOf: (y) => y }],
  missing(_, labels) {
    const classes = ['no', 'yes'].filter((_, at) => !labels.includes(at));
    return { classes, what: `row of ${anyOf(classes, 'class', 'classes')}` };
  },
  strata(table, of) {
    const read = yesNo.reader(table, of);
    return (row) => (Number.isNaN(read(row)) ? [] : [read(row)]);
  },
  yes: ({ column, label: { positive } }) => ({ column, positive }),
  cells({ column, label }) {
    const [yes, no] = label.above === undefined ? yesAndNo(label) : [label.above + 1, label.above - 1];
    return { [column]: [yes, no, no, no] };
  },
};

const COMPARED = 20;

/** Finds the share of yes. One positive value of a list has to occur: other files may spell the task's label otherwise. */
function fit(of: LabeledTask<YesNo>): LabelFit<number> {
  const { name, column, task, label } = of;
  const { positive, above } = label;
  const values = positive === undefined ? [] : typeof positive === 'object' ? positive : [positive];
  let positiveMissing = values.length > 0;
  const texts = new Set<string>();
  let [yes, total] = [0, 0];
  return {
    read(table) {
      if (above === undefined) {
        const { dictionary } = columnIn(table, 'texts', column);
        positiveMissing &&= !dictionary.some((text) => values.some((value) => matches(text, value)));
        for (const text of dictionary.slice(0, COMPARED - texts.size)) texts.add(text);
      }
      return yesNo.reader(table, of);
    },
    take(own, weight) {
      yes += weight * own;
      total += weight;
    },
    finish() {
      if (positiveMissing) {
        const what = values.length === 1 ? 'the positive value' : 'one of the positive values';
        fail({
          expected: `${what} ${quoted(values)} of task "${name}" somewhere in column "${column}"`,
          received: `a column without it`,
          fix: suggestion(values[0], texts),
        });
      }
      return fittedLoss({ ...task, fitted: { rate: yes / total } }, [total - yes, yes]);
    },
  };
}

const SHOWN = 5;

/** Advice for a column with these values, of which `text` is neither yes nor no by default. */
function yesMend(text: string, values: readonly string[]): string {
  const labelOf = binaryLabel({});
  const isYesOrNo = YES.has(plainText(text)) || NO.has(plainText(text));
  if (!isYesOrNo && values.some((value) => labelOf(value) !== undefined)) {
    const missing = `missing: [${JSON.stringify(text)}]`;
    return `Correct the cell, or leave it empty where there is no label (in a CSV: ${missing}).`;
  }
  const yes = yesAmong(values);
  if (yes.length > 0) return `Say what means yes: ${positiveOption(yes)}.`;
  if (values.length <= 2) return `Say what means yes: ${values.map((value) => positiveOption([value])).join(' or ')}.`;
  return `Say which of ${quoted(values, SHOWN)} mean yes: binary({ positive: […] }). To predict which one it is, declare multiclass().`;
}

const positiveOption = (values: readonly string[]): string =>
  `binary({ positive: ${values.length === 1 ? quoted(values) : `[${quoted(values)}]`} })`;

/** Words for yes and no, in lower case. */
const YES = new Set(['yes', 'y', 'true', 't', '1', '1.0', 'on', 'positive', 'pos', '+']);
const NO = new Set(['no', 'n', 'false', 'f', '0', '0.0', 'off', 'negative', 'neg', '-']);

/** The values of a column that mean yes: words for yes, or "more than" beside "less than": `>50K` of `<=50K` and `>50K`. */
export function yesAmong(texts: readonly string[]): string[] {
  const words = texts.filter((text) => YES.has(plainText(text)));
  if (words.length > 0) return words;
  const [more, less] = ['>', '<'].map((sign) => texts.filter((text) => text.trimStart().startsWith(sign)));
  return more!.length > 0 && less!.length > 0 ? more! : [];
}
