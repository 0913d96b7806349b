/** A request for all that is left, on a ground of the law; a person of the desk decides it. */
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import type { Membership } from './membership.tsx'
import { refundWords } from './refund-words.ts'

const grounds = [
  'force_majeure',
  'merchant_cannot_supply',
  'defect',
  'small_remainder',
  'adverse_change',
  'abolition',
] as const
type Ground = (typeof grounds)[number]

export function RefundRequestForm({
  membership,
  lotId,
}: {
  membership: Membership
  lotId: string
}) {
  const t = useWords(refundWords)
  const [isOpen, setOpen] = useState(false)
  const [ground, setGround] = useState<Ground>()
  const [text, setText] = useState('')
  const [isSent, setSent] = useState(false)
  const readAgain = useReadAgain()
  const { issuerCode, walletId } = membership
  const ask = useDeed(
    (client, body: { ground: Ground; words: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/wallets/{walletId}/lots/{lotId}/refund-requests', {
        params: { path: { issuerCode, walletId, lotId } },
        body,
        ...headers,
      }),
    async () => {
      setSent(true)
      await readAgain('refund-requests', issuerCode)
      await readAgain('refund', issuerCode, lotId)
    },
  )
  if (isSent) {
    return (
      <Banner tone="good" isNews>
        <p>{t.asked}</p>
      </Banner>
    )
  }
  const words = text.trim()
  const isMissing = ground === undefined || words === ''
  return (
    <section className="card stack">
      <h2>{t.fullTitle}</h2>
      <p className="soft">{t.fullNote}</p>
      {isOpen ? (
        <>
          <Choices<Ground>
            label={t.ground}
            value={ground}
            onChange={setGround}
            options={grounds.map((value) => ({ value, label: t.grounds[value] }))}
          />
          <TextField label={t.words} hint={t.wordsHint} value={text} onChange={setText} isLong />
          {ask.trouble === undefined ? null : <Trouble error={ask.trouble} />}
          {isMissing ? <p className="soft small">{t.askMissing}</p> : null}
          <Button
            kind="main"
            isDisabled={isMissing}
            isPending={ask.isBusy}
            onPress={() => (ground === undefined ? undefined : ask.run({ ground, words }))}
          >
            {t.ask}
          </Button>
        </>
      ) : (
        <Button onPress={() => setOpen(true)}>{t.fullOpen}</Button>
      )}
    </section>
  )
}
