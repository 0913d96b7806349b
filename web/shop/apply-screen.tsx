/** Applying as a shop, step by step; what is typed is checked as it is typed, and the server has the last word. */
import { useState } from 'react'
import { Link } from 'wouter'
import { useRead, useTools } from '../api/app-context.tsx'
import { answered, keyed } from '../api/client.ts'
import { useDeed } from '../api/use-deed.ts'
import { LinkButton, Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { AccountForm } from './account-screen.tsx'
import {
  AboutBusiness,
  AboutPlace,
  isBusinessWhole,
  isPlaceWhole,
  noApplication,
  type Application,
} from './application-steps.tsx'
import { Screen } from './screen.tsx'
import { useSectorName } from './sector-name.ts'
import { ShopProvider, type ShopRole } from './shop-context.tsx'
import { shopRolesOf } from './home-screen.tsx'
import { registrationWords } from './registration-words.ts'

const words = {
  ko: {
    title: '가맹점 신청',
    step: (now: number, all: number) => `${all}단계 중 ${now}단계`,
    steps: ['사업자 정보', '지역과 매장', '확인하고 신청'],
    progress: '진행',
    back: '이전 단계',
    next: '다음',
    name: '상호',
    number: '사업자등록번호',
    sector: '업종',
    revenue: '연매출',
    where: '지자체',
    place: '매장 주소',
    consent:
      '신청서에 적은 내용을 가맹점 등록을 심사하는 데 쓰고 지자체에 제공하는 데 동의합니다. 상호와 업종, 주소는 가맹점 목록에 공개돼요.',
    send: '신청하기',
    done: '신청했습니다',
    decideBy: (day: string) => `${day}까지 결정해 알려 드려요.`,
    next1: '이제 이렇게 진행돼요',
    steps2: [
      '담당자가 신청 내용을 확인해요.',
      '서류가 더 필요하면 알림으로 알려 드려요. 그동안 기한은 멈춰요.',
      '등록되면 바로 QR을 만들고 결제를 받을 수 있어요.',
    ],
    outletLater: '매장 등록에 실패했습니다. 등록이 결정되면 매장 화면에서 다시 할 수 있어요.',
    account: '정산 계좌를 지금 등록할 수 있어요',
    toShop: '내 가게로 가기',
    hasShop: '이미 가게가 있나요?',
    toShops: '가게 고르기',
  },
  en: {
    title: 'Apply as a shop',
    step: (now: number, all: number) => `Step ${now} of ${all}`,
    steps: ['The business', 'Municipality and place', 'Look and apply'],
    progress: 'Progress',
    back: 'Back',
    next: 'Next',
    name: 'Name',
    number: 'Business number',
    sector: 'Sector',
    revenue: 'Yearly revenue',
    where: 'Municipality',
    place: 'Address',
    consent:
      'I agree that what I wrote is given to the municipality to decide. Name, sector and address are published.',
    send: 'Apply',
    done: 'You have applied',
    decideBy: (day: string) => `You are told the decision by ${day}.`,
    next1: 'What happens next',
    steps2: [
      'An officer looks at what you wrote.',
      'If papers are needed you are told; the days rest until all are there.',
      'Once registered you can make QR codes and take payments at once.',
    ],
    outletLater: 'The place could not be opened. Open it under Shop once you are registered.',
    account: 'You may register your account now',
    toShop: 'To my shop',
    hasShop: 'You have a shop already?',
    toShops: 'Choose a shop',
  },
}

const STEPS = 3

export function ApplyScreen() {
  const t = useWords(words)
  const [made, setMade] = useState<ShopRole & { outletFailed: boolean }>()
  return (
    <Screen title={made === undefined ? t.title : t.done} back="/?choose">
      {made === undefined ? (
        <Steps onMade={setMade} />
      ) : (
        <ShopProvider role={made}>
          <Applied role={made} outletFailed={made.outletFailed} />
        </ShopProvider>
      )}
    </Screen>
  )
}

function Steps({ onMade }: { onMade: (made: ShopRole & { outletFailed: boolean }) => void }) {
  const t = useWords(words)
  const [step, setStep] = useState(1)
  const [application, setApplication] = useState<Application>(noApplication)
  const change = (part: Partial<Application>): void =>
    setApplication((before) => ({ ...before, ...part }))
  const isWhole = step === 1 ? isBusinessWhole(application) : isPlaceWhole(application)
  return (
    <>
      <Progress
        label={t.steps[step - 1] ?? ''}
        value={step}
        max={STEPS}
        text={t.step(step, STEPS)}
      />
      {step === 1 ? <AboutBusiness application={application} onChange={change} /> : null}
      {step === 2 ? <AboutPlace application={application} onChange={change} /> : null}
      {step === 3 ? (
        <Review application={application} onMade={onMade} />
      ) : (
        <Button kind="main" isDisabled={!isWhole} onPress={() => setStep(step + 1)} isWide>
          {t.next}
        </Button>
      )}
      {step === 1 ? null : (
        <Button onPress={() => setStep(step - 1)} isWide>
          {t.back}
        </Button>
      )}
    </>
  )
}

function Review(props: {
  readonly application: Application
  readonly onMade: (made: ShopRole & { outletFailed: boolean }) => void
}) {
  const { application, onMade } = props
  const t = useWords(words)
  const writing = useWriting()
  const sectorName = useSectorName()
  const { client, session } = useTools()
  const [isAgreed, setAgreed] = useState(false)
  const { issuerCode, outletName, address, sector, ...rest } = application
  const applying = useDeed(
    (
      api,
      body: Omit<typeof rest, 'issuerName'> & { sector: NonNullable<typeof sector> },
      headers,
    ) =>
      api.POST('/v1/issuers/{issuerCode}/merchants', {
        params: { path: { issuerCode } },
        body,
        ...headers,
      }),
    async ({ merchantId }: { merchantId: string }) => {
      const renewed = await session.renew()
      const role = shopRolesOf(renewed).find(
        (each) => each.issuerCode === issuerCode && each.merchantId === merchantId,
      )
      if (role === undefined) return
      // The application stands by itself; the place may be opened later as well.
      const outletFailed = await answered(
        client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/outlets', {
          params: { path: { issuerCode, merchantId } },
          body: { name: outletName, district: rest.district, address },
          ...keyed(),
        }),
      ).then(
        () => false,
        () => true,
      )
      onMade({ ...role, outletFailed })
    },
  )
  const { issuerName, ...body } = rest
  return (
    <>
      <div className="card">
        <Facts
          of={[
            [t.name, body.name],
            [t.number, body.businessNumber],
            [t.sector, sectorName(sector ?? '')],
            [t.revenue, writing.won(body.annualRevenueWon)],
            [t.where, issuerName],
            [t.place, `${body.district} ${address}`],
          ]}
        />
      </div>
      <Checkbox isSelected={isAgreed} onChange={setAgreed}>
        {t.consent}
      </Checkbox>
      {applying.trouble === undefined ? null : <Trouble error={applying.trouble} />}
      <Button
        kind="main"
        isDisabled={!isAgreed || sector === undefined}
        isPending={applying.isBusy}
        onPress={() => (sector === undefined ? undefined : applying.run({ ...body, sector }))}
        isWide
      >
        {t.send}
      </Button>
    </>
  )
}

function Applied({ role, outletFailed }: { role: ShopRole; outletFailed: boolean }) {
  const t = useWords(words)
  const { checks, results } = useWords(registrationWords)
  const writing = useWriting()
  const { issuerCode, merchantId } = role
  const read = useRead({ key: ['shop', issuerCode, merchantId, 'registration'] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/registration', {
      params: { path: { issuerCode, merchantId } },
    }),
  )
  return (
    <>
      <Loaded read={read}>
        {(file) => (
          <>
            <Banner
              tone="good"
              title={file.decideBy === null ? t.done : t.decideBy(writing.day(file.decideBy))}
              isNews
            />
            <div className="card">
              <Facts
                of={(Object.keys(checks) as (keyof typeof checks)[]).map((name) => [
                  checks[name],
                  <Badge key={name} tone={file.checks[name] === 'failed' ? 'bad' : 'plain'}>
                    {results[file.checks[name]]}
                  </Badge>,
                ])}
              />
            </div>
          </>
        )}
      </Loaded>
      {outletFailed ? (
        <Banner tone="wait">
          <p>{t.outletLater}</p>
        </Banner>
      ) : null}
      <h2>{t.next1}</h2>
      <ol className="numbered">
        {t.steps2.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <h2>{t.account}</h2>
      <AccountForm />
      <LinkButton to={`/${issuerCode}/${merchantId}/shop/registration`} kind="main" isWide>
        {t.toShop}
      </LinkButton>
      <p className="soft small">
        {t.hasShop} <Link href="/?choose">{t.toShops}</Link>
      </p>
    </>
  )
}
