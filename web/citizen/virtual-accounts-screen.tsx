/** Buying by virtual account: getting one, and how those of before stand. */
import { useState } from 'react'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { moneyCall } from '../api/money-call.ts'
import type { paths } from '../api/schema.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Facts, RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { AmountPad } from '../ui/pads.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Badge, Banner, type Tone } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { isSold, usePrograms, useQuote, type Program } from './buying.ts'
import { useConfirmMoney } from './confirm-money.tsx'
import { useIssuerRules, type IssuerRules } from './issuer-rules.ts'
import { IssuerScreen } from './screen.tsx'
import { virtualAccountWords } from './virtual-account-words.ts'

type AccountsPath = paths['/v1/issuers/{issuerCode}/virtual-accounts']
export type VirtualAccount = AccountsPath['post']['responses'][201]['content']['application/json']

const STEPS = [10_000, 30_000]
export const virtualAccountTones: Readonly<Record<VirtualAccount['state'], Tone>> = {
  prepared: 'wait',
  waiting: 'wait',
  paid: 'good',
  lapsed: 'plain',
}

export function VirtualAccountsScreen() {
  const t = useWords(virtualAccountWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="virtual-accounts">
      {({ issuerCode }) => (
        <>
          <Ordering key={issuerCode} issuerCode={issuerCode} />
          <Own issuerCode={issuerCode} />
        </>
      )}
    </IssuerScreen>
  )
}

function Ordering({ issuerCode }: { issuerCode: string }) {
  const programs = usePrograms(issuerCode)
  const rules = useIssuerRules(issuerCode)
  return (
    <Loaded read={programs}>
      {(items) => {
        const sold = items.filter(isSold)
        if (sold.length === 0) return null
        return (
          <Loaded read={rules}>
            {({ inForce }) => <OrderForm issuerCode={issuerCode} programs={sold} rules={inForce} />}
          </Loaded>
        )
      }}
    </Loaded>
  )
}

interface OrderFormProps {
  readonly issuerCode: string
  readonly programs: readonly Program[]
  readonly rules: IssuerRules['inForce']
}

function OrderForm({ issuerCode, programs, rules }: OrderFormProps) {
  const t = useWords(virtualAccountWords)
  const isKorean = useLanguage() === 'ko'
  const readAgain = useReadAgain()
  const [programId, setProgram] = useState(programs[0]?.programId ?? '')
  const [faceWon, setFace] = useState(0)
  const [isAsking, setAsking] = useState(false)
  const confirm = useConfirmMoney(issuerCode)
  const order = useMoneyCall<VirtualAccount>({
    onDone: () => void readAgain('virtual-accounts', issuerCode),
  })
  const program = programs.find((one) => one.programId === programId)
  const name = (isKorean ? program?.name : program?.nameEn) ?? ''
  const quote = useQuote(issuerCode, { programId, faceWon, isReady: isAsking })
  const send = (): void => {
    setAsking(false)
    const path = `/v1/issuers/${issuerCode}/virtual-accounts`
    const made = moneyCall({
      kind: 'virtual_account',
      path,
      body: { programId, faceWon },
      about: { name, amountWon: faceWon },
    })
    const call = { ...made, lookup: `${path}/${made.key}` }
    confirm.ask(call, (headers) => order.begin(call, headers))
  }
  if (order.state !== undefined) {
    return (
      <MoneyProgress
        state={order.state}
        done={({ purchaseId }) => (
          <Banner tone="good" title={t.opened} isNews>
            <div>
              <LinkButton to={`/app/${issuerCode}/virtual-accounts/${purchaseId}`} kind="main">
                {t.show}
              </LinkButton>
            </div>
          </Banner>
        )}
        afterRefusal={<Button onPress={order.clear}>{t.again}</Button>}
      />
    )
  }
  return (
    <section className="card stack">
      {programs.length < 2 ? (
        <p className="strong">{name}</p>
      ) : (
        <Select
          label={t.program}
          value={programId}
          onChange={setProgram}
          options={programs.map((one) => ({
            value: one.programId,
            label: isKorean ? one.name : one.nameEn,
          }))}
        />
      )}
      <AmountPad label={t.amount} value={faceWon} onChange={setFace} steps={STEPS} />
      <Bounds program={program} rules={rules} />
      {faceWon === 0 ? (
        <p className="soft" role="status">
          {t.amountMissing}
        </p>
      ) : null}
      <Button
        kind="main"
        isDisabled={faceWon === 0}
        isPending={confirm.isChecking}
        onPress={() => setAsking(true)}
        isWide
      >
        {t.order}
      </Button>
      <Sheet title={t.confirmTitle} isOpen={isAsking} onClose={() => setAsking(false)}>
        <Loaded read={quote}>
          {({ payWon, discountWon }) => (
            <>
              <Facts
                of={[
                  [t.face, <Amount key="face" won={faceWon} />],
                  [t.discount, <Amount key="discount" won={-discountWon} />],
                  [t.pay, <Amount key="pay" won={payWon} />],
                ]}
              />
              <Button kind="main" onPress={send} isWide>
                {t.order}
              </Button>
            </>
          )}
        </Loaded>
      </Sheet>
      {confirm.sheet}
    </section>
  )
}

function Bounds(props: { program: Program | undefined; rules: IssuerRules['inForce'] }) {
  const { program, rules } = props
  const t = useWords(virtualAccountWords)
  const writing = useWriting()
  const { virtualAccountWonMin: min, virtualAccountBelowWon: below } = rules
  const hours = t.hours(
    Math.floor(rules.virtualAccountMinutes / 60),
    rules.virtualAccountMinutes % 60,
  )
  return (
    <p className="soft small">
      {below === null ? t.from(writing.won(min)) : t.between(writing.won(min), writing.won(below))}{' '}
      {program === undefined ? null : t.unit(writing.won(program.terms.purchaseUnitWon))}{' '}
      {t.openFor(hours)}
    </p>
  )
}

function Own({ issuerCode }: { issuerCode: string }) {
  const t = useWords(virtualAccountWords)
  const writing = useWriting()
  const read = useRead({ key: ['virtual-accounts', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/virtual-accounts', { params: { path: { issuerCode } } }),
  )
  return (
    <section className="stack" data-gap="s">
      <h2>{t.list}</h2>
      <Loaded
        read={read}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.none}>
            <p className="soft">{t.noneNote}</p>
          </Empty>
        }
      >
        {({ items }) => (
          <ul className="list">
            {items.map((account) => (
              <li key={account.purchaseId}>
                <RowLink to={`/app/${issuerCode}/virtual-accounts/${account.purchaseId}`}>
                  <span className="row" data-spread>
                    <Amount won={account.faceWon} />
                    <Badge tone={virtualAccountTones[account.state]}>
                      {t.states[account.state]}
                    </Badge>
                  </span>
                  <span className="soft small">{writing.instant(account.openedAt)}</span>
                </RowLink>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  )
}
