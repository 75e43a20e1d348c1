const DECIMAL_COMMA = /^[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+(e[-+]?\d+)?$/i;

export const hasDecimalComma = (text: string): boolean => DECIMAL_COMMA.test(text);

const THOUSANDS = /^[-+]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** How to fix a number that is written with commas. Undefined for any other text. */
export function commaFix(text: string): string | undefined {
  const decimal = 'Pass decimal: ",", if commas are decimal points in the whole file.';
  if (!THOUSANDS.test(text)) return hasDecimalComma(text) ? decimal : undefined;
  const fix = `Remove the commas if they separate thousands: ${text.replaceAll(',', '')}.`;
  return hasDecimalComma(text) ? `${fix} ${decimal}` : fix;
}

/** `1.234,5` as `1234.5`. Undefined for `1.234`, which may be 1234 or 1.234. */
export function withDecimalPoint(text: string): string | undefined {
  if (hasDecimalComma(text)) return text.replaceAll('.', '').replace(',', '.');
  return text.includes('.') ? undefined : text;
}
