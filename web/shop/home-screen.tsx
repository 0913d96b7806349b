/** Which shop? Whoever stands at one goes straight to its till; whoever stands at none may apply, or become a clerk. */
import { useState } from 'react'
import { Redirect } from 'wouter'
import { useRead, useSession, useTools } from '../api/app-context.tsx'
import type { Session } from '../api/session.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { rolesOf } from '../ui/sign-in.tsx'
import { useWords } from '../ui/words.ts'
import type { ShopRole } from './shop-context.tsx'

const words = {
  ko: {
    which: '어느 가게인가요?',
    none: '아직 등록된 가게가 없어요',
    noneNote: '가게를 새로 신청하거나, 일하는 가게에서 점원으로 등록받을 수 있어요.',
    apply: '가맹점 신청하기',
    clerkCode: '내 점원 코드 보여 주기',
    again: '점원으로 등록되었는지 확인하기',
    owner: '대표',
    clerk: '점원',
  },
  en: {
    which: 'Which shop?',
    none: 'You have no shop yet',
    noneNote: 'Apply with your own shop, or be let in as a clerk where you work.',
    apply: 'Apply as a shop',
    clerkCode: 'Show my clerk code',
    again: 'Look whether I am a clerk now',
    owner: 'Owner',
    clerk: 'Clerk',
  },
}

/** At which shops the person may take payments. */
export function shopRolesOf(session: Session): ShopRole[] {
  return rolesOf(session, 'owner', 'clerk').map(({ role, issuer, clerk, merchant }) => ({
    issuerCode: issuer,
    merchantId: merchant,
    clerkId: clerk,
    isOwner: role === 'owner',
  }))
}

export function HomeScreen() {
  const t = useWords(words)
  const session = useSession()
  const roles = session === undefined || session === null ? [] : shopRolesOf(session)
  const [only] = roles
  const wantsChoice = new URLSearchParams(location.search).has('choose')
  if (only !== undefined && roles.length === 1 && !wantsChoice) {
    return <Redirect to={`/${only.issuerCode}/${only.merchantId}/till`} replace />
  }
  return (
    <>
      <h1>{only === undefined ? t.none : t.which}</h1>
      {only === undefined ? (
        <p className="soft">{t.noneNote}</p>
      ) : (
        <ul className="list">
          {roles.map((role) => (
            <li key={`${role.issuerCode}.${role.merchantId}`}>
              <ShopRow role={role} />
            </li>
          ))}
        </ul>
      )}
      <LinkButton to="/apply" kind={only === undefined ? 'main' : 'plain'} isWide>
        {t.apply}
      </LinkButton>
      <LinkButton to="/clerk-code" isWide>
        {t.clerkCode}
      </LinkButton>
      <LookAgain words={t.again} />
    </>
  )
}

function ShopRow({ role }: { role: ShopRole }) {
  const t = useWords(words)
  const { issuerCode, merchantId, isOwner } = role
  const { data } = useRead(
    { key: ['shop', issuerCode, merchantId, 'merchant'], keep: true },
    (client) =>
      client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}', {
        params: { path: { issuerCode, merchantId } },
      }),
  )
  return (
    <RowLink to={`/${issuerCode}/${merchantId}/till`}>
      <span className="strong">{data?.name ?? merchantId}</span>
      <br />
      <span className="soft small">
        {isOwner ? t.owner : t.clerk}
        {data === undefined ? '' : ` · ${data.district}`}
      </span>
    </RowLink>
  )
}

/** Roles are in the session: whoever was let in as a clerk a moment ago gets them by a new one. */
function LookAgain({ words: label }: { words: string }) {
  const { session } = useTools()
  const [trouble, setTrouble] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const look = async (): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    await session.renew().catch(setTrouble)
    setBusy(false)
  }
  return (
    <>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <Button kind="quiet" onPress={() => void look()} isPending={isBusy}>
        {label}
      </Button>
    </>
  )
}
