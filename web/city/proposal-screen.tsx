/** One proposal: what it would mean if it were decided now, who proposed it, and deciding it. */
import { useState } from 'react'
import { useParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity, useOfficerName } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { PreviewView } from './preview-view.tsx'
import { ProposalState, useKindWord, useSubject, type Proposal } from './proposals-screen.tsx'

const words = {
  ko: {
    by: '제안한 담당자',
    at: '제안한 때',
    until: '결정 기한',
    decidedBy: '결정한 담당자',
    decidedAt: '결정한 때',
    reason: '이유',
    approve: '승인',
    reject: '반려',
    withdraw: '제안 거두기',
    own: '제안한 사람은 승인할 수 없습니다. 다른 담당자가 승인해야 합니다.',
    approveAsk: '승인하면 바로 실행됩니다. 승인할까요?',
    rejectAsk: '반려하는 이유를 적어 주세요.',
    withdrawAsk: '이 제안을 거둘까요?',
    done: '승인되었습니다. 정한 때부터 적용됩니다.',
  },
  en: {
    by: 'Proposed by',
    at: 'Proposed',
    until: 'To be decided by',
    decidedBy: 'Decided by',
    decidedAt: 'Decided',
    reason: 'Reason',
    approve: 'Approve',
    reject: 'Reject',
    withdraw: 'Withdraw',
    own: 'Who proposed it cannot approve it: another officer has to.',
    approveAsk: 'It is carried out at once. Approve it?',
    rejectAsk: 'Say why it is rejected.',
    withdrawAsk: 'Withdraw this proposal?',
    done: 'It was approved, and holds from its day on.',
  },
}

type Decision = 'approve' | 'reject' | 'withdraw'

export function ProposalScreen() {
  const { issuerCode, path } = useCity()
  const { proposalId } = useParams<{ proposalId: string }>()
  const read = useRead({ key: ['proposals', issuerCode, proposalId], everyMs: 5_000 }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/proposals/{proposalId}', {
      params: { path: { ...path, proposalId } },
    }),
  )
  return <Loaded read={read}>{(proposal) => <OneProposal proposal={proposal} />}</Loaded>
}

function OneProposal({ proposal }: { proposal: Proposal }) {
  const t = useWords(words)
  const { officerId } = useCity()
  const subject = useSubject()
  const kind = useKindWord()
  const [asking, setAsking] = useState<Decision>()
  const isOpen = proposal.state === 'proposed'
  const isOwn = proposal.proposedBy === officerId
  return (
    <>
      <div className="page-head">
        <h1>
          {kind(proposal)} {subject(proposal)}
        </h1>
        <ProposalState state={proposal.state} />
      </div>
      {proposal.state === 'approved' ? (
        <Banner tone="good" isNews>
          <p>{t.done}</p>
        </Banner>
      ) : null}
      <ProposalFacts proposal={proposal} />
      {proposal.preview === null ? null : <PreviewView preview={proposal.preview} />}
      {isOpen ? (
        <section className="stack" data-gap="s">
          <div className="row">
            <Button kind="main" isDisabled={isOwn} onPress={() => setAsking('approve')}>
              {t.approve}
            </Button>
            <Button isDisabled={isOwn} onPress={() => setAsking('reject')}>
              {t.reject}
            </Button>
            {isOwn ? <Button onPress={() => setAsking('withdraw')}>{t.withdraw}</Button> : null}
          </div>
          {isOwn ? <p className="soft">{t.own}</p> : null}
        </section>
      ) : null}
      {asking === undefined ? null : (
        <DecisionSheet proposal={proposal} decision={asking} onClose={() => setAsking(undefined)} />
      )}
    </>
  )
}

function ProposalFacts({ proposal }: { proposal: Proposal }) {
  const t = useWords(words)
  const writing = useWriting()
  const officer = useOfficerName()
  const { proposedBy, proposedAt, decideBy, decidedBy, decidedAt, reason, change } = proposal
  const said = reason ?? change.why
  return (
    <div className="card">
      <Facts
        of={[
          [t.by, officer(proposedBy)],
          [t.at, writing.instant(proposedAt)],
          ...(decidedAt === null
            ? [[t.until, writing.instant(decideBy)] as const]
            : [
                [t.decidedBy, officer(decidedBy)] as const,
                [t.decidedAt, writing.instant(decidedAt)] as const,
              ]),
          ...(said === null ? [] : [[t.reason, said] as const]),
        ]}
      />
    </div>
  )
}

function DecisionSheet(props: {
  readonly proposal: Proposal
  readonly decision: Decision
  readonly onClose: () => void
}) {
  const { proposal, decision, onClose } = props
  const t = useWords(words)
  const deed = useDecision(proposal.proposalId, onClose)
  const asks = { approve: t.approveAsk, reject: t.rejectAsk, withdraw: t.withdrawAsk }
  return (
    <DeedSheet
      title={t[decision]}
      note={asks[decision]}
      deed={t[decision]}
      kind={decision === 'approve' ? 'main' : 'danger'}
      {...(decision === 'approve' ? {} : { reason: t.reason })}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      onDeed={(reason) => deed.run({ decision, reason })}
    />
  )
}

function useDecision(proposalId: string, onDone: () => void) {
  const { path } = useCity()
  const readAgain = useReadAgain()
  const params = { path: { ...path, proposalId } }
  const base = '/v1/issuers/{issuerCode}/proposals/{proposalId}'
  return useDeed(
    (client, wish: { decision: Decision; reason: string }, headers) => {
      const { decision, reason } = wish
      if (decision === 'approve') return client.POST(`${base}/approval`, { params, ...headers })
      const body = { reason }
      return decision === 'reject'
        ? client.POST(`${base}/rejection`, { params, body, ...headers })
        : client.POST(`${base}/withdrawal`, { params, body, ...headers })
    },
    async () => {
      await Promise.all([readAgain('proposals'), readAgain('programs')])
      onDone()
    },
  )
}
