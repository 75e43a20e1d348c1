const output = document.querySelector('output');
const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
worker.onmessage = ({ data: { engine, auc, error } }) =>
  (output.textContent = error ? `failed: ${error}` : `${engine}, AUC ${auc.toFixed(3)}`);
worker.onerror = ({ message }) => (output.textContent = `failed: ${message}`);
