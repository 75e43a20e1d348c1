import { FIELDS, type NumberName } from '../setup/setup.ts';
import type { PageState } from '../page-state.ts';
import { Range } from './range.tsx';

export interface SliderProps {
  readonly page: PageState;
  readonly name: NumberName;
  readonly label: string;
  readonly hint?: string;
  /** The text of the value. Default: the number. */
  readonly shown?: (value: number) => string;
}

/** A slider for a number of the setup. */
export const Slider = ({ page, name, ...about }: SliderProps) => (
  <Range
    {...FIELDS[name]}
    {...about}
    value={page.setup.value[name]}
    onChange={(value) => page.change({ [name]: value })}
  />
);

export interface SelectProps {
  readonly label: string;
  readonly options: readonly string[];
  readonly index: number;
  readonly onChange: (index: number) => void;
}

/** A list of texts, of which one is chosen. */
export const Select = ({ label, options, index, onChange }: SelectProps) => (
  <label>
    {label}{' '}
    <select value={String(index)} onChange={({ currentTarget }) => onChange(currentTarget.selectedIndex)}>
      {options.map((option, i) => (
        <option key={option} value={String(i)}>
          {option}
        </option>
      ))}
    </select>
  </label>
);

export interface ChoiceProps extends Pick<SelectProps, 'label'> {
  readonly page: PageState;
  readonly name: 'expert' | 'gate' | 'balancer';
  /** The text of the choice of none. */
  readonly none: string;
  readonly names: readonly string[];
}

/** A list of names, of which one or none is chosen. */
export const Choice = ({ page, name, label, none, names }: ChoiceProps) => (
  <div class="choice">
    <Select
      label={label}
      options={[none, ...names]}
      index={1 + names.indexOf(page.setup.value[name])}
      onChange={(index) => page.change({ [name]: names[index - 1] ?? '' })}
    />
  </div>
);

export interface FileInputProps {
  readonly page: PageState;
  /** The endings of the files. */
  readonly accept: string;
}

/** The choice of a file, for a label around it. */
export const FileInput = ({ page, accept }: FileInputProps) => (
  <input
    type="file"
    accept={accept}
    onChange={({ currentTarget }) => {
      const file = currentTarget.files?.[0];
      if (file) void page.takeFile(file);
    }}
  />
);

/** `35%`. */
export const percent = (share: number): string => `${Math.round(100 * share)}%`;
