/** Clawbacks: what is left of a granted stipend is taken back, proposed by one officer and approved by another. */
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity, useOfficerName } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'
import type { Clawback } from './stipends.ts'

const words = {
  ko: {
    title: '환수',
    none: '환수 건이 없습니다',
    noneNote: '지급 묶음을 열고 지급된 대상자의 환수를 누르면 제안이 올라옵니다.',
    member: '회원',
    reason: '이유',
    by: '제안',
    state: '상태',
    taken: '거둔 금액',
    decide: '결정',
    states: { proposed: '결재 대기', approved: '환수 중', done: '환수됨', refused: '반려' },
    verdicts: { approve: '승인', refuse: '반려' },
    notes: {
      approve: '승인하면 남아 있는 금액을 모두 거두고 회원에게 알립니다.',
      refuse: '반려하면 아무것도 거두지 않습니다.',
    },
    own: '제안한 사람은 결정할 수 없습니다',
  },
  en: {
    title: 'Clawbacks',
    none: 'There are no clawbacks',
    noneNote: 'Open a batch and propose to claw back a line that was granted.',
    member: 'Member',
    reason: 'Reason',
    by: 'Proposed by',
    state: 'State',
    taken: 'Taken back',
    decide: 'Decide',
    states: {
      proposed: 'to be decided',
      approved: 'under way',
      done: 'taken',
      refused: 'rejected',
    },
    verdicts: { approve: 'Approve', refuse: 'Reject' },
    notes: {
      approve: 'All that is left is taken back, and the member is told.',
      refuse: 'Nothing is taken.',
    },
    own: 'Who proposed it cannot decide',
  },
}

const tones: Record<Clawback['state'], Tone> = {
  proposed: 'wait',
  approved: 'wait',
  done: 'good',
  refused: 'plain',
}
type Verdict = 'approve' | 'refuse'
const verdicts = ['approve', 'refuse'] as const

export function ClawbacksView() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const pages = usePages<Clawback>({ key: ['clawbacks', issuerCode] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/stipend-clawbacks', {
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
      {(items) => <ClawbackTable items={items} />}
    </Paged>
  )
}

interface Asking {
  readonly clawbackId: string
  readonly verdict: Verdict
}

function ClawbackTable({ items }: { items: readonly Clawback[] }) {
  const t = useWords(words)
  const writing = useWriting()
  const officer = useOfficerName()
  const [asking, setAsking] = useState<Asking>()
  return (
    <>
      <Table
        caption={t.title}
        isCaptionUnseen
        rows={items}
        rowKey={({ clawbackId }) => clawbackId}
        columns={[
          {
            key: 'state',
            label: t.state,
            cell: ({ state }) => <Badge tone={tones[state]}>{t.states[state]}</Badge>,
          },
          { key: 'member', label: t.member, cell: ({ memberId }) => memberId },
          { key: 'reason', label: t.reason, cell: ({ reason }) => reason },
          {
            key: 'by',
            label: t.by,
            cell: ({ proposedBy, proposedAt }) =>
              `${officer(proposedBy)}, ${writing.instant(proposedAt)}`,
          },
          {
            key: 'taken',
            label: t.taken,
            isNumber: true,
            cell: ({ takenWon }) => writing.won(takenWon),
          },
          {
            key: 'decide',
            label: t.decide,
            cell: (clawback) => <Decide clawback={clawback} onAsk={setAsking} />,
          },
        ]}
      />
      {asking === undefined ? null : (
        <VerdictSheet asking={asking} onClose={() => setAsking(undefined)} />
      )}
    </>
  )
}

function Decide(props: { clawback: Clawback; onAsk: (asking: Asking) => void }) {
  const { clawback, onAsk } = props
  const t = useWords(words)
  const { officerId } = useCity()
  const { clawbackId, state, proposedBy } = clawback
  if (state !== 'proposed') return '—'
  if (proposedBy === officerId) return <span className="soft">{t.own}</span>
  return (
    <span className="row">
      {verdicts.map((verdict) => (
        <Button
          key={verdict}
          kind={verdict === 'approve' ? 'plain' : 'danger'}
          onPress={() => onAsk({ clawbackId, verdict })}
        >
          {t.verdicts[verdict]}
        </Button>
      ))}
    </span>
  )
}

function VerdictSheet({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const { clawbackId, verdict } = asking
  const deed = useDeed(
    (client, body: { verdict: Verdict }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/stipend-clawbacks/{clawbackId}/decision', {
        params: { path: { ...path, clawbackId } },
        body,
        ...headers,
      }),
    async () => {
      await readAgain('clawbacks')
      onClose()
    },
  )
  return (
    <DeedSheet
      title={t.verdicts[verdict]}
      note={t.notes[verdict]}
      deed={t.verdicts[verdict]}
      kind={verdict === 'approve' ? 'main' : 'danger'}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      onDeed={() => deed.run({ verdict })}
    />
  )
}
