import type { DefaultTheme } from 'vitepress';
import { type ApiPackage, byFolder } from './api-pages.ts';

/**
 * The navigation beside the reference: beside each page the pages of its package, and the other packages.
 *
 * @param address of the reference in the site
 */
export function apiSidebar(packages: readonly ApiPackage[], address: string): DefaultTheme.SidebarMulti {
  const all = (open: ApiPackage | undefined): DefaultTheme.SidebarItem[] => [
    { text: 'API reference', link: address },
    ...packages.map((each) => ({
      text: each.name,
      link: `${address}${each.model.name}/`,
      ...(each === open && { items: itemsOf(each, address), collapsed: false }),
    })),
  ];
  const own = packages.map((each) => [`${address}${each.model.name}/`, all(each)] as const);
  return { ...Object.fromEntries(own), [address]: all(undefined) };
}

const itemsOf = ({ model, pages }: ApiPackage, address: string): DefaultTheme.SidebarItem[] =>
  byFolder(pages).flatMap(([folder, own]): DefaultTheme.SidebarItem[] => {
    const items = own.map((page) => ({ text: page.title, link: `${address}${model.name}/${page.model.name}` }));
    return folder === '' ? items : [{ text: folder, items }];
  });
