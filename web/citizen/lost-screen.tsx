/** The phone is gone: every wallet of mine is stopped by one press, each told on its own. */
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { answered, keyed } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Loading, Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useMemberships, type Membership } from './membership.tsx'
import { Screen } from './screen.tsx'

const words = {
  ko: {
    title: '분실 정지',
    note: '휴대폰을 잃어버렸거나 누가 내 상품권을 쓰는 것 같으면 모두 멈추세요. 잔액은 그대로 있습니다.',
    deed: '모두 정지하기',
    again: '정지되지 않은 곳 다시 정지하기',
    confirmTitle: '내 상품권을 모두 정지할까요?',
    whatTitle: '정지하면',
    what: [
      'QR 결제와 내 코드 결제가 바로 멈춥니다.',
      '연결한 카드의 결제도 거절됩니다.',
      '잃어버린 휴대폰에서는 코드를 보여 줄 수 없습니다.',
      '잔액과 유효기간은 그대로입니다.',
    ],
    releaseTitle: '다시 쓰려면',
    release: [
      '시청이나 군청의 상품권 담당자에게 본인을 확인받고 정지를 풀어 달라고 하세요.',
      '풀린 뒤 새 휴대폰에서 로그인하고 결제 휴대폰으로 다시 등록하면 됩니다.',
    ],
    elsewhere:
      '휴대폰이 없어도 됩니다. 가족의 휴대폰이나 컴퓨터에서 본인확인을 하고 이 화면을 열면 정지할 수 있습니다.',
    wallets: '내 상품권',
    states: { stopped: '정지됨', active: '사용 중', unknown: '확인 못 함' },
    all: '모두 정지했습니다',
    allNote: '이제 아무도 내 상품권을 쓸 수 없습니다.',
    none: '가입한 지역이 없습니다.',
  },
  en: {
    title: 'Lost phone',
    note: 'If your phone is lost or somebody seems to use your vouchers, stop everything. Your money stays.',
    deed: 'Stop everything',
    again: 'Stop the others again',
    confirmTitle: 'Stop all of your vouchers?',
    whatTitle: 'What stops',
    what: [
      'Payments by QR code and by your own code stop at once.',
      'Payments with linked cards are declined too.',
      'The lost phone can show no code any more.',
      'Balances and their expiry stay as they are.',
    ],
    releaseTitle: 'To use them again',
    release: [
      'Prove who you are to the voucher desk of your city hall and ask for the release.',
      'Then sign in on your new phone and enrol it for payments.',
    ],
    elsewhere:
      'You do not need your phone: identify yourself on another phone or a computer and open this screen.',
    wallets: 'My vouchers',
    states: { stopped: 'Stopped', active: 'In use', unknown: 'Not known' },
    all: 'Everything is stopped',
    allNote: 'Nobody can use your vouchers now.',
    none: 'You have joined no municipality.',
  },
}

/** Written beside the stop, for the desk that is asked to release it. */
const REASON = { ko: '회원이 앱에서 분실 정지', en: 'Stopped by the member in the app' }

type WalletState = 'stopped' | 'active' | 'unknown'

export function LostScreen() {
  const t = useWords(words)
  const memberships = useMemberships()
  const states = useWalletStates(memberships)
  const { stop, isBusy, troubles } = useStopping()
  const [isAsking, setAsking] = useState(false)
  const rest = memberships.filter((_, index) => states[index] !== 'stopped')
  const isDone = memberships.length > 0 && rest.length === 0
  const isLoading = states.includes(undefined)
  const confirm = (): void => void stop(rest).finally(() => setAsking(false))
  return (
    <Screen title={t.title} back="/app/more" note={t.note}>
      {isDone ? (
        <Banner tone="good" title={t.all} isNews>
          <p>{t.allNote}</p>
        </Banner>
      ) : (
        <Button
          kind="danger"
          onPress={() => setAsking(true)}
          isDisabled={memberships.length === 0}
          isWide
        >
          {rest.length < memberships.length ? t.again : t.deed}
        </Button>
      )}
      {memberships.length === 0 ? <p>{t.none}</p> : null}
      {troubles.map(({ name, error }) => (
        <section key={name}>
          <h2>{name}</h2>
          <Trouble error={error} />
        </section>
      ))}
      <Wallets memberships={memberships} states={states} isLoading={isLoading} />
      {isDone ? null : <Points title={t.whatTitle} points={t.what} />}
      <Points title={t.releaseTitle} points={t.release} />
      <p className="soft small">{t.elsewhere}</p>
      <Confirm
        title={t.confirmTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.deed}
        kind="danger"
        isPending={isBusy}
        onConfirm={confirm}
      >
        <Points points={t.what} />
        <Points title={t.releaseTitle} points={t.release} />
      </Confirm>
    </Screen>
  )
}

function Wallets(props: {
  readonly memberships: readonly Membership[]
  readonly states: readonly (WalletState | undefined)[]
  readonly isLoading: boolean
}) {
  const { memberships, states, isLoading } = props
  const t = useWords(words)
  const tones = { stopped: 'bad', active: 'good', unknown: 'unknown' } as const
  if (memberships.length === 0) return null
  return (
    <section className="stack" data-gap="s">
      <h2>{t.wallets}</h2>
      {isLoading ? <Loading /> : null}
      <ul className="list">
        {memberships.map(({ issuerCode, name }, index) => {
          const state = states[index]
          return (
            <li key={issuerCode} className="list-row">
              <span className="grow">{name}</span>
              {state === undefined ? null : <Badge tone={tones[state]}>{t.states[state]}</Badge>}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function Points({ title, points }: { title?: string; points: readonly string[] }) {
  return (
    <section className="stack" data-gap="s">
      {title === undefined ? null : <h2>{title}</h2>}
      <ul className="points">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  )
}

function useWalletStates(memberships: readonly Membership[]): (WalletState | undefined)[] {
  const { client } = useTools()
  const reads = useQueries({
    queries: memberships.map(({ issuerCode, walletId }) => ({
      queryKey: ['wallet', issuerCode, walletId],
      queryFn: () =>
        answered(
          client.GET('/v1/issuers/{issuerCode}/wallets/{walletId}', {
            params: { path: { issuerCode, walletId } },
          }),
        ),
      meta: { keep: true },
    })),
  })
  return reads.map(({ data, isError }) => {
    if (data?.stopped === true) return 'stopped'
    if (isError) return 'unknown'
    return data === undefined ? undefined : 'active'
  })
}

interface StopTrouble {
  readonly name: string
  readonly error: unknown
}

/** One issuer's trouble keeps nobody else from being stopped. Stopping twice does no harm. */
function useStopping(): {
  isBusy: boolean
  troubles: readonly StopTrouble[]
  stop: (memberships: readonly Membership[]) => Promise<void>
} {
  const { client } = useTools()
  const language = useLanguage()
  const readAgain = useReadAgain()
  const [isBusy, setBusy] = useState(false)
  const [troubles, setTroubles] = useState<readonly StopTrouble[]>([])
  const stopOne = async ({ issuerCode, walletId, name }: Membership): Promise<StopTrouble[]> => {
    try {
      await answered(
        client.POST('/v1/issuers/{issuerCode}/wallets/{walletId}/stop', {
          params: { path: { issuerCode, walletId } },
          body: { reason: REASON[language] },
          ...keyed(),
        }),
      )
      return []
    } catch (error) {
      return [{ name, error }]
    }
  }
  return {
    isBusy,
    troubles,
    stop: async (memberships) => {
      setBusy(true)
      setTroubles((await Promise.all(memberships.map(stopOne))).flat())
      await readAgain('wallet')
      setBusy(false)
    },
  }
}
