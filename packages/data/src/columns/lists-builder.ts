import type { ColumnBuilder, MissingMarkers } from './builder.ts';
import type { Lists } from './columns.ts';
import { Dictionary, textOf } from './dictionary.ts';
import { Growing } from './growing.ts';

/** A column of lists: arrays, or one text with a separator between the values. Empty values are left out. */
export function listsBuilder(separator: string, missing?: MissingMarkers): ColumnBuilder<Lists> {
  const offsets = new Growing((length) => new Uint32Array(length));
  const codes = new Growing((length) => new Int32Array(length));
  const dictionary = new Dictionary(missing);
  let count = 0;
  offsets.push(0);

  const add = (texts: readonly (string | undefined)[]): boolean => {
    if (texts.includes(undefined)) return false;
    for (const text of texts) {
      const code = dictionary.codeOf(text!);
      if (code < 0) continue;
      codes.push(code);
      count++;
    }
    offsets.push(count);
    return true;
  };
  const cut = (text: string): boolean => add(text.split(separator).map((each) => each.trim()));

  return {
    expected: `a list, or a text of values between "${separator}"`,
    push(value) {
      if (Array.isArray(value)) return add(value.map(textOf));
      const text = textOf(value);
      return text !== undefined && cut(text);
    },
    pushText: cut,
    finish: () => ({ offsets: offsets.toArray(), codes: codes.toArray(), dictionary: dictionary.texts, separator }),
  };
}
