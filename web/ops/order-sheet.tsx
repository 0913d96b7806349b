/** Giving an order to gateways: what it means in words, why it is given, and what each of them answered. */
import { useState } from 'react'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Choices, Select } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { gatewayWords, type Mode } from './gateway-words.ts'
import { orderWords } from './order-words.ts'
import { useIssuers, usePartnerNames, usePartners } from './partners.ts'
import type { paths } from '../api/schema.ts'

export type WantedOrder =
  | {
      readonly action: 'sign_off' | 'sign_on'
      readonly gateway: string
      readonly partner: string
    }
  | {
      readonly action: 'standin'
      readonly mode: Mode
      readonly partner?: string
      readonly issuerCode?: string
    }

type Results =
  paths['/v1/gateways/{gateway}/standin']['post']['responses'][200]['content']['application/json']['results']

const ALL = 'all'
const REASON_MAX = 300

export function OrderSheet({ wanted, onClose }: { wanted: WantedOrder; onClose: () => void }) {
  const t = useWords(orderWords)
  const [order, setOrder] = useState(wanted)
  const [reason, setReason] = useState('')
  const [isAsked, setAsked] = useState(false)
  const [results, setResults] = useState<Results>()
  const [trouble, setTrouble] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const give = useGive()
  const act = async (): Promise<void> => {
    setAsked(true)
    if (reason.trim() === '') return
    setBusy(true)
    setTrouble(undefined)
    await give(order, reason.trim()).then(setResults, setTrouble)
    setBusy(false)
  }
  return (
    <Sheet title={t.titles[order.action]} isOpen onClose={onClose} mayClose={!isBusy}>
      {results === undefined ? (
        <>
          {order.action === 'standin' ? (
            <StandInFields order={order} onChange={setOrder} />
          ) : (
            <LinkTarget order={order} onChange={setOrder} />
          )}
          <Meaning order={order} />
          <TextField
            label={t.reason}
            hint={t.reasonHint}
            value={reason}
            onChange={setReason}
            maxLength={REASON_MAX}
            wrong={isAsked && reason.trim() === '' ? t.reasonMissing : undefined}
          />
          {trouble === undefined ? null : <Trouble error={trouble} />}
          <Button
            kind={order.action === 'sign_on' ? 'main' : 'danger'}
            isPending={isBusy}
            onPress={() => void act()}
          >
            {isBusy ? <span className="spinner" aria-hidden /> : null}
            {t.deeds[order.action]}
          </Button>
        </>
      ) : (
        <ResultList results={results} onClose={onClose} />
      )}
    </Sheet>
  )
}

function useGive(): (order: WantedOrder, reason: string) => Promise<Results> {
  const { client } = useTools()
  const readAgain = useReadAgain()
  return async (order, reason) => {
    const { results } = await answered(
      order.action === 'standin'
        ? client.POST('/v1/gateways/{gateway}/standin', {
            params: { path: { gateway: ALL } },
            body: {
              mode: order.mode,
              reason,
              ...(order.partner === undefined ? {} : { partner: order.partner }),
              ...(order.issuerCode === undefined ? {} : { issuerCode: order.issuerCode }),
            },
          })
        : client.POST(
            order.action === 'sign_off'
              ? '/v1/gateways/{gateway}/links/{partner}/sign-off'
              : '/v1/gateways/{gateway}/links/{partner}/sign-on',
            {
              params: { path: { gateway: order.gateway, partner: order.partner } },
              body: { reason },
            },
          ),
    )
    await Promise.all([readAgain('gateways'), readAgain('orders')])
    return results
  }
}

type StandInOrder = Extract<WantedOrder, { action: 'standin' }>
type LinkOrder = Exclude<WantedOrder, { action: 'standin' }>

/** No code is empty, so that nothing chosen can stand in a list. */
const ANY = '-'

function StandInFields(props: { order: StandInOrder; onChange: (order: WantedOrder) => void }) {
  const { order, onChange } = props
  const t = useWords(orderWords)
  const gw = useWords(gatewayWords)
  const partners = usePartners()
  const issuers = useIssuers()
  const change = (next: { mode?: Mode; partner?: string; issuerCode?: string }): void => {
    const { mode, partner, issuerCode } = { ...order, ...next }
    onChange({
      action: 'standin',
      mode,
      ...(partner === undefined || partner === ANY ? {} : { partner }),
      ...(issuerCode === undefined || issuerCode === ANY ? {} : { issuerCode }),
    })
  }
  const modes = ['automatic', 'forced', 'forbidden'] as const
  return (
    <>
      <Choices<Mode>
        label={t.mode}
        value={order.mode}
        onChange={(mode) => change({ mode })}
        options={modes.map((value) => ({
          value,
          label: gw.modes[value],
          hint: t.meanings[value],
        }))}
      />
      <div className="filters">
        <Select
          label={t.partner}
          value={order.partner ?? ANY}
          onChange={(partner) => change({ partner })}
          options={[{ value: ANY, label: t.allPartners }, ...partners]}
        />
        <Select
          label={t.issuer}
          value={order.issuerCode ?? ANY}
          onChange={(issuerCode) => change({ issuerCode })}
          options={[
            { value: ANY, label: t.allIssuers },
            ...issuers.map(({ issuerCode, name }) => ({ value: issuerCode, label: name })),
          ]}
        />
      </div>
    </>
  )
}

function LinkTarget(props: { order: LinkOrder; onChange: (order: WantedOrder) => void }) {
  const { order, onChange } = props
  const t = useWords(orderWords)
  const gw = useWords(gatewayWords)
  const [own] = useState(order.gateway)
  return (
    <Choices
      label={t.gateway}
      value={order.gateway}
      onChange={(gateway) => onChange({ ...order, gateway })}
      options={[
        { value: own, label: gw.name(own) },
        { value: ALL, label: t.allGateways },
      ]}
    />
  )
}

function Meaning({ order }: { order: WantedOrder }) {
  const t = useWords(orderWords)
  const partnerName = usePartnerNames()
  if (order.action === 'standin') return null
  return (
    <Banner tone={order.action === 'sign_on' ? 'plain' : 'wait'}>
      <p>{t.links[order.action](partnerName(order.partner))}</p>
    </Banner>
  )
}

const tones = { done: 'good', refused: 'bad', no_answer: 'unknown' } as const

function ResultList({ results, onClose }: { results: Results; onClose: () => void }) {
  const t = useWords(orderWords)
  const gw = useWords(gatewayWords)
  return (
    <>
      <ul className="stack" data-gap="s" role="status">
        {results.map(({ gateway, outcome, said }) => (
          <li key={gateway} className="card row" data-spread>
            <span className="strong">{gw.name(gateway)}</span>
            <Badge tone={tones[outcome]}>{t.outcomes[outcome]}</Badge>
            {said === null ? null : <span className="soft small">{said}</span>}
          </li>
        ))}
      </ul>
      <Button kind="main" onPress={onClose}>
        {t.close}
      </Button>
    </>
  )
}
