/** One merchant: its registration with days, checks and papers, and what may be decided of it. */
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { useRead, useTools } from '../api/app-context.tsx'
import { downloadFile } from '../api/download.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge, Banner, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { DueBadge } from './due-badge.tsx'
import { MerchantDeeds } from './merchant-deeds.tsx'
import { merchantWords as words } from './merchant-words.ts'
import {
  cancellationWords,
  documentWords,
  lifeTones,
  lifeWords,
  useMerchant,
  type OneMerchant,
  type Registration,
} from './merchants.ts'

export function MerchantScreen() {
  const t = useWords(words)
  const { issuerCode, path, to } = useCity()
  const { merchantId } = useParams<{ merchantId: string }>()
  const merchant = useMerchant(merchantId)
  const registration = useRead({ key: ['registrations', issuerCode, merchantId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/registration', {
      params: { path: { ...path, merchantId } },
    }),
  )
  return (
    <>
      <Link href={to('merchants')}>{t.back}</Link>
      <Loaded read={merchant}>
        {(known) => (
          <Loaded read={registration}>
            {(life) => <OneRegistration merchant={known} life={life} />}
          </Loaded>
        )}
      </Loaded>
    </>
  )
}

function OneRegistration({ merchant, life }: { merchant: OneMerchant; life: Registration }) {
  const t = useWords(words)
  const states = useWords(lifeWords)
  const { state, waitingFor, waitingUntil, stoppedAt } = life
  return (
    <>
      <div className="page-head">
        <h1>{merchant.name}</h1>
        <span className="row">
          {waitingFor === 'issuer' && waitingUntil !== null ? <DueBadge at={waitingUntil} /> : null}
          <Badge tone={lifeTones[state]}>{states[state]}</Badge>
        </span>
      </div>
      {stoppedAt === null ? null : (
        <Banner tone="wait">
          <p>{t.rest}</p>
        </Banner>
      )}
      <MerchantDeeds merchant={merchant} life={life} />
      <div className="sides">
        <RegistrationFacts merchant={merchant} life={life} />
        <Checks life={life} />
      </div>
      {life.cancellation === null ? null : <Cancellation of={life.cancellation} />}
      <Documents life={life} />
      <Outlets merchant={merchant} />
    </>
  )
}

function RegistrationFacts({ merchant, life }: { merchant: OneMerchant; life: Registration }) {
  const t = useWords(words)
  const writing = useWriting()
  const day = (name: string, at: string | null) =>
    at === null ? [] : [[name, writing.day(at)] as const]
  const { suspension } = life
  return (
    <div className="card">
      <Facts
        of={[
          [t.number, merchant.businessNumber],
          [t.sector, merchant.sectorName],
          [t.district, merchant.district],
          [t.revenue, writing.won(merchant.annualRevenueWon)],
          [t.applied, writing.day(life.appliedAt)],
          ...day(t.decideBy, life.decideBy),
          ...day(t.answerBy, life.answerBy),
          ...day(t.registered, life.registeredAt),
          ...day(t.validUntil, life.validUntil),
          ...(life.barredUntil === null
            ? []
            : [[t.barred, t.until(writing.day(life.barredUntil))] as const]),
          ...(suspension === null ? [] : [[t.suspension, suspension.reason] as const]),
        ]}
      />
    </div>
  )
}

const checks = ['bar', 'business_number', 'sector', 'district', 'documents'] as const
const checkTones: Record<Registration['checks']['bar'], Tone> = {
  passed: 'good',
  failed: 'bad',
  unchecked: 'unknown',
}

function Checks({ life }: { life: Registration }) {
  const t = useWords(words)
  const documents = useWords(documentWords)
  const name = (kind: string): string =>
    Object.entries(documents).find(([each]) => each === kind)?.[1] ?? kind
  return (
    <section className="stack" data-gap="s">
      <Table
        caption={t.checks}
        rows={checks}
        rowKey={(check) => check}
        columns={[
          { key: 'check', label: t.check, cell: (check) => t.checkNames[check] },
          {
            key: 'result',
            label: t.result,
            cell: (check) => (
              <Badge tone={checkTones[life.checks[check]]}>
                {t.checkResults[life.checks[check]]}
              </Badge>
            ),
          },
        ]}
      />
      {life.documentsMissing.length === 0 ? null : (
        <p className="soft">{t.missing(life.documentsMissing.map(name).join(', '))}</p>
      )}
    </section>
  )
}

function Cancellation({ of: given }: { of: NonNullable<Registration['cancellation']> }) {
  const t = useWords(words)
  const reasons = useWords(cancellationWords)
  const writing = useWriting()
  return (
    <section className="card stack" data-gap="s">
      <h2>{t.cancellation}</h2>
      <Facts
        of={[
          [t.noticed, writing.instant(given.noticedAt)],
          [t.reason, reasons[given.reason]],
          [t.said, given.words],
          [t.objectUntil, writing.day(given.objectUntil)],
          [t.objection, given.objection ?? t.none],
        ]}
      />
    </section>
  )
}

function Documents({ life }: { life: Registration }) {
  const t = useWords(words)
  const kinds = useWords(documentWords)
  const writing = useWriting()
  const { session } = useTools()
  const { issuerCode } = useCity()
  const [trouble, setTrouble] = useState<unknown>()
  const open = (document: Registration['documents'][number]): void => {
    setTrouble(undefined)
    const path = `/v1/issuers/${issuerCode}/merchants/${life.merchantId}/documents/${document.documentId}`
    void downloadFile(session, path, document.name, document.mediaType).catch(setTrouble)
  }
  return (
    <section className="stack">
      <h2>{t.documents}</h2>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      {life.documents.length === 0 ? (
        <p className="soft">{t.noDocuments}</p>
      ) : (
        <Table
          caption={t.documents}
          isCaptionUnseen
          rows={life.documents}
          rowKey={({ documentId }) => documentId}
          columns={[
            { key: 'kind', label: t.document, cell: ({ kind }) => kinds[kind] },
            { key: 'at', label: t.uploaded, cell: (each) => writing.instant(each.uploadedAt) },
            {
              key: 'size',
              label: t.size,
              isNumber: true,
              cell: ({ sizeBytes }) => `${writing.number(Math.ceil(sizeBytes / 1024))} KB`,
            },
            {
              key: 'open',
              label: t.open,
              cell: (each) => (
                <Button
                  kind="quiet"
                  aria-label={t.openDocument(kinds[each.kind])}
                  onPress={() => open(each)}
                >
                  {t.open}
                </Button>
              ),
            },
          ]}
        />
      )}
    </section>
  )
}

function Outlets({ merchant: { outlets } }: { merchant: OneMerchant }) {
  const t = useWords(words)
  if (outlets.length === 0) return null
  return (
    <section className="card stack" data-gap="s">
      <h2>{t.outlets}</h2>
      <Facts of={outlets.map(({ name, address, district }) => [name, address || district])} />
    </section>
  )
}
