/** Statements of a period, to keep or to give to an accountant. */
import { useState } from 'react'
import { useTools } from '../api/app-context.tsx'
import { downloadFile } from '../api/download.ts'
import { Button } from '../ui/button.tsx'
import { DayField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { today } from './days.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop } from './shop-context.tsx'

const words = {
  ko: {
    title: '정산내역서',
    note: '정산일을 기준으로, 한 번에 1년까지 받을 수 있어요.',
    from: '첫날',
    until: '마지막 날',
    pdf: 'PDF로 받기',
    csv: 'CSV(엑셀)로 받기',
    done: '내려받았습니다',
    wrong: '첫날이 마지막 날보다 늦습니다.',
  },
  en: {
    title: 'Statements',
    note: 'By the day of settlement, at most a year at once.',
    from: 'First day',
    until: 'Last day',
    pdf: 'As PDF',
    csv: 'As CSV',
    done: 'It was saved',
    wrong: 'The first day is after the last.',
  },
}

export function StatementsScreen() {
  const t = useWords(words)
  const { to } = useShop()
  return (
    <OwnerScreen title={t.title} back={to('settlement')} note={t.note}>
      <Statements />
    </OwnerScreen>
  )
}

function Statements() {
  const t = useWords(words)
  const { session } = useTools()
  const { issuerCode, merchantId } = useShop()
  const [from, setFrom] = useState(`${today().slice(0, 8)}01`)
  const [until, setUntil] = useState<string>(today)
  const [busy, setBusy] = useState<'pdf' | 'csv'>()
  const [isDone, setDone] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const isRight = from !== '' && until !== '' && from <= until
  const fetchFile = async (format: 'pdf' | 'csv'): Promise<void> => {
    setBusy(format)
    setDone(false)
    setTrouble(undefined)
    const query = new URLSearchParams({ from, until, format })
    const place = `/v1/issuers/${issuerCode}/merchants/${merchantId}/settlement-statement`
    await downloadFile(
      session,
      `${place}?${query.toString()}`,
      `정산내역서-${from}-${until}.${format}`,
    ).then(() => setDone(true), setTrouble)
    setBusy(undefined)
  }
  return (
    <div className="card stack">
      <div className="columns">
        <DayField
          label={t.from}
          value={from}
          onChange={setFrom}
          wrong={from !== '' && until !== '' && from > until ? t.wrong : undefined}
        />
        <DayField label={t.until} value={until} onChange={setUntil} />
      </div>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      {isDone ? <Banner tone="good" title={t.done} isNews /> : null}
      <div className="columns" style={{ ['--column' as string]: '10rem' }}>
        <Button
          kind="main"
          isDisabled={!isRight}
          isPending={busy === 'pdf'}
          onPress={() => void fetchFile('pdf')}
        >
          {t.pdf}
        </Button>
        <Button
          isDisabled={!isRight}
          isPending={busy === 'csv'}
          onPress={() => void fetchFile('csv')}
        >
          {t.csv}
        </Button>
      </div>
    </div>
  )
}
