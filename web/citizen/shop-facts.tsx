/** One shop in a few lines: what it is, where, how far, and which money it takes. */
import { useLanguage, useWords } from '../ui/words.ts'
import { shopWords } from './shop-words.ts'
import type { Shop } from './shops.ts'

export function ShopFacts({ shop }: { shop: Shop }) {
  const t = useWords(shopWords)
  const isKorean = useLanguage() === 'ko'
  const kinds = new Set(shop.accepts.map((one) => (isKorean ? one.kindName : one.kindNameEn)))
  return (
    <div className="grow stack" data-gap="s">
      <div className="row" data-spread>
        <h2 className="strong">{shop.outletName}</h2>
        {shop.distanceM === null ? null : (
          <span className="amount">{t.metres(shop.distanceM)}</span>
        )}
      </div>
      <p className="soft small">
        {isKorean ? shop.sectorName : shop.sectorNameEn} · {shop.address}
      </p>
      {kinds.size === 0 ? null : (
        <p className="small">
          {t.accepts}: {[...kinds].join(', ')}
        </p>
      )}
    </div>
  )
}
