/** The card side: gateways and their links, what waits for the core, orders that were given, and single payments. */
import { useSearchParams } from 'wouter'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../ui/words.ts'
import { CardSalesView } from './card-sales-view.tsx'
import { GatewaysView } from './gateways-view.tsx'
import { OrdersView } from './orders-view.tsx'

const words = {
  ko: {
    title: '카드',
    views: '카드 화면',
    gateways: '게이트웨이',
    orders: '대행승인·지시',
    sales: '결제 찾기',
  },
  en: {
    title: 'Cards',
    views: 'Views of cards',
    gateways: 'Gateways',
    orders: 'Stand-in, orders',
    sales: 'Find a payment',
  },
}

export function CardsScreen() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') ?? 'gateways'
  const views = [
    { id: 'gateways', label: t.gateways, view: () => <GatewaysView /> },
    { id: 'orders', label: t.orders, view: () => <OrdersView /> },
    { id: 'sales', label: t.sales, view: () => <CardSalesView /> },
  ]
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs
        label={t.views}
        views={views}
        selected={views.some(({ id }) => id === tab) ? tab : 'gateways'}
        onSelect={(id) => setSearch(id === 'gateways' ? {} : { tab: id }, { replace: true })}
      />
    </>
  )
}
