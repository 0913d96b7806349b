/** Large keys for money and for a PIN; the keyboard of a computer works as well. */
import { Delete } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { flushSync } from 'react-dom'
import { Button } from './button.tsx'
import { useLanguage, useWords } from './words.ts'
import { numberText, wonSpoken, wonText } from './writing.ts'

const words = {
  ko: {
    erase: '하나 지우기',
    clear: '모두 지우기',
    entered: (count: number) => `${count}자리 입력됨`,
  },
  en: { erase: 'Erase one', clear: 'Clear', entered: (count: number) => `${count} digits entered` },
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const
/** No amount that is typed is larger than ten million won. */
const AMOUNT_DIGITS_MAX = 8

/** An amount of whole won, with what it is in words below. */
export function AmountPad(props: {
  readonly label: string
  readonly value: number
  readonly onChange: (value: number) => void
  /** Offered as keys that add, such as 10,000 and 50,000. */
  readonly steps?: readonly number[]
}) {
  const { label, value, onChange, steps = [] } = props
  const language = useLanguage()
  const type = (digit: string): void => {
    const next = Number(`${value === 0 ? '' : value}${digit}`)
    if (String(next).length <= AMOUNT_DIGITS_MAX) onChange(next)
  }
  const erase = (): void => onChange(Math.floor(value / 10))
  const pad = useKeys({ type, erase })
  return (
    <div className="stack" role="group" aria-label={label} ref={pad}>
      <p style={{ textAlign: 'center' }} aria-live="polite">
        <span className="amount" data-size="l">
          {wonText(value, language)}
        </span>
        <br />
        <span className="soft small">
          {language === 'ko' && value >= 10_000 ? wonSpoken(value) : '\u00a0'}
        </span>
      </p>
      {steps.length === 0 ? null : (
        <div className="columns pad-steps" style={{ ['--column' as string]: '5rem' }}>
          {steps.map((step) => (
            <Button key={step} onPress={() => onChange(value + step)}>
              +{language === 'ko' ? wonSpoken(step).replace('원', '') : numberText(step)}
            </Button>
          ))}
        </div>
      )}
      <Keys type={type} erase={erase} third={{ label: '00', press: () => type('00') }} />
    </div>
  )
}

/** Digits of a PIN: dots are shown, never the digits. */
export function PinPad(props: {
  readonly label: string
  readonly value: string
  readonly length?: number
  readonly onChange: (pin: string) => void
}) {
  const { label, value, length = 6, onChange } = props
  const t = useWords(words)
  const type = (digit: string): void => {
    if (value.length < length) onChange(value + digit)
  }
  const erase = (): void => onChange(value.slice(0, -1))
  const pad = useKeys({ type, erase })
  return (
    <div className="stack" role="group" aria-label={label} ref={pad}>
      <p className="strong" style={{ textAlign: 'center' }}>
        {label}
      </p>
      <div className="pin-dots" role="status" aria-label={t.entered(value.length)}>
        {Array.from({ length }, (_, index) => (
          <span key={index} {...(index < value.length ? { 'data-filled': true } : {})} />
        ))}
      </div>
      <Keys type={type} erase={erase} third={{ label: t.clear, press: () => onChange('') }} />
    </div>
  )
}

function Keys(props: {
  readonly type: (digit: string) => void
  readonly erase: () => void
  readonly third: { readonly label: string; readonly press: () => void }
}) {
  const { type, erase, third } = props
  const t = useWords(words)
  return (
    <div className="pad">
      {digits.map((digit) => (
        <Button key={digit} onPress={() => type(digit)}>
          {digit}
        </Button>
      ))}
      <Button onPress={third.press}>{third.label}</Button>
      <Button onPress={() => type('0')}>0</Button>
      <Button onPress={erase} aria-label={t.erase}>
        <Delete aria-hidden />
      </Button>
    </div>
  )
}

/** Digits and backspace of a keyboard, unless something is being typed elsewhere, such as in a dialog above. */
function useKeys(keys: { type: (digit: string) => void; erase: () => void }) {
  const pad = useRef<HTMLDivElement>(null)
  const latest = useRef(keys)
  useLayoutEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { target } = event
      if (target instanceof HTMLInputElement || event.ctrlKey || event.metaKey) return
      const dialog = target instanceof Element ? target.closest(DIALOG) : null
      if (dialog !== (pad.current?.closest(DIALOG) ?? null)) return
      if (/^\d$/.test(event.key)) flushSync(() => latest.current.type(event.key))
      else if (event.key === 'Backspace') flushSync(() => latest.current.erase())
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
  return pad
}

const DIALOG = '[role=dialog],[role=alertdialog]'
