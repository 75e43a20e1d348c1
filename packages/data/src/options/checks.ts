import { checks } from '@polytask/core';

export const { anything, string, text } = checks;

export const strings = checks.listOf(string);
export const texts = checks.listOf(text);

/** A text, or a list with at least one. */
export const oneOrMore = checks.either(text, checks.listOf(text, 1));

export const fraction = checks.number({ from: 0, below: 1 });
