import path from 'node:path';
import {
  Comment,
  DeclarationReflection,
  FileRegistry,
  ProjectReflection,
  ReflectionKind,
  SourceReference,
  type NormalizedPath,
} from 'typedoc';
import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../repository.ts';
import { type ApiPackage, pagesByFile } from './api-pages.ts';
import { apiSidebar } from './api-sidebar.ts';
import { entryPoints } from './entry-points.ts';
import { filePage, packagePage } from './page-text.ts';

const { Function: FUNCTION, Interface: INTERFACE, Module: MODULE, Namespace: NAMESPACE } = ReflectionKind;

/** What TypeDoc has read of a declaration. @param file relative to `packages` */
function declaration(project: ProjectReflection, parent: Parent, name: string, kind: ReflectionKind, file: string) {
  const model = new DeclarationReflection(name, kind, parent);
  model.sources = [new SourceReference(path.join(ROOT, 'packages', file) as NormalizedPath, 1, 0)];
  project.registerReflection(model, undefined, undefined);
  parent.addChild(model);
  return model;
}
type Parent = ProjectReflection | DeclarationReflection;

describe('pages by file', () => {
  let packages: ApiPackage[];
  let project: ProjectReflection;
  beforeEach(() => {
    project = new ProjectReflection('p', new FileRegistry());
    const entry = declaration(project, project, 'index', MODULE, 'core/src/index.ts');
    const options = declaration(project, entry, 'MlpOptions', INTERFACE, 'core/src/experts/mlp.ts');
    options.comment = new Comment([{ kind: 'text', text: 'Options (see Caruana 1997, eq. 2) of\nan MLP. More.' }]);
    declaration(project, entry, 'mlp', FUNCTION, 'core/src/experts/mlp.ts');
    const checks = declaration(project, entry, 'checks', NAMESPACE, 'core/src/specs/option-checks.ts');
    declaration(project, checks, 'number', FUNCTION, 'core/src/specs/option-checks.ts');
    const bench = declaration(project, project, 'bench', MODULE, 'bench/src/index.ts');
    declaration(project, bench, 'mlpOf', FUNCTION, 'core/src/experts/mlp.ts');
    const layers = declaration(project, project, 'layers', MODULE, 'core/src/tf-layers/index.ts');
    declaration(project, layers, 'toLayer', FUNCTION, 'core/src/tf-layers/convert.ts');
    packages = pagesByFile(project, [
      { specifier: '@polytask/bench', source: path.join(ROOT, 'packages/bench/src/index.ts') },
      { specifier: '@polytask/core', source: path.join(ROOT, 'packages/core/src/index.ts') },
      { specifier: '@polytask/core/tf-layers', source: path.join(ROOT, 'packages/core/src/tf-layers/index.ts') },
    ]);
  });

  it('has a page for each file, in the package of the file', () => {
    expect(packages.map(({ name }) => name)).toEqual(['@polytask/core']);
    expect(project.children!.map(({ name }) => name)).toEqual(['core']);
    const pages = packages[0]!.pages.map(({ title, file, folder }) => [title, file, folder]);
    expect(pages).toEqual([
      ['mlp', 'packages/core/src/experts/mlp.ts', 'experts'],
      ['checks', 'packages/core/src/specs/option-checks.ts', 'specs'],
      ['toLayer', 'packages/core/src/tf-layers/convert.ts', 'tf-layers'],
    ]);
  });

  it('keeps the exports, also those of a namespace', () => {
    const children = packages[0]!.pages.map(({ model }) => model.children!.map(({ name }) => name));
    expect(children).toEqual([['MlpOptions', 'mlp', 'mlpOf'], ['number'], ['toLayer']]);
    for (const { model } of packages[0]!.pages) {
      for (const child of model.children!) expect(project.getReflectionById(child.id)?.parent).toBe(model);
    }
  });

  it('says how to import', () => {
    const texts = packages[0]!.pages.map((page) => filePage(page, ''));
    expect(texts[0]).toContain("import { mlp, mlpOf } from '@polytask/core';");
    expect(texts[1]).toContain("import { checks } from '@polytask/core';");
    expect(texts[2]).toContain("import { toLayer } from '@polytask/core/tf-layers';");
  });

  it('has values before types in the table of a package, with first sentences', () => {
    const text = packagePage(packages[0]!, ({ name }) => `/${name}`);
    expect(text).toContain(
      '| [`mlpOf`](/mlpOf) |  |\n| [`MlpOptions`](/MlpOptions) | Options (see Caruana 1997, eq. 2) of an MLP. |\n',
    );
  });

  it('has the pages in the navigation of their package', () => {
    const [first, core] = apiSidebar(packages, '/api/')['/api/core/'] as { link: string; items?: unknown[] }[];
    expect(first?.link).toBe('/api/');
    expect(core?.items?.[0]).toMatchObject({
      text: 'experts',
      items: [{ text: 'mlp', link: '/api/core/experts/mlp' }],
    });
  });
});

it('the entry points are those of the published packages', () => {
  const specifiers = entryPoints().map(({ specifier }) => specifier);
  expect(specifiers).toContain('@polytask/core/tf-layers');
  expect(specifiers).not.toContain('@polytask/faults');
});
