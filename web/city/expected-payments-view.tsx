/** What funders are going to pay in: recorded before, so that the bank's entry is known when it comes. */
import { useState } from 'react'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { useAsked } from '../ui/asked.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { DayField, NumberField, TextField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { tomorrow } from './days.ts'
import { DeedSheet } from './deed-sheet.tsx'
import type { Expected } from './money.ts'
import { funderWords } from './programs.ts'

const words = {
  ko: {
    title: '교부 예정',
    none: '예정된 교부가 없습니다',
    noneNote: '아래에 등록해 두면 은행에 들어왔을 때 자동으로 알아봅니다.',
    funder: '재원',
    amount: '금액',
    amountField: '금액 (원)',
    day: '예정일',
    reference: '문서번호',
    referenceHint: '교부 결정 공문의 번호처럼 입금 적요에 나올 말입니다.',
    state: '상태',
    states: { open: '기다리는 중', claimed: '들어옴, 확인 중', paid: '들어옴', withdrawn: '취소' },
    deed: '할 일',
    withdraw: '예정 취소',
    withdrawOf: (reference: string) => `${reference} 예정 취소`,
    withdrawNote: '아직 들어오지 않은 예정을 지웁니다.',
    add: '교부 예정 등록',
    save: '등록하기',
    missing: '이 칸을 채워 주세요.',
  },
  en: {
    title: 'Expected payments',
    none: 'Nothing is expected',
    noneNote: 'Record it below, and it is known when it reaches the bank.',
    funder: 'Funder',
    amount: 'Amount',
    amountField: 'Amount (won)',
    day: 'Expected on',
    reference: 'Reference',
    referenceHint: 'Words that the bank’s entry will have, such as the letter’s number.',
    state: 'State',
    states: {
      open: 'waited for',
      claimed: 'came, being booked',
      paid: 'came',
      withdrawn: 'withdrawn',
    },
    deed: 'To do',
    withdraw: 'Withdraw',
    withdrawOf: (reference: string) => `Withdraw ${reference}`,
    withdrawNote: 'It has not come and is not expected any more.',
    add: 'Record an expected payment',
    save: 'Record it',
    missing: 'This is needed.',
  },
}

const tones: Record<Expected['state'], Tone> = {
  open: 'wait',
  claimed: 'wait',
  paid: 'good',
  withdrawn: 'plain',
}
const funders = ['national', 'province', 'city'] as const

export function ExpectedPaymentsView() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const read = useRead({ key: ['fund', issuerCode, 'expected'] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/fund/expected-payments', { params: { path } }),
  )
  return (
    <div className="stack">
      <Loaded
        read={read}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {({ items }) => <ExpectedTable items={items} />}
      </Loaded>
      <Adding />
    </div>
  )
}

function ExpectedTable({ items }: { items: readonly Expected[] }) {
  const t = useWords(words)
  const names = useWords(funderWords)
  const writing = useWriting()
  const { path } = useCity()
  const readAgain = useReadAgain()
  const [asking, setAsking] = useState<Expected>()
  const deed = useDeed(
    (client, expectedId: string, headers) =>
      client.POST('/v1/issuers/{issuerCode}/fund/expected-payments/{expectedId}/withdrawal', {
        params: { path: { ...path, expectedId } },
        ...headers,
      }),
    async () => {
      await readAgain('fund')
      setAsking(undefined)
    },
  )
  return (
    <>
      <Table
        caption={t.title}
        isCaptionUnseen
        rows={items}
        rowKey={({ expectedId }) => expectedId}
        columns={[
          { key: 'funder', label: t.funder, cell: ({ funder }) => names[funder] },
          {
            key: 'amount',
            label: t.amount,
            isNumber: true,
            cell: ({ amountWon }) => writing.won(amountWon),
          },
          { key: 'day', label: t.day, cell: ({ expectedOn }) => writing.day(expectedOn) },
          { key: 'reference', label: t.reference, cell: ({ reference }) => reference },
          {
            key: 'state',
            label: t.state,
            cell: ({ state }) => <Badge tone={tones[state]}>{t.states[state]}</Badge>,
          },
          {
            key: 'deed',
            label: t.deed,
            cell: (expected) =>
              expected.state === 'open' ? (
                <Button
                  kind="quiet"
                  aria-label={t.withdrawOf(expected.reference)}
                  onPress={() => setAsking(expected)}
                >
                  {t.withdraw}
                </Button>
              ) : (
                '—'
              ),
          },
        ]}
      />
      {asking === undefined ? null : (
        <DeedSheet
          title={t.withdrawOf(asking.reference)}
          note={t.withdrawNote}
          deed={t.withdraw}
          kind="danger"
          isBusy={deed.isBusy}
          trouble={deed.trouble}
          onClose={() => setAsking(undefined)}
          onDeed={() => deed.run(asking.expectedId)}
        />
      )}
    </>
  )
}

function Adding() {
  const t = useWords(words)
  const names = useWords(funderWords)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const [funder, setFunder] = useState<Expected['funder']>('national')
  const [amountWon, setAmountWon] = useState(Number.NaN)
  const [expectedOn, setExpectedOn] = useState(tomorrow)
  const [reference, setReference] = useState('')
  const deed = useDeed(
    (
      client,
      body: {
        funder: Expected['funder']
        amountWon: number
        expectedOn: string
        reference: string
      },
      headers,
    ) =>
      client.POST('/v1/issuers/{issuerCode}/fund/expected-payments', {
        params: { path },
        body,
        ...headers,
      }),
    async () => {
      await readAgain('fund')
      setAmountWon(Number.NaN)
      setReference('')
    },
  )
  const misses = {
    amount: !(amountWon > 0),
    day: expectedOn === '',
    reference: reference.trim() === '',
  }
  const { place, isAsked, press } = useAsked(!Object.values(misses).includes(true))
  const missing = (what: keyof typeof misses): string | undefined =>
    isAsked && misses[what] ? t.missing : undefined
  return (
    <section className="card stack">
      <h2>{t.add}</h2>
      <div ref={place} className="terms-grid">
        <Select
          label={t.funder}
          value={funder}
          onChange={setFunder}
          options={funders.map((value) => ({ value, label: names[value] }))}
        />
        <NumberField
          label={t.amountField}
          value={amountWon}
          onChange={setAmountWon}
          min={1}
          wrong={missing('amount')}
        />
        <DayField
          label={t.day}
          value={expectedOn}
          onChange={setExpectedOn}
          wrong={missing('day')}
        />
        <TextField
          label={t.reference}
          hint={t.referenceHint}
          value={reference}
          onChange={setReference}
          wrong={missing('reference')}
        />
      </div>
      {deed.trouble === undefined ? null : <Trouble error={deed.trouble} />}
      <div>
        <Button
          isPending={deed.isBusy}
          onPress={() =>
            press(() => deed.run({ funder, amountWon, expectedOn, reference: reference.trim() }))
          }
        >
          {t.save}
        </Button>
      </div>
    </section>
  )
}
