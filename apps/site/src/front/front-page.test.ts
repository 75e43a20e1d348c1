import { expect, it } from 'vitest';
import { siteLink } from '../repository.ts';
import { frontPage, proofs } from './front-page.ts';

it('the proofs have the numbers of the pages that they link to', () => {
  const [speed, fidelity, verdict] = proofs();
  expect(speed!.title).toMatch(/Training steps \d\.\d to \d\.\d times/);
  expect(speed!.details).toMatch(/by hand: \d\.\d to \d\.\d times/);
  expect(fidelity!.title).toContain('1e-5');
  expect(verdict!.details).toMatch(/separate networks win \d of \d tasks/);
});

it('the front page is described by what it is for', () => {
  const [, head] = frontPage().split('---\n');
  const { description, hero } = JSON.parse(head!) as { description: string; hero: { tagline: string } };
  expect(description).toBe(hero.tagline);
});

it('the front page links to pages of the repository', () => {
  const links = [...frontPage().matchAll(/\]\(\/(docs\/[^)]+)\)/g)].map(([, link]) => link!);
  expect(links.length).toBeGreaterThan(4);
  for (const link of links) expect(siteLink('README.md', `${link}.md`)).toBe(`/${link}`);
});
