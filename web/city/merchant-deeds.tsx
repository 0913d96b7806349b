/** What an officer may decide of a registration, each asked with what it means. */
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import type { ApiClient, keyed } from '../api/client.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox, Select, SomeOf } from '../ui/choice.tsx'
import { DayField, NumberField } from '../ui/fields.tsx'
import { useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { merchantWords as words } from './merchant-words.ts'
import {
  cancellationReasons,
  cancellationWords,
  documentKinds,
  documentWords,
  type CancellationReason,
  type DocumentKind,
  type Life,
  type OneMerchant,
  type Registration,
} from './merchants.ts'

type DeedName = keyof (typeof words)['ko']['deeds']

const deedsOf: Partial<Record<Life['state'], readonly DeedName[]>> = {
  applied: ['admit', 'ask', 'refuse'],
  documents_asked: ['admit', 'ask', 'refuse'],
  registered: ['suspend', 'notice'],
  cancellation_noticed: ['withdraw', 'cancel'],
  objected: ['withdraw', 'cancel'],
}
const harms: readonly DeedName[] = ['refuse', 'suspend', 'notice', 'cancel']
const wordless: readonly DeedName[] = ['admit', 'readmit']

export function MerchantDeeds({ merchant, life }: { merchant: OneMerchant; life: Registration }) {
  const t = useWords(words)
  const [asking, setAsking] = useState<DeedName>()
  const deeds: readonly DeedName[] =
    merchant.status === 'suspended' ? ['readmit', 'notice'] : (deedsOf[life.state] ?? [])
  if (deeds.length === 0) return null
  return (
    <div className="row">
      {deeds.map((name) => (
        <Button
          key={name}
          kind={harms.includes(name) ? 'danger' : wordless.includes(name) ? 'main' : 'plain'}
          onPress={() => setAsking(name)}
        >
          {t.deeds[name]}
        </Button>
      ))}
      {asking === undefined ? null : (
        <MerchantSheet merchant={merchant} name={asking} onClose={() => setAsking(undefined)} />
      )}
    </div>
  )
}

/** What was chosen and typed in the sheet. */
interface Wish {
  readonly name: DeedName
  readonly said: string
  readonly revenueWon: number
  readonly until: string
  readonly documents: readonly DocumentKind[]
  readonly why: CancellationReason
  readonly isHalved: boolean
}

function MerchantSheet(props: { merchant: OneMerchant; name: DeedName; onClose: () => void }) {
  const { merchant, name, onClose } = props
  const t = useWords(words)
  const reasons = useWords(cancellationWords)
  const kinds = useWords(documentWords)
  const [revenueWon, setRevenueWon] = useState(merchant.annualRevenueWon)
  const [until, setUntil] = useState('')
  const [documents, setDocuments] = useState<readonly DocumentKind[]>([])
  const [why, setWhy] = useState<CancellationReason>('other')
  const [isHalved, setHalved] = useState(false)
  const deed = useMerchantDeed(merchant.merchantId, onClose)
  const isChosen = name !== 'ask' || documents.length > 0
  return (
    <DeedSheet
      title={t.deeds[name]}
      note={t.notes[name]}
      deed={t.deeds[name]}
      kind={harms.includes(name) ? 'danger' : 'main'}
      {...(wordless.includes(name) ? {} : { reason: t.reasonField })}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      isChosen={isChosen}
      onDeed={(said) => deed.run({ name, said, revenueWon, until, documents, why, isHalved })}
    >
      {(isAsked) => (
        <>
          {name === 'admit' ? (
            <NumberField
              label={t.revenueField}
              value={revenueWon}
              onChange={setRevenueWon}
              min={0}
            />
          ) : null}
          {name === 'suspend' ? (
            <DayField label={t.untilField} hint={t.untilHint} value={until} onChange={setUntil} />
          ) : null}
          {name === 'ask' ? (
            <SomeOf
              label={t.ask}
              chosen={documents}
              onChange={setDocuments}
              options={documentKinds.map((value) => ({ value, label: kinds[value] }))}
              wrong={isAsked && !isChosen ? t.askMissing : undefined}
            />
          ) : null}
          {name === 'notice' ? (
            <Select
              label={t.why}
              value={why}
              onChange={setWhy}
              options={cancellationReasons.map((value) => ({ value, label: reasons[value] }))}
            />
          ) : null}
          {name === 'cancel' ? (
            <Checkbox isSelected={isHalved} onChange={setHalved}>
              {t.halved}
            </Checkbox>
          ) : null}
        </>
      )}
    </DeedSheet>
  )
}

function useMerchantDeed(merchantId: string, onDone: () => void) {
  const { path } = useCity()
  const readAgain = useReadAgain()
  const params = { path: { ...path, merchantId } }
  const base = '/v1/issuers/{issuerCode}/merchants/{merchantId}'
  const decide = (client: ApiClient, wish: Wish, headers: ReturnType<typeof keyed>) => {
    const { name, said, revenueWon, until, documents, why, isHalved } = wish
    switch (name) {
      case 'ask': {
        const body = { documents: [...documents], words: said }
        return client.POST(`${base}/document-requests`, { params, body, ...headers })
      }
      case 'notice': {
        const body = { reason: why, words: said }
        return client.POST(`${base}/cancellation-notice`, { params, body, ...headers })
      }
      case 'cancel': {
        const body = { outcome: 'cancelled' as const, words: said, barHalved: isHalved }
        return client.POST(`${base}/cancellation`, { params, body, ...headers })
      }
      case 'withdraw': {
        const body = { outcome: 'withdrawn' as const, words: said }
        return client.POST(`${base}/cancellation`, { params, body, ...headers })
      }
      case 'admit': {
        const told = Number.isNaN(revenueWon) ? {} : { annualRevenueWon: revenueWon }
        const body = { status: 'active' as const, ...told }
        return client.POST(`${base}/decision`, { params, body, ...headers })
      }
      case 'readmit': {
        const body = { status: 'active' as const }
        return client.POST(`${base}/decision`, { params, body, ...headers })
      }
      case 'refuse': {
        const body = { status: 'closed' as const, reason: said }
        return client.POST(`${base}/decision`, { params, body, ...headers })
      }
      case 'suspend': {
        const ends = until === '' ? {} : { until: `${until}T23:59:59+09:00` }
        const body = { status: 'suspended' as const, reason: said, ...ends }
        return client.POST(`${base}/decision`, { params, body, ...headers })
      }
    }
  }
  return useDeed(
    async (client, wish: Wish, headers) => {
      const { data, error, response } = await decide(client, wish, headers)
      return data === undefined ? { error, response } : { data: { isDone: true }, response }
    },
    async () => {
      await Promise.all([readAgain('registrations'), readAgain('merchants')])
      onDone()
    },
  )
}
