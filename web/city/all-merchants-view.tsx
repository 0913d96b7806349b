/** All merchants of the city: found by words or by digits of their number, and by their state. */
import { Link, useSearchParams } from 'wouter'
import { Select } from '../ui/choice.tsx'
import { Empty } from '../ui/loaded.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { statusTones, statusWords, type Merchant } from './merchants.ts'
import { PAGE, Paged, usePages, type Pages } from './paged.tsx'

const words = {
  ko: {
    title: '가맹점',
    text: '상호, 지역, 사업자등록번호',
    found: (count: number, hasMore: boolean) =>
      hasMore ? `찾은 가맹점 ${count}곳 이상` : `찾은 가맹점 ${count}곳`,
    none: '여기에 해당하는 가맹점이 없습니다',
    noneNote: '위에서 다른 상태를 고르거나 찾는 말을 줄여 보세요.',
    all: '모두',
    name: '상호',
    number: '사업자등록번호',
    sector: '업종',
    district: '지역',
    status: '상태',
  },
  en: {
    title: 'Merchants',
    text: 'Name, district or business number',
    found: (count: number, hasMore: boolean) =>
      hasMore ? `${count} merchants and more were found` : `${count} merchants were found`,
    none: 'There is no such merchant',
    noneNote: 'Choose another state above, or look for fewer words.',
    all: 'All',
    name: 'Name',
    number: 'Business number',
    sector: 'Sector',
    district: 'District',
    status: 'State',
  },
}

/** The API takes no more. */
const TEXT_LENGTH_MAX = 100
const statuses = ['applied', 'active', 'suspended', 'closed'] as const
type Status = (typeof statuses)[number]
const ALL = 'all'

export function AllMerchantsView() {
  const t = useWords(words)
  const names = useWords(statusWords)
  const [params, setParams] = useSearchParams()
  const status = statuses.find((each) => each === params.get('status'))
  const text = params.get('text') ?? ''
  const show = (next: { status: string; text: string }): void => {
    const asked = Object.entries(next).filter(([, value]) => value !== '' && value !== ALL)
    setParams({ view: 'all', ...Object.fromEntries(asked) }, { replace: true })
  }
  const pages = useMerchants(status, text)
  return (
    <div className="stack">
      <div className="filters">
        <SearchBox
          label={t.text}
          text={text}
          lengthMax={TEXT_LENGTH_MAX}
          onSearch={(next) => show({ status: status ?? ALL, text: next })}
        />
        <Select
          label={t.status}
          value={status ?? ALL}
          onChange={(next: string) => show({ status: next, text })}
          options={[
            { value: ALL, label: t.all },
            ...statuses.map((value) => ({ value, label: names[value] })),
          ]}
        />
      </div>
      <p role="status" className="soft">
        {text === '' || pages.items === undefined
          ? null
          : t.found(pages.items.length, pages.hasMore)}
      </p>
      <Paged
        pages={pages}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {(items) => <MerchantTable merchants={items} />}
      </Paged>
    </div>
  )
}

function useMerchants(status: Status | undefined, text: string): Pages<Merchant> {
  const { issuerCode, path } = useCity()
  const key = ['merchants', issuerCode, 'list', status ?? ALL, text]
  return usePages<Merchant>({ key }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/merchants', {
      params: {
        path,
        query: {
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
          ...(status === undefined ? {} : { status }),
          ...(text === '' ? {} : { text }),
        },
      },
    }),
  )
}

function MerchantTable({ merchants }: { merchants: readonly Merchant[] }) {
  const t = useWords(words)
  const names = useWords(statusWords)
  const { to } = useCity()
  return (
    <Table
      caption={t.title}
      isCaptionUnseen
      rows={merchants}
      rowKey={({ merchantId }) => merchantId}
      columns={[
        {
          key: 'name',
          label: t.name,
          cell: ({ merchantId, name }) => <Link href={to(`merchants/${merchantId}`)}>{name}</Link>,
        },
        { key: 'number', label: t.number, cell: ({ businessNumber }) => businessNumber },
        { key: 'sector', label: t.sector, cell: ({ sectorName }) => sectorName },
        { key: 'district', label: t.district, cell: ({ district }) => district },
        {
          key: 'status',
          label: t.status,
          cell: (one) => <Badge tone={statusTones[one.status]}>{names[one.status]}</Badge>,
        },
      ]}
    />
  )
}
