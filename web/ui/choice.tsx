/** Choosing: a box to tick, one of a few, or one of many. */
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button,
  Checkbox as AriaCheckbox,
  CheckboxGroup,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components'

export function Checkbox(props: {
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly isDisabled?: boolean
  readonly children: ReactNode
}) {
  const { isSelected, onChange, isDisabled = false, children } = props
  return (
    <AriaCheckbox
      className="choice"
      isSelected={isSelected}
      onChange={onChange}
      isDisabled={isDisabled}
    >
      <span className="box">{isSelected ? <Check aria-hidden /> : null}</span>
      <span>{children}</span>
    </AriaCheckbox>
  )
}

export interface Option<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly hint?: string
}

interface OneOf<Value extends string> {
  readonly label: string
  readonly value: Value | undefined
  readonly onChange: (value: Value) => void
  readonly options: readonly Option<Value>[]
  /** What is missing; shown and read out. */
  readonly wrong?: string | undefined
}

/** Any of a few, all in sight. */
export function SomeOf<Value extends string>(
  props: Omit<OneOf<Value>, 'value' | 'onChange'> & {
    readonly chosen: readonly Value[]
    readonly onChange: (chosen: readonly Value[]) => void
  },
) {
  const { label, chosen, onChange, options, wrong } = props
  return (
    <CheckboxGroup
      className="field"
      value={[...chosen]}
      onChange={(next) => onChange(next as Value[])} // Of the options' own values.
      isInvalid={wrong !== undefined}
    >
      <Label>{label}</Label>
      {options.map((option) => (
        <AriaCheckbox key={option.value} value={option.value} className="choice">
          <span className="box">
            {chosen.includes(option.value) ? <Check aria-hidden /> : null}
          </span>
          <span>{option.label}</span>
        </AriaCheckbox>
      ))}
      <FieldError className="wrong">{wrong}</FieldError>
    </CheckboxGroup>
  )
}

/** One of a few, all in sight. */
export function Choices<Value extends string>(props: OneOf<Value>) {
  const { label, value, onChange, options, wrong } = props
  return (
    <RadioGroup
      className="field"
      value={value ?? null}
      isInvalid={wrong !== undefined}
      onChange={(next) => onChange(next as Value)} // Of the options' own values.
    >
      <Label>{label}</Label>
      {options.map((option) => (
        <Radio key={option.value} value={option.value} className="choice" data-round>
          <span className="box" />
          <span>
            {option.label}
            {option.hint === undefined ? null : (
              <Text slot="description" className="hint" style={{ display: 'block' }}>
                {option.hint}
              </Text>
            )}
          </span>
        </Radio>
      ))}
      <FieldError className="wrong">{wrong}</FieldError>
    </RadioGroup>
  )
}

/** One of many. */
export function Select<Value extends string>(
  props: OneOf<Value> & { readonly placeholder?: string; readonly hint?: string },
) {
  const { label, value, onChange, options, placeholder, hint, wrong } = props
  return (
    <AriaSelect
      className="field"
      selectedKey={value ?? null}
      onSelectionChange={(key) => onChange(key as Value)} // Of the options' own values.
      placeholder={placeholder ?? '—'}
      isInvalid={wrong !== undefined}
    >
      <Label>{label}</Label>
      <Button className="select-button">
        <SelectValue />
        <ChevronDown className="icon" aria-hidden />
      </Button>
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{wrong}</FieldError>
      <Popover className="popover">
        <ListBox>
          {options.map((option) => (
            <ListBoxItem
              key={option.value}
              id={option.value}
              textValue={option.label}
              className="option"
            >
              {option.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
