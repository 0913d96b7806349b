/** Reports of a span of days as files. */
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTools } from '../api/app-context.tsx'
import { downloadFile } from '../api/download.ts'
import { Button } from '../ui/button.tsx'
import { DayField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { dayFromNow } from './days.ts'
import { overviewWords as words } from './overview-words.ts'

const reports = ['daily', 'issue', 'places', 'fund'] as const
const formats = ['xlsx', 'csv'] as const
/** A month back. */
const DAYS_BACK = 30

export function ReportDownloads() {
  const t = useWords(words)
  const { session } = useTools()
  const { issuerCode } = useCity()
  const [from, setFrom] = useState(() => dayFromNow(-DAYS_BACK))
  const [through, setThrough] = useState(() => dayFromNow(-1))
  const [trouble, setTrouble] = useState<unknown>()
  const fetchReport = async (report: string, format: string): Promise<void> => {
    setTrouble(undefined)
    const query = new URLSearchParams({ from, through, format })
    const path = `/v1/issuers/${issuerCode}/reports/${report}?${query.toString()}`
    await downloadFile(session, path, `${issuerCode}-${report}-${from}.${format}`).catch(setTrouble)
  }
  return (
    <section className="card stack">
      <h2>{t.reports}</h2>
      <div className="terms-grid">
        <DayField label={t.from} value={from} onChange={setFrom} />
        <DayField label={t.through} value={through} onChange={setThrough} />
      </div>
      <div className="row">
        {reports.flatMap((report) =>
          formats.map((format) => (
            <Button key={`${report}.${format}`} onPress={() => void fetchReport(report, format)}>
              <Download aria-hidden />
              {t.downloads(t.report[report], format.toUpperCase())}
            </Button>
          )),
        )}
      </div>
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </section>
  )
}
