/** What an owner may do about a registration: object, renew, leave. The server says whether it may be done now. */
import { useState } from 'react'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Registration } from './registration.ts'
import { useShop, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    objection: '이의신청하기',
    objectionNote: (day: string) =>
      `${day}까지 이의를 말할 수 있어요. 자료는 아래 서류에서 함께 내 주세요.`,
    words: '하고 싶은 말',
    object: '이의신청 보내기',
    renewal: '등록 갱신',
    renewalNote: (day: string) => `${day}에 등록이 끝나요. 갱신하면 이어서 쓸 수 있어요.`,
    renew: '갱신하기',
    renewed: '갱신했습니다',
    leaving: '가맹점 해지',
    leavingNote: '해지하면 상품권을 더 받을 수 없어요. 이미 받은 금액은 그대로 정산해 드려요.',
    why: '해지하는 까닭',
    leave: '해지하기',
    sure: '가맹점 등록을 해지할까요? 되돌릴 수 없고, 다시 쓰려면 새로 신청해야 합니다.',
  },
  en: {
    objection: 'Object',
    objectionNote: (day: string) => `You may object until ${day}. Bring your papers below.`,
    words: 'What you have to say',
    object: 'Send the objection',
    renewal: 'Renew',
    renewalNote: (day: string) => `The registration ends on ${day}. Renew to go on.`,
    renew: 'Renew',
    renewed: 'It was renewed',
    leaving: 'Leave',
    leavingNote: 'You can take vouchers no more. What you took is still paid to you.',
    why: 'Why you leave',
    leave: 'Leave',
    sure: 'Give the registration up? It cannot be undone; you would have to apply again.',
  },
}

const CHANGED = ['registration', 'merchant', 'notices'] as const

export function Objection({ file }: { file: Registration }) {
  const t = useWords(words)
  const writing = useWriting()
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const [said, setSaid] = useState('')
  const objecting = useDeed(
    (client, body: { words: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/objections', {
        params: { path },
        body,
        ...headers,
      }),
    () => readAgain(...CHANGED),
  )
  if (file.state !== 'cancellation_noticed' || file.cancellation === null) return null
  return (
    <section className="card stack">
      <h2>{t.objection}</h2>
      <p className="soft">{t.objectionNote(writing.day(file.cancellation.objectUntil))}</p>
      <TextField label={t.words} value={said} onChange={setSaid} isLong />
      {objecting.trouble === undefined ? null : <Trouble error={objecting.trouble} />}
      <Button
        kind="main"
        isDisabled={said.trim() === ''}
        isPending={objecting.isBusy}
        onPress={() => objecting.run({ words: said.trim() })}
      >
        {t.object}
      </Button>
    </section>
  )
}

export function Renewal({ file }: { file: Registration }) {
  const t = useWords(words)
  const writing = useWriting()
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const [isDone, setDone] = useState(false)
  const renewing = useDeed(
    (client, _given: undefined, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/renewal', {
        params: { path },
        ...headers,
      }),
    async () => {
      setDone(true)
      await readAgain(...CHANGED)
    },
  )
  if (file.state !== 'registered' || file.validUntil === null) return null
  return (
    <section className="card stack">
      <h2>{t.renewal}</h2>
      <p className="soft">{t.renewalNote(writing.day(file.validUntil))}</p>
      {isDone ? <Banner tone="good" title={t.renewed} isNews /> : null}
      {renewing.trouble === undefined ? null : <Trouble error={renewing.trouble} />}
      <Button isPending={renewing.isBusy} onPress={() => renewing.run(undefined)}>
        {t.renew}
      </Button>
    </section>
  )
}

export function Leaving({ file }: { file: Registration }) {
  const t = useWords(words)
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const [said, setSaid] = useState('')
  const [isAsking, setAsking] = useState(false)
  const leaving = useDeed(
    (client, body: { words: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/closure', {
        params: { path },
        body,
        ...headers,
      }),
    async () => {
      setAsking(false)
      await readAgain(...CHANGED)
    },
  )
  if (file.endedAt !== null) return null
  return (
    <details className="card">
      <summary>{t.leaving}</summary>
      <div className="stack">
        <p className="soft">{t.leavingNote}</p>
        <TextField label={t.why} value={said} onChange={setSaid} isLong />
        <Button kind="danger" isDisabled={said.trim() === ''} onPress={() => setAsking(true)}>
          {t.leave}
        </Button>
      </div>
      <Confirm
        title={t.leaving}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.leave}
        kind="danger"
        isPending={leaving.isBusy}
        onConfirm={() => leaving.run({ words: said.trim() })}
      >
        <p>{t.sure}</p>
        {leaving.trouble === undefined ? null : <Trouble error={leaving.trouble} />}
      </Confirm>
    </details>
  )
}
