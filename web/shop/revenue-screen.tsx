/** Telling the yearly revenue: fees and the vouchers that the shop may take depend on it. */
import { useState, type FormEvent } from 'react'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { NumberField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting, wonSpoken } from '../ui/writing.ts'
import { useRegistration } from './registration.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    title: '연매출 신고',
    note: '지난 한 해의 매출을 알려 주세요. 문을 연 지 1년이 안 되었으면 그동안의 매출과 날수를 적어 주세요.',
    asked: (day: string) => `${day}에 연매출을 알려 달라는 요청을 받았습니다`,
    revenue: '매출(원)',
    days: '며칠 동안의 매출인가요?',
    daysHint: '한 해 전체면 365일로 두세요.',
    send: '신고하기',
    sent: '신고했습니다',
    sentNote: '며칠 뒤부터 새 매출로 수수료를 계산해요. 아래에서 언제부터인지 볼 수 있어요.',
    history: '신고한 매출',
    none: '아직 신고한 매출이 없습니다',
    from: (day: string) => `${day}부터`,
  },
  en: {
    title: 'Yearly revenue',
    note: 'Tell last year’s revenue; of a younger shop that of the days since it opened.',
    asked: (day: string) => `You were asked for it on ${day}`,
    revenue: 'Revenue (won)',
    days: 'Of how many days?',
    daysHint: 'Leave 365 for a whole year.',
    send: 'Send',
    sent: 'It was told',
    sentNote: 'It counts some days later; below you see from when.',
    history: 'What was told',
    none: 'Nothing was told yet',
    from: (day: string) => `From ${day}`,
  },
}

const DAYS_OF_YEAR = 365
const DAYS_MAX = 366

export function RevenueScreen() {
  const t = useWords(words)
  const { to } = useShop()
  return (
    <OwnerScreen title={t.title} back={to('settlement')} note={t.note}>
      <Revenue />
    </OwnerScreen>
  )
}

function Revenue() {
  const t = useWords(words)
  const writing = useWriting()
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const registration = useRegistration()
  const [revenueWon, setRevenueWon] = useState(Number.NaN)
  const [days, setDays] = useState(DAYS_OF_YEAR)
  const [isSent, setSent] = useState(false)
  const telling = useDeed(
    (client, body: { revenueWon: number; days: number }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/revenues', {
        params: { path },
        body,
        ...headers,
      }),
    async () => {
      setSent(true)
      await readAgain('registration', 'merchant')
    },
  )
  const isWhole = !Number.isNaN(revenueWon) && !Number.isNaN(days)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setSent(false)
    telling.run({ revenueWon, days })
  }
  return (
    <>
      {typeof registration.data?.revenueAskedAt === 'string' ? (
        <Banner tone="wait" title={t.asked(writing.day(registration.data.revenueAskedAt))} />
      ) : null}
      <form className="card stack" onSubmit={submit}>
        <NumberField
          label={t.revenue}
          hint={Number.isNaN(revenueWon) ? ' ' : wonSpoken(revenueWon)}
          value={revenueWon}
          onChange={setRevenueWon}
          min={0}
        />
        <NumberField
          label={t.days}
          hint={t.daysHint}
          value={days}
          onChange={setDays}
          min={0}
          max={DAYS_MAX}
        />
        {telling.trouble === undefined ? null : <Trouble error={telling.trouble} />}
        {isSent ? (
          <Banner tone="good" title={t.sent} isNews>
            <p>{t.sentNote}</p>
          </Banner>
        ) : null}
        <Button kind="main" type="submit" isDisabled={!isWhole} isPending={telling.isBusy} isWide>
          {t.send}
        </Button>
      </form>
      <h2>{t.history}</h2>
      <Loaded
        read={registration}
        isEmpty={({ revenues }) => revenues.length === 0}
        empty={<Empty title={t.none} />}
      >
        {({ revenues }) => (
          <div className="card">
            <Facts
              of={revenues
                .toReversed()
                .map(({ from, annualRevenueWon }) => [
                  t.from(writing.day(from)),
                  writing.won(annualRevenueWon),
                ])}
            />
          </div>
        )}
      </Loaded>
    </>
  )
}
