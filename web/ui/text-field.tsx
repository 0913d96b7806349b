/** A line or a text to be typed, with its label, a hint, and a sentence that says what would be right. */
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components'

export interface Labelled {
  readonly label: string
  readonly hint?: string
  /** What is wrong and what would be right; shown and read out. */
  readonly wrong?: string | undefined
}

export interface TextFieldProps
  extends Labelled, Omit<AriaTextFieldProps, 'children' | 'className' | 'style' | 'isInvalid'> {
  readonly isLong?: boolean
  readonly placeholder?: string
  readonly inputMode?: 'text' | 'numeric' | 'tel' | 'search'
}

export function TextField(props: TextFieldProps) {
  const { label, hint, wrong, isLong = false, placeholder, inputMode, ...rest } = props
  return (
    <AriaTextField {...rest} className="field" isInvalid={wrong !== undefined}>
      <Label>{label}</Label>
      {isLong ? (
        <TextArea rows={4} placeholder={placeholder ?? ''} />
      ) : (
        <Input placeholder={placeholder ?? ''} inputMode={inputMode ?? 'text'} />
      )}
      <Below hint={hint} wrong={wrong} />
    </AriaTextField>
  )
}

/** What stands below a field. */
export function Below({ hint, wrong }: { hint: string | undefined; wrong: string | undefined }) {
  return (
    <>
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">{wrong}</FieldError>
    </>
  )
}
