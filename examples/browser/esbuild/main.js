const output = document.querySelector('output');
const worker = new Worker('worker.js', { type: 'module' });
worker.onmessage = ({ data: { engine, auc } }) => (output.textContent = `${engine}, AUC ${auc.toFixed(3)}`);
worker.onerror = ({ message }) => (output.textContent = `failed: ${message}`);
