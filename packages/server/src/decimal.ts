/** A float32 as the decimal number of at most nine digits that rounds to it: 0.1 instead of 0.10000000149011612. */
export const decimal = (value: number): number => Number(value.toPrecision(9));
