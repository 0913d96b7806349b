/** The demonstration on one page: two phones, a terminal, a city hall, and a strip that really stops what runs. */
import { useEffect } from 'react'
import { useSearchParams } from 'wouter'
import { Loading } from '../ui/loaded.tsx'
import { Shell } from '../ui/shell.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { ControlStrip } from './control-strip.tsx'
import { useDeskGateways, useDeskUrl, useParts, type Receipt } from './desk.ts'
import { Phone, phoneNames, type PhoneName } from './phones.tsx'
import { StepsList } from './steps-list.tsx'
import { useSteps, type Steps } from './steps.ts'
import { Terminal } from './terminal.tsx'
import './demo.css'

const words = {
  ko: {
    title: '두레 체험',
    heading: '멈춰도 결제되는 지역상품권',
    intro: '시민과 가게의 휴대폰, 카드 단말기가 한 화면에 있습니다. 코어를 멈추고 결제해 보세요.',
    invented: '사람·가게·은행·카드사는 모두 지어낸 것이고, 돈은 진짜가 아닙니다.',
    none: '체험할 수 없는 곳입니다',
    noneNote: '이 서버는 체험용이 아닙니다. 체험은 npm start로 시작한 곳에서만 됩니다.',
  },
  en: {
    title: 'Dure demonstration',
    heading: 'Vouchers that pay while the system is down',
    intro: 'A citizen’s phone, a shop’s phone and a card terminal. Stop the core, and pay.',
    invented: 'People, shops, the bank and the card companies are invented, and so is the money.',
    none: 'There is no demonstration here',
    noneNote: 'This server is a real one. The demonstration is where npm start was run.',
  },
}

export function App() {
  const t = useWords(words)
  const deskUrl = useDeskUrl()
  return (
    <Shell title={t.title} home="/" isWide>
      <div className="stack" data-gap="s">
        <h1>{t.heading}</h1>
        <p>{t.intro}</p>
        <p className="soft small">{t.invented}</p>
      </div>
      {deskUrl === undefined ? (
        <Loading />
      ) : deskUrl === null ? (
        <Banner tone="wait" title={t.none}>
          <p>{t.noneNote}</p>
        </Banner>
      ) : (
        <Demonstration deskUrl={deskUrl} />
      )}
    </Shell>
  )
}

function Demonstration({ deskUrl }: { deskUrl: string }) {
  const steps = useSteps()
  const phones = usePhones()
  useTicks(deskUrl, { steps, phones })
  const onReceipt = ({ outcome, decidedBy }: Receipt): void => {
    if (outcome !== 'approved') return
    if (decidedBy === 'core') steps.tick('pay')
    if (decidedBy === 'standin') steps.tick('standin')
  }
  const phone = (name: PhoneName) => (
    <Phone name={name} isOn={phones.on.has(name)} onStart={() => phones.start(name)} />
  )
  return (
    <>
      <ControlStrip deskUrl={deskUrl} />
      <div className="stage">
        {phone('citizen')}
        {phone('shop')}
        <div className="stack stage-middle">
          <StepsList steps={steps} />
          <Terminal deskUrl={deskUrl} onReceipt={onReceipt} />
        </div>
      </div>
      {phone('city')}
    </>
  )
}

interface Phones {
  readonly on: ReadonlySet<PhoneName>
  start(name: PhoneName): void
}

/** Which phones are on stands in the address, so that a reload finds them as they were. */
function usePhones(): Phones {
  const [search, setSearch] = useSearchParams()
  const on = new Set(phoneNames.filter((name) => search.has(name)))
  return {
    on,
    start: (name) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before)
          next.set(name, 'on')
          return next
        },
        { replace: true },
      ),
  }
}

/** Steps are ticked by what happens, whoever did it and however. */
function useTicks(deskUrl: string, { steps, phones }: { steps: Steps; phones: Phones }): void {
  const { data: parts = [] } = useParts(deskUrl)
  const { data: gateways = [] } = useDeskGateways(deskUrl)
  const core = parts.find(({ name }) => name === 'core')?.state
  const answering = gateways.flatMap(({ status }) => (status === null ? [] : [status]))
  const allAnswer = answering.length > 0 && answering.length === gateways.length
  const waiting = answering.reduce((sum, { waiting: { notices } }) => sum + notices, 0)
  const { done, tick } = steps
  const bothAreOn = phones.on.has('citizen') && phones.on.has('shop')
  useEffect(() => {
    if (bothAreOn) tick('begin')
    if (core === 'stopped') tick('stop')
    if (done.has('standin') && core === 'running' && allAnswer && waiting === 0) tick('resume')
  }, [allAnswer, bothAreOn, core, done, tick, waiting])
}
