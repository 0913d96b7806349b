/** Looking up a member: masked; in full for a reason that the member can read; stopping and releasing the wallet. */
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { useDeed } from '../api/use-deed.ts'
import { useAsked } from '../ui/asked.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { CorporationsView } from './corporations-view.tsx'
import { DeedSheet } from './deed-sheet.tsx'

const words = {
  ko: {
    title: '회원·법인',
    views: { members: '회원', corporations: '법인' },
    note: '조회하면 누가 언제 보았는지 기록되고, 회원이 그 기록을 볼 수 있습니다.',
    id: '회원번호',
    idHint: 'mbr_로 시작합니다. 민원이나 지급 결과에 적혀 있습니다.',
    idMissing: '회원번호를 적어 주세요.',
    find: '찾기',
    name: '이름',
    phone: '휴대전화',
    birth: '생년월일',
    wallet: '지갑 번호',
    account: '계좌 연결',
    debit: '출금 동의',
    yes: '예',
    no: '아니요',
    states: { active: '이용 중', stopped: '정지', left: '탈퇴' },
    sights: { masked: '가려서 보는 중', full: '전부 보는 중' },
    deeds: { unmask: '전부 보기', stop: '지갑 정지', release: '정지 풀기' },
    notes: {
      unmask: '이유가 기록되고, 회원이 읽을 수 있습니다.',
      stop: '이 회원의 지갑과 휴대전화를 바로 멈춥니다. 결제와 충전이 되지 않습니다.',
      release: '지갑을 다시 쓸 수 있습니다. 휴대전화는 다시 등록해야 합니다.',
    },
    reason: '이유',
    why: '왜 보나요',
    reasons: {
      request_of_person: '본인이 요청함',
      error_correction: '오류정정 처리',
      refund_or_stipend: '환급이나 수당 처리',
      suspected_fraud: '부정 사용 의심',
      duty_by_law: '법령상 의무',
    },
  },
  en: {
    title: 'Members and corporations',
    views: { members: 'Members', corporations: 'Corporations' },
    note: 'A look is written down, and the member can read who looked.',
    id: 'Member id',
    idHint: 'Begins with mbr_. It stands in reports and in what became of a stipend.',
    idMissing: 'Write the number of the member.',
    find: 'Look up',
    name: 'Name',
    phone: 'Telephone',
    birth: 'Born',
    wallet: 'Wallet',
    account: 'Account linked',
    debit: 'Debit agreed',
    yes: 'yes',
    no: 'no',
    states: { active: 'active', stopped: 'stopped', left: 'left' },
    sights: { masked: 'masked', full: 'in full' },
    deeds: { unmask: 'See in full', stop: 'Stop the wallet', release: 'Release the wallet' },
    notes: {
      unmask: 'The reason is written down, and the member can read it.',
      stop: 'The wallet and the telephone stop at once: no payments and no purchases.',
      release: 'The wallet can be used again; the telephone has to be enrolled again.',
    },
    reason: 'Reason',
    why: 'Why do you look?',
    reasons: {
      request_of_person: 'the person asked',
      error_correction: 'correcting an error',
      refund_or_stipend: 'a refund or a stipend',
      suspected_fraud: 'suspected fraud',
      duty_by_law: 'a duty by law',
    },
  },
}

type Path = '/v1/issuers/{issuerCode}/members/{memberId}'
type Member = paths[Path]['get']['responses'][200]['content']['application/json']
type Unmasking = paths[`${Path}/unmasking`]['post']['requestBody']['content']['application/json']
type Why = Unmasking['reason']
const whys = [
  'request_of_person',
  'error_correction',
  'refund_or_stipend',
  'suspected_fraud',
  'duty_by_law',
] as const
type DeedName = 'unmask' | 'stop' | 'release'
const tones: Record<Member['status'], Tone> = { active: 'good', stopped: 'bad', left: 'plain' }

const views = ['members', 'corporations'] as const

export function MembersScreen() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const view = views.find((each) => each === params.get('view')) ?? 'members'
  const contents = { members: () => <LookUp />, corporations: () => <CorporationsView /> }
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs
        label={t.title}
        selected={view}
        onSelect={(next) => setParams({ view: next }, { replace: true })}
        views={views.map((id) => ({ id, label: t.views[id], view: contents[id] }))}
      />
    </>
  )
}

function LookUp() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const memberId = params.get('member') ?? ''
  const [typed, setTyped] = useState(memberId)
  const { place, isAsked, press } = useAsked(typed.trim() !== '')
  return (
    <div className="stack">
      <p className="soft">{t.note}</p>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          press(() => setParams({ member: typed.trim() }))
        }}
      >
        <div ref={place}>
          <TextField
            label={t.id}
            hint={t.idHint}
            value={typed}
            onChange={setTyped}
            wrong={isAsked && typed.trim() === '' ? t.idMissing : undefined}
          />
        </div>
        <div>
          <Button kind="main" type="submit">
            {t.find}
          </Button>
        </div>
      </form>
      {memberId === '' ? null : <Found key={memberId} memberId={memberId} />}
    </div>
  )
}

function Found({ memberId }: { memberId: string }) {
  const { issuerCode, path } = useCity()
  const read = useRead({ key: ['members', issuerCode, memberId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/{memberId}', {
      params: { path: { ...path, memberId } },
    }),
  )
  const [full, setFull] = useState<Member>()
  return (
    <Loaded read={read}>
      {(member) => (
        <MemberCard
          // What was seen in full is forgotten with the screen; its state is always the newest.
          member={full === undefined ? member : { ...full, status: member.status }}
          onFull={setFull}
        />
      )}
    </Loaded>
  )
}

function MemberCard({ member, onFull }: { member: Member; onFull: (member: Member) => void }) {
  const t = useWords(words)
  const [asking, setAsking] = useState<DeedName>()
  const { status, sight } = member
  const yes = (is: boolean): string => (is ? t.yes : t.no)
  return (
    <section className="card stack">
      <div className="row" data-spread>
        <h2>{member.name ?? member.memberId}</h2>
        <span className="row">
          <Badge tone={sight === 'full' ? 'wait' : 'plain'}>{t.sights[sight]}</Badge>
          <Badge tone={tones[status]}>{t.states[status]}</Badge>
        </span>
      </div>
      <Facts
        of={[
          [t.id, member.memberId],
          [t.phone, member.phone ?? '—'],
          [t.birth, member.birthDate ?? '—'],
          [t.wallet, member.walletId],
          [t.account, yes(member.accountLinked)],
          [t.debit, yes(member.debitAgreed)],
        ]}
      />
      <div className="row">
        {sight === 'masked' ? (
          <Button onPress={() => setAsking('unmask')}>{t.deeds.unmask}</Button>
        ) : null}
        {status === 'active' ? (
          <Button kind="danger" onPress={() => setAsking('stop')}>
            {t.deeds.stop}
          </Button>
        ) : null}
        {status === 'stopped' ? (
          <Button kind="main" onPress={() => setAsking('release')}>
            {t.deeds.release}
          </Button>
        ) : null}
      </div>
      {asking === undefined ? null : (
        <MemberSheet
          memberId={member.memberId}
          name={asking}
          onFull={onFull}
          onClose={() => setAsking(undefined)}
        />
      )}
    </section>
  )
}

function MemberSheet(props: {
  memberId: string
  name: DeedName
  onFull: (member: Member) => void
  onClose: () => void
}) {
  const { memberId, name, onFull, onClose } = props
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const [why, setWhy] = useState<Why>('request_of_person')
  const params = { path: { ...path, memberId } }
  const base = '/v1/issuers/{issuerCode}/members/{memberId}'
  const unmask = useDeed(
    (client, body: Unmasking, headers) =>
      client.POST(`${base}/unmasking`, { params, body, ...headers }),
    (member) => {
      onFull(member)
      onClose()
    },
  )
  const change = useDeed(
    (client, reason: string, headers) =>
      client.POST(name === 'stop' ? `${base}/stop` : `${base}/release`, {
        params,
        body: { reason },
        ...headers,
      }),
    async () => {
      await readAgain('members')
      onClose()
    },
  )
  const deed = name === 'unmask' ? unmask : change
  return (
    <DeedSheet
      title={t.deeds[name]}
      note={t.notes[name]}
      deed={t.deeds[name]}
      kind={name === 'stop' ? 'danger' : 'main'}
      reason={t.reason}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      onDeed={(said) =>
        name === 'unmask' ? unmask.run({ reason: why, words: said }) : change.run(said)
      }
    >
      {name === 'unmask' ? (
        <Select
          label={t.why}
          value={why}
          onChange={setWhy}
          options={whys.map((value) => ({ value, label: t.reasons[value] }))}
        />
      ) : null}
    </DeedSheet>
  )
}
