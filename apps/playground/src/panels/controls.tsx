import { useId } from 'preact/hooks';
import { FIELDS, type NumberName } from '../setup/setup.ts';
import type { PageState } from '../page-state.ts';

export interface SliderProps {
  readonly page: PageState;
  readonly name: NumberName;
  readonly label: string;
  readonly hint?: string;
  /** The text of the value. Default: the number. */
  readonly shown?: (value: number) => string;
}

/** A slider for a number of the setup. */
export function Slider({ page, name, label, hint, shown = String }: SliderProps) {
  const id = useId();
  const { least, most, step } = FIELDS[name];
  const value = page.setup.value[name];
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <output for={id}>{shown(value)}</output>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        aria-describedby={hint && `${id}-hint`}
        onInput={({ currentTarget }) => page.change({ [name]: Number(currentTarget.value) })}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export interface ChoiceProps {
  readonly page: PageState;
  readonly name: 'expert' | 'gate' | 'balancer';
  readonly label: string;
  /** The text of the choice of none. */
  readonly none: string;
  readonly names: readonly string[];
}

/** A list of names, of which one or none is chosen. */
export function Choice({ page, name, label, none, names }: ChoiceProps) {
  const id = useId();
  return (
    <div class="choice">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={page.setup.value[name]}
        onChange={({ currentTarget }) => page.change({ [name]: currentTarget.value })}
      >
        <option value="">{none}</option>
        {names.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </div>
  );
}

/** `35%`. */
export const percent = (share: number): string => `${Math.round(100 * share)}%`;
