/** A number as results.jsonl has it: with at most so many decimals. */
export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
