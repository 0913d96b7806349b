/** What the municipality told the shop, newest first. */
import { Empty, Loaded } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopRead } from './shop-context.tsx'

const words = {
  ko: {
    title: '알림',
    none: '아직 알림이 없습니다',
    noneNote: '등록, 서류, 계좌에 일이 생기면 여기에 나타나요.',
  },
  en: {
    title: 'Notices',
    none: 'There are no notices yet',
    noneNote: 'What concerns the registration, papers or account appears here.',
  },
}

export function NoticesScreen() {
  const t = useWords(words)
  const writing = useWriting()
  const isKorean = useLanguage() === 'ko'
  const { to } = useShop()
  const read = useShopRead({ key: ['notices'], keep: true }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/notices', { params: { path } }),
  )
  return (
    <OwnerScreen title={t.title} back={to('shop')}>
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
            {items.map(({ noticeId, at, text, textEn }) => (
              <li key={noticeId} className="list-row">
                <span className="grow">
                  {isKorean ? text : textEn}
                  <br />
                  <span className="soft small">{writing.instant(at)}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </OwnerScreen>
  )
}
