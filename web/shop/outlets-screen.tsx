/** Where the shop takes payments, with the stickers that are posted there; and opening another place. */
import { useState, type FormEvent } from 'react'
import { useTools } from '../api/app-context.tsx'
import { downloadFile } from '../api/download.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { QrPicture } from '../ui/qr-picture.tsx'
import { Confirm, Sheet } from '../ui/sheet.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { Screen } from './screen.tsx'
import {
  useMerchant,
  useShop,
  useShopRead,
  useShopReadAgain,
  type Merchant,
  type Outlet,
} from './shop-context.tsx'

const words = {
  ko: {
    title: '매장과 QR',
    open: '영업 중',
    closed: '문 닫음',
    none: '등록된 매장이 없습니다',
    noneNote: '가맹점으로 등록되면 매장을 열 수 있어요.',
    kits: 'QR 스티커',
    noKits: '아직 QR 스티커가 없습니다. 새로 만들어 계산대에 붙여 주세요.',
    inUse: '사용 중',
    stopped: '못 씀',
    show: '보기',
    print: '인쇄용 PDF 받기',
    issue: 'QR 스티커 새로 만들기',
    replace: '잃어버렸거나 훼손됨: 바꾸기',
    replaceTitle: '스티커 바꾸기',
    replaceNote:
      '새 스티커를 만들면 지금 스티커로는 바로 결제할 수 없게 됩니다. 붙어 있는 것을 떼어 주세요.',
    replaceDeed: '새 스티커로 바꾸기',
    preview: '고객이 찍는 코드예요. A6 크기로 인쇄해 계산대에 붙여 주세요.',
    code: (name: string) => `${name} 결제 코드`,
    another: '매장 더 열기',
    name: '매장 이름',
    nameHint: '예: 은파분식 수송점',
    district: '동·읍·면',
    address: '주소',
    add: '매장 등록하기',
  },
  en: {
    title: 'Places and QR codes',
    open: 'Open',
    closed: 'Closed',
    none: 'No place is registered',
    noneNote: 'Once the shop is registered you can open a place.',
    kits: 'QR stickers',
    noKits: 'There is no QR sticker yet. Make one and post it at the till.',
    inUse: 'In use',
    stopped: 'Not in use',
    show: 'Show',
    print: 'PDF to print',
    issue: 'Make a QR sticker',
    replace: 'Lost or damaged: replace',
    replaceTitle: 'Replace the sticker',
    replaceNote:
      'With a new one nothing can be paid by the old one any more. Take it off the wall.',
    replaceDeed: 'Replace it',
    preview: 'Customers scan this. Print it as A6 and post it at the till.',
    code: (name: string) => `Payment code of ${name}`,
    another: 'Open another place',
    name: 'Name of the place',
    nameHint: 'Such as 은파분식 수송점',
    district: 'District',
    address: 'Address',
    add: 'Register the place',
  },
}

type Kit = Outlet['kits'][number]

export function OutletsScreen() {
  const t = useWords(words)
  const { to, isOwner } = useShop()
  const merchant = useMerchant()
  return (
    <Screen title={t.title} back={to('shop')}>
      <Loaded
        read={merchant}
        isEmpty={({ outlets }) => outlets.length === 0}
        empty={
          <Empty title={t.none}>
            <p className="soft">{t.noneNote}</p>
          </Empty>
        }
      >
        {drawOutlets}
      </Loaded>
      {isOwner && merchant.data?.status === 'active' ? <OpenOutlet /> : null}
    </Screen>
  )
}

const drawOutlets = ({ outlets }: Merchant) =>
  outlets.map((outlet) => <OutletCard key={outlet.outletId} outlet={outlet} />)

function OutletCard({ outlet }: { outlet: Outlet }) {
  const t = useWords(words)
  const { isOwner, issuerCode } = useShop()
  const readAgain = useShopReadAgain()
  const [shown, setShown] = useState<Kit>()
  const [leaving, setLeaving] = useState<Kit>()
  const { outletId } = outlet
  const issuing = useDeed(
    (client, body: { replaces?: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/outlets/{outletId}/kits', {
        params: { path: { issuerCode, outletId } },
        body,
        ...headers,
      }),
    async () => {
      setLeaving(undefined)
      await readAgain('merchant')
    },
  )
  const active = outlet.kits.filter((kit) => kit.active)
  return (
    <section className="card stack">
      <div className="row" data-spread>
        <h2>{outlet.name}</h2>
        <Badge tone={outlet.open ? 'good' : 'plain'}>{outlet.open ? t.open : t.closed}</Badge>
      </div>
      <p className="soft">{outlet.address}</p>
      <h3>{t.kits}</h3>
      {active.length === 0 ? <p className="soft">{t.noKits}</p> : null}
      {active.map((kit) => (
        <div key={kit.kitId} className="row" data-spread>
          <span>
            {kit.kitId} <Badge tone="good">{t.inUse}</Badge>
          </span>
          <span className="row">
            <Button onPress={() => setShown(kit)}>{t.show}</Button>
            {isOwner ? (
              <Button kind="danger" onPress={() => setLeaving(kit)}>
                {t.replace}
              </Button>
            ) : null}
          </span>
        </div>
      ))}
      {issuing.trouble === undefined ? null : <Trouble error={issuing.trouble} />}
      {isOwner ? (
        <Button onPress={() => issuing.run({})} isPending={issuing.isBusy} isWide>
          {t.issue}
        </Button>
      ) : null}
      <Sheet title={outlet.name} isOpen={shown !== undefined} onClose={() => setShown(undefined)}>
        {shown === undefined ? null : <KitPreview kit={shown} name={outlet.name} />}
      </Sheet>
      <Confirm
        title={t.replaceTitle}
        isOpen={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        deed={t.replaceDeed}
        kind="danger"
        isPending={issuing.isBusy}
        onConfirm={() => leaving === undefined || issuing.run({ replaces: leaving.kitId })}
      >
        <p>{t.replaceNote}</p>
        {issuing.trouble === undefined ? null : <Trouble error={issuing.trouble} />}
      </Confirm>
    </section>
  )
}

function KitPreview({ kit, name }: { kit: Kit; name: string }) {
  const t = useWords(words)
  const { session } = useTools()
  const { issuerCode } = useShop()
  const { kitId } = kit
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const read = useShopRead({ key: ['kit', kitId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/kits/{kitId}/code', {
      params: { path: { issuerCode, kitId } },
    }),
  )
  const print = async (): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    const place = `/v1/issuers/${issuerCode}/kits/${kitId}/code`
    await downloadFile(session, place, `${name}-QR.pdf`, 'application/pdf').catch(setTrouble)
    setBusy(false)
  }
  return (
    <>
      <p className="soft">{t.preview}</p>
      <Loaded read={read}>
        {(code) => (
          // Of the forms it may have, JSON is what was asked for.
          <QrPicture text={(code as unknown as { text: string }).text} label={t.code(name)} />
        )}
      </Loaded>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <Button kind="main" onPress={() => void print()} isPending={isBusy} isWide>
        {t.print}
      </Button>
    </>
  )
}

function OpenOutlet() {
  const t = useWords(words)
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const [name, setName] = useState('')
  const [district, setDistrict] = useState('')
  const [address, setAddress] = useState('')
  const opening = useDeed(
    (client, body: { name: string; district: string; address: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/outlets', {
        params: { path },
        body,
        ...headers,
      }),
    async () => {
      setName('')
      setDistrict('')
      setAddress('')
      await readAgain('merchant')
    },
  )
  const isWhole = [name, district, address].every((each) => each.trim() !== '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    opening.run({ name: name.trim(), district: district.trim(), address: address.trim() })
  }
  return (
    <details className="card">
      <summary>{t.another}</summary>
      <form className="stack" onSubmit={submit}>
        <TextField label={t.name} hint={t.nameHint} value={name} onChange={setName} />
        <TextField label={t.district} value={district} onChange={setDistrict} />
        <TextField
          label={t.address}
          value={address}
          onChange={setAddress}
          autoComplete="street-address"
        />
        {opening.trouble === undefined ? null : <Trouble error={opening.trouble} />}
        <Button kind="main" type="submit" isDisabled={!isWhole} isPending={opening.isBusy} isWide>
          {t.add}
        </Button>
      </form>
    </details>
  )
}
