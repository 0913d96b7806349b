/** What officers proposed: what waits for a decision first, then what was decided. */
import { useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity, useOfficerName } from './city-context.tsx'
import { usePrograms } from './programs.ts'

const words = {
  ko: {
    title: '결재',
    states: {
      proposed: '결재 대기',
      approved: '승인',
      rejected: '반려',
      withdrawn: '철회',
      lapsed: '기한 지남',
    },
    kinds: {
      create_program: '새 사업',
      change_terms: '조건 변경',
      stop: '중지·재개',
      abolish: '사업 폐지',
      set_pot: '예산 재원',
      set_rules: '발행기관 규칙',
    },
    none: '여기에 해당하는 제안이 없습니다',
    noneNote: '사업 화면에서 조건을 바꾸거나 새 사업을 시작하면 제안이 올라옵니다.',
    by: (name: string, when: string) => `${name} · ${when}`,
    until: (when: string) => `${when}까지 결정`,
  },
  en: {
    title: 'Approvals',
    states: {
      proposed: 'To be decided',
      approved: 'Approved',
      rejected: 'Rejected',
      withdrawn: 'Withdrawn',
      lapsed: 'Lapsed',
    },
    kinds: {
      create_program: 'New program',
      change_terms: 'Terms',
      stop: 'Stop or go on',
      abolish: 'End of a program',
      set_pot: 'Budget pot',
      set_rules: 'Rules of the issuer',
    },
    none: 'There is no such proposal',
    noneNote: 'Change the terms of a program or start one: the proposal comes here.',
    by: (name: string, when: string) => `${name} · ${when}`,
    until: (when: string) => `to be decided by ${when}`,
  },
}

type Proposals =
  paths['/v1/issuers/{issuerCode}/proposals']['get']['responses'][200]['content']['application/json']
export type Proposal = Proposals['items'][number]

const states = ['proposed', 'approved', 'rejected', 'withdrawn', 'lapsed'] as const
const tones: Record<Proposal['state'], Tone> = {
  proposed: 'wait',
  approved: 'good',
  rejected: 'bad',
  withdrawn: 'plain',
  lapsed: 'plain',
}

export function ProposalsScreen() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const state = states.find((each) => each === params.get('state')) ?? 'proposed'
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs
        label={t.title}
        selected={state}
        onSelect={(next) => setParams({ state: next }, { replace: true })}
        views={states.map((each) => ({
          id: each,
          label: t.states[each],
          view: () => <ProposalList state={each} />,
        }))}
      />
    </>
  )
}

function ProposalList({ state }: { state: Proposal['state'] }) {
  const t = useWords(words)
  const { issuerCode, path, to } = useCity()
  const writing = useWriting()
  const officer = useOfficerName()
  const subject = useSubject()
  const read = useRead({ key: ['proposals', issuerCode, state], everyMs: 10_000 }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/proposals', { params: { path, query: { state } } }),
  )
  return (
    <Loaded
      read={read}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {({ items }) => (
        <ul className="list">
          {items.map((each) => (
            <li key={each.proposalId}>
              <RowLink to={to(`proposals/${each.proposalId}`)}>
                <span className="row" data-spread>
                  <strong>
                    {t.kinds[each.change.kind]} {subject(each)}
                  </strong>
                  <ProposalState state={each.state} />
                </span>
                <span className="soft small">
                  {t.by(officer(each.proposedBy), writing.instant(each.proposedAt))}
                  {each.state === 'proposed' ? ` · ${t.until(writing.instant(each.decideBy))}` : ''}
                </span>
              </RowLink>
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  )
}

export function ProposalState({ state }: { state: Proposal['state'] }) {
  const t = useWords(words)
  return <Badge tone={tones[state]}>{t.states[state]}</Badge>
}

/** What a proposal is about: the program's name, or the pot's. */
export function useSubject(): (proposal: Pick<Proposal, 'change'>) => string {
  const isKorean = useLanguage() === 'ko'
  const programs = usePrograms()
  return ({ change }) => {
    if (change.name !== null) return (isKorean ? change.name : change.nameEn) ?? ''
    if (change.pot !== null) return change.pot.name
    const program = programs.data?.items.find(({ programId }) => programId === change.programId)
    return (isKorean ? program?.name : program?.nameEn) ?? ''
  }
}

export function useKindWord(): (proposal: Pick<Proposal, 'change'>) => string {
  const t = useWords(words)
  return ({ change }) => t.kinds[change.kind]
}
