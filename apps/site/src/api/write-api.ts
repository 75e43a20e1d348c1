import path from 'node:path';
import { Application, Converter, type DeclarationReflection, type TypeDocOptions } from 'typedoc';
import { MarkdownPageEvent, type PluginOptions } from 'typedoc-plugin-markdown';
import { REPOSITORY, ROOT } from '../repository.ts';
import { type ApiPackage, pagesByFile } from './api-pages.ts';
import { entryPoints } from './entry-points.ts';
import { filePage, packagePage, referencePage } from './page-text.ts';

type Options = TypeDocOptions & PluginOptions;

const OPTIONS: Options = {
  plugin: ['typedoc-plugin-markdown'],
  tsconfig: path.join(ROOT, 'tsconfig.json'),
  skipErrorChecking: true, // `npm run typecheck` does that
  logLevel: 'Warn',
  disableGit: true, // a clone may have any origin, or none
  gitRevision: 'main',
  sourceLinkTemplate: `${REPOSITORY}/blob/{gitRevision}/{path}#L{line}`,
  basePath: ROOT,
  readme: 'none',
  excludeExternals: true,
  excludeInternal: true,
  excludeReferences: true,
  sort: ['source-order'],
  groupOrder: ['Functions', 'Classes', 'Variables', 'Constructors', 'Methods', 'Accessors', 'Properties'],
  router: 'module',
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hidePageTitle: true,
  hideGroupHeadings: true,
  useCodeBlocks: true,
  useCustomAnchors: true, // two names may differ only in the case of their letters
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  classPropertiesFormat: 'table',
};

/**
 * Writes the API reference as Markdown: a page for each source file with exports, one for each package, and a first page.
 *
 * @param folder emptied before
 * @param address the address of the folder in the site: `/api/`
 * @throws Error when a docstring links to something that isn't in the reference. TypeDoc prints where
 */
export async function writeApi(folder: string, address: string): Promise<readonly ApiPackage[]> {
  const entries = entryPoints();
  const options: Options = {
    ...OPTIONS,
    entryPoints: entries.map(({ source }) => source),
    out: folder,
    publicPath: address,
  };
  const app = await Application.bootstrapWithPlugins(options);
  let packages: readonly ApiPackage[] = [];
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    packages = pagesByFile(project, entries);
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the packages.');
  // A page has one link to its source
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.isDeclaration() || reflection.isSignature()) delete reflection.sources;
  }
  const pages = new Map(packages.flatMap((each) => each.pages.map((page) => [page.model, page])));
  const byModel = new Map(packages.map((each) => [each.model, each]));
  app.renderer.on(MarkdownPageEvent.END, (event) => {
    const addressOf = (model: DeclarationReflection) =>
      path.posix.join(address, app.renderer.router!.getFullUrl(model));
    const model = event.model as DeclarationReflection;
    const [page, own] = [pages.get(model), byModel.get(model)];
    if (page) event.contents = filePage(page, event.contents ?? '');
    else if (own) event.contents = packagePage(own, addressOf);
    else event.contents = referencePage(packages, addressOf);
  });
  await app.generateOutputs(project);
  if (app.logger.hasWarnings() || app.logger.hasErrors())
    throw new Error('The API reference has faults. Mend the docstrings that TypeDoc names above.');
  return packages;
}
