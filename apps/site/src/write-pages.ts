/** Writes the pages that are made from the sources. `npm run docs` runs this before VitePress. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LESSONS } from '@polytask/playground/lessons';
import { apiSidebar } from './api/api-sidebar.ts';
import { writeApi } from './api/write-api.ts';
import { frontPage } from './front/front-page.ts';
import { writeGallery } from './gallery/write-gallery.ts';
import { API, LESSONS as LESSONS_FILE, SIDEBARS } from './navigation.ts';
import { ROOT, WRITTEN_PAGES } from './repository.ts';

const folder = path.join(ROOT, WRITTEN_PAGES);
await rm(folder, { recursive: true, force: true });
const packages = await writeApi(path.join(folder, API), API);
const gallery = await writeGallery(folder, packages);
await writeFile(SIDEBARS, JSON.stringify({ ...apiSidebar(packages, API), ...gallery }));
await writeFile(path.join(folder, 'index.md'), frontPage());
const lessons = Object.entries(LESSONS).map(([name, { title, summary }]) => ({ name, title, summary }));
await writeFile(LESSONS_FILE, JSON.stringify(lessons));
