/** Requests for a full refund on a ground of the law: approved, they are paid; refused, the member reads why. */
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { RefundRequest } from './cases.ts'
import { useCity, useOfficerName } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { DueBadge } from './due-badge.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'

const words = {
  ko: {
    none: '환급 신청이 없습니다',
    noneNote: '시민이 전액 환급을 신청하면 결정 기한과 함께 여기에 올라옵니다.',
    states: {
      opened: '결정할 것',
      approved: '승인, 지급 중',
      refused: '거절',
      paid: '지급됨',
      void: '잔액 없음',
    },
    grounds: {
      force_majeure: '천재지변 등으로 쓸 수 없음',
      merchant_cannot_supply: '가맹점이 물품을 줄 수 없음',
      defect: '상품권이나 앱의 결함',
      small_remainder: '남은 금액이 적음',
      adverse_change: '불리한 조건 변경',
      abolition: '사업 폐지',
    },
    member: '회원',
    clause: '근거 조항',
    opened: '신청',
    amount: '돌려줄 금액',
    decided: '결정',
    decision: '결정 이유',
    events: { approve: '승인', refuse: '거절' },
    notes: {
      approve: '승인하면 회원의 계좌로 돌려줍니다. 되돌릴 수 없습니다.',
      refuse: '회원이 읽을 이유를 적어 주세요.',
    },
    reply: '회원이 읽을 말',
  },
  en: {
    none: 'There are no requests',
    noneNote: 'Requests for full refunds come here with the day by which they are decided.',
    states: {
      opened: 'to be decided',
      approved: 'approved, being paid',
      refused: 'refused',
      paid: 'paid',
      void: 'nothing was left',
    },
    grounds: {
      force_majeure: 'Cannot be used by force majeure',
      merchant_cannot_supply: 'The merchant cannot supply',
      defect: 'A defect of the voucher or the app',
      small_remainder: 'Little is left',
      adverse_change: 'Terms became worse',
      abolition: 'The program ends',
    },
    member: 'Member',
    clause: 'Clause',
    opened: 'Asked',
    amount: 'To the member',
    decided: 'Decided',
    decision: 'Why',
    events: { approve: 'Approve', refuse: 'Refuse' },
    notes: {
      approve: 'It is paid to the member’s account, and cannot be undone.',
      refuse: 'Say why; the member reads it.',
    },
    reply: 'What the member reads',
  },
}

const tones: Record<RefundRequest['state'], Tone> = {
  opened: 'wait',
  approved: 'wait',
  refused: 'plain',
  paid: 'good',
  void: 'plain',
}
type Verdict = 'approve' | 'refuse'

export function RefundRequestsView() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const pages = usePages<RefundRequest>({ key: ['refunds', issuerCode] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/refund-requests', {
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
        <ul className="stack">
          {items.map((request) => (
            <li key={request.requestId}>
              <RequestCard request={request} />
            </li>
          ))}
        </ul>
      )}
    </Paged>
  )
}

function RequestCard({ request }: { request: RefundRequest }) {
  const t = useWords(words)
  const writing = useWriting()
  const officer = useOfficerName()
  const [verdict, setVerdict] = useState<Verdict>()
  const { state, ground, clause, memberId, openedAt, dueAt, memberWon, decidedAt } = request
  return (
    <section className="card stack" data-gap="s">
      <div className="row" data-spread>
        <h2>{t.grounds[ground]}</h2>
        <span className="row">
          {state === 'opened' ? <DueBadge at={dueAt} /> : null}
          <Badge tone={tones[state]}>{t.states[state]}</Badge>
        </span>
      </div>
      <p>{request.words}</p>
      <Facts
        of={[
          [t.member, memberId],
          [t.clause, clause],
          [t.opened, writing.instant(openedAt)],
          ...(memberWon === null ? [] : [[t.amount, writing.won(memberWon)] as const]),
          ...(decidedAt === null
            ? []
            : [
                [
                  t.decided,
                  `${officer(request.decidedBy)}, ${writing.instant(decidedAt)}`,
                ] as const,
              ]),
          ...(request.decisionWords === null ? [] : [[t.decision, request.decisionWords] as const]),
        ]}
      />
      {state === 'opened' ? (
        <div className="row">
          <Button kind="main" onPress={() => setVerdict('approve')}>
            {t.events.approve}
          </Button>
          <Button kind="danger" onPress={() => setVerdict('refuse')}>
            {t.events.refuse}
          </Button>
        </div>
      ) : null}
      {verdict === undefined ? null : (
        <VerdictSheet request={request} verdict={verdict} onClose={() => setVerdict(undefined)} />
      )}
    </section>
  )
}

function VerdictSheet(props: { request: RefundRequest; verdict: Verdict; onClose: () => void }) {
  const { request, verdict, onClose } = props
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const deed = useDeed(
    (client, said: string, headers) =>
      client.POST('/v1/issuers/{issuerCode}/refund-requests/{requestId}/decision', {
        params: { path: { ...path, requestId: request.requestId } },
        body: { event: verdict, words: said },
        ...headers,
      }),
    async () => {
      await readAgain('refunds')
      onClose()
    },
  )
  return (
    <DeedSheet
      title={t.events[verdict]}
      note={t.notes[verdict]}
      deed={t.events[verdict]}
      kind={verdict === 'approve' ? 'main' : 'danger'}
      reason={t.reply}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      onDeed={deed.run}
    />
  )
}
