import { render } from 'preact';
import { createPageState } from './page-state.ts';
import { listenForDrops } from './panels/drop-target.ts';
import { Page } from './panels/page.tsx';

import './styles/page.css';

const page = createPageState();
listenForDrops(page);
render(<Page page={page} />, document.getElementById('page')!);

// a page of the development server has no service worker
if (import.meta.env.PROD) void navigator.serviceWorker?.register('./service-worker.js');
