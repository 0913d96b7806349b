/** The registration: how it stands and until when, papers, objecting, renewing, leaving. */
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Badge, Banner, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { Papers } from './papers.tsx'
import { useRegistration, type Registration } from './registration.ts'
import { Leaving, Objection, Renewal } from './registration-deeds.tsx'
import { registrationWords } from './registration-words.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop } from './shop-context.tsx'

const words = {
  ko: {
    title: '등록 상태와 서류',
    decideBy: '결정 기한',
    decideNote: (day: string) => `${day}까지 결정해 알려 드려요.`,
    answerBy: '서류 낼 기한',
    objectUntil: '이의신청 기한',
    appliedAt: '신청한 날',
    registeredAt: '등록한 날',
    validUntil: '유효 기간',
    noEnd: '끝나는 날 없음',
    barredUntil: '다시 신청할 수 있는 날',
    suspended: '사용이 정지되어 있습니다',
    until: (day: string) => `${day}까지`,
    cancellation: '등록취소 사유',
    objected: '내 이의신청',
    why: '담당자의 말',
    checks: '확인한 것',
  },
  en: {
    title: 'Registration and papers',
    decideBy: 'Decided by',
    decideNote: (day: string) => `You are told the decision by ${day}.`,
    answerBy: 'Papers by',
    objectUntil: 'Object until',
    appliedAt: 'Applied on',
    registeredAt: 'Registered on',
    validUntil: 'Valid until',
    noEnd: 'No end',
    barredUntil: 'Apply again from',
    suspended: 'The shop is suspended',
    until: (day: string) => `Until ${day}`,
    cancellation: 'Why it is to be cancelled',
    objected: 'My objection',
    why: 'The officer says',
    checks: 'What was checked',
  },
}

const tones: Readonly<Record<Registration['state'], Tone>> = {
  applied: 'wait',
  documents_asked: 'wait',
  registered: 'good',
  cancellation_noticed: 'bad',
  objected: 'wait',
  refused: 'bad',
  cancelled: 'bad',
  closed: 'plain',
  lapsed: 'bad',
}

export function RegistrationScreen() {
  const t = useWords(words)
  const { to } = useShop()
  const read = useRegistration()
  return (
    <OwnerScreen title={t.title} back={to('shop')}>
      <Loaded read={read}>{drawRegistration}</Loaded>
    </OwnerScreen>
  )
}

const drawRegistration = (file: Registration) => (
  <>
    <State file={file} />
    <Objection file={file} />
    <Checks file={file} />
    <Papers file={file} />
    <Renewal file={file} />
    <Leaving file={file} />
  </>
)

function State({ file }: { file: Registration }) {
  const t = useWords(words)
  const states = useWords(registrationWords).states
  const writing = useWriting()
  const day = (name: string, at: string | null): (readonly [string, string])[] =>
    at === null ? [] : [[name, writing.day(at)]]
  return (
    <>
      <Banner tone={tones[file.state]} title={states[file.state]}>
        {file.state === 'applied' && file.decideBy !== null ? (
          <p>{t.decideNote(writing.day(file.decideBy))}</p>
        ) : null}
      </Banner>
      {file.suspension === null ? null : (
        <Banner tone="bad" title={t.suspended}>
          <p>{file.suspension.reason}</p>
          {file.suspension.until === null ? null : (
            <p>{t.until(writing.day(file.suspension.until))}</p>
          )}
        </Banner>
      )}
      <div className="card">
        <Facts
          of={[
            ...day(t.decideBy, file.decideBy),
            ...day(t.answerBy, file.answerBy),
            ...day(t.objectUntil, file.cancellation?.objectUntil ?? null),
            ...day(t.appliedAt, file.appliedAt),
            ...day(t.registeredAt, file.registeredAt),
            ...(file.registeredAt === null
              ? []
              : [
                  [
                    t.validUntil,
                    file.validUntil === null ? t.noEnd : writing.day(file.validUntil),
                  ] as const,
                ]),
            ...day(t.barredUntil, file.barredUntil),
            ...(file.words === null ? [] : [[t.why, file.words] as const]),
            ...(file.cancellation === null
              ? []
              : [[t.cancellation, file.cancellation.words] as const]),
            ...(typeof file.cancellation?.objection === 'string'
              ? [[t.objected, file.cancellation.objection] as const]
              : []),
          ]}
        />
      </div>
    </>
  )
}

const resultTones = { passed: 'good', failed: 'bad', unchecked: 'plain' } as const

function Checks({ file }: { file: Registration }) {
  const t = useWords(words)
  const { checks, results } = useWords(registrationWords)
  if (file.state !== 'applied' && file.state !== 'documents_asked') return null
  const names = Object.keys(checks) as (keyof Registration['checks'])[] // Of the record above.
  return (
    <section className="card stack" data-gap="s">
      <h2>{t.checks}</h2>
      <Facts
        of={names.map((name) => [
          checks[name],
          <Badge key={name} tone={resultTones[file.checks[name]]}>
            {results[file.checks[name]]}
          </Badge>,
        ])}
      />
    </section>
  )
}
