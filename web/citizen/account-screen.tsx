/** The account that pays for vouchers, and the consent to debits from it. */
import { Landmark } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { answered, keyed } from '../api/client.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Checkbox } from '../ui/choice.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useMember, type Member } from './buying.ts'
import { CONSENT_TEXTS_VERSION, debitTexts, hashOf } from './consent-texts.ts'
import { useIsDemonstration } from './demonstration.ts'
import type { Membership } from './membership.tsx'
import { IssuerScreen } from './screen.tsx'

const words = {
  ko: {
    title: '통장 연결',
    note: '상품권 값이 나가고, 환급받은 돈이 들어오는 통장이에요.',
    linked: '연결됨',
    agreed: '출금에 동의했어요',
    notAgreed: '출금에 동의하지 않아 상품권을 살 수 없어요',
    none: '연결된 통장이 없어요',
    bank: '체험용 은행의 내 통장',
    bankNote: '체험에서는 은행에 로그인한 것처럼 내 통장이 보여요.',
    balance: '통장 잔액',
    link: '이 통장 연결하기',
    again: '다시 연결하며 동의하기',
    consentFirst: '출금에 동의해야 살 수 있어요',
    done: '통장을 연결했어요',
    buy: '상품권 사러 가기',
    elsewhere: '은행 앱에서 연결해 주세요',
    elsewhereNote: '은행의 본인확인을 거쳐 이 화면으로 돌아와요.',
  },
  en: {
    title: 'Account',
    note: 'It pays for your vouchers, and refunds are paid to it.',
    linked: 'Linked',
    agreed: 'You agreed to debits',
    notAgreed: 'Without your consent to debits nothing can be bought',
    none: 'No account is linked',
    bank: 'My account at the simulated bank',
    bankNote: 'In the demonstration your account is shown as if you had signed in at your bank.',
    balance: 'Balance of the account',
    link: 'Link this account',
    again: 'Link again, and agree',
    consentFirst: 'Agree to debits to buy',
    done: 'The account is linked',
    buy: 'Go and buy vouchers',
    elsewhere: 'Please link it in the app of your bank',
    elsewhereNote: 'The bank makes sure that it is you, and brings you back here.',
  },
}

export function AccountScreen() {
  const t = useWords(words)
  return (
    <IssuerScreen title={t.title} note={t.note} within="account">
      {(membership) => <Account key={membership.issuerCode} membership={membership} />}
    </IssuerScreen>
  )
}

function Account({ membership }: { membership: Membership }) {
  const t = useWords(words)
  const read = useMember(membership.issuerCode)
  const isDemonstration = useIsDemonstration()
  return (
    <Loaded read={read}>
      {(member) => (
        <>
          <Standing member={member} />
          {member.accountLinked && member.debitAgreed ? (
            <LinkButton to={`/app/${membership.issuerCode}/buy`} kind="main" isWide>
              {t.buy}
            </LinkButton>
          ) : isDemonstration ? (
            <SimulatedAccount membership={membership} member={member} />
          ) : (
            <Empty title={t.elsewhere}>
              <p className="soft">{t.elsewhereNote}</p>
            </Empty>
          )}
        </>
      )}
    </Loaded>
  )
}

function Standing({ member }: { member: Member }) {
  const t = useWords(words)
  if (!member.accountLinked) return <Banner title={t.none} />
  return (
    <section className="card row" data-spread>
      <span className="row">
        <Landmark className="icon" aria-hidden />
        {member.name}
      </span>
      <Badge tone={member.debitAgreed ? 'good' : 'wait'}>
        {member.debitAgreed ? t.agreed : t.notAgreed}
      </Badge>
    </section>
  )
}

function SimulatedAccount({ membership, member }: { membership: Membership; member: Member }) {
  const t = useWords(words)
  const language = useLanguage()
  const { session } = useTools()
  const accountToken = `account-${session.current()?.personId ?? ''}`
  const balance = useSimulatedBalance(accountToken)
  const [isAgreed, setAgreed] = useState(false)
  const linking = useLinking(membership.issuerCode, accountToken)
  const { title, text } = debitTexts[language]
  return (
    <section className="card stack">
      <div>
        <h2>{t.bank}</h2>
        <p className="soft small">{t.bankNote}</p>
      </div>
      <div className="row" data-spread>
        <span>
          {member.name} · {t.balance}
        </span>
        {balance === undefined ? null : <Amount won={balance} />}
      </div>
      <Checkbox isSelected={isAgreed} onChange={setAgreed}>
        <span className="strong">{title}</span>
        <span className="soft small" style={{ display: 'block' }}>
          {text}
        </span>
      </Checkbox>
      {linking.trouble === undefined ? null : <Trouble error={linking.trouble} />}
      <Button
        kind="main"
        isWide
        isDisabled={!isAgreed}
        isPending={linking.isBusy}
        onPress={() => linking.link(text)}
      >
        {isAgreed ? (member.accountLinked ? t.again : t.link) : t.consentFirst}
      </Button>
    </section>
  )
}

function useSimulatedBalance(accountToken: string): number | undefined {
  const { data } = useQuery({
    queryKey: ['simulated-account', accountToken],
    queryFn: async () => {
      const response = await fetch(`/simulated/bank/accounts/${accountToken}`)
      const answer: unknown = await response.json()
      return Number(Reflect.get(Object(answer), 'balanceWon'))
    },
  })
  return data !== undefined && Number.isFinite(data) ? data : undefined
}

function useLinking(issuerCode: string, accountToken: string) {
  const { client } = useTools()
  const readAgain = useReadAgain()
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const link = async (text: string): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const consent = { textVersion: CONSENT_TEXTS_VERSION, textHash: await hashOf(text) }
      await answered(
        client.POST('/v1/issuers/{issuerCode}/members/me/account', {
          params: { path: { issuerCode } },
          body: { accountToken, consent },
          ...keyed(),
        }),
      )
      await readAgain('member')
    } catch (error) {
      setTrouble(error)
    }
    setBusy(false)
  }
  return { isBusy, trouble, link: (text: string) => void link(text) }
}
