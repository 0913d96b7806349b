/** Which place of the shop: in the address, so that a till keeps to its place. */
import { useSearchParams } from 'wouter'
import { Select } from '../ui/choice.tsx'
import { useWords } from '../ui/words.ts'
import type { Merchant, Outlet } from './shop-context.tsx'

const words = {
  ko: { outlet: '매장', all: '모든 매장' },
  en: { outlet: 'Place', all: 'All places' },
}

/** The open place that the address names, else the first. */
export function useOutlet(merchant: Merchant | undefined): Outlet | undefined {
  const [search] = useSearchParams()
  const asked = search.get('outlet')
  const open = merchant?.outlets.filter((outlet) => outlet.open) ?? []
  return open.find(({ outletId }) => outletId === asked) ?? open[0]
}

/** Chooses where there are several. */
export function OutletChoice({ outlets, value }: { outlets: readonly Outlet[]; value: string }) {
  const t = useWords(words)
  const [, setSearch] = useSearchParams()
  if (outlets.length < 2) return null
  return (
    <Select
      label={t.outlet}
      value={value}
      onChange={(outlet) =>
        setSearch((search) => (search.set('outlet', outlet), search), { replace: true })
      }
      options={outlets.map(({ outletId, name }) => ({ value: outletId, label: name }))}
    />
  )
}

/** Chooses one or all, for lists. */
export function OutletFilter({ outlets }: { outlets: readonly Outlet[] }) {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  if (outlets.length < 2) return null
  return (
    <Select
      label={t.outlet}
      value={search.get('outlet') ?? ''}
      onChange={(outlet) =>
        setSearch(
          (before) => {
            if (outlet === '') before.delete('outlet')
            else before.set('outlet', outlet)
            return before
          },
          { replace: true },
        )
      }
      options={[
        { value: '', label: t.all },
        ...outlets.map(({ outletId, name }) => ({ value: outletId, label: name })),
      ]}
    />
  )
}
