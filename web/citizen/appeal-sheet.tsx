/** Appealing against a round of a stipend. */
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choice.tsx'
import { NumberField, TextField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../ui/words.ts'
import { stipendWords } from './stipend-words.ts'

type Ground = 'left_out' | 'amount_wrong'

interface AppealBody {
  batchId: string
  ground: Ground
  claimedWon?: number
  words: string
}

export function AppealSheet(props: {
  readonly issuerCode: string
  /** Undefined: closed. */
  readonly batchId: string | undefined
  readonly onClose: () => void
  readonly onSent: () => void
}) {
  const { issuerCode, batchId, onClose, onSent } = props
  const t = useWords(stipendWords)
  const readAgain = useReadAgain()
  const [ground, setGround] = useState<Ground>()
  const [claimedWon, setClaimed] = useState(Number.NaN)
  const [text, setText] = useState('')
  const send = useDeed(
    (client, body: AppealBody, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/appeals', {
        params: { path: { issuerCode } },
        body,
        ...headers,
      }),
    async () => {
      await readAgain('appeals', issuerCode)
      await readAgain('stipends', issuerCode)
      onSent()
    },
  )
  const words = text.trim()
  const isMissing = ground === undefined || words === '' || batchId === undefined
  const submit = (): void => {
    if (isMissing) return
    send.run({ batchId, ground, words, ...(claimedWon > 0 ? { claimedWon } : {}) })
  }
  return (
    <Sheet title={t.appealTitle} isOpen={batchId !== undefined} onClose={onClose}>
      <Choices<Ground>
        label={t.ground}
        value={ground}
        onChange={setGround}
        options={(['left_out', 'amount_wrong'] as const).map((value) => ({
          value,
          label: t.grounds[value],
        }))}
      />
      <NumberField label={t.claimed} value={claimedWon} onChange={setClaimed} min={0} />
      <TextField label={t.words} hint={t.wordsHint} value={text} onChange={setText} isLong />
      {send.trouble === undefined ? null : <Trouble error={send.trouble} />}
      {isMissing ? <p className="soft">{t.missing}</p> : null}
      <Button kind="main" isDisabled={isMissing} isPending={send.isBusy} onPress={submit} isWide>
        {t.send}
      </Button>
    </Sheet>
  )
}
