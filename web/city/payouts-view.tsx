/** Payouts: to whom, how they stand with the bank; what came back is tried again, what is due may be kept back. */
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { payoutStates, payoutTones, payoutWords, type Payout } from './money.ts'
import { PAGE, Paged, usePages } from './paged.tsx'

const words = {
  ko: {
    title: '지급',
    show: '보기',
    all: '모두',
    none: '여기에 해당하는 지급이 없습니다',
    noneNote: '정산하거나 환급하면 지급이 올라옵니다.',
    to: '받는 곳',
    kinds: { merchant: '가맹점', member: '회원', card_company: '카드사', issuer: '발행기관' },
    amount: '금액',
    account: '계좌',
    dueOn: '지급일',
    state: '상태',
    deed: '할 일',
    again: '다시 지급',
    park: '보류',
    about: (name: string, what: string) => `${name} ${what}`,
    notes: {
      retry: '지금 등록된 계좌로 다시 보냅니다. 은행이 이미 보낸 것은 다시 보내지 않습니다.',
      parking: '은행에 아직 알리지 않은 지급을 멈춥니다. 나중에 다시 지급할 수 있습니다.',
    },
  },
  en: {
    title: 'Payouts',
    show: 'Show',
    all: 'All',
    none: 'There is no such payout',
    noneNote: 'Settlements and refunds make payouts.',
    to: 'To',
    kinds: {
      merchant: 'merchant',
      member: 'member',
      card_company: 'card company',
      issuer: 'issuer',
    },
    amount: 'Amount',
    account: 'Account',
    dueOn: 'Due',
    state: 'State',
    deed: 'To do',
    again: 'Try again',
    park: 'Keep back',
    about: (name: string, what: string) => `${what}: ${name}`,
    notes: {
      retry: 'It is sent to the account as it is now. What the bank has paid is not paid again.',
      parking: 'What the bank was not told yet is kept back. It can be tried again later.',
    },
  },
}

const ALL = 'all'
type Deed = 'retry' | 'parking'

export function PayoutsView() {
  const t = useWords(words)
  const names = useWords(payoutWords)
  const { issuerCode, path } = useCity()
  const [params, setParams] = useSearchParams()
  const state = payoutStates.find((each) => each === params.get('state'))
  const pages = usePages<Payout>(
    { key: ['fund', issuerCode, 'payouts', state ?? ALL] },
    (client, cursor) =>
      client.GET('/v1/issuers/{issuerCode}/fund/payouts', {
        params: {
          path,
          query: {
            limit: PAGE,
            ...(cursor === undefined ? {} : { cursor }),
            ...(state === undefined ? {} : { state }),
          },
        },
      }),
  )
  return (
    <div className="stack">
      <div className="terms-grid">
        <Select
          label={t.show}
          value={state ?? ALL}
          onChange={(next: string) =>
            setParams(
              { view: 'payouts', ...(next === ALL ? {} : { state: next }) },
              { replace: true },
            )
          }
          options={[
            { value: ALL, label: t.all },
            ...payoutStates.map((value) => ({ value, label: names[value] })),
          ]}
        />
      </div>
      <Paged
        pages={pages}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {(items) => <PayoutTable payouts={items} />}
      </Paged>
    </div>
  )
}

function PayoutTable({ payouts }: { payouts: readonly Payout[] }) {
  const t = useWords(words)
  const names = useWords(payoutWords)
  const writing = useWriting()
  const [asking, setAsking] = useState<{ payout: Payout; deed: Deed }>()
  const nameOf = ({ beneficiary: { kind, id } }: Payout): string =>
    `${t.kinds[kind]}${id === null ? '' : ` ${id}`}`
  return (
    <>
      <Table
        caption={t.title}
        isCaptionUnseen
        rows={payouts}
        rowKey={({ payoutId }) => payoutId}
        columns={[
          { key: 'to', label: t.to, cell: nameOf },
          {
            key: 'amount',
            label: t.amount,
            isNumber: true,
            cell: ({ amountWon }) => writing.won(amountWon),
          },
          {
            key: 'account',
            label: t.account,
            cell: ({ bankCode, accountNumber }) => `${bankCode} ${accountNumber ?? '—'}`,
          },
          { key: 'dueOn', label: t.dueOn, cell: ({ dueOn }) => writing.day(dueOn) },
          {
            key: 'state',
            label: t.state,
            cell: ({ state, reasonText }) => (
              <span className="row">
                <Badge tone={payoutTones[state]}>{names[state]}</Badge>
                {reasonText === null ? null : <span className="soft small">{reasonText}</span>}
              </span>
            ),
          },
          {
            key: 'deed',
            label: t.deed,
            cell: (payout) => {
              const deed = deedOf(payout)
              if (deed === undefined) return '—'
              const what = deed === 'retry' ? t.again : t.park
              return (
                <Button
                  aria-label={t.about(nameOf(payout), what)}
                  onPress={() => setAsking({ payout, deed })}
                >
                  {what}
                </Button>
              )
            },
          },
        ]}
      />
      {asking === undefined ? null : (
        <PayoutSheet
          payout={asking.payout}
          deed={asking.deed}
          name={nameOf(asking.payout)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  )
}

function deedOf({ state }: Payout): Deed | undefined {
  if (state === 'returned' || state === 'parked') return 'retry'
  return state === 'due' ? 'parking' : undefined
}

function PayoutSheet(props: { payout: Payout; deed: Deed; name: string; onClose: () => void }) {
  const { payout, deed: name, onClose } = props
  const t = useWords(words)
  const writing = useWriting()
  const { path } = useCity()
  const readAgain = useReadAgain()
  const deed = useDeed(
    (client, payoutId: string, headers) =>
      client.POST(`/v1/issuers/{issuerCode}/fund/payouts/{payoutId}/${name}`, {
        params: { path: { ...path, payoutId } },
        ...headers,
      }),
    async () => {
      await readAgain('fund')
      onClose()
    },
  )
  const what = name === 'retry' ? t.again : t.park
  return (
    <DeedSheet
      title={what}
      note={t.notes[name]}
      deed={what}
      kind={name === 'retry' ? 'main' : 'danger'}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      onDeed={() => deed.run(payout.payoutId)}
    >
      <p className="strong">
        {props.name} · {writing.won(payout.amountWon)}
      </p>
    </DeedSheet>
  )
}
