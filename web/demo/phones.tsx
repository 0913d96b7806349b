/** Phones with the apps in them, each signed in by itself as the person who holds it. */
import { ExternalLink, Play, ScanLine } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { useWords } from '../ui/words.ts'

export const phoneNames = ['citizen', 'shop', 'city'] as const
export type PhoneName = (typeof phoneNames)[number]

const words = {
  ko: {
    phones: {
      citizen: [
        '시민',
        '김하늘님의 휴대폰',
        '김하늘로 시작',
        '상품권을 사고 QR이나 카드로 결제해요',
      ],
      shop: ['가게', '박정우님의 휴대폰', '박정우로 시작', '은파분식에서 결제를 받아요'],
      city: ['군산시청', '이창수 주무관의 화면', '이창수로 시작', '발행·가맹점·정산을 봅니다'],
    } satisfies Record<PhoneName, readonly [string, string, string, string]>,
    newTab: '새 창에서 보기',
    scan: '은파분식 QR 코드 찍기',
  },
  en: {
    phones: {
      citizen: [
        'Citizen',
        'The phone of 김하늘',
        'Begin as 김하늘',
        'buys vouchers, pays by QR or card',
      ],
      shop: ['Shop', 'The phone of 박정우', 'Begin as 박정우', 'is paid at a snack bar'],
      city: [
        'City hall',
        'The screen of 이창수',
        'Begin as 이창수',
        'sees sales, shops and payouts',
      ],
    } satisfies Record<PhoneName, readonly [string, string, string, string]>,
    newTab: 'Open in a new window',
    scan: 'Scan the code of 은파분식',
  },
}

const addresses: Record<PhoneName, string> = {
  citizen: '/?as=person-0001',
  shop: '/shop?as=person-0002',
  city: '/city?as=person-0044',
}

/** What stands on the sticker at the till of 은파분식. */
const STICKER = [
  '00020101021126390007kr.dure0106gunsan0205out_10305kit_15204581453034105802KR',
  '5912Eunpa Bunsik6009Gunsan-si64210002ko0104은파분식0203군산시63048DE8',
].join('')

/** As if the camera had seen the sticker: a new payment with a key of its own. */
function scanned(): string {
  const asked = { as: 'person-0001', code: STICKER, key: crypto.randomUUID() }
  return `/app/pay?${new URLSearchParams(asked).toString()}`
}

export function Phone(props: {
  readonly name: PhoneName
  readonly isOn: boolean
  readonly onStart: () => void
}) {
  const { name, isOn, onStart } = props
  const t = useWords(words)
  const [address, setAddress] = useState(addresses[name])
  const [role, whose, start, what] = t.phones[name]
  return (
    <section className="stack phone-place" data-gap="s" aria-labelledby={`phone-${name}`}>
      <div className="row" data-spread>
        <h2 id={`phone-${name}`}>{role}</h2>
        {/* Another window: the router of this page does not know the other apps. */}
        <a
          className="button"
          data-kind="quiet"
          href={addresses[name]}
          target="_blank"
          rel="noopener"
        >
          <ExternalLink aria-hidden />
          {t.newTab}
        </a>
      </div>
      <div className="phone" data-on={isOn}>
        {isOn ? (
          // Our own pages: a sandbox that lets them keep their session holds nothing back.
          // oxlint-disable-next-line react/iframe-missing-sandbox
          <iframe title={whose} src={address} allow="camera" />
        ) : (
          <div className="stack phone-off">
            <p className="strong">{whose}</p>
            <p className="soft">{what}</p>
            <Button kind="main" onPress={onStart}>
              <Play aria-hidden />
              {start}
            </Button>
          </div>
        )}
      </div>
      {name === 'citizen' && isOn ? (
        <Button onPress={() => setAddress(scanned())}>
          <ScanLine aria-hidden />
          {t.scan}
        </Button>
      ) : null}
    </section>
  )
}
