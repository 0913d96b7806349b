/** Appeals: a member says that they were left out or got too little; one officer accepts, another confirms. */
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { NumberField } from '../ui/fields.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { DueBadge } from './due-badge.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'
import type { Appeal } from './stipends.ts'

const words = {
  ko: {
    none: '이의신청이 없습니다',
    noneNote: '회원이 앱에서 신청하면 여기에 올라오고, 답할 기한이 함께 보입니다.',
    states: {
      open: '검토할 것',
      accepted: '다른 담당자 확인 대기',
      confirmed: '지급 중',
      granted: '지급됨',
      refused: '받아들이지 않음',
    },
    grounds: { left_out: '대상에서 빠짐', amount_wrong: '금액이 다름' },
    member: '회원',
    claimed: '신청 금액',
    amount: '인정 금액',
    opened: '접수',
    verdicts: { accept: '받아들이기', confirm: '확인하고 지급', refuse: '받아들이지 않기' },
    notes: {
      accept: '다른 담당자가 확인하면 이 금액이 지급됩니다.',
      confirm: '확인하면 인정 금액이 회원에게 지급됩니다.',
      refuse: '회원이 읽을 이유를 적어 주세요.',
    },
    answer: '회원이 읽을 답',
    amountField: '지급할 금액 (원)',
    amountMissing: '지급할 금액을 적어 주세요.',
    own: '받아들인 사람은 확인할 수 없습니다. 다른 담당자가 확인해야 합니다.',
  },
  en: {
    none: 'There are no appeals',
    noneNote: 'What members appeal against stands here, with the day by which it is answered.',
    states: {
      open: 'to be decided',
      accepted: 'to be confirmed by another officer',
      confirmed: 'being granted',
      granted: 'granted',
      refused: 'refused',
    },
    grounds: { left_out: 'Left out', amount_wrong: 'Wrong amount' },
    member: 'Member',
    claimed: 'Claimed',
    amount: 'Accepted',
    opened: 'Opened',
    verdicts: { accept: 'Accept', confirm: 'Confirm and grant', refuse: 'Refuse' },
    notes: {
      accept: 'This amount is granted once another officer confirms.',
      confirm: 'The member is granted the accepted amount.',
      refuse: 'Say why; the member reads it.',
    },
    answer: 'What the member reads',
    amountField: 'Amount to grant (won)',
    amountMissing: 'Write the amount to grant.',
    own: 'Who accepted it cannot confirm it: another officer has to.',
  },
}

const tones: Record<Appeal['state'], Tone> = {
  open: 'wait',
  accepted: 'wait',
  confirmed: 'wait',
  granted: 'good',
  refused: 'plain',
}
type Verdict = 'accept' | 'refuse' | 'confirm'
const verdictsOf: Partial<Record<Appeal['state'], readonly Verdict[]>> = {
  open: ['accept', 'refuse'],
  accepted: ['confirm', 'refuse'],
}

export function AppealsView() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const pages = usePages<Appeal>({ key: ['appeals', issuerCode] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/appeals', {
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
          {items.map((appeal) => (
            <li key={appeal.appealId}>
              <AppealCard appeal={appeal} />
            </li>
          ))}
        </ul>
      )}
    </Paged>
  )
}

function AppealCard({ appeal }: { appeal: Appeal }) {
  const t = useWords(words)
  const writing = useWriting()
  const { officerId } = useCity()
  const [verdict, setVerdict] = useState<Verdict>()
  const { state, ground, claimedWon, amountWon, memberId, openedAt, dueAt, acceptedBy } = appeal
  const isOwn = state === 'accepted' && acceptedBy === officerId
  const isOver = appeal.closedAt !== null
  return (
    <section className="card stack" data-gap="s">
      <div className="row" data-spread>
        <h2>{t.grounds[ground]}</h2>
        <span className="row">
          {isOver ? null : <DueBadge at={dueAt} />}
          <Badge tone={tones[state]}>{t.states[state]}</Badge>
        </span>
      </div>
      <p>{appeal.words}</p>
      <Facts
        of={[
          [t.member, memberId],
          [t.opened, writing.instant(openedAt)],
          ...(claimedWon === null ? [] : [[t.claimed, writing.won(claimedWon)] as const]),
          ...(amountWon === null ? [] : [[t.amount, writing.won(amountWon)] as const]),
          ...(appeal.answer === null ? [] : [[t.answer, appeal.answer] as const]),
        ]}
      />
      <div className="row">
        {(verdictsOf[state] ?? []).map((each) => (
          <Button
            key={each}
            kind={each === 'refuse' ? 'danger' : 'main'}
            isDisabled={isOwn && each === 'confirm'}
            onPress={() => setVerdict(each)}
          >
            {t.verdicts[each]}
          </Button>
        ))}
      </div>
      {isOwn ? <p className="soft">{t.own}</p> : null}
      {verdict === undefined ? null : (
        <VerdictSheet appeal={appeal} verdict={verdict} onClose={() => setVerdict(undefined)} />
      )}
    </section>
  )
}

function VerdictSheet(props: { appeal: Appeal; verdict: Verdict; onClose: () => void }) {
  const { appeal, verdict, onClose } = props
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const [amountWon, setAmountWon] = useState(appeal.claimedWon ?? Number.NaN)
  const deed = useDeed(
    (client, body: { verdict: Verdict; amountWon?: number; answer?: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/appeals/{appealId}/decision', {
        params: { path: { ...path, appealId: appeal.appealId } },
        body,
        ...headers,
      }),
    async () => {
      await readAgain('appeals')
      onClose()
    },
  )
  const isChosen = verdict !== 'accept' || amountWon > 0
  const decide = (answer: string): void =>
    deed.run({
      verdict,
      ...(verdict === 'accept' ? { amountWon } : {}),
      ...(answer === '' ? {} : { answer }),
    })
  return (
    <DeedSheet
      title={t.verdicts[verdict]}
      note={t.notes[verdict]}
      deed={t.verdicts[verdict]}
      kind={verdict === 'refuse' ? 'danger' : 'main'}
      {...(verdict === 'confirm' ? {} : { reason: t.answer })}
      isReasonNeeded={verdict === 'refuse'}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      isChosen={isChosen}
      onDeed={decide}
    >
      {(isAsked) =>
        verdict === 'accept' ? (
          <NumberField
            label={t.amountField}
            value={amountWon}
            onChange={setAmountWon}
            min={1}
            wrong={isAsked && !isChosen ? t.amountMissing : undefined}
          />
        ) : null
      }
    </DeedSheet>
  )
}
