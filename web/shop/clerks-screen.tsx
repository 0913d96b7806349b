/** Who may take payments for the shop: let in by scanning the code on their telephone, and let go. */
import { useState } from 'react'
import type { paths } from '../api/schema.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { QrScanner } from '../ui/qr-scanner.tsx'
import { Confirm, Sheet } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopRead, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    title: '점원',
    note: '점원은 결제를 받고 취소할 수 있어요. 정산과 계좌는 볼 수 없어요.',
    list: '지금 계산할 수 있는 사람',
    owner: '대표',
    clerk: '점원',
    me: '나',
    add: '코드 찍어 점원 등록하기',
    sheet: '점원 등록',
    how: '점원 휴대폰에서 ‘내 점원 코드’를 열고, 그 코드를 비춰 주세요.',
    typed: '코드 붙여 넣기',
    typedHint: '카메라가 안 되면 점원이 보낸 코드를 붙여 넣어 주세요.',
    use: '이 코드로 등록하기',
    again: '다시 찍기',
    added: '점원으로 등록했습니다',
    addedNote: '점원이 앱을 다시 열면 바로 계산할 수 있어요.',
    remove: '해제',
    removeTitle: '점원 해제',
    removeNote: (who: string) => `${who}: 10분 안에 이 가게에서 결제를 받을 수 없게 됩니다.`,
    removeDeed: '해제하기',
  },
  en: {
    title: 'Clerks',
    note: 'Clerks take and cancel payments. They see neither payouts nor accounts.',
    list: 'Who may take payments',
    owner: 'Owner',
    clerk: 'Clerk',
    me: 'me',
    add: 'Let a clerk in by scanning a code',
    sheet: 'Let a clerk in',
    how: 'The clerk opens “My clerk code” on their telephone; scan it.',
    typed: 'Paste the code',
    typedHint: 'Without a camera paste the code that the clerk sent you.',
    use: 'Let in by this code',
    again: 'Scan again',
    added: 'The clerk was let in',
    addedNote: 'They can take payments once they open the app again.',
    remove: 'Let go',
    removeTitle: 'Let the clerk go',
    removeNote: (who: string) => `${who} can take no payments here after ten minutes.`,
    removeDeed: 'Let go',
  },
}

type ClerksPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}/clerks'
type Clerk =
  paths[ClerksPath]['get']['responses'][200]['content']['application/json']['items'][number]

export function ClerksScreen() {
  const t = useWords(words)
  const { to } = useShop()
  return (
    <OwnerScreen title={t.title} back={to('shop')} note={t.note}>
      <Clerks />
    </OwnerScreen>
  )
}

function Clerks() {
  const t = useWords(words)
  const [isAdding, setAdding] = useState(false)
  const [isAdded, setAdded] = useState(false)
  const read = useShopRead({ key: ['clerks'] }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/clerks', { params: { path } }),
  )
  return (
    <>
      {isAdded ? (
        <Banner tone="good" title={t.added} isNews>
          <p>{t.addedNote}</p>
        </Banner>
      ) : null}
      <h2>{t.list}</h2>
      <Loaded read={read}>
        {({ items }) => (
          <ul className="list">
            {items.map((clerk) => (
              <li key={clerk.clerkId}>
                <ClerkRow clerk={clerk} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <Button
        kind="main"
        onPress={() => {
          setAdded(false)
          setAdding(true)
        }}
        isWide
      >
        {t.add}
      </Button>
      <Sheet title={t.sheet} isOpen={isAdding} onClose={() => setAdding(false)}>
        <AddClerk
          onAdded={() => {
            setAdding(false)
            setAdded(true)
          }}
        />
      </Sheet>
    </>
  )
}

function ClerkRow({ clerk }: { clerk: Clerk }) {
  const t = useWords(words)
  const { clerkId: mine, path } = useShop()
  const readAgain = useShopReadAgain()
  const [isLeaving, setLeaving] = useState(false)
  const { clerkId, personId, role } = clerk
  const removing = useDeed(
    (client, _given: undefined, headers) =>
      client.DELETE('/v1/issuers/{issuerCode}/merchants/{merchantId}/clerks/{clerkId}', {
        params: { path: { ...path, clerkId } },
        ...headers,
      }),
    async () => {
      setLeaving(false)
      await readAgain('clerks')
    },
  )
  return (
    <div className="list-row">
      <span className="grow">
        <span className="strong">{personId}</span> {clerkId === mine ? `(${t.me})` : ''}
        <br />
        <Badge tone={role === 'owner' ? 'good' : 'plain'}>{t[role]}</Badge>
      </span>
      {role === 'owner' ? null : (
        <Button
          kind="danger"
          onPress={() => setLeaving(true)}
          aria-label={`${personId} ${t.remove}`}
        >
          {t.remove}
        </Button>
      )}
      <Confirm
        title={t.removeTitle}
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        deed={t.removeDeed}
        kind="danger"
        isPending={removing.isBusy}
        onConfirm={() => removing.run(undefined)}
      >
        <p>{t.removeNote(personId)}</p>
        {removing.trouble === undefined ? null : <Trouble error={removing.trouble} />}
      </Confirm>
    </div>
  )
}

function AddClerk({ onAdded }: { onAdded: () => void }) {
  const t = useWords(words)
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const [typed, setTyped] = useState('')
  const adding = useDeed(
    (client, code: string, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/clerks', {
        params: { path },
        body: { code },
        ...headers,
      }),
    async () => {
      await readAgain('clerks')
      onAdded()
    },
  )
  if (adding.trouble !== undefined) {
    return (
      <>
        <Trouble error={adding.trouble} />
        <Button kind="main" onPress={() => adding.clear()}>
          {t.again}
        </Button>
      </>
    )
  }
  return (
    <>
      <p>{t.how}</p>
      <QrScanner onText={(code) => adding.run(code)} />
      <TextField
        label={t.typed}
        hint={t.typedHint}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
      />
      <Button
        isDisabled={typed.trim() === ''}
        isPending={adding.isBusy}
        onPress={() => adding.run(typed.trim())}
      >
        {t.use}
      </Button>
    </>
  )
}
