import type { PageState } from '../page-state.ts';

const CLASS = 'dragged';

/** Takes a file that is dropped anywhere on the page. */
export function listenForDrops(page: PageState): void {
  const { classList } = document.documentElement;
  addEventListener('dragover', (event) => {
    event.preventDefault();
    classList.add(CLASS);
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) classList.remove(CLASS);
  });
  addEventListener('drop', (event) => {
    event.preventDefault();
    classList.remove(CLASS);
    const file = event.dataTransfer?.files[0];
    if (file) void page.takeFile(file);
  });
}
