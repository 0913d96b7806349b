/** Income deduction: the cash-receipt number under which use counts, and the figures of each year. */
import { useState, type FormEvent } from 'react'
import { useSearchParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { thisMonth } from './months.ts'
import { IssuerScreen } from './screen.tsx'

const words = {
  ko: {
    title: '소득공제',
    note: '상품권은 살 때가 아니라 쓸 때 소득공제를 받습니다.',
    number: '현금영수증 번호',
    none: '등록하지 않음',
    registered: '등록됨',
    since: (day: string) => `${day}부터`,
    why: '등록하기 전에 쓴 금액은 공제에서 빠집니다. 한 번만 등록해 두세요.',
    field: '휴대폰 번호나 현금영수증 카드 번호',
    fieldHint: '숫자만 입력해도 됩니다.',
    register: '등록하기',
    change: '번호 바꾸기',
    remove: '등록 지우기',
    removeTitle: '현금영수증 번호를 지울까요?',
    removeNote: '지운 뒤에 쓰는 금액은 소득공제에서 빠집니다.',
    year: '연도',
    yearOf: (year: number) => `${year}년`,
    used: '사용한 금액',
    general: '일반 가맹점',
    market: '전통시장',
    notDeductible: '공제되지 않는 사용',
    missing: '번호를 등록하지 않아 빠진 금액',
    missingNote: (won: string) =>
      `이 해에 번호를 등록하지 않고 쓴 ${won}은 공제 자료에 들어가지 않습니다.`,
    usedNote: '취소한 금액은 뺐습니다. 산 금액이 아니라 쓴 금액입니다.',
  },
  en: {
    title: 'Tax deduction',
    note: 'Vouchers are deducted when they are used, not when they are bought.',
    number: 'Cash-receipt number',
    none: 'Not registered',
    registered: 'Registered',
    since: (day: string) => `since ${day}`,
    why: 'What you used before registering does not count. Register it once.',
    field: 'Mobile number or cash-receipt card',
    fieldHint: 'Digits are enough.',
    register: 'Register',
    change: 'Change the number',
    remove: 'Take it back',
    removeTitle: 'Take back the cash-receipt number?',
    removeNote: 'What you use afterwards does not count for the deduction.',
    year: 'Year',
    yearOf: (year: number) => String(year),
    used: 'What you used',
    general: 'Shops',
    market: 'Traditional markets',
    notDeductible: 'Not deductible',
    missing: 'Not counted: no number was registered',
    missingNote: (won: string) =>
      `${won} was used in this year without a registered number, and does not count.`,
    usedNote: 'Less what was cancelled; what was used, not what was bought.',
  },
}

/** So many years can be looked at. */
const YEARS = 5

export function TaxScreen() {
  const t = useWords(words)
  return (
    <IssuerScreen title={t.title} note={t.note} within="tax">
      {({ issuerCode }) => (
        <>
          <Settings key={issuerCode} issuerCode={issuerCode} />
          <Year issuerCode={issuerCode} />
        </>
      )}
    </IssuerScreen>
  )
}

function Settings({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const writing = useWriting()
  const read = useRead({ key: ['tax-settings', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/tax-settings', {
      params: { path: { issuerCode } },
    }),
  )
  return (
    <section className="card stack">
      <Loaded read={read}>
        {({ cashReceiptNumberMasked: masked, registeredSince }) => (
          <>
            <div className="row" data-spread>
              <h2>{t.number}</h2>
              <Badge tone={masked === null ? 'wait' : 'good'}>
                {masked === null ? t.none : t.registered}
              </Badge>
            </div>
            {masked === null ? (
              <p>{t.why}</p>
            ) : (
              <p>
                <span className="strong">{masked}</span>{' '}
                {registeredSince === null ? null : (
                  <span className="soft">{t.since(writing.day(registeredSince))}</span>
                )}
              </p>
            )}
            <NumberForm key={masked} issuerCode={issuerCode} isRegistered={masked !== null} />
          </>
        )}
      </Loaded>
    </section>
  )
}

function NumberForm({ issuerCode, isRegistered }: { issuerCode: string; isRegistered: boolean }) {
  const t = useWords(words)
  const readAgain = useReadAgain()
  const [number, setNumber] = useState('')
  const [isAsking, setAsking] = useState(false)
  const change = useDeed(
    (client, body: { cashReceiptNumber: string | null }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/tax-settings', {
        params: { path: { issuerCode } },
        body,
        ...headers,
      }),
    async () => {
      setAsking(false)
      await readAgain('tax-settings', issuerCode)
      await readAgain('tax', issuerCode)
    },
  )
  const digits = number.replaceAll(/\D/g, '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (digits !== '') change.run({ cashReceiptNumber: digits })
  }
  return (
    <>
      <form className="search-box" onSubmit={submit}>
        <TextField
          label={t.field}
          hint={t.fieldHint}
          value={number}
          onChange={setNumber}
          inputMode="tel"
          autoComplete="off"
        />
        <Button
          type="submit"
          kind={isRegistered ? 'plain' : 'main'}
          isDisabled={digits === ''}
          isPending={change.isBusy}
        >
          {isRegistered ? t.change : t.register}
        </Button>
      </form>
      {change.trouble === undefined ? null : <Trouble error={change.trouble} />}
      {isRegistered ? (
        <Button kind="quiet" onPress={() => setAsking(true)}>
          {t.remove}
        </Button>
      ) : null}
      <Confirm
        title={t.removeTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.remove}
        kind="danger"
        isPending={change.isBusy}
        onConfirm={() => change.run({ cashReceiptNumber: null })}
      >
        <p>{t.removeNote}</p>
      </Confirm>
    </>
  )
}

function Year({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const writing = useWriting()
  const [search, setSearch] = useSearchParams()
  const newest = Number(thisMonth().slice(0, 4))
  const years = Array.from({ length: YEARS }, (_, back) => newest - back)
  const year = years.find((one) => String(one) === search.get('year')) ?? newest
  const read = useRead({ key: ['tax', issuerCode, year] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/tax/{year}', {
      params: { path: { issuerCode, year: String(year) } },
    }),
  )
  return (
    <section className="stack">
      <Select
        label={t.year}
        value={String(year)}
        onChange={(next) => setSearch({ year: next }, { replace: true })}
        options={years.map((one) => ({ value: String(one), label: t.yearOf(one) }))}
      />
      <Loaded read={read}>
        {({ generalWon, traditionalMarketWon, notDeductibleWon, unregistered }) => {
          const missingWon = unregistered.generalWon + unregistered.traditionalMarketWon
          return (
            <div className="card stack">
              <h2>{t.used}</h2>
              <Facts
                of={[
                  [t.general, writing.won(generalWon)],
                  [t.market, writing.won(traditionalMarketWon)],
                  [t.notDeductible, writing.won(notDeductibleWon)],
                ]}
              />
              <p className="soft small">{t.usedNote}</p>
              {missingWon === 0 ? null : (
                <Banner tone="wait" title={t.missing}>
                  <p>{t.missingNote(writing.won(missingWon))}</p>
                </Banner>
              )}
            </div>
          )
        }}
      </Loaded>
    </section>
  )
}
