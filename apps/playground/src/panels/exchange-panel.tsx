import { useSignal } from '@preact/signals';
import { counted, type Summary, type TrialResult } from '@polytask/study';
import { asCommand, asProgram, asSuite, suiteFile, download, reportOf, zipOf } from '../exchange/downloads.ts';
import { asResults } from '../exchange/result-sets.ts';
import { verdictPicture } from '../exchange/verdict-picture.ts';
import type { PageState } from '../page-state.ts';
import { modelText } from '../setup/setup.ts';
import { documentName, suiteOfSetup } from '../setup/suite-of-setup.ts';
import { FileInput } from './controls.tsx';

/** What leaves the page, and what comes to it: the setup as text, results, reports and models. */
export function ExchangePanel({ page }: { readonly page: PageState }) {
  const { summary, trials, failures } = page.comparison;
  return (
    <section class="exchange" aria-labelledby="exchange-title">
      <h2 id="exchange-title">Take it with you</h2>
      <div class="exchange-rows">
        <SetupTexts page={page} />
        {summary.value && (
          <div class="exchange-row">
            <h3>These results</h3>
            <div class="buttons">
              <ShareButtons page={page} summary={summary.value} />
              <Download
                name="results.jsonl"
                onClick={() => download('results.jsonl', asResults(trials.value), 'application/jsonl')}
              />
              <Download
                name="Report"
                onClick={() =>
                  download('report.html', reportOf(summary.value!, trials.value, failures.value), 'text/html')
                }
              />
            </div>
            <p class="hint" role="status">
              {page.copied.value || 'The link has scores and names of models and tasks, and no row of your data.'}
            </p>
          </div>
        )}
        <ModelDownloads page={page} trials={trials.value} />
        <div class="exchange-row">
          <h3>Results of the command line</h3>
          <label class="file-button">
            <FileInput page={page} accept=".jsonl,.gz" />
            Open results.jsonl
          </label>
          <p class="hint">You can also drop the file anywhere on this page.</p>
        </div>
      </div>
    </section>
  );
}

/** A link that shows the result in another browser, and a picture of the verdict. */
function ShareButtons({ page, summary }: { readonly page: PageState; readonly summary: Summary }) {
  const { models, seeds, config } = summary;
  const data = page.origin.value?.file?.name ?? String(config.data['set'] ?? summary.suite);
  const foot = `${models.length} models, ${counted(seeds.length, 'seed')}, on ${data} · ${dayOf(new Date())} · ${location.host}`;
  return (
    <>
      <button type="button" onClick={() => void page.copyResultLink(dayOf(new Date()))}>
        Copy a link to this result
      </button>
      <Download
        name="Picture"
        onClick={() =>
          void page.attempt(async () => {
            download('verdict.png', await verdictPicture({ summary, foot }), 'image/png');
          })
        }
      />
    </>
  );
}

/** `2026-11-30` */
const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** The setup as a program, a command and files. */
function SetupTexts({ page }: { readonly page: PageState }) {
  const copied = useSignal('');
  const table = page.table.value;
  const suite = suiteOfSetup(page.setup.value, table?.name);
  const weighed = page.setup.value.tradeOffs === 'yes' ? page.setup.value.models.map(modelText) : undefined;
  const besides = table ? `, which reads ${documentName(table.name)} and ${table.file.name} beside it` : '';
  const copy = async (name: string, text: string) => {
    await navigator.clipboard.writeText(text);
    copied.value = `Copied: ${name}.`;
  };
  const texts = [
    ['the address', () => location.href],
    ['TypeScript', () => asProgram(suite, weighed)],
    ['the command', () => asCommand(suite, weighed)],
    ['the suite', () => asSuite(suite)],
  ] as const;
  return (
    <div class="exchange-row">
      <h3>This setup</h3>
      <div class="buttons">
        {texts.map(([name, textOf]) => (
          <button key={name} type="button" onClick={() => void page.attempt(() => copy(name, textOf()))}>
            Copy {name}
          </button>
        ))}
        <Download
          name={suiteFile(suite)}
          onClick={() => download(suiteFile(suite), asSuite(suite), 'application/json')}
        />
        {table && (
          <Download
            name={documentName(table.name)}
            onClick={() => {
              const text = `${JSON.stringify(table.description.dataset, null, 2)}\n`;
              download(documentName(table.name), text, 'application/json');
            }}
          />
        )}
      </div>
      <p class="hint" role="status">
        {copied.value || `The command runs ${suiteFile(suite)}${besides}.`}
      </p>
    </div>
  );
}

/** The trained models of the first seed. */
function ModelDownloads({ page, trials }: { readonly page: PageState; readonly trials: readonly TrialResult[] }) {
  const { comparison } = page;
  const chosen = useSignal('');
  const [first] = comparison.asked.value?.seeds ?? [];
  const own = trials.filter((trial) => trial.seed === first && comparison.modelOf(trial));
  const trial = own.find(({ model }) => model === chosen.value) ?? own[0];
  if (!trial) return null;
  const { files } = comparison.modelOf(trial)!;
  return (
    <div class="exchange-row">
      <h3>A trained model</h3>
      <div class="buttons">
        <select
          aria-label="The model to download"
          value={trial.model}
          onChange={({ currentTarget }) => (chosen.value = currentTarget.value)}
        >
          {own.map(({ model }) => (
            <option key={model}>{model}</option>
          ))}
        </select>
        <Download name="Model" onClick={() => download(`${trial.model}.zip`, zipOf(files), 'application/zip')} />
        <Download
          name="ONNX"
          onClick={() =>
            void page.attempt(async () => {
              const onnx = await comparison.pool.ask((worker) => worker.onnx(files));
              download(`${trial.model}.onnx`, new Uint8Array(onnx));
            })
          }
        />
      </div>
      <p class="hint">Seed {trial.seed}, with the weights of its best epoch.</p>
    </div>
  );
}

interface DownloadProps {
  readonly name: string;
  readonly onClick: () => void;
}

/** A button that downloads a file. */
const Download = ({ name, onClick }: DownloadProps) => (
  <button type="button" class="download" onClick={onClick}>
    {name}
  </button>
);
