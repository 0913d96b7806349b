/** Where the shop is paid: the account in force, those before, and choosing another. */
import { useState, type FormEvent } from 'react'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Choices, Select } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { bankNames } from './bank-names.ts'
import { accountText, useAccounts, type ChosenAccount } from './settlement-account.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    title: '정산 계좌',
    now: '지금 쓰는 계좌',
    from: (day: string) => `${day} 정산부터`,
    none: '등록된 계좌가 없습니다',
    noneNote: '아래에서 계좌를 등록해 주세요.',
    before: '전에 쓰던 계좌',
    change: '계좌 등록·변경',
    changeNote: '예금주를 은행에 확인한 뒤 바꾸고, 다음 정산부터 새 계좌로 넣어 드려요.',
    payee: '누가 받나요?',
    own: '내 계좌로 받기',
    agent: '환전대행가맹점이 대신 받기',
    bank: '은행',
    bankPlaceholder: '은행을 골라 주세요',
    number: '계좌번호',
    numberHint: '숫자만 입력해도 돼요.',
    holder: '예금주',
    agentId: '환전대행가맹점 번호',
    agentHint: '우리 가게를 대신하도록 지정된 가맹점의 번호예요. 예: mrc_12',
    save: '이 계좌로 받기',
    saved: '계좌를 바꾸었습니다',
    savedNote: (account: string, day: string) => `${day} 정산부터 ${account} 계좌로 넣어 드려요.`,
  },
  en: {
    title: 'Account',
    now: 'In use now',
    from: (day: string) => `From the settlement of ${day}`,
    none: 'No account is registered',
    noneNote: 'Register one below.',
    before: 'Accounts before',
    change: 'Register or change',
    changeNote: 'The bank is asked for its holder; you are paid there from the next settlement.',
    payee: 'Who is paid?',
    own: 'My own account',
    agent: 'An exchange agent for me',
    bank: 'Bank',
    bankPlaceholder: 'Choose a bank',
    number: 'Account number',
    numberHint: 'Digits are enough.',
    holder: 'Holder',
    agentId: 'Number of the exchange agent',
    agentHint: 'Of a merchant that may redeem for your shop, such as mrc_12.',
    save: 'Pay me here',
    saved: 'The account was changed',
    savedNote: (account: string, day: string) => `From the settlement of ${day}: ${account}.`,
  },
}

export function AccountScreen() {
  const t = useWords(words)
  const { to } = useShop()
  return (
    <OwnerScreen title={t.title} back={to('settlement')}>
      <Accounts />
    </OwnerScreen>
  )
}

function Accounts() {
  const t = useWords(words)
  const writing = useWriting()
  const accounts = useAccounts()
  return (
    <>
      <Loaded
        read={accounts}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.none}>
            <p className="soft">{t.noneNote}</p>
          </Empty>
        }
      >
        {({ items }) => {
          const [now, ...before] = items.toReversed()
          return (
            <>
              <section className="card stack" data-gap="s">
                <h2>{t.now}</h2>
                {now === undefined ? null : (
                  <>
                    <p className="strong">{accountText(now)}</p>
                    <p className="soft small">{t.from(writing.day(now.from))}</p>
                  </>
                )}
              </section>
              {before.length === 0 ? null : (
                <details>
                  <summary>{t.before}</summary>
                  <Facts
                    of={before.map((account) => [writing.day(account.from), accountText(account)])}
                  />
                </details>
              )}
            </>
          )
        }}
      </Loaded>
      <AccountForm />
    </>
  )
}

export type AccountBody =
  | {
      readonly payee: 'own'
      readonly bankCode: string
      readonly accountNumber: string
      readonly holderName: string
    }
  | { readonly payee: 'agent'; readonly agentId: string }

/** Chooses an account; done once it was said by whom it is held. */
export function AccountForm({ onDone }: { onDone?: () => void }) {
  const t = useWords(words)
  const writing = useWriting()
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const [payee, setPayee] = useState<'own' | 'agent'>('own')
  const [bankCode, setBankCode] = useState<string>()
  const [accountNumber, setAccountNumber] = useState('')
  const [holderName, setHolderName] = useState('')
  const [agentId, setAgentId] = useState('')
  const [saved, setSaved] = useState<ChosenAccount>()
  const choosing = useDeed(
    (client, body: AccountBody, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/settlement-account', {
        params: { path },
        body,
        ...headers,
      }),
    async (account: ChosenAccount) => {
      setSaved(account)
      await readAgain('accounts', 'settlements')
      onDone?.()
    },
  )
  const isWhole =
    payee === 'agent'
      ? agentId.trim() !== ''
      : bankCode !== undefined &&
        accountNumber.replaceAll('-', '').trim().length >= 6 &&
        holderName.trim() !== ''
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setSaved(undefined)
    choosing.run(
      payee === 'agent'
        ? { payee, agentId: agentId.trim() }
        : {
            payee,
            bankCode: bankCode ?? '',
            accountNumber: accountNumber.trim(),
            holderName: holderName.trim(),
          },
    )
  }
  return (
    <form className="card stack" onSubmit={submit}>
      <h2>{t.change}</h2>
      <p className="soft small">{t.changeNote}</p>
      <Choices
        label={t.payee}
        value={payee}
        onChange={setPayee}
        options={[
          { value: 'own', label: t.own },
          { value: 'agent', label: t.agent },
        ]}
      />
      {payee === 'agent' ? (
        <TextField
          label={t.agentId}
          hint={t.agentHint}
          value={agentId}
          onChange={setAgentId}
          autoComplete="off"
        />
      ) : (
        <OwnAccount
          bankCode={bankCode}
          onBankCode={setBankCode}
          accountNumber={accountNumber}
          onAccountNumber={setAccountNumber}
          holderName={holderName}
          onHolderName={setHolderName}
        />
      )}
      {choosing.trouble === undefined ? null : <Trouble error={choosing.trouble} />}
      {saved === undefined ? null : (
        <Banner tone="good" title={t.saved} isNews>
          <p>{t.savedNote(accountText(saved), writing.day(saved.from))}</p>
        </Banner>
      )}
      <Button kind="main" type="submit" isDisabled={!isWhole} isPending={choosing.isBusy} isWide>
        {t.save}
      </Button>
    </form>
  )
}

function OwnAccount(props: {
  readonly bankCode: string | undefined
  readonly onBankCode: (code: string) => void
  readonly accountNumber: string
  readonly onAccountNumber: (number: string) => void
  readonly holderName: string
  readonly onHolderName: (name: string) => void
}) {
  const t = useWords(words)
  return (
    <>
      <Select<string>
        label={t.bank}
        placeholder={t.bankPlaceholder}
        value={props.bankCode}
        onChange={props.onBankCode}
        options={bankNames.map(([value, label]) => ({ value, label }))}
      />
      <TextField
        label={t.number}
        hint={t.numberHint}
        value={props.accountNumber}
        onChange={props.onAccountNumber}
        inputMode="numeric"
        autoComplete="off"
      />
      <TextField
        label={t.holder}
        value={props.holderName}
        onChange={props.onHolderName}
        autoComplete="off"
      />
    </>
  )
}
