import { expertVariants, gateVariants } from '@polytask/core';
import { balancers, models } from '@polytask/study';
import type { PageState } from '../page-state.ts';
import { modelChoices } from '../setup/setup.ts';
import { Choice, Slider } from './controls.tsx';

/** The models that stand on the page at first. The others unfold. */
const COMMON = new Set(
  models()
    .filter(({ onlyNamed }) => !onlyNamed)
    .map(({ name }) => name),
);

const names = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

/** The choice of the models, their parts and their size. */
export function ModelsPanel({ page }: { readonly page: PageState }) {
  const chosen = page.setup.value.models;
  const choices = modelChoices();
  const others = choices.filter(({ name }) => !COMMON.has(name));
  const list = (rows: typeof choices) => (
    <ul class="models">
      {rows.map(({ name, description }) => (
        <li key={name} title={description}>
          <label>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              disabled={chosen.length === 1 && chosen.includes(name)}
              onChange={() => page.change({ models: toggled(chosen, name) })}
            />
            {name}
          </label>
        </li>
      ))}
    </ul>
  );
  return (
    <fieldset class="panel">
      <legend>Models</legend>
      {list(choices.filter(({ name }) => COMMON.has(name)))}
      <details open={others.some(({ name }) => chosen.includes(name))}>
        <summary>{others.length} more</summary>
        {list(others)}
      </details>
      <details>
        <summary>Size and parts</summary>
        <Slider page={page} name="levels" label="Levels" />
        <Slider page={page} name="width" label="Width of the first level" />
        <Slider page={page} name="experts" label="Experts a level" />
        <Choice
          page={page}
          name="expert"
          label="Try another expert, too"
          none="no other"
          names={names(expertVariants())}
        />
        <Choice page={page} name="gate" label="Try another gate, too" none="no other" names={names(gateVariants())} />
        <Choice
          {...{ page, name: 'balancer', label: 'Try a loss balancer, too', none: 'the plain sum alone' }}
          names={names(balancers())}
        />
      </details>
    </fieldset>
  );
}

/** The list with a name added at the end, or removed. */
const toggled = (list: readonly string[], name: string): readonly string[] =>
  list.includes(name) ? list.filter((each) => each !== name) : [...list, name];
