import { render } from 'preact';
import { SeePage } from './see-page.tsx';

import '../styles/page.css';

render(<SeePage />, document.getElementById('page')!);
