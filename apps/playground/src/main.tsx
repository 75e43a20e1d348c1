import { render } from 'preact';
import { createPageState } from './page-state.ts';
import { Page } from './panels/page.tsx';

import './styles/page.css';

render(<Page page={createPageState()} />, document.getElementById('page')!);
