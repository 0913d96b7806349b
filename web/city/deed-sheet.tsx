/** Asking before something is decided: what it means, why it is done where that is written down, and then once. */
import { useState, type ReactNode } from 'react'
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
  readonly children?: ReactNode
}) {
  const { title, note, deed, kind = 'main', reason, isReasonNeeded = true, children } = props
  const { isBusy, trouble, onClose, onDeed } = props
  const t = useWords(words)
  const [said, setSaid] = useState('')
  const [isAsked, setAsked] = useState(false)
  const isMissing = reason !== undefined && isReasonNeeded && said.trim() === ''
  return (
    <Confirm
      title={title}
      isOpen
      onClose={onClose}
      deed={deed}
      kind={kind}
      isPending={isBusy}
      onConfirm={() => {
        setAsked(true)
        if (!isMissing) onDeed(said.trim())
      }}
    >
      {note === undefined ? null : <p>{note}</p>}
      {children}
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
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </Confirm>
  )
}
