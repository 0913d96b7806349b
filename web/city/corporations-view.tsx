/** Corporations: applications, what they bought and handed out, and what is decided of them. */
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'

const words = {
  ko: {
    none: '등록한 법인이 없습니다',
    noneNote: '법인이 구매하려고 신청하면 여기에 올라옵니다.',
    states: {
      applied: '심사할 것',
      active: '이용 중',
      suspended: '정지',
      refused: '반려',
      withdrawn: '탈퇴',
    },
    number: '사업자등록번호',
    representative: '대표자',
    applied: '신청',
    bought: '구매 (이달)',
    all: '구매 (모두)',
    holds: '남은 금액',
    handedOut: '나눠 준 금액',
    reason: '이유',
    events: { approve: '승인', refuse: '반려', suspend: '정지', resume: '정지 풀기' },
    notes: {
      approve: '승인하면 상품권을 사서 나눠 줄 수 있습니다.',
      refuse: '법인이 읽을 이유를 적어 주세요.',
      suspend: '사거나 나눠 줄 수 없습니다. 이미 나눠 준 것은 그대로입니다.',
      resume: '다시 사고 나눠 줄 수 있습니다.',
    },
  },
  en: {
    none: 'No corporation is registered',
    noneNote: 'Corporations that apply come here.',
    states: {
      applied: 'to be decided',
      active: 'active',
      suspended: 'suspended',
      refused: 'refused',
      withdrawn: 'withdrawn',
    },
    number: 'Business number',
    representative: 'Representative',
    applied: 'Applied',
    bought: 'Bought this month',
    all: 'Bought in all',
    holds: 'Holds',
    handedOut: 'Handed out',
    reason: 'Reason',
    events: { approve: 'Approve', refuse: 'Refuse', suspend: 'Suspend', resume: 'Resume' },
    notes: {
      approve: 'It can buy vouchers and hand them out.',
      refuse: 'Say why; the corporation reads it.',
      suspend: 'It can neither buy nor hand out. What was handed out stays.',
      resume: 'It can buy and hand out again.',
    },
  },
}

type Corporations = paths['/v1/issuers/{issuerCode}/corporations']['get']['responses'][200]
type Corporation = Corporations['content']['application/json']['items'][number]
type Event = 'approve' | 'refuse' | 'suspend' | 'resume'

const tones: Record<Corporation['state'], Tone> = {
  applied: 'wait',
  active: 'good',
  suspended: 'bad',
  refused: 'plain',
  withdrawn: 'plain',
}
const eventsOf: Record<Corporation['state'], readonly Event[]> = {
  applied: ['approve', 'refuse'],
  active: ['suspend'],
  suspended: ['resume'],
  refused: [],
  withdrawn: [],
}

export function CorporationsView() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const pages = usePages<Corporation>({ key: ['corporations', issuerCode] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/corporations', {
      params: { path, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
  return (
    <Paged
      pages={pages}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {(items) => (
        <ul className="sides">
          {items.map((corporation) => (
            <li key={corporation.corporationId}>
              <CorporationCard corporation={corporation} />
            </li>
          ))}
        </ul>
      )}
    </Paged>
  )
}

function CorporationCard({ corporation }: { corporation: Corporation }) {
  const t = useWords(words)
  const writing = useWriting()
  const [asking, setAsking] = useState<Event>()
  const { name, state, businessNumber, representative, appliedAt, reason } = corporation
  return (
    <section className="card stack" data-gap="s">
      <div className="row" data-spread>
        <h2>{name}</h2>
        <Badge tone={tones[state]}>{t.states[state]}</Badge>
      </div>
      <Facts
        of={[
          [t.number, businessNumber],
          [t.representative, representative],
          [t.applied, writing.day(appliedAt)],
          [t.bought, writing.won(corporation.boughtThisMonthWon)],
          [t.all, writing.won(corporation.boughtWon)],
          [t.holds, writing.won(corporation.holdsWon)],
          [t.handedOut, writing.won(corporation.handedOutWon)],
          ...(reason === null ? [] : [[t.reason, reason] as const]),
        ]}
      />
      <div className="row">
        {eventsOf[state].map((event) => (
          <Button
            key={event}
            kind={event === 'refuse' || event === 'suspend' ? 'danger' : 'main'}
            onPress={() => setAsking(event)}
          >
            {t.events[event]}
          </Button>
        ))}
      </div>
      {asking === undefined ? null : (
        <EventSheet corporation={corporation} event={asking} onClose={() => setAsking(undefined)} />
      )}
    </section>
  )
}

function EventSheet(props: { corporation: Corporation; event: Event; onClose: () => void }) {
  const { corporation, event, onClose } = props
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const deed = useDeed(
    (client, reason: string, headers) =>
      client.POST('/v1/issuers/{issuerCode}/corporations/{corporationId}/decision', {
        params: { path: { ...path, corporationId: corporation.corporationId } },
        body: { event, reason },
        ...headers,
      }),
    async () => {
      await readAgain('corporations')
      onClose()
    },
  )
  return (
    <DeedSheet
      title={t.events[event]}
      note={t.notes[event]}
      deed={t.events[event]}
      kind={event === 'refuse' || event === 'suspend' ? 'danger' : 'main'}
      reason={t.reason}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      onDeed={deed.run}
    />
  )
}
