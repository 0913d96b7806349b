/** Fields to type into: each with a label, a hint, and a sentence that says what would be right. */
import { parseDate } from '@internationalized/date'
import {
  DateField as AriaDateField,
  DateInput,
  DateSegment,
  Input,
  Label,
  NumberField as AriaNumberField,
} from 'react-aria-components'
import { Below, type Labelled } from './text-field.tsx'

export { TextField, type TextFieldProps } from './text-field.tsx'

export interface NumberFieldProps extends Labelled {
  readonly value: number
  readonly onChange: (value: number) => void
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly isDisabled?: boolean
}

/** A whole number, with separators as it is typed; NaN while empty. */
export function NumberField(props: NumberFieldProps) {
  const { label, hint, wrong, value, onChange, min, max, step, isDisabled = false } = props
  return (
    <AriaNumberField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={wrong !== undefined}
      isDisabled={isDisabled}
      {...(min === undefined ? {} : { minValue: min })}
      {...(max === undefined ? {} : { maxValue: max })}
      {...(step === undefined ? {} : { step })}
    >
      <Label>{label}</Label>
      <Input inputMode="numeric" />
      <Below hint={hint} wrong={wrong} />
    </AriaNumberField>
  )
}

export interface DayFieldProps extends Labelled {
  /** Such as 2026-11-29; empty for none. */
  readonly value: string
  readonly onChange: (day: string) => void
}

/** A calendar day, typed part by part. */
export function DayField({ label, hint, wrong, value, onChange }: DayFieldProps) {
  return (
    <AriaDateField
      className="field"
      value={value === '' ? null : parseDate(value)}
      onChange={(day) => onChange(day?.toString() ?? '')}
      isInvalid={wrong !== undefined}
    >
      <Label>{label}</Label>
      <DateInput>{(segment) => <DateSegment segment={segment} />}</DateInput>
      <Below hint={hint} wrong={wrong} />
    </AriaDateField>
  )
}
