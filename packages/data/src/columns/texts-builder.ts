import type { ColumnBuilder, MissingMarkers } from './builder.ts';
import type { Texts } from './columns.ts';
import { Dictionary, textOf } from './dictionary.ts';
import { Growing } from './growing.ts';

/** A column of texts; numbers and booleans are taken by their text. */
export function textsBuilder(missing?: MissingMarkers): ColumnBuilder<Texts> {
  const codes = new Growing((length) => new Int32Array(length));
  const dictionary = new Dictionary(missing);
  const add = (text: string | undefined): boolean => {
    if (text === undefined) return false;
    codes.push(dictionary.codeOf(text));
    return true;
  };
  return {
    expected: 'a string, a number or null',
    push: (value) => add(textOf(value)),
    pushText: add,
    finish: () => ({ codes: codes.toArray(), dictionary: dictionary.texts }),
  };
}
