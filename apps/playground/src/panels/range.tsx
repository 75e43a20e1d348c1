import { useId } from 'preact/hooks';

interface RangeProps {
  readonly label: string;
  readonly hint?: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
  /** The text of the value. Default: the number. */
  readonly shown?: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** A slider. */
export function Range({ label, hint, least, most, step, value, shown = String, onChange }: RangeProps) {
  const id = useId();
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
        onInput={({ currentTarget }) => onChange(Number(currentTarget.value))}
      />
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
