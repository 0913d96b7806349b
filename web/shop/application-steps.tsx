/** What an application asks for: the business, then the municipality and the place. */
import {
  formatBusinessNumber,
  parseBusinessNumber,
  sectors,
  type Sector,
} from '../../src/acquiring/acquiring.ts'
import { useRead } from '../api/app-context.tsx'
import { Select } from '../ui/choice.tsx'
import { NumberField, TextField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { wonSpoken } from '../ui/writing.ts'

const words = {
  ko: {
    name: '상호',
    latin: '영문 상호',
    latinHint: '결제 코드에 들어가요. 영문 25자까지. 예: Eunpa Bunsik',
    latinWrong: '영문과 숫자로 25자까지 적어 주세요.',
    number: '사업자등록번호',
    numberHint: '숫자 열 자리',
    numberWrong: '사업자등록번호가 맞지 않습니다. 숫자를 다시 확인해 주세요.',
    sector: '업종',
    sectorPlaceholder: '업종을 골라 주세요',
    revenue: '지난 한 해 매출(원)',
    revenueHint: '새로 연 가게는 0으로 적어 주세요.',
    where: '어느 지자체에 신청하나요?',
    wherePlaceholder: '시·군·구를 골라 주세요',
    restricted: '이 지자체에서는 이 업종을 가맹점으로 등록할 수 없습니다',
    restrictedNote: '업종이 맞는지 확인하거나 지자체에 물어보세요.',
    districts: (names: string) => `등록할 수 있는 지역: ${names}`,
    district: '동·읍·면',
    outlet: '매장 이름',
    address: '매장 주소',
  },
  en: {
    name: 'Name of the shop',
    latin: 'Name in Latin letters',
    latinHint: 'Goes into payment codes; at most 25 letters, such as Eunpa Bunsik',
    latinWrong: 'At most 25 Latin letters and digits.',
    number: 'Business number',
    numberHint: 'Ten digits',
    numberWrong: 'This is no business number. Look at the digits again.',
    sector: 'Sector',
    sectorPlaceholder: 'Choose a sector',
    revenue: 'Last year’s revenue (won)',
    revenueHint: 'Zero for a new shop.',
    where: 'Which municipality?',
    wherePlaceholder: 'Choose a municipality',
    restricted: 'Here this sector cannot be registered',
    restrictedNote: 'Look at the sector again, or ask the municipality.',
    districts: (names: string) => `Districts that can be registered: ${names}`,
    district: 'District',
    outlet: 'Name of the place',
    address: 'Address',
  },
}

export interface Application {
  readonly name: string
  readonly nameLatin: string
  readonly businessNumber: string
  readonly sector: Sector | undefined
  readonly annualRevenueWon: number
  readonly issuerCode: string
  readonly issuerName: string
  readonly district: string
  readonly outletName: string
  readonly address: string
}

export const noApplication: Application = {
  name: '',
  nameLatin: '',
  businessNumber: '',
  sector: undefined,
  annualRevenueWon: Number.NaN,
  issuerCode: '',
  issuerName: '',
  district: '',
  outletName: '',
  address: '',
}

const LATIN = /^[\x20-\x7e]{1,25}$/

export function isBusinessWhole(application: Application): boolean {
  const { name, nameLatin, businessNumber, sector, annualRevenueWon } = application
  return (
    name.trim() !== '' &&
    LATIN.test(nameLatin) &&
    parseBusinessNumber(businessNumber) !== undefined &&
    sector !== undefined &&
    !Number.isNaN(annualRevenueWon)
  )
}

export function isPlaceWhole({ issuerCode, district, outletName, address }: Application): boolean {
  return [issuerCode, district, outletName, address].every((each) => each.trim() !== '')
}

interface StepProps {
  readonly application: Application
  readonly onChange: (part: Partial<Application>) => void
}

export function AboutBusiness({ application, onChange }: StepProps) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const { name, nameLatin, businessNumber, sector, annualRevenueWon } = application
  const digits = businessNumber.replaceAll(/\D/g, '')
  const isNumberWrong = digits.length >= 10 && parseBusinessNumber(businessNumber) === undefined
  const number = (text: string): void => {
    const ten = parseBusinessNumber(text.trim())
    onChange({ businessNumber: ten === undefined ? text : formatBusinessNumber(ten) })
  }
  return (
    <section className="card stack">
      <TextField
        label={t.name}
        value={name}
        onChange={(text) => onChange({ name: text, outletName: text })}
        autoComplete="organization"
      />
      <TextField
        label={t.latin}
        hint={t.latinHint}
        value={nameLatin}
        onChange={(text) => onChange({ nameLatin: text })}
        wrong={nameLatin === '' || LATIN.test(nameLatin) ? undefined : t.latinWrong}
        autoComplete="off"
      />
      <TextField
        label={t.number}
        hint={t.numberHint}
        value={businessNumber}
        onChange={number}
        wrong={isNumberWrong ? t.numberWrong : undefined}
        inputMode="numeric"
        autoComplete="off"
      />
      <Select<Sector>
        label={t.sector}
        placeholder={t.sectorPlaceholder}
        value={sector}
        onChange={(next) => onChange({ sector: next })}
        options={(Object.keys(sectors) as Sector[]).map((value) => ({
          value,
          label: isKorean ? sectors[value].nameKo : sectors[value].nameEn,
        }))}
      />
      <NumberField
        label={t.revenue}
        hint={Number.isNaN(annualRevenueWon) ? t.revenueHint : wonSpoken(annualRevenueWon)}
        value={annualRevenueWon}
        onChange={(won) => onChange({ annualRevenueWon: won })}
        min={0}
      />
    </section>
  )
}

export function AboutPlace({ application, onChange }: StepProps) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const { issuerCode, district, outletName, address } = application
  const issuers = useRead({ key: ['issuers'], keep: true }, (client) => client.GET('/v1/issuers'))
  return (
    <section className="card stack">
      <Loaded read={issuers}>
        {({ items }) => (
          <Select<string>
            label={t.where}
            placeholder={t.wherePlaceholder}
            value={issuerCode === '' ? undefined : issuerCode}
            onChange={(code) => {
              const chosen = items.find((issuer) => issuer.issuerCode === code)
              const issuerName = (isKorean ? chosen?.name : chosen?.nameEn) ?? code
              onChange({ issuerCode: code, issuerName })
            }}
            options={items.map((issuer) => ({
              value: issuer.issuerCode,
              label: isKorean
                ? `${issuer.province === null ? '' : `${issuer.province} `}${issuer.name}`
                : issuer.nameEn,
            }))}
          />
        )}
      </Loaded>
      {issuerCode === '' ? null : <Ordinance application={application} />}
      <TextField
        label={t.district}
        value={district}
        onChange={(text) => onChange({ district: text })}
        autoComplete="off"
      />
      <TextField
        label={t.outlet}
        value={outletName}
        onChange={(text) => onChange({ outletName: text })}
        autoComplete="off"
      />
      <TextField
        label={t.address}
        value={address}
        onChange={(text) => onChange({ address: text })}
        autoComplete="street-address"
      />
    </section>
  )
}

/** What the municipality's own rules say about this application; told before it is sent. */
function Ordinance({ application }: { application: Application }) {
  const t = useWords(words)
  const { issuerCode, sector } = application
  const { data } = useRead({ key: ['rules', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/rules', { params: { path: { issuerCode } } }),
  )
  if (data === undefined) return null
  const { sectorsRestricted, districtsRegistered } = data.inForce
  return (
    <>
      {sector !== undefined && sectorsRestricted.includes(sector) ? (
        <Banner tone="bad" title={t.restricted} isNews>
          <p>{t.restrictedNote}</p>
        </Banner>
      ) : null}
      {districtsRegistered.length === 0 ? null : (
        <p className="soft small">{t.districts(districtsRegistered.join(', '))}</p>
      )}
    </>
  )
}
