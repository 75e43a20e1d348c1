import { describe, expect, it } from 'vitest';
import { descriptionOf } from './description.ts';

describe('the description of a page', () => {
  it('is its first paragraph, without marks, and the next one if that is short', () => {
    const page = '---\ntitle: x\n---\n\n# Title\n\nHow to `fit` a **model**\non [your table](data.md#a).\n\nMore.\n';
    expect(descriptionOf(page)).toBe('How to fit a model on your table. More.');
  });

  it('passes over tables, code, lists and pictures', () => {
    expect(descriptionOf('# T\n\n| a |\n|---|\n\n```sh\nnpm ci\n\nrun\n```\n\n- x\n\n![p](p.svg)\n\nText.')).toBe(
      'Text.',
    );
    expect(descriptionOf('# T\n\n| a |\n|---|\n')).toBeUndefined();
  });

  it('ends after a sentence, or else after a word', () => {
    const sentence = 'A gate gives the weights of the experts for each task.';
    expect(descriptionOf(`${sentence} ${'More words '.repeat(20)}`)).toBe(sentence);
    const words = descriptionOf('word, '.repeat(60))!;
    expect(words).toMatch(/word …$/);
    expect(words.length).toBeLessThanOrEqual(162);
  });
});
