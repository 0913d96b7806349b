/** Asking before something is decided: what it means, why it is done where that is written down, and then once. */
import { useState, type ReactNode } from 'react'
import { useAsked } from '../ui/asked.ts'
import type { ButtonKind } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { useWords } from '../ui/words.ts'

const words = {
  ko: { missing: '내용을 적어 주세요.' },
  en: { missing: 'Please write something.' },
}

const WORDS_MAX = 800

export function DeedSheet(props: {
  readonly title: string
  /** What it means. */
  readonly note?: string
  readonly deed: string
  readonly kind?: ButtonKind
  /** Label of the reason; absent where none is asked. */
  readonly reason?: string
  readonly isReasonNeeded?: boolean
  readonly isBusy: boolean
  readonly trouble: unknown
  readonly onClose: () => void
  readonly onDeed: (reason: string) => void
  /** False: something is to be chosen or typed in the children still, and those that miss it say so once asked. */
  readonly isChosen?: boolean
  readonly children?: ReactNode | ((isAsked: boolean) => ReactNode)
}) {
  const { title, note, deed, kind = 'main', reason, isReasonNeeded = true, children } = props
  const { isBusy, trouble, onClose, onDeed, isChosen = true } = props
  const t = useWords(words)
  const [said, setSaid] = useState('')
  const isMissing = reason !== undefined && isReasonNeeded && said.trim() === ''
  const { place, isAsked, press } = useAsked(isChosen && !isMissing)
  return (
    <Confirm
      title={title}
      isOpen
      onClose={onClose}
      deed={deed}
      kind={kind}
      isPending={isBusy}
      onConfirm={() => press(() => onDeed(said.trim()))}
    >
      {note === undefined ? null : <p>{note}</p>}
      <div ref={place} className="stack">
        {typeof children === 'function' ? children(isAsked) : children}
        {reason === undefined ? null : (
          <TextField
            label={reason}
            value={said}
            onChange={setSaid}
            isLong
            maxLength={WORDS_MAX}
            wrong={isAsked && isMissing ? t.missing : undefined}
          />
        )}
      </div>
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </Confirm>
  )
}
