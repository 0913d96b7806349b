/** Leaving a municipality: what ends, what is lost only where the member says so, and until when data are kept. */
import { useState } from 'react'
import { useTools } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Checkbox } from '../ui/choice.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Membership } from './membership.tsx'
import { myDataWords } from './my-data-words.ts'
import { useWallet } from './wallet.ts'

export function Leaving({ membership }: { membership: Membership }) {
  const t = useWords(myDataWords)
  const writing = useWriting()
  const { session } = useTools()
  const { issuerCode, name } = membership
  const [renounce, setRenounce] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [keptUntil, setKeptUntil] = useState<string>()
  const leave = useDeed(
    (client, body: { renounce: boolean }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/withdrawal', {
        params: { path: { issuerCode } },
        body,
        ...headers,
      }),
    (answer) => {
      setAsking(false)
      setKeptUntil(answer.keptUntil)
    },
  )
  if (keptUntil !== undefined) {
    return (
      <Banner tone="good" title={t.left} isNews>
        <p>{t.leftNote(writing.day(keptUntil))}</p>
        <div>
          <Button onPress={() => void session.renew()}>{t.home}</Button>
        </div>
      </Banner>
    )
  }
  return (
    <div className="stack">
      <p>{t.leaveNote}</p>
      <ul className="points">
        {t.leaveList.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <Rest membership={membership} />
      <Checkbox isSelected={renounce} onChange={setRenounce}>
        {t.renounce}
      </Checkbox>
      {leave.trouble === undefined ? null : <Trouble error={leave.trouble} />}
      <Button kind="danger" onPress={() => setAsking(true)} isWide>
        {t.leave}
      </Button>
      <Confirm
        title={t.leaveTitle(name)}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.leave}
        kind="danger"
        isPending={leave.isBusy}
        onConfirm={() => leave.run({ renounce })}
      >
        <p>{t.leaveNote}</p>
        <p className="strong">{t.leaveConfirm}</p>
        {leave.trouble === undefined ? null : <Trouble error={leave.trouble} />}
      </Confirm>
    </div>
  )
}

function Rest({ membership }: { membership: Membership }) {
  const t = useWords(myDataWords)
  const read = useWallet(membership)
  return (
    <Loaded read={read}>
      {({ totalWon }) => (
        <div className="card stack" data-gap="s">
          <p className="soft">{t.balance}</p>
          <Amount won={totalWon} size="l" />
          {totalWon === 0 ? null : (
            <div>
              <LinkButton to={`/app/${membership.issuerCode}/refund`}>{t.refund}</LinkButton>
            </div>
          )}
        </div>
      )}
    </Loaded>
  )
}
